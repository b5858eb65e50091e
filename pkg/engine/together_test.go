package engine_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// joint is GitHub that answers to what is sent together as together says; nil is that nothing is.
type joint struct {
	engine.GitHub
	together func(gh engine.GitHub, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error)
}

func (j joint) Joins(ref issue.Ref, rs []plan.Request) bool {
	return j.together != nil && j.GitHub.Joins(ref, rs)
}

func (j joint) Together(_ context.Context, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error) {
	return j.together(j.GitHub, s, rs)
}

func (r *rig) joint(together func(gh engine.GitHub, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error)) {
	plain := r.engine.Client
	r.engine.Client = func(id int64) engine.GitHub { return joint{plain(id), together} }
}

// apart has each request sent alone.
func (r *rig) apart() { r.joint(nil) }

// rots is what the sweep does to an issue, and closes it.
func rots(close bool, key string) act {
	effects := []plan.Effect{
		plan.AddLabels{Labels: []string{stale.Rotten}, Exclusive: []string{"lifecycle/*"}},
		plan.Notice{Key: key, Text: "It rots.", Labels: []string{stale.Rotten}},
	}
	if close {
		effects = append([]plan.Effect{plan.Close{Reason: "not_planned"}}, effects...)
	}
	return act{event.Is[event.Due], effects}
}

// primed has ddbot put the label on and close another issue: from then on it may do that together. It ends with a stale issue.
func (r *rig) primed() {
	r.sim.AddLabel(repo, stale.Stale, stale.Rotten)
	gh, other := r.engine.Client(0), r.sim.OpenIssue(repo, "bob", "Another", "", "kind/dd")
	_, err := gh.AddLabels(r.Context(), other, []string{stale.Rotten})
	if err == nil {
		closed, reason := issue.Closed, "completed"
		_, err = gh.EditIssue(r.Context(), other, plan.Edit{State: &closed, StateReason: &reason})
	}
	if err != nil {
		r.Fatal(err)
	}
	r.sim.AddLabels(r.ref, "bob", stale.Stale)
}

// TestTogether: what the sweep does to an issue goes in one call, and comes about once, whatever became of the call or of one of its parts.
func TestTogether(t *testing.T) {
	real := func(gh engine.GitHub, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error) {
		return gh.Together(t.Context(), s, rs)
	}
	done := func(gh engine.GitHub, s issue.Snapshot, rs []plan.Request, which func(plan.Request) bool) {
		for _, r := range rs {
			if which(r) {
				one := []plan.Request{r}
				if out, err := gh.Together(t.Context(), s, one); err != nil || out[0].Err != nil {
					t.Error(out, err)
				}
			}
		}
	}
	// part makes some of it, and answers for each of the others with an error.
	part := func(says bool, err error, which func(plan.Request) bool) func(engine.GitHub, issue.Snapshot, []plan.Request) ([]plan.Outcome, error) {
		return func(gh engine.GitHub, s issue.Snapshot, rs []plan.Request) (out []plan.Outcome, _ error) {
			done(gh, s, rs, which)
			for _, r := range rs {
				o := plan.Outcome{Labels: s.Labels}
				if !which(r) || !says {
					o.Err = err
				}
				out = append(out, o)
			}
			return out, nil
		}
	}
	cut := func(which func(plan.Request) bool) func(engine.GitHub, issue.Snapshot, []plan.Request) ([]plan.Outcome, error) {
		return func(gh engine.GitHub, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error) {
			done(gh, s, rs, which)
			return nil, fmt.Errorf("%w: cut off", github.ErrUnavailable)
		}
	}
	all, none := func(plan.Request) bool { return true }, func(plan.Request) bool { return false }
	notice := func(r plan.Request) bool { return r.Kind == plan.WriteNotice }
	label := func(r plan.Request) bool { return r.Kind == plan.AddLabel }
	for name, together := range map[string]func(engine.GitHub, issue.Snapshot, []plan.Request) ([]plan.Outcome, error){
		"all of it":                        real,
		"cut before":                       cut(none),
		"cut after":                        cut(all),
		"cut after the notice alone":       cut(notice),
		"cut after the label":              cut(label),
		"refused, all":                     part(true, github.ErrInvalid, none),
		"the label is gone":                part(true, github.ErrGone, notice),
		"the notice is refused, at first":  part(true, github.ErrForbidden, label),
		"it is not told what became of it": part(false, github.ErrUnavailable, all),
		"nothing came of it, for now":      part(true, github.ErrUnavailable, none),
		"the notice, and nothing is known": part(false, github.ErrUnavailable, notice),
		"what was never done alone":        nil,
	} {
		for _, close := range []bool{false, true} {
			r := newRig(t)
			r.primed()
			r.settings = plugin.DefaultSettings([]plugin.Plugin{rots(close, "stale")})
			r.settle()
			r.joint(together)
			r.due(event.Due{})
			for range 4 {
				if err := r.handle(); err == nil {
					break
				}
				r.after(time.Minute)
			}
			i := r.sim.Issue(r.ref)
			if got := strings.Join(i.Labels, " "); got != "kind/dd lifecycle/rotten" || len(r.said()) != 1 || (i.State == issue.Closed) != close {
				t.Errorf("%s, closing %v: %s, labels %s, says %q", name, close, i.State, got, r.said())
			}
		}
	}
}

// TestTogetherCalls: what was done once by calls of its own goes in one call from then on.
func TestTogetherCalls(t *testing.T) {
	r := newRig(t)
	r.sim.AddLabel(repo, stale.Stale, stale.Rotten)
	const alone = "PATCH issues/{issue_number}, POST issues/{issue_number}/labels, POST issues/{issue_number}/comments"
	for n, want := range []string{alone, "mutation", "mutation"} {
		r.settings = plugin.DefaultSettings([]plugin.Plugin{rots(true, fmt.Sprint("stale-", n))})
		r.settle()
		r.writes()
		r.due(event.Due{})
		if err := r.handle(); err != nil {
			t.Fatal(err)
		}
		if got := r.writes(); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
		r.sim.Reopen(r.ref, "bob")
		r.sim.RemoveLabel(r.ref, "bob", stale.Rotten)
		r.sim.DeleteComment(r.sim.Comments(r.ref)[0].ID, "bob")
		r.settle()
		r.after(time.Minute)
	}
}

// TestNotTogether: what people ask for goes call by call, for each is answered to; and a plan that is sent together is one that an older
// ddbot does not finish, which would not look for all of it.
func TestNotTogether(t *testing.T) {
	r := newRig(t)
	r.primed()
	var saved []string
	r.wrap = func(b queue.Batch) queue.Batch { return noting{b, &saved} }
	effects := rots(false, "stale").effects
	r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.CommentCreated], effects}})
	r.settle()
	r.writes()
	r.comment("bob", "It rots.")
	if err := r.handle(); err != nil {
		t.Fatal(err)
	}
	if got, want := r.writes(), "POST issues/{issue_number}/labels, DELETE issues/{issue_number}/labels/{name}, POST issues/{issue_number}/comments"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Due], rots(false, "another").effects}})
	r.sim.RemoveLabel(r.ref, "bob", stale.Rotten)
	r.settle()
	r.writes()
	r.due(event.Due{})
	if err := r.handle(); err != nil {
		t.Fatal(err)
	}
	if got := r.writes(); got != "mutation" {
		t.Error(got)
	}
	if len(saved) != 2 || !strings.Contains(saved[0], `"version":1,`) || !strings.Contains(saved[1], `"version":3,`) || !strings.Contains(saved[1], `"together":2`) {
		t.Errorf("%s", saved)
	}
}

// noting notes the plans that are saved.
type noting struct {
	queue.Batch
	saved *[]string
}

func (n noting) Save(ctx context.Context, plan []byte) error {
	*n.saved = append(*n.saved, string(plan))
	return n.Batch.Save(ctx, plan)
}
