package report

import (
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/template"
)

var codeSpan = regexp.MustCompile("`[^`]*`")

// template finds what a template says to those who fill it. One line is one finding.
func (l *linter) template() {
	for i, ln := range l.lines {
		if ln.comment != "" && l.isSlot(func(s *template.Slots) bool { return s.IsComment(ln.comment) }) {
			l.add(i+1, TemplateText, "The template's %q is still there.", short(strings.Join(strings.Fields(ln.comment), " ")))
		}
		if strings.TrimSpace(ln.prose) == "" || strings.Contains(ln.prose, "TODO(") && ownTodo.MatchString(ln.prose) {
			continue
		}
		found := template.Placeholders(codeSpan.ReplaceAllString(ln.prose, ""))
		if len(found) == 0 && strings.Contains(ln.prose, "$PROJECT") {
			found = []string{"$PROJECT"} // in code, as in the path of a file
		}
		choice := l.choice(ln.prose)
		switch {
		case len(found) > 0:
			l.add(i+1, Placeholder, "The placeholder %s is still there.", strings.Join(found, ", "))
		case choice != "":
			l.add(i+1, TemplateText, "The template's alternatives %s are still there: one of them is to be chosen.", short(choice))
		case l.isSlot(func(s *template.Slots) bool { return s.IsLine(ln.prose) }):
			l.add(i+1, TemplateText, "The template's %q is still there.", short(strings.TrimSpace(ln.prose)))
		}
	}
}

func (l *linter) isSlot(is func(*template.Slots) bool) bool { return slices.ContainsFunc(l.slots, is) }

func (l *linter) choice(line string) string {
	for _, s := range l.slots {
		if c := s.Choice(line); c != "" {
			return c
		}
	}
	return ""
}

var (
	todoWord = regexp.MustCompile(`\bTODO\b`)
	ownTodo  = regexp.MustCompile(`\bTODO\(@?[\w/-]*\):`)
)

func (l *linter) todo() {
	for i, ln := range l.lines {
		if !strings.Contains(ln.prose, "TODO") {
			continue
		}
		if at := todoWord.FindStringIndex(codeSpan.ReplaceAllString(ln.prose, "")); at != nil {
			l.add(i+1, Todo, "There is still something to do: %s", short(strings.TrimSpace(ln.prose)))
		}
	}
}

// ticks finds boxes without text. Boxes that are nested belong together: people answer below the last of them. One that is
// no criterion is an answer itself, to the box above it ("- [x] Met during the application").
func (l *linter) ticks() {
	boxes := l.boxes
	asks, answers := l.criteria()
	said := make([]bool, len(boxes))
	for from := 0; from < len(boxes); {
		to := from + 1
		for to < len(boxes) && (boxes[to].Depth() > boxes[from].Depth() || !asks[to] && slices.Equal(boxes[to].Section, boxes[from].Section)) {
			to++
		}
		some := false
		for i := from; i < to; i++ {
			some = some || answers[i] || l.answered(boxes[i])
		}
		for i := from; i < to; i++ {
			said[i] = some
		}
		from = to
	}
	for i, b := range boxes {
		if said[i] {
			continue
		}
		if b.Checked {
			l.add(b.Line, TickedEmpty, "The box is ticked, and nothing is said about it: %s", short(b.Title))
		} else {
			l.add(b.Line, Unanswered, "Nothing is said about: %s", short(b.Title))
		}
	}
}

// criteria tells which boxes ask something, and which are answers themselves. Those of the template ask, and others that are known,
// or bold where most are; the others answer, and so does one of the template whose date people have filled in.
func (l *linter) criteria() (asks, answers []bool) {
	boxes := l.boxes
	asks, answers = make([]bool, len(boxes)), make([]bool, len(boxes))
	bold := 0
	for _, b := range boxes {
		if strings.Contains(l.Outline.Head(b.Part), "**") {
			bold++
		}
	}
	form := map[int]*template.Part{}
	for _, c := range template.Compare(l.Outline, l.Match.Version.Outline()) {
		if c.Old != nil && c.New != nil {
			form[c.Old.Start] = c.New
		}
	}
	for i, b := range boxes {
		of := form[b.Start]
		asks[i] = b.id != "" || of != nil
		if 2*bold > len(boxes) { // this template's criteria are bold
			asks[i] = strings.Contains(l.Outline.Head(b.Part), "**")
		}
		waits := of != nil && len(template.Placeholders(of.Title)) > 0
		answers[i] = !asks[i] && (of == nil && b.id == "" || waits && len(template.Placeholders(b.Title)) == 0)
	}
	return asks, answers
}

var notApplicable = regexp.MustCompile(`(?i)^\s*[-*]?\s*[_*]*(?:n/?a|not applicable|none)\b`)

// answered tells whether there is anything below a box but what is still to be done.
func (l *linter) answered(b box) bool {
	for _, p := range b.said {
		if !strings.HasPrefix(strings.TrimLeft(l.Outline.Text[p.Start:], "*_> "), "TODO") {
			return true
		}
	}
	for line := range strings.Lines(comments.ReplaceAllString(l.Outline.Body(b.Part), "")) {
		if notApplicable.MatchString(line) {
			return true
		}
	}
	return false
}
