package worker

import (
	"context"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

// TestSharedGrid: replicas that ask at different moments see the same ticks, also for cron's "@every", which by itself counts from
// when it is asked: else each replica would have ticks of its own, and each would be run.
func TestSharedGrid(t *testing.T) {
	parsed, err := cron.ParseStandard("@every 10m")
	if err != nil {
		t.Fatal(err)
	}
	ps, err := onGrid([]Periodic{
		{Name: "parsed", Schedule: parsed, Run: func(context.Context, time.Time) error { return nil }},
		{Name: "made", Schedule: cron.Every(10 * time.Minute), Run: func(context.Context, time.Time) error { return nil }, Timeout: time.Second},
	})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	for _, p := range ps {
		for _, c := range []struct{ asked, want time.Duration }{
			{0, 10 * time.Minute}, {time.Nanosecond, 10 * time.Minute}, {3*time.Minute + 7*time.Second, 10 * time.Minute},
			{10*time.Minute - 1, 10 * time.Minute}, {10 * time.Minute, 20 * time.Minute},
		} {
			if got := p.Schedule.Next(day.Add(c.asked)).Sub(day); got != c.want {
				t.Errorf("%s, asked at %v: %v, want %v", p.Name, c.asked, got, c.want)
			}
		}
	}
	if ps[0].Timeout != tickTimeout || ps[1].Timeout != time.Second {
		t.Errorf("timeouts %v, %v", ps[0].Timeout, ps[1].Timeout)
	}
}

// TestPeriodicNames: what is run on a schedule has a name of its own.
func TestPeriodicNames(t *testing.T) {
	run := func(context.Context, time.Time) error { return nil }
	for name, ps := range map[string][]Periodic{
		"no name": {{Schedule: every{time.Hour}, Run: run}}, "no schedule": {{Name: "a", Run: run}}, "nothing to run": {{Name: "a", Schedule: every{time.Hour}}},
		"twice": {{Name: "a", Schedule: every{time.Hour}, Run: run}, {Name: "a", Schedule: every{time.Hour}, Run: run}},
	} {
		if _, err := onGrid(ps); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
