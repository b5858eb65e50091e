package evidence

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
)

// heading is how a group is told to people.
type heading struct {
	title  string
	lead   string
	folded bool
}

// headings of the triage comment. Nothing in it is a verdict: it says what a program saw, and what would help.
var groupHeads = map[group]heading{
	groupClaim:   {"Ticked, and something does not fit", "Please have a look at these first:", false},
	groupEmpty:   {"Not filled yet", "", false},
	groupNotMet:  {"Not there yet", "", false},
	groupLinks:   {"Links", "These are filled. Links that are pinned to a commit still show the same in a year:", true},
	groupFound:   {"Material for the reviewers", "", true},
	groupUnclear: {"Nothing found by looking", "", true},
	groupMet:     {"Found where it is expected", "", true},
}

// Comment is the triage comment, in Markdown. Names of people and references in it notify nobody.
func Comment(results []Result, f *Facts) string {
	var b strings.Builder
	count := map[group]int{}
	for _, r := range results {
		count[r.group()]++
	}
	fmt.Fprintf(&b, "Thanks for the application. A program looked at what the %d boxes of it say, and at the project's repositories. ", len(results))
	b.WriteString(summary(count))
	b.WriteString("\nIt may be wrong: where it is, a note under the box helps everybody who reads on.\n")
	last := group(-1)
	for _, r := range results {
		g := r.group()
		if g != last {
			b.WriteString(endFold(last))
			b.WriteString(startGroup(g, count[g]))
			last = g
		}
		b.WriteString(entryLine(r, g))
	}
	b.WriteString(endFold(last))
	if gaps := gapsSaid(f); gaps != "" {
		b.WriteString("\n" + gaps + "\n")
	}
	return plan.Safe(b.String())
}

// summary says in one sentence how it looks.
func summary(count map[group]int) string {
	parts := []string{}
	for _, p := range []struct {
		g    group
		text string
	}{{groupClaim, "ticked where something does not fit"}, {groupEmpty, "not filled yet"}, {groupNotMet, "not there yet"}, {groupMet, "found where it is expected"}} {
		if n := count[p.g]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, p.text))
		}
	}
	if len(parts) == 0 {
		return "There is material for each."
	}
	return "In short: " + strings.Join(parts, ", ") + "."
}

func startGroup(g group, n int) string {
	h := groupHeads[g]
	if h.folded {
		s := fmt.Sprintf("\n<details><summary>%s (%d)</summary>\n\n", h.title, n)
		if h.lead != "" {
			s += h.lead + "\n\n"
		}
		return s
	}
	s := fmt.Sprintf("\n### %s\n\n", h.title)
	if h.lead != "" {
		s += h.lead + "\n\n"
	}
	return s
}

func endFold(g group) string {
	if g >= 0 && groupHeads[g].folded {
		return "\n</details>\n"
	}
	return ""
}

// maxShown is how many candidates a line of the comment has.
const maxShown = 3

func entryLine(r Result, g group) string {
	s := fmt.Sprintf("- **%s**", inline(short(r.Item.Text)))
	if g != groupEmpty || r.Result == NotMet {
		if r.Why != "" {
			s += " " + inline(r.Why)
		}
	}
	var links []string
	for _, c := range r.Candidates[:min(maxShown, len(r.Candidates))] {
		links = append(links, fmt.Sprintf("[%s](%s)", inline(c.Path), c.URL))
	}
	if len(links) > 0 {
		s += " Perhaps: " + strings.Join(links, ", ")
	}
	return s + "\n"
}

var markup = strings.NewReplacer("<", "&lt;", "[", "\\[", "]", "\\]", "*", "\\*", "`", "\\`", "|", "\\|", "_", "\\_", "~", "\\~", "\n", " ", "\r", " ")

// inline makes a text of others stand in a line as it is: no markup, no mention, no reference.
func inline(s string) string {
	parts := strings.Split(plan.Neutral(s), " ")
	for i, p := range parts {
		if !strings.HasPrefix(p, "https://") && !strings.HasPrefix(p, "http://") {
			parts[i] = markup.Replace(p)
		}
	}
	return strings.Join(parts, " ")
}

// short cuts the text of a criterion at a sentence or at 90 characters.
func short(text string) string {
	const most = 90
	if i := strings.Index(text, ". "); i > 20 {
		text = text[:i+1]
	}
	if r := []rune(text); len(r) > most {
		return strings.TrimRight(string(r[:most-1]), " ,") + "…"
	}
	return text
}

// gapsSaid names what could not be read, where people may wonder.
func gapsSaid(f *Facts) string {
	var said []string
	for _, what := range []string{"cncf/toc", "cncf/landscape", "cncf/foundation", gapRepos, "documents", "releases"} {
		if why := f.gap(what); why != "" {
			said = append(said, what+" ("+why+")")
		}
	}
	if len(said) == 0 {
		return ""
	}
	return "Not read: " + inline(strings.Join(said, ", ")) + "."
}

// Print is the same for a terminal: a line for each box, its candidates below.
func Print(out io.Writer, results []Result, f *Facts) error {
	var b strings.Builder
	last := group(-1)
	for _, r := range results {
		if g := r.group(); g != last {
			last = g
			fmt.Fprintf(&b, "\n%s\n", groupHeads[g].title)
		}
		box := "[ ]"
		if r.Item.Checked {
			box = "[x]"
		}
		fmt.Fprintf(&b, "  %s line %d, %s: %s\n", box, r.Item.Line, r.Result, Visible(short(r.Item.Text)))
		if r.Why != "" {
			fmt.Fprintf(&b, "      %s\n", Visible(r.Why))
		}
		for _, c := range r.Candidates {
			fmt.Fprintf(&b, "      %s  (%s)\n", c.URL, cmp.Or(Visible(c.Why), "found"))
		}
	}
	if gaps := gapsSaid(f); gaps != "" {
		fmt.Fprintf(&b, "\n%s\n", gaps)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
