package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// TestHowItEnds: what GitHub's trouble means for a batch. An outage is put off, longer each time; a limit until it is over; what is
// gone or archived is nobody's work any more; our own failure is an error.
func TestHowItEnds(t *testing.T) {
	for _, c := range []struct {
		name  string
		fault githubsim.Fault
		waits []time.Duration // of attempts in a row; none is an end
	}{
		{"GitHub is down", githubsim.Fault{Kind: githubsim.Status502Before}, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}},
		{"a token that does not count", githubsim.Fault{Kind: githubsim.Unauthorized401}, []time.Duration{time.Second, 2 * time.Second}},
		{"the primary limit", githubsim.Fault{Kind: githubsim.PrimaryLimit, RetryAfter: 20 * time.Minute}, []time.Duration{20 * time.Minute, 20 * time.Minute}},
		{"a secondary limit", githubsim.Fault{Kind: githubsim.SecondaryLimit, RetryAfter: 90 * time.Second}, []time.Duration{90 * time.Second}},
		{"a secondary limit that names no time", githubsim.Fault{Kind: githubsim.SecondaryLimit}, []time.Duration{time.Minute}},
		{"the issue is gone", githubsim.Fault{Kind: githubsim.Gone410, Match: "/issues/.issue_number.$"}, nil},
		{"the repository is archived", githubsim.Fault{Kind: githubsim.Says, Status: 403, Match: "PATCH", Body: `{"message":"Repository was archived so is read-only."}`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			c.fault.As = bot
			over := r.sim.Fault(c.fault)
			r.comment("bob", "/dd done part")
			for n, want := range c.waits {
				if got := r.rests(); got != want {
					t.Errorf("attempt %d rests for %v, want %v", n, got, want)
				}
			}
			if c.waits == nil {
				if err := r.handle(); err != nil {
					t.Errorf("it ends with %v", err)
				}
				return
			}
			over()
			r.after(time.Hour)
			if c.fault.Kind == githubsim.SecondaryLimit {
				r.start() // go-github v57 keeps that limit by the real clock
			}
			r.settle()
			if !strings.Contains(r.sim.Issue(r.ref).Body, "[x] Two") {
				t.Error("not done when it was over")
			}
			r.sim.Fault(c.fault)
			r.comment("bob", "/dd undo part")
			if got := r.rests(); got != c.waits[0] {
				t.Errorf("a new outage rests for %v, want %v", got, c.waits[0])
			}
		})
	}
}

// TestOutageEndsWithAnError: an error of our own shows that GitHub answers again: the next outage is waited for from the beginning.
func TestOutageEndsWithAnError(t *testing.T) {
	r := newRig(t)
	r.comment("bob", "/dd done part")
	outage := func(waits ...time.Duration) {
		over := r.sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, As: bot})
		defer over()
		for _, want := range waits {
			if got := r.rests(); got != want {
				t.Errorf("it rests for %v, want %v", got, want)
			}
		}
	}
	outage(time.Second, 2*time.Second)
	over := r.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, As: bot, Match: "PATCH"})
	r.wants("an error of ours", "PATCH")
	over()
	outage(time.Second)
}

// TestOurFailures: what is our own mistake is an error, and no outage.
func TestOurFailures(t *testing.T) {
	broken := errors.New("no settings")
	for name, f := range map[string]func(*rig){
		"forbidden": func(r *rig) { r.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, As: bot, Match: "PATCH"}) },
		"no settings": func(r *rig) {
			r.engine.Settings = func(context.Context, engine.Files, issue.Ref) (*plugin.Settings, error) { return nil, broken }
		},
		"what is no payload":         func(r *rig) { r.queue(queue.Delivery{GUID: "x", Event: "issue_comment", Payload: []byte("{")}) },
		"a payload that was damaged": func(r *rig) { r.spoil = func(d *queue.Delivery) { d.Damaged, d.Payload = broken, nil } },
		"a memory that is gone":      func(r *rig) { r.engine.Memory = forgetful{} },
	} {
		r := newRig(t)
		r.comment("bob", "/dd done part")
		r.deliver()
		f(r)
		var rest *queue.Snooze
		if err := r.handle(); err == nil || errors.As(err, &rest) {
			t.Errorf("%s: it ends with %v", name, err)
		}
	}
}

// forgetful is a store that cannot be read.
type forgetful struct{}

func (forgetful) Get(context.Context, string, string) (queue.Record, error) {
	return queue.Record{}, errors.New("the disk is gone")
}
func (forgetful) List(context.Context, string, string, int) ([]queue.Record, error) {
	return nil, errors.New("the disk is gone")
}

// TestNotOurs: a repository that is none of ours costs no call, and neither does an archived one.
func TestNotOurs(t *testing.T) {
	r := newRig(t)
	settings := r.settings
	r.settings = nil
	r.comment("bob", "/dd done part")
	r.settle()
	r.settings = settings
	r.sim.Archive(repo, true)
	r.comment("bob", "/dd done part")
	r.comment("bob", "/dd done part.1")
	r.settle()
	for _, c := range r.sim.Calls() {
		if c.As == bot {
			t.Errorf("asked %s", c.Path)
		}
	}
	if n := strings.Count(r.log.String(), "is archived"); n != 1 {
		t.Errorf("said %d times:\n%s", n, &r.log)
	}
}

// TestNoMemory holds nothing.
func TestNoMemory(t *testing.T) {
	if _, err := engine.NoMemory.Get(context.Background(), "a", "b"); !errors.Is(err, queue.ErrNotFound) {
		t.Error(err)
	}
	if rs, err := engine.NoMemory.List(context.Background(), "a", "", 0); err != nil || len(rs) != 0 {
		t.Error(rs, err)
	}
}

// TestRacedEdit: a person saves while ddbot writes. What the event of ddbot's own edit shows is put back, and where that event got
// lost a check finds the same in the edit history, a minute later.
func TestRacedEdit(t *testing.T) {
	for name, lost := range map[string]bool{"the event shows it": false, "the event got lost": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.comment("bob", "/dd done part.1")
			r.deliver()
			raced := false
			r.sim.Before(func(c githubsim.Call) {
				if c.As == bot && c.Method == "PATCH" && !raced {
					raced = true
					r.sim.EditBody(r.ref, "alice", r.sim.Issue(r.ref).Body+"\nAlice wrote this.\n")
				}
			})
			if lost {
				r.sim.SetMode(githubsim.Drop)
			}
			if err := r.handle(); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(r.sim.Issue(r.ref).Body, "Alice wrote this.") {
				t.Fatal("there was no race")
			}
			r.deliver()
			r.sim.SetMode(githubsim.Deliver)
			r.after(decide.UnseenFor - time.Second)
			if err := engine.Checks(t.Context(), r.db, r.now()); err != nil {
				t.Fatal(err)
			}
			r.settle()
			if got := strings.Contains(r.sim.Issue(r.ref).Body, "Alice wrote this."); got == lost {
				t.Errorf("within a minute alice's line is there: %v", got)
			}
			r.after(time.Second)
			for range 2 { // twice is once
				if err := engine.Checks(t.Context(), r.db, r.now()); err != nil {
					t.Fatal(err)
				}
			}
			r.settle()
			body := r.sim.Issue(r.ref).Body
			if !strings.Contains(body, "[x] One") || strings.Count(body, "Alice wrote this.") != 1 {
				t.Errorf("the description:\n%s", body)
			}
			r.after(time.Hour)
			r.writes()
			if err := engine.Checks(t.Context(), r.db, r.now()); err != nil {
				t.Fatal(err)
			}
			r.settle()
			if got := r.writes(); got != "" {
				t.Errorf("checked once more, it writes %s", got)
			}
		})
	}
}

// TestChecksBroken: a record that cannot be read is told of and goes; the others are looked at.
func TestChecksBroken(t *testing.T) {
	r := newRig(t)
	err := r.db.PutAll(t.Context(), queue.Record{Kind: "unseen", ID: "gh:1#1/a", Data: []byte("{")},
		queue.Record{Kind: "unseen", ID: "gh:7#1/b", Data: fmt.Appendf(nil, `{"ref":{"Owner":"acme","Repo":"toc","Number":1},"at":%q}`, r.now().Format(time.RFC3339))})
	if err != nil {
		t.Fatal(err)
	}
	if err := engine.Checks(t.Context(), r.db, r.now().Add(time.Hour)); err == nil || !strings.Contains(err.Error(), "unseen gh:1#1/a") {
		t.Errorf("%v", err)
	}
	if d, err := r.db.Lookup(t.Context(), "check-gh:7#1/b"); err != nil || d.Key != "gh:7#1" || !strings.Contains(string(d.Payload), `"id":7,`) {
		t.Errorf("%+v, %v", d, err)
	}
	if err := engine.Checks(t.Context(), r.db, r.now().Add(time.Hour)); err != nil {
		t.Errorf("once more: %v", err)
	}
}

// TestBooksAndRecords: what Engine.Seen and plugins want kept is kept with the acknowledgement, about the issue or about a person.
func TestBooksAndRecords(t *testing.T) {
	r := newRig(t)
	r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.CommentCreated], []plan.Effect{
		plan.Remember{Kind: "issue", Data: []byte("1")}, plan.Remember{Kind: "person", About: "Bob", Data: []byte("2")},
	}}})
	r.engine.Seen = func(_ context.Context, _ engine.Memory, es []event.Event, self string, s *plugin.Settings) ([]queue.Record, error) {
		return []queue.Record{{Kind: "book", ID: es[0].Key(), Data: []byte(self)}}, nil
	}
	r.comment("bob", "hello")
	r.settle()
	for _, want := range []queue.Record{{Kind: "issue", ID: r.key, Data: []byte("1")}, {Kind: "person", ID: "bob", Data: []byte("2")}} {
		if got, err := r.db.Get(t.Context(), want.Kind, want.ID); err != nil || string(got.Data) != string(want.Data) {
			t.Errorf("%s %s: %s, %v", want.Kind, want.ID, got.Data, err)
		}
	}
	broken := errors.New("no books")
	r.engine.Seen = func(context.Context, engine.Memory, []event.Event, string, *plugin.Settings) ([]queue.Record, error) {
		return nil, broken
	}
	r.comment("bob", "hello")
	if err := r.handle(); !errors.Is(err, broken) {
		t.Errorf("it ends with %v", err)
	}
}

// TestNothingForUs: a delivery of which ddbot knows nothing to do is done, and costs no call.
func TestNothingForUs(t *testing.T) {
	r := newRig(t)
	r.settle()
	r.sim.ResetCalls()
	r.queue(queue.Delivery{GUID: "x", Event: "issues", Payload: []byte(`{"action":"typed","issue":{"number":1},"repository":{"full_name":"acme/toc"}}`)})
	if err := r.handle(); err != nil {
		t.Error(err)
	}
	if n := len(r.sim.Calls()); n > 0 {
		t.Errorf("%d calls", n)
	}
}

// TestLoopIsTold: two bots that answer each other are stopped, and the operator reads of it.
func TestLoopIsTold(t *testing.T) {
	r := newRig(t)
	r.sim.AddBot("helper[bot]")
	r.sim.SetRole(repo, "helper[bot]", "write")
	r.settings.Bots = []string{"helper[bot]"}
	for range 8 {
		r.comment("helper[bot]", "/dd status")
		r.settle()
	}
	if n := len(r.said()); n != 5 || !strings.Contains(r.log.String(), "Not done, to end a loop: helper[bot] and ddbot answer each other") {
		t.Errorf("%d answers, and the log tells\n%s", n, &r.log)
	}
}

// TestInstallation: GitHub is asked as the installation that an event came from, also by the process that finishes the plan.
func TestInstallation(t *testing.T) {
	r := newRig(t)
	r.settle()
	var as []int64
	watch := func() {
		client := r.engine.Client
		r.engine.Client = func(id int64) engine.GitHub { as = append(as, id); return client(id) }
	}
	watch()
	r.fail(githubsim.CutBefore, postLabels)
	r.comment("bob", "/kind bug")
	r.spoil = func(d *queue.Delivery) {
		d.Payload = []byte(strings.Replace(string(d.Payload), "{", `{"installation":{"id":7},`, 1))
	}
	r.rests()
	r.start()
	watch()
	r.spoil = nil
	if err := r.handle(); err != nil || len(as) != 2 || as[0] != 7 || as[1] != 7 {
		t.Errorf("asked as %v, %v", as, err)
	}
}
