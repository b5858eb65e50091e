package diligence

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Each operation gives a new state and leaves the old one as it is. What it cannot find it reports as *NoSuch.

// NoSuch says that there is no question, finding or adopter of that number.
type NoSuch struct {
	What string // "Q7"
	Have []string
}

func (e *NoSuch) Error() string { return "there is no " + e.What }

func second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }

// What adds something takes in the same only once: a killed process may begin again where nobody noted how far it came. From names
// what it was written in; "" is always something new.

func known[T any](list []T, from string, of func(T) string) int {
	if from == "" {
		return -1
	}
	return slices.IndexFunc(list, func(x T) bool { return of(x) == from })
}

// Ask adds a question.
func (s State) Ask(q Question) (State, int) {
	if i := known(s.Questions, q.From, func(q Question) string { return q.From }); i >= 0 {
		return s, s.Questions[i].No
	}
	q.No, q.At = len(s.Questions)+1, second(q.At)
	s.Questions = append(slices.Clone(s.Questions), q)
	return s, q.No
}

// Answer answers a question, or adds to its answer.
func (s State) Answer(no int, text, by string, at time.Time) (State, error) {
	return s.question(no, func(q *Question) {
		if !strings.Contains("\n"+q.Answer+"\n", "\n"+text+"\n") {
			q.Answer = strings.TrimSpace(q.Answer + "\n" + text)
		}
		if names := strings.Split(q.Answerer, ", "); q.Answerer == "" {
			q.Answerer = by
		} else if !issue.HasLogin(names, by) {
			q.Answerer += ", " + by
		}
		q.Answered = second(at)
	})
}

// Unanswer takes a text out of the answer to a question: its author has changed it.
func (s State) Unanswer(no int, text string) State {
	after, err := s.question(no, func(q *Question) {
		if all := "\n" + q.Answer + "\n"; strings.Contains(all, "\n"+text+"\n") {
			q.Answer = strings.TrimSpace(strings.Replace(all, "\n"+text+"\n", "\n", 1))
		}
	})
	if err != nil {
		return s
	}
	return after
}

// CloseQuestion says that nobody waits for an answer any more.
func (s State) CloseQuestion(no int, at time.Time) (State, error) {
	return s.question(no, func(q *Question) { q.Closed = second(at) })
}

func (s State) question(no int, f func(*Question)) (State, error) {
	s.Questions = slices.Clone(s.Questions)
	i := slices.IndexFunc(s.Questions, func(q Question) bool { return q.No == no })
	if i < 0 {
		return s, &NoSuch{fmt.Sprintf("Q%d", no), names("Q", s.OpenQuestions(), func(q Question) int { return q.No })}
	}
	f(&s.Questions[i])
	return s, nil
}

// Reword has what is said of items follow a change of their texts.
func (s State) Reword(change func(string) string) State {
	return s.Renamed(func(i Item) Item {
		i.Text = change(i.Text)
		return i
	})
}

// Follow gives items the names that they have in the list now. Those that are not found keep theirs.
func (s State) Follow(list *checklist.List) State {
	same := true
	next := s.Renamed(func(i Item) Item {
		x, ok := i.In(list)
		if !ok || i.Same(ItemOf(x)) {
			return i
		}
		same = false
		return ItemOf(x)
	})
	if same {
		return s
	}
	return next
}

// Renamed has what is said of items go with them, where they have other names now.
func (s State) Renamed(to func(Item) Item) State {
	item := func(i *Item) *Item {
		if i == nil {
			return nil
		}
		now := to(*i)
		return &now
	}
	s.Questions, s.Findings = slices.Clone(s.Questions), slices.Clone(s.Findings)
	s.Links, s.Owners = slices.Clone(s.Links), slices.Clone(s.Owners)
	for n := range s.Questions {
		s.Questions[n].Item = item(s.Questions[n].Item)
	}
	for n := range s.Findings {
		s.Findings[n].Item = item(s.Findings[n].Item)
	}
	for n := range s.Links {
		s.Links[n].Item = to(s.Links[n].Item)
	}
	for n := range s.Owners {
		s.Owners[n].Item = to(s.Owners[n].Item)
	}
	return s
}

func names[T any](letter string, list []T, no func(T) int) (out []string) {
	for _, x := range list {
		out = append(out, fmt.Sprintf("%s%d", letter, no(x)))
	}
	return out
}

// Find adds a finding.
func (s State) Find(f Finding) (State, int) {
	if i := known(s.Findings, f.From, func(f Finding) string { return f.From }); i >= 0 {
		return s, s.Findings[i].No
	}
	f.No, f.At = len(s.Findings)+1, second(f.At)
	s.Findings = append(slices.Clone(s.Findings), f)
	return s, f.No
}

// FindingOf gives a finding by its number.
func (s State) FindingOf(no int) (Finding, bool) {
	i := slices.IndexFunc(s.Findings, func(f Finding) bool { return f.No == no })
	if i < 0 {
		return Finding{}, false
	}
	return s.Findings[i], true
}

// NoFinding says that there is none of that number.
func (s State) NoFinding(no int) error {
	return &NoSuch{fmt.Sprintf("F%d", no), names("F", s.OpenFindings(false), func(f Finding) int { return f.No })}
}

// Resolve says that a finding is dealt with.
func (s State) Resolve(no int, at time.Time) (State, error) {
	return s.finding(no, func(f *Finding) { f.Resolved = second(at) })
}

// FiledAs says which issue a finding was filed as.
func (s State) FiledAs(no int, ref string) (State, error) {
	return s.finding(no, func(f *Finding) { f.Issue = ref })
}

func (s State) finding(no int, do func(*Finding)) (State, error) {
	s.Findings = slices.Clone(s.Findings)
	i := slices.IndexFunc(s.Findings, func(f Finding) bool { return f.No == no })
	if i < 0 {
		return s, s.NoFinding(no)
	}
	do(&s.Findings[i])
	return s, nil
}

// Assign says who does an item; due zero leaves the day as it is.
func (s State) Assign(item Item, who string, due time.Time) State {
	return s.owner(item, func(o *Owner) {
		o.Who = who
		if !due.IsZero() {
			o.Due, o.Reminded = due, time.Time{}
		}
	})
}

// DueOn sets the day of an item; zero takes it away.
func (s State) DueOn(item Item, due time.Time) State {
	if due.IsZero() && s.OwnerOf(item).Who == "" {
		return s.Release(item)
	}
	return s.owner(item, func(o *Owner) { o.Due, o.Reminded = due, time.Time{} })
}

// Release takes the owner of an item away, and the day.
func (s State) Release(item Item) State {
	s.Owners = filter(s.Owners, func(o Owner) bool { return !o.Item.Same(item) })
	return s
}

// ReleaseLost takes the owners away of items that are not in the list any more and are named so; "all" names each. It tells how many.
func (s State) ReleaseLost(list *checklist.List, name string) (_ State, n int) {
	name = fold(strings.Trim(strings.TrimSpace(name), `"`))
	before := len(s.Owners)
	s.Owners = filter(s.Owners, func(o Owner) bool {
		_, ok := o.Item.In(list)
		return ok || name != "all" && (name == "" || !strings.Contains(fold(o.Item.Text), name))
	})
	return s, before - len(s.Owners)
}

func (s State) owner(item Item, do func(*Owner)) State {
	s.Owners = slices.Clone(s.Owners)
	i := slices.IndexFunc(s.Owners, func(o Owner) bool { return o.Item.Same(item) })
	if i < 0 {
		s.Owners, i = append(s.Owners, Owner{Item: item}), len(s.Owners)
	}
	do(&s.Owners[i])
	return s
}

// OwnerOf is who does an item.
func (s State) OwnerOf(item Item) Owner {
	for _, o := range s.Owners {
		if o.Item.Same(item) {
			return o
		}
	}
	return Owner{}
}

// On sets a named day; zero takes it away.
func (s State) On(name string, on time.Time, by string) State {
	s.Days = filter(s.Days, func(d Date) bool { return d.Name != name })
	if !on.IsZero() {
		s.Days = append(s.Days, Date{Name: name, On: on, By: by})
	}
	return s
}

// Link ties an item to something elsewhere; twice is once.
func (s State) Link(l Link) State {
	s.Links = slices.Clone(s.Links)
	if i := s.linked(l.Item, l.To); i >= 0 {
		if l.Seen.After(s.Links[i].Seen) {
			s.Links[i].State, s.Links[i].Title, s.Links[i].Seen = l.State, l.Title, l.Seen
		}
		return s
	}
	s.Links = append(s.Links, l)
	return s
}

// Unlink unties; ok is false if there was nothing.
func (s State) Unlink(item Item, to string) (State, bool) {
	i := s.linked(item, to)
	if i < 0 {
		return s, false
	}
	s.Links = slices.Delete(slices.Clone(s.Links), i, i+1)
	return s, true
}

func (s State) linked(item Item, to string) int {
	return slices.IndexFunc(s.Links, func(l Link) bool { return l.Item.Same(item) && strings.EqualFold(l.To, to) })
}

// Saw takes in how something elsewhere stands, and gives the links and findings that it has just closed.
func (s State) Saw(to, state, title string, at time.Time) (_ State, closed []Link, resolved []Finding) {
	s.Links, s.Findings = slices.Clone(s.Links), slices.Clone(s.Findings)
	over := state == "closed" || state == "merged"
	if state == "" {
		return s.hide(to), nil, nil
	}
	for i := range s.Links {
		l := &s.Links[i]
		if !strings.EqualFold(l.To, to) {
			continue
		}
		ends := over && l.State != "closed" && l.State != "merged"
		if l.State != state || l.Title != title {
			l.State, l.Title, l.Seen = state, title, second(at)
		}
		if ends {
			closed = append(closed, *l)
		}
	}
	for i := range s.Findings {
		if f := &s.Findings[i]; strings.EqualFold(f.Issue, to) && f.Resolved.IsZero() == over {
			if over {
				f.Resolved = second(at)
				resolved = append(resolved, *f)
			} else {
				f.Resolved = time.Time{} // it was opened again
			}
		}
	}
	return s, closed, resolved
}

// hide says nothing more of an issue elsewhere that may not be shown any more.
func (s State) hide(to string) State {
	for i := range s.Links {
		if l := &s.Links[i]; strings.EqualFold(l.To, to) {
			l.State, l.Title = "", ""
		}
	}
	return s
}

// Watched are the issues and pull requests elsewhere whose state matters, each once.
func (s State) Watched() (out []string) {
	add := func(to string) {
		if _, err := issue.ParseRef(to); err == nil && !slices.ContainsFunc(out, func(x string) bool { return strings.EqualFold(x, to) }) {
			out = append(out, to)
		}
	}
	add(s.Tracks)
	for _, f := range s.OpenFindings(false) {
		add(f.Issue)
	}
	for _, over := range []bool{false, true} { // what is over may be opened again, and comes last
		for _, l := range s.Links {
			if l.Over() == over {
				add(l.To)
			}
		}
	}
	for _, f := range s.Findings {
		add(f.Issue)
	}
	return out
}

// AddAdopter adds a candidate.
func (s State) AddAdopter(industry, from string, at time.Time) (State, int) {
	if i := known(s.Adopters, from, func(a Adopter) string { return a.From }); i >= 0 {
		return s, s.Adopters[i].No
	}
	no := len(s.Adopters) + 1
	s.Adopters = append(slices.Clone(s.Adopters), Adopter{No: no, Industry: industry, State: AdopterStates[0], At: second(at), From: from})
	return s, no
}

// Adopter changes one.
func (s State) Adopter(no int, do func(*Adopter)) (State, error) {
	s.Adopters = slices.Clone(s.Adopters)
	i := slices.IndexFunc(s.Adopters, func(a Adopter) bool { return a.No == no })
	if i < 0 {
		return s, &NoSuch{fmt.Sprintf("A%d", no), names("A", s.Adopters, func(a Adopter) int { return a.No })}
	}
	s.Adopters[i].Notes = slices.Clone(s.Adopters[i].Notes)
	do(&s.Adopters[i])
	return s, nil
}

// Sponsor adds a sponsor or co-sponsor, or changes which of them one is.
func (s State) Sponsor(login string, co bool, at time.Time) State {
	s.Sponsors = slices.Clone(s.Sponsors)
	i := slices.IndexFunc(s.Sponsors, func(p Sponsor) bool { return issue.SameLogin(p.Login, login) })
	if i < 0 {
		s.Sponsors = append(s.Sponsors, Sponsor{Login: login, Co: co, At: second(at)})
		return s
	}
	s.Sponsors[i].Co = co
	return s
}

// NoSponsor takes one away; ok is false if there was none.
func (s State) NoSponsor(login string) (_ State, ok bool) {
	n := len(s.Sponsors)
	s.Sponsors = filter(s.Sponsors, func(p Sponsor) bool { return !issue.SameLogin(p.Login, login) })
	return s, len(s.Sponsors) < n
}

// Conflict states how a sponsor stands to the project; ok is false for who is none.
func (s State) Conflict(login, kind, text string) (_ State, ok bool) {
	s.Sponsors = slices.Clone(s.Sponsors)
	i := slices.IndexFunc(s.Sponsors, func(p Sponsor) bool { return issue.SameLogin(p.Login, login) })
	if i < 0 {
		return s, false
	}
	s.Sponsors[i].Conflict, s.Sponsors[i].Text = kind, text
	return s, true
}

// AddTeam lets somebody speak for the applicant, RemoveTeam not any more.
func (s State) AddTeam(login string) State {
	if !issue.HasLogin(s.Team, login) {
		s.Team = append(slices.Clone(s.Team), login)
	}
	return s
}

// RemoveTeam is AddTeam's opposite; ok is false for who was not in it.
func (s State) RemoveTeam(login string) (_ State, ok bool) {
	n := len(s.Team)
	s.Team = filter(s.Team, func(l string) bool { return !issue.SameLogin(l, login) })
	return s, len(s.Team) < n
}

// Enter begins a stage, if it is another than the one that holds.
func (s State) Enter(st Stage) (_ State, changed bool) {
	if s.Now().Value == st.Value {
		return s, false
	}
	st.At = second(st.At)
	s.Stages = append(slices.Clone(s.Stages), st)
	return s, true
}

// Snooze wants no reminders until a day.
func (s State) Snooze(login string, until time.Time) State {
	s.Snoozed = maps.Clone(s.Snoozed)
	if s.Snoozed == nil {
		s.Snoozed = map[string]time.Time{}
	}
	s.Snoozed[issue.FoldLogin(login)] = until
	return s
}

// Import takes over what an earlier application left: open questions and findings, adopters as they were, the team. What this
// one has already stays.
func (s State) Import(old State, from string, at time.Time) State {
	s.Earlier = from
	for _, f := range old.OpenFindings(false) {
		f.From = from + f.From
		s, _ = s.Find(f)
	}
	for _, q := range old.OpenQuestions() {
		q.From, q.At = from+q.From, second(at) // its clock begins anew
		s, _ = s.Ask(q)
	}
	for _, a := range old.Adopters {
		if a.From = from + a.From; known(s.Adopters, a.From, func(a Adopter) string { return a.From }) < 0 {
			a.No = len(s.Adopters) + 1
			s.Adopters = append(slices.Clone(s.Adopters), a)
		}
	}
	for _, login := range old.Team {
		s = s.AddTeam(login)
	}
	return s
}

// maxRemovals is how many are remembered.
const maxRemovals = 30

// Removed notes where something was taken away.
func (s State) Removed(from string) State {
	if from == "" || slices.Contains(s.Removals, from) {
		return s
	}
	s.Removals = append(slices.Clone(s.Removals), from)
	s.Removals = s.Removals[max(0, len(s.Removals)-maxRemovals):]
	return s
}

// HasRemoved tells whether that was done already.
func (s State) HasRemoved(from string) bool { return from != "" && slices.Contains(s.Removals, from) }
