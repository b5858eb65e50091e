package diligence

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

const secondsOfDay = 24 * time.Hour

// reAdopterVerb is the other order: "note A2 …" for "A2 note …".
var reAdopterVerb = regexp.MustCompile(`(?i)^(state|note|name|substitute) (A[0-9]{1,4})(?:\s|$)`)

// adopter follows adopters by number. Candidates are private: there is no name before it is approved and public, and never an address
// or a telephone number.
func adopter(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	if word, rest, _ := strings.Cut(a.Rest, " "); strings.EqualFold(word, "add") {
		s, no, err := listed(in, a, s, strings.TrimSpace(rest))
		if err != nil {
			return nil, err
		}
		return keep(in, s, id, plan.Reply{Text: textAdopter(no)})
	}
	_, no, rest, ok := number(reAdopterVerb.ReplaceAllString(a.Rest, "$2 $1 "), "A")
	if !ok {
		return nil, textWhichAdopter(a, s)
	}
	word, rest, _ := strings.Cut(rest, " ")
	if strings.EqualFold(word, "state") {
		word, rest, _ = strings.Cut(strings.TrimSpace(rest), " ")
	}
	change, err := adopterChange(in, a, strings.ToLower(word), whole(rest, a))
	if err != nil {
		return nil, err
	}
	var refused error
	s, err = s.Adopter(no, func(x *diligence.Adopter) {
		was := *x
		if refused = change(x); refused == nil && x.State != was.State && judged(was.State) {
			refused = mayJudge(in, a, was.State)
		}
	})
	switch {
	case err != nil:
		return nil, textNoSuch(a, err)
	case refused != nil:
		return nil, refused
	}
	return keep(in, s, id)
}

// listed adds an adopter, or changes the one that the command added before an edit.
func listed(in plugin.Input, a plugin.Args, s diligence.State, industry string) (diligence.State, int, error) {
	i := replaced(in, a, func(was string) int { return adopterFrom(s, was) })
	if i < 0 {
		s, no := s.AddAdopter(industry, from(in, a), now(in))
		return s, no, nil
	}
	no := s.Adopters[i].No
	s, err := s.Adopter(no, func(x *diligence.Adopter) { x.Industry, x.From = industry, from(in, a) })
	return s, no, err
}

// judged tells whether a state is said by sponsors and staff, and taken back by them.
func judged(state string) bool {
	return slices.Index(diligence.AdopterStates, state) >= slices.Index(diligence.AdopterStates, "interviewed")
}

func mayJudge(in plugin.Input, a plugin.Args, state string) error {
	if ok, err := in.Can(a.By, board...); err != nil || !ok {
		return orElse(err, textJudged(a, state))
	}
	return nil
}

// adopterChange is what a command does to an adopter.
func adopterChange(in plugin.Input, a plugin.Args, word, rest string) (func(*diligence.Adopter) error, error) {
	o := plugin.Options[Options](in)
	switch {
	case word == "note" && rest != "":
		return func(x *diligence.Adopter) error {
			was := earlier(in, a, "A", x.No)
			x.Notes = slices.DeleteFunc(x.Notes, func(n string) bool { return slices.Contains(was, "note "+n) })
			if !slices.Contains(x.Notes, rest) {
				x.Notes = append(x.Notes, rest)
			}
			return nil
		}, nil
	case word == "name" && rest != "":
		return func(x *diligence.Adopter) error {
			if !o.Names && !x.Approved() {
				return textNoNames(a)
			}
			x.Name = rest
			return nil
		}, nil
	case (word == "substitute" || word == "substituted") && reAddress.MatchString(rest):
		counts, err := in.Can(a.By, board...)
		if err != nil {
			return nil, err
		}
		return func(x *diligence.Adopter) error {
			if x.Instead = rest; counts { // at the sponsor's discretion
				x.State, x.At = "approved", now(in).UTC().Truncate(time.Second)
			}
			return nil
		}, nil
	case slices.Contains(diligence.AdopterStates, word):
		if judged(word) {
			if err := mayJudge(in, a, word); err != nil {
				return nil, err
			}
		}
		rest, on, err := cutDay(in, a, rest)
		if err != nil {
			return nil, err
		}
		return func(x *diligence.Adopter) error {
			x.State, x.At, x.Due = word, now(in).UTC().Truncate(time.Second), on
			if d := o.Clocks["summaries"]; word == "summary-sent" && on.IsZero() && d > 0 {
				x.Due = now(in).Add(time.Duration(d)).UTC().Truncate(secondsOfDay)
			}
			if rest != "" && !slices.Contains(x.Notes, rest) {
				x.Notes = append(x.Notes, rest)
			}
			return nil
		}, nil
	}
	return nil, textAdopterStates(a, word)
}
