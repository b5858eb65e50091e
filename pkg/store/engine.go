package store

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// tx is a transaction of ours in which River's jobs can change, too.
type tx interface {
	conn
	// drain sees to it that each key has a job that drains it when the transaction has ended.
	drain(keys ...string)
	// complete ends a running job together with the transaction.
	complete(ctx context.Context, job *rivertype.JobRow) error
}

// engine is one database with its River: a riverEngine, or a group over one. The interface hides River's type parameter, so
// that everything else is written once and without it.
type engine interface {
	reader() conn
	// inTx runs f in a transaction, which is durable when inTx returns nil. f must use the context that it is given, which
	// is made from ctx, must not keep the transaction, and may be run more than once: only its last run counts.
	inTx(ctx context.Context, f func(context.Context, tx) error) error
	// receiveTx is inTx for a receipt, which goes before the work of others.
	receiveTx(ctx context.Context, f func(context.Context, tx) error) error
	// exec runs one statement as a transaction of its own.
	exec(ctx context.Context, query string, args ...any) (affected int64, err error)
	newClient(c *river.Config) (Client, error)
	close() error
}

// Client is River's client, whatever its database.
type Client interface {
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
}

// riverEngine is an engine whose transactions are of type T: *sql.Tx or pgx.Tx.
type riverEngine[T any] struct {
	driver riverdriver.Driver[T]
	insert *river.Client[T] // inserts only, works nothing
	read   conn
	begin  func(ctx context.Context) (begun[T], error)
	wake   func() // tells our own process that jobs were inserted, after the commit
	shut   func() error
}

// newInserter gives the client that inserts. River notifies once per FetchCooldown at most, and a job that was inserted in
// between would wait for the next poll: so it is as short as River allows.
func newInserter[T any](d riverdriver.Driver[T], log *slog.Logger) (*river.Client[T], error) {
	return river.NewClient(d, &river.Config{Logger: log, FetchCooldown: river.FetchCooldownMin})
}

// begun is an open transaction.
type begun[T any] struct {
	conn
	native           T
	commit, rollback func(ctx context.Context) error
}

func (e *riverEngine[T]) reader() conn { return e.read }
func (e *riverEngine[T]) close() error { return e.shut() }

func (e *riverEngine[T]) newClient(c *river.Config) (Client, error) {
	return river.NewClient(e.driver, c)
}

func (e *riverEngine[T]) receiveTx(ctx context.Context, f func(context.Context, tx) error) error {
	return e.inTx(ctx, f)
}

func (e *riverEngine[T]) inTx(ctx context.Context, f func(context.Context, tx) error) error {
	b, err := e.begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer b.rollback(context.WithoutCancel(ctx)) //nolint:errcheck // does nothing after the commit
	t := &riverTx[T]{begun: b, insert: e.insert}
	if err := f(ctx, t); err != nil {
		return err
	}
	if err := t.insertDrains(ctx); err != nil {
		return err
	}
	if err := b.commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if len(t.drains) > 0 {
		e.wake()
	}
	return nil
}

type riverTx[T any] struct {
	begun[T]
	insert *river.Client[T]
	drains []string // keys
}

func (t *riverTx[T]) drain(keys ...string) { t.drains = append(t.drains, keys...) }

// insertDrains inserts all jobs together at the end, when those that completed are out of their way: one statement of
// River's costs as much as ten of ours.
func (t *riverTx[T]) insertDrains(ctx context.Context) error {
	if len(t.drains) == 0 {
		return nil
	}
	slices.Sort(t.drains)
	keys := slices.Compact(t.drains)
	jobs := make([]river.InsertManyParams, len(keys))
	for i, key := range keys {
		jobs[i].Args = DrainArgs{Key: key}
	}
	if _, err := t.insert.InsertManyTx(ctx, t.native, jobs); err != nil {
		return fmt.Errorf("insert drain jobs: %w", err)
	}
	return nil
}

func (t *riverTx[T]) complete(ctx context.Context, job *rivertype.JobRow) error {
	_, err := river.JobCompleteTx[riverdriver.Driver[T]](ctx, t.native, &river.Job[anyArgs]{JobRow: job})
	if err != nil {
		return fmt.Errorf("complete job %d: %w", job.ID, err)
	}
	return nil
}

// anyArgs stands for the arguments of whatever job is completed.
type anyArgs struct{}

func (anyArgs) Kind() string { return "any" }

// DrainArgs is the job that drains one key.
type DrainArgs struct {
	Key string `json:"key" river:"unique"`
}

func (DrainArgs) Kind() string { return "drain_issue" }

// InsertOpts makes the job unique among those that are not finished.
func (DrainArgs) InsertOpts() river.InsertOpts { return UniqueJob() }

// UniqueJob is for jobs of which one per arguments may live. Running ones count (River insists), finished ones do not.
// Attempts are counted per delivery, by us: River's bound is out of the way.
func UniqueJob() river.InsertOpts {
	return river.InsertOpts{
		MaxAttempts: 10_000,
		UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning,
			rivertype.JobStateRetryable, rivertype.JobStateScheduled,
		}},
	}
}
