package decide

import (
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
)

// UnseenFor is how long the event of ddbot's own edit is waited for. After that the edit is looked up in the issue's history.
const UnseenFor = time.Minute

// check looks at the edits whose events have not come.
func (p *planner) check(e event.Event) error {
	p.out.Draft.Begin(plan.Answer{ID: e.ID(), Unlocated: true})
	p.out.Draft.At(stampOf(e), false)
	for _, w := range p.Wrote {
		if !w.Unseen || !p.NoEvents && p.Now.Sub(w.At) < UnseenFor {
			continue
		}
		edits, err := p.Facts.Edits()
		if keys := fact.MissingKeys(err); len(keys) > 0 {
			p.out.Missing = append(p.out.Missing, keys...)
			return nil
		}
		if err != nil {
			return err
		}
		p.out.Seen = append(p.out.Seen, w.ID)
		if lost, over := overwritten(edits, w); over {
			p.out.Handled = append(p.out.Handled, e.ID())
			p.rebase(w, lost)
		}
	}
	return nil
}

// clocksApart is how far GitHub's clock may be behind ours.
const clocksApart = time.Minute

// overwritten gives the text that an edit overwrote, if that is not the one that it was made on. The same text may have been
// written before, by ddbot or by another program of its account; what that was written over is not this edit's doing.
func overwritten(edits []fact.Edit, w BodyEdit) (lost string, over bool) {
	for i, e := range edits {
		if e.Text == nil || *e.Text != w.Sent || i+1 == len(edits) || edits[i+1].Text == nil || e.By != "" && !e.Own {
			continue
		}
		before := edits[i+1]
		switch {
		case e.At.Before(w.Made.Add(-clocksApart)):
		case *before.Text == w.Base || *before.Text == w.Sent:
			return "", false // as planned; or the same text was written twice
		case before.Own && len(w.Ops) > 0 && len(plan.Missing(w.Sent, *before.Text, w.Ops)) == 0:
			return "", false // it puts right what the one before it overwrote, which did the same
		case !over:
			lost, over = *before.Text, true
		}
	}
	return lost, over
}

// seen notes that the event of an edit of ddbot's has come.
func (p *planner) seen(e event.Event) {
	for _, w := range p.Wrote {
		if w.Unseen && w.Sent == e.Issue.Body {
			p.out.Seen = append(p.out.Seen, w.ID)
		}
	}
}
