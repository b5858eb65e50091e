package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// conn is the little that our statements need. They are the same text on both databases ($1 is understood by both), but for
// the words of a dialect.
type conn interface {
	exec(ctx context.Context, query string, args ...any) (affected int64, err error)
	// row scans the only row into dst: ErrNotFound if there is none.
	row(ctx context.Context, dst []any, query string, args ...any) error
	// rows calls each for every row, with the function that scans it.
	rows(ctx context.Context, each func(scan func(dst ...any) error) error, query string, args ...any) error
}

// dialect writes our statements as a database has them:
//
//	{now}   its clock, in microseconds since 1970: it decides between replicas whose own clocks differ
//	{lock}  at the end of a SELECT locks what it reads
//	{free}  the same, and leaves out what others have locked
//	{fence} see sqlFence
//	{must} … {done} around a statement that must change a row, else the transaction fails (see step.must, notMine). SQLite, where that is
//		seen between two statements, would make a table of what is RETURNING
type dialect struct {
	words *strings.Replacer
	known sync.Map // text to text
}

func newSQLiteDialect() *dialect {
	// No word for locks and no need: there is one writer at a time.
	return &dialect{words: strings.NewReplacer("{now}", "CAST(unixepoch('subsec') * 1000000 AS INTEGER)", "{lock}", "", "{free}", "", "{must}", "", "{done}", "",
		"{fence}", "SELECT 1 FROM issue WHERE key = $1 AND owner = $2")}
}

func newPostgresDialect() *dialect {
	return &dialect{words: strings.NewReplacer("{now}", "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
		"{lock}", "FOR UPDATE", "{free}", "FOR UPDATE SKIP LOCKED",
		"{must}", "WITH must AS (", "{done}", " RETURNING 1) SELECT 1 / count(*) FROM must",
		"{fence}", "SELECT 1 / count(*) FROM (SELECT 1 FROM issue WHERE key = $1 AND owner = $2 FOR UPDATE) mine")}
}

func (d *dialect) text(query string) string {
	if t, ok := d.known.Load(query); ok {
		return t.(string)
	}
	t := d.words.Replace(query)
	d.known.Store(query, t)
	return t
}

// querier is what *sql.DB and *sql.Tx have in common.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// sqlConn is conn over a querier: SQLite's.
type sqlConn struct {
	q querier
	*dialect
}

// whole gives the context of a statement that is done as a whole, if it is begun before ctx ends: it takes less than what the driver does
// to be able to interrupt it, a goroutine for each.
func whole(ctx context.Context) (context.Context, error) {
	return context.WithoutCancel(ctx), ctx.Err()
}

func (c sqlConn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, err := whole(ctx)
	if err != nil {
		return 0, err
	}
	res, err := c.q.ExecContext(ctx, c.text(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c sqlConn) row(ctx context.Context, dst []any, query string, args ...any) error {
	ctx, err := whole(ctx)
	if err != nil {
		return err
	}
	err = c.q.QueryRowContext(ctx, c.text(query), args...).Scan(dst...)
	if errors.Is(err, sql.ErrNoRows) {
		return queue.ErrNotFound
	}
	return err
}

func (c sqlConn) rows(ctx context.Context, each func(func(...any) error) error, query string, args ...any) error {
	ctx, err := whole(ctx)
	if err != nil {
		return err
	}
	rs, err := c.q.QueryContext(ctx, c.text(query), args...)
	if err != nil {
		return err
	}
	defer rs.Close()
	for rs.Next() {
		if err := each(rs.Scan); err != nil {
			return err
		}
	}
	return rs.Err()
}

// pgConn is conn over a pgx pool, connection or transaction.
type pgConn struct {
	q interface {
		Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error)
		Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
		QueryRow(ctx context.Context, query string, args ...any) pgx.Row
	}
	*dialect
}

func (c pgConn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := c.q.Exec(ctx, c.text(query), args...)
	return tag.RowsAffected(), err
}

func (c pgConn) row(ctx context.Context, dst []any, query string, args ...any) error {
	err := c.q.QueryRow(ctx, c.text(query), args...).Scan(dst...)
	if errors.Is(err, pgx.ErrNoRows) {
		return queue.ErrNotFound
	}
	return err
}

func (c pgConn) rows(ctx context.Context, each func(func(...any) error) error, query string, args ...any) error {
	rs, err := c.q.Query(ctx, c.text(query), args...)
	if err != nil {
		return err
	}
	defer rs.Close()
	for rs.Next() {
		if err := each(rs.Scan); err != nil {
			return err
		}
	}
	return rs.Err()
}
