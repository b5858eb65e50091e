package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// drainer works on the deliveries of one key, batch by batch.
type drainer struct {
	river.WorkerDefaults[store.DrainArgs]
	Config
}

// Work drains the key. It returns nil only when a transaction has completed the job already: River applies a result without
// asking whose it is, so that of a worker that lost its key must be an error.
func (d *drainer) Work(ctx context.Context, job *river.Job[store.DrainArgs]) error {
	if d.Begin != nil {
		select {
		case <-d.Begin:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	c, err := d.Store.Claim(ctx, job.Args.Key, d.MaxAttempts)
	if errors.Is(err, queue.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	begin, cancel := context.WithTimeout(ctx, drainFor)
	defer cancel()
	for n, more := 0, true; more; {
		if ctx.Err() != nil {
			return d.pause(ctx, c, context.Cause(ctx))
		}
		w, err := c.Next(ctx)
		if err != nil {
			return err
		}
		var o Outcome
		if w != nil {
			o = d.handle(ctx, w)
			n += o.Deliveries
		}
		more, err = d.finish(ctx, c, w, &o, store.End{Job: job.JobRow, Last: n >= drainMax || begin.Err() != nil})
		if w != nil {
			d.Observe(o)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// handle calls the handler; its panic becomes an error.
func (d *drainer) handle(ctx context.Context, w *store.Work) (o Outcome) {
	start, ds := d.Now(), w.Deliveries()
	o = Outcome{First: ds[0], Deliveries: len(ds), Waited: start.Sub(ds[0].ReceivedAt)}
	defer func() {
		if p := recover(); p != nil {
			o.Err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		o.Took = d.Now().Sub(start)
	}()
	o.Err = d.Handle(ctx, w)
	return o
}

// finish does what the package comment says for the handler's result. An error ends the job.
func (d *drainer) finish(ctx context.Context, c *store.Claim, w *store.Work, o *Outcome, e store.End) (more bool, err error) {
	ctx2, cancel := afterwards(ctx)
	defer cancel()
	var snooze *queue.Snooze
	switch {
	case o.Err == nil:
		return c.Ack(ctx2, w, e)
	case errors.Is(o.Err, queue.ErrLost):
		return false, o.Err
	case errors.As(o.Err, &snooze):
		return false, d.rest(ctx, c, max(snooze.For, 0))
	case errors.Is(ctx.Err(), context.Canceled):
		return false, d.pause(ctx, c, o.Err)
	case ctx.Err() != nil && w.Progress():
		return false, d.rest(ctx, c, 0)
	}
	if o.Failure, err = c.Fail(ctx2, w, o.Err, e); err != nil {
		return false, err
	}
	if o.Failure.Dead {
		return o.Failure.More, nil
	}
	return false, river.JobSnooze(d.Backoff(o.Failure.Attempts))
}

// rest ends the claim; the same job comes back later. For River this is no failed attempt, whatever the reason: a higher
// count would be of no use, ours is per delivery.
func (d *drainer) rest(ctx context.Context, c *store.Claim, t time.Duration) error {
	ctx, cancel := afterwards(ctx)
	defer cancel()
	if err := c.Release(ctx); err != nil {
		return err
	}
	return river.JobSnooze(t)
}

// pause ends the claim because the process stops; River puts the job back.
func (d *drainer) pause(ctx context.Context, c *store.Claim, cause error) error {
	ctx2, cancel := afterwards(ctx)
	defer cancel()
	if err := c.Release(ctx2); err != nil {
		return err
	}
	return fmt.Errorf("stopped (%w): %w", ctx.Err(), cause)
}

// afterwards gives the context for writing down how the work ended, which it must be even when its own context has.
func afterwards(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), rescueAfter-jobTimeout)
}
