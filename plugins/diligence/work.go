package diligence

import (
	"regexp"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// itemsBy reads "ITEM[, ITEM…] … [by DATE]", with the state.
func itemsBy(in plugin.Input, a plugin.Args) (s diligence.State, id int64, found []checklist.Item, rest string, on time.Time, err error) {
	if s, id, err = state(in); err != nil {
		return s, id, nil, "", on, err
	}
	if found, rest, err = items(in, a); err != nil {
		return s, id, nil, "", on, err
	}
	rest, on, err = cutDay(in, a, rest)
	return s, id, found, rest, on, err
}

// claim gives items to who writes it. What is another's is not taken away.
func claim(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, found, rest, on, err := itemsBy(in, a)
	if err != nil {
		return nil, err
	}
	if rest != "" {
		return nil, textTooMuch(a, rest)
	}
	var taken []string
	for _, i := range found {
		if has := s.OwnerOf(diligence.ItemOf(i)).Who; has != "" && !issue.SameLogin(has, a.By.Login) {
			taken = append(taken, i.Ref+" ("+has+")")
			continue
		}
		s = s.Assign(diligence.ItemOf(i), a.By.Login, on)
	}
	switch len(taken) {
	case 0:
		return keep(in, s, id)
	case len(found):
		return nil, textTaken(a, taken)
	}
	return keep(in, s, id, plan.Reply{Text: textSomeTaken(taken)})
}

func assign(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, found, rest, on, err := itemsBy(in, a)
	if err != nil {
		return nil, err
	}
	who, ok := login(a, rest)
	if !ok {
		return nil, textWho(a, "/dd assign "+found[0].Ref+" @octocat")
	}
	for _, i := range found {
		s = s.Assign(diligence.ItemOf(i), who, on)
	}
	return keep(in, s, id)
}

var reName = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)

// due sets the day of items, or of something with a name of its own.
func due(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	what, on, err := dueOn(in, a)
	if err != nil {
		return nil, err
	}
	b := a
	b.Rest = what
	found, _, err := items(in, b)
	nearItem := func(err error) bool { return strings.Contains(err.Error(), "Did you mean") }
	switch name := strings.ToLower(what); {
	case err == nil:
		for _, i := range found {
			s = s.DueOn(diligence.ItemOf(i), on)
		}
	case reName.MatchString(name) && !nearItem(err):
		s = s.On(strings.ReplaceAll(name, "kick-off", "kickoff"), on, a.By.Login)
	default:
		return nil, err
	}
	return keep(in, s, id)
}

// dueOn splits what is due from the day. What has a clock in the configuration needs none.
func dueOn(in plugin.Input, a plugin.Args) (what string, on time.Time, err error) {
	words := strings.Fields(a.Rest)
	if len(words) == 1 {
		if d := plugin.Options[Options](in).Clocks[strings.ToLower(words[0])]; d > 0 {
			return words[0], now(in).Add(time.Duration(d)).UTC().Truncate(secondsOfDay), nil
		}
	}
	if len(words) < 2 {
		return "", on, textNoText(a, "/dd due technical.3 2026-12-01")
	}
	last := words[len(words)-1]
	on, err = day(in, a, last)
	what = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(a.Rest), last))
	return strings.TrimSuffix(what, " by"), on, err
}

func release(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	list, err := parse(in)
	if err != nil {
		return nil, err
	}
	s, lost := s.ReleaseLost(list, a.Rest)
	found, _, err := items(in, a)
	if err != nil && lost == 0 {
		return nil, err
	}
	for _, i := range found {
		has := s.OwnerOf(diligence.ItemOf(i)).Who
		if has != "" && !issue.SameLogin(has, a.By.Login) {
			if ok, err := in.Can(a.By, project...); err != nil || !ok {
				return nil, orElse(err, textOthers(a, i.Ref, has))
			}
		}
		s = s.Release(diligence.ItemOf(i))
	}
	return keep(in, s, id)
}

func link(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, found, to, err := linking(in, a)
	if err != nil {
		return nil, err
	}
	var more []plan.Effect
	l := diligence.Link{Item: diligence.ItemOf(found[0]), To: to, By: a.By.Login}
	if ref, err := issue.ParseRef(to); err == nil {
		e, err := look(in, a, ref)
		if err != nil {
			return nil, err
		}
		l.State, l.Title, l.Seen = e.State, e.Title, now(in)
	}
	for _, i := range found {
		l.Item = diligence.ItemOf(i)
		s = s.Link(l)
		if l.Over() && !i.Checked && plugin.Options[Options](in).Linked != "show" {
			more = append(more, plan.Reply{Text: textPropose(i.Ref, l)})
		}
	}
	return keep(in, s, id, more...)
}

func unlink(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	if to, ok := target(in, a.Rest); ok && !strings.Contains(strings.TrimSpace(a.Rest), " ") {
		return unlinkAll(in, a, to)
	}
	s, id, found, to, err := linking(in, a)
	if err != nil {
		return nil, err
	}
	some := false
	for _, i := range found {
		next, ok := s.Unlink(diligence.ItemOf(i), to)
		s, some = next, some || ok
	}
	if !some && !s.HasRemoved(from(in, a)) {
		return nil, textNotLinked(a, found[0].Ref, to)
	}
	return keep(in, s.Removed(from(in, a)), id)
}

// unlinkAll unties something from all items, also from those that are not in the list any more.
func unlinkAll(in plugin.Input, a plugin.Args, to string) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	n := len(s.Links)
	for _, l := range s.Links {
		if strings.EqualFold(l.To, to) {
			s, _ = s.Unlink(l.Item, to)
		}
	}
	if len(s.Links) == n && !s.HasRemoved(from(in, a)) {
		return nil, textNotLinked(a, "", to)
	}
	return keep(in, s.Removed(from(in, a)), id)
}

func linking(in plugin.Input, a plugin.Args) (s diligence.State, id int64, found []checklist.Item, to string, err error) {
	if s, id, err = state(in); err != nil {
		return s, id, nil, "", err
	}
	// The last word is what is linked: a reference to an issue could be taken for an item's name.
	i := strings.LastIndexAny(strings.TrimSpace(a.Rest), " \t")
	if i < 0 {
		return s, id, nil, "", textNoText(a, "/"+a.Name+" technical.3 #110")
	}
	to, ok := target(in, strings.TrimSpace(a.Rest)[i+1:])
	if !ok {
		return s, id, nil, "", textNoTarget(a, strings.TrimSpace(a.Rest)[i+1:])
	}
	b := a
	b.Rest = strings.TrimSpace(a.Rest)[:i]
	found, rest, err := items(in, b)
	if err == nil && rest != "" && !strings.EqualFold(rest, "to") {
		err = textTooMuch(a, rest)
	}
	return s, id, found, to, err
}

// relink writes another address for one.
func relink(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	words := strings.Fields(a.Rest)
	if len(words) == 3 && (words[1] == "->" || words[1] == "=>" || words[1] == "→") {
		words = []string{words[0], words[2]}
	}
	if len(words) != 2 || !reAddress.MatchString(words[0]) || !reAddress.MatchString(words[1]) {
		return nil, textRelink(a)
	}
	if n := checklist.CountLinks(in.Issue.Body, words[0]); n == 0 {
		if in.MayLag {
			return []plan.Effect{plan.Read{}}, nil
		}
		return nil, textNoSuchLink(a, words[0])
	}
	edit := plan.Checklist{
		Ops: []checklist.Op{{Kind: checklist.OpRelink, Text: words[0] + " " + words[1]}}, What: "another address for " + words[0],
	}
	s, id, err := state(in)
	if err != nil || s.Empty() {
		return []plan.Effect{edit}, err
	}
	return keep(in, s.Reword(func(text string) string { return checklist.Relink(text, words[0], words[1]) }), id, edit)
}
