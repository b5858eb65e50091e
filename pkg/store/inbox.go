package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
)

// The states of a delivery.
const (
	statePending = 0
	stateDone    = 1
	stateDead    = 2
	statePurged  = 3 // done, and the payload is gone
	statePassed  = 4 // it came to nothing, and the payload was not kept
)

const selectDelivery = `SELECT guid, key, event, payload, packed, received_at, seq, attempts + kills, last_error, state FROM delivery `

// delivery reads a row that begins with the columns of selectDelivery; more are for what follows them.
func delivery(scan func(...any) error, more ...any) (d queue.Delivery, err error) {
	var received int64
	var packed, state int
	err = scan(append([]any{&d.GUID, &d.Key, &d.Event, &d.Payload, &packed, &received, &d.Seq, &d.Attempts, &d.LastError, &state}, more...)...)
	d.ReceivedAt, d.Passed = at(received), state == statePassed
	if err == nil {
		d.Payload, err = unpack(d.Payload, packed)
	}
	if errors.Is(err, errDamaged) { // it alone is lost, not what waits behind it
		d.Damaged, err = err, nil
	}
	return d, err
}

// deliveries reads what selectDelivery selects.
func deliveries(ctx context.Context, c conn, query string, args ...any) ([]queue.Delivery, error) {
	var ds []queue.Delivery
	err := c.rows(ctx, func(scan func(...any) error) error {
		d, err := delivery(scan)
		ds = append(ds, d)
		return err
	}, query, args...)
	return ds, err
}

// Dead implements Inbox.
func (db *DB) Dead(ctx context.Context) ([]queue.Delivery, error) {
	ds, err := deliveries(ctx, db.engine.lister(), selectDelivery+`WHERE state = 2 ORDER BY received_at, key, seq`)
	if err != nil {
		return nil, fmt.Errorf("list dead deliveries: %w", err)
	}
	return ds, nil
}

// Lookup implements Inbox.
func (db *DB) Lookup(ctx context.Context, guid string) (queue.Delivery, error) {
	ds, err := deliveries(ctx, db.engine.reader(), selectDelivery+`WHERE guid = $1`, guid)
	if err == nil && len(ds) == 0 {
		err = queue.ErrNotFound
	}
	if err != nil {
		return queue.Delivery{}, fmt.Errorf("look up delivery %s: %w", guid, err)
	}
	return ds[0], nil
}

// Replay implements Inbox. The delivery gets a new seq: the old one may lie before deliveries that are done.
func (db *DB) Replay(ctx context.Context, guid string) error {
	err := db.engine.inTx(ctx, func(ctx context.Context, t tx) error {
		var key string
		if err := t.row(ctx, []any{&key}, `SELECT key FROM delivery WHERE guid = $1 AND state = 2`, guid); err != nil {
			return err
		}
		var seq int64
		var owner string
		if err := t.row(ctx, []any{&seq, &owner}, sqlNextSeq, key, "", whatever); err != nil {
			return err
		}
		n, err := t.exec(ctx, `UPDATE delivery SET state = 0, done_at = 0, attempts = 0, kills = 0, seq = $2 WHERE guid = $1 AND state = 2`, guid, seq)
		if err != nil {
			return err
		}
		if n == 0 { // replayed by somebody else meanwhile
			return queue.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("replay delivery %s: %w", guid, err)
	}
	db.here.Load().look()
	return nil
}

// Depth implements Inbox.
func (db *DB) Depth(ctx context.Context) (queue.Depth, error) {
	var d queue.Depth
	var oldest int64
	r := db.engine.lister()
	err := errors.Join(
		r.row(ctx, []any{&d.Pending, &oldest}, `SELECT count(*), coalesce(min(received_at), 0) FROM delivery WHERE state = 0`),
		r.row(ctx, []any{&d.Dead}, `SELECT count(*) FROM delivery WHERE state = 2`),
	)
	if err != nil {
		return queue.Depth{}, fmt.Errorf("measure the queue: %w", err)
	}
	d.Oldest = at(oldest)
	return d, nil
}

// purgeStep bounds a transaction of Purge: deliveries must not wait long for their turn to be stored.
const purgeStep = 100

// Purge implements Inbox.
func (db *DB) Purge(ctx context.Context, before time.Time, kinds ...string) error {
	for n := int64(purgeStep); n == purgeStep; {
		err := db.engine.inTx(ctx, func(ctx context.Context, t tx) (err error) {
			n, err = t.exec(ctx, `UPDATE delivery SET payload = $1, packed = 0, state = 3 WHERE guid IN
				(SELECT guid FROM delivery WHERE state = 1 AND done_at < $2 LIMIT `+strconv.Itoa(purgeStep)+`)`, []byte{}, before.UnixMicro())
			return err
		})
		if err != nil {
			return fmt.Errorf("purge deliveries: %w", err)
		}
	}
	if err := db.purgeRecords(ctx, before, kinds); err != nil {
		return fmt.Errorf("purge records: %w", err)
	}
	return nil
}

// purgeRecords goes through the records by their ids, as many at a time as one transaction may hold up the others for. The last id of a
// step is looked at in the next one, too: some of its kinds may be missing. (Of an id there are not as many as a step has.)
func (db *DB) purgeRecords(ctx context.Context, before time.Time, kinds []string) error {
	if len(kinds) == 0 {
		return nil
	}
	args := []any{before.UnixMicro(), ""}
	var in []string
	for i, kind := range kinds {
		in, args = append(in, fmt.Sprintf("$%d", i+3)), append(args, kind)
	}
	old := `at < $1 AND kind IN (` + strings.Join(in, ", ") + `)`
	for {
		var n, due int
		var to string
		err := db.engine.lister().row(ctx, []any{&n, &due, &to}, `SELECT count(*), count(CASE WHEN `+old+` THEN 1 END), coalesce(max(id), '') FROM
			(SELECT id, kind, at FROM record WHERE id >= $2 ORDER BY id LIMIT `+strconv.Itoa(purgeStep)+`) part`, args...)
		if err != nil {
			return err
		}
		if due > 0 {
			limit := fmt.Sprintf(" AND id <= $%d", len(args)+1)
			if _, err = db.engine.exec(ctx, `DELETE FROM record WHERE id >= $2 AND `+old+limit, append(slices.Clone(args), to)...); err != nil {
				return err
			}
		}
		if n < purgeStep {
			return nil
		}
		args[1] = to
	}
}
