package decide

import (
	"errors"
	"slices"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// status is the status comment as this plan leaves it.
func (p *planner) status() (fact.Status, error) {
	known, err := p.Facts.Status()
	if err != nil {
		return known, err
	}
	for _, n := range p.out.Draft.Notices {
		if n.Key == fact.StatusKey {
			known.Body, known.Edited = plan.Comment(n.Text, plan.Marker(n.Key)), false
		}
	}
	return known, nil
}

// keepsStatus tells whether the plugin that keeps the status comment is on: it has the say there.
func (p *planner) keepsStatus() bool {
	return slices.ContainsFunc(p.Settings.Catalog.Plugins, func(pl plugin.Plugin) bool { return pl.Name() == diligence.Plugin })
}

// byStatus asks who was given a role on this issue, by commands.
func (p *planner) byStatus(by event.User, r plugin.Role) (bool, error) {
	if r != plugin.Applicant && r != plugin.Sponsor || !p.keepsStatus() {
		return false, nil
	}
	known, err := p.status()
	if err != nil {
		return false, err
	}
	s, err := diligence.Parse(known.Body)
	if errors.Is(err, diligence.ErrNewer) {
		return false, nil
	}
	if r == plugin.Sponsor {
		return s.IsSponsor(by.Login), err
	}
	if issue.HasLogin(s.Team, by.Login) || err != nil || !p.Settings.Project {
		return issue.HasLogin(s.Team, by.Login), err
	}
	project, ok := issue.ParseRepo(ProjectRepo(p.out.Draft.Before.Body))
	if !ok {
		return false, nil
	}
	people, err := p.Facts.ProjectPeople(project)
	return issue.HasLogin(people, by.Login), err
}
