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
	working map[held]bool  // what somebody is at work on, or may get
	busy    map[string]int // how many of these a key has
}

// held names a claim.
type held struct{ key, token string }

// Join makes this process one that works. maxAttempts is how often a delivery may fail.
func (db *DB) Join(ctx context.Context, maxAttempts int, t Taker) (*Replica, error) {
	r := &Replica{db: db, id: rand.Text(), maxAttempts: maxAttempts, taker: t, working: map[held]bool{}, busy: map[string]int{}}
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
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.claim(key, token)
}

// workAlone is work with a new token, on a key that nobody of this process is at work on; nil if somebody is.
func (r *Replica) workAlone(key string) *Claim {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy[key] > 0 {
		return nil
	}
	return r.claim(key, r.token())
}

func (r *Replica) claim(key, token string) *Claim {
	r.working[held{key, token}] = true
	r.busy[key]++
	return &Claim{db: r.db, key: key, token: token, maxAttempts: r.maxAttempts}
}

// Forget tells that nobody works on the claim any more. If it has not ended in order it is free.
func (r *Replica) Forget(c *Claim) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := held{c.key, c.token}
	if !r.working[h] {
		return
	}
	delete(r.working, h)
	if r.busy[c.key]--; r.busy[c.key] == 0 {
		delete(r.busy, c.key)
	}
}

func (r *Replica) at(key, token string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.working[held{key, token}] || r.working[held{anyKey, token}]
}

// look tells our worker that something is due. r may be nil.
func (r *Replica) look() {
	if r != nil {
		r.taker.Look()
	}
}

// Due tells how many keys are due that nobody has taken, at most n, and how long it is until the next is if there is none; most if
// nothing is before.
func (r *Replica) Due(ctx context.Context, n int, most time.Duration) (due int, next time.Duration, err error) {
	var wait int64
	err = r.db.engine.reader().row(ctx, []any{&due, &wait}, `SELECT (SELECT count(*) FROM (SELECT key FROM issue
			WHERE due_at <= {now} AND owner = '' LIMIT `+strconv.Itoa(n)+`) waiting),
		coalesce((SELECT due_at - {now} FROM issue WHERE due_at > {now} AND owner = '' ORDER BY due_at LIMIT 1), $1)`, most.Microseconds())
	if err != nil {
		return 0, most, fmt.Errorf("look for work: %w", err)
	}
	return due, min(time.Duration(wait)*time.Microsecond, most), nil
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
	err = r.db.engine.lister().rows(ctx, func(scan func(...any) error) error {
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
