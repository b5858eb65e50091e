package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

// What an edit of ddbot's overwrote shows in the event that the edit raises. That event may get lost. So an edit whose event
// is not there after a while is looked up in the issue's edit history, once.

// unseenFor is how long an event is waited for.
const unseenFor = time.Minute

// unseen says where an edit was made whose event has not come yet.
type unseen struct {
	Ref          issue.Ref `json:"ref"`
	Installation int64     `json:"installation,omitempty"`
	At           time.Time `json:"at"`
}

func (w *work) unseen(ctx context.Context, id string) (bool, error) {
	data, err := w.memory(ctx, recordUnseen, id)
	return data != nil, err
}

// CheckStore is what Checks needs of the store.
type CheckStore interface {
	Memory
	PutAll(ctx context.Context, rs ...queue.Record) error
	Receive(ctx context.Context, d queue.Delivery) (fresh bool, err error)
}

// Checks puts a check into the queue for each edit whose event has not come in time. Doing so twice is the same as once.
func Checks(ctx context.Context, s CheckStore, now time.Time) error {
	rs, err := s.List(ctx, recordUnseen, "", 0)
	if err != nil {
		return err
	}
	var errs []error
	for _, r := range rs {
		var u unseen
		if err := json.Unmarshal(r.Data, &u); err != nil {
			errs = append(errs, fmt.Errorf("read record %s %s: %w", r.Kind, r.ID, err), s.PutAll(ctx, queue.Record{Kind: r.Kind, ID: r.ID}))
			continue
		}
		if now.Sub(u.At) < unseenFor {
			continue
		}
		key := r.ID[:max(strings.LastIndexByte(r.ID, '/'), 0)]
		raw, err := payload.OwnPayload(event.Check, issue.Snapshot{Ref: u.Ref, RepoID: repoIDOf(key)}, u.Installation, nil)
		if err == nil {
			_, err = s.Receive(ctx, queue.Delivery{GUID: "check-" + r.ID, Key: key, Event: payload.OwnEvent, Payload: raw, ReceivedAt: now})
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// repoIDOf reads the repository's id from an issue's key; 0 if the key has its name instead.
func repoIDOf(key string) (id int64) {
	if _, err := fmt.Sscanf(key, "gh:%d#", &id); err != nil {
		return 0
	}
	return id
}

// check looks at the edits whose events have not come.
func (p *planner) check(e event.Event) error {
	p.out.Work.Begin(plan.Answer{ID: e.ID(), Unlocated: true})
	p.out.Work.At(stampOf(e), false)
	for _, w := range p.Wrote {
		if !w.unseen || p.Now.Sub(w.At) < unseenFor {
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
		p.out.Seen = append(p.out.Seen, w.id)
		if lost, over := overwritten(edits, w); over {
			p.out.Handled = append(p.out.Handled, e.ID())
			p.rebase(w, lost)
		}
	}
	return nil
}

// overwritten gives the text that an edit overwrote, if that is not the one that it was made on.
func overwritten(edits []fact.Edit, w Wrote) (lost string, over bool) {
	for i, e := range edits {
		if e.Text == nil || *e.Text != w.Sent || i+1 == len(edits) || edits[i+1].Text == nil || e.By != "" && !e.Own {
			continue
		}
		switch before := *edits[i+1].Text; before {
		case w.Base, w.Sent:
			return "", false // as planned; or the same text was written twice
		default:
			lost, over = before, true
		}
	}
	return lost, over
}

// seen notes that the event of an edit of ddbot's has come.
func (p *planner) seen(e event.Event) {
	for _, w := range p.Wrote {
		if w.unseen && w.Sent == e.Issue.Body {
			p.out.Seen = append(p.out.Seen, w.id)
		}
	}
}
