package decide

import (
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/plan"
)

// BodyEdit is what ddbot remembers of one edit of a body, for a day.
type BodyEdit struct {
	Base string         `json:"base"` // the body that it was planned on
	Sent string         `json:"sent"`
	Ops  []checklist.Op `json:"ops"`
	At   time.Time      `json:"at"`
	Made time.Time      `json:"made,omitzero"` // when it was sent, if that is known: an Action learns of an earlier run's edit later

	ID     string `json:"-"` // of the record
	Unseen bool   `json:"-"` // the event that it raised has not come yet
}

// BodyEditFor is how long that is remembered.
const BodyEditFor = 24 * time.Hour

// takenBackWithin is how long a person's save that drops an edit of ddbot is taken for an accident of timing.
const takenBackWithin = 10 * time.Minute

// edited looks at an edit of the body from the side of ddbot's own edits. GitHub has no compare-and-swap for issues:
// what ddbot overwrote shows only in the event that its own edit raised. done says that the event was ddbot's own.
func (p *planner) edited(e event.Event, edit event.Edited) (done bool) {
	if edit.OldBody == nil {
		return false
	}
	old, now := *edit.OldBody, e.Issue.Body
	if own, over := p.ownEdit(e, old); own {
		p.seen(e)
		if over != nil {
			p.out.Handled = append(p.out.Handled, e.ID())
			p.rebase(*over, old)
		}
		return true
	}
	if p.bySelf(e.Sender) {
		return true
	}
	var gone []string
	for _, w := range p.Wrote {
		if p.Now.Sub(w.At) > takenBackWithin {
			continue
		}
		for _, op := range plan.Missing(old, now, w.Ops) {
			if what := plan.Quote(plan.Describe(old, op)); !slices.Contains(gone, what) {
				gone = append(gone, what)
			}
		}
	}
	if len(gone) > 0 && !oneLine(old, now) {
		p.out.Handled = append(p.out.Handled, e.ID())
		p.say(textTakenBack(gone))
	}
	return false
}

// oneLine tells whether an edit did nothing but change one line, as a click on a box does, or mending a note: that is no save of
// an old page.
func oneLine(old, now string) bool {
	before, after := strings.Split(old, "\n"), strings.Split(now, "\n")
	if len(before) != len(after) {
		return false
	}
	differ := 0
	for i := range before {
		if before[i] != after[i] {
			differ++
		}
	}
	return differ == 1
}

// ownEdit tells whether an edit of the body is one of ddbot's, and which one if it overwrote something. The same text may
// have been written more than once: only if none of those writings was on the old text has one overwritten it.
func (p *planner) ownEdit(e event.Event, old string) (own bool, over *BodyEdit) {
	if PlainlyOwn(old, e.Issue.Body, p.Wrote) {
		return true, nil
	}
	if e.ByHuman() && !p.bySelf(e.Sender) {
		return false, nil
	}
	for i, w := range p.Wrote {
		if e.Issue.Body != w.Sent {
			continue
		}
		if old == w.Sent {
			return true, nil
		}
		own, over = true, &p.Wrote[i]
	}
	return own, over
}

// PlainlyOwn tells whether an edit of the body did just what one of ddbot's did: nobody needs to be asked whose it is.
func PlainlyOwn(old, now string, wrote []BodyEdit) bool {
	return slices.ContainsFunc(wrote, func(w BodyEdit) bool { return now == w.Sent && old == w.Base })
}

// rebase puts back what a person had written when ddbot overwrote it. Who that was, the event does not tell: its sender
// is ddbot, which need not be addressed.
func (p *planner) rebase(w BodyEdit, lost string) {
	effect := plan.Rebase{Base: w.Base, Lost: lost, Sent: w.Sent, Ops: w.Ops}
	p.out.Draft.Answer().To = ""
	if err := p.out.Draft.Fold([]plan.Effect{effect}); err == nil {
		p.out.Effects = append(p.out.Effects, PluginEffect{"engine", effect})
	}
}
