package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// Drained is a store as one worker sees it that fails for no reason of its own. Whoever stands in for the real store in tests passes
// RunDrained, as the real one does.
type Drained interface {
	queue.Records
	Receive(ctx context.Context, d queue.Delivery) (fresh bool, err error)
	// Drain hands one batch of each key that waits to the handler, key by key. An error leaves all as it was; all of them come back.
	Drain(ctx context.Context, handle queue.Handler) error
}

// Drain makes the real store one.
func Drain(db *store.DB) Drained { return &drained{DB: db} }

type drained struct {
	*store.DB
	keys []string
}

func (d *drained) Receive(ctx context.Context, del queue.Delivery) (bool, error) {
	if !slices.Contains(d.keys, del.Key) {
		d.keys = append(d.keys, del.Key)
		slices.Sort(d.keys)
	}
	return d.DB.Receive(ctx, del)
}

func (d *drained) Drain(ctx context.Context, handle queue.Handler) error {
	var errs []error
	for _, key := range slices.Clone(d.keys) {
		errs = append(errs, d.drain(ctx, key, handle))
	}
	return errors.Join(errs...)
}

func (d *drained) drain(ctx context.Context, key string, handle queue.Handler) error {
	c, err := d.Claim(ctx, key, maxAttempts)
	if err != nil {
		return err
	}
	w, err := c.Next(ctx)
	if err != nil {
		return err
	}
	if w != nil {
		if err := handle(ctx, w); err != nil {
			return errors.Join(err, c.Release(ctx, 0))
		}
	}
	_, err = c.Ack(ctx, w, store.End{Last: true})
	return err
}

// RunDrained runs the suite of Drained. open gives an empty one that goes by a clock.
func RunDrained(t *testing.T, open func(t *testing.T, now func() time.Time) Drained) {
	for _, test := range []struct {
		name string
		run  func(s *drainSuite)
	}{
		{"order", (*drainSuite).order},
		{"failure", (*drainSuite).failure},
		{"plan", (*drainSuite).plan},
		{"meanwhile", (*drainSuite).meanwhile},
		{"records", (*drainSuite).records},
		{"staged", (*drainSuite).staged},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := &drainSuite{T: t, clock: time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)}
			s.Drained = open(t, func() time.Time { return s.clock })
			test.run(s)
		})
	}
}

// drainSuite is one test of it.
type drainSuite struct {
	*testing.T
	Drained
	clock time.Time
}

func (s *drainSuite) give(guids ...string) {
	s.Helper()
	for _, g := range guids {
		key, _, _ := strings.Cut(g, "/")
		fresh, err := s.Receive(s.Context(), queue.Delivery{GUID: g, Key: key, Event: "issues", Payload: []byte("of " + g), ReceivedAt: s.clock})
		if err != nil || !fresh {
			s.Fatalf("receive %s: %v, %v", g, fresh, err)
		}
	}
}

// drains hands out what waits and wants it to be these batches: "a/1 a/2; b/1".
func (s *drainSuite) drains(want string, handle func(b queue.Batch) error) error {
	s.Helper()
	var got []string
	err := s.Drain(s.Context(), func(_ context.Context, b queue.Batch) error {
		var guids []string
		for _, d := range b.Deliveries() {
			if d.Key != b.Key() || string(d.Payload) != "of "+d.GUID || d.Event != "issues" || !d.ReceivedAt.Equal(s.clock) {
				s.Errorf("delivery %+v of %s", d, b.Key())
			}
			guids = append(guids, d.GUID)
		}
		got = append(got, strings.Join(guids, " "))
		if handle == nil {
			return nil
		}
		return handle(b)
	})
	if g := strings.Join(got, "; "); g != want {
		s.Fatalf("batches %q, want %q", g, want)
	}
	return err
}

func (s *drainSuite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *drainSuite) order() {
	s.give("b/1", "a/1", "a/3", "a/2")
	if fresh, err := s.Receive(s.Context(), queue.Delivery{GUID: "a/1", Key: "a"}); fresh || err != nil {
		s.Errorf("received twice: %v, %v", fresh, err)
	}
	s.must(s.drains("a/1 a/3 a/2; b/1", nil))
	s.must(s.drains("", nil))
	if fresh, err := s.Receive(s.Context(), queue.Delivery{GUID: "a/1", Key: "a"}); fresh || err != nil {
		s.Errorf("received when it was done: %v, %v", fresh, err)
	}
	s.must(s.drains("", nil))
}

// failure: what was put off is there again, all of it; others go on.
func (s *drainSuite) failure() {
	s.give("a/1", "a/2", "b/1")
	no := &queue.Snooze{For: time.Minute, Reason: errors.New("no")}
	err := s.drains("a/1 a/2; b/1", func(b queue.Batch) error {
		b.Put(queue.Record{Kind: "k", ID: b.Key(), Data: []byte("x")})
		if b.Key() == "a" {
			return no
		}
		return nil
	})
	var rest *queue.Snooze
	if !errors.As(err, &rest) || rest != no {
		s.Errorf("it ends with %v", err)
	}
	s.lists("", "b=x")
	s.must(s.drains("a/1 a/2", nil))
}

// plan: a saved plan outlives its attempt, with the deliveries that it was made for and the answers that were noted; a new one
// replaces it.
func (s *drainSuite) plan() {
	no := errors.New("no")
	s.give("a/1", "a/2")
	save := func(plan string, done ...int) func(b queue.Batch) error {
		return func(b queue.Batch) error {
			s.must(b.Save(s.Context(), []byte(plan)))
			for _, n := range done {
				s.must(b.Done(s.Context(), n, fmt.Appendf(nil, "answer %d of %s", n, plan)))
			}
			return no
		}
	}
	opened := func(want string) func(b queue.Batch) error {
		return func(b queue.Batch) error {
			got := "none"
			if p := b.Plan(); p != nil {
				got = string(p.Data)
				for n := range 9 {
					if answer, ok := p.Done[n]; ok {
						got += fmt.Sprintf(", %d %s", n, answer)
					}
				}
				if !p.SavedAt.Equal(s.clock) {
					s.Errorf("saved at %v", p.SavedAt)
				}
			}
			if got != want {
				s.Errorf("the plan is %q, want %q", got, want)
			}
			return no
		}
	}
	_ = s.drains("a/1 a/2", opened("none"))
	if s.drains("a/1 a/2", func(b queue.Batch) error { return b.Done(s.Context(), 0, nil) }) == nil {
		s.Error("a request of no plan was done")
	}
	_ = s.drains("a/1 a/2", save("first", 0, 1))
	_ = s.drains("a/1 a/2", opened("first, 0 answer 0 of first, 1 answer 1 of first"))
	s.give("a/3")
	_ = s.drains("a/1 a/2", save("second", 2))
	_ = s.drains("a/1 a/2", opened("second, 2 answer 2 of second"))
	_ = s.drains("a/1 a/2", func(b queue.Batch) error {
		s.must(b.Done(s.Context(), 3, []byte("late")))
		return no
	})
	s.must(s.drains("a/1 a/2", func(b queue.Batch) error {
		_ = opened("second, 2 answer 2 of second, 3 late")(b)
		return nil
	}))
	s.must(s.drains("a/3", func(b queue.Batch) error {
		_ = opened("none")(b)
		return nil
	}))
}

// meanwhile: what comes while a batch is handled is for the next one.
func (s *drainSuite) meanwhile() {
	s.give("a/1")
	s.must(s.drains("a/1", func(queue.Batch) error { s.give("a/2"); return nil }))
	s.must(s.drains("a/2", nil))
	s.must(s.drains("", nil))
}

// lists wants the records of kind k whose id begins so: "id=data …".
func (s *drainSuite) lists(prefix, want string) {
	s.Helper()
	rs, err := s.List(s.Context(), "k", prefix, 0)
	s.must(err)
	var got []string
	for _, r := range rs {
		got = append(got, r.ID+"="+string(r.Data))
	}
	if g := strings.Join(got, " "); g != want {
		s.Errorf("records %q, want %q", g, want)
	}
}

func (s *drainSuite) records() {
	if _, err := s.Get(s.Context(), "k", "a"); !errors.Is(err, queue.ErrNotFound) {
		s.Errorf("what is not there: %v", err)
	}
	put := func(kind, id, data string) queue.Record {
		return queue.Record{Kind: kind, ID: id, Data: []byte(data)}
	}
	s.must(s.PutAll(s.Context(), put("k", "b/2", "2"), put("k", "a", "1"), put("k", "b/1", "1"), put("other", "a", "x"), put("k", "B/1", "3")))
	s.lists("", "B/1=3 a=1 b/1=1 b/2=2")
	s.lists("b/", "b/1=1 b/2=2")
	if rs, err := s.List(s.Context(), "k", "", 3); err != nil || len(rs) != 3 || rs[2].ID != "b/1" {
		s.Errorf("three of them: %+v, %v", rs, err)
	}
	s.clock = s.clock.Add(time.Hour)
	s.must(s.PutAll(s.Context(), put("k", "a", "new"), put("k", "b/1", ""), put("k", "nothing", "")))
	s.lists("", "B/1=3 a=new b/2=2")
	if r, err := s.Get(s.Context(), "k", "a"); err != nil || r.Kind != "k" || r.ID != "a" || string(r.Data) != "new" || !r.At.Equal(s.clock) {
		s.Errorf("%+v, %v", r, err)
	}
	if r, err := s.Get(s.Context(), "k", "b/2"); err != nil || !r.At.Equal(s.clock.Add(-time.Hour)) {
		s.Errorf("%+v, %v", r, err)
	}
	if _, err := s.Get(s.Context(), "k", "b/1"); !errors.Is(err, queue.ErrNotFound) {
		s.Errorf("what was deleted: %v", err)
	}
}

// staged: records that a batch puts are there when it was acknowledged, in their order, and not before.
func (s *drainSuite) staged() {
	s.must(s.PutAll(s.Context(), queue.Record{Kind: "k", ID: "old", Data: []byte("1")}))
	s.give("a/1")
	s.must(s.drains("a/1", func(b queue.Batch) error {
		for _, r := range []queue.Record{{ID: "a", Data: []byte("1")}, {ID: "a", Data: []byte("2")}, {ID: "old"}, {ID: "b", Data: []byte("3")}, {ID: "b"}} {
			r.Kind = "k"
			b.Put(r)
		}
		s.lists("", "old=1")
		return nil
	}))
	s.lists("", "a=2")
}
