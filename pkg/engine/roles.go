package engine

import (
	"errors"
	"strings"

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

// can tells whether a login is in one of the roles. What costs no look-up is asked first, and the OWNERS file only
// where the permission does not suffice. A fact that is missing is an error, never a no.
func (p *planner) can(login string, roles ...plugin.Role) (bool, error) {
	for _, ask := range []func(string, plugin.Role) (bool, error){p.plain, p.byPermission, p.byTeam, p.byOwners} {
		var unknown []error
		for _, r := range roles {
			ok, err := ask(login, r)
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

func (p *planner) plain(login string, r plugin.Role) (bool, error) {
	return r == plugin.Anyone ||
		r == plugin.Author && login != "" && strings.EqualFold(login, p.Issue.Author) ||
		issue.HasFold(p.Settings.Roles[r].Users, login), nil
}

func (p *planner) byPermission(login string, r plugin.Role) (bool, error) {
	need, ok := levels[r]
	if !ok {
		return false, nil
	}
	have, err := p.Facts.Permission(login)
	return have >= need, err
}

func (p *planner) byTeam(login string, r plugin.Role) (bool, error) {
	for _, team := range p.Settings.Roles[r].Teams {
		if in, err := p.Facts.Team(team, login); in || err != nil {
			return in, err
		}
	}
	return false, nil
}

func (p *planner) byOwners(login string, r plugin.Role) (bool, error) {
	if r != plugin.Maintainer && r != plugin.Reviewer {
		return false, nil
	}
	owners, err := p.Facts.Owners()
	if err != nil {
		return false, err
	}
	return issue.HasFold(owners.Approvers, login) || r == plugin.Reviewer && issue.HasFold(owners.Reviewers, login), nil
}
