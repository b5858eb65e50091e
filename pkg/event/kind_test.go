package event

import (
	"fmt"
	"strings"
	"testing"
)

// TestKinds: the names stand in logs, errors and ddbot's own payloads; what an event has is what its kind has.
func TestKinds(t *testing.T) {
	c, old := Comment{ID: 7}, "old"
	for _, x := range []struct {
		kind Kind
		want string // its name, and what it has
	}{
		{CommentCreated{Comment: c}, "comment created, comment 7"},
		{CommentEdited{Comment: c, OldBody: &old}, "comment edited, comment 7"},
		{CommentDeleted{Comment: c}, "comment deleted, comment 7"},
		{Opened{}, "opened"},
		{Edited{OldBody: &old, OldTitle: &old}, "edited"},
		{Closed{}, "closed"},
		{Reopened{}, "reopened"},
		{Labeled{Label: "dd/Ready"}, "labeled, label dd/Ready, put on"},
		{Labeled{Label: "dd/other"}, "labeled, label dd/other"},
		{Unlabeled{Label: "dd/Ready"}, "unlabeled, label dd/Ready"},
		{Assigned{Assignee: "ann"}, "assigned"},
		{Unassigned{Assignee: "ann"}, "unassigned"},
		{Milestoned{Milestone: "v1"}, "milestoned"},
		{Demilestoned{Milestone: "v1"}, "demilestoned"},
		{Locked{}, "locked"},
		{Unlocked{}, "unlocked"},
		{Pinned{}, "pinned"},
		{Unpinned{}, "unpinned"},
		{Transferred{}, "transferred"},
		{Arrived{}, "arrived"},
		{Deleted{}, "deleted"},
		{Due{Found: []byte("{}")}, "due, own"},
		{Weekly{}, "weekly, own"},
		{Daily{}, "daily, own"},
		{Check{}, "check, own"},
	} {
		e := Event{Kind: x.kind}
		got := []string{e.Kind.String()}
		if c, ok := e.Comment(); ok {
			got = append(got, fmt.Sprint("comment ", c.ID))
		}
		if l, ok := e.Label(); ok {
			got = append(got, "label "+l)
		}
		if e.PutOn("DD/ready") {
			got = append(got, "put on")
		}
		if Is[Own](e.Kind) {
			got = append(got, "own")
		}
		if s := strings.Join(got, ", "); s != x.want {
			t.Errorf("%s, want %s", s, x.want)
		}
	}
	if Is[Opened](Closed{}) || !Is[Opened](Opened{}) || Is[Opened](nil) {
		t.Error("a kind is not told from another")
	}
}
