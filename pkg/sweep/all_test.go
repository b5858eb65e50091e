package sweep_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/registry"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// TestSweepAll: all repositories that events came from are swept; one that is gone is forgotten, the trouble of one does not keep the
// others from their turn, a rate limit puts everything off.
func TestSweepAll(t *testing.T) {
	r := newRig(t)
	old := r.issue()
	toc := registry.Repo{ID: r.sim.Issue(old).RepoID, Repo: issue.Repo{Owner: "acme", Name: "toc"}}
	if err := registry.Put(t.Context(), r.db, toc); err != nil {
		t.Fatal(err)
	}
	put := func(id, data string) {
		t.Helper()
		if err := r.db.PutAll(t.Context(), queue.Record{Kind: "source", ID: id, Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
	put("1", `{"id":1,"owner":"acme","name":"gone"}`)
	put("2", `{`)
	r.after(91 * day)
	over := r.sim.Fault(githubsim.Fault{Kind: githubsim.PrimaryLimit, RetryAfter: 17 * time.Minute, As: bot})
	var rest *queue.Snooze
	if err := r.sweeper.SweepAll(t.Context()); !errors.As(err, &rest) || rest.For != 17*time.Minute {
		t.Errorf("limited: %v", err)
	}
	over()
	r.after(17 * time.Minute)
	if err := r.sweeper.SweepAll(t.Context()); err == nil || !strings.Contains(err.Error(), "read record source 2") {
		t.Errorf("a broken record: %v", err)
	}
	r.drain()
	r.want("the repository that is there", old, "stale")
	put("2", "") // deletes it
	if err := r.sweeper.SweepAll(t.Context()); err != nil {
		t.Errorf("one that is gone is asked for again: %v", err)
	}
	known, err := registry.All(t.Context(), r.db, 10)
	if err != nil || len(known) != 1 || known[0] != toc {
		t.Errorf("known are %v, %v", known, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.sweeper.SweepAll(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// TestNotSwept: where the plugin is off, and where there are no requests to spare, nothing is asked for.
func TestNotSwept(t *testing.T) {
	r := newRig(t)
	r.issue()
	settings := r.sweeper.Settings
	broken := errors.New("no settings")
	for name, c := range map[string]struct {
		settings *plugin.Settings
		err      error
		want     error
	}{
		"none of ours": {nil, nil, nil}, "the plugin is off": {plugin.DefaultSettings(nil), nil, nil}, "no settings": {nil, broken, broken},
	} {
		r.sweeper.Settings = func(context.Context, issue.Ref, int64) (*plugin.Settings, error) { return c.settings, c.err }
		if report, err := r.sweeper.Sweep(t.Context(), sweep.Request{Repo: r.ref(1)}); !errors.Is(err, c.want) || err == nil && report.Open != 0 {
			t.Errorf("%s: %+v, %v", name, report, err)
		}
	}
	r.sweeper.Settings = settings
	spent := errors.New("kept for commands")
	r.sweeper.Spare = func() error { return spent }
	if _, err := r.sweeper.Sweep(t.Context(), sweep.Request{Repo: r.ref(1)}); !errors.Is(err, spent) {
		t.Errorf("%v", err)
	}
	if c := r.calls(); c.reads+c.writes != 0 {
		t.Errorf("%+v", c)
	}
}

// TestExplain: why an issue is where it is in its life, and what comes next, with and without books, and nothing is written.
func TestExplain(t *testing.T) {
	r := newRig(t)
	old, closed := r.issue(), r.issue()
	r.sim.Close(closed, "bob", "completed")
	explain := func(ref issue.Ref) string {
		t.Helper()
		e, err := r.sweeper.Explain(t.Context(), ref, sweep.Request{})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%v %s %d steps, tracked %v", e.Issue.Ref, e.Verdict.Action, len(e.Steps), e.Tracked)
	}
	r.after(89 * day)
	if got := explain(old); got != "acme/toc#1  3 steps, tracked true" && !strings.Contains(got, "acme/toc#1") || strings.Contains(got, string(stale.GoStale)+" ") {
		t.Errorf("before its time: %s", got)
	}
	r.after(2 * day)
	if got := explain(old); !strings.Contains(got, fmt.Sprintf("acme/toc#1 %s ", stale.GoStale)) {
		t.Errorf("in time: %s", got)
	}
	r.sweep()
	r.after(31 * day)
	if got := explain(old); !strings.Contains(got, fmt.Sprintf("acme/toc#1 %s ", stale.GoRotten)) {
		t.Errorf("with books: %s", got)
	}
	if got := explain(closed); !strings.Contains(got, "acme/toc#2  ") {
		t.Errorf("closed: %s", got)
	}
	r.calls()
	explain(old)
	if c := r.calls(); c.writes != 0 || c.reads == 0 || c.reads > 4 {
		t.Errorf("it costs %+v", c)
	}
	if _, err := r.sweeper.Explain(t.Context(), r.ref(99), sweep.Request{}); err == nil || !strings.Contains(err.Error(), "acme/toc#99") {
		t.Errorf("what is not there: %v", err)
	}
}

// TestArchivedLeft: what is due in an archived repository is left, and that is told once.
func TestArchivedLeft(t *testing.T) {
	r := newRig(t)
	old := r.issue()
	r.after(91 * day)
	r.sim.Archive(repoName, true)
	for range 2 {
		report := r.sweep()
		if report.Count(stale.GoStale, sweep.Left) != 1 || !strings.Contains(report.Findings[0].Verdict.Why, "archived") {
			t.Errorf("%+v", report.Findings)
		}
	}
	r.want("archived", old, "")
	r.sim.Archive(repoName, false)
	r.sweep()
	r.want("brought back", old, "stale")
}
