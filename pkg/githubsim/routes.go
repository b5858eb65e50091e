package githubsim

import (
	"net/url"
	"strconv"
	"strings"
)

// route is one endpoint. A pattern's last segment may be {name...}: the rest of the path.
type route struct {
	method, pattern string
	do              func(*Sim, *request) (reply, error)
	query           []string // the parameters it knows, besides page and per_page
	free            bool     // costs no rate limit
	open            bool     // needs no credentials, though it changes something
}

// routes lists every endpoint there is. Of two that match, the first one counts.
var routes = []route{
	{method: "POST", pattern: "/graphql", do: (*Sim).graphql},
	{method: "GET", pattern: "/rate_limit", do: (*Sim).rateLimit, free: true},
	{method: "GET", pattern: "/user", do: (*Sim).getMe},
	{method: "GET", pattern: "/users/{username}", do: (*Sim).getUser},

	{method: "POST", pattern: "/app-manifests/{code}/conversions", do: (*Sim).convertManifest, open: true},
	{method: "GET", pattern: "/app", do: (*Sim).getApp},
	{method: "GET", pattern: "/app/installations", do: (*Sim).listInstallations},
	{method: "POST", pattern: "/app/installations/{installation_id}/access_tokens", do: (*Sim).createToken},
	{method: "GET", pattern: "/app/hook/deliveries", do: (*Sim).listDeliveries, query: []string{"cursor", "status"}},
	{method: "GET", pattern: "/app/hook/deliveries/{delivery_id}", do: (*Sim).getDelivery},
	{method: "POST", pattern: "/app/hook/deliveries/{delivery_id}/attempts", do: (*Sim).postAttempt},

	{method: "GET", pattern: "/orgs/{org}/members/{username}", do: (*Sim).checkMember},
	{method: "GET", pattern: "/orgs/{org}/memberships/{username}", do: (*Sim).getMembership},
	{method: "GET", pattern: "/orgs/{org}/teams/{team_slug}/members", do: (*Sim).listTeamMembers},
	{method: "GET", pattern: "/orgs/{org}/teams/{team_slug}/memberships/{username}", do: (*Sim).getTeamMembership},

	{method: "GET", pattern: "/repos/{owner}/{repo}", do: (*Sim).getRepo},
	{method: "GET", pattern: "/repos/{owner}/{repo}/installation", do: (*Sim).getRepoInstallation},
	{method: "GET", pattern: "/repos/{owner}/{repo}/contents/{path...}", do: (*Sim).getContents, query: []string{"ref"}},
	{method: "PUT", pattern: "/repos/{owner}/{repo}/contents/{path...}", do: (*Sim).putContents},
	{method: "GET", pattern: "/repos/{owner}/{repo}/git/ref/{ref...}", do: (*Sim).getRef},
	{method: "POST", pattern: "/repos/{owner}/{repo}/git/refs", do: (*Sim).postRef},
	{method: "GET", pattern: "/orgs/{org}/repos", do: (*Sim).listOwnerRepos, query: []string{"sort"}},
	{method: "GET", pattern: "/users/{username}/repos", do: (*Sim).listOwnerRepos, query: []string{"sort"}},
	{method: "GET", pattern: "/repos/{owner}/{repo}/commits", do: (*Sim).listCommits, query: []string{"path"}},
	{method: "GET", pattern: "/repos/{owner}/{repo}/git/trees/{tree_sha}", do: (*Sim).getTree, query: []string{"recursive"}},
	{method: "GET", pattern: "/repos/{owner}/{repo}/git/blobs/{file_sha}", do: (*Sim).getBlob},
	{method: "GET", pattern: "/repos/{owner}/{repo}/releases", do: (*Sim).listReleases},
	{method: "GET", pattern: "/repos/{owner}/{repo}/collaborators/{username}", do: (*Sim).checkCollaborator},
	{method: "GET", pattern: "/repos/{owner}/{repo}/collaborators/{username}/permission", do: (*Sim).getPermission},
	{method: "GET", pattern: "/repos/{owner}/{repo}/assignees/{assignee}", do: (*Sim).checkAssignee},
	{method: "GET", pattern: "/repos/{owner}/{repo}/milestones", do: (*Sim).listMilestones, query: []string{"state"}},
	{method: "GET", pattern: "/repos/{owner}/{repo}/labels", do: (*Sim).listRepoLabels},
	{method: "POST", pattern: "/repos/{owner}/{repo}/labels", do: (*Sim).postRepoLabel},
	{method: "GET", pattern: "/repos/{owner}/{repo}/labels/{name...}", do: (*Sim).getRepoLabel},
	{method: "GET", pattern: "/repos/{owner}/{repo}/hooks", do: (*Sim).listHooks},
	{method: "GET", pattern: "/repos/{owner}/{repo}/hooks/{hook_id}/deliveries", do: (*Sim).listDeliveries, query: []string{"cursor", "status"}},
	{method: "GET", pattern: "/repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}", do: (*Sim).getDelivery},
	{method: "POST", pattern: "/repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts", do: (*Sim).postAttempt},

	{method: "GET", pattern: "/repos/{owner}/{repo}/pulls", do: (*Sim).listPulls, query: []string{"state", "head", "base", "sort", "direction"}},
	{method: "POST", pattern: "/repos/{owner}/{repo}/pulls", do: (*Sim).postPull},
	{method: "GET", pattern: "/repos/{owner}/{repo}/pulls/{issue_number}", do: (*Sim).getPull},
	{method: "POST", pattern: "/repos/{owner}/{repo}/pulls/{issue_number}/requested_reviewers", do: (*Sim).postReviewers},
	{method: "DELETE", pattern: "/repos/{owner}/{repo}/pulls/{issue_number}/requested_reviewers", do: (*Sim).deleteReviewers},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues", do: (*Sim).listIssues, query: []string{"state", "since", "sort", "direction", "labels", "creator"}},
	{method: "POST", pattern: "/repos/{owner}/{repo}/issues", do: (*Sim).postIssue},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/comments", do: (*Sim).listRepoComments, query: []string{"since", "sort", "direction"}},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/comments/{comment_id}", do: (*Sim).getComment},
	{method: "PATCH", pattern: "/repos/{owner}/{repo}/issues/comments/{comment_id}", do: (*Sim).patchComment},
	{method: "DELETE", pattern: "/repos/{owner}/{repo}/issues/comments/{comment_id}", do: (*Sim).removeComment},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", do: (*Sim).listReactions, query: []string{"content"}},
	{method: "POST", pattern: "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions", do: (*Sim).postReaction},
	{method: "DELETE", pattern: "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions/{reaction_id}", do: (*Sim).deleteReaction},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{issue_number}", do: (*Sim).getIssue},
	{method: "PATCH", pattern: "/repos/{owner}/{repo}/issues/{issue_number}", do: (*Sim).patchIssue},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/comments", do: (*Sim).listComments, query: []string{"since"}},
	{method: "POST", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/comments", do: (*Sim).postComment},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/labels", do: (*Sim).listLabels},
	{method: "POST", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/labels", do: (*Sim).postLabels},
	{method: "PUT", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/labels", do: (*Sim).putLabels},
	{method: "DELETE", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name...}", do: (*Sim).deleteLabel},
	{method: "POST", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/assignees", do: (*Sim).postAssignees},
	{method: "DELETE", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/assignees", do: (*Sim).deleteAssignees},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/reactions", do: (*Sim).listReactions, query: []string{"content"}},
	{method: "POST", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/reactions", do: (*Sim).postReaction},
	{method: "DELETE", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/reactions/{reaction_id}", do: (*Sim).deleteReaction},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/events", do: (*Sim).listEvents},
	{method: "GET", pattern: "/repos/{owner}/{repo}/issues/{issue_number}/timeline", do: (*Sim).listTimeline},
}

// localPath takes the prefix of a GitHub Enterprise server away, and turns /repositories/ID, where redirects of
// transferred issues lead, into the repository's name.
func (s *Sim) localPath(path string) string {
	if path == "/api/graphql" {
		return "/graphql"
	}
	path = strings.TrimPrefix(path, "/api/v3")
	rest, found := strings.CutPrefix(path, "/repositories/")
	if !found {
		return path
	}
	id, rest, _ := strings.Cut(rest, "/")
	n, _ := strconv.ParseInt(id, 10, 64)
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.repoByID[n]; r != nil {
		return "/repos/" + r.fullName() + "/" + rest
	}
	return path
}

func (s *Sim) match(method, path string) (*route, map[string]string) {
	for n := range routes {
		if routes[n].method != method {
			continue
		}
		if vars, ok := fits(routes[n].pattern, path); ok {
			return &routes[n], vars
		}
	}
	return nil, nil
}

// fits compares a path, still escaped, with a pattern.
func fits(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	vars := map[string]string{}
	for n, segment := range want {
		if n >= len(have) {
			return nil, false
		}
		name, isVar := strings.CutPrefix(segment, "{")
		if !isVar {
			if segment != have[n] {
				return nil, false
			}
			continue
		}
		value := have[n]
		name = strings.TrimSuffix(name, "}")
		rest, isRest := strings.CutSuffix(name, "...")
		if isRest {
			name, value = rest, strings.Join(have[n:], "/")
		}
		text, err := url.PathUnescape(value)
		if err != nil || text == "" {
			return nil, false
		}
		vars[name] = text
		if isRest {
			return vars, true
		}
	}
	return vars, len(want) == len(have)
}
