package store

import (
	"context"
	"fmt"
	"github.com/ddbot/ddbot/pkg/queue"
	"math"
	"unicode/utf8"
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

// List implements Records.
func (db *DB) List(ctx context.Context, kind, prefix string, limit int) ([]queue.Record, error) {
	if limit <= 0 {
		limit = math.MaxInt32
	}
	var rs []queue.Record
	err := db.engine.reader().rows(ctx, func(scan func(...any) error) error {
		r := queue.Record{Kind: kind}
		var stamp int64
		if err := scan(&r.ID, &r.Data, &stamp); err != nil {
			return err
		}
		r.At = at(stamp)
		rs = append(rs, r)
		return nil
	}, `SELECT id, data, at FROM record WHERE kind = $1 AND id >= $2 AND ($3 = '' OR id < $3) ORDER BY id LIMIT $4`,
		kind, prefix, after(prefix), limit)
	if err != nil {
		return nil, fmt.Errorf("records %s %s*: %w", kind, prefix, err)
	}
	return rs, nil
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
	err := db.engine.inTx(ctx, func(ctx context.Context, t tx) error { return put(ctx, t, db.stamp(), rs) })
	if err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	return nil
}

func put(ctx context.Context, t tx, stamp int64, rs []queue.Record) error {
	for _, r := range rs {
		var err error
		if len(r.Data) == 0 {
			_, err = t.exec(ctx, `DELETE FROM record WHERE kind = $1 AND id = $2`, r.Kind, r.ID)
		} else {
			_, err = t.exec(ctx, `INSERT INTO record (kind, id, data, at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (kind, id) DO UPDATE SET data = excluded.data, at = excluded.at`, r.Kind, r.ID, r.Data, stamp)
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", r.Kind, r.ID, err)
		}
	}
	return nil
}
