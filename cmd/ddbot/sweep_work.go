package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// sweepWork follows what a sweep handed out, until it is done.
type sweepWork struct {
	repo     issue.Ref
	mu       sync.Mutex
	requests map[string][]string // by GUID: what was planned
	done     map[string][]string // by GUID: what was carried out
	failed   map[string]error    // by GUID: the last failure
	woke     chan struct{}
}

// stuck is how long nothing may get done before a sweep gives up waiting.
const stuck = 5 * time.Minute

func (w *sweepWork) planned(guid string, rs []plan.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.requests == nil {
		w.requests = map[string][]string{}
	}
	w.requests[guid] = plan.Texts(rs)
}

func (w *sweepWork) handle(next queue.Handler) queue.Handler {
	return func(ctx context.Context, b queue.Batch) error {
		err := errOthers
		if w.own(b) {
			err = next(ctx, b)
		}
		w.mu.Lock()
		for _, d := range b.Deliveries() {
			if w.failed == nil {
				w.failed = map[string]error{}
			}
			delete(w.failed, d.GUID)
			if err != nil {
				w.failed[d.GUID] = err
				continue
			}
			w.done[d.GUID] = w.requests[b.Deliveries()[0].GUID]
		}
		w.mu.Unlock()
		select {
		case w.woke <- struct{}{}:
		default:
		}
		if errors.Is(err, errOthers) {
			return &queue.Snooze{For: othersWait, Reason: err}
		}
		return err
	}
}

// othersWait is how long a sweep leaves alone what is not its own: soon a server that takes the same work may have it.
const othersWait = 5 * time.Second

var errOthers = errors.New("people's commands wait there; `ddbot serve` carries them out")

// own tells whether a batch is this sweep's work alone. What people asked for is not done by the way, with the sweep's settings.
func (w *sweepWork) own(b queue.Batch) bool {
	return !slices.ContainsFunc(b.Deliveries(), func(d queue.Delivery) bool {
		ev, ok, err := payload.Decode(d.Event, d.Payload)
		return err != nil || !ok || !event.Is[event.Due](ev.Kind) || !issue.SameLogin(ev.Issue.Ref.FullName(), w.repo.FullName())
	})
}

// wait waits until all that was handed out is done, or has failed for good.
func (w *sweepWork) wait(ctx context.Context, db *store.DB, r *sweep.Report) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	last, since := w.unfinished(r), time.Now()
	for last > 0 && time.Since(since) < stuck && !w.hopeless(r) {
		// Another process on the same database may have done the work, or it is dead.
		if depth, err := db.Depth(ctx); err != nil || depth.Pending == 0 {
			return errors.Join(err, w.learn(ctx, db, r))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stopped with %d issues to go, which the next sweep finds again: %w", last, ctx.Err())
		case <-tick.C:
		case <-w.woke:
		}
		if now := w.unfinished(r); now != last {
			last, since = now, time.Now()
		}
	}
	return nil
}

// learn finds out what became of deliveries that are not in the queue any more.
func (w *sweepWork) learn(ctx context.Context, db *store.DB, r *sweep.Report) error {
	dead, err := db.Dead(ctx)
	if err != nil {
		return err
	}
	is := map[string]string{}
	for _, d := range dead {
		is[d.GUID] = d.LastError
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range r.Findings {
		text, isDead := is[f.GUID]
		_, done := w.done[f.GUID]
		switch {
		case f.GUID == "" || done:
		case isDead:
			if w.failed == nil {
				w.failed = map[string]error{}
			}
			w.failed[f.GUID] = errors.New(firstLine(text))
		default:
			w.done[f.GUID] = []string{"(by another process)"}
		}
	}
	return nil
}

// hopeless tells whether to wait would change nothing: GitHub does not allow what is left, or it is for others.
func (w *sweepWork) hopeless(r *sweep.Report) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, f := range r.Findings {
		err := w.failed[f.GUID]
		if _, done := w.done[f.GUID]; f.GUID != "" && !done && !errors.Is(err, github.ErrForbidden) && !errors.Is(err, errOthers) {
			return false
		}
	}
	return true
}

func (w *sweepWork) unfinished(r *sweep.Report) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, f := range r.Findings {
		if _, done := w.done[f.GUID]; f.GUID != "" && !done {
			n++
		}
	}
	return n
}

// callCount counts calls as they went over the wire.
type callCount struct {
	mu                       sync.Mutex
	Reads, Unchanged, Writes int
	ByRoute                  map[string]int
}

func newCallCount() *callCount { return &callCount{ByRoute: map[string]int{}} }

func (c *callCount) add(call github.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ByRoute[call.Method+" "+call.Route]++
	switch {
	case call.Status == http.StatusNotModified:
		c.Unchanged++
	case call.Changes:
		c.Writes++
	default:
		c.Reads++
	}
}

// progress tells of a long sweep from time to time; a short one says nothing.
func progress(out io.Writer, now func() time.Time) func(what string, done, total int) {
	told := now()
	return func(what string, done, total int) {
		if now().Sub(told) < 2*time.Second {
			return
		}
		told = now()
		fmt.Fprintf(out, "ddbot: %s %d of %d\n", what, done, total)
	}
}
