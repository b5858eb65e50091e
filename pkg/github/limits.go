package github

import (
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// limits watches GitHub's rate limits. It mends what go-github v57 makes of a secondary one that names no time: it takes
// X-RateLimit-Reset, which every answer has and which is about the primary limit, for the end of it, and would rest for up to
// an hour where GitHub's documentation asks for a minute.
type limits struct {
	next http.RoundTripper

	mu               sync.Mutex
	limit, remaining int // of the primary limit, as the last answer told; 0 where none did
	reset            time.Time
}

func (l *limits) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := l.next.RoundTrip(req)
	if err != nil {
		return res, err
	}
	l.note(res.Header)
	refused := res.StatusCode == http.StatusForbidden || res.StatusCode == http.StatusTooManyRequests
	if refused && res.Header.Get("Retry-After") == "" && res.Header.Get("X-RateLimit-Remaining") != "0" {
		res.Header.Del("X-RateLimit-Reset")
	}
	return res, nil
}

func (l *limits) note(h http.Header) {
	limit, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	reset, err3 := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	if resource := h.Get("X-RateLimit-Resource"); errors.Join(err1, err2, err3) != nil || resource != "" && resource != "core" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.limit, l.remaining, l.reset = limit, remaining, time.Unix(reset, 0)
}

// reserve is the part of the rate limit that is kept for what people ask for: a tenth.
const reserve = 10

var errReserve = errors.New("what is left of the rate limit is kept for commands")

// Spare tells whether there are requests to spare for what nobody waits for. If not, it is a *RateLimitError.
func (h *Hub) Spare() error {
	l := h.limits
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit == 0 || l.remaining > l.limit/reserve || !h.o.Now().Before(l.reset) {
		return nil
	}
	return &RateLimitError{Until: l.reset, Err: errReserve}
}
