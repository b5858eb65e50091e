package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite" // the database/sql driver "sqlite"
)

// openSQLite opens the file for this process alone. One connection writes, as SQLite has it anyway and River's driver
// wants it; a few others read beside it, which WAL allows.
func openSQLite(ctx context.Context, path string, beside bool, log *slog.Logger) (engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if beside {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("there is no database yet: %w", err)
		}
		return openLocked(ctx, path, nil, log)
	}
	lock, err := lockFile(path)
	if err != nil {
		return nil, err
	}
	e, err := openLocked(ctx, path, lock, log)
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

func openLocked(ctx context.Context, path string, lock *flock.Flock, log *slog.Logger) (_ engine, err error) {
	// Payloads of private repositories are in there: created by us, the file is for us only.
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, err
	} else if err := f.Close(); err != nil {
		return nil, err
	}
	// FULL: the write-ahead log is flushed at every commit.
	write, err := openPool(path, 1, "_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=wal_autocheckpoint(8000)&_pragma=cache_size(-8000)")
	if err != nil {
		return nil, err
	}
	read, err := openPool(path, 4, "_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	shut := func() error { return errors.Join(read.Close(), write.Close()) }
	defer func() {
		if err != nil {
			err = errors.Join(err, shut())
		}
	}()

	wake, statements := make(chan struct{}, 1), newPrepared(write)
	e := &riverEngine[*sql.Tx]{
		driver: wakeDriver{riversqlite.New(write), wake},
		read:   sqlConn{newPrepared(read).readers()},
		begin: func(ctx context.Context) (begun[*sql.Tx], error) {
			t, err := statements.begin(ctx)
			if err != nil {
				return begun[*sql.Tx]{}, err
			}
			end := func(f func() error) func(context.Context) error { return func(context.Context) error { return f() } }
			return begun[*sql.Tx]{sqlConn{statements.within(t)}, t, end(t.Commit), end(t.Rollback)}, nil
		},
		wake: func() {
			select {
			case wake <- struct{}{}:
			default: // one is waiting already
			}
		},
		shut: func() error {
			if lock == nil {
				return shut()
			}
			return errors.Join(shut(), lock.Close())
		},
	}
	if err = prepareSQLite(ctx, e, path, lock == nil, log); err != nil {
		return nil, err
	}
	if e.insert, err = newInserter(e.driver, log); err != nil {
		return nil, err
	}
	return newGroup(e), nil
}

// prepareSQLite brings the schema up to date and takes over from the process before; beside one that is at work it only looks.
func prepareSQLite(ctx context.Context, e *riverEngine[*sql.Tx], path string, beside bool, log *slog.Logger) error {
	if beside {
		return checkSchema(ctx, e.read, `SELECT count(*) FROM sqlite_master WHERE name = 'ddbot_migration'`)
	}
	adapt := func(s string) string { return strings.ReplaceAll(s, `COLLATE "C"`, "") }
	if err := migrate(ctx, e, log, adapt); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := e.inTx(ctx, takeOver); err != nil {
		return fmt.Errorf("take over from the last process: %w", err)
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

// takeOver frees what a killed process held. We have the lock, so nobody is at work: its jobs can run at once, and so can
// River's maintenance, instead of when its leases have run out.
func takeOver(ctx context.Context, t tx) error {
	if _, err := t.exec(ctx, `UPDATE river_job SET state = 'available' WHERE state = 'running'`); err != nil {
		return err
	}
	_, err := t.exec(ctx, `DELETE FROM river_leader`)
	return err
}

// wakeDriver is River's driver, but for who tells it that there are new jobs: it asks a table every 50 ms, and since all
// inserts are made by this process, a channel can tell it at once and for nothing. (River says not to implement its
// interfaces: they change. Its version is fixed in go.mod; the latency benchmark shows whether this still works.)
type wakeDriver struct {
	*riversqlite.Driver
	wake chan struct{}
}

func (d wakeDriver) SupportsListenNotify() bool { return false } // no rows for the table that nobody asks

func (d wakeDriver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return wakeListener{d.wake}
}

type wakeListener struct{ wake chan struct{} }

func (l wakeListener) Close(context.Context) error            { return nil }
func (l wakeListener) Connect(context.Context) error          { return nil }
func (l wakeListener) Listen(context.Context, string) error   { return nil }
func (l wakeListener) Unlisten(context.Context, string) error { return nil }
func (l wakeListener) Ping(context.Context) error             { return nil }
func (l wakeListener) Schema() string                         { return "" }
func (l wakeListener) SetAfterConnectExec(string)             {}

func (l wakeListener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.wake:
		return &riverdriver.Notification{Topic: "river_insert", Payload: `{"queue": "default"}`}, nil
	}
}
