package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
)

// Alive is how long after its last sign of life a replica is taken for dead, by the database's clock. Who could not give one
// for some time must have stopped before: see worker.
const Alive = 6 * time.Second

// sqlAlive gives the ids of the replicas that live. An owner's first 26 characters are the id of a replica.
var sqlAlive = fmt.Sprintf(`SELECT id FROM replica WHERE seen_at > {now} - %d`, Alive.Microseconds())

// Taker works in this process.
type Taker interface {
	// Reserve gives a place for one more key, if there is one.
	Reserve() bool
	// Free gives it back.
	Free()
	// Take begins to work on a claim in a place that was reserved. The work may be nil: then it is to be loaded.
	Take(c *Claim, w *Work)
	// Look tells that something is due that nobody has taken.
	Look()
}

// Replica is a process that works on what is in the database. The database tells its claims from those of others by its id,
// and frees what the dead had in hand.
type Replica struct {
	db          *DB
	id          string
	maxAttempts int
	taker       Taker
	n           atomic.Int64

	mu      sync.Mutex
	working map[Claim]bool // claims that somebody is at work on, or may get
}

// Join makes this process one that works. maxAttempts is how often a delivery may fail.
func (db *DB) Join(ctx context.Context, maxAttempts int, t Taker) (*Replica, error) {
	r := &Replica{db: db, id: rand.Text(), maxAttempts: maxAttempts, taker: t, working: map[Claim]bool{}}
	if !db.engine.shared() { // we have the lock: nobody else is there
		if _, err := db.engine.exec(ctx, `DELETE FROM replica`); err != nil {
			return nil, fmt.Errorf("join: %w", err)
		}
	}
	if err := r.beat(ctx); err != nil {
		return nil, fmt.Errorf("join: %w", err)
	}
	db.here.Store(r)
	return r, nil
}

// Leave says that this process works no more: what it has in hand is free at once.
func (r *Replica) Leave(ctx context.Context) error {
	r.db.here.CompareAndSwap(r, nil)
	if _, err := r.db.engine.exec(ctx, `DELETE FROM replica WHERE id = $1`, r.id); err != nil {
		return fmt.Errorf("leave: %w", err)
	}
	return nil
}

// Beat gives a sign of life.
func (r *Replica) Beat(ctx context.Context) error {
	if !r.db.engine.shared() {
		return nil
	}
	if err := r.beat(ctx); err != nil {
		return fmt.Errorf("give a sign of life: %w", err)
	}
	return nil
}

func (r *Replica) beat(ctx context.Context) error {
	_, err := r.db.engine.exec(ctx, `INSERT INTO replica (id, seen_at) VALUES ($1, coalesce($2, {now}))
		ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`, r.id, r.forEver())
	return err
}

// forEver is the sign of life of one that cannot have been silent: nobody else could look.
func (r *Replica) forEver() *int64 {
	if r.db.engine.shared() {
		return nil
	}
	ever := int64(math.MaxInt64)
	return &ever
}

// token is for one claim: nobody else ever has it.
func (r *Replica) token() string { return r.id + strconv.FormatInt(r.n.Add(1), 10) }

// work notes a claim as one that somebody is at work on.
func (r *Replica) work(key, token string) *Claim {
	c := &Claim{r.db, key, token, r.maxAttempts}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.working[*c] = true
	return c
}

// Forget tells that nobody works on the claim any more. If it has not ended in order it is free.
func (r *Replica) Forget(c *Claim) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.working, *c)
}

func (r *Replica) at(key, token string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.working[Claim{r.db, key, token, r.maxAttempts}] || r.working[Claim{r.db, anyKey, token, r.maxAttempts}]
}

// look tells our worker that something is due. r may be nil.
func (r *Replica) look() {
	if r != nil {
		r.taker.Look()
	}
}

// offer is a place of a worker that waits for the end of a receipt. All its methods may be called of nil.
type offer struct {
	r *Replica
	c *Claim // nil: no place is free
}

func (r *Replica) offer(key string) *offer {
	if r == nil {
		return nil
	}
	o := &offer{r: r}
	if r.taker.Reserve() {
		o.c = r.work(key, r.token())
	}
	return o
}

func (o *offer) token() string {
	if o == nil || o.c == nil {
		return ""
	}
	return o.c.token
}

// end hands the claim on if it has come about.
func (o *offer) end(owner string, d queue.Delivery, fresh bool, err error) {
	switch {
	case o == nil:
		return
	case err == nil && o.c != nil && owner == o.c.token:
		var w *Work
		if fresh { // nothing else waited
			w = &Work{claim: o.c, deliveries: []queue.Delivery{d}}
		}
		o.r.taker.Take(o.c, w)
		return
	case o.c != nil:
		o.r.Forget(o.c)
		o.r.taker.Free()
	}
	if err == nil && owner == "" {
		o.r.taker.Look()
	}
}

// Due tells how long it is until something is due that nobody has taken; less than 0 if something is, and most if nothing is
// before.
func (r *Replica) Due(ctx context.Context, most time.Duration) (time.Duration, error) {
	var wait int64
	err := r.db.engine.reader().row(ctx, []any{&wait}, `SELECT coalesce((SELECT due_at - {now} FROM issue
		WHERE due_at IS NOT NULL AND owner = '' ORDER BY due_at LIMIT 1), $1)`, most.Microseconds())
	if err != nil {
		return most, fmt.Errorf("look for work: %w", err)
	}
	return min(time.Duration(wait)*time.Microsecond, most), nil
}

// anyKey stands for the keys of a fetch, which are not known before its end.
const anyKey = ""

// Fetch claims up to n keys that are due, those first that are so for longest.
func (r *Replica) Fetch(ctx context.Context, n int) ([]*Claim, error) {
	token := r.token()
	defer r.Forget(r.work(anyKey, token))
	var keys []string
	err := r.db.engine.inTx(ctx, func(ctx context.Context, t tx) error {
		keys = nil
		return t.rows(ctx, func(scan func(...any) error) error {
			var key string
			err := scan(&key)
			keys = append(keys, key)
			return err
		}, `UPDATE issue SET owner = $1 WHERE owner = '' AND key IN (SELECT key FROM issue
			WHERE due_at <= {now} AND owner = '' ORDER BY due_at LIMIT `+strconv.Itoa(n)+` {free}) RETURNING key`, token)
	})
	if err != nil {
		return nil, fmt.Errorf("fetch work: %w", err)
	}
	cs := make([]*Claim, len(keys))
	for i, key := range keys {
		cs[i] = r.work(key, token)
	}
	return cs, nil
}

// FreeDead frees what nobody works on although it has an owner: one that is dead, or that was ours and forgotten. That counts as
// an attempt that was killed. some tells whether there was any.
func (r *Replica) FreeDead(ctx context.Context) (some bool, err error) {
	if r.db.engine.shared() {
		_, err := r.db.engine.exec(ctx, `DELETE FROM replica WHERE seen_at < {now} - $1`, (10 * Alive).Microseconds())
		if err != nil {
			return false, fmt.Errorf("forget dead replicas: %w", err)
		}
	}
	var dead []Claim
	err = r.db.engine.reader().rows(ctx, func(scan func(...any) error) error {
		c := Claim{db: r.db, maxAttempts: r.maxAttempts}
		err := scan(&c.key, &c.token)
		dead = append(dead, c)
		return err
	}, `SELECT key, owner FROM issue WHERE due_at IS NOT NULL AND owner <> ''
		AND (substr(owner, 1, 26) = $1 OR substr(owner, 1, 26) NOT IN (`+sqlAlive+`))`, r.id)
	for _, c := range dead {
		if !r.at(c.key, c.token) {
			err = errors.Join(err, c.freeDead(ctx))
			some = true
		}
	}
	if err != nil {
		return some, fmt.Errorf("free what dead replicas had: %w", err)
	}
	return some, nil
}

// freeDead ends the claim for who died. The key keeps its place among those that are due.
func (c *Claim) freeDead(ctx context.Context) error {
	err := c.fenced(ctx, func(ctx context.Context, t tx) error {
		if err := c.silent(ctx, t); err != nil {
			return err
		}
		_, err := t.exec(ctx, `UPDATE issue SET owner = '' WHERE key = $1`, c.key)
		return err
	})
	if errors.Is(err, queue.ErrLost) {
		return nil // somebody else was first
	}
	return err
}
