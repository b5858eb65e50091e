package diligence

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// from names what something was written in: the comment, and the command in it by its words, so that an edit elsewhere in the comment
// changes nothing. The same command twice in one comment counts twice.
func from(in plugin.Input, a plugin.Args) string {
	text, _, _ := in.Event.Text()
	return fromIn(in, a, text)
}

func fromIn(in plugin.Input, a plugin.Args, text string) string {
	id := in.Event.ID()
	if id == "" {
		return ""
	}
	id, _, _ = strings.Cut(id, "-") // an edited comment is the same comment
	nth := 0
	cmds, _ := command.Parse(text) // it was read already
	for _, c := range cmds {
		if c.No < a.No && c.Line == a.Line && (a.Text == "" || c.Text == a.Text) {
			nth++
		}
	}
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%s\n%d", a.Line, a.Text, nth)))
	return fmt.Sprintf("%s/%x", id, sum[:5])
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
	if text == "" {
		return nil, textNoText(a, "/dd ask technical.3 which version was tested?")
	}
	q := diligence.Question{Item: about, Text: text, By: a.By.Login, At: now(in), From: from(in, a)}
	if i := replaced(in, a, func(was string) int { return questionFrom(s, was, text) }); i >= 0 {
		s.Questions = slices.Clone(s.Questions)
		q.No, q.At = s.Questions[i].No, s.Questions[i].At
		s.Questions[i] = q
		return keep(in, s, id, plan.Reply{Text: textAsked(q.No)})
	}
	s, no := s.Ask(q)
	return keep(in, s, id, plan.Reply{Text: textAsked(no)})
}

var reSeveral = regexp.MustCompile(`(?i)^Q[0-9]{1,4}\s*(?:,|;|&|\band\b)\s*Q[0-9]`)

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
	if reSeveral.MatchString(a.Rest) {
		return nil, textOneQuestion(a)
	}
	text := whole(rest, a)
	if text == "" {
		return nil, textNoText(a, fmt.Sprintf("/dd answer Q%d see https://example.com/report", no))
	}
	for _, was := range earlier(in, a, "Q", no) {
		s = s.Unanswer(no, was)
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
	for rest := a.Rest; ; {
		letter, no, more, ok := number(rest, "QF")
		if !ok && rest == a.Rest {
			return nil, textWhich(a, s)
		}
		if !ok {
			return nil, textTooMuch(a, rest)
		}
		if s, err = closeOne(in, a, s, letter, no); err != nil {
			return nil, err
		}
		if rest = strings.TrimLeft(more, ",; "); rest == "" {
			return keep(in, s, id)
		}
	}
}

func closeOne(in plugin.Input, a plugin.Args, s diligence.State, letter string, no int) (diligence.State, error) {
	may, do := mayClose, s.CloseQuestion
	if letter == "F" {
		may, do = mayResolve, s.Resolve
	}
	if err := may(in, a, s, no); err != nil {
		return s, err
	}
	s, err := do(no, now(in))
	if err != nil {
		return s, textNoSuch(a, err)
	}
	return s, nil
}

func mayResolve(in plugin.Input, a plugin.Args, _ diligence.State, no int) error {
	if ok, err := in.Can(a.By, judges...); err != nil || !ok {
		return orElse(err, textFindingsAre(a, no))
	}
	return nil
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
