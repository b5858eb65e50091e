package decide

import (
	"errors"
	"slices"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
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
	if slices.Contains(roles, plugin.Applicant) && !slices.Contains(roles, plugin.Author) {
		roles = append(slices.Clone(roles), plugin.Author) // who is named as author of an issue applies
	}
	for _, ask := range []func(event.User, plugin.Role) (bool, error){p.plain, p.byPermission, p.byRule, p.byTeam, p.byStatus, p.byOwners} {
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
		r == plugin.Applicant && issue.HasLogin(Contacts(p.out.Draft.Before.Body, p.Settings.Contacts), by.Login) ||
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

// byRule asks the rules for single issues. One that goes by labels does not count for who put the label on: everybody may set
// some labels, and would give themselves the right.
func (p *planner) byRule(by event.User, r plugin.Role) (bool, error) {
	for _, rule := range p.Settings.Issues {
		who := rule.Roles[r]
		if !rule.Fits(p.Issue) {
			continue
		}
		in, err := issue.HasLogin(who.Users, by.Login), error(nil)
		if !in {
			in, err = p.inTeam(by, who.Teams)
		}
		if in && rule.Title == "" && len(rule.Labels) > 0 {
			in, err = p.labelledByOthers(by, rule.Labels)
		}
		if in || err != nil {
			return in, err
		}
	}
	return false, nil
}

// people are whom the configuration names for a role, everywhere and on this issue.
func (p *planner) people(r plugin.Role) plugin.People {
	all := p.Settings.Roles[r]
	all.Users, all.Teams = slices.Clone(all.Users), slices.Clone(all.Teams)
	for _, rule := range p.Settings.Issues {
		if rule.Fits(p.Issue) {
			all.Users, all.Teams = append(all.Users, rule.Roles[r].Users...), append(all.Teams, rule.Roles[r].Teams...)
		}
	}
	return all
}

// labelledByOthers tells whether the issue carries one of the labels that by did not put on.
func (p *planner) labelledByOthers(by event.User, globs []string) (bool, error) {
	all, err := p.Facts.Labelings()
	if err != nil {
		return false, err
	}
	for _, label := range p.Issue.Labels {
		last := event.User{}
		for _, l := range all {
			if issue.SameLabel(l.Label, label) {
				last = event.User{Login: l.By, ID: l.ByID}
			}
		}
		if plan.MatchAny(globs, label) && !by.Is(last) {
			return true, nil
		}
	}
	return false, nil
}

func (p *planner) inTeam(by event.User, teams []string) (bool, error) {
	for _, team := range teams {
		if in, err := p.Facts.Team(team, by.Login); in || err != nil {
			return in, err
		}
	}
	return false, nil
}

func (p *planner) byTeam(by event.User, r plugin.Role) (bool, error) {
	return p.inTeam(by, p.Settings.Roles[r].Teams)
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
