package store

import (
	"context"
	"errors"
	"fmt"
	"github.com/ddbot/ddbot/pkg/queue"
)

const (
	// sqlNextSeq locks the key's row until the transaction ends. So who has the lower seq has committed first, and no
	// claim can end (see settle) between our look at the pending deliveries and our commit.
	sqlNextSeq = `INSERT INTO issue (key, next_seq, owner) VALUES ($1, 2, '')
		ON CONFLICT (key) DO UPDATE SET next_seq = issue.next_seq + 1 RETURNING next_seq - 1`

	// sqlInsertDelivery tells whether nothing else was waiting, and no row for a known GUID. It must be a statement of its
	// own: the one before may have waited for the lock and would look at the state before that.
	sqlInsertDelivery = `INSERT INTO delivery (guid, key, seq, event, payload, received_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (guid) DO NOTHING
		RETURNING NOT EXISTS (SELECT 1 FROM delivery d WHERE d.key = $2 AND d.state = 0 AND d.seq < $3)`
)

// Receive stores d and sees to it that a job will drain its key. If others wait for the same key, that job exists: it ends
// only in a transaction that found none waiting, under the same lock.
func (db *DB) Receive(ctx context.Context, d queue.Delivery) (fresh bool, err error) {
	if d.GUID == "" || d.Key == "" {
		return false, fmt.Errorf("store delivery %q for %q: it needs a GUID and a key", d.GUID, d.Key)
	}
	if d.ReceivedAt.IsZero() {
		d.ReceivedAt = db.now()
	}
	err = db.engine.receiveTx(ctx, func(ctx context.Context, t tx) (err error) {
		fresh, err = receive(ctx, t, d)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("store delivery %s: %w", d.GUID, err)
	}
	return fresh, nil
}

func receive(ctx context.Context, t tx, d queue.Delivery) (fresh bool, err error) {
	var seq int64
	if err := t.row(ctx, []any{&seq}, sqlNextSeq, d.Key); err != nil {
		return false, err
	}
	var alone bool
	err = t.row(ctx, []any{&alone}, sqlInsertDelivery,
		d.GUID, d.Key, seq, d.Event, append([]byte{}, d.Payload...), d.ReceivedAt.UnixMicro())
	if errors.Is(err, queue.ErrNotFound) {
		return false, nil // a known GUID; the gap in seq does no harm
	}
	if err != nil || !alone {
		return true, err
	}
	t.drain(d.Key)
	return true, nil
}
