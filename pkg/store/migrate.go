package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date. The caller sees to it that nobody else does so at the same time. adapt makes a
// migration fit the database.
func migrate(ctx context.Context, e *plainEngine, adapt func(string) string) error {
	files, err := migrationFiles()
	if err != nil {
		return err
	}
	err = e.inTx(ctx, func(ctx context.Context, t tx) error { return migrateOurs(ctx, t, files, adapt) })
	if err != nil {
		return fmt.Errorf("migrate schema: %w", err)
	}
	return nil
}

// linesOf finds the lines of migrations that are for one of the databases only.
func linesOf(database string) *regexp.Regexp {
	return regexp.MustCompile(`(?m)^.*-- ` + database + ` only$`)
}

const sqlMigrations = `CREATE TABLE IF NOT EXISTS ddbot_migration (version integer PRIMARY KEY)`

// migrateOurs runs those of the files, numbered from 1 in the order of their names, that the database has not seen.
func migrateOurs(ctx context.Context, t tx, files []string, adapt func(string) string) error {
	if _, err := t.exec(ctx, sqlMigrations); err != nil {
		return err
	}
	var have int
	if err := t.row(ctx, []any{&have}, `SELECT coalesce(max(version), 0) FROM ddbot_migration`); err != nil {
		return err
	}
	if have > len(files) {
		return newerSchema(have, len(files))
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

// checkSchema tells whether a database that is only looked into is one of ours and of this version. Exists counts the tables
// named ddbot_migration.
func checkSchema(ctx context.Context, c conn, exists string) error {
	var n, have int
	if err := c.row(ctx, []any{&n}, exists); err != nil {
		return err
	}
	if n == 0 {
		return errors.New("there is no database of ddbot yet: ddbot serve makes it")
	}
	if err := c.row(ctx, []any{&have}, `SELECT coalesce(max(version), 0) FROM ddbot_migration`); err != nil {
		return err
	}
	files, err := migrationFiles()
	switch {
	case err != nil:
		return err
	case have > len(files):
		return newerSchema(have, len(files))
	case have < len(files):
		return fmt.Errorf("the database has version %d, this ddbot needs %d: start ddbot serve of this version on it first", have, len(files))
	}
	return nil
}

func migrationFiles() ([]string, error) { return fs.Glob(migrations, "migrations/*.sql") }

func newerSchema(have, known int) error {
	return fmt.Errorf("the database has version %d, this ddbot knows %d: use the newer ddbot", have, known)
}
