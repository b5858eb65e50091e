package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings River's schema and ours up to date. The caller sees to it that nobody else does so at the same time.
// adapt makes a migration fit the database.
func migrate[T any](ctx context.Context, e *riverEngine[T], log *slog.Logger, adapt func(string) string) error {
	m, err := rivermigrate.New(e.driver, &rivermigrate.Config{Logger: log})
	if err != nil {
		return fmt.Errorf("migrate River's schema: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate River's schema: %w", err)
	}
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	err = e.inTx(ctx, func(ctx context.Context, t tx) error { return migrateOurs(ctx, t, files, adapt) })
	if err != nil {
		return fmt.Errorf("migrate schema: %w", err)
	}
	return nil
}

// migrateOurs runs those of the files, numbered from 1 in the order of their names, that the database has not seen.
func migrateOurs(ctx context.Context, t tx, files []string, adapt func(string) string) error {
	if _, err := t.exec(ctx, `CREATE TABLE IF NOT EXISTS ddbot_migration (version integer PRIMARY KEY)`); err != nil {
		return err
	}
	var have int
	if err := t.row(ctx, []any{&have}, `SELECT coalesce(max(version), 0) FROM ddbot_migration`); err != nil {
		return err
	}
	if have > len(files) {
		return fmt.Errorf("the database has version %d, this ddbot knows %d: use the newer ddbot", have, len(files))
	}
	for i, file := range files[have:] {
		text, err := migrations.ReadFile(file)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, adapt(string(text))); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if _, err := t.exec(ctx, `INSERT INTO ddbot_migration (version) VALUES ($1)`, have+i+1); err != nil {
			return err
		}
	}
	return nil
}
