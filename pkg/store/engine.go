package store

import (
	"context"
	"fmt"
)

// tx is a transaction.
type tx = conn

// engine is one database: a plainEngine, or a group over one.
type engine interface {
	reader() conn
	// inTx runs f in a transaction, which is durable when inTx returns nil. f must use the context that it is given, which
	// is made from ctx, must not keep the transaction, and may be run more than once: only its last run counts.
	inTx(ctx context.Context, f func(context.Context, tx) error) error
	// receiveTx is inTx for a receipt, which goes before the work of others.
	receiveTx(ctx context.Context, f func(context.Context, tx) error) error
	// exec runs one statement as a transaction of its own.
	exec(ctx context.Context, query string, args ...any) (affected int64, err error)
	// shared tells whether other processes may work on the same database.
	shared() bool
	close() error
}

// plainEngine gives each caller a transaction of its own.
type plainEngine struct {
	read  conn
	begin func(ctx context.Context) (begun, error)
	shut  func() error
}

// begun is an open transaction.
type begun struct {
	conn
	commit, rollback func(ctx context.Context) error
}

func (e *plainEngine) reader() conn { return e.read }
func (e *plainEngine) close() error { return e.shut() }

func (e *plainEngine) receiveTx(ctx context.Context, f func(context.Context, tx) error) error {
	return e.inTx(ctx, f)
}

func (e *plainEngine) inTx(ctx context.Context, f func(context.Context, tx) error) error {
	b, err := e.begin(ctx)
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
