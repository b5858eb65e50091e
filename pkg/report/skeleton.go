package report

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/template"
)

// Skeleton writes a report in the outline and order of a template.
func Skeleton(v *template.Version, in Input) string {
	w := &writer{in: &in, v: v, o: v.Outline(), answers: newAnswers(&in, v.Outline())}
	parts := w.o.Parts
	for i := 0; i < len(parts); i++ {
		switch p := parts[i]; p.Kind {
		case template.Heading:
			w.heading(p)
		case template.Box:
			group := groupAt(parts, i)
			w.group(parts[i : i+group])
			i += group - 1
		}
	}
	return strings.Trim(blankLines.ReplaceAllString(w.b.String(), "\n\n"), "\n") + "\n"
}

// groupAt counts the boxes of a group: one at the top with all that are nested below it. What people write about them stands
// below the last.
func groupAt(parts []template.Part, i int) int {
	n := 1
	for i+n < len(parts) && parts[i+n].Kind == template.Box && parts[i+n].Depth() > parts[i].Depth() {
		n++
	}
	return n
}

type writer struct {
	b       strings.Builder
	in      *Input
	v       *template.Version
	o       *template.Outline
	answers *answers
	titled  bool
}

func (w *writer) line(s string)      { w.b.WriteString(s + "\n") }
func (w *writer) paragraph(s string) { w.b.WriteString("\n" + s + "\n") }

// named replaces the placeholders of a heading.
func (w *writer) named(s string) string {
	s = strings.NewReplacer("$PROJECT", w.in.Project, "${PROJECT}", w.in.Project, "$LEVEL", w.in.levelName()).Replace(s)
	if len(template.Placeholders(s)) > 0 { // "Adopter 1 - $COMPANY/$INDUSTRY"
		return strings.TrimRight(slotsOf.ReplaceAllString(s, "TODO"), " ")
	}
	return s
}

var slotsOf = regexp.MustCompile(`\$\{?[A-Z][A-Z_]*\}?(?:/\$\{?[A-Z][A-Z_]*\}?)*`)

// heading writes a heading and what the template says below it.
func (w *writer) heading(p template.Part) {
	w.paragraph(strings.Repeat("#", p.Level) + " " + w.named(rawTitle(strings.TrimSpace(w.o.Head(p)))))
	first := !w.titled
	w.titled = true
	if first {
		w.paragraph(wrapped("header", header(w.in, w.v, w.answers.loose())))
	}
	body := anyComment.ReplaceAllString(w.o.Body(p), "")
	asked := false
	for line := range strings.Lines(body) {
		line = strings.TrimRight(line, " \t\r\n")
		switch {
		case line == "":
			w.line("")
		case first && applicationLine.MatchString(line):
		case !isSlotLine(line):
			w.line(w.v.Absolute(line))
		case !asked:
			asked = true
			w.asks(p, line)
		}
	}
}

// applicationLine matches the line of a template that links the application: the header has it.
var applicationLine = regexp.MustCompile(`(?i)^\s*[-*]\s+link to \[[^\]]*application[^\]]*\]\(`)

func isSlotLine(line string) bool {
	return template.KnownSlots().IsLine(line) || len(template.Placeholders(line)) > 0 || template.KnownSlots().Choice(line) != ""
}

// lists are the placeholders of the summary that become lists with a heading of their own.
var lists = []struct{ slot, heading, todo string }{
	{"$NOTABLES", "Noteworthy Implementations", "which implementations of criteria are noteworthy? One bullet each, with a link."},
	{blockersSlot, blockersTitle + " (Previously Raised, Now Resolved)", "which blocking findings were raised, and how were they resolved? One bullet each, with its issue."},
	{"$RECOMMENDATIONS", "Recommended Enhancements (Non-Blocking)", "what is recommended and does not block? One bullet each, with its issue."},
}

const blockersSlot, blockersTitle = "$BLOCKERS", "Blockers"

// asks writes what people are to write in place of a template's sentence.
func (w *writer) asks(p template.Part, line string) {
	in := w.in
	switch {
	case strings.Contains(line, "$NOTABLES") || strings.Contains(line, "$RECOMMENDATIONS"):
		w.paragraph(in.todo("who did the due diligence, and has the project completed the criteria for " + in.levelName() + "?"))
		for _, l := range lists {
			if strings.Contains(line, l.slot) {
				if !in.Sentences {
					w.paragraph(strings.Repeat("#", min(p.Level+1, 6)) + " " + l.heading)
				}
				if l.slot == blockersSlot && in.Blockers != nil {
					w.paragraph(wrapped("blockers", in.blockers()))
				}
				w.paragraph(in.todo(l.todo))
			}
		}
	case template.NewTitle(p.Title).Numbered():
		w.paragraph(in.todo("the summary of the interview with its month, and the name only if the adopter has approved both; else the industry."))
	case strings.Contains(line, "$CONDITIONS"):
		w.paragraph(in.todo("has the TOC found the criteria for " + in.levelName() + " satisfied, or under which conditions is the project to reapply?"))
	case strings.Contains(line, "$INTERVIEWSUMMARY"):
		w.paragraph(in.todo("how many interviews were there, and do they show use as the level expects?"))
	default:
		w.paragraph(in.todo(strings.ToLower(p.Title) + ": this is still to be written."))
	}
}

// group writes criteria that belong together, what the project says, and what is to be judged.
func (w *writer) group(parts []template.Part) {
	w.line("")
	for _, p := range parts {
		head := w.o.Head(p)
		at := strings.IndexByte(head, '[')
		w.line(head[:at] + "[ ] " + w.criterion(p, strings.TrimSpace(head[at+3:])))
		for line := range strings.Lines(anyComment.ReplaceAllString(w.o.Body(p), "")) {
			line = strings.TrimRight(line, " \t\r\n")
			if line == "" || isSlotLine(line) {
				continue
			}
			if !bulleted.MatchString(line) {
				w.line("")
			}
			w.line(w.v.Absolute(line))
		}
	}
	w.paragraph(wrapped("answer", w.answers.text(parts, "")))
	w.paragraph(w.in.todo(judgement))
}

// criterion is the template's, word by word. Where that waits for a date, it is the application's.
func (w *writer) criterion(p template.Part, text string) string {
	slots := template.Placeholders(text)
	if len(slots) == 0 {
		return strings.TrimSpace(w.v.Absolute(text))
	}
	if from, ok := w.answers.by[p.Start]; ok && len(template.Placeholders(from.Title)) == 0 {
		return from.Title
	}
	for _, s := range slots {
		text = strings.ReplaceAll(text, s, "TODO")
	}
	return strings.TrimSpace(w.v.Absolute(text))
}

const judgement = "say whether this is met and why, with links, and tick the box."

var bulleted = regexp.MustCompile(`^\s*(?:[-*+]|\d+[.)])\s`)

// header is what stands below the title.
func header(in *Input, v *template.Version, loose []Blocker) string {
	var lines []string
	add := func(format string, args ...any) { lines = append(lines, fmt.Sprintf("- "+format, args...)) }
	if in.Issue != "" {
		add("Link to [%s application issue](%s)", in.levelName(), in.Issue)
	} else {
		add("%s", in.todo("link the "+in.levelName()+" application issue."))
	}
	switch {
	case v == nil:
	case v.URL() != "":
		add("Based on the [%s DD template](%s) of %s", v.Level, v.URL(), v.Date)
	case hasScheme.MatchString(v.Path):
		add("Based on the [%s DD template](%s)", v.Level, v.Path)
	}
	if in.Repo != "" && field(in, "Project Repo") == "" {
		add("Project Repo(s): https://github.com/%s", in.Repo)
	}
	for _, name := range []string{"Project Repo", "Project Site", "Sub-Projects", "Communication"} {
		if value := field(in, name); value != "" {
			add("%s: %s", map[bool]string{true: "Project Repo(s)", false: name}[name == "Project Repo"], in.pinned(value))
		}
	}
	if len(in.Sponsors) > 0 {
		add("Sponsors: %s", in.sponsor())
	}
	for _, f := range loose {
		lines = append(lines, looseFinding+f.text())
	}
	return strings.Join(lines, "\n")
}

// looseFinding begins the line of an open finding that belongs to no criterion.
const looseFinding = "- Open blocking finding "

// field gives what the application has behind "Project Site:" and the like, "" for a placeholder. People's addresses stay out.
func field(in *Input, name string) string {
	if in.Application == nil {
		return ""
	}
	re := regexp.MustCompile(`(?im)^[\s*_-]*` + regexp.QuoteMeta(name) + `(?:\(s\)|s|itory|itories)?[*_ ]*:[*_ ]*(.*)$`)
	m := re.FindStringSubmatch(anyComment.ReplaceAllString(unix(in.Application.Text), ""))
	if m == nil || len(template.Placeholders(m[1])) > 0 {
		return ""
	}
	return strings.TrimSpace(m[1])
}
