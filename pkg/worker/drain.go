package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"

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
	c, err := d.Store.Claim(ctx, job.Args.Key, d.MaxAttempts)
	if errors.Is(err, store.ErrNotFound) {
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
		if w != nil {
			err = d.handle(ctx, w)
			n += len(w.Deliveries())
		}
		more, err = d.finish(ctx, c, w, err, store.End{Job: job.JobRow, Last: n >= drainMax || begin.Err() != nil})
		if err != nil {
			return err
		}
	}
	return nil
}

// handle calls the handler; its panic becomes an error.
func (d *drainer) handle(ctx context.Context, w *store.Work) (err error) {
	start := d.Now()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		d.Observe(Outcome{
			Key: w.Key(), Deliveries: len(w.Deliveries()), Err: err,
			Took: d.Now().Sub(start), Waited: start.Sub(w.Deliveries()[0].ReceivedAt),
		})
	}()
	return d.Handle(ctx, w)
}

// finish does what the package comment says for the handler's result. An error ends the job.
func (d *drainer) finish(ctx context.Context, c *store.Claim, w *store.Work, result error, e store.End) (more bool, err error) {
	ctx2, cancel := afterwards(ctx)
	defer cancel()
	var snooze *store.Snooze
	switch {
	case result == nil:
		return c.Ack(ctx2, w, e)
	case errors.Is(result, store.ErrLost):
		return false, result
	case errors.As(result, &snooze):
		d.Log.WithField("key", w.Key()).WithField("for", snooze.For).WithError(snooze.Reason).Info("Issue put off")
		return false, d.rest(ctx, c, max(snooze.For, 0))
	case errors.Is(ctx.Err(), context.Canceled):
		return false, d.pause(ctx, c, result)
	case ctx.Err() != nil && w.Progress():
		return false, d.rest(ctx, c, 0)
	}
	f, err := c.Fail(ctx2, w, result, e)
	if err != nil {
		return false, err
	}
	log := d.Log.WithField("key", w.Key()).WithField("guid", f.GUID).WithField("attempts", f.Attempts).WithError(result)
	if f.Dead {
		log.Error("Delivery is dead: given up after its last attempt")
		return f.More, nil
	}
	log.Warn("Delivery failed, will be tried again")
	return false, river.JobSnooze(d.Backoff(f.Attempts))
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
