package storetest

import (
	"strings"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

// taker has some places, and notes what it is given and how often it was told to look.
type taker struct {
	mu     sync.Mutex
	places int
	work   func(c *store.Claim, w *store.Work) // called with what it is given; nil is fine
	taken  []*store.Claim
	works  []*store.Work
	looks  int
}

func (t *taker) Reserve() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.places == 0 {
		return false
	}
	t.places--
	return true
}

func (t *taker) Free() { t.mu.Lock(); t.places++; t.mu.Unlock() }
func (t *taker) Look() { t.mu.Lock(); t.looks++; t.mu.Unlock() }

func (t *taker) Take(c *store.Claim, w *store.Work) {
	t.mu.Lock()
	t.taken, t.works = append(t.taken, c), append(t.works, w)
	t.mu.Unlock()
	if t.work != nil {
		t.work(c, w)
	}
}

// join makes the store one of a process that works, with so many places. Whoever joined before has died, as far as it is the
// same process; the others of a shared database live.
func (s *suite) join(db *store.DB, places int) (*store.Replica, *taker) {
	s.Helper()
	t := &taker{places: places}
	r, err := db.Join(s.ctx(), maxAttempts, t)
	s.must(err)
	return r, t
}

// fetch wants the replica to claim these keys: "a b".
func (s *suite) fetch(r *store.Replica, n int, want string) []*store.Claim {
	s.Helper()
	cs, err := r.Fetch(s.ctx(), n)
	s.must(err)
	var keys []string
	for _, c := range cs {
		keys = append(keys, c.Key())
	}
	if got := strings.Join(keys, " "); got != want {
		s.Fatalf("fetched %q, want %q", got, want)
	}
	return cs
}

// due wants so many keys to be due, or else the next one within the two times.
func (s *suite) due(r *store.Replica, want int, least, most time.Duration) {
	s.Helper()
	n, next, err := r.Due(s.ctx(), 9, time.Hour)
	if err != nil || n != want || n == 0 && (next < least || next > most) {
		s.Fatalf("%d due, next in %v, %v", n, next, err)
	}
	if n, _, err := r.Due(s.ctx(), 1, time.Hour); err != nil || n != min(want, 1) {
		s.Fatalf("%d of one due, %v", n, err)
	}
}

// handed: what is admitted has a worker that has a place; what nobody took is due, once, in the order in which it became so.
func (s *suite) handed() {
	r, t := s.join(s.db, 2)
	s.admit("a", 1)
	s.admit("a", 2) // somebody of this process is at work on a
	if len(t.taken) != 1 || t.taken[0].Key() != "a" || len(t.works[0].Deliveries()) != 1 || t.works[0].Deliveries()[0].GUID != "a/1" || t.places != 1 {
		s.Fatalf("taken %+v, %+v; %d places", t.taken, t.works, t.places)
	}
	t.places = 0
	s.admit("b", 1)
	s.give("c", 1, 1)
	if len(t.taken) != 1 || t.looks != 2 { // a has somebody
		s.Errorf("%d taken, %d looks", len(t.taken), t.looks)
	}
	s.due(r, 2, 0, 0)
	s.fetch(r, 1, "b")
	cs := s.fetch(r, 9, "c")
	s.fetch(r, 9, "")
	s.due(r, 0, time.Hour, time.Hour)
	s.ack(t.taken[0], t.works[0], true)
	w := s.next(t.taken[0], "2")
	s.ack(t.taken[0], w, false)
	r.Forget(t.taken[0])
	s.ack(cs[0], s.next(cs[0], "1"), false)
	if fresh, err := s.db.Receive(s.ctx(), queue.Delivery{GUID: "a/2", Key: "a"}); fresh || err != nil {
		s.Fatal(fresh, err)
	}
	c := s.fetch(r, 9, "a")[0] // who takes it finds nothing, and says so
	s.ack(c, s.next(c, ""), false)
	s.fetch(r, 9, "")
}

// rests: what rests is not due before its time, whatever comes for it, and then it is.
func (s *suite) rests() {
	r, t := s.join(s.db, 0)
	s.give("k", 1, 1)
	s.give("l", 1, 1)
	cs := s.fetch(r, 9, "k l")
	s.must(cs[0].Release(s.ctx(), time.Hour))
	f, err := cs[1].Fail(s.ctx(), s.next(cs[1], "1"), errNo, store.End{Rest: func(n int) time.Duration { return time.Duration(n) * time.Minute }})
	if s.must(err); f.Attempts != 1 || f.Dead {
		s.Fatalf("%+v", f)
	}
	t.places = 1
	s.give("k", 2, 2)
	if len(t.taken) != 0 || t.places != 1 {
		s.Fatal("what rests was taken")
	}
	s.fetch(r, 9, "")
	s.due(r, 0, time.Second, time.Minute)
	c := s.claim("k")
	s.must(c.Release(s.ctx(), 0))
	c = s.fetch(r, 9, "k")[0]
	s.ack(c, s.next(c, "1 2"), false)
}

// dies: what a dead replica had in hand is freed and counts as killed; what a living one has is left alone. The clocks of the two
// processes are 100 seconds apart.
func (s *suite) dies() {
	dead, _ := s.join(s.db, 0)
	s.give("k", 1, 2)
	s.give("l", 1, 1)
	late := s.fetch(dead, 1, "k")[0]
	other := s.db
	if Shared(s.url) {
		other = OpenAt(s.T, s.url, func() time.Time { return s.clock.Add(-100 * time.Second) })
	}
	var r *store.Replica
	if Shared(s.url) {
		r, _ = s.join(other, 0)
		s.must(dead.Beat(s.ctx())) // this machine may be slow
		s.free(r, false)
		s.fetch(r, 9, "l")
		s.must(dead.Leave(s.ctx()))
	} else { // who joins has the database for itself
		r, _ = s.join(other, 0)
		s.fetch(r, 9, "l")
	}
	s.free(r, true)
	s.attempts("k/1", 1)
	s.free(r, false)
	if _, err := late.Ack(s.ctx(), nil, store.End{}); err == nil {
		s.Error("the dead one acknowledges")
	}
	c := s.fetch(r, 9, "k")[0]
	s.free(r, false)
	r.Forget(c) // whoever worked on it here has gone
	s.free(r, true)
	s.attempts("k/1", 2)
	c = s.fetch(r, 9, "k")[0]
	s.ack(c, s.next(c, "1"), true)
	s.ack(c, s.next(c, "2"), false)
}

func (s *suite) free(r *store.Replica, want bool) {
	s.Helper()
	if got, err := r.FreeDead(s.ctx()); err != nil || got != want {
		s.Fatalf("freed something: %v, want %v (%v)", got, want, err)
	}
}

// ticks: one replica runs a tick, and another one when the first is dead, or has put it off and the time is over.
func (s *suite) ticks() {
	a, _ := s.join(s.db, 0)
	_, err := s.db.LastTick(s.ctx(), "daily")
	s.must(err)
	due := s.clock.Add(time.Hour)
	begin := func(r *store.Replica, want bool) *store.Tick {
		s.Helper()
		t, err := r.BeginTick(s.ctx(), "daily", due)
		if s.must(err); (t != nil) != want {
			s.Fatalf("begun: %v, want %v", t != nil, want)
		}
		return t
	}
	first := begin(a, true)
	var b *store.Replica
	if Shared(s.url) {
		b, _ = s.join(Open(s.T, s.url), 0)
		s.must(a.Beat(s.ctx()))
		begin(b, false)
		s.must(a.Leave(s.ctx()))
	} else {
		b, _ = s.join(s.db, 0)
	}
	t := begin(b, true)
	s.must(first.Done(s.ctx())) // too late: it says nothing
	if last, err := s.db.LastTick(s.ctx(), "daily"); err != nil || !last.Equal(s.clock) {
		s.Fatal(last, err)
	}
	s.must(t.Rest(s.ctx(), time.Hour))
	begin(b, false)
	due = due.Add(time.Hour)
	begin(b, false)
}
