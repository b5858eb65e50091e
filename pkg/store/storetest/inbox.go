package storetest

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
)

func (s *suite) receive() {
	at := s.clock.Add(-time.Hour)
	d := queue.Delivery{GUID: "g", Key: "gh:1#2", Event: "issues", Payload: []byte{0, 0xff, '\n'}, ReceivedAt: at}
	if fresh, err := s.db.Receive(s.ctx(), d); !fresh || err != nil {
		s.Fatal(fresh, err)
	}
	got, err := s.db.Lookup(s.ctx(), "g")
	s.must(err)
	if d.Seq = got.Seq; d.Seq == 0 || !reflect.DeepEqual(got, d) {
		s.Fatalf("got %+v, want %+v", got, d)
	}
	if _, err := s.db.Receive(s.ctx(), queue.Delivery{GUID: "nil", Key: "gh:1#2"}); err != nil {
		s.Fatalf("without payload and time: %v", err)
	}
	if got, err = s.db.Lookup(s.ctx(), "nil"); err != nil || !got.ReceivedAt.Equal(s.clock) {
		s.Fatalf("%+v, %v", got, err)
	}
	for _, bad := range []queue.Delivery{{Key: "k"}, {GUID: "g2"}} {
		if _, err := s.db.Receive(s.ctx(), bad); err == nil {
			s.Fatalf("%+v was accepted", bad)
		}
	}
	if _, err := s.db.Lookup(s.ctx(), "?"); !errors.Is(err, queue.ErrNotFound) {
		s.Fatal(err)
	}
	depth, err := s.db.Depth(s.ctx())
	if s.must(err); !depth.Oldest.Equal(at) {
		s.Fatalf("%+v", depth)
	}
}

func (s *suite) duplicates() {
	s.give("k", 1, 1)
	var mu sync.Mutex
	fresh := map[string]int{}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range 20 {
				guid := fmt.Sprintf("k/%d", i+1)
				f, err := s.db.Receive(s.ctx(), queue.Delivery{GUID: guid, Key: "k", Payload: []byte("again")})
				if err != nil {
					s.Error(err)
				}
				if f {
					mu.Lock()
					fresh[guid]++
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	if len(fresh) != 19 {
		s.Fatalf("%d GUIDs were new, want 19", len(fresh))
	}
	for guid, n := range fresh {
		if n != 1 {
			s.Errorf("%s was new %d times", guid, n)
		}
	}
	if d, err := s.db.Lookup(s.ctx(), "k/1"); err != nil || string(d.Payload) != "k/1" {
		s.Fatalf("the first one was overwritten: %q, %v", d.Payload, err)
	}
	c := s.claim("k")
	w, err := c.Next(s.ctx())
	s.must(err)
	s.ack(c, w, false)
	if f, err := s.db.Receive(s.ctx(), queue.Delivery{GUID: "k/1", Key: "k"}); f || err != nil {
		s.Fatalf("known and done, yet new: %v, %v", f, err)
	}
	s.depth(0, 0)
}

// order has 16 writers send to the same keys at once: the store's order must be one in which each writer's deliveries are
// in the order in which it sent them, and the claim must hand them out in that order.
func (s *suite) order() {
	const writers, keys, each = 16, 10, 8
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range keys * each {
				d := queue.Delivery{GUID: fmt.Sprintf("%d-%d", w, i), Key: fmt.Sprintf("k%d", i%keys), Payload: []byte{byte(w), byte(i)}}
				if _, err := s.db.Receive(s.ctx(), d); err != nil {
					s.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for k := range keys {
		c := s.claim(fmt.Sprintf("k%d", k))
		last, seq, n := [writers]int{}, int64(0), 0
		for more := true; more; {
			w, err := c.Next(s.ctx())
			s.must(err)
			for _, d := range w.Deliveries() {
				writer, i := d.Payload[0], int(d.Payload[1])+1
				if d.Seq <= seq || i <= last[writer] {
					s.Fatalf("%s: seq %d after %d, %d after %d of writer %d", d.Key, d.Seq, seq, i, last[writer], writer)
				}
				seq, last[writer] = d.Seq, i
				n++
			}
			more, err = c.Ack(s.ctx(), w, store.End{})
			s.must(err)
		}
		if n != writers*each {
			s.Fatalf("k%d: %d deliveries, want %d", k, n, writers*each)
		}
	}
}

func (s *suite) batches() {
	s.give("k", 1, 101)
	s.give("other", 1, 1)
	c := s.claim("k")
	w, err := c.Next(s.ctx())
	s.must(err)
	if n := len(w.Deliveries()); n != 100 {
		s.Fatalf("a batch of %d", n)
	}
	s.give("k", 102, 102) // while the batch is under way
	s.ack(c, w, true)
	w = s.next(c, "101 102")
	s.ack(c, w, false)
	if w, err := s.claim("k").Next(s.ctx()); err != nil || w != nil {
		s.Fatal(w, err)
	}
	if _, err := s.db.Claim(s.ctx(), "unknown", 3); !errors.Is(err, queue.ErrNotFound) {
		s.Fatal(err)
	}
	s.depth(1, 0)
}

func (s *suite) replay() {
	s.give("k", 1, 3)
	for i := range maxAttempts {
		c := s.claim("k")
		w, err := c.Next(s.ctx())
		s.must(err)
		f, err := c.Fail(s.ctx(), w, errors.New("no"), store.End{Last: true})
		if s.must(err); f.Dead != (i == maxAttempts-1) {
			s.Fatalf("attempt %d: %+v", i+1, f)
		}
	}
	dead, err := s.db.Dead(s.ctx())
	if s.must(err); len(dead) != 1 || dead[0].GUID != "k/1" || string(dead[0].Payload) != "k/1" || dead[0].LastError != "no" {
		s.Fatalf("%+v", dead)
	}
	for _, guid := range []string{"k/2", "?"} {
		if err := s.db.Replay(s.ctx(), guid); !errors.Is(err, queue.ErrNotFound) {
			s.Fatalf("replay of %s: %v", guid, err)
		}
	}
	s.must(s.db.Replay(s.ctx(), "k/1"))
	if err := s.db.Replay(s.ctx(), "k/1"); !errors.Is(err, queue.ErrNotFound) {
		s.Fatalf("second replay: %v", err)
	}
	s.attempts("k/1", 0)
	s.depth(3, 0)
	c := s.claim("k")
	s.ack(c, s.next(c, "2 3 1"), false)
}

func (s *suite) purge() {
	s.give("done", 1, 600) // more than one step
	s.give("waits", 1, 1)
	s.give("dead", 1, 1)
	c := s.claim("done")
	for more := true; more; {
		w, err := c.Next(s.ctx())
		s.must(err)
		more, err = c.Ack(s.ctx(), w, store.End{})
		s.must(err)
	}
	for range maxAttempts {
		c := s.claim("dead")
		_, err := c.Fail(s.ctx(), s.next(c, "1"), errors.New("no"), store.End{})
		s.must(err)
	}
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "cache", ID: "old", Data: []byte("x")}, queue.Record{Kind: "history", ID: "old", Data: []byte("x")}))
	for i := range 1200 { // more than one step
		s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "cache", ID: fmt.Sprint("many", i), Data: []byte("x")}))
	}
	for i := range 199 { // so that a step ends amid the kinds of the ID 099a, and the next one has nothing else to do
		s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "filler", ID: fmt.Sprintf("%03d", i+1), Data: []byte("x")}))
	}
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "a", ID: "099a", Data: []byte("x")}, queue.Record{Kind: "cache", ID: "099a", Data: []byte("x")}))
	s.must(s.db.Purge(s.ctx(), s.clock, "cache")) // nothing is older than now
	s.payload("done/1", "done/1")
	s.clock = s.clock.Add(time.Second)
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "cache", ID: "many600", Data: []byte("x")}, queue.Record{Kind: "cache", ID: "new", Data: []byte("x")}))
	s.must(s.db.Purge(s.ctx(), s.clock, "cache"))
	for guid, want := range map[string]string{"done/1": "", "done/600": "", "waits/1": "waits/1", "dead/1": "dead/1"} {
		s.payload(guid, want)
	}
	if f, err := s.db.Receive(s.ctx(), queue.Delivery{GUID: "done/1", Key: "done"}); f || err != nil {
		s.Fatalf("the GUID was forgotten: %v, %v", f, err)
	}
	s.depth(1, 1)
	s.list("cache", "", 0, "many600 new")
	s.list("history", "", 0, "old")
	s.list("a", "", 0, "099a")
}

func (s *suite) payload(guid, want string) {
	s.Helper()
	d, err := s.db.Lookup(s.ctx(), guid)
	if s.must(err); string(d.Payload) != want {
		s.Fatalf("payload of %s is %q, want %q", guid, d.Payload, want)
	}
}

func (s *suite) records() {
	for _, id := range []string{"b", "a/2", "a/1", "a", "A", "a/\U0010FFFF", "a0", "ä"} {
		s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "k", ID: id, Data: []byte(id)}))
	}
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "other", ID: "a", Data: []byte{0, 1}}))
	s.list("k", "", 0, "A a a/1 a/2 a/\U0010FFFF a0 b ä")
	s.list("k", "a/", 0, "a/1 a/2 a/\U0010FFFF")
	s.list("k", "a", 2, "a a/1")
	s.list("k", "a/\U0010FFFF", 0, "a/\U0010FFFF")
	s.list("k", "zz", 0, "")
	s.clock = s.clock.Add(time.Minute)
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "k", ID: "a", Data: []byte("new")}, queue.Record{Kind: "k", ID: "b"}))
	s.must(s.db.PutAll(s.ctx(), queue.Record{Kind: "third", ID: "a", Data: []byte("not asked for")}))
	many, err := s.db.GetMany(s.ctx(), []queue.Name{{Kind: "k", ID: "ä"}, {Kind: "k", ID: "gone"}, {Kind: "other", ID: "a"}, {Kind: "k", ID: "a"}, {Kind: "other", ID: "b"}})
	got := map[queue.Name]string{}
	for _, r := range many {
		got[queue.Name{Kind: r.Kind, ID: r.ID}] = string(r.Data) + r.At.Format(" 15:04")
	}
	want := map[queue.Name]string{{Kind: "k", ID: "ä"}: "ä 12:00", {Kind: "k", ID: "a"}: "new 12:01", {Kind: "other", ID: "a"}: "\x00\x01 12:00"}
	if s.must(err); len(many) != 3 || !maps.Equal(got, want) {
		s.Fatalf("%q, want %q", got, want)
	}
	r, err := s.db.Get(s.ctx(), "k", "a")
	if s.must(err); string(r.Data) != "new" || !r.At.Equal(s.clock) || r.Kind != "k" || r.ID != "a" {
		s.Fatalf("%+v", r)
	}
	for _, id := range []string{"b", "nothing"} {
		if _, err := s.db.Get(s.ctx(), "k", id); !errors.Is(err, queue.ErrNotFound) {
			s.Fatal(err)
		}
	}
	if r, err := s.db.Get(s.ctx(), "other", "a"); err != nil || string(r.Data) != "\x00\x01" {
		s.Fatalf("%+v, %v", r, err)
	}
}

func (s *suite) list(kind, prefix string, limit int, want string) {
	s.Helper()
	rs, err := s.db.List(s.ctx(), kind, prefix, limit)
	s.must(err)
	var ids []string
	for _, r := range rs {
		ids = append(ids, r.ID)
	}
	if got := strings.Join(ids, " "); got != want {
		s.Fatalf("list %s %q %d: %q, want %q", kind, prefix, limit, got, want)
	}
}

func (s *suite) cron() {
	for range 2 { // the first look is remembered
		last, err := s.db.LastTick(s.ctx(), "daily")
		if s.must(err); !last.Equal(time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)) {
			s.Fatal(last)
		}
		s.clock = s.clock.Add(time.Hour)
	}
}

func (s *suite) reopen() {
	s.give("k", 1, 2)
	var others []*store.DB
	if Shared(s.url) {
		others = append(others, Open(s.T, s.url))
	} else {
		s.must(s.db.Close())
	}
	others = append(others, Open(s.T, s.url))
	for _, db := range others {
		if d, err := db.Depth(s.ctx()); err != nil || d.Pending != 2 {
			s.Fatal(d, err)
		}
	}
}
