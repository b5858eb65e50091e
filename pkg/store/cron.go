package store

import (
	"context"
	"fmt"
	"time"
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

// Tick is the right to run one tick of a schedule: nobody else has it while this process lives.
type Tick struct {
	db    *DB
	name  string
	due   time.Time
	token string
}

// BeginTick takes the tick that is due. nil if it is done, another replica is at it, or it rests.
func (r *Replica) BeginTick(ctx context.Context, name string, due time.Time) (*Tick, error) {
	t := &Tick{r.db, name, due, r.token()}
	n, err := r.db.engine.exec(ctx, `UPDATE cron_state SET owner = $2 WHERE name = $1 AND last_tick < $3 AND rest_until <= {now}
		AND (owner = '' OR substr(owner, 1, 26) = $4 OR substr(owner, 1, 26) NOT IN (`+sqlAlive+`))`, name, t.token, due.UnixMicro(), r.id)
	if err != nil {
		return nil, fmt.Errorf("begin tick of %s: %w", name, err)
	}
	if n == 0 {
		return nil, nil
	}
	return t, nil
}

// Done notes the tick as done.
func (t *Tick) Done(ctx context.Context) error {
	_, err := t.db.engine.exec(ctx, `UPDATE cron_state SET owner = '', last_tick = $3 WHERE name = $1 AND owner = $2`, t.name, t.token, t.due.UnixMicro())
	if err != nil {
		return fmt.Errorf("note tick of %s: %w", t.name, err)
	}
	return nil
}

// Rest gives the tick back: nobody takes it for that long.
func (t *Tick) Rest(ctx context.Context, rest time.Duration) error {
	_, err := t.db.engine.exec(ctx, `UPDATE cron_state SET owner = '', rest_until = {now} + $3 WHERE name = $1 AND owner = $2`, t.name, t.token, rest.Microseconds())
	if err != nil {
		return fmt.Errorf("put off tick of %s: %w", t.name, err)
	}
	return nil
}
