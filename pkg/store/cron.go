package store

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// LastTick gives the tick that the named schedule has done last. One that was never seen begins now: what lies before
// was not missed.
func (db *DB) LastTick(ctx context.Context, name string) (time.Time, error) {
	var last int64
	err := db.engine.inTx(ctx, func(ctx context.Context, t tx) error {
		_, err := t.exec(ctx, `INSERT INTO cron_state (name, last_tick) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, db.stamp())
		if err != nil {
			return err
		}
		return t.row(ctx, []any{&last}, `SELECT last_tick FROM cron_state WHERE name = $1`, name)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("last tick of %s: %w", name, err)
	}
	return at(last), nil
}

// Ticked notes the tick as done and ends its job.
func (db *DB) Ticked(ctx context.Context, name string, tick time.Time, job *rivertype.JobRow) error {
	err := db.engine.inTx(ctx, func(ctx context.Context, t tx) error {
		_, err := t.exec(ctx, `UPDATE cron_state SET last_tick = $2 WHERE name = $1 AND last_tick < $2`, name, tick.UnixMicro())
		if err != nil {
			return err
		}
		return t.complete(ctx, job)
	})
	if err != nil {
		return fmt.Errorf("note tick of %s: %w", name, err)
	}
	return nil
}
