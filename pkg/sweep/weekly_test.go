package sweep_test

import (
	"context"
	"slices"
	"testing"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// everyWeek are options of a plugin that wants to look once a week.
type everyWeek struct{}

func (everyWeek) EachWeek() bool { return true }

// counted counts what is handed out.
type counted struct {
	sweep.Store
	fresh int
}

func (c *counted) Receive(ctx context.Context, d queue.Delivery) (bool, error) {
	fresh, err := c.Store.Receive(ctx, d)
	if fresh {
		c.fresh++
	}
	return fresh, err
}

// TestWeekly: where a plugin wants it, each tracked issue is handed out once in a week, ten in one sweep at most; else none is.
func TestWeekly(t *testing.T) {
	r := newRig(t)
	store := &counted{Store: r.db}
	r.sweeper.Store, r.sweeper.Weekly = store, true
	for range 12 {
		r.issue()
	}
	wants := false
	r.sweeper.Settings = func(context.Context, issue.Ref, int64) (*plugin.Settings, error) {
		s := r.settings()
		if wants {
			s.Options["other"] = everyWeek{}
		}
		return s, nil
	}
	var got []int
	for _, step := range []func(){func() {}, func() { wants = true }, func() {}, func() {}, func() { r.after(7 * day) }} {
		step()
		before := store.fresh
		r.sweep()
		got = append(got, store.fresh-before)
	}
	if !slices.Equal(got, []int{0, 10, 2, 0, 10}) {
		t.Errorf("handed out %v, want 0 without a plugin that wants it, 10, 2, 0, and 10 a week later", got)
	}
}
