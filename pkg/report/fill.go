package report

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/template"
)

// Filled is what [Fill] gives.
type Filled struct {
	Text      string
	Written   int // blocks that were written anew, or put in
	Conflicts []Conflict
}

// Conflict is a place at which a person and the application have both changed the same block, or where a block is damaged. The
// report keeps what the person wrote.
type Conflict struct {
	Line      int    // 1-based, in the report as it was
	Criterion string // empty for the header
	Why       string // a sentence
	Mine      string // what ddbot would have written
	Theirs    string // what stands there
}

// change replaces bytes of the report.
type change struct {
	start, end int
	text       string
}

// Fill brings a report up to date with an application. Only what stands between ddbot's marks and was not edited changes, and whom ddbot's
// lines for the sponsor name; an item of which nobody has said anything gets a block. Every other byte stays. To fill twice is
// to fill once. The error tells why the text is not read, or that the result would not be the same report.
func Fill(text string, in Input) (*Filled, error) {
	o, err := template.Read(text)
	if err != nil {
		return nil, err
	}
	if err := noReport(o); err != nil {
		return nil, err
	}
	f := &filler{in: &in, o: o, text: text, answers: newAnswers(&in, o), eol: eolOf(text)}
	f.header()
	for i := 0; i < len(o.Parts); i++ {
		if o.Parts[i].Kind == template.Box {
			n := groupAt(o.Parts, i)
			f.group(o.Parts[i : i+n])
			i += n - 1
		}
	}
	f.owners()
	out := f.apply()
	if err := sameReport(o, out); err != nil {
		return nil, err
	}
	return &Filled{Text: out, Written: f.written, Conflicts: f.conflicts}, nil
}

// noReport gives the error if a text has no criteria, or is an application, which has criteria of a report, too.
func noReport(o *template.Outline) error {
	if len(o.Boxes()) == 0 {
		return ErrNoReport
	}
	m := template.Recognize(o, template.Versions(), "", "")[0]
	if m.Version.Kind == template.Application && m.Score >= template.Likely && !reportTitle.MatchString(titleOf(o)) {
		return errApplication
	}
	return nil
}

var errApplication = errors.New("this is an application, not a due-diligence report: give it as what the report is filled from")

// pinsOf gives the permanent addresses that a block has already, but for addresses that it has as they are.
func pinsOf(text string) func(string) (string, bool) {
	type file struct{ repo, path string }
	known := map[file]string{}
	for _, u := range anyURL.FindAllString(text, -1) {
		if at := evidence.PlaceOf(u); at != nil && at.Path != "" && at.IsPinned() {
			u, _, _ = strings.Cut(u, "#")
			known[file{strings.ToLower(at.Repo), at.Path}] = strings.TrimRight(u, ".,;:!?*_")
		}
	}
	return func(u string) (string, bool) {
		at := evidence.PlaceOf(u)
		if at == nil || at.IsPinned() || strings.Contains(text, u) {
			return "", false
		}
		pin, ok := known[file{strings.ToLower(at.Repo), at.Path}]
		if _, fragment, has := strings.Cut(u, "#"); ok && has {
			pin += "#" + fragment
		}
		return pin, ok
	}
}

type filler struct {
	in        *Input
	o         *template.Outline
	text, eol string
	answers   *answers
	changes   []change
	conflicts []Conflict
	written   int
}

func eolOf(text string) string {
	if i := strings.IndexByte(text, '\n'); i > 0 && text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// lines are the file's: with its line ends.
func (f *filler) lines(s string) string { return strings.ReplaceAll(s, "\n", f.eol) }

// header brings the block below the title up to date. A report without one has a head that people wrote.
func (f *filler) header() {
	end := len(f.text)
	for _, p := range f.o.Parts {
		if p.Kind == template.Box {
			end = p.Start
			break
		}
	}
	listed := false
	for _, b := range blocks(f.text, 0, end) {
		switch {
		case b.name == "header":
			f.block(b, "", f.headerText(b.text))
		case b.name == "blockers" && f.in.Blockers != nil:
			f.block(b, blockersTitle, f.in.blockers())
		}
		listed = listed || b.name == "blockers"
	}
	if !listed && len(f.in.Blockers) > 0 {
		f.listBlockers(end)
	}
}

// listBlockers puts the list below its heading, where people have written nothing yet.
func (f *filler) listBlockers(end int) {
	for _, p := range f.o.Headings() {
		if p.Start < end && strings.HasPrefix(p.Title, blockersTitle) && strings.TrimSpace(blockersTodo.ReplaceAllString(f.o.Body(p), "")) == "" {
			f.written++
			f.changes = append(f.changes, change{p.Mid, p.Mid, f.lines("\n\n" + wrapped("blockers", f.in.blockers()))})
			return
		}
	}
}

var blockersTodo = regexp.MustCompile(`(?m)^TODO\([^)\n]*\): which blocking findings .*$`)

// headerText keeps which template the report was made from, and what only the call that made it knew.
func (f *filler) headerText(old string) string {
	in := *f.in
	if in.Pin == nil {
		in.Pin = pinsOf(old)
	}
	fresh := strings.Split(header(&in, nil, f.answers.loose()), "\n")
	for line := range strings.SplitSeq(old, "\n") {
		key, _, _ := strings.Cut(line, " ")
		if i := strings.IndexAny(line, ":["); i >= 0 {
			key = line[:i]
		}
		has := slices.ContainsFunc(fresh, func(l string) bool { return strings.HasPrefix(l, key) })
		switch {
		case strings.HasPrefix(line, "- Link to [") && f.in.Issue == "":
			fresh[0] = line
		case strings.HasPrefix(line, looseFinding) && f.in.Blockers != nil:
		case !has && !strings.HasPrefix(line, "- TODO("):
			fresh = append(fresh, line)
		}
	}
	order := []string{"- Link to", "- TODO(", "- Based on", "- Project Repo", "- Project Site", "- Sub-Projects", "- Communication", "- Sponsors", looseFinding}
	rank := func(l string) int {
		return slices.IndexFunc(order, func(p string) bool { return strings.HasPrefix(l, p) })
	}
	slices.SortStableFunc(fresh, func(a, b string) int { return rank(a) - rank(b) })
	return strings.Join(fresh, "\n")
}

// group brings the block of criteria that belong together up to date, or puts one in where nothing is said yet.
func (f *filler) group(parts []template.Part) {
	if !f.answers.asked(parts) {
		return
	}
	found := blocks(f.text, parts[0].Start, parts[len(parts)-1].End)
	for _, b := range found {
		if b.name == "answer" {
			f.block(b, parts[0].Title, f.answers.text(parts, b.text))
		}
	}
	text := f.answers.text(parts, "")
	if len(found) == 0 && f.isUnsaid(parts) && !strings.HasPrefix(text, "TODO(") {
		f.put(parts[len(parts)-1], text)
	}
}

// block writes a block anew where that harms nobody.
func (f *filler) block(b block, criterion, text string) {
	mine := hashOf(text)
	conflict := func(why string) {
		line := strings.Count(f.text[:b.start], "\n") + 1
		f.conflicts = append(f.conflicts, Conflict{Line: line, Criterion: criterion, Why: why, Mine: text, Theirs: b.text})
	}
	switch {
	case b.broken:
		conflict("The mark at the end of this block is gone, so it is left as it is.")
	case b.text == text, b.isTouched() && mine == b.hash:
	case b.isTouched():
		conflict("Somebody has edited this block, and the application has changed, too. The edit stays.")
	default:
		f.written++
		f.changes = append(f.changes, change{b.start, b.end, f.lines(wrapped(b.name, text))})
	}
}

// isUnsaid tells whether people have written nothing about criteria: there are slots and lines of the template only.
func (f *filler) isUnsaid(parts []template.Part) bool {
	for _, p := range parts {
		for line := range strings.Lines(anyComment.ReplaceAllString(f.o.Body(p), "")) {
			if strings.TrimSpace(line) != "" && !template.KnownSlots().IsLine(line) && !template.IsFormLine(line) {
				return false
			}
		}
	}
	return true
}

// put adds a block behind all that belongs to a box.
func (f *filler) put(p template.Part, text string) {
	body := f.o.Body(p)
	at := p.Mid + len(strings.TrimRight(body, " \t\r\n"))
	at += len(f.text[at:p.End]) - len(strings.TrimLeft(f.text[at:p.End], " \t")) // blanks at the end of a line stay there
	if blockEndsOpen(f.text[p.Start:at]) {
		return // an HTML comment that goes on: nothing can be put behind it
	}
	block := f.lines("\n\n" + wrapped("answer", text) + "\n\n" + f.in.todo(judgement))
	if rest := f.text[at:]; rest != "" && strings.Count(rest[:len(rest)-len(strings.TrimLeft(rest, "\r\n"))], "\n") < 2 {
		block += f.eol
	}
	f.written++
	f.changes = append(f.changes, change{at, at, block})
}

func blockEndsOpen(s string) bool { return strings.LastIndex(s, "<!--") > strings.LastIndex(s, "-->") }

// ownTodos matches the lines that only ddbot writes, whoever they name.
var ownTodos = regexp.MustCompile(`(?m)^TODO\((@sponsor)\): (?:` + regexp.QuoteMeta(judgement) + `|who did the due diligence|which |what is recommended|how many interviews|has the TOC found|the summary of the interview)`)

// owners names the sponsors in TODO lines that named nobody.
func (f *filler) owners() {
	if len(f.in.Sponsors) == 0 {
		return
	}
	for _, m := range ownTodos.FindAllStringSubmatchIndex(f.text, -1) {
		inside := slices.ContainsFunc(f.changes, func(c change) bool { return c.start <= m[2] && m[2] < c.end })
		if !inside {
			f.changes = append(f.changes, change{m[2], m[3], f.in.sponsor()})
		}
	}
}

func (f *filler) apply() string {
	slices.SortStableFunc(f.changes, func(a, b change) int { return a.start - b.start })
	var b strings.Builder
	at := 0
	for _, c := range f.changes {
		b.WriteString(f.text[at:c.start] + c.text)
		at = c.end
	}
	b.WriteString(f.text[at:])
	return b.String()
}

// sameReport makes sure that headings, criteria and ticks are what they were.
func sameReport(before *template.Outline, text string) error {
	after, err := template.Read(text)
	if err != nil {
		return err
	}
	if len(before.Parts) != len(after.Parts) {
		return fmt.Errorf("the report would have %d headings and boxes instead of %d, so it is left as it is", len(after.Parts), len(before.Parts))
	}
	for i, p := range before.Parts {
		if q := after.Parts[i]; p.Kind != q.Kind || p.Level != q.Level || p.Title != q.Title || p.Checked != q.Checked {
			return fmt.Errorf("line %d would become another heading or box, so the report is left as it is: %s", p.Line, short(p.Title))
		}
	}
	return nil
}
