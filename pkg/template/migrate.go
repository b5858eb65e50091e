package template

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
)

// Migration is a text moved to another template.
type Migration struct {
	Text    string
	From    Match    // the version that the text was made from
	Changes []Change // what became of its criteria
	Left    int      // how many boxes, headings and lines stand below [LeftTitle]
}

// Related tells whether the old text is a version of the new template at all: a quarter of its criteria are in the other one. Else the move
// would put a form in its place.
func (m *Migration) Related() bool {
	old, both := 0, 0
	for _, c := range m.Changes {
		if c.Old != nil {
			old++
		}
		if c.Old != nil && c.New != nil {
			both++
		}
	}
	return 4*both >= old
}

// LeftTitle is the heading of what has no place in the new template.
const LeftTitle = "Not asked any more"

// Migrate moves what people wrote to another template: ticks, texts and what they filled in. Nothing of it is lost; what has no
// new place stands below [LeftTitle], as it was. What people did not touch is the new template's. The error says that a text leaves
// something open, so that what follows it would not be read.
func Migrate(old *Outline, to *Version, all []Version) (*Migration, error) {
	m := &mover{old: old, to: to, now: to.Outline(), result: &Migration{}}
	m.result.From = Recognize(old, all, to.Kind, "")[0]
	m.pairs(m.result.From.Version.Outline())
	m.write()
	m.left()
	m.result.Text = m.b.String()
	if err := m.verify(); err != nil {
		return nil, err
	}
	if strings.Contains(old.Text, "\r\n") {
		m.result.Text = strings.ReplaceAll(m.result.Text, "\n", "\r\n")
	}
	return m.result, nil
}

// verify reads the result: every criterion of the new template must be there, with the tick of the old.
func (m *mover) verify() error {
	after, err := Read(m.result.Text)
	if err != nil {
		return err
	}
	ticked := map[int]bool{}
	for n, i := range m.from {
		ticked[m.now.Parts[n].Start] = m.old.Parts[i].Checked
	}
	for _, c := range Compare(m.now, after) {
		switch {
		case c.Old == nil:
		case c.New == nil:
			return fmt.Errorf("the criterion %q would be hidden: some text before it leaves code, HTML or a comment open", c.Old.Title)
		case c.New.Checked != (ticked[c.Old.Start] || c.Old.Checked):
			return fmt.Errorf("the tick of %q would not be kept", c.Old.Title)
		}
	}
	return nil
}

type mover struct {
	b        strings.Builder
	old, now *Outline
	to       *Version
	result   *Migration
	from     map[int]int       // index of the old part, by that of the new
	placed   map[int]bool      // old parts that have a new place
	form     map[int]string    // what the old template says below an old part, by its index
	asked    map[int]string    // the words of the old template for an old box, by the same
	posed    map[int]string    // the same as Markdown
	lost     string            // what a template says below parts that the old text does not have
	links    map[string]string // people's addresses for places that a template links, by [target]
	follows  map[int]int       // an old heading that the template does not have goes with the part above it
	leftAt   int               // index of the heading [LeftTitle] in the old text, or how many parts that has
	adopters bool              // those of the old text are written
}

// pairs finds for each part its partner in the new template, and what the old template had there.
func (m *mover) pairs(was *Outline) {
	m.from, m.placed, m.form, m.follows = map[int]int{}, map[int]bool{}, map[int]string{}, map[int]int{}
	m.asked, m.posed = map[int]string{}, map[int]string{}
	m.links = linksOf(m.old.Text, was.Text+m.to.Text)
	at := func(o *Outline, start int, kind PartKind) int {
		for i, p := range o.Parts {
			if p.Start == start && p.Kind == kind {
				return i
			}
		}
		return -1
	}
	m.leftAt = len(m.old.Parts)
	for i, p := range m.old.Parts {
		if p.Kind == Heading && p.Title == LeftTitle {
			m.leftAt = i
			break
		}
	}
	m.result.Changes = Compare(m.old, m.now)
	for _, c := range m.result.Changes {
		if c.Old != nil && c.New != nil {
			i := at(m.old, c.Old.Start, Box)
			m.from[at(m.now, c.New.Start, Box)] = i
			m.placed[i] = true
		}
	}
	for _, c := range Compare(m.old, was) {
		if c.Old == nil {
			m.lost += "\n" + was.Body(*c.New)
		}
		if c.Old != nil && c.New != nil {
			i := at(m.old, c.Old.Start, Box)
			m.form[i], m.asked[i], m.posed[i] = was.Body(*c.New), c.New.Title, was.Head(*c.New)
		}
	}
	heads, olds := m.now.Headings(), m.old.Headings()
	for k, j := range Align(olds, heads) {
		if i := at(m.old, olds[k].Start, Heading); j >= 0 {
			if n := at(m.now, heads[j].Start, Heading); !m.has(n) {
				m.from[n] = i
				m.placed[i] = true
			}
		}
	}
	for k, j := range Align(olds, was.Headings()) {
		if j >= 0 {
			m.form[at(m.old, olds[k].Start, Heading)] = was.Body(was.Headings()[j])
		}
	}
	for n, p := range m.now.Parts {
		if !m.has(n) {
			m.lost += "\n" + m.now.Body(p)
		}
	}
	m.followers()
}

func (m *mover) has(n int) bool { _, ok := m.from[n]; return ok }

// followers lets headings that are people's own go with the part above them, as long as they are below its section.
func (m *mover) followers() {
	section, above := 0, -1
	for i, p := range m.old.Parts[:m.leftAt] {
		switch {
		case m.placed[i]:
			above = i
			if p.Kind == Heading {
				section = p.Level
			}
		case p.Kind == Heading && !NewTitle(p.Title).Numbered() && above >= 0 && p.Level > section:
			m.follows[i] = above
		case p.Kind == Heading:
			above = -1
		}
	}
}

// write writes the new template with what people wrote.
func (m *mover) write() {
	if len(m.old.Parts) > 0 && m.old.Parts[0].Kind == Lead {
		lead := m.old.Text[m.old.Front:m.old.Parts[0].End]
		m.b.WriteString(m.old.Text[:m.old.Front])
		if own := strings.Trim(m.own(lead, m.old.Parts[0]), "\n"); own != "" {
			m.b.WriteString(own + "\n\n")
		}
	}
	for n, p := range m.now.Parts {
		if p.Kind == Lead {
			continue // front matter, which an issue does not have
		}
		if p.Kind == Heading && NewTitle(p.Title).Numbered() && m.numbered() {
			continue
		}
		i, ok := m.from[n]
		if !ok {
			m.b.WriteString(relinked(m.now.Text[p.Start:p.End], m.links))
			continue
		}
		m.part(p, i)
	}
}

// part writes a part that was there before.
func (m *mover) part(p Part, i int) {
	old := m.old.Parts[i]
	oldHead := unix(m.old.Head(old))
	head := relinked(m.now.Head(p), m.links)
	if old.Hash == p.Hash {
		head = m.to.withLinks(head, oldHead, m.posed[i])
	}
	if len(Placeholders(head)) > 0 && len(Placeholders(oldHead)) == 0 {
		head = oldHead
		if p.Kind == Heading {
			head = strings.Repeat("#", p.Level) + " " + strings.TrimSpace(strings.Trim(strings.SplitN(oldHead, "\n", 2)[0], "# "))
		}
	}
	if p.Kind == Box && old.Checked != p.Checked {
		box := "[ ]"
		if old.Checked {
			box = "[x]"
		}
		at := strings.IndexByte(head, '[')
		head = head[:at] + box + head[at+3:]
	}
	m.b.WriteString(head)
	own := m.own(unix(m.old.Body(old)), old, m.form[i], m.now.Body(p))
	if said := m.saidInHead(i, p); said != "" && head != oldHead && !strings.Contains(head, said) {
		if !strings.HasPrefix(own, "\n") && own != "" { // it goes on on the same line
			own = " " + said + " " + own
		} else {
			own = " " + said + "\n" + strings.TrimPrefix(own, "\n")
		}
	}
	for k := i + 1; k < m.leftAt; k++ {
		if above, ok := m.follows[k]; ok && above == i {
			own = strings.TrimRight(own, "\n") + "\n\n" + unix(m.old.Text[m.old.Parts[k].Start:m.old.Parts[k].End])
			m.placed[k] = true
		}
	}
	m.b.WriteString(m.body(relinked(m.now.Body(p), m.links), own))
}

// own is what people wrote below a part: all but the lines that a template has there, and its slots. A line that stands there more
// often than in the template is people's, and so is one that the template has elsewhere.
func (m *mover) own(text string, p Part, forms ...string) string {
	left := formBelow(p, m.lost, forms...)
	text = comment.ReplaceAllStringFunc(text, func(c string) string {
		if KnownSlots().IsComment(c) {
			return ""
		}
		return c
	})
	var b strings.Builder
	for line := range strings.Lines(text) {
		k := lineKey(line)
		switch {
		case k == "" && isEmptyBullet(line), k != "" && KnownSlots().IsLine(line):
			continue
		case k != "" && left[k] > 0:
			left[k]--
			continue
		}
		b.WriteString(line)
	}
	if strings.TrimSpace(b.String()) == "" {
		return ""
	}
	return closed(b.String())
}

var fence = regexp.MustCompile("^\\s*(`{3,}|~{3,})")

// closed ends a block of code that the end of a list item, or of the text, has ended.
func closed(s string) string {
	open, indented := "", ""
	for line := range strings.Lines(s) {
		m := fence.FindStringSubmatch(line)
		switch {
		case m == nil:
		case open == "":
			open, indented = m[1], m[0]
		case strings.HasPrefix(m[1], open):
			open = ""
		}
	}
	if open == "" {
		return s
	}
	return strings.TrimRight(s, "\n") + "\n" + indented + "\n"
}

func isEmptyBullet(line string) bool {
	s := strings.TrimSpace(line)
	return s == "*" || s == "-" || s == "+"
}

var fieldLine = regexp.MustCompile(`^([\pL][\pL ()-]{2,40}):`)

// body puts people's text where the template waits for it.
func (m *mover) body(form, own string) string {
	if own == "" {
		return form
	}
	fields := map[string]string{}
	var rest strings.Builder
	for line := range strings.Lines(own) {
		key := fieldLine.FindStringSubmatch(line)
		if key != nil && hasField(form, key[1]) && fields[key[1]] == "" {
			fields[key[1]] = strings.TrimRight(line, "\n")
			continue
		}
		rest.WriteString(line)
	}
	text := rest.String()
	said := strings.TrimSpace(text) != ""
	var b strings.Builder
	if first, after, _ := strings.Cut(text, "\n"); said && strings.TrimSpace(first) != "" && !strings.HasPrefix(own, "\n") {
		b.WriteString(first) // it stood on the line of the criterion
		text = after
		if line, rest, _ := strings.Cut(form, "\n"); strings.Contains(criteria.Normalize(first), criteria.Normalize(line)) {
			form = "\n" + rest
		}
	}
	kept := comment.ReplaceAllStringFunc(form, func(c string) string {
		if said && KnownSlots().IsComment(c) {
			return ""
		}
		return c
	})
	theirs := map[string]bool{}
	for line := range strings.Lines(text) {
		theirs[wordsOf(line)] = destination.MatchString(line)
	}
	for line := range strings.Lines(kept) {
		key := fieldLine.FindStringSubmatch(line)
		switch {
		case key != nil && fields[key[1]] != "":
			b.WriteString(fields[key[1]] + "\n")
		case said && (KnownSlots().IsLine(line) || isEmptyBullet(line) || len(Placeholders(line)) > 0 && key == nil):
		case destination.MatchString(line) && theirs[wordsOf(line)]: // with another address
		default:
			b.WriteString(line)
		}
	}
	text = strings.Trim(text, "\n")
	if text == "" {
		return b.String()
	}
	return strings.TrimRight(b.String(), " \t\n") + "\n\n" + text + "\n\n"
}

func hasField(form, key string) bool {
	for line := range strings.Lines(form) {
		if k := fieldLine.FindStringSubmatch(line); k != nil && k[1] == key && len(Placeholders(line)) > 0 {
			return true
		}
	}
	return false
}

// numbered writes the adopters of the old text in place of the template's, all of them at the first. It tells whether there are any
// that people filled in.
func (m *mover) numbered() bool {
	if m.adopters {
		return true
	}
	for _, above := range m.follows { // their headings only name the firm, and were written with the section's
		m.adopters = m.adopters || strings.EqualFold(m.old.Parts[above].Title, "adoption")
	}
	level := 0
	for i, p := range m.old.Parts[:m.leftAt] {
		switch {
		case p.Kind == Heading && NewTitle(p.Title).Numbered() && (len(Placeholders(p.Title)) == 0 || !m.verbatim(p)):
			level = p.Level
		case p.Kind == Heading && p.Level <= level, p.Kind == Box:
			level = 0
		}
		if level > 0 && !m.placed[i] {
			m.b.WriteString(unix(m.old.Text[p.Start:p.End]))
			m.placed[i], m.adopters = true, true
		}
	}
	return m.adopters
}

// left writes what has no new place: boxes and headings as they were, and every line that is nowhere to be found. What an earlier
// migration had left stays, but for boxes that are asked again.
func (m *mover) left() {
	var before, parts []string
	for i := m.leftAt; i < len(m.old.Parts); i++ {
		switch p := m.old.Parts[i]; {
		case i == m.leftAt:
			before = append(before, unix(m.old.Body(p)))
		case !m.placed[i]:
			before = append(before, unix(m.old.Text[p.Start:p.End]))
		}
	}
	above := ""
	for i, p := range m.old.Parts[:m.leftAt] {
		text := strings.TrimRight(unix(m.old.Text[p.Start:p.End]), "\n")
		switch {
		case m.placed[i], p.Kind == Lead, p.Kind == Heading && m.own(unix(m.old.Body(p)), p, m.form[i]) == "" && m.isForm(p):
			continue
		case p.Kind == Heading:
			text = strings.Repeat("#", min(max(p.Level, 3), 6)) + " " + p.Title + strings.TrimRight(unix(m.old.Body(p)), "\n")
			above = ""
		case len(p.Section) > 0:
			if from := strings.Join(p.Section[max(0, len(p.Section)-2):], " / "); from != above {
				above = from
				parts = append(parts, "### From "+from)
			}
		}
		parts = append(parts, text)
		m.result.Left++
	}
	parts = append(parts, m.nowhere(m.b.String()+strings.Join(parts, "\n"))...)
	if prior := strings.Trim(strings.Join(before, ""), "\n"); prior != "" {
		parts = append([]string{prior}, parts...)
	}
	if len(parts) == 0 {
		return
	}
	text := strings.TrimRight(m.b.String(), "\n")
	m.b.Reset()
	m.b.WriteString(text + "\n\n## " + LeftTitle + "\n\n" + strings.Join(parts, "\n\n") + "\n")
}

// nowhere gives the lines of people that are not in what is written.
func (m *mover) nowhere(written string) []string {
	var out []string
	for i, p := range m.old.Parts[:m.leftAt] {
		body := unix(m.old.Text[max(p.Mid, m.old.Front):p.End])
		for line := range strings.Lines(m.own(body, p, m.form[i])) {
			if s := strings.TrimSpace(line); s != "" && !strings.Contains(written, s) {
				out = append(out, s)
				m.result.Left++
			}
		}
	}
	return out
}

// verbatim tells whether a heading is one of the old template's as it stands there: one in which somebody has filled in a part is not.
func (m *mover) verbatim(p Part) bool {
	for _, h := range m.result.From.Version.Outline().Headings() {
		if h.Title == p.Title {
			return true
		}
	}
	return false
}

// isForm tells whether a heading is one of the old template's.
func (m *mover) isForm(p Part) bool {
	for _, h := range m.result.From.Version.Outline().Headings() {
		if NewTitle(h.Title).Fits(NewTitle(p.Title)) {
			return true
		}
	}
	return false
}

func unix(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
