package scripttest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/githubsim/openapicheck"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
)

// small is a story's set-up without a story.
func small(t *testing.T) *world {
	s := &story.Story{Header: map[string]string{"author": "alice", "write": "bob", "labels": "kind/dd", "repo-labels": "kind/bug"},
		Body: "## Part\n\n- [ ] One holds\n- [ ] Two holds\n", Steps: []*story.Step{{No: "1"}}}
	return newWorld(t, s, []plugin.Plugin{dd.Plugin{}, label.Plugin{}}, "\n", nil)
}

// TestSixHoursDown: the engine and the receiver run on the simulator's clock. Whatever way GitHub is down in, for six hours
// each attempt ends as a put-off, which counts nowhere, and never as a failure, of which eight are a dead letter. Then
// all is done, once.
func TestSixHoursDown(t *testing.T) {
	for name, f := range map[string]githubsim.Fault{
		"500":                              {Kind: githubsim.Status500Before},
		"502 after what it did":            {Kind: githubsim.Status502After},
		"nobody answers":                   {Kind: githubsim.CutBefore},
		"nobody answers after what it did": {Kind: githubsim.CutAfter},
		"200, HTML":                        {Kind: githubsim.Says, Status: 200, Body: "<html>Sign in</html>"},
		"200, HTML after what it did":      {Kind: githubsim.SaysAfter, Status: 200, Body: "<html>Sign in</html>"},
		"200, nothing":                     {Kind: githubsim.Says, Status: 200},
		"201, cut off after what it did":   {Kind: githubsim.SaysAfter, Status: 201, Body: `{"id":7,"bo`},
		"200, an empty object":             {Kind: githubsim.Says, Status: 200, Body: "{}"},
		"404, HTML":                        {Kind: githubsim.Says, Status: 404, Body: "<html>nginx</html>"},
		"409":                              {Kind: githubsim.Says, Status: 409, Body: `{"message":"Conflict"}`},
		"422, too quickly":                 {Kind: githubsim.Says, Status: 422, Body: `{"message":"Validation Failed","errors":[{"message":"was submitted too quickly"}]}`},
		"403, abuse detection":             {Kind: githubsim.Says, Status: 403, Body: `{"message":"You have triggered an abuse detection mechanism."}`},
		"401":                              {Kind: githubsim.Unauthorized401},
		"suspended":                        {Kind: githubsim.Suspended},
		"secondary limit":                  {Kind: githubsim.SecondaryLimit},
		"secondary limit, 429":             {Kind: githubsim.SecondaryLimit, Status: 429},
		"primary limit":                    {Kind: githubsim.PrimaryLimit, RetryAfter: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := small(t)
			f.As = bot
			over := w.sim.Fault(f)
			ids := []int64{
				w.sim.Comment(w.ref, "bob", "/dd done part"), w.sim.Comment(w.ref, "alice", "/dd note nonsense x\n/kind bug"),
			}
			w.deliver()
			tries := 0
			for end := w.sim.Clock().Now().Add(6 * time.Hour); w.sim.Clock().Now().Before(end); tries++ {
				err := w.inbox.drain(context.Background(), w.engine.Handle)
				var rest *queue.Snooze
				if !errors.As(err, &rest) || rest.For <= 0 {
					t.Fatalf("attempt %d ended with %v", tries, err)
				}
				w.sim.Clock().Advance(rest.For)
			}
			over()
			w.look()
			w.settle()
			if got := w.sim.Issue(w.ref); strings.Count(got.Body, "[x]") != 2 || !got.HasLabel("kind/bug") {
				t.Errorf("labels %v, description:\n%s", got.Labels, got.Body)
			}
			answers, end := 0, w.end()
			for _, id := range ids {
				for _, c := range w.sim.Comments(w.ref) {
					if c.ID == id {
						answers += len(c.Reactions)
					}
				}
			}
			if answers != 1 || strings.Count(end, "comment of "+bot) != 1 {
				t.Errorf("%d reactions; the end is\n%s", answers, end)
			}
			if tries > 400 {
				t.Errorf("GitHub was asked %d times in six hours", tries)
			}
		})
	}
}

// TestAsDescribed holds what the bot asks, and what the simulator answers and sends, against GitHub's own description.
func TestAsDescribed(t *testing.T) {
	doc := openapicheck.Open(t)
	w := small(t)
	w.api.Config.Handler = doc.Middleware(t, w.sim)
	for _, text := range []string{
		"/dd done part.1 https://example.com", "/dd undo part.1\n/kind bug", "/remove-kind bug", "/dd done nonsense", "/dd status", "/dd help",
	} {
		w.sim.Comment(w.ref, "bob", text)
		w.settle()
	}
	for _, d := range w.sim.Deliveries() {
		if err := doc.Payload(d.Event, d.Action, d.Payload); err != nil {
			t.Error(err)
		}
	}
}
