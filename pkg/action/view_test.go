package action_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// learns is a plugin that writes down what it was told about a fact.
type learns struct {
	ask func(*fact.Set) (any, error)
	got *string
}

func (learns) Name() string                  { return "learns" }
func (learns) Help() string                  { return "Learns." }
func (learns) Commands(any) []plugin.Command { return nil }

func (p learns) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !event.Is[event.CommentCreated](in.Event.Kind) {
		return nil, nil
	}
	v, err := p.ask(in.Facts)
	if err == nil {
		*p.got = fmt.Sprint(v)
	}
	return nil, err
}

// TestOneReading: what a run has read with the issue it does not ask for again. Where a person edited a comment of the bot's, GitHub is
// asked what the bot had written; and so it is for the whole of a discussion that is too long for one reading.
func TestOneReading(t *testing.T) {
	status := func(s *fact.Set) (any, error) {
		st, err := s.Status()
		text, _, _ := strings.Cut(st.Body, "\n")
		return text, err
	}
	notice := func(s *fact.Set) (any, error) { id, err := s.Notice("news"); return id != 0, err }
	labels := func(s *fact.Set) (any, error) {
		all, err := s.Labelings()
		var out []string
		for _, l := range all {
			out = append(out, l.Label+" by "+l.By)
		}
		return strings.Join(out, ", "), err
	}
	says := func(text, marker string) func(*runs) {
		return func(r *runs) { r.sim.Comment(r.ref, bot, plan.Comment(text, plan.Marker(marker))) }
	}
	for _, c := range []struct {
		name  string
		setup func(*runs)
		ask   func(*fact.Set) (any, error)
		want  string
		calls int // beside the reading
	}{
		{"who it is", says("Words.", "words"), func(s *fact.Set) (any, error) { return s.Self() }, bot, 0},
		{"who decides", func(r *runs) { r.sim.AddFile(repo, "OWNERS", "approvers: [alice]\n") },
			func(s *fact.Set) (any, error) { return s.Owners() }, "{[alice] []}", 0},
		{"that nobody does", nil, func(s *fact.Set) (any, error) { return s.Owners() }, "{[] []}", 0},
		{"who put a label on", nil, labels, "kind/dd by owner", 0},
		{"who had it put on", func(r *runs) {
			r.sim.AddUser("bob")
			id := r.sim.Comment(r.ref, "bob", "/kind bug")
			r.sim.Clock().Advance(time.Second)
			r.sim.AddLabels(r.ref, bot, "kind/bug")
			r.sim.React(id, bot, "+1")
		}, labels, "kind/dd by owner, kind/bug by bob", 0},
		{"its status comment", says("All is well.", "status"), status, "All is well.", 0},
		{"that there is none", nil, status, "", 0},
		{"one that a person has edited", func(r *runs) {
			says("All is well.", "status")(r)
			r.sim.Clock().Advance(time.Minute)
			r.sim.EditComment(r.sim.Comments(r.ref)[0].ID, "owner", plan.Comment("All is bad.", plan.Marker("status")))
		}, status, "All is well.", 1},
		{"a notice", says("News.", "news"), notice, "true", 0},
		{"no notice", says("News.", "other"), notice, "false", 0},
		{"a notice in a long discussion", func(r *runs) {
			says("News.", "news")(r)
			for n := range 120 {
				r.sim.Comment(r.ref, "alice", fmt.Sprint("Words ", n))
			}
		}, notice, "true", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuns(t)
			got := ""
			r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{c.ask, &got}})
			if c.setup != nil {
				c.setup(r)
			}
			d := r.event(func() { r.sim.Comment(r.ref, "alice", "Words.") })
			r.sim.ResetCalls()
			report, err := r.run(d.Event, string(d.Payload))
			if err != nil || got != c.want {
				t.Errorf("%q, want %q, %v\n%s", got, c.want, err, report.Markdown())
			}
			var calls []string
			for _, x := range r.sim.Calls() {
				calls = append(calls, x.Method+" "+x.Path)
			}
			if len(calls) != 1+c.calls {
				t.Errorf("%d calls, want %d beside the reading:\n%s", len(calls), c.calls, strings.Join(calls, "\n"))
			}
		})
	}
}

// TestRaced: a person saves while a run writes. GitHub sends no event for what a workflow's token does, so the run looks itself, and puts
// back what it has overwritten.
func TestRaced(t *testing.T) {
	r := newRuns(t)
	d := r.event(func() { r.sim.Comment(r.ref, "alice", "/dd done all.1") })
	raced := false
	r.sim.Before(func(c githubsim.Call) {
		if wrote(c) && !raced {
			raced = true
			r.sim.EditBody(r.ref, "owner", r.sim.Issue(r.ref).Body+"\nMore.\n")
		}
	})
	for range 2 {
		if _, err := r.run(d.Event, string(d.Payload)); err != nil {
			t.Fatal(err)
		}
		if body := r.sim.Issue(r.ref).Body; !raced || !strings.Contains(body, "[x] One") || strings.Count(body, "More.") != 1 {
			t.Errorf("the description:\n%s", body)
		}
	}
}
