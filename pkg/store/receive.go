package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// sqlNextSeq locks the key's row until the transaction ends. So who has the lower seq has committed first, and no
	// claim can end (see settle) between our look at the pending deliveries and our commit.
	sqlNextSeq = `INSERT INTO issue (key, next_seq, owner) VALUES ($1, 2, '')
		ON CONFLICT (key) DO UPDATE SET next_seq = issue.next_seq + 1 RETURNING next_seq - 1`

	// sqlInsertDelivery tells whether nothing else was waiting, and no row for a known GUID. It must be a statement of its
	// own: the one before may have waited for the lock and would look at the state before that.
	sqlInsertDelivery = `INSERT INTO delivery (guid, key, seq, event, payload, received_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (guid) DO NOTHING
		RETURNING NOT EXISTS (SELECT 1 FROM delivery d WHERE d.key = $2 AND d.state = 0 AND d.seq < $3)`
)

// Receive stores d and sees to it that a job will drain its key. If others wait for the same key, that job exists: it ends
// only in a transaction that found none waiting, under the same lock.
func (db *DB) Receive(ctx context.Context, d Delivery) (fresh bool, err error) {
	if d.GUID == "" || d.Key == "" {
		return false, fmt.Errorf("store delivery %q for %q: it needs a GUID and a key", d.GUID, d.Key)
	}
	if d.ReceivedAt.IsZero() {
		d.ReceivedAt = db.now()
	}
	if db.group != nil {
		fresh, err = db.group.do(ctx, d)
	} else {
		fresh, err = one(ctx, db.receiveAll, d)
	}
	if err != nil {
		return false, fmt.Errorf("store delivery %s: %w", d.GUID, err)
	}
	return fresh, nil
}

// receiveFunc stores deliveries in one transaction and tells which of them were new.
type receiveFunc func(ctx context.Context, ds []Delivery) (fresh []bool, err error)

func one(ctx context.Context, receive receiveFunc, d Delivery) (bool, error) {
	fresh, err := receive(ctx, []Delivery{d})
	return err == nil && fresh[0], err
}

func (db *DB) receiveAll(ctx context.Context, ds []Delivery) (fresh []bool, err error) {
	fresh = make([]bool, len(ds))
	err = db.engine.inTx(ctx, func(t tx) error {
		var idle []string // keys for which nothing waited
		for i, d := range ds {
			var seq int64
			if err := t.row(ctx, []any{&seq}, sqlNextSeq, d.Key); err != nil {
				return err
			}
			var alone bool
			err := t.row(ctx, []any{&alone}, sqlInsertDelivery,
				d.GUID, d.Key, seq, d.Event, append([]byte{}, d.Payload...), d.ReceivedAt.UnixMicro())
			if errors.Is(err, ErrNotFound) {
				continue // a known GUID; the gap in seq does no harm
			}
			if err != nil {
				return err
			}
			fresh[i] = true
			if alone {
				idle = append(idle, d.Key)
			}
		}
		if len(idle) == 0 {
			return nil
		}
		return t.drain(ctx, idle...)
	})
	return fresh, err
}

const (
	groupMax     = 64
	groupTimeout = 30 * time.Second
)

// group merges Receives that come while a transaction is under way into the next one: on SQLite each transaction is a
// flush of its own, so this is most of the throughput. (PostgreSQL groups commits itself.)
type group struct {
	receive receiveFunc
	queue   chan *waiting
	closing chan struct{}
	closed  chan struct{}
}

type waiting struct {
	d     Delivery
	done  chan struct{} // closed when the rest is set
	fresh bool
	err   error
}

var errClosed = errors.New("the store is closed")

func newGroup(receive receiveFunc) *group {
	g := &group{receive, make(chan *waiting), make(chan struct{}), make(chan struct{})}
	go g.run()
	return g
}

// do waits until d is stored, or ctx is done: then d may be stored nevertheless.
func (g *group) do(ctx context.Context, d Delivery) (bool, error) {
	w := &waiting{d: d, done: make(chan struct{})}
	select {
	case g.queue <- w:
	case <-ctx.Done():
		return false, ctx.Err()
	case <-g.closing:
		return false, errClosed
	}
	select {
	case <-w.done:
		return w.fresh, w.err
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (g *group) close() {
	close(g.closing)
	<-g.closed
}

func (g *group) run() {
	defer close(g.closed)
	for {
		select {
		case <-g.closing:
			return
		case w := <-g.queue:
			g.flush(g.gather(w))
		}
	}
}

// gather adds those who wait already.
func (g *group) gather(first *waiting) []*waiting {
	ws := []*waiting{first}
	for len(ws) < groupMax {
		select {
		case w := <-g.queue:
			ws = append(ws, w)
		default:
			return ws
		}
	}
	return ws
}

func (g *group) flush(ws []*waiting) {
	// Not the context of any one of them: it would take the others down.
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	ds := make([]Delivery, len(ws))
	for i, w := range ws {
		ds[i] = w.d
	}
	fresh, err := g.receive(ctx, ds)
	for i, w := range ws {
		switch {
		case err == nil:
			w.fresh = fresh[i]
		case len(ws) == 1:
			w.err = err
		default: // one of them may be at fault: each for itself
			w.fresh, w.err = one(ctx, g.receive, w.d)
		}
		close(w.done)
	}
}
