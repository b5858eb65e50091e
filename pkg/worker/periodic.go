package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/robfig/cron/v3"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
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
	tickQueue    = "periodic" // of its own: long sweeps and deliveries do not take each other's workers
	tickWorkers  = 4
	tickTimeout  = 10 * time.Minute
	tickAttempts = 8 // in some 80 minutes; afterwards the schedule's next tick makes a new job
	// tickEarly is by how much River's clock may be ahead of ours.
	tickEarly = time.Second
)

// every is a schedule on a grid of absolute times, so that all replicas see the same ticks. cron's own "@every" counts
// from when it is asked.
type every struct{ d time.Duration }

func (e every) Next(t time.Time) time.Time { return t.Truncate(e.d).Add(e.d) }

// withSweep checks the periodic work and adds the store's own.
func withSweep(c Config) ([]Periodic, error) {
	ps := append([]Periodic{{
		Name:     "requeue-orphans",
		Schedule: c.sweep,
		Run:      func(ctx context.Context, _ time.Time) error { return c.Store.RequeueOrphans(ctx) },
	}}, c.Periodic...)
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

// periodicJobs has River's leader insert a job at each tick, and when it becomes leader, for what was missed.
func periodicJobs(ps []Periodic) []*river.PeriodicJob {
	jobs := make([]*river.PeriodicJob, len(ps))
	for i, p := range ps {
		args := func() (river.JobArgs, *river.InsertOpts) { return tickArgs{p.Name}, nil }
		jobs[i] = river.NewPeriodicJob(p.Schedule, args, &river.PeriodicJobOpts{RunOnStart: true})
	}
	return jobs
}

// tickArgs is the job that runs what is due of one schedule.
type tickArgs struct {
	Name string `json:"name" river:"unique"`
}

func (tickArgs) Kind() string { return "tick" }

func (tickArgs) InsertOpts() river.InsertOpts {
	o := store.UniqueJob()
	o.Queue, o.MaxAttempts = tickQueue, tickAttempts
	return o
}

type ticker struct {
	river.WorkerDefaults[tickArgs]
	Config
	periodic []Periodic
}

func (t *ticker) find(name string) (Periodic, bool) {
	for _, p := range t.periodic {
		if p.Name == name {
			return p, true
		}
	}
	return Periodic{}, false
}

func (t *ticker) Timeout(job *river.Job[tickArgs]) time.Duration {
	p, _ := t.find(job.Args.Name)
	return p.Timeout
}

func (t *ticker) Work(ctx context.Context, job *river.Job[tickArgs]) error {
	p, ok := t.find(job.Args.Name)
	if !ok {
		return river.JobCancel(fmt.Errorf("no periodic work %q in this version or configuration", job.Args.Name))
	}
	last, err := t.Store.LastTick(ctx, p.Name)
	if err != nil {
		return err
	}
	now := t.Now().UTC()
	due := latest(p.Schedule, last, now)
	if due.IsZero() {
		if next := p.Schedule.Next(now); !next.IsZero() && next.Sub(now) <= tickEarly {
			return river.JobSnooze(next.Sub(now))
		}
		return nil
	}
	err = run(ctx, p, due)
	var snooze *queue.Snooze
	switch {
	case err == nil:
		after, cancel := afterwards(ctx)
		defer cancel()
		return t.Store.Ticked(after, p.Name, due, job.JobRow)
	case errors.As(err, &snooze):
		t.Log.WithField("periodic", p.Name).WithField("for", snooze.For).WithError(snooze.Reason).Info("Periodic work put off")
		return river.JobSnooze(max(snooze.For, 0))
	case !errors.Is(ctx.Err(), context.Canceled):
		t.Log.WithField("periodic", p.Name).WithField("due", due).WithError(err).Error("Periodic work failed")
	}
	return err
}

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
