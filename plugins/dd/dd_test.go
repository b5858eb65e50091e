package dd

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/scripttest"
)

func TestStories(t *testing.T) { scripttest.Run(t, []plugin.Plugin{Plugin{}}) }

// TestDoubtful: a payload from before ddbot's own last edit decides nothing, not even that there is nothing to do.
func TestDoubtful(t *testing.T) {
	body := "## Technical\n\n- [x] one\n- [ ] two\n"
	for text, edits := range map[string]bool{
		"/dd done technical.1": true, "/dd undo technical.2": false, "/dd status": false, "/dd done nonsense": false,
		"/dd done technical.2": true, "/dd note technical.1 words": true,
	} {
		s := issue.Snapshot{Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: 1}, Author: "alice", State: issue.Open, Body: body}
		alice := event.User{Login: "alice"}
		for _, doubtful := range []bool{true, false} {
			out, err := decide.Plan(decide.Input{
				Events: []event.Event{{Kind: event.CommentCreated{Comment: event.Comment{ID: 1, Body: text, Author: alice}}, Issue: s, Sender: alice}},
				Issue:  s, MayLag: doubtful, Facts: &fact.Set{}, Settings: plugin.DefaultSettings([]plugin.Plugin{Plugin{}}), Self: "ddbot[bot]",
			})
			if err != nil {
				t.Fatal(err)
			}
			if want := doubtful || edits; out.Draft.NeedsRead() != want {
				t.Errorf("%s, doubtful %v: the issue is read: %v, want %v", text, doubtful, !want, want)
			}
		}
	}
}
