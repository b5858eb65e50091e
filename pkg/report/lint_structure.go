package report

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ddbot/ddbot/pkg/template"
)

// headings holds the order and the levels of headings against the template's.
func (l *linter) headings() {
	for i, titles := 0, 0; i < len(l.Outline.Parts); i++ {
		p := l.Outline.Parts[i]
		if p.Kind != template.Heading || p.Level != 1 {
			continue
		}
		if titles++; titles > 1 {
			l.add(p.Line, HeadingOrder, "A second title: %s", short(p.Title))
		}
	}
	wanted := l.Match.Version.Outline().Headings()
	places := template.Align(l.Outline.Headings(), wanted)
	inOrder := longest(places)
	seen := map[int]bool{}
	for i, h := range l.Outline.Headings() {
		at := places[i]
		switch {
		case at < 0:
			continue
		case seen[at]:
			l.add(h.Line, HeadingOrder, "The heading %q stands there a second time.", short(h.Title))
		case !inOrder[i]:
			l.add(h.Line, HeadingOrder, "The heading %q stands in another place than in the template%s.", short(h.Title), above(wanted, at))
		case h.Level != wanted[at].Level && h.Level > 1:
			l.add(h.Line, HeadingOrder, "The heading %q has the level %d, and %d in the template.", short(h.Title), h.Level, wanted[at].Level)
		}
		seen[at] = true
	}
}

// above says after which heading another stands in the template.
func above(wanted []template.Part, at int) string {
	if at == 0 {
		return ""
	}
	return ", where it follows \"" + short(wanted[at-1].Title) + "\""
}

// longest tells which places are in the longest part of them that is in order.
func longest(places []int) []bool {
	length, before := make([]int, len(places)), make([]int, len(places))
	best := -1
	for i, p := range places {
		before[i] = -1
		if p < 0 {
			continue
		}
		length[i] = 1
		for j := range i {
			if places[j] >= 0 && places[j] < p && length[j]+1 > length[i] {
				length[i], before[i] = length[j]+1, j
			}
		}
		if best < 0 || length[i] > length[best] {
			best = i
		}
	}
	in := make([]bool, len(places))
	for ; best >= 0; best = before[best] {
		in[best] = true
	}
	return in
}

// missing names what the template has and the report has not.
func (l *linter) missing() {
	end := len(l.lines)
	wanted := l.Match.Version.Outline()
	there := map[int]bool{}
	for _, at := range template.Align(l.Outline.Headings(), wanted.Headings()) {
		there[at] = true
	}
	for i, h := range wanted.Headings() {
		if !there[i] && !template.NewTitle(h.Title).Numbered() {
			l.add(end, MissingPart, "The template has the heading %q.", short(h.Title))
		}
	}
	for _, c := range template.Compare(l.Outline, wanted) {
		if c.Kind == template.New {
			l.add(end, MissingPart, "The template asks: %s", short(c.New.Title))
		}
	}
}

// Adopter is the summary of an interview in a report.
type Adopter struct {
	Number int    // 0 where the heading only names the firm
	Name   string // company, or industry for one that stays anonymous
	Line   int
	Text   string // as written, with the headings below its own
}

var adopterTitle = regexp.MustCompile(`(?i)^adopter\s*#?\s*(\d+)\s*[-–—:/.]?\s*(.*)$`)

// Adopters gives the summaries of interviews in a text: below headings such as "Adopter 2 - Firm/Retail", and below those right
// under "Adoption" that only name the firm.
func Adopters(o *template.Outline) []Adopter {
	var out []Adopter
	section, level := 0, 0 // levels of the heading "Adoption" and of the adopter's; 0 outside
	for _, p := range o.Parts {
		if p.Kind == template.Heading {
			if p.Level <= section {
				section = 0
			}
			m := adopterTitle.FindStringSubmatch(p.Title)
			switch {
			case m != nil || section > 0 && p.Level == section+1:
				a := Adopter{Name: p.Title, Line: p.Line, Text: o.Body(p)}
				if m != nil {
					a.Number, _ = strconv.Atoi(m[1])
					a.Name = strings.TrimSpace(m[2])
				}
				out, level = append(out, a), p.Level
				continue
			case p.Level <= level:
				level = 0
			}
			if strings.EqualFold(strings.TrimSpace(p.Title), "adoption") {
				section, level = p.Level, 0
			}
		}
		if level > 0 {
			out[len(out)-1].Text += o.Text[p.Start:p.End]
		}
	}
	return out
}

var (
	refused = regexp.MustCompile(`(?i)\b(?:not|n['’]t|never|without|pending|awaiting|waiting|no|needs?|requires?|to be|lacks?|missing|outstanding)\b[^.\n]{0,40}\b(?:approv\w*|consent|permission|sign-?off)` +
		`|\b(?:approval|consent|permission|sign-?off)\b[^.\n]{0,30}\b(?:pending|outstanding|awaited|missing|requested|needed|required|(?:not|n['’]t|never)\b[^.\n]{0,10}\b(?:given|received|granted|obtained))`)
	refusedField = regexp.MustCompile(`(?i)\b(?:approv\w*|consent|permission)\b[^:\n]{0,25}:[\s*_]*(?:no|not|none|pending|requested|awaiting|open|tbd|unknown|false|-|–|—)(?:[\s.,*_]|$)`)
	approved     = regexp.MustCompile(`(?i)\bapproved\b|\bapproval\b[^.\n]{0,30}\b(?:given|received|granted|obtained|on|by|from|via)\b|\bwith (?:the |their )?(?:approval|consent|permission)\b|\bapproval\s*:`)
	withheld     = regexp.MustCompile(`(?i)\b(?:held|kept) privately\b|\bavailable to (?:the )?TOC\b|\bprivate(?:ly)? (?:held|kept|shared)\b`)
	comments     = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`)
	words        = regexp.MustCompile(`[\pL\d]{2,}`)
)

// aboutApproval are parts of words of which a line about approval has one.
var aboutApproval = []string{"approv", "consent", "permission", "sign-off", "signoff", "sign off", "private", "available"}

// approval is what a summary says about the adopter's approval of it.
type approval int

const (
	nothingSaid approval = iota
	given
	notGiven
	notNeeded // nothing is published
)

// approvalIn looks line by line, and only at lines with a word for it.
func approvalIn(text string) approval {
	found := nothingSaid
	for line := range strings.Lines(text) {
		lower := strings.ToLower(line)
		if !slices.ContainsFunc(aboutApproval, func(w string) bool { return strings.Contains(lower, w) }) {
			continue
		}
		switch {
		case refused.MatchString(line), refusedField.MatchString(line):
			return notGiven
		case approved.MatchString(line):
			found = given
		case found == nothingSaid && withheld.MatchString(line):
			found = notNeeded
		}
	}
	return found
}

// fewWords are no summary: a date, a name.
const fewWords = 6

// adopters looks at numbers, summaries and approvals.
func (l *linter) adopters() {
	all := Adopters(l.Outline)
	someApproved := false
	says := make([]approval, len(all))
	for i, a := range all {
		says[i] = approvalIn(comments.ReplaceAllString(a.Text, ""))
		someApproved = someApproved || says[i] == given
	}
	for i, a := range all {
		who := "Adopter " + strconv.Itoa(i+1)
		if a.Number == 0 {
			who = short(a.Name)
		} else if a.Number != i+1 {
			l.add(a.Line, AdopterNumber, "This is adopter %d of the report, and it is called adopter %d.", i+1, a.Number)
		}
		text := comments.ReplaceAllString(a.Text, "")
		said := len(words.FindAllString(text, -1))
		switch {
		case says[i] == notGiven:
			l.add(a.Line, Unapproved, "%s has not approved the summary.", who)
		case said < fewWords:
			l.add(a.Line, Unanswered, "Nothing is said about an adopter: %s", who)
		case says[i] != nothingSaid:
		case someApproved, l.o.Strict:
			l.add(a.Line, Unapproved, "Nothing says that this adopter has approved the summary: %s", who)
		}
	}
}
