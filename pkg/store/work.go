package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/ddbot/ddbot/pkg/queue"
)

// Work is the Batch of a claim. The deliveries are always the first of those that wait for the key, so "up to the last
// one's seq" names them.
type Work struct {
	claim      *Claim
	deliveries []queue.Delivery
	plan       *queue.Plan
	planned    bool // a plan may be open: loaded, or saved by us
	noted      bool // answers to its requests may be
	progress   bool
	first      bool // it began before its delivery was stored
	staged     []queue.Record
}

var _ queue.Batch = (*Work)(nil)

func (w *Work) Key() string                  { return w.claim.key }
func (w *Work) Deliveries() []queue.Delivery { return w.deliveries }
func (w *Work) Plan() *queue.Plan            { return w.plan }
func (w *Work) Put(r queue.Record)           { w.staged = append(w.staged, r) }

// Progress tells that the answer to a request was noted: the next attempt will have less to do.
func (w *Work) Progress() bool { return w.progress }

func (w *Work) from() int64 { return w.seq(0) }
func (w *Work) upto() int64 { return w.seq(len(w.deliveries) - 1) }

// seq is that of a delivery that is stored.
func (w *Work) seq(n int) int64 {
	if w.first {
		return w.claim.admission.seq
	}
	return w.deliveries[n].Seq
}

// Both are one statement, which locks the key's row as a fenced transaction would: on PostgreSQL each statement is a round
// trip, and people wait for the plan to be saved. They change nothing where the key is not ours any more.
const (
	ours = `FROM issue WHERE key = $1 AND owner = $2 {lock}`

	sqlSavePlan = `INSERT INTO plan (key, upto, data, saved_at) SELECT key, $3, $4, $5 ` + ours
	sqlDone     = `INSERT INTO plan_request (key, n, result) SELECT key, $3, $4 ` + ours + `
		ON CONFLICT (key, n) DO UPDATE SET result = excluded.result`
)

// GetMany implements queue.ManyReader.
func (w *Work) GetMany(ctx context.Context, names []queue.Name) ([]queue.Record, error) {
	if w.first {
		return w.claim.admission.read(ctx, names)
	}
	return w.claim.db.GetMany(ctx, names)
}

// Save implements Batch.
func (w *Work) Save(ctx context.Context, plan []byte) (err error) {
	c, another := w.claim, w.planned
	w.planned = true // even if we should not learn of the success
	plan = append([]byte{}, plan...)
	if w.first {
		if done, err := c.admission.plan(ctx, plan); done || err != nil {
			return err
		}
	}
	insert := step{query: sqlSavePlan, args: []any{c.key, c.token, w.upto(), plan, c.db.stamp()}}
	if another {
		var mine int
		steps := append([]step{{query: sqlFence, args: []any{c.key, c.token}, dst: []any{&mine}}}, c.closePlan(w)...)
		err = notMine(c.db.engine.run(ctx, work, append(steps, insert)...))
	} else {
		err = c.own(c.db.engine.exec(ctx, insert.query, insert.args...))
	}
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
		w.noted = true // even if we should not learn of the success
		err = c.own(c.db.engine.exec(ctx, sqlDone, c.key, c.token, n, append([]byte{}, result...)))
	}
	if err != nil {
		return fmt.Errorf("note request %d of %s: %w", n, c.key, err)
	}
	w.progress = true
	return nil
}

// own reads the result of a statement that changes something only if the key is ours.
func (*Claim) own(affected int64, err error) error {
	if err == nil && affected == 0 {
		return queue.ErrLost
	}
	return err
}

// answers gives the answers that were noted of the requests of the key's plan.
func answers(ctx context.Context, r conn, key string) (map[int][]byte, error) {
	done := map[int][]byte{}
	err := r.rows(ctx, func(scan func(...any) error) error {
		var n int
		var result []byte
		if err := scan(&n, &result); err != nil {
			return err
		}
		done[n] = result
		return nil
	}, `SELECT n, result FROM plan_request WHERE key = $1`, key)
	return done, err
}

// closePlan forgets the open plan, if there is one. w may be nil.
func (c *Claim) closePlan(w *Work) (steps []step) {
	if w == nil || w.noted {
		steps = append(steps, step{query: `DELETE FROM plan_request WHERE key = $1`, args: []any{c.key}})
	}
	return append(steps, step{query: `DELETE FROM plan WHERE key = $1`, args: []any{c.key}})
}
