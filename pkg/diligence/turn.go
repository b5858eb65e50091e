package diligence

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// Who owes the next step.
const (
	Applicant = "applicant"
	Sponsors  = "sponsors"
	Staff     = "staff"
	Gitvote   = "gitvote"
)

// Rules are how a foundation works, from the configuration.
type Rules struct {
	Order    []string                 // the stages in which an application goes forward
	Turn     map[string]string        // by stage: who owes the next step; "" is before the first stage
	Clocks   map[string]time.Duration // by stage, or by "answers" and "summaries": how long it may last
	Listed   int                      // adopters that an application names
	Approved int                      // adopters that have to be approved
	Freezes  []Freeze
}

// Freeze is a time in which nothing is decided, both days included.
type Freeze struct {
	Name     string
	From, To time.Time
}

// In gives the freeze in which a day lies.
func (r Rules) In(day time.Time) (Freeze, bool) {
	i := slices.IndexFunc(r.Freezes, func(f Freeze) bool { return !day.Before(f.From) && day.Before(f.To.AddDate(0, 0, 1)) })
	if i < 0 {
		return Freeze{}, false
	}
	return r.Freezes[i], true
}

// Until is when the clock of a stage runs out that begins then; zero where it has none.
func (r Rules) Until(stage string, from time.Time) time.Time {
	if d := r.Clocks[stage]; d > 0 {
		return second(from.Add(d))
	}
	return time.Time{}
}

// List is what is known of the checklist.
type List struct {
	Done, Total int
	Sections    []Progress
	Ref         func(Item) (string, bool)
	Ticked      func(Item) bool // nil: nothing is known
}

// Progress is one section.
type Progress struct {
	Path        string
	Done, Total int
}

// Turn tells whose turn it is, and why.
func (s State) Turn(r Rules, labels []string) (who, why string) {
	stage := s.Now().Value
	switch n := len(s.OpenQuestions()); {
	case s.Vote.State == "open":
		return Gitvote, "the vote is open"
	case s.Vote.Passed():
		return Staff, "the vote is won"
	case n > 0:
		return Applicant, count(n, "question is", "questions are") + " open"
	}
	if n := len(s.OpenFindings(true)); n > 0 {
		return Applicant, count(n, "blocking finding is", "blocking findings are") + " open"
	}
	for _, l := range labels {
		if v, ok := strings.CutPrefix(strings.ToLower(l), "dd/triage/"); ok {
			return Applicant, strings.ReplaceAll(v, "-", " ")
		}
	}
	who, ok := r.Turn[stage]
	switch {
	case !ok:
		return Staff, ""
	case who == Gitvote && s.Vote.State != "":
		return Sponsors, "the vote is " + said[s.Vote.State]
	}
	return who, ""
}

// said is how a vote stands, in words.
var said = map[string]string{"open": "open", "passed": "won", "failed": "lost", "void": "void", "cancelled": "cancelled"}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Next is the stage after the one that holds, "" after the last. One that is not in the order, such as waiting, comes between.
func (s State) Next(r Rules) string {
	i := -1
	for _, st := range slices.Backward(s.Stages) {
		if i = slices.Index(r.Order, st.Value); i >= 0 || st.Value == "" {
			break
		}
	}
	if i+1 >= len(r.Order) {
		return ""
	}
	return r.Order[i+1]
}

// Lacks tells what is missing for a stage. A vote that is won lacks nothing. It warns and never stops anybody.
func (s State) Lacks(stage string, r Rules, l List, now time.Time) (out []string) {
	if s.Vote.Passed() {
		return nil
	}
	say := func(n int, one, many string) {
		if n > 0 {
			out = append(out, count(n, one, many))
		}
	}
	switch stage {
	case "ready-for-assignment":
		say(l.Total-l.Done, "item is open", "items are open")
		say(len(s.OpenQuestions()), "question is open", "questions are open")
		if n := len(s.Adopters); r.Listed > 0 && n < r.Listed {
			out = append(out, fmt.Sprintf("%d of %d adopters are listed", n, r.Listed))
		}
	case "in-progress":
		if len(s.Sponsors) == 0 {
			out = append(out, "there is no sponsor")
		}
		out = append(out, s.conflicts()...)
		if !slices.ContainsFunc(s.Days, func(d Date) bool { return strings.ReplaceAll(d.Name, "-", "") == "kickoff" }) {
			out = append(out, "no kickoff is set")
		}
	case "in-comment-period":
		say(len(s.OpenFindings(true)), "blocking finding is open", "blocking findings are open")
		if n := s.Approved(); n < r.Approved {
			out = append(out, fmt.Sprintf("%d of %d adopters are approved", n, r.Approved))
		}
		out = append(out, frozen(r, now)...)
	case "in-voting":
		var last Stage
		for _, st := range s.Stages {
			if st.Value == "in-comment-period" {
				last = st
			}
		}
		switch {
		case last.At.IsZero():
			out = append(out, "there was no comment period")
		case now.Before(last.Until):
			out = append(out, "the comment period ends on "+day(last.Until))
		}
		say(len(s.OpenFindings(true)), "blocking finding is open", "blocking findings are open")
		out = append(out, frozen(r, now)...)
	case "complete":
		out = append(out, "no vote was won")
	}
	return out
}

func frozen(r Rules, now time.Time) []string {
	if f, ok := r.In(now); ok {
		return []string{fmt.Sprintf("%s lasts until %s", f.Name, day(f.To))}
	}
	return nil
}

// conflicts are the statements that sponsors owe: each how they stand to the project, and with a conflict somebody beside them who
// has none.
func (s State) conflicts() (out []string) {
	free, bound := false, false
	for _, p := range s.Sponsors {
		switch p.Conflict {
		case "":
			out = append(out, fmt.Sprintf("`%s` has not stated a conflict of interest or that there is none", p.Login))
		case "none":
			free = true
		default:
			bound = true
		}
	}
	if bound && !free {
		out = append(out, "no sponsor is without a conflict of interest")
	}
	return out
}

// Coming is a day on which something is due.
type Coming struct {
	On   time.Time
	What string
	Late bool // it is over, and what it was for is not done
}

// Dates are all days that are known, the earliest first: those that are late, and those to come.
func (s State) Dates(r Rules, l List, now time.Time) (out []Coming) {
	today := now.UTC().Truncate(24 * time.Hour)
	add := func(on time.Time, owed bool, format string, args ...any) {
		if late := on.Before(today); !on.IsZero() && (owed || !late) {
			out = append(out, Coming{on, fmt.Sprintf(format, args...), late})
		}
	}
	if st := s.Now(); !st.Until.IsZero() {
		add(st.Until, false, "`%s` ends", st.Value)
	}
	for _, d := range s.Days {
		triage := strings.HasPrefix(d.Name, "dd/triage/")
		add(d.On, triage, "%s", strings.ReplaceAll(strings.TrimPrefix(d.Name, "dd/triage/"), "-", " "))
	}
	for _, o := range s.Owners {
		name, ok := l.Ref(o.Item)
		if !ok {
			name = brief(o.Item.Text)
		}
		if !l.done(o.Item) {
			add(o.Due, true, "%s%s", name, by(o.Who))
		}
	}
	for _, q := range s.OpenQuestions() {
		if d := r.Clocks["answers"]; d > 0 {
			add(second(q.At.Add(d)), true, "answer to Q%d", q.No)
		}
	}
	for _, a := range s.Adopters {
		if !a.Approved() && a.State != "declined" && a.State != "no-reply" {
			add(a.Due, true, "A%d%s", a.No, adopterDue[a.State])
		}
	}
	slices.SortStableFunc(out, func(a, b Coming) int { return a.On.Compare(b.On) })
	return out
}

// Count is what is known of a checklist; nil is none.
func Count(list *checklist.List) List {
	out := List{
		Ref:    func(item Item) (string, bool) { i, ok := item.In(list); return i.Ref, ok },
		Ticked: func(item Item) bool { i, ok := item.In(list); return ok && i.Checked },
	}
	if list == nil {
		return out
	}
	for _, i := range list.Items() {
		path := strings.Join(i.Section, " › ")
		if path == "" {
			path = "(no section)"
		}
		if n := len(out.Sections); n == 0 || out.Sections[n-1].Path != path {
			out.Sections = append(out.Sections, Progress{Path: path})
		}
		p := &out.Sections[len(out.Sections)-1]
		p.Total++
		out.Total++
		if i.Checked {
			p.Done++
			out.Done++
		}
	}
	return out
}

func (l List) done(item Item) bool { return l.Ticked != nil && l.Ticked(item) }

// adopterDue is what an adopter's day is of, by state.
var adopterDue = map[string]string{"scheduled": ": interview", "summary-sent": ": approval of the summary", "contacted": ": answer"}

func by(who string) string {
	if who == "" {
		return ""
	}
	return " (`" + who + "`)"
}

func stageName(v string) string {
	if v == "" {
		return "no stage yet"
	}
	return strings.ReplaceAll(v, "-", " ")
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }
