package githubsim

import "encoding/json"

func (s *Sim) labelsOf(i *issueState) []any {
	return each(i.labels, func(l *label) object { return s.labelJSON(i.repo, l) })
}

func (s *Sim) listLabels(rq *request) (reply, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return problem(err)
	}
	return pages(s.labelsOf(i))
}

func (s *Sim) postLabels(rq *request) (reply, error) { return s.writeLabels(rq, s.addLabels) }

func (s *Sim) putLabels(rq *request) (reply, error) { return s.writeLabels(rq, s.setLabels) }

func (s *Sim) writeLabels(rq *request, write func(actor, *issueState, []string)) (reply, error) {
	i, err := s.triaged(rq)
	if err != nil {
		return problem(err)
	}
	names, err := rq.labels()
	if err != nil {
		return problem(err)
	}
	if err := checkLabels(names); err != nil {
		return problem(err)
	}
	write(rq.actor, i, names)
	return ok(s.labelsOf(i))
}

// labels reads a list, or an object that has one.
func (rq *request) labels() ([]string, error) {
	var bare labelNames
	if json.Unmarshal(rq.body, &bare) == nil {
		return bare, nil
	}
	var in struct {
		Labels labelNames `json:"labels"`
	}
	err := rq.decode(&in)
	return in.Labels, err
}

func (s *Sim) deleteLabel(rq *request) (reply, error) {
	i, err := s.triaged(rq)
	if err != nil {
		return problem(err)
	}
	if !i.hasLabel(rq.vars["name"]) {
		return problem(refuse(404, "Label does not exist"))
	}
	s.removeLabels(rq.actor, i, []string{rq.vars["name"]})
	return ok(s.labelsOf(i))
}

// triaged gives the issue of the path to those who may label and assign.
func (s *Sim) triaged(rq *request) (*issueState, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return nil, err
	}
	if !s.can(rq.actor, i.repo, "triage") {
		return nil, rq.actor.forbidden()
	}
	return i, nil
}

func (s *Sim) postAssignees(rq *request) (reply, error) {
	rp, err := s.writeAssignees(rq, s.assign)
	if err == nil {
		rp.status = 201
	}
	return rp, err
}

func (s *Sim) deleteAssignees(rq *request) (reply, error) { return s.writeAssignees(rq, s.unassign) }

func (s *Sim) writeAssignees(rq *request, write func(actor, *issueState, []string)) (reply, error) {
	i, err := s.triaged(rq)
	if err != nil {
		return problem(err)
	}
	var in struct {
		Assignees []string `json:"assignees"`
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	write(rq.actor, i, in.Assignees)
	return ok(s.fullIssueJSON(i))
}

func (s *Sim) listRepoLabels(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	return pages(each(r.labels, func(l *label) object { return s.labelJSON(r, l) }))
}

func (s *Sim) getRepoLabel(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	l := r.label(rq.vars["name"])
	if l == nil {
		return problem(notFound())
	}
	return ok(s.labelJSON(r, l))
}

func (s *Sim) postRepoLabel(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	var in struct {
		Name        string `json:"name"`
		Color       string `json:"color"`
		Description string `json:"description"`
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	switch {
	case !s.can(rq.actor, r, "write"):
		return problem(rq.actor.forbidden())
	case r.label(in.Name) != nil:
		return problem(invalid("Label", "name", "already_exists", ""))
	}
	if err := checkLabels([]string{in.Name}); err != nil {
		return problem(err)
	}
	if in.Color == "" {
		in.Color = "ededed"
	}
	return created(s.labelJSON(r, s.createLabel(rq.actor, r, label{name: in.Name, color: in.Color, description: in.Description})))
}
