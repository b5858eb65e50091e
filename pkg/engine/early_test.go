package engine_test

import (
	"context"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/plugins/dd"
)

const readIssue = `^GET .*/issues/\{issue_number\}$`

// early is a rig that notes the plans that are saved. Bob has ticked the first item.
func early(t *testing.T) (r *rig, saved *[]string) {
	r, saved = newRig(t), new([]string)
	r.wrap = func(b queue.Batch) queue.Batch { return noting{b, saved} }
	r.comment("bob", "/dd done part.1")
	r.deliver()
	return r, saved
}

// unheard has alice save the description, of which no event tells.
func (r *rig) unheard(old, now string) {
	r.sim.SetMode(githubsim.Drop)
	r.sim.EditBody(r.ref, "alice", strings.Replace(r.sim.Issue(r.ref).Body, old, now, 1))
	r.deliver()
	r.sim.SetMode(githubsim.Deliver)
}

func (r *rig) wantsBody(parts ...string) {
	r.Helper()
	body := r.sim.Issue(r.ref).Body
	for _, p := range parts {
		if !strings.Contains(body, p) {
			r.Errorf("%q is not in the description:\n%s", p, body)
		}
	}
}

// TestPlanSavedEarly: a plan is saved while the issue is read, once if the issue is as it was, also shortly after ddbot's own edit.
func TestPlanSavedEarly(t *testing.T) {
	r, saved := early(t)
	r.settle()
	r.wantsBody("[x] One")
	if len(*saved) != 1 {
		t.Errorf("saved %q", *saved)
	}
	*saved = nil
	r.after(time.Second)
	r.comment("bob", "/dd done part.2")
	r.fail(githubsim.Status502Before, readIssue)
	r.rests()
	if len(*saved) != 1 || !strings.Contains((*saved)[0], `[x] Two`) {
		t.Errorf("GitHub did not answer; saved %q", *saved)
	}
	r.settle()
	r.wantsBody("[x] One", "[x] Two")
}

// TestPlanSavedTooEarly: where the issue turns out to be another, its plan takes the place of the early one.
func TestPlanSavedTooEarly(t *testing.T) {
	for name, c := range map[string]struct{ old, now, writes string }{
		"somebody has written": {"Two holds", "Two holds\n- [ ] Three holds", "PATCH issues/{issue_number}, POST issues/comments/{comment_id}/reactions"},
		"somebody has done it": {"[ ] One", "[x] One", "POST issues/comments/{comment_id}/reactions"},
	} {
		t.Run(name, func(t *testing.T) {
			r, saved := early(t)
			r.unheard(c.old, c.now)
			r.writes()
			r.settle()
			r.wantsBody("[x] One", c.now)
			if got := r.writes(); got != c.writes {
				t.Errorf("it writes %s", got)
			}
			base := func(plan string) string { return strings.ReplaceAll(plan[strings.Index(plan, `"base"`):], `\n`, "\n") }
			if len(*saved) != 2 || strings.Contains(base((*saved)[0]), c.now) || !strings.Contains(base((*saved)[1]), c.now) {
				t.Errorf("saved %q", *saved)
			}
		})
	}
}

// TestEarlyPlanOfAnother: who finds a plan that was saved before the issue was read, and never carried out, plans on the issue as it is.
func TestEarlyPlanOfAnother(t *testing.T) {
	r, saved := early(t)
	r.fail(githubsim.Status502Before, readIssue)
	r.rests()
	if len(*saved) != 1 {
		t.Errorf("saved %q", *saved)
	}
	r.start() // the process was killed
	r.unheard("## Part", "Alice wrote this.\n\n## Part")
	r.after(time.Minute)
	r.comment("bob", "/dd done part.2")
	r.settle()
	r.wantsBody("Alice wrote this.", "[x] One", "[x] Two")
	if len(*saved) != 3 || len(r.said()) != 0 {
		t.Errorf("it says %q, saved %q", r.said(), *saved)
	}
}

// TestNoEarlyPlan: a dry run saves none, nor who stands alone; a reply is of the issue as it was read; what is not known yet is no plan.
func TestNoEarlyPlan(t *testing.T) {
	for name, change := range map[string]func(*rig){
		"dry run": func(r *rig) { r.engine.DryRun = true },
		"alone":   func(r *rig) { r.engine.Edited = func(context.Context, string, []queue.Record) error { return nil } },
		"a reply": func(r *rig) {
			r.settle()
			r.comment("bob", "/dd status")
		},
		"a fact is missing": func(r *rig) {
			r.settle()
			r.settings = plugin.DefaultSettings([]plugin.Plugin{dd.Plugin{}, wonders{}})
			r.comment("bob", "/dd done part.2")
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, saved := early(t)
			change(r)
			*saved = nil
			r.fail(githubsim.Status502Before, readIssue)
			r.rests()
			if len(*saved) != 0 {
				t.Errorf("saved %q", *saved)
			}
		})
	}
}

// TestEarlyPlanOnce: who has to read the issue twice has saved early already.
func TestEarlyPlanOnce(t *testing.T) {
	r, saved := early(t)
	r.settings = plugin.DefaultSettings([]plugin.Plugin{dd.Plugin{}, wonders{}})
	r.unheard("Two holds", "Two wonders")
	r.settle()
	r.wantsBody("[x] One")
	if len(*saved) != 2 {
		t.Errorf("saved %q", *saved)
	}
}

// wonders is a plugin that needs a fact where the description has that word, and once ddbot has written there.
type wonders struct{ act }

func (wonders) Handle(in plugin.Input) ([]plan.Effect, error) {
	if in.MayLag || !strings.Contains(in.Issue.Body, "wonders") && !strings.Contains(in.Issue.Body, "[x]") {
		return nil, nil
	}
	_, err := in.Facts.Record("wonder")
	return nil, err
}

// TestEarlyPlanAwaited: nothing is sent, and the batch is nobody else's, before the plan is saved.
func TestEarlyPlanAwaited(t *testing.T) {
	for _, fails := range []bool{false, true} {
		r := newRig(t)
		asked, read, saved := make(chan struct{}), atomic.Bool{}, atomic.Bool{}
		r.wrap = func(b queue.Batch) queue.Batch { return slow{b, asked, &read, &saved} }
		r.comment("bob", "/dd done part.1")
		r.deliver()
		if fails {
			r.fail(githubsim.Status502Before, readIssue)
		}
		r.sim.Before(func(c githubsim.Call) {
			switch {
			case c.As == bot && c.Method == "GET" && read.CompareAndSwap(false, true):
				close(asked)
			case c.As == bot && c.Changes() && !saved.Load():
				t.Errorf("%s before the plan was saved", c.Method)
			}
		})
		if err := r.handle(); (err != nil) != fails {
			t.Error(err)
		}
		if !saved.Load() {
			t.Error("the plan is still being saved")
		}
	}
}

// slow is a batch whose database takes longer than GitHub.
type slow struct {
	queue.Batch
	asked       chan struct{}
	read, saved *atomic.Bool
}

func (s slow) Save(ctx context.Context, plan []byte) error {
	<-s.asked
	for range 10_000 {
		runtime.Gosched()
	}
	err := s.Batch.Save(ctx, plan)
	s.saved.Store(true)
	return err
}
