package metrics

import (
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

type inbox struct {
	queue.Inbox
	err error
}

func (q inbox) Depth(context.Context) (queue.Depth, error) {
	return queue.Depth{Pending: 3, Dead: 1, Oldest: time.Unix(1000, 0)}, q.err
}

func now() time.Time { return time.Unix(1090, 0) }

func scrape(m *Metrics) (int, string) {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Code, w.Body.String()
}

// everything uses each metric once, so that it shows.
func everything() *Metrics {
	m := New()
	m.Queue(inbox{}, now)
	m.Delivery("issues", "queued")
	m.Call(github.Call{Method: "GET", Route: "/repos/{owner}/{repo}", Status: 200, Took: time.Second, Remaining: 4999})
	m.Planned(decide.Input{}, &decide.Decision{Refused: 2, Effects: []decide.PluginEffect{{Plugin: "dd", Effect: plan.Rebase{}}}})
	m.Batch("done", time.Second, time.Second)
	m.Reloaded(errors.New("broken"))
	m.Sweep(nil)
	m.CaughtUp("comment", 1)
	return m
}

func TestMetrics(t *testing.T) {
	_, got := scrape(everything())
	for _, want := range []string{
		`ddbot_deliveries_total{event="issues",outcome="queued"} 1`,
		`ddbot_github_requests_total{method="GET",route="/repos/{owner}/{repo}",status="200"} 1`,
		"ddbot_github_ratelimit_remaining 4999", "ddbot_commands_refused_total 2", "ddbot_rebases_total 1",
		`ddbot_effects_total{effect="rebase",plugin="dd"} 1`, `ddbot_batches_total{result="done"} 1`, "ddbot_config_ok 0",
		`ddbot_sweeps_total{result="ok"} 1`, `ddbot_catchup_total{source="comment"} 1`,
		"ddbot_queue_pending 3", "ddbot_queue_dead 1", "ddbot_queue_oldest_seconds 90",
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	m := New()
	m.Queue(inbox{err: errors.New("gone")}, now)
	if code, _ := scrape(m); code != 500 {
		t.Errorf("a store that does not answer gives %d", code)
	}
}

// TestMonitoring: the alerts and the dashboard name only metrics that exist.
func TestMonitoring(t *testing.T) {
	_, exposed := scrape(everything())
	name := regexp.MustCompile(`\bddbot_[a-z_]+`)
	for _, file := range []string{"../../config/monitoring/alerts.yaml", "../../config/monitoring/grafana.json"} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var any map[string]any
		if strings.HasSuffix(file, ".json") {
			err = json.Unmarshal(data, &any)
		} else {
			err = yaml.UnmarshalStrict(data, &any)
		}
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		found := name.FindAllString(string(data), -1)
		if len(found) < 8 {
			t.Errorf("%s names only %d metrics", file, len(found))
		}
		for _, n := range found {
			if !strings.Contains(exposed, "\n"+n+" ") && !strings.Contains(exposed, "\n"+n+"{") {
				t.Errorf("%s names %s, which is not exposed", file, n)
			}
		}
	}
}
