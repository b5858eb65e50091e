package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// drain works on the deliveries of one key, batch by batch, until none waits or others have to get their turn. next may be nil:
// then it is to be loaded.
func (w *Worker) drain(ctx context.Context, c *store.Claim, next *store.Work) (err error) {
	begin, cancel := context.WithTimeout(ctx, drainFor)
	defer cancel()
	for n, more := 0, true; more; next = nil {
		if ctx.Err() != nil {
			return w.rest(ctx, c, 0)
		}
		if next == nil {
			if next, err = c.Next(ctx); err != nil {
				return err
			}
		}
		var o Outcome
		if next != nil {
			o = w.handle(ctx, next)
			n += o.Deliveries
		}
		more, err = w.finish(ctx, c, next, &o, store.End{Last: n >= drainMax || begin.Err() != nil, Rest: w.c.Backoff})
		if next != nil {
			w.c.Observe(o)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// handle calls the handler; its panic becomes an error.
func (w *Worker) handle(ctx context.Context, b *store.Work) (o Outcome) {
	start, ds := w.c.Now(), b.Deliveries()
	o = Outcome{First: ds[0], Deliveries: len(ds), Waited: start.Sub(ds[0].ReceivedAt)}
	defer func() {
		if p := recover(); p != nil {
			o.Err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		o.Took = w.c.Now().Sub(start)
	}()
	o.Err = w.c.Handle(ctx, b)
	return o
}

// finish does what the package comment says for the handler's result. An error tells that the claim has not ended in order.
func (w *Worker) finish(ctx context.Context, c *store.Claim, b *store.Work, o *Outcome, e store.End) (more bool, err error) {
	ctx2, cancel := afterwards(ctx)
	defer cancel()
	var snooze *queue.Snooze
	switch {
	case o.Err == nil:
		if more, err = c.Ack(ctx2, b, e); errors.Is(err, queue.ErrLost) {
			o.Err = err
		}
		return more, err
	case errors.Is(o.Err, queue.ErrLost):
		return false, o.Err
	case errors.As(o.Err, &snooze):
		return false, w.rest(ctx, c, max(snooze.For, 0))
	case errors.Is(ctx.Err(), context.Canceled), ctx.Err() != nil && b.Progress():
		return false, w.rest(ctx, c, 0)
	}
	o.Failure, err = c.Fail(ctx2, b, o.Err, e)
	w.nudge() // it may rest for a shorter time than we would sleep
	return o.Failure.More, err
}

// rest ends the claim; the key is due again later.
func (w *Worker) rest(ctx context.Context, c *store.Claim, t time.Duration) error {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	defer w.nudge() // it may be for a shorter time than we would sleep
	return c.Release(ctx, t)
}

// afterwards gives the context for writing down how the work ended, which it must be even when its own context has.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), hungAfter-jobTimeout)
}
