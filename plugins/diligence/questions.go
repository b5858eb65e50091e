package diligence

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// from names the line in which something was written.
func from(in plugin.Input, a plugin.Args) string {
	if id := in.Event.ID(); id != "" {
		id, _, _ = strings.Cut(id, "-") // an edited comment is the same comment
		return fmt.Sprintf("%s/%d", id, a.No)
	}
	return ""
}

func ask(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	about, rest, err := item(in, a, a.Rest)
	if err != nil {
		return nil, err
	}
	text := whole(rest, a)
	switch {
	case text == "":
		return nil, textNoText(a, "/dd ask technical.3 which version was tested?")
	case personal(text):
		return nil, textPersonal(a)
	}
	s, no := s.Ask(diligence.Question{Item: about, Text: text, By: a.By.Login, At: now(in), From: from(in, a)})
	return keep(in, s, id, plan.Reply{Text: textAsked(no)})
}

var reNumber = regexp.MustCompile(`(?i)^([QFA])([0-9]{1,4})(?:[:.,]|\s|$)\s*`)

// number cuts "Q2" off the beginning.
func number(s string, letters string) (letter string, no int, rest string, ok bool) {
	m := reNumber.FindStringSubmatch(s)
	if m == nil || !strings.Contains(letters, strings.ToUpper(m[1])) {
		return "", 0, s, false
	}
	no, err := strconv.Atoi(m[2])
	return strings.ToUpper(m[1]), no, s[len(m[0]):], err == nil
}

func answer(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	_, no, rest, ok := number(a.Rest, "Q")
	if !ok {
		return nil, textWhichQuestion(a, s)
	}
	text := whole(rest, a)
	switch {
	case text == "":
		return nil, textNoText(a, fmt.Sprintf("/dd answer Q%d see https://example.com/report", no))
	case personal(text):
		return nil, textPersonal(a)
	}
	if s, err = s.Answer(no, text, a.By.Login, now(in)); err != nil {
		return nil, textNoSuch(a, err)
	}
	return keep(in, s, id)
}

// closeIt closes a question: who asked, the applicant and the judges may; and a finding: the judges.
func closeIt(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	letter, no, _, ok := number(a.Rest, "QF")
	if !ok {
		return nil, textWhich(a, s)
	}
	if letter == "F" {
		if ok, err := in.Can(a.By, judges...); err != nil || !ok {
			return nil, orElse(err, textFindingsAre(a, no))
		}
		s, err = s.Resolve(no, now(in))
	} else {
		if err := mayClose(in, a, s, no); err != nil {
			return nil, err
		}
		s, err = s.CloseQuestion(no, now(in))
	}
	if err != nil {
		return nil, textNoSuch(a, err)
	}
	return keep(in, s, id)
}

// mayClose is nil for who may close a question: who asked it, and who works on the application.
func mayClose(in plugin.Input, a plugin.Args, s diligence.State, no int) error {
	i := slices.IndexFunc(s.Questions, func(q diligence.Question) bool { return q.No == no })
	if i < 0 || issue.SameLogin(s.Questions[i].By, a.By.Login) {
		return nil
	}
	if ok, err := in.Can(a.By, project...); err != nil || ok {
		return err
	}
	return textQuestionsAre(a, s.Questions[i], whoAre(in, project))
}

func whoAre(in plugin.Input, roles []plugin.Role) string {
	var out []string
	for _, r := range roles {
		out = append(out, in.WhoIs(r))
	}
	return plugin.Join(out, "and")
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
