package githubsim

import (
	"fmt"
	"slices"
)

var contents = []string{"+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"}

// react adds a reaction; the same one by the same person is given back and not added. Reactions raise no webhook and
// move no updated_at.
func (s *Sim) react(a actor, i *issueState, list *[]*reaction, content string) (r *reaction, fresh bool, err error) {
	if !slices.Contains(contents, content) {
		return nil, false, invalid("Reaction", "content", "invalid", fmt.Sprintf("%q is not a reaction", content))
	}
	if i.locked && !s.can(a, i.repo, "write") {
		return nil, false, refuse(403, "Unable to create reaction because issue is locked.")
	}
	for _, have := range *list {
		if have.user == a.user && have.content == content {
			return have, false, nil
		}
	}
	r = &reaction{id: s.nextID(), user: a.user, content: content, at: s.now()}
	*list = append(*list, r)
	return r, true, nil
}

// unreact takes a reaction away: only one's own.
func (s *Sim) unreact(a actor, list *[]*reaction, id int64) error {
	at := slices.IndexFunc(*list, func(r *reaction) bool { return r.id == id })
	if at < 0 {
		return notFound()
	}
	if (*list)[at].user != a.user {
		return a.forbidden()
	}
	*list = slices.Delete(*list, at, at+1)
	return nil
}
