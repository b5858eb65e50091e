package storetest

import (
	"errors"
	"fmt"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// admit admits the delivery "KEY/N", which must be new.
func (s *suite) admit(key string, n int) {
	s.Helper()
	if fresh, err := s.db.Admit(s.ctx(), delivery(key, n)); err != nil || !fresh {
		s.Fatalf("admit %s/%d: %v, %v", key, n, fresh, err)
	}
}

func delivery(key string, n int) queue.Delivery {
	guid := fmt.Sprintf("%s/%d", key, n)
	return queue.Delivery{GUID: guid, Key: key, Event: "issues", Payload: []byte(guid)}
}

// during has the next delivery that is admitted worked on like that, before it is stored.
func (t *taker) during(work func(c *store.Claim, w *store.Work)) {
	t.places = 1
	t.work = func(c *store.Claim, w *store.Work) {
		t.work = nil
		work(c, w)
	}
}

func (s *suite) lost(what string, err error) {
	s.Helper()
	if !errors.Is(err, queue.ErrLost) {
		s.Errorf("%s: %v, want ErrLost", what, err)
	}
}

// look reads a record by the batch.
func (s *suite) look(w *store.Work, id, want string) {
	s.Helper()
	rs, err := w.GetMany(s.ctx(), []queue.Name{{Kind: "k", ID: id}})
	got := ""
	if len(rs) > 0 {
		got = string(rs[0].Data)
	}
	if err != nil || len(rs) > 1 || got != want {
		s.Fatalf("%q, %v, want %q", rs, err, want)
	}
}

// admitted: what comes to nothing is stored as done, with its records and without its payload; what comes to a plan with it. Both are
// done once, and the key is free after that.
func (s *suite) admitted() {
	r, t := s.join(s.db, 1)
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "k", ID: "known", Data: []byte("before")}))
	for n, look := range []bool{true, false, true} { // the first is the first of its key, too
		t.during(func(c *store.Claim, w *store.Work) {
			if look {
				s.look(w, "known", "before")
			}
			if _, err := s.db.Lookup(s.ctx(), delivery("a", n).GUID); !errors.Is(err, queue.ErrNotFound) {
				s.Errorf("it is stored while it is worked on: %v", err)
			}
			w.Put(queue.Record{Kind: "k", ID: fmt.Sprint(n), Data: []byte("x")})
			s.ack(c, w, false)
			r.Forget(c)
		})
		s.admit("a", n)
		d, err := s.db.Lookup(s.ctx(), delivery("a", n).GUID)
		if s.must(err); len(d.Payload) != 0 || !d.Passed || d.Seq != int64(n+1) {
			s.Fatalf("%+v", d)
		}
	}
	s.list("k", "", 0, "0 1 2 known")
	s.depth(0, 0)

	t.during(func(c *store.Claim, w *store.Work) {
		s.look(w, "0", "x")
		s.must(w.Save(s.ctx(), []byte("plan")))
	})
	s.admit("b", 1)
	s.depth(1, 0)
	s.give("b", 2, 2)
	c, w := t.taken[3], t.works[3]
	s.must(w.Done(s.ctx(), 0, []byte("answer")))
	s.must(w.Save(s.ctx(), []byte("another")))
	s.must(w.Done(s.ctx(), 1, []byte("answer")))
	s.ack(c, w, true)
	s.ack(c, s.next(c, "2"), false)
	r.Forget(c)

	t.during(func(_ *store.Claim, w *store.Work) { s.must(w.Save(s.ctx(), []byte("plan"))) })
	s.admit("c", 1)
	s.join(s.db, 0) // as if the process had been killed
	late := s.claim("c")
	s.attempts("c/1", 1)
	s.openPlan(s.next(late, "1"), "plan", nil)
	s.lost("Done of the killed one", t.works[4].Done(s.ctx(), 0, nil))
}

// overtaken: while it is worked on something else is received for its key. Whatever was planned is void, the delivery waits, and nobody
// has the key that does not work on it.
func (s *suite) overtaken() {
	for i, end := range []func(c *store.Claim, w *store.Work) error{
		func(c *store.Claim, w *store.Work) error { _, err := c.Ack(s.ctx(), w, store.End{}); return err },
		func(_ *store.Claim, w *store.Work) error { return w.Save(s.ctx(), []byte("plan")) },
		func(c *store.Claim, w *store.Work) error {
			_, err := c.Fail(s.ctx(), w, errNo, store.End{})
			return err
		},
		func(c *store.Claim, w *store.Work) error { return c.Release(s.ctx(), time.Hour) },
	} {
		for _, done := range []bool{false, true} {
			for _, first := range []bool{false, true} {
				s.overtakes(fmt.Sprintf("k%d-%v-%v", i, done, first), done, first, end)
			}
		}
	}
}

func (s *suite) overtakes(key string, done, first bool, end func(c *store.Claim, w *store.Work) error) {
	s.Helper()
	r, t := s.join(s.db, 1)
	if !first {
		s.give(key, 0, 0)
		c := s.fetch(r, 9, key)[0]
		s.ack(c, s.next(c, "0"), false)
		r.Forget(c)
	}
	t.during(func(c *store.Claim, w *store.Work) {
		s.look(w, "x", "")
		w.Put(queue.Record{Kind: "k", ID: "late", Data: []byte("x")})
		s.give(key, 1, 1)
		if done {
			c := s.fetch(r, 9, key)[0]
			s.ack(c, s.next(c, "1"), false)
			r.Forget(c)
		}
		s.lost(key, end(c, w))
		s.lost(key+" once more", end(c, w))
		_, err := w.GetMany(s.ctx(), []queue.Name{{Kind: "k", ID: "x"}})
		s.lost(key+" read", err)
		r.Forget(c)
	})
	s.admit(key, 2)
	s.free(r, false)
	s.list("k", "late", 0, "")
	s.attempts(key+"/2", 0)
	c := s.fetch(r, 9, key)[0]
	want := "1 2"
	if done {
		want = "2"
	}
	w := s.next(c, want)
	if w.Plan() != nil {
		s.Errorf("%s: there is a plan", key)
	}
	s.ack(c, w, false)
	r.Forget(c)
	s.depth(0, 0)
}

// nothing is left to do, and nobody has a key for it.
func (s *suite) nothing(r *store.Replica) {
	s.Helper()
	s.free(r, false)
	cs, err := r.Fetch(s.ctx(), 9)
	s.must(err)
	for _, c := range cs {
		s.ack(c, s.next(c, ""), false)
		r.Forget(c)
	}
	s.due(r, 0, time.Hour, time.Hour)
}

// known: a GUID that is known is a duplicate, whenever that is found out, and nothing is done for it; what GitHub was asked for is stored
// before anybody works on it.
func (s *suite) known() {
	r, t := s.join(s.db, 1)
	t.during(func(c *store.Claim, w *store.Work) { s.ack(c, w, false); r.Forget(c) })
	s.admit("k", 1)
	again := func(late bool, end func(c *store.Claim, w *store.Work) error) {
		s.Helper()
		t.during(func(c *store.Claim, w *store.Work) {
			if _, err := w.GetMany(s.ctx(), nil); !late {
				s.lost("look", err)
			}
			s.lost("end", end(c, w))
			r.Forget(c)
		})
		if fresh, err := s.db.Admit(s.ctx(), delivery("k", 1)); fresh || err != nil {
			s.Fatal(fresh, err)
		}
		s.nothing(r)
	}
	ack := func(c *store.Claim, w *store.Work) error { _, err := c.Ack(s.ctx(), w, store.End{}); return err }
	again(false, ack)
	again(false, func(_ *store.Claim, w *store.Work) error { return w.Save(s.ctx(), []byte("plan")) })

	// It becomes known while it is worked on, and nobody has looked.
	for n, end := range []func(c *store.Claim, w *store.Work) error{ack, func(_ *store.Claim, w *store.Work) error { return w.Save(s.ctx(), []byte("plan")) }} {
		key := fmt.Sprint("l", n)
		t.during(func(c *store.Claim, w *store.Work) {
			s.give(key, 1, 1)
			other := s.fetch(r, 9, key)[0]
			s.ack(other, s.next(other, "1"), false)
			r.Forget(other)
			s.lost(key, end(c, w))
			r.Forget(c)
		})
		if fresh, err := s.db.Admit(s.ctx(), delivery(key, 1)); fresh || err != nil {
			s.Fatal(fresh, err)
		}
		s.nothing(r)
	}

	for _, key := range []string{"new", "k"} { // one that was never heard of, one that was
		s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: queue.RecordAsked, ID: key + "/7", Data: []byte("1")}))
		t.during(func(c *store.Claim, w *store.Work) {
			_, err := w.GetMany(s.ctx(), nil)
			if d, no := s.db.Lookup(s.ctx(), key+"/7"); no != nil || len(d.Payload) == 0 {
				s.Errorf("%s is worked on (%v) and not stored: %v", key, err, no)
			}
			if err == nil {
				s.ack(c, w, false)
			}
			r.Forget(c)
		})
		s.admit(key, 7)
		s.free(r, false)
	}
	c := s.fetch(r, 9, "k")[0]
	s.ack(c, s.next(c, "7"), false)
}

// kept: what fails or is put off is stored with its payload, as any other; so is what takes long, and what it does after that counts.
func (s *suite) kept() {
	r, t := s.join(s.db, 1)
	t.during(func(c *store.Claim, w *store.Work) {
		f, err := c.Fail(s.ctx(), w, errNo, store.End{})
		if s.must(err); f != (store.Failure{GUID: "a/1", Attempts: 1}) {
			s.Errorf("%+v", f)
		}
		r.Forget(c)
	})
	s.admit("a", 1)
	s.attempts("a/1", 1)
	c := s.fetch(r, 9, "a")[0]
	w := s.next(c, "1")
	if d := w.Deliveries()[0]; string(d.Payload) != "a/1" || d.Passed {
		s.Errorf("%+v", w.Deliveries())
	}
	s.ack(c, w, false)

	t.during(func(c *store.Claim, w *store.Work) { s.must(c.Release(s.ctx(), time.Hour)); r.Forget(c) })
	s.admit("b", 1)
	s.depth(1, 0)
	s.fetch(r, 9, "")

	t.during(func(_ *store.Claim, w *store.Work) { s.look(w, "x", "") })
	s.admit("c", 1) // nobody says how it ends
	s.depth(2, 0)
	c, w = t.taken[2], t.works[2]
	s.give("c", 2, 2)
	s.look(w, "x", "")
	w.Put(queue.Record{Kind: "k", ID: "x", Data: []byte("x")})
	s.ack(c, w, true)
	s.ack(c, s.next(c, "2"), false)
	s.list("k", "", 0, "x")

	if _, err := s.db.Admit(s.ctx(), queue.Delivery{Key: "k"}); err == nil {
		s.Error("admitted without a GUID")
	}
	t.during(func(c *store.Claim, w *store.Work) {
		s.must(s.db.Close())
		_, err := c.Ack(s.ctx(), w, store.End{})
		s.lost("Ack", err)
	})
	if fresh, err := s.db.Admit(s.ctx(), delivery("d", 1)); fresh || err == nil {
		s.Error("admitted to a database that is closed")
	}
}
