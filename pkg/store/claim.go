package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/jackc/pgx/v5/pgconn"
)

// killedFactor: when a process is killed, all that it was at work on is suspected of having done it, most of it wrongly. So
// that is counted by itself, and must come far more often than a failure (200 kills at random in a minute reach 21 for one):
// what kills the process every time is found out all the same.
const killedFactor = 10

// batchMax bounds the deliveries that one batch takes together.
const batchMax = 100

// Claim is the right to work on a key until the next claim of it: every write checks that the key's owner is still this
// claim, under the lock of the key's row. A claim that ends in order leaves no owner; one that finds an owner therefore
// knows that the work before it was killed, hung or lost, and counts that as a failed attempt. So a delivery that kills
// the process is dead in the end, while outages and clean stops never count.
type Claim struct {
	db          *DB
	key         string
	token       string
	maxAttempts int
	admission   *admission // what it is for need not be stored yet; nil: it is
}

// Key is what the claim is on.
func (c *Claim) Key() string { return c.key }

// Claim takes the key over from whoever had it. ErrNotFound if nothing was ever received for it.
func (db *DB) Claim(ctx context.Context, key string, maxAttempts int) (*Claim, error) {
	c := &Claim{db: db, key: key, token: rand.Text(), maxAttempts: maxAttempts}
	err := db.engine.inTx(ctx, func(ctx context.Context, t tx) error {
		var last string
		if err := t.row(ctx, []any{&last}, `SELECT owner FROM issue WHERE key = $1 {lock}`, key); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE issue SET owner = $2 WHERE key = $1`, key, c.token); err != nil || last == "" {
			return err
		}
		return c.silent(ctx, t)
	})
	if err != nil {
		return nil, fmt.Errorf("claim %s: %w", key, err)
	}
	return c, nil
}

// silent counts what the claim before this one had in hand: it has not ended in order.
func (c *Claim) silent(ctx context.Context, t tx) error {
	w, err := c.load(ctx, t)
	if err != nil || w == nil {
		return err
	}
	f, err := c.blame(ctx, t, w, "the work on it ended without a word: the process was killed, or it hung", true)
	if err != nil {
		return err
	}
	c.db.log.WithField("key", c.key).WithField("guid", f.GUID).WithField("attempts", f.Attempts).WithField("dead", f.Dead).
		Warn("The last work on this issue ended without a word")
	return nil
}

// Next gives what is to be done next: the open plan with its deliveries, or else those that wait. After a failed attempt
// the first of them goes alone, to find out which one it is. nil if there is nothing.
func (c *Claim) Next(ctx context.Context) (*Work, error) {
	w, err := c.load(ctx, c.db.engine.reader())
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", c.key, err)
	}
	return w, nil
}

// sqlNext gives the deliveries that wait, those that the open plan is for with the plan: an open plan is always for the
// first of them.
var sqlNext = `SELECT d.guid, d.key, d.event, d.payload, d.packed, d.received_at, d.seq, d.attempts + d.kills, d.last_error, d.state,
		p.data, coalesce(p.saved_at, 0)
	FROM delivery d LEFT JOIN plan p ON p.key = d.key AND d.seq <= p.upto
	WHERE d.key = $1 AND d.state = 0 ORDER BY d.seq LIMIT ` + strconv.Itoa(batchMax)

func (c *Claim) load(ctx context.Context, r conn) (*Work, error) {
	w := &Work{claim: c}
	err := r.rows(ctx, func(scan func(...any) error) error {
		var plan []byte
		var saved int64
		d, err := delivery(scan, &plan, &saved)
		if err != nil {
			return err
		}
		if saved != 0 {
			w.plan, w.planned = &queue.Plan{Data: plan, SavedAt: at(saved)}, true
		} else if w.planned {
			return nil // it comes after what the plan is for
		}
		w.deliveries = append(w.deliveries, d)
		return nil
	}, sqlNext, c.key)
	if err != nil || len(w.deliveries) == 0 {
		return nil, err
	}
	if w.planned {
		w.plan.Done, err = answers(ctx, r, c.key)
		w.noted = len(w.plan.Done) > 0
		return w, err
	}
	if w.deliveries[0].Attempts > 0 {
		w.deliveries = w.deliveries[:1]
	}
	return w, nil
}

// End says how a claim ends when nothing is left to do, or Last is set: then what is left has to wait for its turn.
type End struct {
	Last bool
	// Rest is how long the key rests after so many failed attempts; nil is not at all.
	Rest func(attempts int) time.Duration
}

// Ack ends w, all of it, in one transaction: its deliveries are done, its records written, its plan closed. more tells that
// deliveries wait and the claim is still ours; otherwise the claim has ended. w may be nil.
func (c *Claim) Ack(ctx context.Context, w *Work, e End) (more bool, err error) {
	if w != nil && w.first {
		if done, err := c.admission.pass(ctx, w.staged); done || err != nil {
			return false, err
		}
	}
	var mine int
	var owner string
	var steps []step
	if c.db.engine.shared() { // else there is one transaction at a time, and that the last step finds our row says it for all of them
		steps = append(steps, step{query: sqlFence, args: []any{c.key, c.token}, dst: []any{&mine}})
	}
	if w != nil {
		// Not what waits before them: should the database have lost an acknowledgement, this one must not make it.
		steps = append(steps, step{query: `UPDATE delivery SET state = 1, done_at = $4 WHERE key = $1 AND state = 0 AND seq BETWEEN $2 AND $3`,
			args: []any{c.key, w.from(), w.upto(), c.db.stamp()}})
		steps = append(steps, put(c.db.stamp(), w.staged)...)
	}
	if w == nil || w.planned {
		steps = append(steps, c.closePlan(w)...)
	}
	steps = append(steps, c.settle(e, &owner))
	if err := c.db.engine.run(ctx, ending, steps...); err != nil {
		return false, fmt.Errorf("acknowledge %s: %w", c.key, notMine(err))
	}
	return owner != "", nil
}

// sqlFence locks the key's row, and finds it if it is ours. PostgreSQL has an error if not, and with it the transaction: a dialect's
// word.
const sqlFence = `{fence}`

// notMine reads the error of a transaction that begins with sqlFence.
func notMine(err error) error {
	no, divided := errors.AsType[*pgconn.PgError](err)
	if errors.Is(err, queue.ErrNotFound) || divided && no.Code == "22012" {
		return queue.ErrLost
	}
	return err
}

// Failure is what became of the delivery that an attempt failed on.
type Failure struct {
	GUID     string
	Attempts int
	Dead     bool // given up
	More     bool // the next one can be done: the claim is still ours. Otherwise it has ended
}

// Fail counts a failed attempt of w's first delivery. If that was its last one, it is dead and the claim goes on or ends as
// after Ack; else the claim ends and the key rests.
func (c *Claim) Fail(ctx context.Context, w *Work, cause error, e End) (f Failure, err error) {
	if err := c.kept(ctx); err != nil {
		return Failure{}, err
	}
	err = c.fenced(ctx, func(ctx context.Context, t tx) error {
		if f, err = c.blame(ctx, t, w, cause.Error(), false); err != nil {
			return err
		}
		if !f.Dead {
			var rest time.Duration
			if e.Rest != nil {
				rest = e.Rest(f.Attempts)
			}
			return c.release(ctx, t, rest)
		}
		var owner string
		err = runSteps(ctx, t, []step{c.settle(e, &owner)})
		f.More = owner != ""
		return err
	})
	if err != nil {
		return Failure{}, fmt.Errorf("note failure of %s: %w", c.key, err)
	}
	return f, nil
}

// Release ends the claim without a word on its deliveries; they wait for that long.
func (c *Claim) Release(ctx context.Context, rest time.Duration) error {
	if err := c.kept(ctx); err != nil {
		return err
	}
	err := c.fenced(ctx, func(ctx context.Context, t tx) error { return c.release(ctx, t, rest) })
	if err != nil {
		return fmt.Errorf("release %s: %w", c.key, err)
	}
	return nil
}

// kept sees to it that what the claim is for is stored.
func (c *Claim) kept(ctx context.Context) error {
	if c.admission == nil {
		return nil
	}
	return c.admission.keep(ctx)
}

// fenced runs f in a transaction that holds the key's lock, if the key is still ours.
func (c *Claim) fenced(ctx context.Context, f func(context.Context, tx) error) error {
	return c.db.engine.inTx(ctx, func(ctx context.Context, t tx) error {
		var mine int
		if err := t.row(ctx, []any{&mine}, sqlFence, c.key, c.token); err != nil {
			return notMine(err)
		}
		return f(ctx, t)
	})
}

func (c *Claim) release(ctx context.Context, t tx, rest time.Duration) error {
	_, err := t.exec(ctx, `UPDATE issue SET owner = '', due_at = {now} + $2 WHERE key = $1`, c.key, rest.Microseconds())
	return err
}

// settle ends the claim if nothing waits, or others shall have their turn; owner is "" then. No wake-up is lost: Receive needs the
// lock that we hold. Either it was first, and we see its delivery, or it comes after us, finds nothing due, and makes the key due.
func (c *Claim) settle(e End, owner *string) step {
	return step{query: sqlSettle, args: []any{c.key, e.Last, c.token}, dst: []any{owner}}
}

const (
	sqlWaits  = `EXISTS (SELECT 1 FROM delivery WHERE key = $1 AND state = 0)`
	sqlSettle = `UPDATE issue SET owner = CASE WHEN ` + sqlWaits + ` AND NOT $2 THEN owner ELSE '' END,
		due_at = CASE WHEN NOT ` + sqlWaits + ` THEN NULL WHEN $2 THEN {now} ELSE due_at END
		WHERE key = $1 AND owner = $3 RETURNING owner`
)

// blame counts an attempt of w's first delivery, or that it was killed. It dies if it was alone: of several, it need not be
// the culprit, so when its attempts are used up under a plan for several, the plan is closed and it gets one more, alone.
func (c *Claim) blame(ctx context.Context, t tx, w *Work, cause string, killed bool) (Failure, error) {
	failed, kills := 1, 0
	if killed {
		failed, kills = 0, 1
	}
	guid := w.deliveries[0].GUID
	err := t.row(ctx, []any{&failed, &kills}, `UPDATE delivery SET attempts = attempts + $2, kills = kills + $3, last_error = $4
		WHERE guid = $1 RETURNING attempts, kills`, guid, failed, kills, printable(cause))
	if err != nil {
		return Failure{}, err
	}
	f := Failure{GUID: guid, Attempts: failed}
	if killed {
		f.Attempts = kills
	}
	if failed < c.maxAttempts && kills < c.maxAttempts*killedFactor {
		return f, nil
	}
	if f.Dead = len(w.deliveries) == 1; f.Dead {
		if _, err := t.exec(ctx, `UPDATE delivery SET state = $2, done_at = $3 WHERE guid = $1`, guid, stateDead, c.db.stamp()); err != nil {
			return f, err
		}
	}
	return f, runSteps(ctx, t, c.closePlan(w))
}

// errorMax is enough for a stack trace.
const errorMax = 8 << 10

// printable makes text that PostgreSQL takes, of a bearable length.
func printable(s string) string {
	if len(s) > errorMax {
		s = s[:errorMax] + " …"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
