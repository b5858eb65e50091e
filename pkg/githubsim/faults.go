package githubsim

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Kind is a way in which GitHub fails. The names ending in After let the request take effect first.
type Kind int

const (
	Status500Before Kind = iota + 1
	Status502Before
	Status502After
	Hang           // no answer until the client gives up; nothing happened
	HangAfter      // no answer until the client gives up; it happened
	CutBefore      // the connection is cut; nothing happened
	CutAfter       // the connection is cut; it happened
	SecondaryLimit // 403, or Fault.Status 429; Retry-After if Fault.RetryAfter is set
	PrimaryLimit   // 403 with X-RateLimit-Remaining 0 and a reset in Fault.RetryAfter, or an hour
	Forbidden
	NotFound
	Gone410
	Unauthorized401
	Suspended      // the installation was suspended
	GraphQLPartial // half of the nodes are null, with an error for each
	Says           // the answer is Fault.Status with Fault.Body; nothing happened
	SaysAfter      // the same; it happened
)

// Fault makes matching requests fail.
type Fault struct {
	Kind       Kind
	Match      string // regular expression on Call.Path, "" for all
	Repo       string // "owner/name", "" for all
	As         string // login, "" for all
	After      int    // leave this many matching requests alone first
	Times      int    // then fail this many; 0 means until cancelled
	Status     int    // of SecondaryLimit: 403 or 429; of Says
	Body       string // of Says, as it is sent
	RetryAfter time.Duration
}

type fault struct {
	Fault
	match *regexp.Regexp
	seen  int
}

// Fault puts a fault in the way; cancel takes it away.
func (s *Sim) Fault(f Fault) (cancel func()) {
	if f.Kind < Status500Before || f.Kind > SaysAfter {
		panic(fmt.Sprintf("githubsim: there is no fault of kind %d", f.Kind))
	}
	k := &fault{Fault: f, match: regexp.MustCompile(f.Match)}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, k)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.faults = slices.DeleteFunc(s.faults, func(have *fault) bool { return have == k })
	}
}

// strike gives the fault that this request meets, or nil. Each matching fault counts it.
func (s *Sim) strike(c Call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hit *Fault
	for _, f := range s.faults {
		if !f.match.MatchString(c.Path) || f.Repo != "" && !strings.EqualFold(f.Repo, c.Repo) || f.As != "" && !strings.EqualFold(f.As, c.As) {
			continue
		}
		f.seen++
		if hit == nil && f.seen > f.After && (f.Times == 0 || f.seen <= f.After+f.Times) {
			hit = &f.Fault
		}
	}
	return hit
}

// late tells whether the request takes effect before it fails.
func (f *Fault) late() bool {
	return f.Kind == Status502After || f.Kind == HangAfter || f.Kind == CutAfter || f.Kind == SaysAfter
}

// silent tells whether no answer is sent at all.
func (f *Fault) silent() bool {
	return slices.Contains([]Kind{Hang, HangAfter, CutBefore, CutAfter}, f.Kind)
}

// fail ends a request without an answer.
func (f *Fault) fail(r *http.Request) {
	if f.Kind == Hang || f.Kind == HangAfter {
		<-r.Context().Done()
	}
	panic(http.ErrAbortHandler) // net/http cuts the connection and says nothing
}

// answer is the refusal that the fault makes of a request.
func (f *Fault) answer(now time.Time) *Error {
	e := &Error{header: http.Header{}}
	switch f.Kind {
	case Status500Before:
		e.Status, e.Message = 500, "Server Error"
	case Status502Before, Status502After:
		e.Status, e.Message = 502, "Server Error"
	case SecondaryLimit:
		e.Status, e.Message = 403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
		if f.Status != 0 {
			e.Status = f.Status
		}
		if f.RetryAfter > 0 {
			e.header.Set("Retry-After", fmt.Sprint(int(f.RetryAfter.Seconds())))
		}
		e.body = object{"message": e.Message, "documentation_url": docs + "/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}
	case PrimaryLimit:
		wait := f.RetryAfter
		if wait == 0 {
			wait = time.Hour
		}
		e.Status, e.Message = 403, "API rate limit exceeded."
		e.header.Set("X-RateLimit-Remaining", "0")
		e.header.Set("X-RateLimit-Reset", fmt.Sprint(now.Add(wait).Unix()))
	case Forbidden:
		e.Status, e.Message = 403, "Resource not accessible by integration"
	case NotFound:
		e.Status, e.Message = 404, "Not Found"
	case Gone410:
		e.Status, e.Message = 410, "This issue was deleted"
	case Unauthorized401:
		e.Status, e.Message = 401, "Bad credentials"
	case Says, SaysAfter:
		e.Status, e.Message, e.raw = f.Status, f.Body, []byte(f.Body)
	case Suspended:
		e.Status, e.Message = 403, "This installation has been suspended"
	}
	return e
}
