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
	"github.com/ddbot/ddbot/plugins/helpwanted"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

// TestRestrictedForAllCommands: whichever plugin's command would set a restricted label, take it off, or make it go by setting
// its neighbour.
func TestRestrictedForAllCommands(t *testing.T) {
	const reply = "POST comment"
	for _, c := range []struct{ command, on, stranger, maintainer string }{
		{"/lifecycle stale", "lifecycle/frozen", reply, "POST labels lifecycle/stale; DELETE label lifecycle/frozen; POST reaction +1"},
		{"/lifecycle active", "lifecycle/frozen", reply, "POST labels lifecycle/active; DELETE label lifecycle/frozen; POST reaction +1"},
		{"/lifecycle frozen", "", reply, "POST labels lifecycle/frozen; POST reaction +1"},
		{"/lifecycle stale", "", "POST labels lifecycle/stale; POST reaction +1", "POST labels lifecycle/stale; POST reaction +1"},
		{"/lifecycle stale", "lifecycle/active", "POST labels lifecycle/stale; DELETE label lifecycle/active; POST reaction +1", "POST labels lifecycle/stale; DELETE label lifecycle/active; POST reaction +1"},
		{"/remove-lifecycle frozen", "lifecycle/frozen", reply, "DELETE label lifecycle/frozen; POST reaction +1"},
		{"/remove-label lifecycle/frozen", "lifecycle/frozen", reply, "DELETE label lifecycle/frozen; POST reaction +1"},
		{"/label lifecycle/stale", "lifecycle/frozen", reply, "POST labels lifecycle/stale; DELETE label lifecycle/frozen; POST reaction +1"},
		{"/help", "", reply, "POST labels help wanted; POST reaction +1"},
		{"/remove-help", "help wanted", reply, "DELETE label help wanted; POST reaction +1"},
	} {
		for who, want := range map[string]string{"stranger": c.stranger, "bob": c.maintainer} {
			i := issue.Snapshot{Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: 1}, State: issue.Open}
			if c.on != "" {
				i.Labels = []string{c.on}
			}
			settings := plugin.DefaultSettings([]plugin.Plugin{lifecycle.Plugin{}, helpwanted.Plugin{}, Plugin{}})
			maintainers := Rule{Allowed: plugin.Allowed{Roles: []plugin.Role{plugin.Maintainer}}}
			settings.Options["label"].(*Options).Restricted = map[string]Rule{"lifecycle/frozen": maintainers, "help*": maintainers}
			facts := &fact.Set{}
			facts.Put(fact.Key{Kind: fact.KindLabels}, []string{"lifecycle/stale", "lifecycle/frozen", "lifecycle/active", "help wanted"})
			facts.Put(fact.Key{Kind: fact.KindOwners}, fact.Owners{})
			facts.Put(fact.Key{Kind: fact.KindPermission, Arg: "stranger"}, fact.Read)
			facts.Put(fact.Key{Kind: fact.KindPermission, Arg: "bob"}, fact.Write)
			author := event.User{Login: who}
			out, err := decide.Plan(decide.Input{
				Events: []event.Event{{Kind: event.CommentCreated{Comment: event.Comment{ID: 1, Body: c.command, Author: author}}, Issue: i, Sender: author}},
				Issue:  i, Facts: facts, Now: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC), Settings: settings,
			})
			if err != nil || len(out.Missing) > 0 {
				t.Fatal(err, out.Missing)
			}
			var got []string
			for _, r := range out.Draft.Requests() {
				got = append(got, r.String())
				for _, l := range r.Drop {
					got = append(got, "DELETE label "+l)
				}
			}
			// The guidelines of /help are no matter here.
			if all := strings.Join(got, "; "); all != want && !strings.HasPrefix(all, strings.TrimSuffix(want, "POST reaction +1")+"POST comment") {
				t.Errorf("%s by %s with %q: %s, want %s", c.command, who, c.on, all, want)
			}
		}
	}
}

// TestRestrictedUnseen: a restricted label that the payload does not show yet stays all the same.
func TestRestrictedUnseen(t *testing.T) {
	i := issue.Snapshot{Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: 1}, State: issue.Open}
	settings := plugin.DefaultSettings([]plugin.Plugin{Plugin{}, lifecycle.Plugin{}})
	settings.Options["label"].(*Options).Restricted = map[string]Rule{
		"lifecycle/frozen": {Allowed: plugin.Allowed{Users: []string{"bob"}}}, "kind/*": {Allowed: plugin.Allowed{Users: []string{"bob"}}},
	}
	for who, want := range map[string]string{"stranger": "lifecycle/frozen", "bob": ""} {
		author := event.User{Login: who}
		facts := &fact.Set{}
		facts.Put(fact.Key{Kind: fact.KindLabels}, []string{"lifecycle/stale"})
		out, err := decide.Plan(decide.Input{
			Events: []event.Event{{Kind: event.CommentCreated{Comment: event.Comment{ID: 1, Body: "/lifecycle stale", Author: author}}, Issue: i}},
			Issue:  i, Facts: facts, Settings: settings,
		})
		if err != nil || len(out.Missing) > 0 {
			t.Fatal(err, out.Missing)
		}
		if got := strings.Join(out.Draft.Requests()[0].Spare, " "); got != want {
			t.Errorf("%s spares %q, want %q", who, got, want)
		}
	}
}
