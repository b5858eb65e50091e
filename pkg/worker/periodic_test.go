package worker

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/ddbot/ddbot/pkg/store/storetest"
)

// ticks notes the ticks for which it was run.
type ticks struct {
	mu  sync.Mutex
	due []time.Time
}

func (t *ticks) run(_ context.Context, due time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = append(t.due, due.UTC())
	return nil
}

func (t *ticks) all() []time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.due)
}

// cronOnce runs a schedule on three replicas (SQLite has one only): no tick may be run twice, and each is a tick.
func (r *rig) cronOnce() {
	schedule, err := cron.ParseStandard("@every 1s")
	r.must(err)
	var got ticks
	for i := range 3 {
		db := r.db
		if i > 0 {
			if !storetest.Shared(r.url) {
				break
			}
			db = storetest.Open(r.T, r.url)
		}
		r.start(Config{Store: db, Periodic: []Periodic{{Name: "tick", Schedule: schedule, Run: got.run}}})
	}
	r.wait("ticks", func() bool { return len(got.all()) >= 4 })
	for i, due := range got.all() {
		if due.Nanosecond() != 0 || i > 0 && !due.After(got.all()[i-1]) {
			r.Errorf("ticks %v", got.all())
		}
	}
}

// cronMissed: ticks that pass while nobody is there run once and late, with the time of the latest.
func (r *rig) cronMissed() {
	schedule, err := cron.ParseStandard("0 3 * * *")
	r.must(err)
	day := func(d int) time.Time { return time.Date(2026, 11, d, 3, 0, 0, 0, time.UTC) }
	var hours atomic.Int64 // since 22 November, noon
	now := func() time.Time { return day(22).Add(time.Duration(9+hours.Load()) * time.Hour) }
	var got ticks
	daily := Periodic{Name: "daily", Schedule: schedule, Run: got.run, Timeout: tickTimeout}
	start := func() *Worker { return r.start(Config{Now: now, Periodic: []Periodic{daily}}) }
	db := r.db
	r.must(db.Close())
	r.db = storetest.OpenAt(r.T, r.url, now)

	last, err := r.db.LastTick(context.Background(), "daily") // as at the first start
	r.must(err)
	if !last.Equal(now()) {
		r.Fatal(last)
	}
	w := start()
	r.must(w.Stop(context.Background()))
	hours.Store(3*24 + 2) // the 25th, 14:00: nobody was there for three ticks
	w = start()
	r.wait("the missed tick", func() bool { return len(got.all()) == 1 })
	r.wait("its end", func() bool {
		last, err := r.db.LastTick(context.Background(), "daily")
		return err == nil && last.Equal(day(25))
	})
	r.must(w.Stop(context.Background()))
	w = r.start(Config{Now: now}) // without a loop of its own, which could look at the same time as we do
	look := func() {
		_, _, err := w.tick(context.Background(), daily, 1)
		r.must(err)
	}
	look() // nothing is due
	hours.Store(4 * 24)
	r.wait("the next tick", func() bool { look(); return len(got.all()) > 1 })
	look()
	if want := []time.Time{day(25), day(26)}; !slices.Equal(got.all(), want) {
		r.Errorf("ran for %v, want %v", got.all(), want)
	}
}

// cronFails: a tick whose work fails is tried again, and noted only when done.
func (r *rig) cronFails() {
	var n atomic.Int32
	var got ticks
	r.start(Config{Periodic: []Periodic{{Name: "tick", Schedule: every{time.Second}, Run: func(ctx context.Context, due time.Time) error {
		if n.Add(1) == 1 {
			panic("no") // an error otherwise is the same
		}
		return got.run(ctx, due)
	}}}})
	r.wait("the second attempt", func() bool { return len(got.all()) > 0 })
}

func TestLatest(t *testing.T) {
	parse := func(s string) cron.Schedule {
		schedule, err := cron.ParseStandard(s)
		if err != nil {
			t.Fatal(err)
		}
		return schedule
	}
	at := func(s string) time.Time {
		v, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, test := range []struct{ schedule, last, now, want string }{
		{"0 3 * * *", "2026-11-22 12:00", "2026-11-23 02:59", ""},
		{"0 3 * * *", "2026-11-22 12:00", "2026-11-23 03:00", "2026-11-23 03:00"},
		{"0 3 * * *", "2026-11-23 03:00", "2026-11-23 03:00", ""},
		{"0 3 * * *", "2026-11-23 03:00", "2026-11-23 23:00", ""},
		{"0 3 * * *", "2020-01-01 00:00", "2026-11-23 04:00", "2026-11-23 03:00"},
		{"*/5 * * * *", "2020-01-01 00:00", "2026-11-23 04:04", "2026-11-23 04:00"},
		{"0 0 1 1 *", "2026-01-01 00:00", "2026-12-31 00:00", ""},
		{"0 0 1 1 *", "2026-01-01 00:00", "2029-12-31 00:00", "2029-01-01 00:00"},
		{"0 0 30 2 *", "2026-01-01 00:00", "2026-12-31 00:00", ""}, // never
		{"* * * * *", "2026-11-23 03:00", "2026-11-22 03:00", ""},  // the clock was set back
	} {
		want := time.Time{}
		if test.want != "" {
			want = at(test.want)
		}
		if got := latest(parse(test.schedule), at(test.last), at(test.now)); !got.Equal(want) {
			t.Errorf("%+v: %v", test, got)
		}
	}
}

func TestBackoff(t *testing.T) {
	for attempt, want := range map[int]time.Duration{
		1: time.Second, 2: 16 * time.Second, 7: 2401 * time.Second, 8: time.Hour, 9: time.Hour, 1 << 40: time.Hour,
	} {
		if d := Backoff(attempt); d < want || d > want+want/10 {
			t.Errorf("Backoff(%d) is %v, want about %v", attempt, d, want)
		}
	}
}

func TestBadPeriodic(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	run := func(context.Context, time.Time) error { return nil }
	good := Periodic{Name: "a", Schedule: every{time.Hour}, Run: run}
	for _, ps := range [][]Periodic{{good, good}, {{Name: "a", Run: run}}, {{Name: "a", Schedule: never{}}}, {{Schedule: never{}, Run: run}}} {
		_, err := Start(t.Context(), Config{Store: db, Handle: (&rig{}).note, Log: storetest.Quiet(), Periodic: ps})
		if err == nil {
			t.Errorf("%+v was accepted", ps)
		}
	}
	if _, err := Start(t.Context(), Config{}); err == nil {
		t.Error("started without a store")
	}
}
