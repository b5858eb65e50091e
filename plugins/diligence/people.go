package diligence

import (
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

func sponsor(in plugin.Input, a plugin.Args) ([]plan.Effect, error) { return sponsoring(in, a, false) }

func cosponsor(in plugin.Input, a plugin.Args) ([]plan.Effect, error) { return sponsoring(in, a, true) }

// sponsoring makes people sponsors; who may is configuration, and everybody may step back.
func sponsoring(in plugin.Input, a plugin.Args, co bool) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	word, rest, _ := strings.Cut(a.Rest, " ")
	off := strings.EqualFold(word, "none") || strings.EqualFold(word, "remove")
	if off {
		word, rest = rest, ""
		if word == "" {
			word = "me"
		}
	}
	if rest != "" {
		return nil, textTooMuch(a, rest)
	}
	who, ok := login(a, word)
	if !ok {
		return nil, textWho(a, "/dd sponsor @octocat")
	}
	o := plugin.Options[Options](in)
	if !off || !issue.SameLogin(who, a.By.Login) {
		if ok, err := o.Sponsors.Has(in, a.By); err != nil || !ok {
			return nil, orElse(err, textMayNotSponsor(a, o.Sponsors))
		}
	}
	if off {
		if s, ok = s.NoSponsor(who); !ok && !s.HasRemoved(from(in, a)) {
			return nil, textNoSponsor(a, who)
		}
		return keep(in, s.Removed(from(in, a)), id)
	}
	s = s.Sponsor(who, co, now(in))
	return keep(in, s, id, plan.Reply{Text: textSponsored(who, co)})
}

// coi is each sponsor's own statement.
func coi(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	kind, rest, _ := strings.Cut(a.Rest, " ")
	switch kind = strings.ToLower(kind); kind {
	case "none", "soft", "hard":
	default:
		return nil, textCOI(a)
	}
	s, ok := s.Conflict(a.By.Login, kind, whole(rest, a))
	if !ok {
		return nil, textCOIOnlySponsors(a)
	}
	var more []plan.Effect
	if free := slices.ContainsFunc(s.Sponsors, func(p diligence.Sponsor) bool { return p.Conflict == "none" }); kind != "none" && !free {
		more = append(more, plan.Reply{Text: textNeedsCosponsor()})
	}
	return keep(in, s, id, more...)
}

func team(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	word, rest, _ := strings.Cut(a.Rest, " ")
	who, ok := login(a, rest)
	if !ok {
		return nil, textWho(a, "/dd team add @octocat")
	}
	switch strings.ToLower(word) {
	case "add":
		s = s.AddTeam(who)
	case "remove", "rm":
		if s, ok = s.RemoveTeam(who); !ok && !s.HasRemoved(from(in, a)) {
			return nil, textNotInTeam(a, who)
		}
		s = s.Removed(from(in, a))
	default:
		return nil, textWho(a, "/dd team add @octocat")
	}
	return keep(in, s, id)
}

func snooze(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	until := now(in).AddDate(0, 0, 14).Truncate(secondsOfDay)
	if a.Rest != "" {
		if until, err = day(in, a, strings.TrimPrefix(a.Rest, "until ")); err != nil {
			return nil, err
		}
	}
	return keep(in, s.Snooze(a.By.Login, until), id)
}
