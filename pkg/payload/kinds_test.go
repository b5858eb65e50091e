package payload

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/event"
)

// TestKinds: each action is a kind of event with what its payload has of it, and whose first comment or look it is.
func TestKinds(t *testing.T) {
	const comment = `"comment":{"id":7,"body":"new"}`
	for _, c := range []struct{ name, action, more, want string }{
		{"issue_comment", "created", comment, "comment created: 7 new"},
		{"issue_comment", "edited", comment + `,"changes":{"body":{"from":"old"}}`, "comment edited: 7 new, was old"},
		{"issue_comment", "edited", comment, "comment edited: 7 new"},
		{"issue_comment", "deleted", comment, "comment deleted: 7 new"},
		{"issues", "opened", `"changes":{}`, "opened"},
		{"issues", "opened", `"changes":{"old_issue":{"number":3}}`, "arrived"},
		{"pull_request", "opened", `"pull_request":{"number":1}`, "opened"},
		{"issues", "edited", `"changes":{"body":{"from":"old"}}`, "edited: body was old"},
		{"issues", "edited", `"changes":{"title":{"from":"old"}}`, "edited: title was old"},
		{"issues", "closed", "", "closed"},
		{"issues", "reopened", "", "reopened"},
		{"issues", "labeled", `"label":{"name":"x"}`, "labeled: x"},
		{"issues", "unlabeled", `"label":{"name":"x"}`, "unlabeled: x"},
		{"issues", "assigned", `"assignee":{"login":"bob"}`, "assigned: bob"},
		{"issues", "unassigned", `"assignee":{"login":"bob"}`, "unassigned: bob"},
		{"issues", "unassigned", `"assignee":null`, "unassigned: "},
		{"issues", "milestoned", `"milestone":{"title":"v1"}`, "milestoned: v1"},
		{"issues", "demilestoned", `"milestone":{"title":"v1"}`, "demilestoned: v1"},
		{"issues", "locked", "", "locked"},
		{"issues", "unlocked", "", "unlocked"},
		{"issues", "pinned", "", "pinned"},
		{"issues", "unpinned", "", "unpinned"},
		{"issues", "transferred", "", "transferred"},
		{"issues", "deleted", "", "deleted"},
		{OwnEvent, "due", `"found":{"x":1}`, `due: {"x":1}`},
		{OwnEvent, "check", "", "check"},
		{OwnEvent, "weekly", "", "weekly"},
		{OwnEvent, "daily", "", "daily"},
	} {
		if c.more != "" {
			c.more = "," + c.more
		}
		raw := fmt.Sprintf(`{"action":%q,"issue":{"number":1},"repository":{"full_name":"a/b"}%s}`, c.action, c.more)
		e, ok, err := Decode(c.name, []byte(raw))
		if err != nil || !ok {
			t.Errorf("%s %s: %v, %v", c.name, c.action, ok, err)
		} else if got := told(e.Kind); got != c.want {
			t.Errorf("%s %s: %s, want %s", c.name, c.action, got, c.want)
		}
		if known := Known(c.name, c.action); known == (c.name == OwnEvent) {
			t.Errorf("%s %s: known %v", c.name, c.action, known)
		}
	}
	for _, c := range []struct {
		name, action string
		comments     int
		want         bool
	}{{"issues", "opened", 0, true}, {"issues", "opened", 1, false}, {"issue_comment", "created", 1, true}, {"issue_comment", "created", 2, false}, {"issue_comment", "edited", 1, false}, {"issues", "closed", 0, false}} {
		raw := fmt.Sprintf(`{"action":%q,"issue":{"number":1,"comments":%d},"repository":{"full_name":"a/b"},%s}`, c.action, c.comments, comment)
		if e, _, err := Decode(c.name, []byte(raw)); err != nil || e.First != c.want {
			t.Errorf("%s %s with %d comments: first %v, %v", c.name, c.action, c.comments, e.First, err)
		}
	}
}

// told writes a kind with what it has.
func told(k event.Kind) string {
	var parts []string
	was := func(what string, old *string) {
		if old != nil {
			parts = append(parts, what+"was "+*old)
		}
	}
	switch k := k.(type) {
	case event.CommentCreated:
		parts = append(parts, fmt.Sprint(k.Comment.ID, " ", k.Comment.Body))
	case event.CommentEdited:
		parts = append(parts, fmt.Sprint(k.Comment.ID, " ", k.Comment.Body))
		was("", k.OldBody)
	case event.CommentDeleted:
		parts = append(parts, fmt.Sprint(k.Comment.ID, " ", k.Comment.Body))
	case event.Edited:
		was("body ", k.OldBody)
		was("title ", k.OldTitle)
	case event.Labeled:
		parts = append(parts, k.Label)
	case event.Unlabeled:
		parts = append(parts, k.Label)
	case event.Assigned:
		parts = append(parts, k.Assignee)
	case event.Unassigned:
		parts = append(parts, k.Assignee)
	case event.Milestoned:
		parts = append(parts, k.Milestone)
	case event.Demilestoned:
		parts = append(parts, k.Milestone)
	case event.Due:
		parts = append(parts, string(k.Found))
	}
	if parts == nil {
		return k.String()
	}
	return k.String() + ": " + strings.Join(parts, ", ")
}
