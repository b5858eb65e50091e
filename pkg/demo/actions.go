package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// A badRequest is an action that makes no sense, as opposed to one that GitHub refuses.
type badRequest struct{ error }

func bad(format string, args ...any) error { return badRequest{fmt.Errorf(format, args...)} }

// Comment writes a comment as somebody.
func (w *World) Comment(ctx context.Context, as, body string) (Change, error) {
	return w.do(ctx, as+" comments", func() error { return w.say(as, body) })
}

// say writes a comment inside an action.
func (w *World) say(as, body string) error {
	if err := w.known(as); err != nil {
		return err
	}
	w.comments = append(w.comments, w.sim.Comment(w.ref, as, body))
	return nil
}

// Tick clicks a box, which is named by its line or by a reference, as somebody.
func (w *World) Tick(ctx context.Context, as string, line int, ref string, checked bool) (Change, error) {
	return w.do(ctx, as+" clicks a box", func() error {
		if err := w.known(as); err != nil {
			return err
		}
		body := w.sim.Issue(w.ref).Body
		item, err := find(body, line, ref)
		if err != nil {
			return badRequest{err}
		}
		if body, err = checklist.Tick(body, item.Key, checked); err != nil {
			return badRequest{err}
		}
		w.sim.EditBody(w.ref, as, body)
		return nil
	})
}

func find(body string, line int, ref string) (checklist.Item, error) {
	list, err := checklist.Parse(body)
	if err != nil {
		return checklist.Item{}, err
	}
	if ref == "" {
		for _, i := range list.Items() {
			if i.Line == line {
				return i, nil
			}
		}
		return checklist.Item{}, fmt.Errorf("there is no box in line %d", line)
	}
	found, err := list.Resolve(ref)
	if err != nil {
		return checklist.Item{}, err
	}
	if len(found) != 1 || len(found[0].Items) != 1 {
		return checklist.Item{}, fmt.Errorf("%q is more than one box", ref)
	}
	return found[0].Items[0], nil
}

const (
	day     = 24 * time.Hour
	maxDays = 3650
)

// Pass lets time go by, and then what is due happen.
func (w *World) Pass(ctx context.Context, d time.Duration) (Change, error) {
	return w.do(ctx, "time passes", func() error { return w.pass(d, true) })
}

func (w *World) pass(d time.Duration, sweep bool) error {
	if d <= 0 || d > maxDays*day {
		return bad("time goes forward only, and by ten years at most")
	}
	w.sim.Clock().Advance(d)
	w.due = sweep
	return nil
}
