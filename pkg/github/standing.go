package github

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/rights"
)

// Standing is how we stand with GitHub: who we are there, and what will not work.
type Standing struct {
	Login    string // "" where GitHub does not tell
	Problems []string
}

// Standing asks GitHub who we are and what we may do: by the App's permissions, held against what is needed, by the token's
// scopes, and for the repositories given by what GitHub shows of them. Nothing is written.
func (h *Hub) Standing(ctx context.Context, needs []rights.Need, repos []issue.Ref) Standing {
	var s Standing
	look := h.user
	if h.apps != nil {
		look = func(ctx context.Context, s *Standing) error { return h.app(ctx, needs, s) }
	}
	if err := look(ctx, &s); err != nil {
		s.add("%s", h.trouble(err))
		return s
	}
	for _, ref := range repos {
		if err := h.repository(ctx, ref, &s); err != nil {
			s.add("%s", h.trouble(err))
			return s
		}
	}
	return s
}

func (s *Standing) add(format string, args ...any) {
	s.Problems = append(s.Problems, fmt.Sprintf(format, args...))
}

// trouble says in a person's words why GitHub could not be asked.
func (h *Hub) trouble(err error) string {
	switch {
	case errors.Is(err, ErrUnauthorized) && h.apps != nil:
		return "GitHub does not take the App's key (" + Message(err) + "): do --app-id and --app-key-file belong together, and is the clock right?"
	case errors.Is(err, ErrUnauthorized):
		return "GitHub does not take the token (" + Message(err) + "): it is wrong, has expired or was revoked"
	case IsOutage(err):
		return fmt.Sprintf("GitHub does not answer at %s: %s", h.o.URL, strings.TrimPrefix(Message(err), ErrUnavailable.Error()+": "))
	}
	return "GitHub could not be asked: " + Message(err)
}

func (h *Hub) user(ctx context.Context, s *Standing) error {
	c := h.Client(0)
	u, res, err := c.rest.Users.Get(ctx, "")
	err = want(classify(err, h.o.Now()), err != nil || u.GetLogin() != "", "login")
	if errors.Is(err, ErrForbidden) {
		return nil // an installation's token may not ask who it is
	}
	if err != nil {
		return err
	}
	c.learnSelf(u)
	s.Login = u.GetLogin()
	scopes := res.Header.Values("X-OAuth-Scopes")
	if len(scopes) == 0 {
		return nil // a fine-grained token: GitHub does not tell what it may
	}
	have := strings.FieldsFunc(strings.Join(scopes, ","), func(r rune) bool { return r == ',' || r == ' ' })
	if !slices.Contains(have, "repo") && !slices.Contains(have, "public_repo") {
		s.add("the token lacks the scope repo (or public_repo, for public repositories): nothing can be written with it; it has %s", orNone(have))
	}
	return nil
}

func orNone(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}

func (h *Hub) app(ctx context.Context, needs []rights.Need, s *Standing) error {
	c := h.Client(0)
	app, _, err := c.rest.Apps.Get(ctx, "")
	if err := want(classify(err, h.o.Now()), err != nil || app.GetSlug() != "", "slug of the App"); err != nil {
		return err
	}
	s.Login = app.GetSlug() + "[bot]"
	c.learnSelf(&github.User{Login: &s.Login})
	may, err := permissions(app.GetPermissions())
	if err != nil {
		return err
	}
	for _, n := range needs {
		if have := may[n.Permission]; have != n.Level && have != "write" {
			s.add("the App lacks the permission %s: %s, so %s; add it in the App's settings and accept it where it is installed", n.Title, n.Level, n.Without)
		}
	}
	for _, e := range rights.Events(needs) {
		if !slices.Contains(app.Events, e) {
			s.add("the App is not subscribed to the event %s, so GitHub sends none, unless a webhook of the repository does", e)
		}
	}
	return nil
}

// permissions gives an App's permissions by the names that the API has for them.
func permissions(p *github.InstallationPermissions) (map[string]string, error) {
	data, err := json.Marshal(p)
	may := map[string]string{}
	if err == nil {
		err = json.Unmarshal(data, &may)
	}
	return may, err
}

func (h *Hub) repository(ctx context.Context, ref issue.Ref, s *Standing) error {
	got, err := do(ctx, h.Client(0), ref, func(g *github.Client) (*github.Repository, *github.Response, error) {
		return g.Repositories.Get(ctx, ref.Owner, ref.Repo)
	})
	switch err = want(err, err != nil || got.GetFullName() != "", "repository"); {
	case errors.Is(err, ErrGone):
		s.add("%s cannot be seen: is it spelled right, and was ddbot given access to it?", ref.FullName())
		return nil
	case err != nil:
		return err
	}
	// Only a person's token is told what it may do.
	if may := got.GetPermissions(); len(may) > 0 && !may["push"] && !got.GetArchived() {
		s.add("%s has no write permission in %s: descriptions, labels and states cannot be changed there", h.whoAmI(), ref.FullName())
	}
	return nil
}

func (h *Hub) whoAmI() string {
	if self := h.Client(0).KnownSelf(); self != "" {
		return self
	}
	return "the token"
}
