package githubsim

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func checkComment(body string) error {
	if strings.TrimSpace(body) == "" {
		return invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")
	}
	if utf8.RuneCountInString(body) > maxBody {
		return invalid("IssueComment", "data", "unprocessable", "Body is too long (maximum is 65536 characters)")
	}
	return nil
}

func (s *Sim) addComment(a actor, i *issueState, body string) (*comment, error) {
	if i.locked && !s.can(a, i.repo, "write") {
		return nil, refuse(403, "Unable to create comment because issue is locked.")
	}
	if err := checkComment(body); err != nil {
		return nil, err
	}
	c := &comment{id: s.nextID(), issue: i, author: a.user, viaApp: a.app, body: body, createdAt: s.now(), updatedAt: s.now()}
	i.comments = append(i.comments, c)
	s.comments[c.id] = c
	s.note(i, a, "commented").comment = c
	s.touch(i)
	s.emit(a, i, "issue_comment", "created", object{"comment": s.commentJSON(c)})
	s.crossReference(a, i, body)
	return c, nil
}

func (s *Sim) editComment(a actor, c *comment, body string) error {
	if !s.mayChange(a, c) {
		return a.forbidden()
	}
	if err := checkComment(body); err != nil {
		return err
	}
	if body == c.body {
		return nil
	}
	from := c.body
	c.edits = s.keep(c.edits, a, c.createdAt, c.author, from, body)
	c.body, c.updatedAt = body, s.now()
	s.touch(c.issue)
	s.emit(a, c.issue, "issue_comment", "edited", object{
		"comment": s.commentJSON(c), "changes": object{"body": object{"from": from}},
	})
	s.crossReference(a, c.issue, body)
	return nil
}

func (s *Sim) deleteComment(a actor, c *comment) error {
	if !s.mayChange(a, c) {
		return a.forbidden()
	}
	i := c.issue
	delete(s.comments, c.id)
	i.comments = slices.DeleteFunc(i.comments, func(other *comment) bool { return other == c })
	i.events = slices.DeleteFunc(i.events, func(e *event) bool { return e.comment == c })
	s.touch(i)
	s.emit(a, i, "issue_comment", "deleted", object{"comment": s.commentJSON(c)})
	return nil
}

// mayChange: the author, and whoever may write, may edit or delete a comment.
func (s *Sim) mayChange(a actor, c *comment) bool {
	return c.author == a.user || s.can(a, c.issue.repo, "write")
}
