package githubsim

// canned is an answer that a test gave for an endpoint that the simulator does not have.
type canned struct {
	status int
	body   any
}

// Serve answers a call that the simulator has no endpoint for, "GET /repos/kubevirt/kubevirt/license". Where it has one,
// that one stays. The body is any value that makes the right JSON.
func (s *Sim) Serve(call string, status int, body any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.canned[key(call)] = canned{status, body}
}

func (s *Sim) cannedAnswer(rq *request, path string) (reply, bool) {
	c, found := s.canned[key(rq.Method+" "+path)]
	return reply{status: c.status, body: c.body}, found
}
