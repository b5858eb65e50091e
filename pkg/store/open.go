package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/sirupsen/logrus"
)

// Options are what the store does not find out by itself.
type Options struct {
	Now func() time.Time // the clock; for when work is due, and who is alive, it is the database's
	Log logrus.FieldLogger
	// Beside opens a database that another process may be working on, to look and to put work into its queue. Nothing is
	// created or migrated, and no worker may be started.
	Beside bool
}

// DB is the Store over one database. Its further methods are for pkg/worker.
type DB struct {
	engine engine
	now    func() time.Time
	log    logrus.FieldLogger
	here   atomic.Pointer[Replica] // who works in this process, if anybody does
	close  func() error            // of the engine, once
}

var _ queue.Store = (*DB)(nil)

// Open opens "sqlite:PATH", for one process, or "postgres://…", which replicas may share, and brings its schema up to date.
func Open(ctx context.Context, url string, o Options) (*DB, error) {
	if o.Now == nil || o.Log == nil {
		return nil, errors.New("store: Options.Now and Options.Log are needed")
	}
	db := &DB{now: o.Now, log: o.Log}
	scheme, rest, _ := strings.Cut(url, ":")
	var err error
	switch {
	case scheme == "sqlite" && rest != "":
		db.engine, err = openSQLite(ctx, rest, o.Beside)
	case scheme == "postgres", scheme == "postgresql":
		db.engine, err = openPostgres(ctx, url, o.Beside)
	default:
		// The URL is not repeated: it may hold a password.
		return nil, errors.New(`store: the database must be "sqlite:PATH" or "postgres://USER@HOST/NAME"`)
	}
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	db.close = sync.OnceValue(db.engine.close)
	return db, nil
}

// Close gives the database back. Workers must have been stopped before.
func (db *DB) Close() error { return db.close() }

// Now is the store's clock.
func (db *DB) Now() time.Time { return db.now() }

// stamp is now in the form in which times are stored.
func (db *DB) stamp() int64 { return db.now().UnixMicro() }

// at reads a stored time.
func at(stamp int64) time.Time {
	if stamp == 0 {
		return time.Time{}
	}
	return time.UnixMicro(stamp).UTC()
}
