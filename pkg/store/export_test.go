package store

import "context"

// Exec and Text let tests do what the store never does.
func Exec(ctx context.Context, db *DB, query string) error {
	return db.engine.inTx(ctx, func(ctx context.Context, t tx) error {
		_, err := t.exec(ctx, query)
		return err
	})
}

func Text(ctx context.Context, db *DB, query string) (s string, err error) {
	err = db.engine.inTx(ctx, func(ctx context.Context, t tx) error { return t.row(ctx, []any{&s}, query) })
	return s, err
}

// FileURL is fileURL.
var FileURL = fileURL
