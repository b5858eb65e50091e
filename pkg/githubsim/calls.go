package githubsim

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Call is one request as it was answered.
type Call struct {
	Method string
	// Path is the endpoint, "GET /repos/{owner}/{repo}/issues/{issue_number}", or the bare method and path if it is none.
	Path   string
	URL    string // path and query as sent
	Repo   string // "owner/name" in lower case, empty where there is none
	Status int    // 0 when the connection was cut or hung
	As     string // login, empty for nobody
	Body   string
	At     time.Time
}

// Changes tells whether it asked for a change: anything but reading, by REST or by GraphQL.
func (c Call) Changes() bool {
	if c.Path == "POST /graphql" {
		return c.Mutates("")
	}
	return c.Method != http.MethodGet && c.Method != http.MethodHead
}

// Mutates tells whether it is a GraphQL mutation that has the field, any for "".
func (c Call) Mutates(field string) bool {
	return slices.ContainsFunc(c.Mutations(), func(f string) bool { return field == "" || f == field })
}

// mutated finds the fields of a mutation, which have a name of their own here.
var mutated = regexp.MustCompile(`\w+:(\w+)\(input:`)

// Mutations are the fields of a GraphQL mutation, in their order.
func (c Call) Mutations() (fields []string) {
	var in struct{ Query string }
	if c.Path != "POST /graphql" || json.Unmarshal([]byte(c.Body), &in) != nil || !strings.HasPrefix(in.Query, "mutation") {
		return nil
	}
	for _, m := range mutated.FindAllStringSubmatch(in.Query, -1) {
		fields = append(fields, m[1])
	}
	return fields
}

// Calls gives the requests so far, in the order in which they were answered.
func (s *Sim) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// ResetCalls forgets the requests so far, the unknown ones too.
func (s *Sim) ResetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.unknown = nil, nil
}

// Unknown gives the requests that the simulator could not answer as GitHub would. A test should fail on any.
func (s *Sim) Unknown() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.unknown)
}

// Before has f called with each request before it takes effect. f may use the simulator: a person who edits just then.
func (s *Sim) Before(f func(Call)) (cancel func()) { return s.observe(&s.before, f) }

// After has f called with each request as it is about to be answered; Call.Status is the answer, 0 for none.
func (s *Sim) After(f func(Call)) (cancel func()) { return s.observe(&s.after, f) }

func (s *Sim) observe(list *[]*observer, f func(Call)) func() {
	o := &observer{f}
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, o)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		*list = slices.DeleteFunc(slices.Clone(*list), func(have *observer) bool { return have == o })
	}
}

// tell calls the observers without the lock, so that they can act.
func (s *Sim) tell(list *[]*observer, c Call) {
	s.mu.Lock()
	watching := slices.Clone(*list)
	s.mu.Unlock()
	for _, o := range watching {
		o.f(c)
	}
}

func (s *Sim) log(c Call, unknown bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, c)
	if unknown {
		s.unknown = append(s.unknown, c)
	}
}
