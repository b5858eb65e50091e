package githubsim

import (
	"cmp"
	"fmt"
	"slices"
)

// pullJSON is the pull request itself; issueJSON is how it looks among the issues. It has branches in name only.
func (s *Sim) pullJSON(i *issueState) object {
	r := i.repo
	api := fmt.Sprintf("%s/pulls/%d", r.api(), i.number)
	o := s.issueJSON(i)
	for _, name := range []string{
		"repository_url", "labels_url", "events_url", "timeline_url", "pull_request", "state_reason", "comments_url",
		"performed_via_github_app", "reactions",
	} {
		delete(o, name)
	}
	head, base := s.branch(i, cmp.Or(i.head, fmt.Sprintf("patch-%d", i.number))), s.branch(i, r.defaultBranch)
	links := object{
		"self": api, "html": i.html(), "issue": i.api(), "comments": i.api() + "/comments", "commits": api + "/commits",
		"review_comments": api + "/comments", "review_comment": r.api() + "/pulls/comments{/number}",
		"statuses": r.api() + "/statuses/" + head["sha"].(string),
	}
	hrefs := object{}
	for name, u := range links {
		hrefs[name] = object{"href": u}
	}
	people, teams := s.reviewersJSON(i)
	own := object{
		"id": i.pullID, "url": api, "diff_url": i.html() + ".diff", "patch_url": i.html() + ".patch", "issue_url": i.api(),
		"commits_url": links["commits"], "review_comments_url": links["review_comments"], "statuses_url": links["statuses"],
		"review_comment_url": links["review_comment"], "comments_url": links["comments"], "_links": hrefs,
		"head": head, "base": base, "requested_reviewers": people, "requested_teams": teams, "auto_merge": nil,
		"merged": i.merged, "merged_at": nil, "merged_by": nil, "merge_commit_sha": nil, "mergeable": nil,
		"mergeable_state": "unknown", "rebaseable": nil, "maintainer_can_modify": false, "review_comments": 0, "commits": 1,
		"additions": 1, "deletions": 0, "changed_files": 1,
	}
	for name, v := range own {
		o[name] = v
	}
	if i.merged {
		o["merged_at"], o["merged_by"], o["merge_commit_sha"] = stamp(i.closedAt), s.userJSON(i.closedBy), i.mergeCommit()
	}
	return o
}

func (s *Sim) branch(i *issueState, ref string) object {
	sha := newFile([]byte(i.html() + ref)).sha
	if t := i.repo.branches[ref]; t != nil {
		sha = t.head()
	}
	if ref == i.head && i.headSHA != "" {
		sha = i.headSHA
	}
	return object{
		"label": i.repo.owner + ":" + ref, "ref": ref, "sha": sha, "user": s.ownerJSON(i.repo), "repo": s.repoJSON(i.repo),
	}
}

// mergeCommit is the commit that a merge made: any forty digits that are always the same.
func (i *issueState) mergeCommit() string { return newFile([]byte(i.html())).sha }

// pullActions are what a pull request raises pull_request events for, instead of issues events.
var pullActions = []string{
	"opened", "edited", "closed", "reopened", "labeled", "unlabeled", "assigned", "unassigned", "milestoned", "demilestoned",
	"locked", "unlocked",
}

// emitPull raises an event about a pull request.
func (s *Sim) emitPull(a actor, i *issueState, action string, extra object) {
	if !slices.Contains(pullActions, action) {
		return
	}
	payload := object{"number": i.number, "pull_request": s.pullJSON(i)}
	for name, v := range extra {
		payload[name] = v
	}
	s.emitRepo(a, i.repo, "pull_request", action, payload)
}

func (s *Sim) getPull(rq *request) (reply, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return problem(err)
	}
	if !i.pull {
		return problem(notFound())
	}
	return ok(s.pullJSON(i))
}
