package plugin

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Allowed says in a plugin's options who may do something, where a command alone cannot tell.
type Allowed struct {
	Roles []Role   `yaml:"roles,omitempty"`
	Users []string `yaml:"users,omitempty"` // logins
	Teams []string `yaml:"teams,omitempty"` // org/team

	whoIs func(Role) string // see In
}

// Has tells whether somebody may. What is not known yet is asked for together.
func (a Allowed) Has(in Input, by event.User) (bool, error) {
	if issue.HasLogin(a.Users, by.Login) {
		return true, nil
	}
	may, err := in.Can(by, a.Roles...)
	unknown := []error{err}
	for _, team := range a.Teams {
		in, err := in.Facts.Team(team, by.Login)
		may = may || in
		unknown = append(unknown, err)
	}
	if may {
		return true, nil
	}
	return false, errors.Join(unknown...)
}

// Validate finds what cannot be meant in the option of that name.
func (a Allowed) Validate(field string) []error {
	var errs []error
	for n, r := range a.Roles {
		if !slices.Contains(Roles, r) {
			errs = append(errs, FieldErrorf(fmt.Sprintf("%s.roles[%d]", field, n), "there is no role %q; there are %v", r, Roles))
		}
	}
	for n, t := range a.Teams {
		if ok, _ := path.Match("?*/?*", t); !ok {
			errs = append(errs, FieldErrorf(fmt.Sprintf("%s.teams[%d]", field, n), "%q is not a team: write org/team, without @", t))
		}
	}
	for n, u := range a.Users {
		if u == "" || strings.ContainsAny(u, "@/ ") {
			errs = append(errs, FieldErrorf(fmt.Sprintf("%s.users[%d]", field, n), "%q is not a login: write it without @", u))
		}
	}
	return errs
}

// plurals are the roles as a sentence names the people in them.
var plurals = map[Role]string{
	Anyone: "anyone", Author: "the author", Maintainer: "maintainers", Sponsor: "sponsors", Reviewer: "reviewers", Staff: "staff",
}

// In is the same for a sentence about one issue, that names the people of the roles where they are known.
func (a Allowed) In(in Input) Allowed {
	a.whoIs = in.WhoIs
	return a
}

// String names who may, for a sentence: "maintainers, staff, the team `acme/release` and `carol`".
func (a Allowed) String() string {
	var names []string
	for _, r := range a.Roles {
		name := plurals[r]
		if a.whoIs != nil {
			name = a.whoIs(r)
		}
		names = append(names, name)
	}
	for _, t := range a.Teams {
		names = append(names, "the team `"+t+"`")
	}
	for _, u := range a.Users {
		names = append(names, "`"+u+"`")
	}
	if len(names) == 0 {
		return "nobody"
	}
	return Join(names, "and")
}

// Join makes a list for a sentence: "a, b and c".
func Join(list []string, word string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " " + word + " " + list[len(list)-1]
}
