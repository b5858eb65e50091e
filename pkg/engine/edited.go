package engine

import (
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Wrote is what ddbot remembers of one edit of a body, for a day.
type Wrote struct {
	Base string         `json:"base"` // the body that it was planned on
	Sent string         `json:"sent"`
	Ops  []checklist.Op `json:"ops"`
	At   time.Time      `json:"at"`
}

// takenBackWithin is how long a person's save that drops an edit of ddbot is taken for an accident of timing.
const takenBackWithin = 10 * time.Minute

// edited looks at an edit of the body from the side of ddbot's own edits. GitHub has no compare-and-swap for issues:
// what ddbot overwrote shows only in the event that its own edit raised. done says that the event was ddbot's own.
func (p *planner) edited(e event.Event) (done bool) {
	if e.OldBody == nil {
		return false
	}
	for i := len(p.Wrote) - 1; i >= 0; i-- {
		w := p.Wrote[i]
		if e.Issue.Body != w.Sent || e.ByHuman() && !p.bySelf(e.Sender) && p.Self != "" {
			continue
		}
		if *e.OldBody != w.Base && *e.OldBody != w.Sent {
			effect := plan.Rebase{Base: w.Base, Lost: *e.OldBody, Sent: w.Sent, Ops: w.Ops}
			if err := p.out.Work.Fold([]plan.Effect{effect}); err == nil {
				p.out.Effects = append(p.out.Effects, Planned{"engine", effect})
			}
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
		for _, op := range plan.Missing(*e.OldBody, e.Issue.Body, w.Ops) {
			gone = append(gone, plan.Quote(plan.Describe(*e.OldBody, op)))
		}
	}
	if len(gone) > 0 {
		p.say(textTakenBack(gone))
	}
	return false
}
