package githubsim

import (
	"slices"
	"strings"
	"unicode/utf8"
)

const maxLabel = 50

func checkLabels(names []string) error {
	for _, name := range names {
		if strings.TrimSpace(name) == "" {
			return invalid("Label", "name", "missing_field", "")
		}
		if utf8.RuneCountInString(name) > maxLabel {
			return invalid("Label", "name", "custom", "name is too long (maximum is 50 characters)")
		}
	}
	return nil
}

// addLabels puts labels on an issue. One that the repository does not have is created, as GitHub does.
func (s *Sim) addLabels(a actor, i *issueState, names []string) {
	for _, name := range names {
		if i.hasLabel(name) {
			continue
		}
		l := i.repo.label(name)
		if l == nil {
			l = s.createLabel(a, i.repo, label{name: name, color: "ededed"})
		}
		i.labels = append(i.labels, l)
		s.note(i, a, "labeled").label = l
		s.touch(i)
		s.emit(a, i, "issues", "labeled", object{"label": s.labelJSON(i.repo, l)})
	}
}

func (s *Sim) createLabel(a actor, r *repo, l label) *label {
	l.id = s.nextID()
	r.labels = append(r.labels, &l)
	s.emitRepo(a, r, "label", "created", object{"label": s.labelJSON(r, &l)})
	return &l
}

func (s *Sim) removeLabels(a actor, i *issueState, names []string) {
	for _, name := range names {
		at := slices.IndexFunc(i.labels, func(l *label) bool { return strings.EqualFold(l.name, name) })
		if at < 0 {
			continue
		}
		l := i.labels[at]
		i.labels = slices.Delete(i.labels, at, at+1)
		s.note(i, a, "unlabeled").label = l
		s.touch(i)
		s.emit(a, i, "issues", "unlabeled", object{"label": s.labelJSON(i.repo, l)})
	}
}

// setLabels makes the list exactly this.
func (s *Sim) setLabels(a actor, i *issueState, names []string) {
	var drop []string
	for _, l := range i.labels {
		if !containsFold(names, l.name) {
			drop = append(drop, l.name)
		}
	}
	s.removeLabels(a, i, drop)
	s.addLabels(a, i, names)
}
