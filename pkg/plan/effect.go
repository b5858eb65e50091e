// Package plan is what ddbot means to do, as data. Plugins give effects; effects are folded, in the order in which people
// wrote their commands, into a working copy of the issue, so that a later command sees what an earlier one did; the
// requests to GitHub are then the difference between the issue as it was read and the issue as folded. There are no
// merge rules and no order between plugins to guess. Everything here is pure.
package plan

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Effect is one thing that is to become so. The set is closed: what GitHub can be asked to do, ddbot can plan.
type Effect interface {
	// fold makes it so in the working copy. An error is the person's: the edit is not possible.
	fold(w *Draft) error
	String() string
}

// Checklist edits the list in the body. The operations name items by text and section, never by offset and never as a
// whole body: they can be redone on a text that somebody changed meanwhile.
type Checklist struct {
	Ops  []checklist.Op
	What string // for people: "tick technical.1, technical.2"
	// Settles are items whose notes stand for all that were there: older ones that are delivered late come too late.
	Settles []checklist.Key
}

// Read has the issue read before anything is decided: what a payload shows may be older than ddbot's own last write.
type Read struct{}

// Stands says that an effect is so already and nothing is to be done; but nobody's older word, delivered late, is to undo it.
type Stands struct{ Effect Effect }

// Retitle sets the title.
type Retitle struct{ Title string }

// AddLabels puts labels on. Exclusive are globs ("lifecycle/*"): other labels that match one of them go, but for those that
// match one of Spare and are only found when the labels are sent.
type AddLabels struct {
	Labels    []string
	Exclusive []string
	Spare     []string
}

// RemoveLabels takes labels off; one that is not there is fine.
type RemoveLabels struct{ Labels []string }

// Assign adds assignees. Whom GitHub does not accept is named in the reply.
type Assign struct{ Logins []string }

// Unassign removes assignees.
type Unassign struct{ Logins []string }

// Review asks for reviews of a pull request, or takes the requests back. Of are logins, and teams as org/team.
type Review struct {
	Of []string
	On bool
}

// Close closes the issue. Reason is completed, not_planned or duplicate.
type Close struct{ Reason string }

// Reopen opens the issue.
type Reopen struct{}

// Milestone sets the milestone by its title; an empty title clears it.
type Milestone struct {
	Title  string
	Number int
}

// Reply says something in the one comment that answers the event.
type Reply struct{ Text string }

// Notice is a comment of the bot that is found again by its key and edited in place. An empty text leaves what is there.
// With a comment ID it is that comment which is edited, with 0 a new one is written.
type Notice struct {
	Key       string
	Text      string
	CommentID int64
	// Labels are those that say the same. Where GitHub refuses them the notice is not written, and where it refuses the
	// notice they are taken off again: neither stands without the other.
	Labels []string `json:",omitempty"`
}

// Remember keeps a small record about the issue in the bot's own memory; empty data forgets it. What people see never
// depends on it alone.
type Remember struct {
	Kind  string
	About string // a login, where the record is about a person and not about the issue
	Data  []byte
}

// Rebase puts back what a person had written at the very moment when ddbot's own edit overwrote it.
type Rebase struct {
	Base string         // the body that ddbot's edit was planned on
	Lost string         // the person's body, which was overwritten
	Sent string         // what ddbot wrote
	Ops  []checklist.Op // what ddbot meant
}

func (e Checklist) fold(w *Draft) error {
	ops := w.opsLeft(e.Ops)
	for _, k := range e.Settles {
		w.say(partNotes(k))
	}
	body, err := apply(w.Issue.Body, ops...)
	if err != nil {
		return err
	}
	w.touch(facetBody)
	w.Issue.Body = body
	w.Ops = append(w.Ops, ops...)
	return nil
}

func (Read) fold(w *Draft) error {
	w.touch(facetBody)
	return nil
}

func (e Stands) fold(w *Draft) error {
	trial := w.clone()
	if err := e.Effect.fold(trial); err != nil {
		return err
	}
	w.Said = trial.Said
	return nil
}

func (e Retitle) fold(w *Draft) error {
	w.touch(facetTitle)
	if !w.may(string(facetTitle)) {
		return nil
	}
	w.Issue.Title = e.Title
	return nil
}

func (e AddLabels) fold(w *Draft) error {
	w.touch(facetLabels)
	for _, l := range e.Labels {
		if !w.maySet(l, e.Exclusive) {
			continue
		}
		w.Issue.Labels = without(w.Issue.Labels, func(have string) bool {
			return MatchAny(e.Exclusive, have) && !issue.HasLabel(e.Labels, have)
		})
		if !w.Issue.HasLabel(l) {
			w.Issue.Labels = append(w.Issue.Labels, l)
		}
		w.assert(w.labels, issue.FoldLabel(l), true)
	}
	// An earlier addition that this one excludes must not be sent.
	for l, said := range w.labels {
		if said.on && MatchAny(e.Exclusive, l) && !issue.HasLabel(e.Labels, l) {
			w.assert(w.labels, issue.FoldLabel(l), false)
		}
	}
	w.exclusive, w.spare = union(w.exclusive, e.Exclusive), union(w.spare, e.Spare)
	return nil
}

func (e RemoveLabels) fold(w *Draft) error {
	w.touch(facetLabels)
	for _, l := range w.mayAll(e.Labels, partLabel) {
		w.Issue.Labels = without(w.Issue.Labels, func(have string) bool { return issue.SameLabel(have, l) })
		w.assert(w.labels, issue.FoldLabel(l), false)
	}
	return nil
}

func (e Assign) fold(w *Draft) error {
	w.touch(facetAssignees)
	for _, l := range w.mayAll(e.Logins, partAssignee) {
		if !w.Issue.HasAssignee(l) {
			w.Issue.Assignees = append(w.Issue.Assignees, l)
		}
		w.assert(w.assignees, issue.FoldLogin(l), true)
	}
	return nil
}

func (e Unassign) fold(w *Draft) error {
	w.touch(facetAssignees)
	for _, l := range w.mayAll(e.Logins, partAssignee) {
		w.Issue.Assignees = without(w.Issue.Assignees, func(have string) bool { return issue.SameLogin(have, l) })
		w.assert(w.assignees, issue.FoldLogin(l), false)
	}
	return nil
}

func (e Review) fold(w *Draft) error {
	w.touch(facetReviews)
	if w.Issue.Reviews == nil {
		w.Issue.Reviews = map[string]bool{}
	}
	for _, who := range w.mayAll(e.Of, partReview) {
		w.Issue.Reviews[issue.FoldLogin(who)] = e.On
	}
	return nil
}

func (e Close) fold(w *Draft) error {
	w.touch(facetState)
	closed := w.Issue.State == issue.Closed && (w.Before.State != issue.Closed || !w.MayLag)
	if w.may(string(facetState)) && !closed { // what is closed keeps its reason, as at GitHub
		w.Issue.State, w.Issue.StateReason = issue.Closed, e.Reason
	}
	return nil
}

func (e Reopen) fold(w *Draft) error {
	w.touch(facetState)
	if w.may(string(facetState)) {
		w.Issue.State, w.Issue.StateReason = issue.Open, "reopened"
	}
	return nil
}

func (e Milestone) fold(w *Draft) error {
	w.touch(facetMilestone)
	if w.may(string(facetMilestone)) {
		w.Issue.Milestone, w.milestone = e.Title, e.Number
	}
	return nil
}

func (e Reply) fold(w *Draft) error {
	w.answer().Text = append(w.answer().Text, e.Text)
	return nil
}

func (e Notice) fold(w *Draft) error {
	w.readFirst = w.readFirst || w.Late() // it says how things are
	w.Notices = append(slices.DeleteFunc(w.Notices, func(n Notice) bool { return n.Key == e.Key }), e)
	return nil
}

func (e Remember) fold(w *Draft) error {
	w.Records = append(slices.DeleteFunc(w.Records, func(r Remember) bool { return r.Kind == e.Kind && r.About == e.About }), e)
	return nil
}

func (e Rebase) fold(w *Draft) error {
	w.touch(facetBody)
	body, left := rebase(e, w.Issue.Body)
	w.Issue.Body = body
	w.Ops = append(w.Ops, e.Ops...)
	if len(left.lines)+len(left.back) > 0 {
		w.answer().Text = append(w.answer().Text, conflictText(left))
	}
	if len(left.ops) > 0 {
		w.answer().Text = append(w.answer().Text, notRedoneText(e.Sent, left.ops))
	}
	return nil
}

func (e Checklist) String() string { return "body: " + e.What }
func (Read) String() string        { return "read the issue" }
func (e Stands) String() string    { return "so already: " + e.Effect.String() }
func (e Retitle) String() string   { return fmt.Sprintf("title: %q", e.Title) }
func (e AddLabels) String() string {
	s := "label + " + strings.Join(e.Labels, ", ")
	if len(e.Exclusive) > 0 {
		s += " (alone among " + strings.Join(e.Exclusive, ", ") + ")"
	}
	return s
}
func (e RemoveLabels) String() string { return "label - " + strings.Join(e.Labels, ", ") }
func (e Assign) String() string       { return "assign " + strings.Join(e.Logins, ", ") }
func (e Unassign) String() string     { return "unassign " + strings.Join(e.Logins, ", ") }
func (e Review) String() string {
	if e.On {
		return "review + " + strings.Join(e.Of, ", ")
	}
	return "review - " + strings.Join(e.Of, ", ")
}
func (e Close) String() string     { return "close as " + e.Reason }
func (e Reopen) String() string    { return "reopen" }
func (e Milestone) String() string { return fmt.Sprintf("milestone %q", e.Title) }
func (e Reply) String() string     { return fmt.Sprintf("reply %q", beginning(e.Text)) }
func (e Notice) String() string    { return fmt.Sprintf("notice %s %q", e.Key, beginning(e.Text)) }
func (e Remember) String() string  { return fmt.Sprintf("remember %s %s", e.Kind, e.Data) }
func (e Rebase) String() string    { return "body: put back what a person wrote meanwhile" }

// beginning is enough of a text to know which one it is.
func beginning(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return s
}

// Match tells whether a label matches a glob as path.Match has it; letter case does not matter, and "*" matches "/" too.
func Match(glob, label string) bool {
	glob, label = issue.FoldLabel(glob), issue.FoldLabel(label)
	switch fixed := strings.IndexAny(glob, `*?[\`); { // most are told by what stands before that
	case fixed < 0:
		return glob == label
	case !strings.HasPrefix(label, glob[:fixed]):
		return false
	}
	ok, err := path.Match(strings.ReplaceAll(glob, "/", "\x00"), strings.ReplaceAll(label, "/", "\x00"))
	return err == nil && ok
}

// MatchAny tells whether a label matches one of the globs.
func MatchAny(globs []string, label string) bool {
	return slices.ContainsFunc(globs, func(g string) bool { return Match(g, label) })
}

func union(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func without(list []string, drop func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(list), drop)
}

// KindOf names an effect's kind in one word, for metrics.
func KindOf(e Effect) string {
	name := fmt.Sprintf("%T", e)
	return strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
}
