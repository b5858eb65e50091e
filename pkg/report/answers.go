package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/template"
)

// answers finds what the application says about a box of a report or template.
type answers struct {
	in *Input
	by map[int]template.Part // the application's box, by where the other's begins
}

func newAnswers(in *Input, o *template.Outline) *answers {
	a := &answers{in: in, by: map[int]template.Part{}}
	if in.Application != nil {
		for _, c := range template.Compare(in.Application, o) {
			if c.Old != nil && c.New != nil {
				a.by[c.New.Start] = *c.Old
			}
		}
	}
	return a
}

// asked tells whether the application has one of the boxes.
func (a *answers) asked(parts []template.Part) bool {
	for _, p := range parts {
		if _, ok := a.by[p.Start]; ok {
			return true
		}
	}
	return false
}

// The lists of a block.
const (
	factsTitle  = "Facts"
	openTitle   = "Open questions"
	blockTitle  = "Open blocking findings"
	linkedTitle = "Linked"
)

// text is all that is known about boxes that belong together. What nobody has asked for this time is what the old text has.
func (a *answers) text(parts []template.Part, old string) string {
	var said, issues []string
	in := *a.in
	if in.Pin == nil {
		in.Pin = pinsOf(old)
	}
	facts, open, blocking, linked := a.kept(old)
	for i, p := range parts {
		from, ok := a.by[p.Start]
		if !ok {
			continue
		}
		if text := in.answer(from); text != "" {
			if i > 0 && len(template.Placeholders(from.Title)) == 0 {
				text = "“" + short(from.Title) + "”: " + text
			}
			said = append(said, text)
			for _, n := range a.in.tracked(text) {
				issues = append(issues, n.markdown())
			}
		}
		if c, ok := a.in.Checks[from.Line]; ok {
			if f := c.text(); f != "" {
				facts = append(facts, f)
			}
		}
		for _, q := range a.in.Questions[from.Line] {
			open = append(open, q.text())
		}
		for _, f := range a.in.Blockers {
			if f.Line == from.Line && f.Resolved == "" {
				blocking = append(blocking, f.text())
			}
		}
		for _, l := range a.in.Linked[from.Line] {
			linked = append(linked, l.text())
		}
	}
	blocks := []string{a.saysNothing(parts)}
	if len(said) > 0 {
		blocks = []string{"The project says:", quoted(strings.Join(said, "\n\n"))}
	}
	for _, list := range []struct {
		title string
		lines []string
	}{{factsTitle, facts}, {openTitle, open}, {blockTitle, blocking}, {linkedTitle, linked}} {
		if len(list.lines) > 0 {
			blocks = append(blocks, list.title+":\n\n- "+strings.Join(list.lines, "\n- "))
		}
	}
	if len(issues) > 0 {
		blocks = append(blocks, "Tracking issues: "+strings.Join(issues, ", "))
	}
	return strings.Join(blocks, "\n\n")
}

// kept are the lists of the old text about which nobody was asked this time.
func (a *answers) kept(old string) (facts, open, blocking, linked []string) {
	if a.in.Checks == nil {
		facts = listed(old, factsTitle)
	}
	if a.in.Questions == nil {
		open = listed(old, openTitle)
	}
	if a.in.Blockers == nil {
		blocking = listed(old, blockTitle)
	}
	if a.in.Linked == nil {
		linked = listed(old, linkedTitle)
	}
	return facts, open, blocking, linked
}

// listed gives the bullets of a list in a block.
func listed(text, title string) []string {
	_, after, ok := strings.Cut("\n"+text, "\n"+title+":\n\n- ")
	if !ok {
		return nil
	}
	list, _, _ := strings.Cut(after, "\n\n")
	return strings.Split(list, "\n- ")
}

func (a *answers) saysNothing(parts []template.Part) string {
	switch {
	case a.in.Application == nil:
		return "TODO(@applicant): there is no answer of the project yet."
	case !a.asked(parts):
		return "TODO(@applicant): the application does not ask this."
	}
	return "TODO(@applicant): the application says nothing about this yet."
}

// looksLikeBox matches what GitHub would show as a box: text behind a criterion may begin like one.
var looksLikeBox = regexp.MustCompile(`^((?:\s|>|[-*+]\s|\d{1,9}[.)]\s|\[\^[^\]\s]+\]:)*)\[([ xX\t])\]`)

// quoted makes a text one that stands in a quote, whatever is in it: no box of the report, and no name for a link, of which [x] could
// become one.
func quoted(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		l = looksLikeBox.ReplaceAllString(l, `$1\[$2]`)
		lines[i] = strings.TrimRight("> "+l, " ")
	}
	return strings.Join(lines, "\n")
}

func (n Named) markdown() string {
	return fmt.Sprintf("[%s](%s)", strings.NewReplacer("[", "\\[", "]", "\\]", "\n", " ").Replace(n.Text), n.URL)
}

const mostLinks = 3

// text says what a check found; nothing where it found nothing.
func (c Check) text() string {
	if c.Result == "unknown" && len(c.Links) == 0 {
		return ""
	}
	s := map[string]string{"met": "met", "not-met": "not met", "found": "there is material"}[c.Result]
	if why := oneLine(c.Why); why != "" {
		if s != "" {
			s += ": "
		}
		s += why
	}
	var links []string
	for _, n := range c.Links[:min(mostLinks, len(c.Links))] {
		links = append(links, n.markdown())
	}
	if len(links) > 0 {
		s += " (" + strings.Join(links, ", ") + ")"
	}
	return s
}

func (q Question) text() string {
	s := oneLine(q.Text)
	if q.By != "" {
		s += " (" + q.By + ")"
	}
	if q.URL != "" {
		s = fmt.Sprintf("[%s](%s)", strings.NewReplacer("[", "(", "]", ")").Replace(s), q.URL)
	}
	return s
}

func (f Blocker) text() string {
	s := f.Name + ": " + oneLine(f.Text)
	if f.By != "" {
		s += " (" + f.By + ")"
	}
	if f.Tracked.URL != "" {
		s += ", " + f.Tracked.markdown()
	}
	return s
}

// loose are the open findings that belong to no criterion of the report.
func (a *answers) loose() (out []Blocker) {
	placed := map[int]bool{}
	for _, from := range a.by {
		placed[from.Line] = true
	}
	for _, f := range a.in.Blockers {
		if f.Resolved == "" && !placed[f.Line] {
			out = append(out, f)
		}
	}
	return out
}

// blockers are all blocking findings, for the list of the summary: the open ones first.
func (in *Input) blockers() string {
	var open, resolved []string
	for _, f := range in.Blockers {
		if f.Resolved == "" {
			open = append(open, "- Open: "+f.text())
		} else {
			resolved = append(resolved, "- Resolved on "+f.Resolved+": "+f.text())
		}
	}
	if len(open)+len(resolved) == 0 {
		return "No blocking finding is known."
	}
	return strings.Join(append(open, resolved...), "\n")
}

func (l Linked) text() string {
	if l.State == "" {
		return l.markdown()
	}
	return l.markdown() + " is " + l.State
}

// oneLine makes a text fit to stand in a bullet.
func oneLine(s string) string {
	return strings.NewReplacer("<", "&lt;", "`", "'").Replace(strings.Join(strings.Fields(s), " "))
}
