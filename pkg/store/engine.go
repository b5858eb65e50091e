package store

import (
	"context"
	"fmt"

	"github.com/ddbot/ddbot/pkg/queue"
)

// tx is a transaction.
type tx = conn

// step is one statement of a transaction that is known as a whole before it begins: where the database is some way off, all of it
// goes there together.
type step struct {
	query string
	args  []any
	dst   []any  // where the only row goes; nil if there is none
	n     *int64 // how many rows were changed; nil if nobody wants to know
	must  bool   // the statement stands between {must} and {done}
}

// runSteps runs steps one after the other.
func runSteps(ctx context.Context, t tx, steps []step) error {
	for _, s := range steps {
		if s.dst != nil {
			if err := t.row(ctx, s.dst, s.query, s.args...); err != nil {
				return err
			}
			continue
		}
		n, err := t.exec(ctx, s.query, s.args...)
		if err != nil {
			return err
		}
		if s.must && n == 0 {
			return queue.ErrNotFound
		}
		if s.n != nil {
			*s.n = n
		}
	}
	return nil
}

// care is what a transaction asks for.
type care int

const (
	// work is durable when it is committed.
	work care = iota
	// receipt is, too, and goes before the work of others: GitHub waits for it.
	receipt
	// ending says how work ended. Where the database ends with us, it is flushed together with what comes after it: a power failure in
	// between leaves the work as a kill would before it ended, and never what came after it without it.
	ending
)

// engine is one database: a plainEngine, or a group over one.
type engine interface {
	// reader is for what takes little: single rows by their keys. lister is for the rest, so that nobody waits behind it.
	reader() conn
	lister() conn
	// inTx runs f in a transaction, which is durable when inTx returns nil. f must use the context that it is given, which
	// is made from ctx, must not keep the transaction, and may be run more than once: only its last run counts.
	inTx(ctx context.Context, f func(context.Context, tx) error) error
	// run runs the steps in a transaction.
	run(ctx context.Context, c care, steps ...step) error
	// exec runs one statement as a transaction of its own.
	exec(ctx context.Context, query string, args ...any) (affected int64, err error)
	// shared tells whether other processes may work on the same database.
	shared() bool
	close() error
}

// plainEngine gives each caller a transaction of its own.
type plainEngine struct {
	read  conn
	list  conn
	begin func(ctx context.Context, flushed bool) (begun, error)
	shut  func() error
}

// begun is an open transaction.
type begun struct {
	conn
	commit, rollback func(ctx context.Context) error
}

func (e *plainEngine) reader() conn { return e.read }
func (e *plainEngine) lister() conn { return e.list }
func (e *plainEngine) close() error { return e.shut() }

func (e *plainEngine) inTx(ctx context.Context, f func(context.Context, tx) error) error {
	return e.within(ctx, true, f)
}

// within is inTx; what is not flushed is durable together with the next transaction that is.
func (e *plainEngine) within(ctx context.Context, flushed bool, f func(context.Context, tx) error) error {
	b, err := e.begin(ctx, flushed)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer b.rollback(context.WithoutCancel(ctx)) //nolint:errcheck // does nothing after the commit
	if err := f(ctx, b.conn); err != nil {
		return err
	}
	if err := b.commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
