package githubsim

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

func (s *Sim) listComments(rq *request) (reply, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return problem(err)
	}
	since, err := parseSince(rq.URL.Query().Get("since"))
	if err != nil {
		return problem(err)
	}
	return pages(each(updatedSince(i.comments, since), s.commentJSON))
}

func updatedSince(list []*comment, since time.Time) []*comment {
	return slices.DeleteFunc(slices.Clone(list), func(c *comment) bool { return c.updatedAt.Before(since) })
}

func (s *Sim) listRepoComments(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	q := rq.URL.Query()
	since, err := parseSince(q.Get("since"))
	if err != nil {
		return problem(err)
	}
	var found []*comment
	for _, i := range r.issues {
		if !i.deleted && i.movedTo == nil {
			found = append(found, updatedSince(i.comments, since)...)
		}
	}
	slices.SortFunc(found, func(a, b *comment) int {
		switch q.Get("sort") {
		case "updated":
			return cmp.Or(a.updatedAt.Compare(b.updatedAt), cmp.Compare(a.id, b.id))
		case "created":
			return cmp.Or(a.createdAt.Compare(b.createdAt), cmp.Compare(a.id, b.id))
		}
		return cmp.Compare(a.id, b.id)
	})
	if q.Get("sort") != "" && q.Get("direction") != "asc" {
		slices.Reverse(found) // without sort GitHub goes by id, and ignores the direction
	}
	return pages(each(found, s.commentJSON))
}

func (s *Sim) getComment(rq *request) (reply, error) {
	c, err := s.theComment(rq)
	if err != nil {
		return problem(err)
	}
	return ok(s.commentJSON(c))
}

func (s *Sim) postComment(rq *request) (reply, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return problem(err)
	}
	var in struct {
		Body string `json:"body"`
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	c, err := s.addComment(rq.actor, i, in.Body)
	if err != nil {
		return problem(err)
	}
	return created(s.commentJSON(c))
}

func (s *Sim) patchComment(rq *request) (reply, error) {
	c, err := s.theComment(rq)
	if err != nil {
		return problem(err)
	}
	var in struct {
		Body string `json:"body"`
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	if err := s.editComment(rq.actor, c, in.Body); err != nil {
		return problem(err)
	}
	return ok(s.commentJSON(c))
}

func (s *Sim) removeComment(rq *request) (reply, error) {
	c, err := s.theComment(rq)
	if err != nil {
		return problem(err)
	}
	if err := s.deleteComment(rq.actor, c); err != nil {
		return problem(err)
	}
	return noContent()
}

// reactable gives the list of reactions that the path is about: a comment's or an issue's.
func (s *Sim) reactable(rq *request) (*issueState, *[]*reaction, error) {
	if rq.vars["comment_id"] != "" {
		c, err := s.theComment(rq)
		if err != nil {
			return nil, nil, err
		}
		return c.issue, &c.reactions, nil
	}
	i, err := s.theIssue(rq)
	if err != nil {
		return nil, nil, err
	}
	return i, &i.reactions, nil
}

func (s *Sim) listReactions(rq *request) (reply, error) {
	_, list, err := s.reactable(rq)
	if err != nil {
		return problem(err)
	}
	want := rq.URL.Query().Get("content")
	found := slices.DeleteFunc(slices.Clone(*list), func(r *reaction) bool { return want != "" && r.content != want })
	return pages(each(found, s.reactionJSON))
}

func (s *Sim) postReaction(rq *request) (reply, error) {
	i, list, err := s.reactable(rq)
	if err != nil {
		return problem(err)
	}
	var in struct {
		Content string `json:"content"`
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	r, fresh, err := s.react(rq.actor, i, list, in.Content)
	switch {
	case err != nil:
		return problem(err)
	case fresh:
		return created(s.reactionJSON(r))
	}
	return ok(s.reactionJSON(r))
}

func (s *Sim) deleteReaction(rq *request) (reply, error) {
	_, list, err := s.reactable(rq)
	if err != nil {
		return problem(err)
	}
	id, _ := strconv.ParseInt(rq.vars["reaction_id"], 10, 64)
	if err := s.unreact(rq.actor, list, id); err != nil {
		return problem(err)
	}
	return noContent()
}
