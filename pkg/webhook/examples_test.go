package webhook

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/payload"
)

// TestExamples: GitHub's own example payloads are all accepted or ignored, and what is accepted can be decoded.
// hack/setup-tests.sh fetches them.
func TestExamples(t *testing.T) {
	data, err := os.ReadFile("../../.cache/webhooks-examples/api.github.com/index.json")
	if err != nil {
		t.Skip("no example payloads: hack/setup-tests.sh fetches them with npm")
	}
	var events []struct {
		Name     string
		Examples []json.RawMessage
	}
	if err := json.Unmarshal(data, &events); err != nil {
		t.Fatal(err)
	}
	total, queued := 0, 0
	for _, e := range events {
		for _, raw := range e.Examples {
			total++
			in := &inbox{seen: map[string]bool{}}
			r := httptest.NewRequest("POST", "/hook", strings.NewReader(string(raw)))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-GitHub-Event", e.Name)
			r.Header.Set("X-GitHub-Delivery", "example")
			r.Header.Set("X-Hub-Signature-256", sign("new", string(raw)))
			w := httptest.NewRecorder()
			receiver(t, in).ServeHTTP(w, r)
			if w.Code >= 300 {
				t.Errorf("%s: %d %s\n%.200s", e.Name, w.Code, w.Body, raw)
			}
			queued += len(in.got)
			for _, d := range in.got {
				ev, ok, err := payload.Decode(d.Event, d.Payload)
				if err != nil || !ok || ev.Key() != d.Key || ev.Issue.Ref.Repo == "" {
					t.Errorf("%s: decoded to %+v, %v, %v", e.Name, ev, ok, err)
				}
			}
		}
	}
	if total < 300 || queued < 30 {
		t.Errorf("only %d payloads, %d of them queued", total, queued)
	}
	t.Logf("%d payloads, %d queued", total, queued)
}
