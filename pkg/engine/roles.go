package engine

import (
	"errors"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// levels are the permissions that a role means by itself. author_association is never asked: MEMBER and COLLABORATOR
// may be read-only there.
var levels = map[plugin.Role]fact.Level{
	plugin.Maintainer: fact.Write,
	plugin.Reviewer:   fact.Triage,
	plugin.Staff:      fact.Maintain,
}

// can tells whether somebody is in one of the roles. What costs no look-up is asked first, and the OWNERS file only
// where the permission does not suffice. A fact that is missing is an error, never a no.
func (p *planner) can(by event.User, roles ...plugin.Role) (bool, error) {
	for _, ask := range []func(event.User, plugin.Role) (bool, error){p.plain, p.byPermission, p.byTeam, p.byOwners} {
		var unknown []error
		for _, r := range roles {
			ok, err := ask(by, r)
			if ok {
				return true, nil
			}
			if err != nil {
				unknown = append(unknown, err)
			}
		}
		if len(unknown) > 0 {
			return false, errors.Join(unknown...)
		}
	}
	return false, nil
}

func (p *planner) plain(by event.User, r plugin.Role) (bool, error) {
	return r == plugin.Anyone ||
		r == plugin.Author && by.Is(event.AuthorOf(p.Issue)) ||
		issue.HasLogin(p.Settings.Roles[r].Users, by.Login), nil
}

func (p *planner) byPermission(by event.User, r plugin.Role) (bool, error) {
	need, ok := levels[r]
	if !ok {
		return false, nil
	}
	have, err := p.Facts.Permission(by.Login)
	return have >= need, err
}

func (p *planner) byTeam(by event.User, r plugin.Role) (bool, error) {
	for _, team := range p.Settings.Roles[r].Teams {
		if in, err := p.Facts.Team(team, by.Login); in || err != nil {
			return in, err
		}
	}
	return false, nil
}

func (p *planner) byOwners(by event.User, r plugin.Role) (bool, error) {
	if r != plugin.Maintainer && r != plugin.Reviewer {
		return false, nil
	}
	owners, err := p.Facts.Owners()
	if err != nil {
		return false, err
	}
	return issue.HasLogin(owners.Approvers, by.Login) || r == plugin.Reviewer && issue.HasLogin(owners.Reviewers, by.Login), nil
}
