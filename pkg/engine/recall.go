package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// ahead is a memory of which a part has been read already.
type ahead struct {
	Memory
	known map[queue.Name]queue.Record // without data: it is not there
}

func (a ahead) Get(ctx context.Context, kind, id string) (queue.Record, error) {
	r, known := a.known[queue.Name{Kind: kind, ID: id}]
	switch {
	case !known:
		return a.Memory.Get(ctx, kind, id)
	case len(r.Data) == 0:
		return r, queue.ErrNotFound
	}
	return r, nil
}

// readAhead reads at once what nearly every batch asks for: a database may be some way off.
func (w *batchRun) readAhead(ctx context.Context) error {
	many, ok := w.Memory.(queue.ManyReader)
	if !ok {
		return nil
	}
	if of, ok := w.batch.(queue.ManyReader); ok {
		many = of
	}
	key := w.batch.Key()
	var names []queue.Name
	for _, kind := range []string{decide.RecordTracked, recordSaid, recordBrakes, recordWroteAt, recordStatus, stale.BookKind, stale.ActionKind} {
		names = append(names, queue.Name{Kind: kind, ID: key})
	}
	for _, ev := range w.events {
		if ev.ID() != "" {
			names = append(names, queue.Name{Kind: recordAnswered, ID: key + "/" + ev.ID()}, queue.Name{Kind: queue.RecordAsked, ID: ev.Delivery})
		}
	}
	rs, err := many.GetMany(ctx, names)
	if err != nil {
		return err
	}
	a := ahead{w.Memory, map[queue.Name]queue.Record{}}
	for _, n := range names {
		a.known[n] = queue.Record{Kind: n.Kind, ID: n.ID}
	}
	for _, r := range rs {
		a.known[queue.Name{Kind: r.Kind, ID: r.ID}] = r
	}
	w.mem = a
	return nil
}

// recall asks the memory for all that it knows.
func (w *batchRun) recall(ctx context.Context, settings *plugin.Settings) (s decide.Input, err error) {
	if err := w.readAhead(ctx); err != nil {
		return s, err
	}
	if err := w.seen(ctx, settings); err != nil {
		return s, err
	}
	return w.situation(ctx, settings)
}

func (w *batchRun) seen(ctx context.Context, settings *plugin.Settings) error {
	if w.Seen == nil {
		return nil
	}
	books, err := w.Seen(ctx, w.mem, w.events, w.gh.KnownSelf(), settings)
	w.books = append(w.books, books...)
	return err
}

func (w *batchRun) situation(ctx context.Context, settings *plugin.Settings) (s decide.Input, err error) {
	key := w.batch.Key()
	s = decide.Input{
		Events: w.events, Issue: w.latest(), Facts: &fact.Set{AtHand: w.atHand}, Now: w.Now(), Settings: settings,
		Self: w.gh.KnownSelf(), Answered: map[string]bool{}, NoEvents: w.Edited != nil,
	}
	tracked, err := w.memory(ctx, decide.RecordTracked, key)
	if err != nil {
		return s, err
	}
	s.Tracked = tracked != nil
	if err := w.recalled(ctx, recordSaid, &s.Said); err != nil {
		return s, err
	}
	if err := w.recalled(ctx, recordBrakes, &s.Brakes); err != nil {
		return s, err
	}
	at, err := w.memory(ctx, recordWroteAt, key)
	if err != nil {
		return s, err
	}
	if last, bad := time.Parse(time.RFC3339Nano, string(at)); bad == nil {
		latest := slices.MaxFunc(w.events, func(a, b event.Event) int { return a.Received.Compare(b.Received) })
		s.MayLag = latest.Received.Before(last.Add(doubt))
	}
	if slices.ContainsFunc(w.events, func(ev event.Event) bool { return event.Is[event.Edited](ev.Kind) || event.Is[event.Check](ev.Kind) }) {
		if s.Wrote, s.Self, err = w.wrote(ctx, key); err != nil {
			return s, err
		}
	}
	return s, w.allAnswered(ctx, s.Answered)
}

// atHand gives a fact that was read ahead, or asked for a short time ago: with it the plan need not be made once more.
func (w *batchRun) atHand(k fact.Key) (any, bool) {
	switch read, ok := w.mem.(ahead); {
	case ok && k.Kind == fact.KindRecord:
		r, ok := read.known[queue.Name{Kind: k.Arg, ID: w.batch.Key()}]
		return r.Data, ok
	case ok && k == fact.Key{Kind: fact.KindStatus}:
		name := queue.Name{Kind: recordStatus, ID: w.batch.Key()}
		data := read.known[name].Data
		if data == nil && w.isFirst() {
			w.books = w.keep(w.books, recordStatus, fact.Status{})
			data = w.books[len(w.books)-1].Data
			read.known[name] = queue.Record{Kind: name.Kind, ID: name.ID, Data: data}
		}
		var s fact.Status
		return s, json.Unmarshal(data, &s) == nil // where nothing is remembered it is to be asked for
	}
	return w.cached(k)
}

// recalled reads a record of the issue into v, if there is one.
func (w *batchRun) recalled(ctx context.Context, kind string, v any) error {
	data, err := w.memory(ctx, kind, w.batch.Key())
	if err == nil && data != nil {
		err = json.Unmarshal(data, v)
	}
	return err
}

// allAnswered notes which events were answered before. Of what was asked for again GitHub may have to be asked: several at a time.
func (w *batchRun) allAnswered(ctx context.Context, out map[string]bool) error {
	answered := make([]bool, len(w.events))
	err := forAll(ctx, len(w.events), func(ctx context.Context, i int) (err error) {
		if ev := w.events[i]; ev.ID() != "" {
			answered[i], err = w.answered(ctx, ev)
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, ev := range w.events {
		if answered[i] {
			out[ev.ID()] = true
		}
	}
	return nil
}

// latest is the issue as well as it is known.
func (w *batchRun) latest() issue.Snapshot {
	if w.Known != nil {
		if known, ok := w.Known(w.ref); ok {
			return known
		}
	}
	return newest(w.events)
}

// wrote gives what ddbot wrote into the body lately, and who ddbot is: whose an edit is decides whether it is put right or
// respected.
func (w *batchRun) wrote(ctx context.Context, key string) (_ []decide.BodyEdit, self string, err error) {
	self = w.gh.KnownSelf()
	rs, err := w.mem.List(ctx, recordWrote, key+"/", 0)
	if err != nil {
		return nil, self, err
	}
	out := make([]decide.BodyEdit, 0, len(rs))
	for _, r := range rs {
		var x decide.BodyEdit
		if err := json.Unmarshal(r.Data, &x); err != nil {
			w.log().WithError(err).Warn("Cannot read back what was written before; it is ignored")
			continue
		}
		if x.ID = r.ID; w.Now().Sub(x.At) < decide.BodyEditFor {
			x.Unseen, err = w.unseen(ctx, r.ID)
			out = append(out, x)
		}
		if err != nil {
			return nil, self, err
		}
	}
	doubtful := func(ev event.Event) bool {
		edit, ok := ev.Kind.(event.Edited)
		return ok && edit.OldBody != nil && !decide.PlainlyOwn(*edit.OldBody, ev.Issue.Body, out)
	}
	if len(out) > 0 && self == "" && slices.ContainsFunc(w.events, doubtful) {
		self, err = w.gh.Self(ctx)
		if errors.Is(err, github.ErrForbidden) {
			err = nil
		}
	}
	if err != nil {
		err = fmt.Errorf("ask GitHub who we are: %w", err)
	}
	return out, self, err
}
