package githubsim

import (
	"sync"
	"time"
)

// Clock is a time that stands still, or follows another one, until it is moved.
type Clock struct {
	mu     sync.Mutex
	source func() time.Time
	ahead  time.Duration
}

func newClock(source func() time.Time) *Clock {
	if source == nil {
		start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
		source = func() time.Time { return start }
	}
	return &Clock{source: source}
}

// Now gives the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.source().Add(c.ahead)
}

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}
