package scripttest

import (
	"net/http"
	"sync"
)

// moment is when the bot is killed around one request that writes.
type moment string

const (
	beforeSent  moment = "before it was sent"
	afterSent   moment = "after it was sent"
	afterAnswer moment = "after its answer was noted"
)

var moments = []moment{beforeSent, afterSent, afterAnswer}

// kill ends the bot at the nth request that writes. A nil kill never does.
type kill struct {
	nth  int
	when moment
	then *kill // of the next life

	all bool // reads count, too

	mu     sync.Mutex
	writes int
	killed bool
	armed  bool // the request was answered; kill when that is noted
}

func (k *kill) dead() bool {
	if k == nil {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.killed
}

// noted is called when an answer was noted.
func (k *kill) noted() error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.armed {
		k.killed = true
		return errKilled
	}
	return nil
}

// transport is the bot's way to GitHub, on which it can die.
type transport struct{ kill *kill }

func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	k := t.kill
	if k == nil || req.Method == http.MethodGet && !k.all {
		if k.dead() {
			return nil, errKilled
		}
		return http.DefaultTransport.RoundTrip(req)
	}
	k.mu.Lock()
	if k.killed {
		k.mu.Unlock()
		return nil, errKilled
	}
	n := k.writes
	k.writes++
	k.killed = n == k.nth && k.when != afterAnswer
	k.armed = n == k.nth && k.when == afterAnswer
	k.mu.Unlock()
	if n == k.nth && k.when == beforeSent {
		return nil, errKilled
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if n == k.nth && k.when == afterSent {
		if err == nil {
			_ = res.Body.Close()
		}
		return nil, errKilled
	}
	return res, err
}
