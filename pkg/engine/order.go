package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
)

// decode reads the batch. What cannot be read was accepted by mistake: it ends among the dead letters, where it can be
// looked at and replayed.
func decode(b queue.Batch) ([]event.Event, error) {
	var events []event.Event
	for _, d := range b.Deliveries() {
		if d.Damaged != nil {
			return nil, fmt.Errorf("delivery %s: %w", d.GUID, d.Damaged)
		}
		ev, ok, err := payload.Decode(d.Event, d.Payload)
		if err != nil {
			return nil, fmt.Errorf("delivery %s: %w", d.GUID, err)
		}
		if ok {
			ev.Delivery, ev.Received, ev.Catchup = d.GUID, d.ReceivedAt, strings.HasPrefix(d.GUID, event.CatchupGUID)
			events = append(events, ev)
		}
	}
	inOrder(events)
	return events, nil
}

// inOrder puts events into the order in which they happened: GitHub promises none, and what was missed comes late. Within
// one second comments go by their ids, and nothing else can be told.
func inOrder(events []event.Event) {
	slices.SortStableFunc(events, func(a, b event.Event) int { return a.At().Compare(b.At()) })
	var places []int // of the comments of one second
	for i := 0; i <= len(events); i++ {
		if len(places) > 0 && (i == len(events) || !events[i].At().Equal(events[places[0]].At())) {
			comments := make([]event.Event, len(places))
			for n, at := range places {
				comments[n] = events[at]
			}
			slices.SortStableFunc(comments, func(a, b event.Event) int { return cmp.Compare(commentID(a), commentID(b)) })
			for n, at := range places {
				events[at] = comments[n]
			}
			places = nil
		}
		if i < len(events) && commentID(events[i]) != 0 {
			places = append(places, i)
		}
	}
}

// commentID is 0 for what is not about a comment.
func commentID(e event.Event) int64 {
	c, _ := e.Comment()
	return c.ID
}

// newest is the issue as the latest of the payloads shows it; GitHub does not promise order.
func newest(events []event.Event) issue.Snapshot {
	s := events[len(events)-1].Issue
	for _, ev := range events {
		if ev.Issue.UpdatedAt.After(s.UpdatedAt) {
			s = ev.Issue
		}
	}
	return s
}
