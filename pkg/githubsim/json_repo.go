package githubsim

import "fmt"

func (r *repo) api() string  { return apiBase + "/repos/" + r.fullName() }
func (r *repo) html() string { return htmlBase + "/" + r.fullName() }

// repoLinks are the addresses that every repository object lists, below its own.
var repoLinks = map[string]string{
	"archive_url":       "/{archive_format}{/ref}",
	"assignees_url":     "/assignees{/user}",
	"blobs_url":         "/git/blobs{/sha}",
	"branches_url":      "/branches{/branch}",
	"collaborators_url": "/collaborators{/collaborator}",
	"comments_url":      "/comments{/number}",
	"commits_url":       "/commits{/sha}",
	"compare_url":       "/compare/{base}...{head}",
	"contents_url":      "/contents/{+path}",
	"contributors_url":  "/contributors",
	"deployments_url":   "/deployments",
	"downloads_url":     "/downloads",
	"events_url":        "/events",
	"forks_url":         "/forks",
	"git_commits_url":   "/git/commits{/sha}",
	"git_refs_url":      "/git/refs{/sha}",
	"git_tags_url":      "/git/tags{/sha}",
	"hooks_url":         "/hooks",
	"issue_comment_url": "/issues/comments{/number}",
	"issue_events_url":  "/issues/events{/number}",
	"issues_url":        "/issues{/number}",
	"keys_url":          "/keys{/key_id}",
	"labels_url":        "/labels{/name}",
	"languages_url":     "/languages",
	"merges_url":        "/merges",
	"milestones_url":    "/milestones{/number}",
	"notifications_url": "/notifications{?since,all,participating}",
	"pulls_url":         "/pulls{/number}",
	"releases_url":      "/releases{/id}",
	"stargazers_url":    "/stargazers",
	"statuses_url":      "/statuses/{sha}",
	"subscribers_url":   "/subscribers",
	"subscription_url":  "/subscription",
	"tags_url":          "/tags",
	"teams_url":         "/teams",
	"trees_url":         "/git/trees{/sha}",
}

// repoJSON is the repository as webhooks carry it.
func (s *Sim) repoJSON(r *repo) object {
	open := 0
	for _, i := range r.issues {
		if i.state == "open" {
			open++
		}
	}
	visibility := "public"
	if r.private {
		visibility = "private"
	}
	o := object{
		"id": r.id, "node_id": nodeID("R", r.id), "name": r.name, "full_name": r.fullName(), "owner": s.ownerJSON(r),
		"private": r.private, "visibility": visibility, "description": nil, "fork": false, "homepage": nil,
		"default_branch": r.defaultBranch, "archived": r.archived, "disabled": false, "language": nil, "license": nil,
		"has_issues": true, "has_projects": true, "has_wiki": true, "has_pages": false, "has_downloads": true,
		"has_discussions": false, "is_template": false, "allow_forking": true, "web_commit_signoff_required": false,
		"topics": []any{}, "size": 0, "forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0,
		"watchers_count": 0, "open_issues": open, "open_issues_count": open,
		"created_at": stamp(r.createdAt), "updated_at": stamp(r.createdAt), "pushed_at": stamp(r.createdAt),
		"url": r.api(), "html_url": r.html(), "mirror_url": nil, "svn_url": r.html(), "clone_url": r.html() + ".git",
		"git_url": fmt.Sprintf("git://github.com/%s.git", r.fullName()),
		"ssh_url": fmt.Sprintf("git@github.com:%s.git", r.fullName()),
	}
	for name, path := range repoLinks {
		o[name] = r.api() + path
	}
	return o
}

func (s *Sim) ownerJSON(r *repo) object {
	if r.org != nil {
		return s.orgAsUser(r.org)
	}
	return s.userJSON(r.ownerUser)
}

// fullRepoJSON is the repository as GET gives it, with what the asker may do.
func (s *Sim) fullRepoJSON(a actor, r *repo) object {
	o := s.repoJSON(r)
	o["network_count"], o["subscribers_count"] = 0, 0
	if r.org != nil {
		o["organization"] = s.orgAsUser(r.org)
	}
	if a.user != nil {
		_, base := s.role(r, a.user)
		o["permissions"] = permissions(base)
	}
	return o
}

// permissions lists what a built-in role may do, as repositories and collaborators show it.
func permissions(base string) object {
	n := rank[base]
	return object{
		"pull": n >= rank["read"], "triage": n >= rank["triage"], "push": n >= rank["write"],
		"maintain": n >= rank["maintain"], "admin": n >= rank["admin"],
	}
}
