// Package stale decides when an issue goes stale, rots, is closed or is fresh again, and says why. It is pure: what is
// known of an issue is a value, the rules are a Policy, and the time is an argument. Who learns what (webhooks, the
// sweep) and who acts (the lifecycle plugin) is not its business.
//
// The clock of a stage starts when the stage's own label was put on, and the first one when a person was last active.
// updated_at proves idleness only: bots, and our own writes, move it.
package stale

import (
	"maps"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

// The labels of the life cycle, as Prow names them (plugins/lifecycle/lifecycle.go). They exclude each other.
const (
	Active = "lifecycle/active"
	Frozen = "lifecycle/frozen"
	Stale  = "lifecycle/stale"
	Rotten = "lifecycle/rotten"
)

// Labels are all labels of the life cycle.
var Labels = []string{Active, Frozen, Stale, Rotten}

// IsLabel tells whether a label is one of the life cycle.
func IsLabel(name string) bool {
	return slices.ContainsFunc(Labels, func(l string) bool { return issue.SameLabel(l, name) })
}

// Kind is a kind of happening.
type Kind string

// The kinds. People's happenings of the first five can be activity.
const (
	Comment  Kind = "comment"  // commands are words, too: see OnlyMarks
	Edit     Kind = "edit"     // of the description, the title or a comment
	Change   Kind = "change"   // assigned, milestone
	Label    Kind = "label"    // put on
	Reaction Kind = "reaction" // to the issue or a comment
	Unlabel  Kind = "unlabel"  // taken off; counts as Label
	Close    Kind = "close"    // counts as Change
	Reopen   Kind = "reopen"
)

// TimelineEvent is one line of an issue's history.
type TimelineEvent struct {
	Kind  Kind
	At    time.Time
	By    string // login, empty for an account that is gone
	Bot   bool   // by GitHub's account type
	Own   bool   // ddbot itself did it
	Label string
	Text  string // of a comment
	ID    int64  // of a comment
}

// Moment is when somebody did something.
type Moment struct {
	At time.Time `json:"at"`
	By string    `json:"by,omitempty"`
}

// Mark is how a label of the life cycle came onto the issue.
type Mark struct {
	At  time.Time `json:"at"`
	Own bool      `json:"own,omitempty"` // by ddbot
}

// Issue is what is known of an issue. The snapshot's body is of no use here.
type Issue struct {
	issue.Snapshot
	Pinned    bool            `json:"pinned,omitempty"`
	FirstSeen time.Time       `json:"first_seen"`        // by us: no clock of a label that others put on starts before
	Last      map[Kind]Moment `json:"last,omitempty"`    // when a person last did something of that kind
	Put       map[string]Mark `json:"put,omitempty"`     // by life cycle label
	ClearedAt time.Time       `json:"freed,omitzero"`    // when the last of stale, rotten and frozen went
	Reopened  time.Time       `json:"reopened,omitzero"` // by anybody: /reopen is the bot's hand
	Read      time.Time       `json:"read,omitzero"`     // when GitHub was asked for all of this
	Unknown   bool            `json:"unknown,omitempty"` // GitHub gave a partial answer: never due
}

// BookKind is the kind of the records (store.Record, by the issue's key) in which the sweep keeps an Issue each.
const BookKind = "book"

// ActionKind is the kind of the record, by the issue's key, of what the sweep last did to an issue.
const ActionKind = "lifecycle"

// Clone copies the issue with maps and slices of its own.
func (i *Issue) Clone() *Issue {
	c := *i
	c.Snapshot = i.Snapshot.Clone()
	c.Last, c.Put = maps.Clone(i.Last), maps.Clone(i.Put)
	return &c
}

// Stage is the stage's label that the issue carries, Rotten before Stale, "" for none.
func (i *Issue) Stage() string {
	for _, l := range []string{Rotten, Stale} {
		if i.HasLabel(l) {
			return l
		}
	}
	return ""
}

// Learn takes in what happened, oldest first; the issue's labels must be those after it. Learning twice is learning once.
func (i *Issue) Learn(p Policy, hs ...TimelineEvent) {
	if i.Last == nil {
		i.Last = map[Kind]Moment{}
	}
	if i.Put == nil {
		i.Put = map[string]Mark{}
	}
	for _, h := range hs {
		switch {
		case h.Kind == Label && IsLabel(h.Label) && !h.At.Before(i.Put[issue.FoldLabel(h.Label)].At):
			i.Put[issue.FoldLabel(h.Label)] = Mark{At: h.At, Own: h.Own}
		case h.Kind == Reopen:
			i.Reopened = later(i.Reopened, h.At)
		}
		if kind, ok := p.activity(h); ok && h.At.After(i.Last[kind].At) {
			i.Last[kind] = Moment{At: h.At, By: h.By}
		}
	}
	i.ClearedAt = later(i.ClearedAt, clearedAt(i.Labels, hs))
}

// freed gives when the issue last came out of stale, rotten and frozen: a label of them went and none was left. It goes
// backwards from the labels that are there now; becoming rotten takes stale off and frees nothing.
func clearedAt(labels []string, hs []TimelineEvent) time.Time {
	on := map[string]bool{}
	for _, l := range labels {
		if holds(l) {
			on[issue.FoldLabel(l)] = true
		}
	}
	for _, h := range slices.Backward(hs) {
		if !holds(h.Label) {
			continue
		}
		switch h.Kind {
		case Unlabel:
			if len(on) == 0 {
				return h.At
			}
			on[issue.FoldLabel(h.Label)] = true
		case Label:
			delete(on, issue.FoldLabel(h.Label))
		}
	}
	return time.Time{}
}

func holds(label string) bool { return IsLabel(label) && !issue.SameLabel(label, Active) }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
