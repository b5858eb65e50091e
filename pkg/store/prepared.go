package store

import (
	"context"
	"database/sql"
	"sync"
)

// prepared keeps the statements of the one connection that writes: SQLite takes as long to parse one of ours as to run it.
// What is asked for the first time, in a transaction, runs as it is, and is prepared before the next one begins: while a
// transaction has the connection nobody else can use it.
type prepared struct {
	db *sql.DB

	mu     sync.Mutex
	known  map[string]*sql.Stmt
	wanted map[string]bool
}

// maxPrepared is far above the number of our statements, which are constants but for lists of their length.
const maxPrepared = 200

func newPrepared(db *sql.DB) *prepared {
	return &prepared{db: db, known: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

func (p *prepared) get(query string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.known[query]
	if s == nil && len(p.known)+len(p.wanted) < maxPrepared {
		p.wanted[query] = true
	}
	return s
}

// begin prepares what was asked for, and begins a transaction. A statement that cannot be prepared is run as it is.
func (p *prepared) begin(ctx context.Context) (*sql.Tx, error) {
	p.mu.Lock()
	var queries []string
	for q := range p.wanted {
		queries = append(queries, q)
	}
	clear(p.wanted)
	p.mu.Unlock()
	for _, q := range queries {
		s, err := p.db.PrepareContext(ctx, q) //nolint:sqlclosecheck // kept; it ends with the database
		if err != nil {
			continue
		}
		p.mu.Lock()
		p.known[q] = s
		p.mu.Unlock()
	}
	return p.db.BeginTx(ctx, nil)
}

// preparedTx is a transaction that uses prepared statements where there are some.
type preparedTx struct {
	*sql.Tx
	p *prepared
}

func (t preparedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := t.p.get(query); s != nil {
		return t.StmtContext(ctx, s).ExecContext(ctx, args...)
	}
	return t.Tx.ExecContext(ctx, query, args...)
}

func (t preparedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := t.p.get(query); s != nil {
		return t.StmtContext(ctx, s).QueryContext(ctx, args...)
	}
	return t.Tx.QueryContext(ctx, query, args...)
}

func (t preparedTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := t.p.get(query); s != nil {
		return t.StmtContext(ctx, s).QueryRowContext(ctx, args...)
	}
	return t.Tx.QueryRowContext(ctx, query, args...)
}
