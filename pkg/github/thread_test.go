package github_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
)

// TestThreadChanges: each change is known with what it changed, and taken back change by change the issue is as it was.
func TestThreadChanges(t *testing.T) {
	sim, client := simulated(t)
	sim.AddMilestone("acme/toc", "v1")
	ref := sim.OpenIssue("acme/toc", "alice", "Old", "Text.")
	steps := []struct {
		do   func()
		want string
	}{
		{func() { sim.AddLabels(ref, "ddbot[bot]", "a/b") }, "labeled a/b by ddbot[bot], own"},
		{func() { sim.RemoveLabel(ref, "bob", "a/b") }, "unlabeled a/b by bob"},
		{func() { sim.Assign(ref, "bob", "bob") }, "assigned bob by bob"},
		{func() { sim.Unassign(ref, "bob", "bob") }, "unassigned bob by bob"},
		{func() { sim.SetMilestone(ref, "bob", "v1") }, "milestoned v1 by bob"},
		{func() { sim.SetMilestone(ref, "bob", "") }, "demilestoned v1 by bob"},
		{func() { sim.EditTitle(ref, "bob", "New") }, "edited Old by bob"},
		{func() { sim.Close(ref, "bob", "") }, "closed by bob"},
		{func() { sim.Reopen(ref, "bob") }, "reopened by bob"},
	}
	look := func(s issue.Snapshot) string {
		return fmt.Sprint(s.Title, s.State, s.Labels, s.Assignees, s.Milestone)
	}
	var looks []string
	for _, s := range steps {
		looks = append(looks, look(sim.Issue(ref).Snapshot))
		sim.Clock().Advance(time.Minute)
		s.do()
	}
	thread, err := client.Thread(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	if len(thread.Changes) != len(steps) {
		t.Fatalf("%d changes: %+v", len(thread.Changes), thread.Changes)
	}
	for n, c := range thread.Changes {
		if got := told(c); got != steps[n].want {
			t.Errorf("%s, want %s", got, steps[n].want)
		}
		if got := look(thread.Before(func(at int, _ github.Change) bool { return at >= n })); got != looks[n] {
			t.Errorf("before it was %s: %s, want %s", c.Kind, got, looks[n])
		}
	}
}

// told writes a change with what it changed.
func told(c github.Change) string {
	what := ""
	switch k := c.Kind.(type) {
	case event.Labeled:
		what = " " + k.Label
	case event.Unlabeled:
		what = " " + k.Label
	case event.Assigned:
		what = " " + k.Assignee
	case event.Unassigned:
		what = " " + k.Assignee
	case event.Milestoned:
		what = " " + k.Milestone
	case event.Demilestoned:
		what = " " + k.Milestone
	case event.Edited:
		what = " " + *k.OldTitle
	}
	own := ""
	if c.Own {
		own = ", own"
	}
	return fmt.Sprintf("%s%s by %s%s", c.Kind, what, c.By, own)
}
