package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/template"
)

// State is what a report says, part by part.
type State struct {
	Lead     string // what stands before the first heading
	Sections []Section
}

// Section is a heading with what stands below it, up to the next heading.
type Section struct {
	Level int
	Title string // Markdown
	Text  string // what stands before its first box
	Items []Item
}

// Item is a criterion with its judgement.
type Item struct {
	Marker    string // what stands before the box: indentation and bullet
	Checked   bool
	Criterion string // Markdown
	Text      string // Markdown, from the end of the criterion to the next box or heading
}

// Parse reads a report. The error is a *checklist.RefusedError.
func Parse(text string) (*State, error) {
	o, err := template.Read(unix(text))
	if err != nil {
		return nil, err
	}
	return stateOf(o), nil
}

// stateOf reads an outline whose lines end with LF.
func stateOf(o *template.Outline) *State {
	s := &State{}
	for _, p := range o.Parts {
		body := o.Body(p)
		switch p.Kind {
		case template.Lead:
			s.Lead = o.Head(p) + body
		case template.Heading:
			s.Sections = append(s.Sections, Section{Level: p.Level, Title: rawTitle(o.Head(p)), Text: body})
		case template.Box:
			if len(s.Sections) == 0 {
				s.Sections = append(s.Sections, Section{}) // boxes without a heading
			}
			last := &s.Sections[len(s.Sections)-1]
			head := o.Head(p)
			at := strings.IndexByte(head, '[')
			last.Items = append(last.Items, Item{Marker: head[:at], Checked: p.Checked, Criterion: strings.TrimLeft(head[at+3:], " \t"), Text: body})
		}
	}
	return s
}

func unix(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

var closingMarks = regexp.MustCompile(`(?:^|[ \t])#+[ \t]*$`)

// rawTitle is the text of a heading without its marks.
func rawTitle(head string) string {
	if t := strings.TrimLeft(head, " "); strings.HasPrefix(t, "#") {
		return strings.TrimSpace(closingMarks.ReplaceAllString(strings.TrimLeft(t, "#"), ""))
	}
	lines := strings.Split(head, "\n")
	return strings.Join(strings.Fields(strings.Join(lines[:len(lines)-1], " ")), " ")
}

// Text writes the report. Headings are written with "#", boxes as [x] and [ ], lines end with LF.
func (s *State) Text() string {
	var b strings.Builder
	b.WriteString(s.Lead)
	for _, sec := range s.Sections {
		if sec.Level > 0 {
			b.WriteString(strings.Repeat("#", sec.Level) + " " + sec.Title)
		}
		b.WriteString(sec.Text)
		for _, it := range sec.Items {
			box := "[ ] "
			if it.Checked {
				box = "[x] "
			}
			b.WriteString(it.Marker + box + it.Criterion + it.Text)
		}
	}
	return b.String()
}

// RoundTrip reads a report, writes it and reads that: boxes, ticks, the text of each item, adopters and headings must be
// equal, white space folded. The error names what is not.
func RoundTrip(text string) error {
	o, err := template.Read(unix(text))
	if err != nil {
		return err
	}
	return roundTrip(o)
}

// RoundTrip is [RoundTrip] of a document that was read already.
func (d *Document) RoundTrip() error {
	if strings.ContainsRune(d.Outline.Text, '\r') {
		return RoundTrip(d.Outline.Text)
	}
	return roundTrip(d.Outline)
}

func roundTrip(before *template.Outline) error {
	s := stateOf(before)
	if s.Text() == before.Text {
		return nil // to the letter
	}
	after, err := template.Read(s.Text())
	if err != nil {
		return err
	}
	a, b := folded(before), folded(after)
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(b):
			return fmt.Errorf("%q is lost", short(a[i]))
		case i >= len(a):
			return fmt.Errorf("%q was not there", short(b[i]))
		case a[i] != b[i]:
			return fmt.Errorf("%q has become %q", short(a[i]), short(b[i]))
		}
	}
	if !slices.Equal(foldedAdopters(before), foldedAdopters(after)) {
		return fmt.Errorf("the adopters differ")
	}
	return nil
}

// folded is what must be kept, a line each.
func folded(o *template.Outline) []string {
	var out []string
	for _, p := range o.Parts {
		out = append(out, fold(fmt.Sprint(p.Kind, " ", p.Level, " ", p.Checked, " ", p.Title, "\n", o.Body(p))))
	}
	return out
}

func foldedAdopters(o *template.Outline) []string {
	var out []string
	for _, a := range Adopters(o) {
		out = append(out, fold(fmt.Sprint(a.Number, a.Name, "\n", a.Text)))
	}
	return out
}

func fold(s string) string { return strings.Join(strings.Fields(s), " ") }
