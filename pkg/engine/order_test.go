package engine

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

// TestInOrder: events go by their time; within one second comments go by their ids, in the places that comments have, to the
// very end of the batch, and nothing else moves.
func TestInOrder(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"by time", "c1@2 x@0 c2@1", "x@0 c2@1 c1@2"},
		{"one second, by id", "c9@1 c3@1 c5@1", "c3@1 c5@1 c9@1"},
		{"the last second of several", "c1@0 c9@1 c3@1", "c1@0 c3@1 c9@1"},
		{"the first second of several", "c9@0 c3@0 c1@1", "c3@0 c9@0 c1@1"},
		{"what is no comment keeps its place", "c9@1 x@1 c3@1", "c3@1 x@1 c9@1"},
		{"a comment of a later second is of another row", "c9@0 c3@1 c1@2", "c9@0 c3@1 c1@2"},
		{"nothing", "", ""},
	} {
		var events []event.Event
		for _, w := range strings.Fields(c.in) {
			var id, second int64
			_, comment := fmt.Sscanf(w, "c%d@%d", &id, &second)
			if _, err := fmt.Sscanf(w, "x@%d", &second); err != nil && comment != nil {
				t.Fatal(err)
			}
			at := time.Unix(1000+second, 0)
			ev := event.Event{Kind: event.Labeled{}, Delivery: w, Issue: issue.Snapshot{UpdatedAt: at}}
			if comment == nil {
				ev.Kind = event.CommentCreated{Comment: event.Comment{ID: id, CreatedAt: at}}
			}
			events = append(events, ev)
		}
		inOrder(events)
		var got []string
		for _, ev := range events {
			got = append(got, ev.Delivery)
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: %s, want %s", c.name, s, c.want)
		}
	}
}

// TestNewest: the issue is as the latest payload shows it, wherever in the batch that stands; of the same time the last counts.
func TestNewest(t *testing.T) {
	at := func(title string, second int64) event.Event {
		return event.Event{Issue: issue.Snapshot{Title: title, UpdatedAt: time.Unix(second, 0)}}
	}
	for want, events := range map[string][]event.Event{
		"b": {at("a", 1), at("b", 3), at("c", 2)},
		"d": {at("a", 1), at("d", 1)},
	} {
		if got := newest(events).Title; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
