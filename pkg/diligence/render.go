package diligence

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// View is what the tables show beside the state.
type View struct {
	Now    time.Time
	Title  string // of the issue
	Labels []string
	Rules  Rules
	List   List
	Help   string // the command that explains: "/dd help"
}

// MaxComment bounds what one comment holds; GitHub takes 65,536 characters. Room is left for what is added on the way.
const MaxComment = 60000

// Render writes the status comment: the block, and tables that people read. What does not fit stands in more comments after it.
// The last words of closed questions and findings go first if even that is too much.
func (s State) Render(v View) ([]string, error) {
	block, err := s.Block()
	if err != nil {
		return nil, err
	}
	parts := []string{block + "\n" + s.head(v)}
	for _, t := range []string{s.progress(v), s.questions(v), s.findings(v), s.work(v), s.adopters(v), s.sponsors(), s.history(), s.lost(v)} {
		if t == "" {
			continue
		}
		last := &parts[len(parts)-1]
		if len(*last)+len(t) > MaxComment && len(*last) > len(block)+1 {
			parts = append(parts, "Status, continued")
			last = &parts[len(parts)-1]
		}
		*last += "\n\n" + shorten(t, MaxComment-len(*last))
	}
	return parts, nil
}

func shorten(t string, room int) string {
	if len(t) <= room {
		return t
	}
	cut := strings.LastIndexByte(t[:max(room-100, 0)], '\n')
	return t[:max(cut, 0)] + "\n\n(The rest does not fit here.)"
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
		fmt.Fprintf(&b, "; vote %s since %s", s.Vote.State, day(s.Vote.At))
	}
	who, why := s.Turn(v.Rules, v.Labels)
	fmt.Fprintf(&b, ".\n\n- It is the turn of: **%s**%s.", who, because(why))
	if next := v.Rules.Next(st.Value); next != "" && !s.Vote.Passed() {
		if lacks := s.Lacks(next, v.Rules, v.List, v.Now); len(lacks) > 0 {
			fmt.Fprintf(&b, "\n- For *%s*: %s.", stageName(next), strings.Join(lacks, "; "))
		} else {
			fmt.Fprintf(&b, "\n- Nothing is missing for *%s*.", stageName(next))
		}
	}
	var dates []string
	for _, d := range s.Coming(v.Rules, v.List.Ref) {
		if len(dates) < 5 {
			dates = append(dates, fmt.Sprintf("%s %s", day(d.On), d.What))
		}
	}
	if len(dates) > 0 {
		b.WriteString("\n- Dates: " + strings.Join(dates, "; ") + ".")
	}
	if s.Tracks != "" {
		b.WriteString("\n- The other issue: " + reference(s.Tracks) + ".")
	}
	if s.Earlier != "" {
		b.WriteString("\n- The earlier application: " + reference(s.Earlier) + ".")
	}
	return b.String()
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

func (s State) progress(v View) string {
	if v.List.Total == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "<details><summary>Progress: %d of %d items done</summary>\n\n| section | done |\n|---|---|\n", v.List.Done, v.List.Total)
	for _, p := range v.List.Sections {
		fmt.Fprintf(&b, "| %s | %d of %d |\n", cell(p.Path), p.Done, p.Total)
	}
	b.WriteString("\n</details>")
	return b.String()
}

// Tables have three columns at most, so that they fit a telephone: what belongs together stands below each other in a cell.

func (s State) questions(v View) string {
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

func (s State) findings(v View) string {
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
	return cell(item.Text)
}

// work is who does what, and what items wait for.
func (s State) work(v View) string {
	var b strings.Builder
	if len(s.Owners) > 0 {
		b.WriteString("**Who does what**\n\n| item | who | until |\n|---|---|---|\n")
		for _, o := range s.Owners {
			who, due := "", ""
			if o.Who != "" {
				who = "`" + o.Who + "`"
			}
			if !o.Due.IsZero() {
				due = day(o.Due)
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", v.about(&o.Item), who, due)
		}
	}
	if len(s.Links) > 0 {
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		b.WriteString("**Linked**\n\n| item | waits for | state |\n|---|---|---|\n")
		for _, l := range s.Links {
			state := l.State
			if state == "" && !strings.Contains(l.To, "://") {
				state = "not known"
			}
			fmt.Fprintf(&b, "| %s | %s %s | %s |\n", v.about(&l.Item), reference(l.To), cell(l.Title), state)
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func (s State) adopters(v View) string {
	if len(s.Adopters) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**Adopters: %d of %d approved**\n\n| | who | state |\n|---|---|---|\n", s.Approved(), v.Rules.Approved)
	for _, a := range s.Adopters {
		lines := []string{a.State + " since " + day(a.At) + until(a.Due)}
		if a.Instead != "" {
			lines[0] = "replaced by " + a.Instead
		}
		for _, n := range a.Notes {
			lines = append(lines, brief(n))
		}
		fmt.Fprintf(&b, "| A%d | %s | %s |\n", a.No, below(cell(a.Name), cell(a.Industry)), below(lines...))
	}
	return strings.TrimRight(b.String(), "\n")
}

func (s State) sponsors() string {
	var lines []string
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
		lines = append(lines, fmt.Sprintf("- `%s`, %s since %s; conflict of interest: %s", p.Login, kind, day(p.At), conflict))
	}
	for _, l := range s.Team {
		lines = append(lines, fmt.Sprintf("- `%s` speaks for the applicant, too", l))
	}
	if len(lines) == 0 {
		return ""
	}
	return "**People**\n\n" + strings.Join(lines, "\n")
}

func (s State) history() string {
	if len(s.Stages) < 2 {
		return ""
	}
	var lines []string
	for _, st := range s.Stages {
		line := fmt.Sprintf("- %s: %s%s", day(st.At), stageName(st.Value), by(st.By))
		if len(st.Despite) > 0 {
			line += ", though " + strings.Join(st.Despite, "; ")
		}
		lines = append(lines, line)
	}
	return "<details><summary>Stages so far</summary>\n\n" + strings.Join(lines, "\n") + "\n\n</details>"
}

// lost are items that are spoken of and stand in the list no more: nothing is dropped because somebody rewords an item.
func (s State) lost(v View) string {
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
	if len(out) == 0 {
		return ""
	}
	return "**Not in the list any more** (reworded or removed; what was said of them is kept)\n\n" + strings.Join(out, "\n")
}

// table shows what is open, and folds the rest.
func table(title string, open, all int, word, head string, rows func(add func(bool, string, ...any))) string {
	if all == 0 {
		return ""
	}
	var live, over []string
	rows(func(isOpen bool, format string, args ...any) {
		line := fmt.Sprintf(format, args...)
		if isOpen {
			live = append(live, line)
		} else {
			over = append(over, line)
		}
	})
	out := fmt.Sprintf("**%s: %d %s**", title, open, word)
	if len(live) > 0 {
		out += "\n\n" + head + "\n" + strings.Join(live, "\n")
	}
	if len(over) > 0 {
		out += fmt.Sprintf("\n\n<details><summary>Over: %d</summary>\n\n%s\n%s\n\n</details>", len(over), head, strings.Join(over, "\n"))
	}
	return out
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// maxCell bounds what a table shows of a text, in characters; the whole of it stands where it was written, and in the block.
const maxCell = 600

func brief(s string) string {
	r := []rune(oneLine(s))
	if len(r) > maxCell {
		return cell(string(r[:maxCell])) + "…"
	}
	return cell(string(r))
}

// cell makes a text fit into a table. What people wrote mentions nobody and refers to nothing here: the comment is written again
// and again.
func cell(s string) string {
	return strings.NewReplacer("|", "\\|", "@", "@\u200b", "#", "#\u200b", "<", "&lt;").Replace(oneLine(s))
}

// reference shows where something is, without GitHub noting a reference at each writing.
func reference(to string) string {
	switch {
	case to == "":
		return ""
	case strings.Contains(to, "://"):
		return to
	}
	ref, number, ok := strings.Cut(to, "#")
	if !ok {
		return cell(to)
	}
	return fmt.Sprintf("[%s#\u200b%s](https://github.com/%s/issues/%s)", ref, number, ref, number)
}
