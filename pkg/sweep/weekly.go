package sweep

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Options of plugins that look at tracked issues once a week, or once a day.
type (
	weekly interface{ EachWeek() bool }
	daily  interface{ EachDay() bool }
)

// regular is how often an issue is handed out, and the name of the week or day, by which a second time is known.
type regular struct {
	kind event.Own
	name func(time.Time) string
}

// regulars are what the plugins want.
func regulars(s *plugin.Settings) (out []regular) {
	wants := func(is func(any) bool) bool {
		for _, o := range s.Options {
			if is(o) {
				return true
			}
		}
		return false
	}
	if wants(func(o any) bool { d, ok := o.(daily); return ok && d.EachDay() }) {
		out = append(out, regular{event.Daily{}, func(t time.Time) string { return t.UTC().Format(time.DateOnly) }})
	}
	if wants(func(o any) bool { w, ok := o.(weekly); return ok && w.EachWeek() }) {
		out = append(out, regular{event.Weekly{}, func(t time.Time) string {
			year, week := t.UTC().ISOWeek()
			return fmt.Sprintf("%d-%02d", year, week)
		}})
	}
	return out
}

// maxRegular is how many issues one sweep hands out for each: each may cost some dozen reads, and there are many sweeps a day.
const maxRegular = 10

// hand hands each tracked issue out, as often as plugins want that.
func (r *run) hand(ctx context.Context) error {
	if !r.Weekly || r.DryRun {
		return nil
	}
	for _, reg := range regulars(r.settings) {
		handed := 0
		for _, n := range slices.Sorted(maps.Keys(r.books)) {
			b := r.books[n]
			if handed == maxRegular || b.PullRequest || b.RepoID == 0 {
				continue
			}
			key := event.Key(b.RepoID, n)
			raw, err := payload.OwnPayload(reg.kind, b.Snapshot, r.Installation)
			if err != nil {
				return err
			}
			fresh, err := r.Store.Receive(ctx, queue.Delivery{
				GUID: fmt.Sprintf("%s-%s-%s", reg.kind, key, reg.name(r.started)), Key: key, Event: payload.OwnEvent, Payload: raw, ReceivedAt: r.Now(),
			})
			if err != nil {
				return err
			}
			if fresh {
				handed++
			}
		}
	}
	return nil
}
