package engine

import (
	"sync"
	"time"
)

// outages counts, for each issue, how often in a row GitHub could not be asked, so that waiting grows.
type outages struct {
	mu     sync.Mutex
	runs   map[string]int
	missed map[string]time.Time // since when a comment that was perhaps sent is not to be seen
}

// settleFor is how long GitHub is given to carry out a comment whose sender was killed or gave up.
const settleFor = 3 * time.Second

// settle gives the rest of that time.
func (o *outages) settle(key string, now time.Time) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.missed == nil {
		o.missed = map[string]time.Time{}
	}
	if _, known := o.missed[key]; !known {
		o.missed[key] = now
	}
	return o.missed[key].Add(settleFor).Sub(now)
}

// next gives the time to wait: 1, 2, 4 … up to 60 seconds.
func (o *outages) next(key string) time.Duration {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.runs == nil {
		o.runs = map[string]int{}
	}
	n := o.runs[key]
	o.runs[key] = n + 1
	return min(time.Second<<min(n, 6), time.Minute)
}

func (o *outages) over(key string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.runs, key)
	delete(o.missed, key)
}
