package githubsim

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// request is one HTTP request, with what is known about it.
type request struct {
	*http.Request
	actor actor
	token *token
	jwt   string
	route *route
	vars  map[string]string
	body  []byte
	path  string // without /api/v3
	base  string // where this client reaches us, for Link and Location
	fault *Fault
	// unknown is set where an answer is a gap of the simulator without being a 501.
	unknown bool
}

// reply is an answer. A list is cut into pages.
type reply struct {
	status int
	body   any
	list   []any
	paged  bool
	header http.Header
}

func ok(body any) (reply, error)       { return reply{status: 200, body: body}, nil }
func created(body any) (reply, error)  { return reply{status: 201, body: body}, nil }
func noContent() (reply, error)        { return reply{status: 204}, nil }
func pages(list []any) (reply, error)  { return reply{status: 200, list: list, paged: true}, nil }
func problem(err error) (reply, error) { return reply{}, err }

// readLimited reads a body of up to 25 MB, GitHub's own limit for payloads.
func readLimited(r io.Reader) ([]byte, error) { return io.ReadAll(io.LimitReader(r, 25<<20)) }

// ServeHTTP answers REST at / and /api/v3/, GraphQL at /graphql and /api/graphql, and the pages on which Apps are made.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := readLimited(r.Body)
	if err != nil {
		return // the client went away
	}
	if s.page(w, r, body) {
		return
	}
	rq := &request{Request: r, body: body, base: baseOf(r)}
	authErr := s.authenticate(rq)
	path := s.localPath(r.URL.EscapedPath())
	rq.path = path
	rq.route, rq.vars = s.match(r.Method, path)
	c := Call{Method: r.Method, Path: r.Method + " " + path, URL: r.URL.RequestURI(), Body: string(body), At: s.now()}
	if rq.route != nil {
		c.Path = r.Method + " " + strings.Replace(rq.route.pattern, "...}", "}", 1)
	}
	if rq.vars["repo"] != "" {
		c.Repo = key(rq.vars["owner"] + "/" + rq.vars["repo"])
	}
	if rq.actor.user != nil {
		c.As = rq.actor.user.login
	}
	s.wait(r)
	s.tell(&s.before, c)
	status, header, raw := s.process(rq, c, authErr)
	c.Status = status
	s.tell(&s.after, c)
	s.log(c, rq.unknown || status == http.StatusNotImplemented)
	if status == 0 {
		rq.fault.fail(r)
	}
	for name, values := range header {
		w.Header()[name] = values
	}
	w.WriteHeader(status)
	_, _ = w.Write(raw) // a client that went away is none of our business
}

func (s *Sim) wait(r *http.Request) {
	s.mu.Lock()
	d := s.latency
	s.mu.Unlock()
	if d == 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// process gives the whole answer; status 0 means that there is none.
func (s *Sim) process(rq *request, c Call, authErr error) (int, http.Header, []byte) {
	rq.fault = s.strike(c)
	f := rq.fault
	s.mu.Lock()
	defer s.mu.Unlock()
	var rp reply
	var err error
	switch {
	case f != nil && f.Kind != GraphQLPartial && !f.late():
		err = f.answer(s.clock.Now())
	default:
		rp, err = s.dispatch(rq, authErr)
		if f != nil && f.late() && err == nil {
			err = f.answer(s.clock.Now())
		}
	}
	if f != nil && f.silent() {
		return 0, nil, nil
	}
	return s.finish(rq, rp, err)
}

func (s *Sim) dispatch(rq *request, authErr error) (reply, error) {
	if rp, found := s.cannedAnswer(rq, rq.path); found && rq.route == nil {
		return rp, nil
	}
	if rq.route == nil {
		return problem(unsupported("%s %s", rq.Method, rq.URL.Path))
	}
	if authErr != nil {
		return problem(authErr)
	}
	if err := s.spent(rq); err != nil {
		return problem(err)
	}
	safe := rq.Method == http.MethodGet || rq.Method == http.MethodHead
	if !safe && (rq.Header.Get("If-Match") != "" || rq.Header.Get("If-None-Match") != "") {
		return problem(refuse(400, "Conditional request headers are not allowed in unsafe requests unless supported by the endpoint"))
	}
	if !safe && rq.actor.user == nil && rq.jwt == "" && !rq.route.open {
		return problem(refuse(401, "Requires authentication"))
	}
	if r := s.repos[key(rq.vars["owner"]+"/"+rq.vars["repo"])]; !safe && r != nil && r.archived {
		return problem(refuse(403, "Repository was archived so is read-only."))
	}
	for name := range rq.URL.Query() {
		if !slices.Contains(rq.route.query, name) && name != "page" && name != "per_page" {
			return problem(unsupported("the parameter %q of %s %s", name, rq.Method, rq.route.pattern))
		}
	}
	if err := s.granted(rq); err != nil {
		return problem(err)
	}
	return rq.route.do(s, rq)
}

// finish writes the answer: pages, ETag, rate limit, errors.
func (s *Sim) finish(rq *request, rp reply, err error) (int, http.Header, []byte) {
	h := http.Header{}
	if rp.header != nil {
		h = rp.header
	}
	status, body := rp.status, rp.body
	if err != nil {
		e := asError(err)
		status, body = e.Status, e.render()
		for k, v := range e.header {
			h[k] = v
		}
	} else if rp.paged {
		body = paginate(rq, rp.list, h)
	}
	var raw []byte
	if e, ok := errors.AsType[*Error](err); ok && e.raw != nil {
		raw = e.raw
	} else if status != http.StatusNoContent {
		raw = encode(body)
		h.Set("Content-Type", "application/json; charset=utf-8")
	}
	if status == 200 && rq.Method == http.MethodGet {
		tag := fmt.Sprintf(`W/"%x"`, sha256.Sum256(raw))
		h.Set("ETag", tag)
		if sameTag(rq.Header.Get("If-None-Match"), tag) {
			status, raw = http.StatusNotModified, nil
			h.Del("Content-Type")
		}
	}
	s.meter(rq, status, h)
	h.Set("X-GitHub-Media-Type", "github.v3; format=json")
	return status, h, raw
}

func asError(err error) *Error {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Status: 500, Message: err.Error()}
	}
	return e
}

// sameTag compares as If-None-Match does: weakly.
func sameTag(asked, have string) bool {
	for tag := range strings.SplitSeq(asked, ",") {
		if tag = strings.TrimSpace(tag); tag != "" && strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(have, "W/") {
			return true
		}
	}
	return false
}

// decode reads a JSON body. A field that the simulator does not know is not ignored: the bot may count on it.
func (rq *request) decode(v any) error {
	d := json.NewDecoder(bytes.NewReader(rq.body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	var badType *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &badType):
		return refuse(422, "Invalid request.\n\nFor '%s', %s is not a %s.", badType.Field, badType.Value, badType.Type)
	case strings.Contains(err.Error(), "unknown field"):
		return unsupported("this body of %s %s: %v", rq.Method, rq.route.pattern, err)
	}
	return refuse(400, "Problems parsing JSON")
}

func baseOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	base := scheme + "://" + r.Host
	if strings.HasPrefix(r.URL.Path, "/api/v3/") {
		base += "/api/v3"
	}
	return base
}
