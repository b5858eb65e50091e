package store

import (
	"context"
	"database/sql"
	"sync"
)

// prepared keeps the statements of a pool: SQLite takes as long to parse one of ours as to run it.
// On the one connection that writes, what is asked for the first time, in a transaction, runs as it is, and is prepared before
// the next one begins: while a transaction has the connection nobody else can use it.
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

// get gives the statement if it is known. room tells whether it may become so.
func (p *prepared) get(query string) (s *sql.Stmt, room bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[query], len(p.known) < maxPrepared
}

// want gives the statement if it is known, and has it prepared before the next transaction if not.
func (p *prepared) want(query string) *sql.Stmt {
	s, room := p.get(query)
	if s == nil && room {
		p.mu.Lock()
		defer p.mu.Unlock()
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
		p.prepare(ctx, q)
	}
	return p.db.BeginTx(ctx, nil)
}

// prepare gives nil for a statement that cannot be prepared: it is run as it is, and says itself why it cannot be.
func (p *prepared) prepare(ctx context.Context, query string) *sql.Stmt {
	s, err := p.db.PrepareContext(ctx, query)
	if err != nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[query] = s
	return s
}

// preparedReads is a pool that only reads, with its statements. Nobody waits for a connection while holding one, so what is
// new is prepared at once; two may do that at the same moment, and one of the statements is then not used again.
type preparedReads struct {
	*sql.DB
	p *prepared
}

func (r preparedReads) get(ctx context.Context, query string) *sql.Stmt {
	s, room := r.p.get(query)
	if s == nil && room {
		s = r.p.prepare(ctx, query)
	}
	return s
}

func (r preparedReads) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := r.get(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return r.DB.QueryContext(ctx, query, args...)
}

func (r preparedReads) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := r.get(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return r.DB.QueryRowContext(ctx, query, args...)
}

// preparedTx is a transaction that uses prepared statements where there are some.
type preparedTx struct {
	*sql.Tx
	p     *prepared
	bound map[string]*sql.Stmt // to this transaction
}

func (t preparedTx) stmt(ctx context.Context, query string) *sql.Stmt {
	s := t.bound[query]
	if s == nil {
		if known := t.p.want(query); known != nil {
			s = t.StmtContext(ctx, known)
			t.bound[query] = s
		}
	}
	return s
}

func (t preparedTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := t.stmt(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return t.Tx.ExecContext(ctx, query, args...)
}

func (t preparedTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := t.stmt(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return t.Tx.QueryContext(ctx, query, args...)
}

func (t preparedTx) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := t.stmt(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return t.Tx.QueryRowContext(ctx, query, args...)
}
