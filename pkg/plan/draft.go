package plan

import (
	"maps"
	"slices"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Draft is an issue while the effects of one or more events are folded into it.
type Draft struct {
	Before  issue.Snapshot // as read
	Issue   issue.Snapshot // as it is to become
	Ops     []checklist.Op // all operations on the body, in order
	Answers []Answer       // one for each event that may be answered, in order
	Notices []Notice
	Records []Remember

	// MayLag says that the snapshot may be older than our own last write: what commands assert is then sent even
	// where the snapshot says that it is so already.
	MayLag bool

	// Said is the newest thing that was said about each part of the issue: what is older leaves that part alone.
	Said Said

	at   Stamp // of what is folded now
	says bool  // it is somebody's word, and no consequence

	readFirst bool // something was folded that is older than what is known
	ahead     []Request
	labels    assertions
	assignees assertions
	exclusive []string
	spare     []string
	milestone int
	touched   map[facet][]int // which answers asked for a change there
}

// Answer is what the event's person hears: a reply if there is text, else the reaction, else nothing.
type Answer struct {
	ID        string // event.Event.ID: the hidden marker that finds the reply again
	CommentID int64  // what the reaction goes to; 0 is the issue itself
	To        string // login that is addressed
	By        string // login whose commands they are, empty where there are none
	ByID      int64  `json:",omitempty"` // of By, 0 where it is not known
	Text      []string
	OK        []string // commands that took effect, as written
	Reaction  string
	Unlocated bool // there is nothing to react to
}

type facet string

const (
	facetBody      facet = "body"
	facetTitle     facet = "title"
	facetState     facet = "state"
	facetMilestone facet = "milestone"
	facetLabels    facet = "labels"
	facetAssignees facet = "assignees"
	facetReviews   facet = "reviews"
)

// assertions are what the commands want to be so, by the name's key (issue.FoldLabel, issue.FoldLogin).
type assertions map[string]assertion

type assertion struct {
	on   bool   // there, or gone
	by   string // Answer.By of who wants it
	byID int64
}

func (w *Draft) assert(a assertions, key string, on bool) {
	a[key] = assertion{on, w.answer().By, w.answer().ByID}
}

// NewDraft begins with an issue as it was read.
func NewDraft(s issue.Snapshot) *Draft {
	return &Draft{
		Before: s, Issue: s.Clone(),
		labels: assertions{}, assignees: assertions{}, touched: map[facet][]int{}, Said: Said{},
	}
}

// Begin makes a the answer that following effects belong to.
func (w *Draft) Begin(a Answer) { w.Answers = append(w.Answers, a) }

// Answer is the answer that effects belong to now. Begin must have been called.
func (w *Draft) Answer() *Answer { return w.answer() }

func (w *Draft) answer() *Answer {
	if len(w.Answers) == 0 {
		w.Begin(Answer{Unlocated: true})
	}
	return &w.Answers[len(w.Answers)-1]
}

// Fold makes the effects so in the working copy, all of them or, on an error, none.
func (w *Draft) Fold(effects []Effect) error {
	if len(effects) == 0 {
		return nil
	}
	trial := w.clone()
	for _, e := range effects {
		if err := e.fold(trial); err != nil {
			return err
		}
	}
	*w = *trial
	return nil
}

func (w *Draft) clone() *Draft {
	c := *w
	c.Issue = w.Issue.Clone()
	c.Ops = slices.Clone(w.Ops)
	c.Answers = slices.Clone(w.Answers)
	for i, a := range c.Answers {
		c.Answers[i].Text = slices.Clone(a.Text)
		c.Answers[i].OK = slices.Clone(a.OK)
	}
	c.Notices = slices.Clone(w.Notices)
	c.Records = slices.Clone(w.Records)
	c.labels = maps.Clone(w.labels)
	c.assignees = maps.Clone(w.assignees)
	c.exclusive = slices.Clone(w.exclusive)
	c.Said = maps.Clone(w.Said)
	c.spare = slices.Clone(w.spare)
	c.ahead = slices.Clone(w.ahead)
	c.touched = map[facet][]int{}
	for f, by := range w.touched {
		c.touched[f] = slices.Clone(by)
	}
	return &c
}

func (w *Draft) touch(f facet) {
	w.readFirst = w.readFirst || w.Late()
	w.answer()
	if i := len(w.Answers) - 1; !slices.Contains(w.touched[f], i) {
		w.touched[f] = append(w.touched[f], i)
	}
}

// NeedsRead tells whether the plan must be made on a freshly read issue before it may be carried out: it acts on the body, or
// it comes late and what it was made on is older than what is known.
func (w *Draft) NeedsRead() bool { return w.readFirst || len(w.touched[facetBody]) > 0 }
