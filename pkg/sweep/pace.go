package sweep

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
)

// Limits are how many writes a sweep causes at most. GitHub asks for one second between writes, and for no more than 80
// requests a minute and 500 an hour that make content (docs.github.com, "Best practices for using the REST API" and
// "Rate limits for the REST API"). Labels are counted, too.
type Limits struct{ PerSecond, PerMinute, PerHour int }

// DefaultLimits are GitHub's.
var DefaultLimits = Limits{PerSecond: 1, PerMinute: 80, PerHour: 500}

// Pacer keeps the pace. Work is handed out at it, so that the queue never fills with what must wait, and commands of
// people go before. What was handed out in the last hour is remembered in the store, for a restart.
type Pacer struct {
	Limits Limits
	Store  queue.Records
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error // nil sleeps

	mu sync.Mutex
}

// errSpent says that the next write must wait for longer than a sweep should.
var errSpent = errors.New("the hour's writes are used up")

// patience is how long a sweep waits for its turn.
const patience = 2 * time.Minute

const paceID = "writes"

// Wait waits until so many writes are allowed, and counts them.
func (p *Pacer) Wait(ctx context.Context, writes int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	// One time for each write, in order; the last ones may lie ahead, and some may be another replica's.
	given, _, err := load[[]time.Time](ctx, p.Store, paceKind, paceID)
	if err != nil {
		return err
	}
	now := p.Now()
	given = slices.DeleteFunc(given, func(t time.Time) bool { return !t.After(now.Add(-time.Hour)) })
	at := p.next(given, now, writes)
	if at.Sub(now) > patience {
		return errSpent
	}
	for n := range writes {
		given = append(given, at.Add(time.Duration(n)*p.gap()))
	}
	r, err := record(paceKind, paceID, given)
	if err == nil {
		err = p.Store.PutAll(ctx, r)
	}
	if err != nil {
		return err
	}
	return sleep(ctx, p.Sleep, at.Sub(now))
}

// next is the first moment at which so many writes more fit into each of the windows.
func (p *Pacer) next(given []time.Time, now time.Time, writes int) time.Time {
	at := now
	if n := len(given); n > 0 {
		at = maxTime(at, given[n-1].Add(p.gap()))
	}
	for _, w := range []struct {
		limit int
		long  time.Duration
	}{{p.Limits.PerMinute, time.Minute}, {p.Limits.PerHour, time.Hour}} {
		// The write that must have left the window before the last of ours comes in.
		if n := len(given) + writes - w.limit - 1; w.limit > 0 && n >= 0 {
			at = maxTime(at, given[min(n, len(given)-1)].Add(w.long))
		}
	}
	return at
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (p *Pacer) gap() time.Duration { return p.Limits.Gap() }

// Gap is the time from one write to the next.
func (l Limits) Gap() time.Duration { return time.Second / time.Duration(max(l.PerSecond, 1)) }

func sleep(ctx context.Context, with func(context.Context, time.Duration) error, d time.Duration) error {
	switch {
	case d <= 0:
		return nil
	case with != nil:
		return with(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
