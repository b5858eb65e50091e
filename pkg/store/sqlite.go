package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"
)

// openSQLite opens the file for this process alone. One connection writes, as SQLite has it anyway; others read beside it, which WAL
// allows: one what takes little, for each has to read anew what a commit has changed, and two what takes longer.
func openSQLite(ctx context.Context, path string, beside bool) (engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if beside {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("there is no database yet: %w", err)
		}
		return openLocked(ctx, path, nil)
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	e, err := openLocked(ctx, path, lock)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return e, nil
}

// lockFile takes PATH.lock until the process ends or closes it. The file stays: to remove it would let two processes lock.
func lockFile(path string) (*flock.Flock, error) {
	lock := flock.New(path + ".lock")
	switch locked, err := lock.TryLock(); {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("there is no folder %s for the database: make it first", filepath.Dir(path))
	case err != nil:
		return nil, err
	case !locked:
		return nil, fmt.Errorf("%s is in use by another ddbot (SQLite is for one process; replicas need PostgreSQL)", path)
	}
	return lock, nil
}

func openLocked(ctx context.Context, path string, lock *flock.Flock) (_ engine, err error) {
	if err := makeFile(ctx, path); err != nil {
		return nil, err
	}
	// FULL: the write-ahead log is flushed at every commit, but for those that need not be (prepared.begin).
	write, err := openPool(path, 1, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(250)&_pragma=journal_size_limit(4000000)&_pragma=cache_size(-8000)")
	if err != nil {
		return nil, err
	}
	const reads = "_pragma=query_only(1)"
	read, err := openPool(path, 1, reads)
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	list, err := openPool(path, 2, reads)
	if err != nil {
		return nil, errors.Join(err, read.Close(), write.Close())
	}
	shut := func() error { return errors.Join(list.Close(), read.Close(), write.Close()) }
	defer func() {
		if err != nil {
			err = errors.Join(err, shut())
		}
	}()

	statements, words := newPrepared(write), newSQLiteDialect()
	e := &plainEngine{
		read: sqlConn{newPrepared(read).readers(), words},
		list: sqlConn{newPrepared(list).readers(), words},
		begin: func(ctx context.Context, flushed bool) (begun, error) {
			t, err := statements.begin(ctx, flushed)
			if err != nil {
				return begun{}, err
			}
			end := func(f func() error) func(context.Context) error { return func(context.Context) error { return f() } }
			return begun{sqlConn{statements.within(t), words}, end(t.Commit), end(t.Rollback)}, nil
		},
		shut: func() error {
			if lock == nil {
				return shut()
			}
			return errors.Join(shut(), lock.Close())
		},
	}
	if err = prepareSQLite(ctx, e, path, lock == nil); err != nil {
		return nil, err
	}
	return newGroup(e), nil
}

// makeFile makes the file if it is not there. Its pages are twice the usual size: a packed payload fills more than half of a
// usual one, of which the rest would be empty. That is decided before anything else is written, so by a connection of its own.
func makeFile(ctx context.Context, path string) error {
	// Payloads of private repositories are in there: created by us, the file is for us only.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err = errors.Join(err, f.Close()); err != nil || info.Size() > 0 {
		return err
	}
	first, err := openPool(path, 1, "_pragma=page_size(8192)")
	if err != nil {
		return err
	}
	_, err = first.ExecContext(ctx, sqlMigrations)
	return errors.Join(err, first.Close())
}

// prepareSQLite brings the schema up to date; beside a process that is at work it only looks.
func prepareSQLite(ctx context.Context, e *plainEngine, path string, beside bool) error {
	if beside {
		return checkSchema(ctx, e.read, `SELECT count(*) FROM sqlite_master WHERE name = 'ddbot_migration'`)
	}
	adapt := func(s string) string {
		return linesOf("PostgreSQL").ReplaceAllString(strings.ReplaceAll(s, `COLLATE "C"`, ""), "")
	}
	if err := migrate(ctx, e, adapt); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func openPool(path string, conns int, params string) (*sql.DB, error) {
	pool, err := sql.Open("sqlite", fileURL(filepath.ToSlash(path))+"?_pragma=busy_timeout(10000)&"+params)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

// fileURL writes an absolute path as SQLite reads it: file:/a/b, and file:/C:/a/b for a drive of Windows
// (sqlite.org/uri.html, 3.1).
func fileURL(path string) string {
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	file := url.URL{Scheme: "file", OmitHost: true, Path: path}
	return file.String()
}
