package githubsim

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

func (s *Sim) listPulls(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	q := rq.URL.Query()
	state := cmp.Or(q.Get("state"), issue.Open)
	var found []*issueState
	for _, i := range r.issues {
		switch {
		case !i.pull, state != "all" && i.state != state:
		case q.Get("head") != "" && !strings.EqualFold(q.Get("head"), r.owner+":"+i.head):
		case q.Get("base") != "" && q.Get("base") != r.defaultBranch:
		default:
			found = append(found, i)
		}
	}
	if err := sortIssues(found, q.Get("sort"), q.Get("direction")); err != nil {
		return problem(err)
	}
	return pages(each(found, s.pullJSON))
}

// postPull opens a pull request from a branch of the same repository.
func (s *Sim) postPull(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	if !s.can(rq.actor, r, "write") {
		return problem(rq.actor.forbidden())
	}
	var in struct {
		Title, Head, Base, Body string
		Draft                   bool
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	t := r.branches[in.Head]
	switch {
	case in.Base != r.defaultBranch:
		return problem(invalid("PullRequest", "base", "invalid", ""))
	case t == nil:
		return problem(invalid("PullRequest", "head", "invalid", ""))
	case t.head() == r.head():
		return problem(invalid("PullRequest", "", "custom", "No commits between "+in.Base+" and "+in.Head))
	case slices.ContainsFunc(slices.Collect(maps.Values(r.issues)), func(i *issueState) bool { return i.pull && i.state == issue.Open && i.head == in.Head }):
		return problem(invalid("PullRequest", "", "custom", "A pull request already exists for "+r.owner+":"+in.Head+"."))
	}
	i, err := s.openIssue(rq.actor, r, draft{title: in.Title, body: in.Body, pull: true, head: in.Head})
	if err != nil {
		return problem(err)
	}
	return created(s.pullJSON(i))
}
