package sweep_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
	"github.com/ddbot/ddbot/pkg/webhook/webhooktest"
)

// hook lets GitHub's webhooks reach the bot.
func (r *rig) hook() {
	webhooktest.Connect(r, r.sim, r.sim.Clock().Now, r.db.Receive)
	r.settle()
}

// settle waits until every webhook was delivered and handled, those of the bot's own writes, too.
func (r *rig) settle() {
	r.Helper()
	for before := -1; before != len(r.sim.Deliveries()); {
		before = len(r.sim.Deliveries())
		if err := r.sim.Drain(context.Background()); err != nil {
			r.Fatal(err)
		}
		r.drain()
	}
}

// TestWebhooks: what webhooks told need not be read; what they did not tell is found.
func TestWebhooks(t *testing.T) {
	r := newRig(t)
	r.hook()
	r.sweep()
	spoken, quiet, frozen := r.issue(), r.issue(), r.issue()
	r.after(60 * day)
	r.sim.Comment(spoken, "bob", "On it.")
	r.sim.Comment(quiet, "renovate[bot]", "Rebased.")
	r.sim.Comment(frozen, "carol", "/lifecycle frozen")
	r.settle()
	r.after(31 * day)
	r.calls()
	r.sweep()
	r.settle()
	if c := r.calls(); c.reads != 2 || c.writes != 2 { // the list of changes, and quiet before it is staled
		t.Errorf("%+v", c)
	}
	r.want("spoken", spoken, "")
	r.want("quiet", quiet, "stale")
	r.want("frozen", frozen, "frozen")
	r.after(time.Hour)
	r.sweep()
	r.after(time.Hour)
	r.calls()
	r.sweep()
	if c := r.calls(); c.reads != 0 || c.unchanged != 1 {
		t.Errorf("idle: %+v", c)
	}

	r.sim.SetMode(githubsim.Drop)
	r.sim.Comment(quiet, "alice", "Nobody heard this.")
	r.sim.SetMode(githubsim.Deliver)
	r.sweep()
	r.want("unheard", quiet, "")
}

// book gives the page of an issue, nil if there is none.
func (r *rig) book(ref issue.Ref) *stale.Issue {
	r.Helper()
	got, err := r.db.Get(context.Background(), stale.BookKind, event.Key(r.sim.Issue(ref).RepoID, ref.Number))
	if errors.Is(err, queue.ErrNotFound) {
		return nil
	}
	var i stale.Issue
	if err == nil {
		err = json.Unmarshal(got.Data, &i)
	}
	if err != nil {
		r.Fatal(err)
	}
	return &i
}

// TestTold: everything that happens to an issue leaves the same book, whether webhooks told it or the sweep read it.
func TestTold(t *testing.T) {
	r := newRig(t)
	if _, err := r.hub.Client(0).Self(context.Background()); err != nil {
		t.Fatal(err)
	}
	r.hook()
	r.sweep()
	ref := r.issue()
	for _, do := range []func(){
		func() { r.sim.Comment(ref, "bob", "Words.") },
		func() { r.label(ref, "bob", stale.Stale) },
		func() { r.sim.EditBody(ref, "alice", "Other text.") },
		func() { r.label(ref, "bob", stale.Frozen) },
		func() { r.sim.RemoveLabel(ref, "bob", stale.Frozen) },
		func() { r.sim.Assign(ref, "bob", "bob") },
		func() { r.sim.Pin(ref, "owner") },
		func() { r.sim.Unpin(ref, "owner") },
		func() { r.sim.Comment(ref, "renovate[bot]", "Rebased.") },
	} {
		r.after(time.Hour)
		do()
		r.settle()
		told := r.book(ref)
		r.sweep(func(o *sweep.Request) { o.Full = true })
		r.settle()
		read := r.book(ref)
		now := r.sim.Clock().Now()
		if stale.Next(r.options.Policy(), told, now) != stale.Next(r.options.Policy(), read, now) || told.Unknown || !told.ClearedAt.Equal(read.ClearedAt) || !told.Reopened.Equal(read.Reopened) {
			t.Errorf("told %+v\nread %+v", told, read)
		}
	}
}

// TestUnsure: a process that does not know its own name yet hears what another of the bot's, a sweep beside it, has done. That
// is not a person's doing: the next sweep reads who it was.
func TestUnsure(t *testing.T) {
	const machine = "machine" // a person's account to all others
	r := newRigAs(t, machine)
	ref := r.issue()
	r.sweep()
	r.hook()
	r.after(91 * day)
	r.label(ref, machine, stale.Stale)
	r.sim.Comment(ref, machine, plan.Comment("This is stale.", plan.Marker("stale-x")))
	r.sim.EditTitle(ref, machine, "Another title")
	r.settle()
	if b := r.book(ref); b == nil || !b.Unknown || !b.Last[stale.Comment].At.IsZero() || !b.Last[stale.Edit].At.IsZero() {
		t.Errorf("what may be its own doing is in the books: %+v", b)
	}
	r.want("heard", ref, "stale")
	r.after(31 * day)
	r.sweep()
	r.settle()
	r.want("read", ref, "rotten")
}

// TestRace: a person speaks when the sweep has looked for the last time and its label is on its way. The payload of that
// comment shows no label; it goes nevertheless.
func TestRace(t *testing.T) {
	r := newRig(t)
	r.hook()
	ref := r.issue()
	r.settle()
	r.after(91 * day)
	spoken := false
	cancel := r.sim.Before(func(c githubsim.Call) {
		if c.Method == http.MethodPost && c.Path == "POST /repos/{owner}/{repo}/issues/{issue_number}/labels" && !spoken {
			spoken = true
			r.sim.Comment(ref, "alice", "I am here.")
		}
	})
	r.sweep()
	cancel()
	r.settle()
	if !spoken {
		t.Fatal("the sweep put no label on")
	}
	r.want("spoken", ref, "")
}

// TestClosedBooks: a book is closed with its issue, and one that comes back is read anew.
func TestClosedBooks(t *testing.T) {
	r := newRig(t)
	r.hook()
	ref := r.issue()
	r.settle()
	if r.book(ref) == nil {
		t.Error("no book for a new issue")
	}
	r.sim.Close(ref, "alice", "")
	if r.settle(); r.book(ref) != nil {
		t.Error("a book of a closed issue")
	}
	r.after(time.Hour)
	r.sim.Reopen(ref, "alice")
	if r.settle(); r.book(ref) == nil || !r.book(ref).Unknown {
		t.Errorf("of a reopened issue nothing is known yet: %+v", r.book(ref))
	}
	if r.sweep(); r.book(ref).Unknown || r.book(ref).Reopened.IsZero() {
		t.Errorf("%+v", r.book(ref))
	}
}
