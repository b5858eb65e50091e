package worker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

// never is a schedule without ticks.
type never struct{}

func (never) Next(time.Time) time.Time { return time.Time{} }

func TestWorker(t *testing.T) {
	storetest.Each(t, func(t *testing.T, fresh storetest.Fresh) {
		for _, test := range []struct {
			name string
			run  func(*rig)
		}{
			{"no wake-up is lost", (*rig).wakeUps},
			{"poison", (*rig).poison},
			{"panic", (*rig).panics},
			{"snooze", (*rig).snooze},
			{"plan resumed", (*rig).resume},
			{"time is up", (*rig).timeUp},
			{"stop", (*rig).stopClean},
			{"stop cancels", (*rig).stopCancels},
			{"others get their turn", (*rig).turns},
			{"lost key", (*rig).lost},
			{"cron once", (*rig).cronOnce},
			{"cron missed", (*rig).cronMissed},
			{"cron fails", (*rig).cronFails},
		} {
			t.Run(test.name, func(t *testing.T) {
				t.Parallel() // most of them wait
				url := fresh(t)
				test.run(&rig{T: t, url: url, db: storetest.Open(t, url)})
			})
		}
	})
}

// rig is one test: a store, and what its handlers saw.
type rig struct {
	*testing.T
	url string
	db  *store.DB

	mu   sync.Mutex
	seen []string // GUIDs in the order in which they were handled
}

func (r *rig) must(err error) {
	r.Helper()
	if err != nil {
		r.Fatal(err)
	}
}

// start starts a worker that hardly backs off; it stops with the test.
func (r *rig) start(c Config) *Worker {
	r.Helper()
	if c.Store == nil {
		c.Store = r.db
	}
	c.Log = storetest.Quiet()
	if c.Backoff == nil {
		c.Backoff = func(int) time.Duration { return time.Millisecond }
	}
	if c.Handle == nil {
		c.Handle = r.note
	}
	w, err := Start(context.Background(), c)
	r.must(err)
	r.Cleanup(func() {
		if err := w.Stop(context.Background()); err != nil {
			r.Error(err)
		}
	})
	return w
}

// note is a handler that only notes what it got.
func (r *rig) note(_ context.Context, b queue.Batch) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range b.Deliveries() {
		r.seen = append(r.seen, d.GUID)
	}
	return nil
}

// handled gives what note noted of a key.
func (r *rig) handled(key string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var gs []string
	for _, g := range r.seen {
		if strings.HasPrefix(g, key+"/") {
			gs = append(gs, strings.TrimPrefix(g, key+"/"))
		}
	}
	return gs
}

func (r *rig) give(key string, n int) {
	r.Helper()
	for i := range n {
		_, err := r.db.Admit(context.Background(), queue.Delivery{GUID: fmt.Sprintf("%s/%d", key, i+1), Key: key})
		r.must(err)
	}
}

// wait waits for what must come in the end.
func (r *rig) wait(what string, is func() bool) {
	r.Helper()
	for end := time.Now().Add(3 * time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			d, err := r.db.Depth(context.Background())
			r.Fatalf("waited in vain for %s; depth %+v, %v", what, d, err)
		}
	}
}

// drained waits until nothing is pending, and wants so many dead.
func (r *rig) drained(dead int) {
	r.Helper()
	r.wait("an empty queue", func() bool { return r.depth().Pending == 0 })
	if d := r.depth(); d.Dead != dead {
		r.Fatalf("%d dead, want %d", d.Dead, dead)
	}
}

func (r *rig) depth() queue.Depth {
	d, err := r.db.Depth(context.Background())
	r.must(err)
	return d
}

func (r *rig) lookup(guid string) queue.Delivery {
	r.Helper()
	d, err := r.db.Lookup(context.Background(), guid)
	r.must(err)
	return d
}

// numbers is "1" to "n".
func numbers(n int) []string {
	var s []string
	for i := range n {
		s = append(s, fmt.Sprint(i+1))
	}
	return s
}

// wakeUps has senders and drains race for a few keys. A delivery that came as its drain ended must be
// found. No key may be worked on twice at a time, once a plan is saved, and all in order. Half of it is admitted.
func (r *rig) wakeUps() {
	const keys, senders, each = 16, 16, 8
	var active [keys]atomic.Int32
	r.start(Config{Workers: 16, Handle: func(ctx context.Context, b queue.Batch) error {
		var k int
		fmt.Sscanf(b.Key(), "k%d", &k)
		if _, err := b.(queue.ManyReader).GetMany(ctx, nil); err != nil {
			return err
		}
		if err := b.Save(ctx, []byte("plan")); err != nil {
			return err
		}
		if active[k].Add(1) != 1 {
			r.Errorf("%s is worked on twice at a time", b.Key())
		}
		defer active[k].Add(-1)
		return r.note(ctx, b)
	}})
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range keys * each {
				key := fmt.Sprintf("k%d", (i+s)%keys)
				d := queue.Delivery{GUID: fmt.Sprintf("%s/%d-%03d", key, s, i), Key: key}
				receive := r.db.Receive
				if i%2 == 0 {
					receive = r.db.Admit
				}
				if fresh, err := receive(context.Background(), d); err != nil || !fresh {
					r.Error(fresh, err)
				}
			}
		})
	}
	wg.Wait()
	r.drained(0)
	for k := range keys {
		got := r.handled(fmt.Sprintf("k%d", k))
		if len(got) != senders*each {
			r.Errorf("k%d: %d handled, want %d", k, len(got), senders*each)
		}
		last := int64(0)
		for _, g := range got {
			if seq := r.lookup(fmt.Sprintf("k%d/%s", k, g)).Seq; seq <= last {
				r.Fatalf("k%d: seq %d after %d", k, seq, last)
			} else {
				last = seq
			}
		}
	}
}

// poison: one delivery always fails, with two before it and two behind it.
func (r *rig) poison() {
	r.give("k", 5)
	for i := range 20 {
		r.give(fmt.Sprintf("other%d", i), 2)
	}
	var attempts, observed atomic.Int32
	r.start(Config{MaxAttempts: 4, Handle: func(ctx context.Context, b queue.Batch) error {
		for i, d := range b.Deliveries() {
			if d.GUID != "k/3" {
				continue
			}
			if i == 0 {
				attempts.Add(1)
			}
			return errors.New("cannot do 3")
		}
		return r.note(ctx, b)
	}, Observe: func(o Outcome) {
		if o.Err != nil && o.Deliveries > 0 && o.Waited >= 0 {
			observed.Add(1)
		}
	}})
	r.drained(1)
	if got, want := strings.Join(r.handled("k"), " "), "1 2 4 5"; got != want {
		r.Errorf("handled %s, want %s", got, want)
	}
	if n := attempts.Load(); n != 4 {
		r.Errorf("%d attempts of the poison", n)
	}
	d := r.lookup("k/3")
	if d.Attempts != 4 || d.LastError != "cannot do 3" {
		r.Errorf("%+v", d)
	}
	for i := range 20 {
		if got := r.handled(fmt.Sprintf("other%d", i)); !slices.Equal(got, numbers(2)) {
			r.Errorf("other%d: %v", i, got)
		}
	}
	if n := observed.Load(); n < 4 {
		r.Errorf("%d failures observed", n)
	}
	// The operator repairs what was wrong and replays.
	r.must(r.db.Replay(context.Background(), "k/3"))
	r.wait("another round of attempts", func() bool { return r.depth().Dead == 1 && r.depth().Pending == 0 })
}

func (r *rig) panics() {
	r.give("k", 2)
	r.start(Config{MaxAttempts: 2, Handle: func(ctx context.Context, b queue.Batch) error {
		if b.Deliveries()[0].GUID == "k/1" {
			panic("such a pity")
		}
		return r.note(ctx, b)
	}})
	r.drained(1)
	if e := r.lookup("k/1").LastError; !strings.HasPrefix(e, "panic: such a pity\n") || !strings.Contains(e, "worker_test.go") {
		r.Errorf("no stack in %q", e)
	}
	if got := r.handled("k"); !slices.Equal(got, []string{"2"}) {
		r.Error(got)
	}
}

// snooze: an outage of 8 refusals, with one attempt allowed.
func (r *rig) snooze() {
	r.give("k", 3)
	var n atomic.Int32
	r.start(Config{MaxAttempts: 1, Handle: func(ctx context.Context, b queue.Batch) error {
		if b.Key() == "k" && n.Add(1) <= 8 {
			return fmt.Errorf("wrapped: %w", &queue.Snooze{For: time.Millisecond, Reason: errors.New("rate limit")})
		}
		return r.note(ctx, b)
	}})
	r.give("other", 1)
	r.wait("the other", func() bool { return len(r.handled("other")) == 1 })
	r.wait("an end of the outage", func() bool { return n.Load() > 4 })
	r.give("late", 1)
	if _, err := r.db.Receive(context.Background(), queue.Delivery{GUID: "k/4", Key: "k"}); err != nil { // while it rests
		r.Fatal(err)
	}
	r.drained(0)
	if got := r.handled("k"); !slices.Equal(got, numbers(4)) {
		r.Error(got)
	}
	if d := r.lookup("k/1"); d.Attempts != 0 || d.LastError != "" {
		r.Errorf("%+v", d)
	}
}

// resume: a handler fails after a part of its plan; the next attempt sees what was done and what perhaps was.
func (r *rig) resume() {
	r.give("k", 2)
	var n atomic.Int32
	r.start(Config{Handle: func(ctx context.Context, b queue.Batch) error {
		if n.Add(1) == 1 {
			err := errors.Join(b.Save(ctx, []byte("p")), b.Done(ctx, 0, []byte("r")))
			if err != nil {
				r.Error(err)
			}
			return errors.New("no answer")
		}
		if p := b.Plan(); p == nil || string(p.Data) != "p" || string(p.Done[0]) != "r" || len(b.Deliveries()) != 2 {
			r.Errorf("plan %+v for %d", p, len(b.Deliveries()))
		}
		b.Put(queue.Record{Kind: "history", ID: b.Key(), Data: []byte("done")})
		return errors.Join(b.Done(ctx, 1, nil), r.note(ctx, b))
	}})
	r.drained(0)
	if n.Load() != 2 {
		r.Errorf("%d attempts", n.Load())
	}
	if rec, err := r.db.Get(context.Background(), "history", "k"); err != nil || string(rec.Data) != "done" {
		r.Error(rec, err)
	}
}

// timeUp: an attempt that takes too long counts, unless it got on with its plan.
func (r *rig) timeUp() {
	r.give("k", 1)
	var n atomic.Int32
	r.start(Config{MaxAttempts: 2, jobTimeout: 500 * time.Millisecond, Handle: func(ctx context.Context, b queue.Batch) error {
		i := int(n.Add(1))
		if i <= 4 {
			write := context.WithoutCancel(ctx) // this machine may be slow
			err := errors.Join(b.Save(write, []byte("p")), b.Done(write, i, nil))
			if err != nil {
				r.Error(err)
			}
			if a := b.Deliveries()[0].Attempts; a != 0 {
				r.Errorf("%d attempts counted in spite of progress", a)
			}
		}
		<-ctx.Done()
		return ctx.Err()
	}})
	r.drained(1)
	if n.Load() != 6 {
		r.Errorf("%d calls, want 4 with progress and 2 without", n.Load())
	}
}

// stopClean stops in the middle, several times: nothing is lost, nothing done twice, no attempt counted.
func (r *rig) stopClean() {
	const keys, each = 40, 5
	for i := range keys {
		r.give(fmt.Sprintf("k%d", i), each)
	}
	for n := 10; n <= 30; n += 10 {
		w := r.start(Config{Workers: 4, Handle: func(ctx context.Context, b queue.Batch) error {
			time.Sleep(2 * time.Millisecond)
			return r.note(ctx, b)
		}})
		r.wait("some work", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.seen) >= n })
		r.must(w.Stop(context.Background()))
	}
	r.start(Config{})
	r.drained(0)
	for i := range keys {
		key := fmt.Sprintf("k%d", i)
		if got := r.handled(key); !slices.Equal(got, numbers(each)) {
			r.Errorf("%s: %v", key, got)
		}
		if a := r.lookup(key + "/1").Attempts; a != 0 {
			r.Errorf("%s: %d attempts", key, a)
		}
	}
}

// stopCancels: a handler that does not finish in time is cancelled, which counts nothing; the next process does the work.
func (r *rig) stopCancels() {
	r.give("k", 1)
	started := make(chan struct{})
	w := r.start(Config{MaxAttempts: 1, SoftStop: 10 * time.Millisecond, Handle: func(ctx context.Context, b queue.Batch) error {
		close(started)
		<-ctx.Done()
		return fmt.Errorf("interrupted: %w", ctx.Err())
	}})
	<-started
	r.must(w.Stop(context.Background()))
	if d := r.lookup("k/1"); d.Attempts != 0 {
		r.Errorf("%+v", d)
	}
	r.start(Config{MaxAttempts: 1})
	r.drained(0)
}

// turns: one worker, one issue with many deliveries, and another issue that must not wait for all of them.
func (r *rig) turns() {
	r.give("many", 450)
	r.give("few", 1)
	var largest atomic.Int32
	r.start(Config{Workers: 1, Handle: func(ctx context.Context, b queue.Batch) error {
		largest.Store(max(largest.Load(), int32(len(b.Deliveries()))))
		return r.note(ctx, b)
	}})
	r.drained(0)
	if got := r.handled("many"); !slices.Equal(got, numbers(450)) {
		r.Error(got)
	}
	if i := slices.Index(r.seen, "few/1"); i != 100 {
		r.Errorf("few/1 came after %d others", i)
	}
	if largest.Load() != 100 {
		r.Errorf("batch of %d", largest.Load())
	}
}

// lost: a handler that finds its key taken over must not be counted as done or as failed.
func (r *rig) lost() {
	r.give("k", 1)
	var n atomic.Int32
	r.start(Config{Handle: func(ctx context.Context, b queue.Batch) error {
		if n.Add(1) > 1 {
			return r.note(ctx, b)
		}
		c, err := r.db.Claim(ctx, "k", 8)
		r.must(err)
		err = b.Save(ctx, []byte("late"))
		if !errors.Is(err, queue.ErrLost) {
			r.Errorf("Save: %v", err)
		}
		r.must(c.Release(ctx, 0))
		return err
	}})
	r.drained(0)
	if d := r.lookup("k/1"); d.Attempts != 1 { // one: the first claim had not ended when it was taken over
		r.Errorf("%+v", d)
	}
}
