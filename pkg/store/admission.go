package store

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
)

// admitFor is how long GitHub waits for work on a delivery that is not stored yet: to plan takes less, and what takes longer asks
// GitHub.
const admitFor = 5 * time.Millisecond

// Admit is Receive for what came from GitHub by itself, for the first time. If nothing waits for its key and a worker of this
// process has a place free, work on it begins at once, before it is stored: what comes to nothing is then stored as done, without
// its payload, in one transaction; what comes to a plan is stored with it. In any case it is stored before Admit returns.
//
// A process that dies before that has acknowledged nothing, and GitHub is asked to deliver again. What was asked for is
// stored first, so that a delivery that kills the process is found out.
func (db *DB) Admit(ctx context.Context, d queue.Delivery) (fresh bool, err error) {
	if d, err = db.receivable(d); err != nil {
		return false, err
	}
	a := db.here.Load().admit(d)
	if a == nil {
		return db.Receive(ctx, d)
	}
	wait := time.NewTimer(admitFor)
	defer wait.Stop()
	select {
	case <-a.end:
	case <-wait.C:
		_ = a.keep(ctx) // as below
	}
	if a.err != nil {
		return false, notStored(d, a.err)
	}
	return a.n > 0, nil
}

// admission is a delivery on which work has begun before it was stored. The work reads what is known without a claim of the key; it
// becomes one if nothing else was received for it meanwhile. If something was, the delivery waits as any other, and the
// work is told that it has lost the key before it has done anything.
type admission struct {
	r     *Replica
	claim *Claim
	d     queue.Delivery

	mu   sync.Mutex
	next int64         // the seq that comes next if nothing is received meanwhile; see sqlSeen
	end  chan struct{} // closed when it was stored, or cannot be
	// What follows is set before that.
	stored
	mine bool
	err  error
}

// admit gives the delivery to a worker, before it is stored. nil: it has to be stored first. r may be nil.
func (r *Replica) admit(d queue.Delivery) *admission {
	if r == nil || !r.taker.Reserve() {
		return nil
	}
	claim := r.workAlone(d.Key)
	if claim == nil {
		r.taker.Free()
		return nil
	}
	a := &admission{r: r, claim: claim, d: d, end: make(chan struct{})}
	claim.admission = a
	r.taker.Take(claim, &Work{claim: claim, first: true, deliveries: []queue.Delivery{d}})
	return a
}

const (
	// sqlSeen gives the seq that comes next for a key for which nothing waits; unseen if something does, or if the GUID is known or was
	// asked for.
	sqlSeen = `SELECT CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE guid = $2)
			OR EXISTS (SELECT 1 FROM record WHERE kind = '` + queue.RecordAsked + `' AND id = $2) THEN -1
		ELSE coalesce((SELECT CASE WHEN owner = '' AND due_at IS NULL THEN next_seq ELSE -1 END FROM issue WHERE key = $1), 1) END`
	unseen   = -1 // nobody can have seen the key so
	whatever = 0  // nothing was read: however the key is, it is as it was seen
)

// read is DB.GetMany for work on it. If it is not stored yet, it is noted how the key was seen with what was read.
func (a *admission) read(ctx context.Context, names []queue.Name) ([]queue.Record, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.open() {
		if err := a.lost(); err != nil {
			return nil, err
		}
		return a.r.db.GetMany(ctx, names)
	}
	rs, err := a.r.db.many(ctx, names, `SELECT '', '', NULL, (`+sqlSeen+`)`, a.d.Key, a.d.GUID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rs, func(r queue.Record) bool { return r.Kind == "" })
	if a.next = rs[i].At.UnixMicro(); a.next == unseen {
		err = a.store(ctx)
	}
	return slices.Delete(rs, i, i+1), err
}

// keep stores the delivery as one that waits, unless it is stored. ErrLost if the key is not ours.
func (a *admission) keep(ctx context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.open() {
		return a.lost()
	}
	return a.store(ctx)
}

// open tells whether it is still to be stored.
func (a *admission) open() bool {
	select {
	case <-a.end:
		return false
	default:
		return true
	}
}

func (a *admission) lost() error {
	if a.mine {
		return nil
	}
	return errors.Join(queue.ErrLost, a.err)
}

func (a *admission) store(ctx context.Context, also ...step) error {
	steps, err := a.steps(a.d, a.claim.token, a.next)
	if err == nil {
		err = a.r.db.engine.run(ctx, receipt, append(steps, also...)...)
	}
	a.err, a.mine = err, err == nil && a.n > 0 && a.owner == a.claim.token
	switch {
	case err != nil || a.mine:
	case a.owner == a.claim.token: // the GUID has become known this very moment: there is nothing to do
		var owner string
		_ = a.r.db.engine.run(ctx, ending, a.claim.settle(End{}, &owner)) // should it fail, the key is freed as that of a dead one
	case a.owner == "":
		a.r.look()
	}
	close(a.end)
	return a.lost()
}

const (
	// Neither changes anything if the key is not as it was seen, or the GUID has become known.
	sqlPass = `{must}INSERT INTO issue (key, next_seq, owner) VALUES ($1, 2, '')
		ON CONFLICT (key) DO UPDATE SET next_seq = issue.next_seq + 1
			WHERE issue.owner = '' AND issue.due_at IS NULL AND CAST($2 AS bigint) IN (0, issue.next_seq){done}`
	sqlPassed = `{must}INSERT INTO delivery (guid, key, seq, event, payload, received_at, state, done_at)
		SELECT $1, key, next_seq - 1, $3, $4, $5, 4, $6 FROM issue WHERE key = $2
		ON CONFLICT (guid) DO NOTHING{done}`

	// sqlAdmitPlan is sqlSavePlan for a delivery that is stored with it.
	sqlAdmitPlan = `INSERT INTO plan (key, upto, data, saved_at) SELECT i.key, d.seq, $3, $4
		FROM issue i JOIN delivery d ON d.guid = $5 AND d.key = i.key AND d.seq = i.next_seq - 1 WHERE i.key = $1 AND i.owner = $2`
)

// pass stores the delivery as done, if it is not stored yet, with the records. done is false if it is.
func (a *admission) pass(ctx context.Context, rs []queue.Record) (done bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.open() {
		return false, a.lost()
	}
	d, now := a.d, a.r.db.stamp()
	steps := append([]step{
		{query: sqlPass, args: []any{d.Key, a.next}, must: true},
		{query: sqlPassed, args: []any{d.GUID, d.Key, d.Event, []byte{}, d.ReceivedAt.UnixMicro(), now}, must: true},
	}, put(now, rs)...)
	a.err = notMine(a.r.db.engine.run(ctx, receipt, steps...))
	if errors.Is(a.err, queue.ErrLost) { // somebody was faster
		return false, errors.Join(a.store(ctx), queue.ErrLost)
	}
	if a.err == nil {
		a.n, a.mine = 1, true
	}
	close(a.end)
	return true, a.lost()
}

// plan stores the delivery with its plan, if it is not stored yet. done is false if it is.
func (a *admission) plan(ctx context.Context, data []byte) (done bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.open() {
		return false, a.lost()
	}
	return true, a.store(ctx, step{query: sqlAdmitPlan, args: []any{a.d.Key, a.claim.token, data, a.r.db.stamp(), a.d.GUID}})
}
