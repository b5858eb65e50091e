// Package diligence holds the state of a due diligence beside the checklist: who asked what, who owes what, where it stands. It is
// values and functions of values. What the project asserts stands in the issue's description and what the foundation judges in its
// own file; here are questions, findings, owners and dates, links, adopters, sponsors, the stage with its clocks, and the vote.
//
// The state lives in one comment of the bot, the status comment: as a block that people do not see (block.go), beside tables that
// they read (render.go).
package diligence

import (
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Plugin is the name of the plugin that keeps the status comment.
const Plugin = "diligence"

// Item names an item of the checklist by what it says and where: it is found again when items are inserted, moved or ticked.
type Item struct {
	Section []string `json:"s,omitempty"` // titles of the headings above, outermost first
	Text    string   `json:"t"`
	Nth     int      `json:"n,omitempty"` // counts from 0 the items that are equal otherwise
}

// ItemOf names an item.
func ItemOf(i checklist.Item) Item { return Item{Section: i.Section, Text: i.Text, Nth: i.Key.Nth} }

// Same tells whether two name the same item. Blanks and letter case do not matter.
func (i Item) Same(o Item) bool { return i.Nth == o.Nth && i.sameBut(o, fold) }

func (i Item) sameBut(o Item, fold func(string) string) bool {
	return fold(i.Text) == fold(o.Text) && slices.EqualFunc(i.Section, o.Section, func(a, b string) bool { return fold(a) == fold(b) })
}

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// In finds an item in a list: the same, else the only one with the same words, whatever punctuation was mended.
func (i Item) In(list *checklist.List) (found checklist.Item, ok bool) {
	if list == nil {
		return found, false
	}
	n := 0
	for _, x := range list.Items() {
		switch o := ItemOf(x); {
		case i.Same(o):
			return x, true
		case criteria.Normalize(i.Text) != "" && i.sameBut(o, criteria.Normalize):
			found = x
			n++
		}
	}
	if n != 1 {
		return checklist.Item{}, false
	}
	return found, true
}

// State is all of it. The zero value is a due diligence in which nothing has happened. Lists only grow, and numbers are never used
// twice: what is over is marked so.
type State struct {
	Questions []Question           `json:"questions,omitempty"`
	Findings  []Finding            `json:"findings,omitempty"`
	Links     []Link               `json:"links,omitempty"`
	Owners    []Owner              `json:"owners,omitempty"`
	Days      []Date               `json:"dates,omitempty"`
	Adopters  []Adopter            `json:"adopters,omitempty"`
	Sponsors  []Sponsor            `json:"sponsors,omitempty"`
	Team      []string             `json:"team,omitempty"` // logins that speak for the applicant, beside the author
	Stages    []Stage              `json:"stages,omitempty"`
	Vote      Vote                 `json:"vote,omitzero"`
	Tracks    string               `json:"tracks,omitempty"` // owner/repo#n of the other issue about the same
	TracksBy  string               `json:"tracksBy,omitempty"`
	Other     Other                `json:"other,omitzero"`     // how that one stands
	Earlier   string               `json:"earlier,omitempty"`  // owner/repo#n of the application before this one
	Pages     int                  `json:"pages,omitempty"`    // comments that the status takes, if more than one
	Removals  []string             `json:"removals,omitempty"` // what the latest were written in: who begins again must not miss what is gone
	Snoozed   map[string]time.Time `json:"snoozed,omitempty"`  // until when somebody wants no reminders, by login in lower case
}

// Other is how the other issue about the same stands.
type Other struct {
	State string   `json:"state,omitempty"`
	Done  int      `json:"done,omitempty"`
	Total int      `json:"total,omitempty"`
	Took  []string `json:"took,omitempty"` // ticks that came over, each once
}

// Question is something that somebody wants to know.
type Question struct {
	No       int       `json:"no"`
	Item     *Item     `json:"item,omitempty"` // nil is about the whole
	Text     string    `json:"text"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Answer   string    `json:"answer,omitempty"`
	Answerer string    `json:"answerer,omitempty"`
	Answered time.Time `json:"answered,omitzero"`
	Closed   time.Time `json:"closed,omitzero"`
	Reminded time.Time `json:"reminded,omitzero"`
	From     string    `json:"from,omitempty"` // what it was written in: the same is not taken in twice
}

// Open tells whether the question waits for an answer.
func (q Question) Open() bool { return q.Closed.IsZero() && q.Answered.IsZero() }

// Finding is what a reviewer found.
type Finding struct {
	No       int       `json:"no"`
	Blocking bool      `json:"blocking,omitempty"`
	Item     *Item     `json:"item,omitempty"`
	Text     string    `json:"text"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	From     string    `json:"from,omitempty"`
	Issue    string    `json:"issue,omitempty"` // owner/repo#n in the project's repository
	Resolved time.Time `json:"resolved,omitzero"`
}

// Link is something elsewhere that an item waits for.
type Link struct {
	Item   Item      `json:"item"`
	To     string    `json:"to"`              // owner/repo#n, or an address
	State  string    `json:"state,omitempty"` // open, closed, merged; "" is not known
	Title  string    `json:"title,omitempty"`
	Seen   time.Time `json:"seen,omitzero"` // when the state was read
	By     string    `json:"by,omitempty"`  // who tied it: what they may not read is not shown
	Itself bool      `json:"itself,omitempty"`
}

// Over tells whether what an item waits for is closed.
func (l Link) Over() bool { return l.State == "closed" || l.State == "merged" }

// Owner is who does an item, and until when.
type Owner struct {
	Item     Item      `json:"item"`
	Who      string    `json:"who,omitempty"`
	Due      time.Time `json:"due,omitzero"`
	Reminded time.Time `json:"reminded,omitzero"`
}

// Date is a day with a name: kickoff, internal-review, audit.
type Date struct {
	Name string    `json:"name"`
	On   time.Time `json:"on"`
	By   string    `json:"by,omitempty"`
}

// Adopter is somebody who uses the project and is interviewed. Candidates are private: there is no name before it is approved and
// public.
type Adopter struct {
	No       int       `json:"no"`
	Industry string    `json:"industry,omitempty"`
	State    string    `json:"state"` // see AdopterStates
	At       time.Time `json:"at"`    // of that state
	Due      time.Time `json:"due,omitzero"`
	Name     string    `json:"name,omitempty"`
	Notes    []string  `json:"notes,omitempty"`
	Instead  string    `json:"instead,omitempty"` // address of what replaces the interview
	From     string    `json:"from,omitempty"`
}

// AdopterStates are what an adopter can be, in order; the last two end it.
var AdopterStates = []string{"listed", "contacted", "replied", "scheduled", "interviewed", "summary-sent", "approved", "declined", "no-reply"}

// Approved tells whether the adopter counts: that is said by sponsors and staff, also of what replaces an interview.
func (a Adopter) Approved() bool { return a.State == "approved" }

// Sponsor is who guides the application, and how they stand to the project.
type Sponsor struct {
	Login    string    `json:"login"`
	Co       bool      `json:"co,omitempty"`
	At       time.Time `json:"at"`
	Conflict string    `json:"conflict,omitempty"` // none, soft, hard; "" is not stated yet
	Text     string    `json:"text,omitempty"`
}

// Stage is one value of the status label, since when.
type Stage struct {
	Value   string    `json:"value"` // "" is none
	At      time.Time `json:"at"`
	By      string    `json:"by,omitempty"`
	Until   time.Time `json:"until,omitzero"`    // the end of its clock
	Despite []string  `json:"despite,omitempty"` // what was missing
	From    string    `json:"from,omitempty"`    // the event by which it began
}

// Vote is what gitvote's labels and comments say.
type Vote struct {
	State string    `json:"state,omitempty"` // open, passed, failed, void, cancelled
	On    string    `json:"on,omitempty"`    // owner/repo#n of the pull request where it is; "" is on this issue
	At    time.Time `json:"at,omitzero"`
	Tally Tally     `json:"tally,omitzero"`
}

// Passed tells whether the vote is won.
func (v Vote) Passed() bool { return v.State == "passed" }

// Empty tells whether nothing has happened yet.
func (s State) Empty() bool {
	return len(s.Questions)+len(s.Findings)+len(s.Links)+len(s.Owners)+len(s.Days)+len(s.Adopters)+len(s.Sponsors)+len(s.Team)+len(s.Stages) == 0 &&
		s.Vote.State == "" && s.Tracks == "" && s.Earlier == "" && len(s.Snoozed) == 0
}

// Now gives the stage that holds, the zero value before the first.
func (s State) Now() Stage {
	if len(s.Stages) == 0 {
		return Stage{}
	}
	return s.Stages[len(s.Stages)-1]
}

// IsSponsor tells whether somebody is sponsor or co-sponsor.
func (s State) IsSponsor(login string) bool {
	return slices.ContainsFunc(s.Sponsors, func(p Sponsor) bool { return issue.SameLogin(p.Login, login) })
}

// OpenQuestions are those that wait for an answer.
func (s State) OpenQuestions() []Question {
	return filter(s.Questions, Question.Open)
}

// OpenFindings are those that are not resolved; blocking ones only if that is asked for.
func (s State) OpenFindings(blocking bool) []Finding {
	return filter(s.Findings, func(f Finding) bool { return f.Resolved.IsZero() && (f.Blocking || !blocking) })
}

// Approved counts the adopters that count.
func (s State) Approved() int { return len(filter(s.Adopters, Adopter.Approved)) }

func filter[T any](list []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return !keep(x) })
}
