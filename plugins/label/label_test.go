package label

import (
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/scripttest"
	"github.com/ddbot/ddbot/plugins/retitle"
)

func TestStories(t *testing.T) { scripttest.Run(t, []plugin.Plugin{Plugin{}, retitle.Plugin{}}) }

// A payload may be older than our own last write. What was asked for is sent then, though it seems to be so already;
// and no call more than that.
func TestDoubtfulPayload(t *testing.T) {
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, command, shown string
		changed              time.Duration // how long ago a helper label came or went
		want                 string
	}{
		{"kind/bug was just set", "/remove-kind bug", "", time.Second,
			"DELETE label kind/bug; POST reaction +1"},
		{"needs-kind was just set", "/kind bug", "", time.Second,
			"POST labels kind/bug; DELETE label needs-kind; POST reaction +1"},
		{"something else was just written", "/kind bug", "", time.Hour, "POST labels kind/bug; POST reaction +1"},
		{"kind/bug was just taken off", "/kind bug", "kind/bug", time.Hour, "POST labels kind/bug; POST reaction +1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			i := issue.Snapshot{Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: 1}, State: issue.Open, Labels: strings.Fields(c.shown)}
			facts := &fact.Set{}
			facts.Put(fact.Key{Kind: fact.KindLabels}, []string{"kind/bug", "needs-kind"})
			facts.Put(fact.Key{Kind: fact.KindRecord, Arg: changed("needs-kind")}, []byte(now.Add(-c.changed).Format(time.RFC3339)))
			settings := plugin.DefaultSettings([]plugin.Plugin{Plugin{}})
			settings.Tracked.All = true
			out, err := decide.Plan(decide.Input{
				Events: []event.Event{{Kind: event.CommentCreated{Comment: event.Comment{ID: 1, Body: c.command, Author: event.User{Login: "ann"}}}, Issue: i}},
				Issue:  i, MayLag: true, Facts: facts, Now: now, Settings: settings,
			})
			if err != nil || len(out.Missing) > 0 {
				t.Fatal(err, out.Missing)
			}
			var got []string
			for _, r := range out.Draft.Requests() {
				got = append(got, r.String())
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("got %q, want %q", strings.Join(got, "; "), c.want)
			}
		})
	}
}
