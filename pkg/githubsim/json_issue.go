package githubsim

import "fmt"

func (i *issueState) api() string { return fmt.Sprintf("%s/issues/%d", i.repo.api(), i.number) }

func (i *issueState) html() string {
	kind := "issues"
	if i.pull {
		kind = "pull"
	}
	return fmt.Sprintf("%s/%s/%d", i.repo.html(), kind, i.number)
}

func (i *issueState) nodeID() string {
	if i.pull {
		return nodeID("PR", i.id)
	}
	return nodeID("I", i.id)
}

func (s *Sim) issueJSON(i *issueState) object {
	api := i.api()
	var assignee any
	if len(i.assignees) > 0 {
		assignee = s.userJSON(i.assignees[0])
	}
	o := object{
		"id": i.id, "node_id": i.nodeID(), "number": i.number, "title": i.title, "body": orNull(i.body),
		"user": s.userJSON(i.author), "state": i.state, "state_reason": orNull(i.reason),
		"labels":   each(i.labels, func(l *label) object { return s.labelJSON(i.repo, l) }),
		"assignee": assignee, "assignees": each(i.assignees, s.userJSON),
		"milestone": s.milestoneJSON(i.repo, i.milestone),
		"locked":    i.locked, "active_lock_reason": orNull(i.lockReason), "comments": len(i.comments),
		"created_at": stamp(i.createdAt), "updated_at": stamp(i.updatedAt), "closed_at": stampOrNull(i.closedAt),
		"author_association":       s.association(i.repo, i.author),
		"performed_via_github_app": s.viaApp(i.viaApp),
		"reactions":                rollup(i.reactions, api),
		"url":                      api, "repository_url": i.repo.api(), "html_url": i.html(),
		"labels_url": api + "/labels{/name}", "comments_url": api + "/comments", "events_url": api + "/events",
		"timeline_url": api + "/timeline",
	}
	if i.pull {
		pull := fmt.Sprintf("%s/pulls/%d", i.repo.api(), i.number)
		merged := any(nil)
		if i.merged {
			merged = stamp(i.closedAt)
		}
		o["draft"] = false
		o["pull_request"] = object{
			"url": pull, "html_url": i.html(), "diff_url": i.html() + ".diff", "patch_url": i.html() + ".patch", "merged_at": merged,
		}
	}
	return o
}

// fullIssueJSON is what GET and PATCH of one issue add to what lists and webhooks show.
func (s *Sim) fullIssueJSON(i *issueState) object {
	o := s.issueJSON(i)
	o["closed_by"] = s.userJSON(i.closedBy)
	return o
}

func (s *Sim) commentJSON(c *comment) object {
	api := fmt.Sprintf("%s/issues/comments/%d", c.issue.repo.api(), c.id)
	return object{
		"id": c.id, "node_id": nodeID("IC", c.id), "body": c.body, "user": s.userJSON(c.author),
		"created_at": stamp(c.createdAt), "updated_at": stamp(c.updatedAt),
		"author_association":       s.association(c.issue.repo, c.author),
		"performed_via_github_app": s.viaApp(c.viaApp),
		"reactions":                rollup(c.reactions, api),
		"url":                      api, "issue_url": c.issue.api(),
		"html_url": fmt.Sprintf("%s#issuecomment-%d", c.issue.html(), c.id),
	}
}

// timelineOnly are lines that the list of an issue's events does not have.
var timelineOnly = map[string]bool{"commented": true, "cross-referenced": true}

func (s *Sim) eventJSON(i *issueState, e *event) object {
	switch e.kind {
	case "commented":
		o := s.commentJSON(e.comment)
		o["event"], o["actor"] = e.kind, s.userJSON(e.actor)
		return o
	case "cross-referenced":
		src := s.issueJSON(e.source)
		src["repository"] = s.repoJSON(e.source.repo)
		return object{
			"event": e.kind, "actor": s.userJSON(e.actor), "created_at": stamp(e.at), "updated_at": stamp(e.at),
			"source": object{"type": "issue", "issue": src},
		}
	}
	o := object{
		"id": e.id, "node_id": nodeID("EV", e.id), "event": e.kind, "actor": s.userJSON(e.actor), "created_at": stamp(e.at),
		"url":       fmt.Sprintf("%s/issues/events/%d", i.repo.api(), e.id),
		"commit_id": orNull(e.commit), "commit_url": nil, "performed_via_github_app": s.viaApp(e.viaApp),
	}
	if e.commit != "" {
		o["commit_url"] = i.repo.api() + "/commits/" + e.commit
	}
	switch e.kind {
	case "labeled", "unlabeled":
		o["label"] = object{"name": e.label.name, "color": e.label.color}
	case "assigned", "unassigned":
		o["assignee"], o["assigner"] = s.userJSON(e.assignee), s.userJSON(e.actor)
	case "milestoned", "demilestoned":
		o["milestone"] = object{"title": e.milestone}
	case "renamed":
		o["rename"] = object{"from": e.from, "to": e.to}
	case "closed":
		o["state_reason"] = orNull(e.reason)
	case "locked":
		o["lock_reason"] = orNull(e.lock)
	}
	return o
}
