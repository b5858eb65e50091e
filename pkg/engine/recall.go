package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// recall asks the memory for all that it knows, at the same time: a database may be some way off.
func (w *batchRun) recall(ctx context.Context, settings *plugin.Settings) (s decide.Input, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.seen(ctx, settings) })
	g.Go(func() (err error) {
		s, err = w.situation(ctx, settings)
		return err
	})
	err = g.Wait()
	return s, err
}

func (w *batchRun) seen(ctx context.Context, settings *plugin.Settings) error {
	if w.Seen == nil {
		return nil
	}
	books, err := w.Seen(ctx, w.events, w.gh.KnownSelf(), settings)
	w.books = append(w.books, books...)
	return err
}

func (w *batchRun) situation(ctx context.Context, settings *plugin.Settings) (decide.Input, error) {
	key := w.batch.Key()
	s := decide.Input{
		Events: w.events, Issue: w.latest(), Facts: &fact.Set{}, Now: w.Now(), Settings: settings,
		Self: w.gh.KnownSelf(), Answered: map[string]bool{}, NoEvents: w.Edited != nil,
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	g.Go(func() error {
		tracked, err := w.memory(ctx, decide.RecordTracked, key)
		s.Tracked = tracked != nil
		return err
	})
	g.Go(func() error {
		said, err := w.memory(ctx, recordSaid, key)
		if err == nil && said != nil {
			err = json.Unmarshal(said, &s.Said)
		}
		return err
	})
	g.Go(func() error {
		data, err := w.memory(ctx, recordBrakes, key)
		if err == nil && data != nil {
			err = json.Unmarshal(data, &s.Brakes)
		}
		return err
	})
	g.Go(func() error {
		at, err := w.memory(ctx, recordWroteAt, key)
		if last, bad := time.Parse(time.RFC3339Nano, string(at)); bad == nil {
			latest := slices.MaxFunc(w.events, func(a, b event.Event) int { return a.Received.Compare(b.Received) })
			s.MayLag = latest.Received.Before(last.Add(doubt))
		}
		return err
	})
	if slices.ContainsFunc(w.events, func(ev event.Event) bool { return ev.Kind == event.Edited || ev.Kind == event.Check }) {
		g.Go(func() (err error) {
			s.Wrote, s.Self, err = w.wrote(ctx, key)
			return err
		})
	}
	answered := make([]bool, len(w.events))
	for i, ev := range w.events {
		if ev.ID() != "" {
			g.Go(func() (err error) {
				answered[i], err = w.answered(ctx, ev)
				return err
			})
		}
	}
	if err := g.Wait(); err != nil {
		return s, err
	}
	for i, ev := range w.events {
		if answered[i] {
			s.Answered[ev.ID()] = true
		}
	}
	return s, nil
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
	rs, err := w.Memory.List(ctx, recordWrote, key+"/", 0)
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
		return ev.Kind == event.Edited && ev.OldBody != nil && !decide.PlainlyOwn(ev, out)
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
