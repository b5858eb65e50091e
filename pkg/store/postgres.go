package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// migrationLock is held while one replica migrates.
	migrationLock = 0x6464626f74 // "ddbot"
	// defaultConns serves the usual number of workers and some receivers; pool_max_conns in the URL overrides it.
	defaultConns = 16
)

// openPostgres opens a database that replicas share. Transactions run at READ COMMITTED, on which Receive and Claim rely:
// each statement sees what was committed while the one before it waited for a lock.
func openPostgres(ctx context.Context, url string, beside bool) (engine, error) {
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
	words := newPostgresDialect()
	e := &plainEngine{
		list: pgConn{pool, words},
		read: pgConn{pool, words},
		begin: func(ctx context.Context, _ bool) (begun, error) {
			t, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
			if err != nil {
				return begun{}, err
			}
			return begun{pgConn{t, words}, t.Commit, t.Rollback}, nil
		},
		shut: func() error { pool.Close(); return nil },
	}
	if beside {
		err = checkSchema(ctx, e.read, `SELECT count(*) FROM pg_tables WHERE tablename = 'ddbot_migration' AND schemaname = ANY (current_schemas(false))`)
	} else {
		err = migrateAlone(ctx, pool, e)
	}
	if err != nil {
		return nil, errors.Join(err, e.shut())
	}
	return pgEngine{e, pool, pgConn{pool, words}}, nil
}

// execFor is how long a single statement may take.
const execFor = 10 * time.Second

// pgEngine runs a single statement without BEGIN and COMMIT: each is a round trip.
type pgEngine struct {
	*plainEngine
	pgx  *pgxpool.Pool
	pool pgConn
}

func (e pgEngine) shared() bool { return true }

func (e pgEngine) exec(ctx context.Context, query string, args ...any) (int64, error) {
	// Cancelled on its way, it could have taken effect without anybody knowing.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), execFor)
	defer cancel()
	return e.pool.exec(ctx, query, args...)
}

// run sends the whole transaction at once: one round trip. All are flushed: its machine can fail while we go on, and what comes after an
// acknowledgement that it lost would be done before that. Each statement sees what was committed before it began, as in any
// transaction at READ COMMITTED.
func (e pgEngine) run(ctx context.Context, _ care, steps ...step) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), execFor)
	defer cancel()
	conn, err := e.pgx.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	b := &pgx.Batch{}
	b.Queue("BEGIN ISOLATION LEVEL READ COMMITTED")
	for _, s := range steps {
		b.Queue(e.pool.text(s.query), s.args...)
	}
	b.Queue("COMMIT")
	answers := conn.SendBatch(ctx, b)
	_, err = answers.Exec()
	for i := 0; err == nil && i < len(steps); i++ {
		err = steps[i].read(answers)
	}
	if err == nil {
		_, err = answers.Exec()
	}
	if err = errors.Join(err, answers.Close()); err != nil {
		_, _ = conn.Exec(ctx, "ROLLBACK") // else the pool gives the connection up
	}
	return err
}

func (s step) read(answers pgx.BatchResults) error {
	if s.dst != nil {
		return answers.QueryRow().Scan(s.dst...)
	}
	tag, err := answers.Exec()
	if s.n != nil {
		*s.n = tag.RowsAffected()
	}
	return err
}

// migrateAlone migrates while no other replica does.
func migrateAlone(ctx context.Context, pool *pgxpool.Pool, e *plainEngine) (err error) {
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
	return migrate(ctx, e, func(s string) string { return linesOf("SQLite").ReplaceAllString(s, "") })
}
