package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

const (
	// migrationLock is held while one replica migrates: rivermigrate is not made for several at once.
	migrationLock = 0x6464626f74 // "ddbot"
	// defaultConns serves the usual number of workers and some receivers; pool_max_conns in the URL overrides it.
	defaultConns = 16
	// riverConns are beside those: River's listener has one for itself, its fetching and housekeeping share the others.
	riverConns = 6
)

// openPostgres opens a database that replicas share. Transactions run at READ COMMITTED, on which Receive and Claim rely:
// each statement sees what was committed while the one before it waited for a lock.
func openPostgres(ctx context.Context, url string, beside bool, log *slog.Logger) (engine, error) {
	c, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err // pgx leaves the password out of it
	}
	if !strings.Contains(url, "pool_max_conns") {
		c.MaxConns = defaultConns
	}
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, err
	}
	river, err := riverPool(ctx, c)
	if err != nil {
		pool.Close()
		return nil, err
	}
	e := &riverEngine[pgx.Tx]{
		driver: riverpgxv5.New(river),
		read:   pgConn{pool},
		begin: func(ctx context.Context) (begun[pgx.Tx], error) {
			t, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
			if err != nil {
				return begun[pgx.Tx]{}, err
			}
			return begun[pgx.Tx]{pgConn{t}, t, t.Commit, t.Rollback}, nil
		},
		wake: func() {}, // River's NOTIFY is in the transaction
		shut: func() error { river.Close(); pool.Close(); return nil },
	}
	if beside {
		err = checkSchema(ctx, e.read, `SELECT count(*) FROM pg_tables WHERE tablename = 'ddbot_migration' AND schemaname = ANY (current_schemas(false))`)
	} else {
		err = migrateAlone(ctx, pool, e, log)
	}
	if err != nil {
		return nil, errors.Join(err, e.shut())
	}
	if e.insert, err = newInserter(e.driver, log); err != nil {
		return nil, errors.Join(err, e.shut())
	}
	return pgEngine{e, pgConn{pool}}, nil
}

// riverPool is for what River does by itself, outside our transactions: that a job was fetched, or put off, need not be
// flushed to the disk before it goes on. Should the database's machine lose that, the job is only run once more, and whether
// it may write anything our own rows decide.
func riverPool(ctx context.Context, c *pgxpool.Config) (*pgxpool.Pool, error) {
	c = c.Copy()
	c.MaxConns = riverConns
	c.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	return pgxpool.NewWithConfig(ctx, c)
}

// execFor is how long a single statement may take.
const execFor = 10 * time.Second

// pgEngine runs a single statement without BEGIN and COMMIT: each is a round trip.
type pgEngine struct {
	*riverEngine[pgx.Tx]
	pool pgConn
}

func (e pgEngine) exec(ctx context.Context, query string, args ...any) (int64, error) {
	// Cancelled on its way, it could have taken effect without anybody knowing.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), execFor)
	defer cancel()
	return e.pool.exec(ctx, query, args...)
}

// migrateAlone migrates while no other replica does.
func migrateAlone(ctx context.Context, pool *pgxpool.Pool, e *riverEngine[pgx.Tx], log *slog.Logger) (err error) {
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock)); err != nil {
		return fmt.Errorf("wait for other replicas' migration: %w", err)
	}
	defer func() {
		_, e := c.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
		err = errors.Join(err, e)
	}()
	return migrate(ctx, e, log, func(s string) string { return s })
}
