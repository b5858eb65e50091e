package stale

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

// TestFromEvent: what a webhook tells is what the history of the issue would show of it, with the time of the comment where it is
// about one.
func TestFromEvent(t *testing.T) {
	updated, created, edited, received := ago(3), ago(2), ago(1), ago(0)
	c := event.Comment{ID: 7, Body: "Words.", CreatedAt: created, UpdatedAt: edited}
	for _, x := range []struct {
		kind event.Kind
		want TimelineEvent
	}{
		{event.CommentCreated{Comment: c}, TimelineEvent{Kind: Comment, At: created, Text: "Words.", ID: 7}},
		{event.CommentEdited{Comment: c}, TimelineEvent{Kind: Edit, At: edited, Text: "Words.", ID: 7}},
		{event.CommentDeleted{Comment: c}, TimelineEvent{}},
		{event.Edited{}, TimelineEvent{Kind: Edit, At: updated}},
		{event.Assigned{Assignee: "bob"}, TimelineEvent{Kind: Change, At: updated}},
		{event.Unassigned{Assignee: "bob"}, TimelineEvent{Kind: Change, At: updated}},
		{event.Milestoned{}, TimelineEvent{Kind: Change, At: updated}},
		{event.Demilestoned{}, TimelineEvent{Kind: Change, At: updated}},
		{event.Closed{}, TimelineEvent{Kind: Close, At: updated}},
		{event.Labeled{Label: "x"}, TimelineEvent{Kind: Label, At: updated, Label: "x"}},
		{event.Unlabeled{Label: "x"}, TimelineEvent{Kind: Unlabel, At: updated, Label: "x"}},
		{event.Reopened{}, TimelineEvent{Kind: Reopen, At: updated}},
		{event.Opened{}, TimelineEvent{}},
		{event.Pinned{}, TimelineEvent{}},
		{event.Due{}, TimelineEvent{}},
	} {
		e := event.Event{Kind: x.kind, Sender: event.User{Login: "bob", Bot: true}, Issue: issue.Snapshot{UpdatedAt: updated}, Received: received}
		got, ok := FromEvent(e, true)
		if x.want.Kind != "" {
			x.want.By, x.want.Bot, x.want.Own = "bob", true, true
		}
		if got != x.want || ok != (x.want.Kind != "") {
			t.Errorf("%s: %+v, want %+v", x.kind, got, x.want)
		}
	}
	if h, _ := FromEvent(event.Event{Kind: event.Closed{}, Received: received}, false); !h.At.Equal(received) {
		t.Errorf("GitHub does not tell when: %v", h.At)
	}
}
