// Package worker runs the work of pkg/store: it drains the issues that deliveries wait for, several at a time and each of
// them by one worker, and runs what is due on a schedule. What may be written, and by whom, the store decides (see store.Claim).
//
// What is received while a place is free begins at once (see store.DB.Admit). All else is found in the database, which is
// looked into when a place becomes free, when something is due that was put off, and twice a second for what others left.
//
// What becomes of a batch:
//
//	the handler returns nil       its deliveries are done, in one transaction with its records and its plan
//	a *store.Snooze               the issue rests for that long; no attempt is counted, however often
//	another error, a panic        one attempt of the first delivery; tried again after Backoff, it alone; dead after MaxAttempts
//	its time is up (30 s)         as an error, unless it noted the answer of a request: then it goes on at once
//	the process is stopped        no attempt; the work is there for the next process
//	the process is killed         counted by itself, up to 10 × MaxAttempts; on SQLite the next process goes on at once, on PostgreSQL another replica
//	                              within about seven seconds
//
// A delivery for an issue that rests does not wake it: what made it rest, GitHub or our own failure, would hold it, too.
// It waits for the end of the rest.
package worker

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// Config is what a worker needs; fields with a default may be left out.
type Config struct {
	Store       *store.DB
	Handle      queue.Handler
	Workers     int // issues that are worked on at a time; 16
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
	beat       func(context.Context) error // gives a sign of life
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
	jobTimeout = 30 * time.Second       // the context of a drain ends
	hungAfter  = 35 * time.Second       // a drain that has not ended by then has lost its claim
	drainFor   = 20 * time.Second       // no further batch is begun: it would have too little time
	drainMax   = 100                    // deliveries of one issue before others get their turn
	poll       = 500 * time.Millisecond // between two looks for what nobody told us of
	storeRest  = 5 * time.Second        // between two tries while the database does not do what it should

	// A replica gives a sign of life every second. Who could not for holdFor stops working before others, after store.Alive,
	// take it for dead: beatFor + holdFor < store.Alive.
	beatEvery = time.Second
	beatFor   = 1500 * time.Millisecond
	holdFor   = 3500 * time.Millisecond
)

// Worker is a running worker.
type Worker struct {
	c       Config
	replica *store.Replica
	places  chan struct{} // taken ones
	turns   chan turn     // for who stands there
	wake    chan struct{}
	more    atomic.Bool        // something is due for which no place was free
	stop    context.CancelFunc // begins nothing new
	dead    context.CancelFunc // gives no more signs of life
	running sync.WaitGroup     // what begins new, and what is under way
	living  sync.WaitGroup

	mu     sync.Mutex
	open   bool                          // work may begin
	alive  bool                          // others know that we live
	cancel map[uint64]context.CancelFunc // of all that is under way
	nth    uint64
}

// Start starts to work. Cancelling ctx begins to stop; call Stop to wait for the end.
func Start(ctx context.Context, c Config) (*Worker, error) {
	if c.Store == nil || c.Handle == nil || c.Log == nil {
		return nil, errors.New("start worker: Store, Handle and Log are needed")
	}
	c = c.withDefaults()
	periodic, err := onGrid(c.Periodic)
	if err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	w := &Worker{c: c, places: make(chan struct{}, c.Workers), turns: make(chan turn), wake: make(chan struct{}, 1), alive: true, cancel: map[uint64]context.CancelFunc{}}
	if w.replica, err = c.Store.Join(ctx, c.MaxAttempts, w); err != nil {
		return nil, fmt.Errorf("start worker: %w", err)
	}
	if w.c.beat == nil {
		w.c.beat = w.replica.Beat
	}
	living, end := context.WithCancel(context.WithoutCancel(ctx)) // while work is under way, whoever wants it to end
	w.dead = end
	w.living.Go(func() { w.keepAlive(living) })
	for range c.Workers { // they stay: a new goroutine's stack would have to grow anew each time
		w.living.Go(func() { w.work(living) })
	}
	ctx, w.stop = context.WithCancel(ctx)
	w.running.Go(func() { w.dispatch(ctx) })
	for _, p := range periodic {
		w.running.Go(func() { w.keepTime(ctx, p) })
	}
	return w, nil
}

func (c Config) withDefaults() Config {
	if c.Workers == 0 {
		c.Workers = 16
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
	return c
}

// hardStop is what handlers get whose context was cancelled.
const hardStop = 5 * time.Second

// Stop begins nothing new, lets handlers finish for Config.SoftStop, or until ctx is done if that is sooner, and then
// cancels their contexts. What is not done stays in the queue.
func (w *Worker) Stop(ctx context.Context) error {
	w.stop()
	w.close()
	done := make(chan struct{})
	go func() { w.running.Wait(); close(done) }()
	soft, cancel := context.WithTimeout(ctx, w.c.SoftStop)
	defer cancel()
	select {
	case <-done:
	case <-soft.Done():
		w.cancelAll()
	}
	hard, cancel := context.WithTimeout(context.WithoutCancel(ctx), hardStop)
	defer cancel()
	select {
	case <-done:
	case <-hard.Done():
		return errors.New("stop worker: a handler does not return")
	}
	w.dead()
	w.living.Wait()
	if err := w.replica.Leave(hard); err != nil {
		return fmt.Errorf("stop worker: %w", err)
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
