package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ddbot/ddbot/pkg/queue"
)

// Get implements Records.
func (db *DB) Get(ctx context.Context, kind, id string) (queue.Record, error) {
	r := queue.Record{Kind: kind, ID: id}
	var stamp int64
	err := db.engine.reader().row(ctx, []any{&r.Data, &stamp}, `SELECT data, at FROM record WHERE kind = $1 AND id = $2`, kind, id)
	if err != nil {
		return queue.Record{}, fmt.Errorf("record %s %s: %w", kind, id, err)
	}
	r.At = at(stamp)
	return r, nil
}

// manyStep is of what the number of IDs in a statement is a multiple, so that there are few statements to prepare.
const manyStep = 4

// GetMany implements queue.ManyReader, by one statement.
func (db *DB) GetMany(ctx context.Context, names []queue.Name) ([]queue.Record, error) {
	if len(names) == 0 {
		return nil, nil
	}
	return db.many(ctx, names, "")
}

// many reads records, and more rows of the kind that another SELECT with args gives. What has the same ID lies together, so all of it
// is read.
func (db *DB) many(ctx context.Context, names []queue.Name, more string, args ...any) ([]queue.Record, error) {
	wanted, ids := map[queue.Name]bool{}, map[string]bool{}
	for _, n := range names {
		wanted[n], ids[n.ID] = true, true
	}
	// SQLite would make a table of what an IN lists, or VALUES.
	var selects []string
	one := func(id any) {
		args = append(args, id)
		selects = append(selects, fmt.Sprintf("SELECT kind, id, data, at FROM record WHERE id = $%d", len(args)))
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		one(id)
	}
	for len(selects) == 0 || len(selects)%manyStep != 0 {
		one(nil) // nothing is equal to that
	}
	if more != "" {
		selects = append(selects, more)
	}
	query := strings.Join(selects, " UNION ALL ")
	var rs []queue.Record
	err := db.engine.reader().rows(ctx, func(scan func(...any) error) error {
		var r queue.Record
		var stamp int64
		err := scan(&r.Kind, &r.ID, &r.Data, &stamp)
		if r.At = at(stamp); r.Kind == "" || wanted[queue.Name{Kind: r.Kind, ID: r.ID}] {
			rs = append(rs, r)
		}
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read %d records: %w", len(names), err)
	}
	return rs, nil
}

// sqlListed has to be in a query that is to use the index of these kinds, as it is in the index (sqlite.org/partialindex.html).
var sqlListed = `kind IN ('` + strings.Join(queue.Listed, `', '`) + `')`

// List implements Records.
func (db *DB) List(ctx context.Context, kind, prefix string, limit int) ([]queue.Record, error) {
	query, args := listQuery(kind, prefix, limit)
	var rs []queue.Record
	err := db.engine.lister().rows(ctx, func(scan func(...any) error) error {
		r := queue.Record{Kind: kind}
		var stamp int64
		if err := scan(&r.ID, &r.Data, &stamp); err != nil {
			return err
		}
		r.At = at(stamp)
		rs = append(rs, r)
		return nil
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("records %s %s*: %w", kind, prefix, err)
	}
	return rs, nil
}

func listQuery(kind, prefix string, limit int) (query string, args []any) {
	query, args = `SELECT id, data, at FROM record WHERE kind = $1 AND id >= $2`, []any{kind, prefix}
	if end := after(prefix); end != "" {
		query, args = query+` AND id < $3`, append(args, end)
	}
	if slices.Contains(queue.Listed, kind) {
		query += ` AND ` + sqlListed
	}
	query += ` ORDER BY id`
	if limit > 0 {
		query += fmt.Sprintf(` LIMIT %d`, limit) // no parameter: SQLite makes a new plan for each
	}
	return query, args
}

// after gives the smallest text that is greater than all that begin with prefix; "" if there is none.
// Byte order and order of code points are the same in UTF-8.
func after(prefix string) string {
	for prefix != "" {
		r, size := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-size]
		if r++; r == 0xD800 {
			r = 0xE000 // over the surrogates
		}
		if r <= utf8.MaxRune {
			return prefix + string(r)
		}
	}
	return ""
}

// PutAll implements Records.
func (db *DB) PutAll(ctx context.Context, rs ...queue.Record) error {
	if len(rs) == 0 {
		return nil
	}
	if err := db.engine.run(ctx, work, put(db.stamp(), rs)...); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	return nil
}

// putMost bounds the rows of one statement.
const putMost = 50

// put writes records, of each the last version.
func put(stamp int64, rs []queue.Record) (steps []step) {
	last := map[queue.Name]int{}
	for i, r := range rs {
		last[queue.Name{Kind: r.Kind, ID: r.ID}] = i
	}
	var rows []string
	var args []any
	flush := func() {
		if len(rows) > 0 {
			steps = append(steps, step{args: args, query: `INSERT INTO record (kind, id, data, at) VALUES ` + strings.Join(rows, ", ") + `
				ON CONFLICT (id, kind) DO UPDATE SET data = excluded.data, at = excluded.at`})
		}
		rows, args = nil, []any{stamp}
	}
	flush()
	for i, r := range rs {
		switch {
		case last[queue.Name{Kind: r.Kind, ID: r.ID}] != i:
		case len(r.Data) == 0:
			steps = append(steps, step{query: `DELETE FROM record WHERE kind = $1 AND id = $2`, args: []any{r.Kind, r.ID}})
		default:
			args = append(args, r.Kind, r.ID, r.Data)
			rows = append(rows, fmt.Sprintf("($%d, $%d, $%d, $1)", len(args)-2, len(args)-1, len(args)))
			if len(rows) == putMost {
				flush()
			}
		}
	}
	flush()
	return steps
}
