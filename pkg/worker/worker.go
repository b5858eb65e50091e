// Package worker runs the work of pkg/store: it drains the issues that deliveries wait for, several at a time and each of
// them by one worker, and runs what is due on a schedule. River tells it when; what may be written, and by whom, the store
// decides (see store.Claim).
//
// What becomes of a batch:
//
//	the handler returns nil       its deliveries are done, in one transaction with its records and its plan
//	a *store.Snooze               the issue rests for that long; no attempt is counted, however often
//	another error, a panic        one attempt of the first delivery; tried again after Backoff, it alone; dead after MaxAttempts
//	its time is up (30 s)         as an error, unless it noted the answer of a request: then it goes on at once
//	the process is stopped        no attempt; the work is there for the next process
//	the process is killed         counted by itself, up to 10 × MaxAttempts; on SQLite the next process goes on at once, on PostgreSQL another replica
//	                              within about a minute
//
// A delivery for an issue that rests does not wake it: what made it rest, GitHub or our own failure, would hold it, too.
// It waits for the end of the rest.
package worker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"github.com/robfig/cron/v3"
	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// Config is what a worker needs; fields with a default may be left out.
type Config struct {
	Store       *store.DB
	Handle      queue.Handler
	Workers     int // issues that are worked on at a time; 8
	MaxAttempts int // of a delivery; 8
	Periodic    []Periodic
	Log         logrus.FieldLogger
	Backoff     func(attempt int) time.Duration // before the next attempt; Backoff
	Now         func() time.Time                // the store's clock
	SoftStop    time.Duration                   // how long Stop lets handlers finish before it cancels them; 20 s
	Begin       <-chan struct{}                 // issues are drained when it is closed; nil is at once
	Observe     func(Outcome)                   // told of each batch, from several goroutines; the only one who logs failures

	// What only tests change.
	jobTimeout time.Duration
	sweep      cron.Schedule
}

// Outcome is what Observe is told.
type Outcome struct {
	First      queue.Delivery
	Deliveries int
	Err        error         // of the handler
	Failure    store.Failure // what that means for the first delivery, if it was counted as a failed attempt
	Took       time.Duration
	Waited     time.Duration // from the receipt of the first delivery until the handler was called
}

const (
	jobTimeout  = 30 * time.Second       // the context of a drain ends
	rescueAfter = 35 * time.Second       // who has been silent for that long is taken for dead
	drainFor    = 20 * time.Second       // no further batch is begun: it would have too little time
	drainMax    = 100                    // deliveries of one issue before others get their turn
	cooldown    = 5 * time.Millisecond   // between two fetches of jobs
	poll        = 500 * time.Millisecond // looks for jobs that nobody announced: the end of a rest
	keepJobs    = time.Hour              // how long River keeps finished jobs: the deliveries are the record, not they
)

// Worker is a running worker.
type Worker struct{ client store.Client }

// Start starts to work. Cancelling ctx begins to stop; call Stop to wait for the end.
func Start(ctx context.Context, c Config) (*Worker, error) {
	if c.Store == nil || c.Handle == nil || c.Log == nil {
		return nil, errors.New("start worker: Store, Handle and Log are needed")
	}
	c = c.withDefaults()
	periodic, err := withSweep(c)
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	workers := river.NewWorkers()
	err = errors.Join(
		river.AddWorkerSafely(workers, &drainer{Config: c}),
		river.AddWorkerSafely(workers, &ticker{Config: c, periodic: periodic}),
	)
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	client, err := c.Store.NewClient(&river.Config{
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: c.Workers},
			tickQueue:          {MaxWorkers: tickWorkers, FetchPollInterval: time.Second},
		},
		Workers:                     workers,
		PeriodicJobs:                periodicJobs(periodic),
		JobTimeout:                  c.jobTimeout,
		RescueStuckJobsAfter:        rescueAfter,
		SoftStopTimeout:             c.SoftStop,
		FetchCooldown:               cooldown,
		FetchPollInterval:           poll,
		CompletedJobRetentionPeriod: keepJobs,
	})
	if err == nil {
		err = client.Start(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	return &Worker{client}, nil
}

func (c Config) withDefaults() Config {
	if c.Workers == 0 {
		c.Workers = 8
	}
	if c.MaxAttempts == 0 {
		c.MaxAttempts = 8
	}
	if c.Backoff == nil {
		c.Backoff = Backoff
	}
	if c.Now == nil {
		c.Now = c.Store.Now
	}
	if c.SoftStop == 0 {
		c.SoftStop = 20 * time.Second
	}
	if c.Observe == nil {
		c.Observe = func(Outcome) {}
	}
	if c.jobTimeout == 0 {
		c.jobTimeout = jobTimeout
	}
	if c.sweep == nil {
		c.sweep = every{time.Minute}
	}
	return c
}

// hardStop is what handlers get whose context was cancelled.
const hardStop = 5 * time.Second

// Stop begins nothing new, lets handlers finish for Config.SoftStop, or until ctx is done if that is sooner, and then
// cancels their contexts. What is not done stays in the queue.
func (w *Worker) Stop(ctx context.Context) error {
	err := w.client.Stop(ctx)
	if err != nil {
		hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), hardStop)
		defer cancel()
		err = w.client.StopAndCancel(hard)
	}
	if err != nil {
		return fmt.Errorf("stop worker: a handler does not return: %w", err)
	}
	return nil
}

// Backoff is attempt^4 seconds, at most an hour, with up to a tenth more so that failures do not come back together.
func Backoff(attempt int) time.Duration {
	d := time.Hour
	if attempt < 8 {
		d = time.Duration(attempt*attempt*attempt*attempt) * time.Second
	}
	return d + rand.N(d/10+1)
}
