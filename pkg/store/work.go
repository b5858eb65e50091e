package store

import (
	"context"
	"errors"
	"fmt"
)

// Work is the Batch of a claim. The deliveries are always the first of those that wait for the key, so "up to the last
// one's seq" names them.
type Work struct {
	claim      *Claim
	deliveries []Delivery
	plan       *Plan
	planned    bool // a plan may be open: loaded, or saved by us
	progress   bool
	staged     []Record
}

var _ Batch = (*Work)(nil)

func (w *Work) Key() string            { return w.claim.key }
func (w *Work) Deliveries() []Delivery { return w.deliveries }
func (w *Work) Plan() *Plan            { return w.plan }
func (w *Work) Put(r Record)           { w.staged = append(w.staged, r) }

// Progress tells that the answer to a request was noted: the next attempt will have less to do.
func (w *Work) Progress() bool { return w.progress }

func (w *Work) upto() int64 { return w.deliveries[len(w.deliveries)-1].Seq }

// Save implements Batch.
func (w *Work) Save(ctx context.Context, plan []byte) error {
	c, another := w.claim, w.planned
	w.planned = true // even if we should not learn of the success
	err := c.fenced(ctx, func(ctx context.Context, t tx) error {
		if another {
			if err := c.closePlan(ctx, t); err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `INSERT INTO plan (key, upto, data, saved_at) VALUES ($1, $2, $3, $4)`,
			c.key, w.upto(), append([]byte{}, plan...), c.db.stamp())
		return err
	})
	if err != nil {
		return fmt.Errorf("save plan of %s: %w", c.key, err)
	}
	return nil
}

var errNoPlan = errors.New("no plan is saved")

// Done implements Batch.
func (w *Work) Done(ctx context.Context, n int, result []byte) error {
	c := w.claim
	err := errNoPlan
	if w.planned {
		err = c.fenced(ctx, func(ctx context.Context, t tx) error {
			_, err := t.exec(ctx, `INSERT INTO plan_request (key, n, result) VALUES ($1, $2, $3)
				ON CONFLICT (key, n) DO UPDATE SET result = excluded.result`, c.key, n, append([]byte{}, result...))
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("note request %d of %s: %w", n, c.key, err)
	}
	w.progress = true
	return nil
}

// loadPlan sets w's open plan, if there is one, and gives the seq up to which it goes.
func (c *Claim) loadPlan(ctx context.Context, r conn, w *Work) (upto int64, err error) {
	p := &Plan{Done: map[int][]byte{}}
	var saved int64
	err = r.row(ctx, []any{&upto, &p.Data, &saved}, `SELECT upto, data, saved_at FROM plan WHERE key = $1`, c.key)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	p.SavedAt = at(saved)
	err = r.rows(ctx, func(scan func(...any) error) error {
		var n int
		var result []byte
		if err := scan(&n, &result); err != nil {
			return err
		}
		p.Done[n] = result
		return nil
	}, `SELECT n, result FROM plan_request WHERE key = $1`, c.key)
	w.plan, w.planned = p, true
	return upto, err
}

// closePlan forgets the open plan, if there is one.
func (c *Claim) closePlan(ctx context.Context, t tx) error {
	if _, err := t.exec(ctx, `DELETE FROM plan_request WHERE key = $1`, c.key); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM plan WHERE key = $1`, c.key)
	return err
}
