package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const (
	groupMax  = 64 // bounds how many wait for each other
	workShare = 8  // of them at most are of workers while deliveries wait to be stored
)

// group merges transactions that are asked for while one is under way into the next one, each as a savepoint of it. With
// SQLite every transaction is a flush of its own and there is one at a time: merged, many cost little more than one, and
// a delivery waits for one transaction before it can be stored, not for those of all workers. (PostgreSQL does this itself.)
type group struct {
	*riverEngine[*sql.Tx]
	queue   chan *member
	urgent  chan *member // receipts go first: GitHub waits for them, and what waits meanwhile is handled together
	closing chan struct{}
	closed  chan struct{}
}

// member is a transaction that wants to be part of one.
type member struct {
	ctx  context.Context
	f    func(context.Context, tx) error
	err  error
	done chan struct{} // closed when err is set
}

var errClosed = errors.New("the store is closed")

func newGroup(e *riverEngine[*sql.Tx]) *group {
	g := &group{e, make(chan *member), make(chan *member), make(chan struct{}), make(chan struct{})}
	go g.run()
	return g
}

// inTx waits for its turn as long as ctx allows; once it is f's turn, it waits for the end.
func (g *group) inTx(ctx context.Context, f func(context.Context, tx) error) error {
	return g.join(ctx, g.queue, f)
}

func (g *group) receiveTx(ctx context.Context, f func(context.Context, tx) error) error {
	return g.join(ctx, g.urgent, f)
}

func (g *group) join(ctx context.Context, queue chan<- *member, f func(context.Context, tx) error) error {
	m := &member{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case queue <- m:
		<-m.done
		return m.err
	case <-ctx.Done():
		return ctx.Err()
	case <-g.closing:
		return errClosed
	}
}

func (g *group) close() error {
	close(g.closing)
	<-g.closed
	return g.riverEngine.close()
}

func (g *group) run() {
	defer close(g.closed)
	for {
		select {
		case <-g.closing:
			return
		case m := <-g.urgent:
			g.commit(g.gather(m))
		case m := <-g.queue:
			g.commit(g.gather(m))
		}
	}
}

// gather adds those who wait already.
func (g *group) gather(first *member) []*member {
	ms := take([]*member{first}, g.urgent, groupMax)
	room := groupMax
	if len(ms) > 1 {
		room = min(len(ms)+workShare, groupMax)
	}
	return take(ms, g.queue, room)
}

// take takes what waits, until there are n.
func take(ms []*member, queue <-chan *member, n int) []*member {
	for len(ms) < n {
		select {
		case m := <-queue:
			ms = append(ms, m)
		default:
			return ms
		}
	}
	return ms
}

func (g *group) commit(ms []*member) {
	err := g.riverEngine.inTx(context.Background(), func(ctx context.Context, t tx) error {
		for _, m := range ms {
			if err := m.run(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
	for _, m := range ms {
		if m.err == nil {
			m.err = err
		}
		close(m.done)
	}
}

// run runs f in a savepoint. The member's own error stays with it; an error of the savepoint is everybody's.
func (m *member) run(ctx context.Context, t tx) error {
	if _, err := t.exec(ctx, `SAVEPOINT member`); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	// Not to be cancelled: SQLite rolls the whole transaction back when a statement is interrupted.
	if m.err = m.f(context.WithoutCancel(m.ctx), t); m.err != nil {
		if _, err := t.exec(ctx, `ROLLBACK TO member`); err != nil {
			return fmt.Errorf("roll back to savepoint: %w", err)
		}
	}
	if _, err := t.exec(ctx, `RELEASE member`); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}
