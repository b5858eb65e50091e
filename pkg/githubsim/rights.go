package githubsim

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// covers are the permissions by which an App, or a fine-grained token, may use endpoints, by how their pattern begins: one of
// them is enough. All others need no more than everybody has. See
// https://docs.github.com/rest/authentication/permissions-required-for-github-apps.
var covers = []struct {
	begin string
	names []string
}{
	{"/repos/{owner}/{repo}/issues", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/labels", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/milestones", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/assignees", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/pulls", []string{"pull_requests"}},
	{"/repos/{owner}/{repo}/contents", []string{"contents"}},
	{"/repos/{owner}/{repo}/git", []string{"contents"}},
	{"/repos/{owner}/{repo}/hooks", []string{"repository_hooks"}},
	{"/repos/{owner}/{repo}/collaborators", []string{"metadata"}},
	{"/orgs/{org}/teams", []string{"members"}},
	{"/orgs/{org}/members", []string{"members"}}, // and memberships
}

// rightsOf are the permissions that a request is held to; nil is no limit.
func (s *Sim) rightsOf(rq *request) map[string]string {
	if rq.actor.user == nil || rq.actor.user != s.users[key(s.opts.Bot)] {
		return nil
	}
	if a := s.opts.App; a != nil && a.granted != nil {
		return a.granted
	}
	return s.opts.Rights
}

// granted refuses what the permissions do not cover. What everybody may read needs none.
func (s *Sim) granted(rq *request) error {
	have := s.rightsOf(rq)
	reads := rq.Method == http.MethodGet || rq.Method == http.MethodHead
	r := s.repos[key(rq.vars["owner"]+"/"+rq.vars["repo"])]
	if have == nil || reads && r != nil && !r.private {
		return nil
	}
	for _, c := range covers {
		if !strings.HasPrefix(rq.route.pattern, c.begin) {
			continue
		}
		names := c.names
		if n, err := strconv.Atoi(rq.vars["issue_number"]); err == nil && r != nil && r.issues[n] != nil && r.issues[n].pull && !reads {
			names = []string{"pull_requests"} // labels of one with "issues" alone: "Resource not accessible by integration"
		}
		for _, name := range names {
			if have[name] == "write" || reads && have[name] == "read" {
				s.use(name, reads)
				return nil
			}
		}
		return rq.lacks(names, reads)
	}
	return nil
}

// lacks is the refusal. Its header names the permissions of which one would do: "issues=write; pull_requests=write".
func (rq *request) lacks(names []string, reads bool) error {
	e := &Error{Status: http.StatusForbidden, Message: "Resource not accessible by personal access token", header: http.Header{}}
	if rq.actor.app {
		e.Message = "Resource not accessible by integration"
	}
	accepted := make([]string, len(names))
	for i, name := range names {
		accepted[i] = name + "=" + levelOf(reads)
	}
	e.header.Set("X-Accepted-GitHub-Permissions", strings.Join(accepted, "; "))
	return e
}

// mayRead is granted for what GraphQL reads of a repository: what may not be read is null there, with an error beside it.
func (g *gqlRun) mayRead(r *repo, names ...string) error {
	have := g.sim.rightsOf(g.rq)
	if have == nil || !r.private || slices.ContainsFunc(names, func(name string) bool { return have[name] != "" }) {
		return nil
	}
	return &gqlMissing{"FORBIDDEN", "Resource not accessible by integration"}
}

// mayWrite is granted for what GraphQL changes of a repository.
func (g *gqlRun) mayWrite(r *repo, name string) error {
	have := g.sim.rightsOf(g.rq)
	switch {
	case r.archived:
		return &gqlMissing{"UNPROCESSABLE", "Repository was archived so is read-only."}
	case have != nil && have[name] != "write":
		return &gqlMissing{"FORBIDDEN", "Resource not accessible by integration"}
	case have != nil:
		g.sim.use(name, false)
	}
	return nil
}

func levelOf(reads bool) string {
	if reads {
		return "read"
	}
	return "write"
}

func (s *Sim) use(name string, reads bool) {
	if s.used[name] != "write" {
		s.used[name] = levelOf(reads)
	}
}

// Used are the permissions that the bot has made use of so far, by name, with the level that was needed. Only a bot that is held
// to its permissions is watched.
func (s *Sim) Used() map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.used)
}
