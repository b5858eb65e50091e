package githubsim

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// theRepo gives the repository of the path, which must be visible to the asker.
func (s *Sim) theRepo(rq *request) (*repo, error) {
	r := s.repos[key(rq.vars["owner"]+"/"+rq.vars["repo"])]
	if r == nil || !s.can(rq.actor, r, "read") {
		return nil, notFound()
	}
	return r, nil
}

// theIssue gives the issue of the path; deleted and transferred ones answer as on GitHub.
func (s *Sim) theIssue(rq *request) (*issueState, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return nil, err
	}
	number, _ := strconv.Atoi(rq.vars["issue_number"])
	i := r.issues[number]
	switch {
	case i == nil:
		return nil, notFound()
	case i.deleted:
		return nil, refuse(410, "This issue was deleted")
	case i.movedTo != nil:
		return nil, moved(rq, i.movedTo)
	}
	return i, nil
}

// moved is the answer about a transferred issue. A client that follows it turns a PATCH into a GET, as with GitHub.
func moved(rq *request, to *issueState) error {
	_, rest, _ := strings.Cut(rq.route.pattern, "{issue_number}")
	if !slices.Contains(redirects, rest) {
		return notFound()
	}
	_, rest, _ = strings.Cut(rq.path, "/issues/"+rq.vars["issue_number"])
	u := fmt.Sprintf("%s/repositories/%d/issues/%d%s", rq.base, to.repo.id, to.number, rest)
	return &Error{
		Status: http.StatusMovedPermanently, header: http.Header{"Location": {u}},
		body: object{"message": "Moved Permanently", "url": u, "documentation_url": docs},
	}
}

// redirects are the endpoints about an issue for which GitHub documents a 301: itself and its labels.
var redirects = []string{"", "/labels", "/labels/{name...}"}

func (s *Sim) theComment(rq *request) (*comment, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return nil, err
	}
	id, _ := strconv.ParseInt(rq.vars["comment_id"], 10, 64)
	c := s.comments[id]
	if c == nil || c.issue.repo != r || c.issue.deleted {
		return nil, notFound()
	}
	return c, nil
}
