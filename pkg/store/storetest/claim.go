package storetest

import (
	"errors"
	"maps"
	"strings"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// fence has a second worker take the key over: whatever the first one writes after that must fail and change nothing.
func (s *suite) fence() {
	s.give("k", 1, 2)
	late := s.claim("k")
	w := s.next(late, "1 2")
	s.must(w.Save(s.ctx(), []byte("plan of the late one")))

	c := s.claim("k")
	s.attempts("k/1", 1) // the late one had not ended in order
	w.Put(queue.Record{Kind: "k", ID: "late", Data: []byte("x")})
	_, ackErr := late.Ack(s.ctx(), w, store.End{})
	_, failErr := late.Fail(s.ctx(), w, errors.New("no"), store.End{})
	for name, err := range map[string]error{
		"Save": w.Save(s.ctx(), []byte("late")), "Done": w.Done(s.ctx(), 0, []byte("late")),
		"Ack": ackErr, "Fail": failErr, "Release": late.Release(s.ctx(), 0),
	} {
		if !errors.Is(err, queue.ErrLost) {
			s.Errorf("%s of the late worker: %v, want ErrLost", name, err)
		}
	}
	if w.Progress() {
		s.Error("a refused Done counts as progress")
	}
	s.attempts("k/1", 1)
	s.list("k", "", 0, "")
	s.depth(2, 0)

	w = s.next(c, "1 2")
	s.openPlan(w, "plan of the late one", nil)
	s.must(w.Done(s.ctx(), 0, nil))
	s.ack(c, w, false)
	s.depth(0, 0)
}

func (s *suite) openPlan(w *store.Work, data string, done map[int]string) {
	s.Helper()
	p := w.Plan()
	if p == nil {
		s.Fatal("no plan is open")
	}
	got := map[int]string{}
	for n, r := range p.Done {
		got[n] = string(r)
	}
	if string(p.Data) != data || !maps.Equal(got, done) || !p.SavedAt.Equal(s.clock) {
		s.Fatalf("open plan %q, done %v, saved at %v", p.Data, got, p.SavedAt)
	}
}

// plan checks that a saved plan outlives its worker, with the deliveries that it was made for and no others.
func (s *suite) plan() {
	s.give("k", 1, 2)
	c := s.claim("k")
	w := s.next(c, "1 2")
	if w.Plan() != nil || w.Key() != "k" {
		s.Fatal(w.Key(), w.Plan())
	}
	if err := w.Done(s.ctx(), 0, nil); err == nil {
		s.Fatal("a request of no plan was done")
	}
	s.must(w.Save(s.ctx(), []byte("first")))
	s.must(w.Done(s.ctx(), 7, nil))
	s.must(w.Save(s.ctx(), []byte("second"))) // replaces it, requests included
	s.must(w.Done(s.ctx(), 0, []byte("old")))
	s.must(w.Done(s.ctx(), 0, []byte("answer")))
	s.must(w.Done(s.ctx(), 2, nil))
	s.give("k", 3, 3)
	s.must(c.Release(s.ctx(), 0))

	c = s.claim("k")
	w = s.next(c, "1 2")
	s.openPlan(w, "second", map[int]string{0: "answer", 2: ""})
	s.attempts("k/1", 0)
	s.must(w.Done(s.ctx(), 1, nil))
	s.ack(c, w, true)
	w = s.next(c, "3")
	if w.Plan() != nil {
		s.Fatal("the plan is still open")
	}
	s.ack(c, w, false)
}

// fail lets the first of three fail until it is dead: from its second attempt on it is alone, the others wait behind it.
func (s *suite) fail() {
	s.give("k", 1, 3)
	for i, batch := range []string{"1 2 3", "1", "1"} {
		c := s.claim("k")
		w := s.next(c, batch)
		f, err := c.Fail(s.ctx(), w, errors.New("no"), store.End{})
		s.must(err)
		last := i == maxAttempts-1
		if want := (store.Failure{GUID: "k/1", Attempts: i + 1, Dead: last, More: last}); f != want {
			s.Fatalf("%+v, want %+v", f, want)
		}
		if !last {
			s.depth(3, 0)
			continue
		}
		s.depth(2, 1)
		s.ack(c, s.next(c, "2 3"), false) // the same claim goes on
	}
	s.depth(0, 1)
}

// failPlan: a plan for several fails until the first one's attempts are used up. It may be another's fault, so the plan is
// closed and the first one gets one more attempt, alone.
func (s *suite) failPlan() {
	s.give("k", 1, 2)
	c := s.claim("k")
	s.must(s.next(c, "1 2").Save(s.ctx(), []byte("plan")))
	s.must(c.Release(s.ctx(), 0))
	for range maxAttempts {
		c = s.claim("k")
		w := s.next(c, "1 2")
		s.openPlan(w, "plan", nil)
		f, err := c.Fail(s.ctx(), w, errors.New("no"), store.End{})
		if s.must(err); f.Dead || f.More {
			s.Fatalf("%+v", f)
		}
	}
	c = s.claim("k")
	w := s.next(c, "1")
	s.must(w.Save(s.ctx(), []byte("its own")))
	f, err := c.Fail(s.ctx(), w, errors.New("no"), store.End{})
	if s.must(err); !f.Dead || !f.More {
		s.Fatalf("%+v", f)
	}
	w = s.next(c, "2")
	if w.Plan() != nil {
		s.Fatal("the dead one's plan is open")
	}
	s.must(w.Save(s.ctx(), []byte("of the next"))) // nothing of it is in the way
	s.ack(c, w, false)
}

// vanished: claims that just end, as by kill -9, count, and so a delivery that kills the process is dead in the end;
// claims that end in order do not count, however many there are.
func (s *suite) vanished() {
	s.give("k", 1, 2)
	for range 2 * maxAttempts {
		s.must(s.claim("k").Release(s.ctx(), 0))
	}
	s.attempts("k/1", 0)
	s.next(s.claim("k"), "1 2")
	for i := 1; i < 10*maxAttempts; i++ {
		s.next(s.claim("k"), "1")
		s.attempts("k/1", i)
	}
	c := s.claim("k")
	s.depth(1, 1)
	s.ack(c, s.next(c, "2"), false)
	s.attempts("k/2", 0)
}

// staged records are written with the acknowledgement or not at all.
func (s *suite) staged() {
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "k", ID: "old", Data: []byte("x")}))
	s.give("k", 1, 1)
	c := s.claim("k")
	w := s.next(c, "1")
	w.Put(queue.Record{Kind: "k", ID: "failed", Data: []byte("x")})
	_, err := c.Fail(s.ctx(), w, errors.New("no"), store.End{})
	s.must(err)
	s.list("k", "", 0, "old")
	c = s.claim("k")
	w = s.next(c, "1")
	w.Put(queue.Record{Kind: "k", ID: "new", Data: []byte("x")})
	w.Put(queue.Record{Kind: "k", ID: "old"})
	s.list("k", "", 0, "old")
	s.ack(c, w, false)
	s.list("k", "", 0, "new")
}

func (s *suite) strangeText() {
	s.give("k", 1, 1)
	c := s.claim("k")
	cause := "\x00 \xff " + strings.Repeat("ä", 20_000)
	f, err := c.Fail(s.ctx(), s.next(c, "1"), errors.New(cause), store.End{})
	if s.must(err); f.Dead || f.More || f.Attempts != 1 || f.GUID != "k/1" {
		s.Fatalf("%+v", f)
	}
	d, err := s.db.Lookup(s.ctx(), "k/1")
	if s.must(err); !strings.HasPrefix(d.LastError, " \uFFFD ä") || len(d.LastError) > 10_000 {
		s.Fatalf("%d bytes: %.20q", len(d.LastError), d.LastError)
	}
}
