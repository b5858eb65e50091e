package store

import (
	"context"
	"fmt"
	"github.com/ddbot/ddbot/pkg/queue"
)

const (
	// sqlNextSeq locks the key's row until the transaction ends. So who has the lower seq has committed first, and no
	// claim can end (see settle) between our look at the pending deliveries and our commit.
	// A key for which nothing waits becomes due, and $2, who receives, takes it if it is not empty.
	sqlNextSeq = `INSERT INTO issue (key, next_seq, owner, due_at) VALUES ($1, 2, $2, {now})
		ON CONFLICT (key) DO UPDATE SET next_seq = issue.next_seq + 1, due_at = coalesce(issue.due_at, {now}),
			owner = CASE WHEN issue.owner = '' AND issue.due_at IS NULL THEN $2 ELSE issue.owner END
		RETURNING next_seq - 1, owner`

	sqlInsertDelivery = `INSERT INTO delivery (guid, key, seq, event, payload, packed, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (guid) DO NOTHING`
)

// Receive stores d and makes its key due, unless it is: then somebody works on it, or will. Where a worker of this process has
// a place free, the receipt is its claim, too, and it begins at once.
func (db *DB) Receive(ctx context.Context, d queue.Delivery) (fresh bool, err error) {
	if d.GUID == "" || d.Key == "" {
		return false, fmt.Errorf("store delivery %q for %q: it needs a GUID and a key", d.GUID, d.Key)
	}
	if d.ReceivedAt.IsZero() {
		d.ReceivedAt = db.now()
	}
	row := stored{Delivery: d}
	if row.data, row.packed, err = pack(d.Payload); err != nil {
		return false, fmt.Errorf("store delivery %s: %w", d.GUID, err)
	}
	offer := db.here.Load().offer(d.Key)
	var owner string
	err = db.engine.receiveTx(ctx, func(ctx context.Context, t tx) (err error) {
		fresh, owner, err = receive(ctx, t, &row, offer.token())
		return err
	})
	offer.end(owner, row.Delivery, fresh, err)
	if err != nil {
		return false, fmt.Errorf("store delivery %s: %w", d.GUID, err)
	}
	return fresh, nil
}

// stored is a delivery as its row has it.
type stored struct {
	queue.Delivery
	data   []byte
	packed int
}

// receive gives d its seq and tells who owns its key now. For a known GUID that is done for nothing: the gap in seq does no
// harm, and who finds nothing waiting says so.
func receive(ctx context.Context, t tx, d *stored, token string) (fresh bool, owner string, err error) {
	if err := t.row(ctx, []any{&d.Seq, &owner}, sqlNextSeq, d.Key, token); err != nil {
		return false, "", err
	}
	n, err := t.exec(ctx, sqlInsertDelivery, d.GUID, d.Key, d.Seq, d.Event, d.data, d.packed, d.ReceivedAt.UnixMicro())
	return n > 0, owner, err
}
