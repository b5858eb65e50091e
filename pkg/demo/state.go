package demo

import (
	"html/template"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

// State is all that the page shows.
type State struct {
	Version     int       `json:"version"`
	Repo        string    `json:"repo"`
	Number      int       `json:"number"`
	Title       string    `json:"title"`
	State       string    `json:"state"`
	StateReason string    `json:"stateReason,omitempty"`
	Author      string    `json:"author"`
	Body        string    `json:"body"`
	Labels      []string  `json:"labels"`
	Assignees   []string  `json:"assignees"`
	Milestone   string    `json:"milestone,omitempty"`
	Items       []Item    `json:"items"`
	Done        int       `json:"done"`
	Total       int       `json:"total"`
	Comments    []Comment `json:"comments"`
	Calls       []Call    `json:"calls"`      // of the bot, the last ones
	SinceLast   int       `json:"callsSince"` // how many of them since the last action
	Clock       time.Time `json:"clock"`
	Busy        bool      `json:"busy"`           // the bot is at work
	Last        *Change   `json:"last,omitempty"` // what the last action led to
	Summary     string    `json:"summary"`        // the same in one line
	People      []Person  `json:"people"`

	// Parts are the page's parts as HTML, by the name in their data-part attribute.
	Parts map[string]template.HTML `json:"parts"`

	issue githubsim.Issue
}

// Item is one box.
type Item struct {
	Ref     string   `json:"ref"`
	Text    string   `json:"text"`
	Section []string `json:"section"`
	Line    int      `json:"line"`
	Checked bool     `json:"checked"`
}

// Comment is one comment.
type Comment struct {
	ID        int64    `json:"id"`
	Author    string   `json:"author"`
	Body      string   `json:"body"`
	Reactions []string `json:"reactions"` // "+1 by ddbot[bot]"
}

// State looks at everything.
func (w *World) State() *State {
	version, _ := w.bell.heard() // first: what changes while we look gets another version
	i := w.sim.Issue(w.ref)
	before, since := w.calls.split()
	s := &State{
		Version: version, Repo: w.seed.Repo, Number: w.ref.Number, Title: i.Title, State: i.State, StateReason: i.StateReason,
		Author: i.Author, Body: i.Body, Labels: append([]string{}, i.Labels...), Assignees: append([]string{}, i.Assignees...),
		Milestone: i.Milestone, Items: []Item{}, Comments: []Comment{}, Calls: append(before, since...), SinceLast: len(since),
		Clock: w.Now().UTC().Truncate(time.Second), Busy: w.busy.Load(), Last: w.last.Load(), People: w.seed.People, issue: i,
	}
	if s.Last != nil {
		s.Summary = s.Last.Summary()
	}
	var items []checklist.Item
	if list, err := checklist.Parse(i.Body); err == nil {
		items = list.Items()
	}
	for _, it := range items {
		s.Items = append(s.Items, Item{it.Ref, it.Text, it.Section, it.Line, it.Checked})
		if it.Checked {
			s.Done++
		}
	}
	s.Total = len(items)
	for _, c := range i.Comments {
		out := Comment{c.ID, c.Author, c.Body, []string{}}
		for _, r := range c.Reactions {
			out.Reactions = append(out.Reactions, r.Content+" by "+r.User)
		}
		s.Comments = append(s.Comments, out)
	}
	s.Parts = parts(s, items)
	return s
}

// section is how far a part of the checklist is.
type section struct {
	Name        string
	First       int // line of its first item
	Done, Total int
}

func sections(items []checklist.Item) []*section {
	var out []*section
	last := "\x00"
	for _, i := range items {
		path := strings.Join(i.Section, "\x00")
		if path != last {
			last = path
			name := "Checklist"
			if len(i.Section) > 0 {
				name = i.Section[len(i.Section)-1]
			}
			out = append(out, &section{Name: name, First: i.Line})
		}
		s := out[len(out)-1]
		s.Total++
		if i.Checked {
			s.Done++
		}
	}
	return out
}
