package worker

import (
	"context"
	"errors"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// Reserve implements store.Taker.
func (w *Worker) Reserve() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.open || !w.alive {
		return false
	}
	select {
	case w.places <- struct{}{}:
		w.running.Add(1)
		return true
	default:
		return false
	}
}

// Free implements store.Taker.
func (w *Worker) Free() {
	<-w.places
	w.running.Done()
	if w.more.Load() {
		w.nudge()
	}
}

// close lets nothing begin any more.
func (w *Worker) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = false
}

// Look implements store.Taker.
func (w *Worker) Look() {
	w.more.Store(true)
	w.nudge()
}

func (w *Worker) nudge() {
	select {
	case w.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// turn is an issue's turn.
type turn struct {
	claim *store.Claim
	next  *store.Work
}

// Take implements store.Taker.
func (w *Worker) Take(c *store.Claim, next *store.Work) { w.turns <- turn{c, next} }

// work works on one issue after the other.
func (w *Worker) work(ctx context.Context) {
	for {
		select {
		case t := <-w.turns:
			w.turn(t)
		case <-ctx.Done():
			return
		}
	}
}

func (w *Worker) turn(t turn) {
	ctx, end := w.begin(w.c.jobTimeout)
	hung := time.AfterFunc(hungAfter, func() { w.replica.Forget(t.claim) })
	defer w.Free()
	defer w.replica.Forget(t.claim)
	defer hung.Stop()
	defer end()
	err := w.drain(ctx, t.claim, t.next)
	if err != nil && !errors.Is(err, queue.ErrLost) {
		w.c.Log.WithError(err).Warn("The database did not take what became of an issue; trying again")
		w.pause(ctx, storeRest)
	}
}

// begin gives the context of something that is cancelled when the worker stops, or must not go on.
func (w *Worker) begin(timeout time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.nth++
	n := w.nth
	w.cancel[n] = cancel
	if !w.alive {
		cancel()
	}
	return ctx, func() {
		cancel()
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.cancel, n)
	}
}

func (w *Worker) cancelAll() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, cancel := range w.cancel {
		cancel()
	}
}

// pause waits, unless ctx ends before.
func (*Worker) pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// dispatch takes what is due and was not admitted.
func (w *Worker) dispatch(ctx context.Context) {
	if w.c.Begin != nil {
		select {
		case <-w.c.Begin:
		case <-ctx.Done():
			return
		}
	}
	defer w.close()
	w.mu.Lock()
	w.open = ctx.Err() == nil
	w.mu.Unlock()
	w.more.Store(true)
	waiting := 0
	for {
		next, err := w.fetch(ctx, &waiting)
		if err != nil {
			if ctx.Err() == nil {
				w.c.Log.WithError(err).Warn("Cannot look for work; trying again")
			}
			w.pause(ctx, storeRest)
		}
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-time.After(next):
		}
	}
}

// looksFor is how many times as much as there are places is looked for: who has no place is not looked for again for each that gets free.
const looksFor = 8

// fetch gives what is due to free places, no more of them than it needs: what is received takes the others. waiting is how much is
// known to be due, and next how long until fetch is to be called again.
func (w *Worker) fetch(ctx context.Context, waiting *int) (next time.Duration, err error) {
	// What comes from now on sets it again.
	w.more.Store(false)
	if *waiting == 0 {
		if *waiting, next, err = w.replica.Due(ctx, looksFor*w.c.Workers, poll); err != nil || *waiting == 0 {
			return max(next, time.Millisecond), err
		}
	}
	w.more.Store(true) // who ends his work says so
	n := 0
	for n < *waiting && w.Reserve() {
		n++
	}
	if n == 0 {
		return poll, nil
	}
	// Being stopped does not interrupt it: what was claimed and nobody knows of would be taken for the work of a killed one.
	asked, cancel := afterwards(ctx)
	defer cancel()
	cs, err := w.replica.Fetch(asked, n)
	for _, c := range cs {
		w.Take(c, nil)
	}
	for range n - len(cs) {
		w.Free()
	}
	if *waiting -= n; *waiting > 0 && len(cs) == n {
		return poll, err
	}
	*waiting = 0 // or others took it
	return time.Millisecond, err
}

// keepAlive gives signs of life, and frees what the dead had in hand. Should the signs not get through, all work is cancelled
// before others take it over.
func (w *Worker) keepAlive(ctx context.Context) {
	hold := time.AfterFunc(holdFor, func() { w.setAlive(false) })
	defer hold.Stop()
	for ctx.Err() == nil {
		err := w.beat(ctx)
		if err == nil {
			hold.Reset(holdFor)
			w.setAlive(true)
			err = w.freeDead(ctx)
		}
		if err != nil && ctx.Err() == nil {
			w.c.Log.WithError(err).Warn("Cannot tell the other replicas that this one lives, or see to those that do not; trying again")
		}
		w.pause(ctx, beatEvery)
	}
}

func (w *Worker) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, beatFor)
	defer cancel()
	return w.c.beat(ctx)
}

func (w *Worker) freeDead(ctx context.Context) error {
	some, err := w.replica.FreeDead(ctx)
	if some {
		w.Look()
	}
	return err
}

// setAlive notes whether others know that we live. If they do not, nothing may go on.
func (w *Worker) setAlive(alive bool) {
	w.mu.Lock()
	changed := w.alive != alive
	w.alive = alive
	w.mu.Unlock()
	switch {
	case changed && alive:
		w.Look()
	case changed:
		w.c.Log.Warn("No sign of life got through to the database for some time: all work is put off, for others may take it over")
		w.cancelAll()
	}
}
