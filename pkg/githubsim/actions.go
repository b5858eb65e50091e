package githubsim

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/ddbot/ddbot/pkg/issue"
)

// The methods below are what people do on GitHub's pages. The person must exist, and must be allowed to.

// do runs f under the lock as somebody.
func do[T any](s *Sim, login string, f func(actor) (T, error)) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	return must(f(s.as(login)))
}

// on runs f on an issue as somebody who must have a role.
func (s *Sim) on(ref issue.Ref, login, role string, f func(actor, *issueState)) {
	do(s, login, func(a actor) (struct{}, error) {
		i := s.mustIssue(ref)
		if !s.can(a, i.repo, role) {
			return struct{}{}, a.forbidden()
		}
		f(a, i)
		return struct{}{}, nil
	})
}

// OpenIssue files an issue. Labels need triage permission, else GitHub drops them.
func (s *Sim) OpenIssue(repoName, as, title, body string, labels ...string) issue.Ref {
	return s.open(repoName, as, draft{title: title, body: body, labels: labels})
}

// OpenPull opens a pull request. Its branches and commits exist in name only.
func (s *Sim) OpenPull(repoName, as, title, body string, labels ...string) issue.Ref {
	return s.open(repoName, as, draft{title: title, body: body, labels: labels, pull: true})
}

func (s *Sim) open(repoName, as string, d draft) issue.Ref {
	return do(s, as, func(a actor) (issue.Ref, error) {
		r := s.mustRepo(repoName)
		if !s.can(a, r, "read") {
			return issue.Ref{}, notFound()
		}
		i, err := s.openIssue(a, r, d)
		if err != nil {
			return issue.Ref{}, err
		}
		return i.ref(), nil
	})
}

func (i *issueState) ref() issue.Ref {
	return issue.Ref{Owner: i.repo.owner, Repo: i.repo.name, Number: i.number}
}

// Comment writes a comment and gives its id.
func (s *Sim) Comment(ref issue.Ref, as, body string) int64 {
	return do(s, as, func(a actor) (int64, error) {
		c, err := s.addComment(a, s.mustIssue(ref), body)
		if err != nil {
			return 0, err
		}
		return c.id, nil
	})
}

// EditComment changes a comment, one's own or with write permission anybody's.
func (s *Sim) EditComment(id int64, as, body string) {
	do(s, as, func(a actor) (struct{}, error) {
		return struct{}{}, s.editComment(a, s.mustComment(id), body)
	})
}

// DeleteComment deletes a comment.
func (s *Sim) DeleteComment(id int64, as string) {
	do(s, as, func(a actor) (struct{}, error) { return struct{}{}, s.deleteComment(a, s.mustComment(id)) })
}

func (s *Sim) mustComment(id int64) *comment {
	c := s.comments[id]
	if c == nil {
		panic(fmt.Sprintf("githubsim: there is no comment %d", id))
	}
	return c
}

// change applies a patch, with the rights and checks of the API.
func (s *Sim) change(ref issue.Ref, as string, p patch) {
	do(s, as, func(a actor) (struct{}, error) { return struct{}{}, s.apply(a, s.mustIssue(ref), p) })
}

// EditBody changes the body.
func (s *Sim) EditBody(ref issue.Ref, as, body string) { s.change(ref, as, patch{Body: &body}) }

// EditTitle renames the issue.
func (s *Sim) EditTitle(ref issue.Ref, as, title string) { s.change(ref, as, patch{Title: &title}) }

// Close closes the issue; the reason is completed, not_planned, duplicate or empty for completed.
func (s *Sim) Close(ref issue.Ref, as, reason string) {
	state := issue.Closed
	s.change(ref, as, patch{State: &state, StateReason: &reason})
}

// Reopen reopens the issue.
func (s *Sim) Reopen(ref issue.Ref, as string) {
	state := issue.Open
	s.change(ref, as, patch{State: &state})
}

// CloseByCommit closes the issue as a push to the default branch does whose message says "Fixes".
func (s *Sim) CloseByCommit(ref issue.Ref, as, sha string) {
	s.on(ref, as, "write", func(a actor, i *issueState) { s.closeBy(a, i, sha, nil) })
}

// closeBy closes an issue without anybody having asked for it there.
func (s *Sim) closeBy(a actor, i *issueState, sha string, pull *issueState) {
	if e := s.turn(a, i, issue.Closed, ""); e != nil {
		e.commit, e.source = sha, pull
	}
}

var fixes = regexp.MustCompile(`(?i)\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:([\w.-]+/[\w.-]+))?#(\d+)\b`)

// Merge merges a pull request and closes the issues that its body says it fixes, in the merger's name.
func (s *Sim) Merge(ref issue.Ref, as string) {
	s.on(ref, as, "write", func(a actor, pull *issueState) {
		if !pull.pull || pull.state != issue.Open {
			panic(refuse(405, "Pull Request is not mergeable"))
		}
		pull.merged = true
		if t := pull.repo.branches[pull.head]; t != nil {
			pull.repo.tree = *t.clone()
			pull.repo.commits = append(pull.repo.commits, gitCommit{sha: pull.mergeCommit(), at: s.now(), by: a.user, text: "Merge pull request"})
		}
		sha := pull.mergeCommit()
		s.note(pull, a, "merged").commit = sha
		if e := s.turn(a, pull, issue.Closed, ""); e != nil {
			e.commit = sha
		}
		for _, m := range fixes.FindAllStringSubmatch(pull.body, -1) {
			r := pull.repo
			if m[1] != "" {
				r = s.repos[key(m[1])]
			}
			number, _ := strconv.Atoi(m[2])
			if r != nil && r.issues[number] != nil {
				s.closeBy(a, r.issues[number], sha, pull)
			}
		}
	})
}

// AddLabels puts labels on the issue.
func (s *Sim) AddLabels(ref issue.Ref, as string, names ...string) {
	s.on(ref, as, "triage", func(a actor, i *issueState) {
		must(struct{}{}, checkLabels(names))
		s.addLabels(a, i, names)
	})
}

// RemoveLabel takes a label off.
func (s *Sim) RemoveLabel(ref issue.Ref, as, name string) {
	s.on(ref, as, "triage", func(a actor, i *issueState) { s.removeLabels(a, i, []string{name}) })
}

// Assign assigns people; those who cannot be assigned are left out, as on GitHub.
func (s *Sim) Assign(ref issue.Ref, as string, logins ...string) {
	s.on(ref, as, "triage", func(a actor, i *issueState) { s.assign(a, i, logins) })
}

// Unassign takes people off.
func (s *Sim) Unassign(ref issue.Ref, as string, logins ...string) {
	s.on(ref, as, "triage", func(a actor, i *issueState) { s.unassign(a, i, logins) })
}

// SetMilestone sets the milestone by its title; empty takes it away.
func (s *Sim) SetMilestone(ref issue.Ref, as, title string) {
	s.on(ref, as, "triage", func(a actor, i *issueState) {
		at := slices.IndexFunc(i.repo.milestones, func(m *milestone) bool { return m.title == title })
		switch {
		case title == "":
			s.setMilestone(a, i, nil)
		case at < 0:
			panic(invalid("Issue", "milestone", "invalid", ""))
		default:
			s.setMilestone(a, i, i.repo.milestones[at])
		}
	})
}

// React puts a reaction on a comment.
func (s *Sim) React(commentID int64, as, content string) {
	do(s, as, func(a actor) (struct{}, error) {
		c := s.mustComment(commentID)
		_, _, err := s.react(a, c.issue, &c.reactions, content)
		return struct{}{}, err
	})
}

// ReactIssue puts a reaction on the issue itself.
func (s *Sim) ReactIssue(ref issue.Ref, as, content string) {
	do(s, as, func(a actor) (struct{}, error) {
		i := s.mustIssue(ref)
		_, _, err := s.react(a, i, &i.reactions, content)
		return struct{}{}, err
	})
}

// Lock closes the conversation for people without write permission. The reason may be empty.
func (s *Sim) Lock(ref issue.Ref, as, reason string) {
	s.on(ref, as, "write", func(a actor, i *issueState) {
		i.locked, i.lockReason = true, reason
		s.note(i, a, "locked").lock = reason
		s.touch(i)
		s.emit(a, i, "issues", "locked", nil)
	})
}

// Unlock opens the conversation again.
func (s *Sim) Unlock(ref issue.Ref, as string) {
	s.on(ref, as, "write", func(a actor, i *issueState) {
		i.locked, i.lockReason = false, ""
		s.note(i, a, "unlocked")
		s.touch(i)
		s.emit(a, i, "issues", "unlocked", nil)
	})
}

// Pin pins the issue to the repository's list.
func (s *Sim) Pin(ref issue.Ref, as string) { s.pin(ref, as, true, "pinned") }

// Unpin takes it off.
func (s *Sim) Unpin(ref issue.Ref, as string) { s.pin(ref, as, false, "unpinned") }

func (s *Sim) pin(ref issue.Ref, as string, pinned bool, action string) {
	s.on(ref, as, "write", func(a actor, i *issueState) {
		i.pinned = pinned
		s.note(i, a, action)
		s.touch(i)
		s.emit(a, i, "issues", action, nil)
	})
}

// Delete deletes the issue: from now on it answers 410.
func (s *Sim) Delete(ref issue.Ref, as string) {
	s.on(ref, as, "admin", func(a actor, i *issueState) {
		i.deleted = true
		s.emit(a, i, "issues", "deleted", nil)
	})
}

// Transfer moves the issue to another repository of the same owner, where it gets a new number.
func (s *Sim) Transfer(ref issue.Ref, as, repoName string) issue.Ref {
	var to *issueState
	s.on(ref, as, "write", func(a actor, from *issueState) {
		r := s.mustRepo(repoName)
		if !s.can(a, r, "write") {
			panic(a.forbidden())
		}
		to = s.transfer(a, from, r)
	})
	return to.ref()
}

// transfer makes a new issue with the comments of the old one. Labels and the milestone stay where the new repository has
// ones of that name.
func (s *Sim) transfer(a actor, from *issueState, r *repo) *issueState {
	to := *from
	r.lastNumber++
	to.id, to.repo, to.number, to.labels, to.milestone = s.nextID(), r, r.lastNumber, nil, nil
	for _, l := range from.labels {
		if same := r.label(l.name); same != nil {
			to.labels = append(to.labels, same)
		}
	}
	to.events = slices.Clone(from.events)
	for _, c := range to.comments {
		c.issue = &to
	}
	r.issues[to.number] = &to
	s.note(&to, a, "transferred")
	s.touch(&to)
	from.movedTo = &to
	s.emit(a, from, "issues", "transferred", object{
		"changes": object{"new_issue": s.issueJSON(&to), "new_repository": s.repoJSON(r)},
	})
	s.emit(a, &to, "issues", "opened", object{
		"changes": object{"old_issue": s.issueJSON(from), "old_repository": s.repoJSON(from.repo)},
	})
	return &to
}
