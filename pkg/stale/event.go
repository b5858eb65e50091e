package stale

import (
	"github.com/ddbot/ddbot/pkg/event"
)

var kinds = map[event.Kind]Kind{
	event.CommentCreated: Comment, event.CommentEdited: Edit, event.Edited: Edit,
	event.Assigned: Change, event.Unassigned: Change, event.Milestoned: Change, event.Demilestoned: Change,
	event.Closed:  Change, // pinning does not show in the history that a sweep reads
	event.Labeled: Label, event.Unlabeled: Unlabel, event.Reopened: Reopen,
}

// FromEvent turns a webhook's event into a happening. ok is false for what is none. own says that ddbot itself did it.
func FromEvent(e event.Event, own bool) (h TimelineEvent, ok bool) {
	kind, ok := kinds[e.Kind]
	if !ok {
		return h, false
	}
	h = TimelineEvent{Kind: kind, At: e.Issue.UpdatedAt, By: e.Sender.Login, Bot: !e.ByHuman(), Own: own, Label: e.Label}
	if c := e.Comment; c != nil {
		h.Text, h.ID = c.Body, c.ID
		if h.At = c.UpdatedAt; kind == Comment {
			h.At = c.CreatedAt
		}
	}
	if h.At.IsZero() {
		h.At = e.Received
	}
	return h, true
}
