package engine

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/stale"
)

// TestSatisfied: a request took effect when the issue is in all of it as the request wants it.
func TestSatisfied(t *testing.T) {
	s := issue.Snapshot{Title: "T", Body: "B", State: issue.Closed, Milestone: "v1", Labels: []string{"Kind/DD", "a"}, Assignees: []string{"Ann"}}
	edit := func(e plan.Edit) plan.Request { return plan.Request{Kind: plan.EditIssue, Edit: &e} }
	for _, c := range []struct {
		name string
		r    plan.Request
		want bool
	}{
		{"the title", edit(plan.Edit{Title: new("T")}), true},
		{"another title", edit(plan.Edit{Title: new("X")}), false},
		{"the text", edit(plan.Edit{Body: new("B")}), true},
		{"the text, and another title", edit(plan.Edit{Body: new("B"), Title: new("X")}), false},
		{"another text", edit(plan.Edit{Body: new("X"), Title: new("T")}), false},
		{"the state", edit(plan.Edit{State: new(issue.Closed)}), true},
		{"another state", edit(plan.Edit{State: new(issue.Open), Body: new("B")}), false},
		{"the milestone", edit(plan.Edit{Milestone: new(1), MilestoneTitle: "v1"}), true},
		{"another milestone", edit(plan.Edit{Milestone: new(2), MilestoneTitle: "v2"}), false},
		{"no milestone", edit(plan.Edit{Milestone: new(0)}), false},
		{"labels", plan.Request{Kind: plan.AddLabel, Labels: []string{"kind/dd", "A"}}, true},
		{"labels, one of them", plan.Request{Kind: plan.AddLabel, Labels: []string{"a", "b"}}, false},
		{"a label off", plan.Request{Kind: plan.RemoveLabel, Labels: []string{"b"}}, true},
		{"a label that is there", plan.Request{Kind: plan.RemoveLabel, Labels: []string{"KIND/dd"}}, false},
		{"assigned", plan.Request{Kind: plan.AddAssignees, Logins: []string{"ann"}}, true},
		{"one of two", plan.Request{Kind: plan.AddAssignees, Logins: []string{"ann", "bob"}}, false},
		{"unassigned", plan.Request{Kind: plan.RemoveAssignees, Logins: []string{"bob"}}, true},
		{"one of two is", plan.Request{Kind: plan.RemoveAssignees, Logins: []string{"bob", "ANN"}}, false},
		{"what cannot be seen", plan.Request{Kind: plan.AddReviewers, Logins: []string{"ann"}}, false},
	} {
		if got := satisfied(s, c.r); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestDidSame: what GitHub's history shows of our own hand is what a request asks for, or something else.
func TestDidSame(t *testing.T) {
	edit := func(e plan.Edit) plan.Request { return plan.Request{Kind: plan.EditIssue, Edit: &e} }
	for _, c := range []struct {
		name string
		did  stale.TimelineEvent
		r    plan.Request
		want bool
	}{
		{"an edit", stale.TimelineEvent{Kind: stale.Edit}, edit(plan.Edit{Body: new("B")}), true},
		{"a title", stale.TimelineEvent{Kind: stale.Edit}, edit(plan.Edit{Title: new("T")}), true},
		{"an edit, and only closed", stale.TimelineEvent{Kind: stale.Edit}, edit(plan.Edit{State: new(issue.Closed)}), false},
		{"closed", stale.TimelineEvent{Kind: stale.Close}, edit(plan.Edit{State: new(issue.Closed)}), true},
		{"assigned, to be closed", stale.TimelineEvent{Kind: stale.Change}, edit(plan.Edit{State: new(issue.Closed)}), false},
		{"closed, to be open", stale.TimelineEvent{Kind: stale.Close}, edit(plan.Edit{State: new(issue.Open)}), false},
		{"reopened", stale.TimelineEvent{Kind: stale.Reopen}, edit(plan.Edit{State: new(issue.Open)}), true},
		{"a label", stale.TimelineEvent{Kind: stale.Label, Label: "A"}, plan.Request{Kind: plan.AddLabel, Labels: []string{"a"}}, true},
		{"one of two", stale.TimelineEvent{Kind: stale.Label, Label: "a"}, plan.Request{Kind: plan.AddLabel, Labels: []string{"a", "b"}}, false},
		{"a label off", stale.TimelineEvent{Kind: stale.Unlabel, Label: "a"}, plan.Request{Kind: plan.RemoveLabel, Labels: []string{"a"}}, true},
		{"on and not off", stale.TimelineEvent{Kind: stale.Label, Label: "a"}, plan.Request{Kind: plan.RemoveLabel, Labels: []string{"a"}}, false},
		{"what has no history", stale.TimelineEvent{Kind: stale.Edit}, plan.Request{Kind: plan.AddAssignees, Logins: []string{"a"}}, false},
	} {
		if got := didSame([]stale.TimelineEvent{{Kind: stale.Comment}, c.did}, c.r); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	if didSame(nil, edit(plan.Edit{Body: new("B")})) {
		t.Error("nothing was done")
	}
}
