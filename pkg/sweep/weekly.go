package sweep

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
)

// weekly are options of plugins that look at tracked issues once a week.
type weekly interface{ EachWeek() bool }

// maxWeekly is how many issues one sweep hands out for that: each may cost some dozen reads, and there are many sweeps a week.
const maxWeekly = 10

// week hands each tracked issue out once in a calendar week, if a plugin wants that. A second time is known by its GUID.
func (r *run) week(ctx context.Context) error {
	if !r.Weekly || r.DryRun || !r.wantsWeek() {
		return nil
	}
	year, week := r.started.UTC().ISOWeek()
	handed := 0
	for _, n := range slices.Sorted(maps.Keys(r.books)) {
		b := r.books[n]
		if handed == maxWeekly || b.PullRequest || b.RepoID == 0 {
			continue
		}
		key := event.Key(b.RepoID, n)
		raw, err := payload.OwnPayload(event.Weekly, b.Snapshot, r.Installation, nil)
		if err != nil {
			return err
		}
		fresh, err := r.Store.Receive(ctx, queue.Delivery{
			GUID: fmt.Sprintf("weekly-%s-%d-%02d", key, year, week), Key: key, Event: payload.OwnEvent, Payload: raw, ReceivedAt: r.Now(),
		})
		if err != nil {
			return err
		}
		if fresh {
			handed++
		}
	}
	return nil
}

func (r *run) wantsWeek() bool {
	for _, o := range r.settings.Options {
		if w, ok := o.(weekly); ok && w.EachWeek() {
			return true
		}
	}
	return false
}
