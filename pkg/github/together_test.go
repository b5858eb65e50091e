package github_test

import (
	"errors"
	"testing"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// TestJoins: what was done by a call of its own can be sent together from then on, until something of it is refused.
func TestJoins(t *testing.T) {
	sim, c, ref, calls := onSim(t)
	closed, reason := issue.Closed, "not_planned"
	label, other := plan.Request{Kind: plan.AddLabel, Labels: []string{"b/c d"}}, plan.Request{Kind: plan.AddLabel, Labels: []string{"a"}}
	notice := plan.Request{Kind: plan.WriteNotice, Notice: &plan.Notice{Key: "k", Text: "It is so."}}
	closes := plan.Request{Kind: plan.EditIssue, Edit: &plan.Edit{State: &closed, StateReason: &reason}}
	joins := func(when string, want bool, rs ...plan.Request) {
		t.Helper()
		if got := c.Joins(ref, rs); got != want {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	must := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	sim.AddLabels(ref, "ann", "a")
	joins("before anything", false, label, notice)
	joins("a close, before anything", false, closes, notice)
	must(c.AddLabels(t.Context(), ref, []string{"b/c d"}))
	joins("the label", true, label, notice)
	joins("one that somebody else put on", false, label, other, notice)
	joins("a close", false, closes, label, notice)
	must(c.EditIssue(t.Context(), ref, *closes.Edit))
	joins("all", true, closes, label, notice)

	next := sim.OpenIssue("acme/toc", "ann", "Another", "text")
	*calls = nil
	out, err := c.Together(t.Context(), sim.Issue(next).Snapshot, []plan.Request{closes, label, notice})
	must(nil, err)
	i := sim.Issue(next)
	if len(*calls) != 1 || i.State != closed || i.StateReason != reason || !i.HasLabel("b/c d") || len(i.Comments) != 1 {
		t.Errorf("%v: %+v", *calls, i)
	}
	for n, o := range out {
		if o.Err != nil || n == 1 && !issue.HasLabel(o.Labels, "b/c d") || n == 2 && o.Comment != i.Comments[0].ID {
			t.Errorf("%d: %+v", n, o)
		}
	}
	if self := c.KnownSelf(); self != "ddbot[bot]" {
		t.Errorf("it learned that it is %q", self)
	}

	// The issue has gone: each is refused, and is to be tried alone from then on.
	gone := sim.Issue(next).Snapshot
	sim.Delete(next, "owner")
	out, err = c.Together(t.Context(), gone, []plan.Request{closes, label})
	must(nil, err)
	for n, o := range out {
		if !errors.Is(o.Err, github.ErrGone) {
			t.Errorf("%d: %v", n, o.Err)
		}
	}
	joins("after a refusal", false, label, notice)
	must(c.AddLabels(t.Context(), ref, []string{"b/c d"}))
	sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, Match: "^POST /graphql$", Times: 1})
	if out, err := c.Together(t.Context(), sim.Issue(ref).Snapshot, []plan.Request{label, notice}); !errors.Is(err, github.ErrUnavailable) {
		t.Error(out, err)
	}
	joins("after an outage", false, label, notice)
}
