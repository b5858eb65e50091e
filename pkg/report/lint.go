package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/template"
)

// Kind names what the lint looks for.
type Kind string

// The kinds of findings.
const (
	TemplateText  Kind = "template-text"
	Placeholder   Kind = "placeholder"
	OtherProject  Kind = "other-project"
	WrongNumber   Kind = "application-number"
	DeadLink      Kind = "link-dead"
	MalformedLink Kind = "link-malformed"
	LoginLink     Kind = "link-login"
	HiddenLink    Kind = "link-invisible"
	UnpinnedLink  Kind = "link-unpinned"
	TickedEmpty   Kind = "ticked-without-text"
	Unanswered    Kind = "unanswered"
	HeadingOrder  Kind = "heading-order"
	AdopterNumber Kind = "adopter-number"
	Unapproved    Kind = "adopter-unapproved"
	CopiedText    Kind = "copied-text"
	Todo          Kind = "todo"
	MissingPart   Kind = "missing"
)

// Severity of a finding.
type Severity string

// Errors are wrong for certain or nearly so; warnings may be meant, or are work that is still to be done.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Rule is a kind of finding: how bad it is, and what it means.
type Rule struct {
	Kind     Kind
	Severity Severity
	Strict   bool // only looked for when strict
	About    string
}

// Rules are all kinds.
var Rules = []Rule{
	{TemplateText, Error, false, "instructions, slots and alternatives of the template that are left over"},
	{Placeholder, Error, false, "$PROJECT, $LINK, DD-MMM-YYYY and the like"},
	{OtherProject, Error, false, "the name, a link or the folder of another project where the applicant's belongs"},
	{WrongNumber, Error, false, "the number of another application"},
	{DeadLink, Error, false, "a link that leads nowhere"},
	{MalformedLink, Error, false, "a link without an address or scheme, or one that Markdown does not see"},
	{LoginLink, Error, false, "a link that the public cannot open"},
	{HiddenLink, Error, false, "an invisible character in an address"},
	{UnpinnedLink, Warning, false, "a file on GitHub that is not pinned to a commit"},
	{TickedEmpty, Error, false, "a ticked box without text"},
	{Unanswered, Warning, false, "a box without a tick and without text, or an adopter without a summary"},
	{HeadingOrder, Error, false, "headings in another order or at another level than the template's, a second title"},
	{AdopterNumber, Error, false, "adopters that are not numbered 1, 2, 3"},
	{Unapproved, Warning, false, "an adopter who has not approved the summary; with --strict, also one for whom nothing is said of it"},
	{CopiedText, Error, false, "a sentence that stands in another project's report, too"},
	{Todo, Warning, false, "a line that says TODO"},
	{MissingPart, Warning, true, "a heading or criterion of the template that is not there"},
}

// passes look for one kind each, or for some that are seen together.
var passes = []func(*linter){
	(*linter).template, (*linter).projects, (*linter).number, (*linter).addresses, (*linter).malformed, (*linter).ticks,
	(*linter).headings, (*linter).adopters, (*linter).copied, (*linter).todo,
}

// Finding is one thing that should not be so.
type Finding struct {
	Line     int // 1-based
	Kind     Kind
	Severity Severity
	Message  string // a sentence, plain text
}

// Options of [Lint]. The zero value asks nobody.
type Options struct {
	Project string // the applicant's name, or OWNER/NAME of its repository; what the title says if empty
	Number  int    // of the application; what the head links if 0
	Strict  bool
	Corpus  *Corpus         // reports of others, for copied text; may be nil
	Slots   *template.Slots // of templates that are not known; may be nil
	// Exists tells whether a file is where a relative link leads to. nil: nobody knows.
	Exists func(link string) (there, known bool)
	// State tells what is known of an address. nil: nothing.
	State func(address string) LinkState
}

// LinkState is what is known of an address.
type LinkState int

// States of an address.
const (
	Unknown LinkState = iota
	Alive
	Dead
	Walled // it wants a login
)

// linter is one run over a document.
type linter struct {
	*Document
	o     Options
	slots []*template.Slots
	found []Finding
}

// Lint gives what is wrong with a report, by line.
func Lint(d *Document, o Options) []Finding {
	l := &linter{Document: d, o: o, slots: []*template.Slots{template.KnownSlots()}}
	if o.Slots != nil {
		l.slots = append(l.slots, o.Slots)
	}
	for _, find := range passes {
		find(l)
	}
	if o.Strict {
		l.missing()
	}
	slices.SortStableFunc(l.found, func(a, b Finding) int { return cmp.Compare(a.Line, b.Line) })
	return slices.Compact(l.found)
}

// add notes a finding. What others wrote is shown without what cannot be seen.
func (l *linter) add(line int, k Kind, format string, args ...any) {
	f := Finding{Line: line, Kind: k, Severity: Error, Message: evidence.Visible(fmt.Sprintf(format, args...))}
	for _, r := range Rules {
		if r.Kind == k {
			f.Severity = r.Severity
		}
	}
	l.found = append(l.found, f)
}

// short cuts what is shown of a text.
func short(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
