package stale

import (
	"github.com/ddbot/ddbot/pkg/event"
)

// KindOf gives the kind of happening that an event is, "" if it is none.
func KindOf(k event.Kind) Kind {
	switch k.(type) {
	case event.CommentCreated:
		return Comment
	case event.CommentEdited, event.Edited:
		return Edit
	case event.Assigned, event.Unassigned, event.Milestoned, event.Demilestoned:
		return Change // pinning does not show in the history that a sweep reads
	case event.Closed:
		return Close
	case event.Labeled:
		return Label
	case event.Unlabeled:
		return Unlabel
	case event.Reopened:
		return Reopen
	}
	return ""
}

// FromEvent turns a webhook's event into a happening. ok is false for what is none. own says that ddbot itself did it.
func FromEvent(e event.Event, own bool) (h TimelineEvent, ok bool) {
	kind := KindOf(e.Kind)
	if kind == "" {
		return h, false
	}
	h = TimelineEvent{Kind: kind, At: e.Issue.UpdatedAt, By: e.Sender.Login, Bot: !e.ByHuman(), Own: own}
	h.Label, _ = e.Label()
	if c, ok := e.Comment(); ok {
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
