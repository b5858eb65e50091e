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

	// sqlInsertDelivery must be a statement of its own: the one before may have waited for the lock and would look at the
	// state before that.
	sqlInsertDelivery = `INSERT INTO delivery (guid, key, seq, event, payload, packed, received_at)
		SELECT $1, key, next_seq - 1, $3, $4, $5, $6 FROM issue WHERE key = $2
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
	data, packed, err := pack(d.Payload)
	if err != nil {
		return false, fmt.Errorf("store delivery %s: %w", d.GUID, err)
	}
	offer := db.here.Load().offer(d.Key)
	var owner string
	var n int64
	// For a known GUID the first step is done for nothing: the gap in seq does no harm, and who finds nothing waiting says so.
	err = db.engine.run(ctx, receipt,
		step{query: sqlNextSeq, args: []any{d.Key, offer.token()}, dst: []any{&d.Seq, &owner}},
		step{query: sqlInsertDelivery, args: []any{d.GUID, d.Key, d.Event, data, packed, d.ReceivedAt.UnixMicro()}, n: &n})
	fresh = n > 0
	offer.end(owner, d, fresh, err)
	if err != nil {
		return false, fmt.Errorf("store delivery %s: %w", d.GUID, err)
	}
	return fresh, nil
}
