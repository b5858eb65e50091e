package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/ddbot/ddbot/pkg/queue"
)

// Periodic is something to do on a schedule, by one replica. A tick that was missed, because nothing ran or the work failed,
// is done once and late, with the time of the latest one. The same tick may be done twice after a crash. Schedules that
// name no time zone are in UTC.
type Periodic struct {
	Name     string
	Schedule cron.Schedule
	// Run does the work of the tick that was due. An error is retried, a *store.Snooze after its time.
	Run     func(ctx context.Context, due time.Time) error
	Timeout time.Duration // of Run; 10 min
}

const (
	tickTimeout = 10 * time.Minute
	tickLook    = 2 * time.Second // between two looks at a tick that is due and that another replica runs
)

// every is a schedule on a grid of absolute times, so that all replicas see the same ticks. cron's own "@every" counts
// from when it is asked.
type every struct{ d time.Duration }

func (e every) Next(t time.Time) time.Time { return t.Truncate(e.d).Add(e.d) }

// onGrid checks the periodic work and puts it on the common grid.
func onGrid(ps []Periodic) ([]Periodic, error) {
	ps = slices.Clone(ps)
	seen := map[string]bool{}
	for i := range ps {
		p := &ps[i]
		if p.Name == "" || p.Schedule == nil || p.Run == nil || seen[p.Name] {
			return nil, fmt.Errorf("periodic work %q needs a name of its own, a schedule and what to run", p.Name)
		}
		seen[p.Name] = true
		if e, ok := p.Schedule.(cron.ConstantDelaySchedule); ok {
			p.Schedule = every{e.Delay}
		}
		if p.Timeout == 0 {
			p.Timeout = tickTimeout
		}
	}
	return ps, nil
}

// keepTime runs what is due of one schedule until ctx ends.
func (w *Worker) keepTime(ctx context.Context, p Periodic) {
	for failures := 0; ctx.Err() == nil; {
		wait, failed, err := w.tick(ctx, p, failures+1)
		switch {
		case err != nil && ctx.Err() == nil:
			w.c.Log.WithField("periodic", p.Name).WithError(err).Warn("The database does not say what is due; trying again")
			wait = storeRest
		case failed:
			failures++
		default:
			failures = 0
		}
		w.pause(ctx, wait)
	}
}

// tick runs what is due of a schedule, if nobody else does. wait is how long it is until the next look. An error is the store's.
func (w *Worker) tick(ctx context.Context, p Periodic, attempt int) (wait time.Duration, failed bool, err error) {
	last, err := w.c.Store.LastTick(ctx, p.Name)
	if err != nil {
		return 0, false, err
	}
	now := w.c.Now().UTC()
	due := latest(p.Schedule, last, now)
	if due.IsZero() {
		return until(p.Schedule, now), false, nil
	}
	t, err := w.replica.BeginTick(ctx, p.Name, due)
	if err != nil || t == nil {
		return tickLook, false, err
	}
	work, end := w.begin(p.Timeout)
	defer end()
	cause := run(work, p, due)
	after, cancel := afterwards(work)
	defer cancel()
	var snooze *queue.Snooze
	switch {
	case cause == nil:
		return 0, false, t.Done(after)
	case errors.As(cause, &snooze):
		w.c.Log.WithField("periodic", p.Name).WithField("for", snooze.For).WithError(snooze.Reason).Info("Periodic work put off")
		wait = max(snooze.For, 0)
	case !errors.Is(work.Err(), context.Canceled): // else the next process goes on
		w.c.Log.WithField("periodic", p.Name).WithField("due", due).WithError(cause).Error("Periodic work failed")
		// The next tick is another attempt.
		wait, failed = min(w.c.Backoff(attempt), until(p.Schedule, w.c.Now().UTC())), true
	}
	return wait, failed, t.Rest(after, wait)
}

// until is how long it is until the next tick.
func until(s cron.Schedule, now time.Time) time.Duration {
	next := s.Next(now)
	if next.IsZero() {
		return ages
	}
	return next.Sub(now)
}

// ages is long enough for what never comes.
const ages = 1000 * time.Hour

func run(ctx context.Context, p Periodic, due time.Time) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v\n%s", v, debug.Stack())
		}
	}()
	return p.Run(ctx, due)
}

// latest gives the last tick after last and not after now, zero if there is none. It looks in windows that end now and grow,
// so that a long absence does not cost a step for each missed tick.
func latest(s cron.Schedule, last, now time.Time) (due time.Time) {
	for window := time.Minute; due.IsZero() && last.Before(now); window *= 2 {
		from := now.Add(-window)
		if from.Before(last) {
			from = last
		}
		for t := s.Next(from); !t.IsZero() && !t.After(now); t = s.Next(t) {
			due = t
		}
		if from.Equal(last) {
			break
		}
	}
	return due
}
