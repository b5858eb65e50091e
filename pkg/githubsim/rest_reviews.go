package githubsim

import (
	"slices"
	"strings"
)

// reviewers is the body of both calls about requests for reviews.
type reviewers struct {
	Reviewers     []string `json:"reviewers"`
	TeamReviewers []string `json:"team_reviewers"`
}

func (s *Sim) postReviewers(rq *request) (reply, error) {
	return s.writeReviewers(rq, 201, s.askReview)
}
func (s *Sim) deleteReviewers(rq *request) (reply, error) {
	return s.writeReviewers(rq, 200, s.unaskReview)
}

func (s *Sim) writeReviewers(rq *request, status int, write func(actor, *issueState, string)) (reply, error) {
	i, err := s.triaged(rq)
	if err != nil {
		return problem(err)
	}
	if !i.pull {
		return problem(notFound())
	}
	var in reviewers
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	for _, slug := range in.TeamReviewers {
		if i.repo.org == nil || i.repo.org.teams[key(slug)] == nil {
			return problem(refuse(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the %s repository.", i.repo.fullName()))
		}
	}
	for _, login := range in.Reviewers {
		u := s.users[key(login)]
		switch {
		case status == 201 && u == i.author:
			return problem(refuse(422, "Review cannot be requested from pull request author."))
		case u == nil || !s.collaborator(i.repo, u):
			return problem(refuse(422, "Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the %s repository.", i.repo.fullName()))
		}
	}
	for _, slug := range in.TeamReviewers {
		write(rq.actor, i, i.repo.owner+"/"+key(slug))
	}
	for _, login := range in.Reviewers {
		write(rq.actor, i, s.users[key(login)].login)
	}
	return reply{status: status, body: s.pullJSON(i)}, nil
}

// askReview notes a request. The event about it is one that ddbot has no use for, so it is not raised.
func (s *Sim) askReview(_ actor, i *issueState, who string) {
	if !containsFold(i.reviews, who) {
		i.reviews = append(i.reviews, who)
		s.touch(i)
	}
}

func (s *Sim) unaskReview(_ actor, i *issueState, who string) {
	if at := slices.IndexFunc(i.reviews, func(have string) bool { return strings.EqualFold(have, who) }); at >= 0 {
		i.reviews = slices.Delete(i.reviews, at, at+1)
		s.touch(i)
	}
}

// reviewersJSON are the people of the requests, and the teams.
func (s *Sim) reviewersJSON(i *issueState) (people, teams []any) {
	people, teams = []any{}, []any{}
	for _, who := range i.reviews {
		if _, slug, isTeam := strings.Cut(who, "/"); isTeam {
			teams = append(teams, object{"id": i.repo.org.teams[slug].id, "slug": slug, "name": slug})
		} else {
			people = append(people, s.userJSON(s.users[key(who)]))
		}
	}
	return people, teams
}
