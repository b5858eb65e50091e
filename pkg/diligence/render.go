package diligence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/plan"
)

// View is what the tables show beside the state.
type View struct {
	Now    time.Time
	Labels []string
	Closed bool // the issue
	Rules  Rules
	List   List
}

// MaxComment bounds what one comment holds; GitHub takes 65,536 characters. Room is left for what is added on the way.
const MaxComment = 60000

// Render writes the status comment: the block, and tables that people read. What does not fit stands in more comments after it: a table
// goes on there, with its head.
func (s State) Render(v View) ([]string, error) {
	block, err := s.Block()
	if err != nil {
		return nil, err
	}
	p := pages{block + "\n" + s.head(v)}
	for _, sections := range [][]section{
		s.progress(v), s.questions(v), s.findings(v), s.work(v), s.adopters(v), s.people(), s.history(), s.lost(v),
	} {
		for _, x := range sections {
			p.add(x)
		}
	}
	return p, nil
}

// section is a part that is split between its rows: each part has the head and the foot.
type section struct {
	head string
	rows []string
	foot string
}

// pages are comments.
type pages []string

// Continued is how the comments after the first begin.
const Continued = "Status, continued"

func (p *pages) add(x section) {
	text := ""
	flush := func() {
		if text != "" {
			(*p)[len(*p)-1] += "\n\n" + x.head + text + x.foot
		}
		text = ""
	}
	for _, row := range x.rows {
		if last := (*p)[len(*p)-1]; len(last)+len(x.head)+len(text)+len(row)+len(x.foot)+10 > MaxComment && last != Continued {
			flush()
			*p = append(*p, Continued)
		}
		text += "\n" + row
	}
	if len(x.rows) == 0 {
		(*p)[len(*p)-1] += "\n\n" + x.head + x.foot
	}
	flush()
}

// head says in a few lines where it stands: the stage, whose turn it is, what the next stage lacks, and the next dates.
func (s State) head(v View) string {
	var b strings.Builder
	st := s.Now()
	fmt.Fprintf(&b, "**Where it stands: %s**", stageName(st.Value))
	if !st.At.IsZero() {
		fmt.Fprintf(&b, " since %s%s", day(st.At), until(st.Until))
	}
	if s.Vote.State != "" {
		fmt.Fprintf(&b, "; vote %s since %s%s", s.Vote.State, day(s.Vote.At), where(s.Vote.On))
		if c := s.Vote.Tally; c != (Tally{}) {
			fmt.Fprintf(&b, " (%s in favour, %s against, %s needed)", c.Favour, c.Against, c.Needed)
		}
	}
	b.WriteString(".\n\n" + strings.Join(s.says(v), "\n"))
	return b.String()
}

// says are the lines of the head.
func (s State) says(v View) (out []string) {
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf("- "+format, args...)) }
	if v.Closed {
		add("The issue is closed.")
	} else {
		who, why := s.Turn(v.Rules, v.Labels)
		add("It is the turn of: **%s**%s.", who, because(why))
		if next := s.Next(v.Rules); next != "" && !s.Vote.Passed() {
			if lacks := s.Lacks(next, v.Rules, v.List, v.Now); len(lacks) > 0 {
				add("For *%s*: %s.", stageName(next), strings.Join(lacks, "; "))
			} else {
				add("Nothing is missing for *%s*.", stageName(next))
			}
		}
		var late, dates []string
		for _, d := range s.Dates(v.Rules, v.List, v.Now) {
			if text := fmt.Sprintf("%s %s", day(d.On), d.What); d.Late {
				late = append(late, text)
			} else {
				dates = append(dates, text)
			}
		}
		if len(late) > 0 {
			add("Late: %s.", few(late))
		}
		if len(dates) > 0 {
			add("Dates: %s.", few(dates))
		}
	}
	if s.Tracks != "" {
		add("The other issue: %s%s.", reference(s.Tracks), s.Other)
	}
	if s.Earlier != "" {
		add("The earlier application: %s.", reference(s.Earlier))
	}
	return out
}

// few are five, and how many there are beside.
func few(all []string) string {
	if n := len(all) - 5; n > 0 {
		return strings.Join(all[:5], "; ") + fmt.Sprintf("; and %d more", n)
	}
	return strings.Join(all, "; ")
}

// String tells how the other issue stands, "" where nothing is known.
func (o Other) String() string {
	switch {
	case o.State == "":
		return ""
	case o.Total == 0:
		return ", " + o.State
	}
	return fmt.Sprintf(", %s, %d of %d items done", o.State, o.Done, o.Total)
}

// Head is what a status comment says first, "" if it is none.
func Head(comment string) string {
	_, after, ok := strings.Cut(comment, "**Where it stands:")
	if !ok {
		return ""
	}
	head, rest, _ := strings.Cut(after, "\n\n")
	list, _, _ := strings.Cut(rest, "\n\n")
	if !strings.HasPrefix(list, "- ") {
		list = ""
	}
	return strings.TrimSpace("**Where it stands:" + head + "\n\n" + list)
}

func where(on string) string {
	if on == "" {
		return ""
	}
	return ", on " + reference(on)
}

func because(why string) string {
	if why == "" {
		return ""
	}
	return " (" + why + ")"
}

func until(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ", until " + day(t)
}

func (s State) progress(v View) []section {
	if v.List.Total == 0 {
		return nil
	}
	x := folded(fmt.Sprintf("Progress: %d of %d items done", v.List.Done, v.List.Total), "| section | done |\n|---|---|")
	for _, p := range v.List.Sections {
		x.rows = append(x.rows, fmt.Sprintf("| %s | %d of %d |", Cell(p.Path), p.Done, p.Total))
	}
	return []section{x}
}

// folded is a section that shows when somebody clicks on it.
func folded(title, head string) section {
	return section{head: "<details><summary>" + title + "</summary>\n\n" + head, foot: "\n\n</details>"}
}

// Tables have three columns at most, so that they fit a telephone: what belongs together stands below each other in a cell.

func (s State) questions(v View) []section {
	return table("Questions", len(s.OpenQuestions()), len(s.Questions), "open", "| | about | question |\n|---|---|---|", func(add func(bool, string, ...any)) {
		for _, q := range s.Questions {
			lines := []string{brief(q.Text), "`" + q.By + "`, " + day(q.At)}
			if q.Answer != "" {
				lines = append(lines, "**Answer:** "+brief(q.Answer), "`"+q.Answerer+"`, "+day(q.Answered))
			} else if !q.Closed.IsZero() {
				lines = append(lines, "closed "+day(q.Closed))
			}
			add(q.Open(), "| Q%d | %s | %s |", q.No, v.about(q.Item), below(lines...))
		}
	})
}

func (s State) findings(v View) []section {
	return table("Findings", len(s.OpenFindings(false)), len(s.Findings), "open", "| | about | finding |\n|---|---|---|", func(add func(bool, string, ...any)) {
		for _, f := range s.Findings {
			kind := "recommended"
			if f.Blocking {
				kind = "**blocking**"
			}
			kind += ", `" + f.By + "`, " + day(f.At)
			if !f.Resolved.IsZero() {
				kind += ", resolved " + day(f.Resolved)
			}
			add(f.Resolved.IsZero(), "| F%d | %s | %s |", f.No, v.about(f.Item), below(brief(f.Text), kind, reference(f.Issue)))
		}
	})
}

// below puts lines of a cell below each other.
func below(lines ...string) string {
	return strings.Join(filter(lines, func(l string) bool { return l != "" }), "<br>")
}

func (v View) about(item *Item) string {
	if item == nil {
		return "the whole"
	}
	if ref, ok := v.List.Ref(*item); ok {
		return "`" + ref + "`"
	}
	return Cell(item.Text)
}

// work is who does what, and what items wait for.
func (s State) work(v View) []section {
	owners := section{head: "**Who does what**\n\n| item | who | until |\n|---|---|---|"}
	for _, o := range s.Owners {
		who, due := "", ""
		if o.Who != "" {
			who = "`" + o.Who + "`"
		}
		if !o.Due.IsZero() {
			due = day(o.Due)
		}
		owners.rows = append(owners.rows, fmt.Sprintf("| %s | %s | %s |", v.about(&o.Item), who, due))
	}
	links := section{head: "**Linked**\n\n| item | waits for | state |\n|---|---|---|"}
	for _, l := range s.Links {
		state := l.State
		if state == "" && !strings.Contains(l.To, "://") {
			state = "not known"
		}
		links.rows = append(links.rows, fmt.Sprintf("| %s | %s %s | %s |", v.about(&l.Item), reference(l.To), Cell(l.Title), state))
	}
	return filled(owners, links)
}

// filled are the sections that have something in them.
func filled(all ...section) []section {
	return filter(all, func(x section) bool { return len(x.rows) > 0 })
}

func (s State) adopters(v View) []section {
	x := section{head: fmt.Sprintf("**Adopters: %d of %d approved**\n\n| | who | state |\n|---|---|---|", s.Approved(), v.Rules.Approved)}
	for _, a := range s.Adopters {
		lines := []string{a.State + " since " + day(a.At) + until(a.Due)}
		if a.Instead != "" {
			lines = append(lines, "instead: "+reference(a.Instead))
		}
		for _, n := range a.Notes {
			lines = append(lines, brief(n))
		}
		x.rows = append(x.rows, fmt.Sprintf("| A%d | %s | %s |", a.No, below(Cell(a.Name), Cell(a.Industry)), below(lines...)))
	}
	return filled(x)
}

func (s State) people() []section {
	x := section{head: "**People**\n"}
	for _, p := range s.Sponsors {
		kind := "sponsor"
		if p.Co {
			kind = "co-sponsor"
		}
		conflict := "not stated"
		if p.Conflict != "" {
			conflict = p.Conflict
			if p.Text != "" {
				conflict += " (" + brief(p.Text) + ")"
			}
		}
		x.rows = append(x.rows, fmt.Sprintf("- `%s`, %s since %s; conflict of interest: %s", p.Login, kind, day(p.At), conflict))
	}
	for _, l := range s.Team {
		x.rows = append(x.rows, fmt.Sprintf("- `%s` speaks for the applicant, too", l))
	}
	return filled(x)
}

func (s State) history() []section {
	if len(s.Stages) < 2 {
		return nil
	}
	x := folded("Stages so far", "")
	x.head = strings.TrimSuffix(x.head, "\n")
	for _, st := range s.Stages {
		line := fmt.Sprintf("- %s: %s%s", day(st.At), stageName(st.Value), by(st.By))
		if len(st.Despite) > 0 {
			line += ", though " + strings.Join(st.Despite, "; ")
		}
		x.rows = append(x.rows, line)
	}
	return []section{x}
}

// lost are items that are spoken of and stand in the list no more: nothing is dropped because somebody rewords an item.
func (s State) lost(v View) []section {
	var out []string
	see := func(item *Item) {
		if item == nil {
			return
		}
		if _, ok := v.List.Ref(*item); !ok && !slices.Contains(out, "- "+brief(item.Text)) {
			out = append(out, "- "+brief(item.Text))
		}
	}
	for _, q := range s.Questions {
		see(q.Item)
	}
	for _, f := range s.Findings {
		see(f.Item)
	}
	for _, o := range s.Owners {
		see(&o.Item)
	}
	for _, l := range s.Links {
		see(&l.Item)
	}
	return filled(section{head: "**Not in the list any more** (reworded or removed; what was said of them is kept)\n", rows: out})
}

// table shows what is open, and folds the rest.
func table(title string, open, all int, word, head string, rows func(add func(bool, string, ...any))) []section {
	if all == 0 {
		return nil
	}
	live, over := section{head: fmt.Sprintf("**%s: %d %s**", title, open, word)}, folded("", head)
	rows(func(isOpen bool, format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		if isOpen {
			live.rows = append(live.rows, line)
		} else {
			over.rows = append(over.rows, line)
		}
	})
	if len(live.rows) > 0 {
		live.head += "\n\n" + head
	}
	over.head = folded(fmt.Sprintf("Over: %d", len(over.rows)), head).head
	return append([]section{live}, filled(over)...)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// maxCell bounds what a table shows of a text, in characters; the whole of it stands where it was written, and in the block.
const maxCell = 600

func brief(s string) string {
	r := []rune(oneLine(s))
	if len(r) > maxCell {
		return Cell(string(r[:maxCell])) + "…"
	}
	return Cell(string(r))
}

// Cell makes a text fit into a table. What people wrote mentions nobody and refers to nothing here: the comment is written again
// and again. Code that is not closed would take in what stands behind it.
func Cell(s string) string {
	s = plan.Neutral(oneLine(s))
	if strings.Count(s, "`")%2 == 1 {
		s = strings.ReplaceAll(s, "`", "\\`")
	}
	return strings.NewReplacer("|", "\\|", "<", "&lt;", "![", "!\\[").Replace(s)
}

// reference shows where something is. GitHub notes no reference at the other issue where the address is this one.
func reference(to string) string {
	switch {
	case to == "":
		return ""
	case strings.Contains(to, "://"):
		return strings.NewReplacer("|", "%7C", "`", "%60", "<", "%3C").Replace(to)
	}
	ref, number, ok := strings.Cut(to, "#")
	if !ok {
		return Cell(to)
	}
	return fmt.Sprintf("[%s#\u200b%s](https://redirect.github.com/%s/issues/%s)", ref, number, ref, number)
}
