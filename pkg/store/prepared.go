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

	lazy bool // transactions are not flushed, as the connection is set now
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

// begin prepares what was asked for, and begins a transaction. A statement that cannot be prepared is run as it is. What is not
// flushed is so together with the next that is: it is one file.
func (p *prepared) begin(ctx context.Context, flushed bool) (*sql.Tx, error) {
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
	if err := p.flush(ctx, flushed); err != nil {
		return nil, err
	}
	return p.db.BeginTx(ctx, nil)
}

// flush sets whether the transactions from now on are flushed. A connection that was made anew flushes, whatever lazy says.
func (p *prepared) flush(ctx context.Context, flushed bool) error {
	if p.lazy == !flushed {
		return nil
	}
	mode := "NORMAL"
	if flushed {
		mode = "FULL"
	}
	_, err := p.db.ExecContext(ctx, "PRAGMA synchronous="+mode)
	if err == nil {
		p.lazy = !flushed
	}
	return err
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

// readers gives a pool that only reads, with its statements. Nobody waits for a connection while holding one, so what is new
// is prepared at once; two may do that at the same moment, and one of the statements is then not used again.
func (p *prepared) readers() querier {
	return preparing{p.db, func(ctx context.Context, query string) *sql.Stmt {
		s, room := p.get(query)
		if s == nil && room {
			s = p.prepare(ctx, query)
		}
		return s
	}}
}

// within gives a transaction with the statements, each bound to it once.
func (p *prepared) within(t *sql.Tx) querier {
	bound := map[string]*sql.Stmt{}
	return preparing{t, func(ctx context.Context, query string) *sql.Stmt {
		s := bound[query]
		if s == nil {
			if known := p.want(query); known != nil {
				s = t.StmtContext(ctx, known)
				bound[query] = s
			}
		}
		return s
	}}
}

// preparing is a querier that runs a prepared statement where there is one.
type preparing struct {
	plain querier
	stmt  func(ctx context.Context, query string) *sql.Stmt
}

func (q preparing) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if s := q.stmt(ctx, query); s != nil {
		return s.ExecContext(ctx, args...)
	}
	return q.plain.ExecContext(ctx, query, args...)
}

func (q preparing) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if s := q.stmt(ctx, query); s != nil {
		return s.QueryContext(ctx, args...)
	}
	return q.plain.QueryContext(ctx, query, args...)
}

func (q preparing) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	if s := q.stmt(ctx, query); s != nil {
		return s.QueryRowContext(ctx, args...)
	}
	return q.plain.QueryRowContext(ctx, query, args...)
}
