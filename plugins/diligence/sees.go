package diligence

import (
	"strings"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// shown tells whether an issue elsewhere may be spoken of here: it is public, of this repository, or somebody who wants it shown may
// read it. The bot may see more than they do.
func shown(in plugin.Input, ref issue.Ref, e fact.Elsewhere, who ...string) (bool, error) {
	if e.State == "" || strings.EqualFold(ref.FullName(), in.Issue.Ref.FullName()) {
		return e.State != "", nil
	}
	if ok, err := in.Facts.Reads(ref, ""); err != nil || ok {
		return ok, err
	}
	for _, login := range who {
		if login == "" {
			continue
		}
		if ok, err := in.Facts.Reads(ref, login); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// look gives how an issue elsewhere stands, for a command.
func look(in plugin.Input, a plugin.Args, ref issue.Ref) (fact.Elsewhere, error) {
	e, err := in.Facts.Elsewhere(ref)
	if err != nil {
		return e, err
	}
	if ok, err := shown(in, ref, e, a.By.Login); err != nil || !ok {
		return e, orElse(err, textCannotSee(a, ref.String()))
	}
	return e, nil
}

// whose are those who wanted an issue shown here.
func whose(s diligence.State, to string) (out []string) {
	for _, l := range s.Links {
		if strings.EqualFold(l.To, to) {
			out = append(out, l.By)
		}
	}
	for _, f := range s.Findings {
		if strings.EqualFold(f.Issue, to) {
			out = append(out, f.By)
		}
	}
	if strings.EqualFold(s.Tracks, to) {
		out = append(out, s.TracksBy)
	}
	return out
}
