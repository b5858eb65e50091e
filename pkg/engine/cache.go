package engine

import (
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/fact"
)

type cacheKey struct {
	installation int64
	repo         string
	fact         fact.Key
}

type cached struct {
	value any
	until time.Time
}

// factCache keeps answers for some minutes. The zero value is ready.
type factCache struct {
	mu sync.Mutex
	m  map[cacheKey]cached
}

const maxCached = 20000

func (c *factCache) get(k cacheKey, now time.Time) (any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.m[k]
	return v.value, ok && now.Before(v.until)
}

func (c *factCache) put(k cacheKey, v any, until, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.m == nil {
		c.m = map[cacheKey]cached{}
	}
	if len(c.m) >= maxCached {
		for k, v := range c.m {
			if now.After(v.until) {
				delete(c.m, k)
			}
		}
		if len(c.m) >= maxCached {
			clear(c.m)
		}
	}
	c.m[k] = cached{v, until}
}
