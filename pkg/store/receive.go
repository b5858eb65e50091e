package store

import (
	"context"
	"fmt"

	"github.com/ddbot/ddbot/pkg/queue"
)

const (
	// sqlNextSeq locks the key's row until the transaction ends. So who has the lower seq has committed first, and no
	// claim can end (see settle) between our look at the pending deliveries and our commit.
	// A key for which nothing waits becomes due, and $2 takes it, unless something was received since the seq that comes next was $3; 0 is
	// whatever it is.
	sqlNextSeq = `INSERT INTO issue (key, next_seq, owner, due_at) VALUES ($1, 2, $2, {now})
		ON CONFLICT (key) DO UPDATE SET next_seq = issue.next_seq + 1, due_at = coalesce(issue.due_at, {now}),
			owner = CASE WHEN issue.owner = '' AND issue.due_at IS NULL AND CAST($3 AS bigint) IN (0, issue.next_seq) THEN $2 ELSE issue.owner END
		RETURNING next_seq - 1, owner`

	// sqlInsertDelivery must be a statement of its own: the one before may have waited for the lock and would look at the
	// state before that.
	sqlInsertDelivery = `INSERT INTO delivery (guid, key, seq, event, payload, packed, received_at)
		SELECT $1, key, next_seq - 1, $3, $4, $5, $6 FROM issue WHERE key = $2
		ON CONFLICT (guid) DO NOTHING`
)

// stored is what became of a delivery that was stored.
type stored struct {
	seq   int64
	owner string // whose the key is now; "" is nobody's
	n     int64  // 0: the GUID was known
}

// steps store d. token takes the key if nothing was received for it since next was the seq that comes next; it may be "".
// For a known GUID the first step is done for nothing: the gap in seq does no harm.
func (r *stored) steps(d queue.Delivery, token string, next int64) ([]step, error) {
	data, packed, err := pack(d.Payload)
	return []step{
		{query: sqlNextSeq, args: []any{d.Key, token, next}, dst: []any{&r.seq, &r.owner}},
		{query: sqlInsertDelivery, args: []any{d.GUID, d.Key, d.Event, data, packed, d.ReceivedAt.UnixMicro()}, n: &r.n},
	}, err
}

// Receive implements Inbox.
func (db *DB) Receive(ctx context.Context, d queue.Delivery) (fresh bool, err error) {
	var r stored
	if d, err = db.receivable(d); err != nil {
		return false, err
	}
	steps, err := r.steps(d, "", whatever)
	if err == nil {
		err = db.engine.run(ctx, receipt, steps...)
	}
	if err != nil {
		return false, notStored(d, err)
	}
	if r.owner == "" {
		db.here.Load().look()
	}
	return r.n > 0, nil
}

// receivable gives d with the time of its receipt.
func (db *DB) receivable(d queue.Delivery) (queue.Delivery, error) {
	if d.GUID == "" || d.Key == "" {
		return d, fmt.Errorf("store delivery %q for %q: it needs a GUID and a key", d.GUID, d.Key)
	}
	if d.ReceivedAt.IsZero() {
		d.ReceivedAt = db.now()
	}
	return d, nil
}

func notStored(d queue.Delivery, err error) error {
	return fmt.Errorf("store delivery %s: %w", d.GUID, err)
}
