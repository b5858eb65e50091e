// Package storetest is the conformance suite that both databases of pkg/store pass, and what other packages' tests need to
// open a store.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/store/pgtest"
)

// Fresh gives the URL of a new database that ends with the test.
type Fresh func(t testing.TB) (url string)

// SQLite is Fresh for SQLite.
func SQLite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "ddbot.db") }

// Each runs f as a subtest for SQLite and, where there is one, for PostgreSQL.
func Each(t *testing.T, f func(t *testing.T, fresh Fresh)) {
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite) })
	t.Run("postgres", func(t *testing.T) { f(t, pgtest.Start(t).Database) })
}

// Shared tells whether several replicas can open the database.
func Shared(url string) bool { return strings.HasPrefix(url, "postgres") }

// Open opens the database with the real clock; it is closed with the test.
func Open(t testing.TB, url string) *store.DB { return OpenAt(t, url, time.Now) }

// OpenAt opens the database with a clock; it is closed with the test.
func OpenAt(t testing.TB, url string, now func() time.Time) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), url, store.Options{Now: now, Log: Quiet()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// Quiet is a log that nobody reads.
func Quiet() *logrus.Logger {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return log
}

// Run runs the suite.
func Run(t *testing.T, fresh Fresh) {
	for _, test := range []struct {
		name string
		run  func(s *suite)
	}{
		{"receive", (*suite).receive},
		{"duplicates", (*suite).duplicates},
		{"order", (*suite).order},
		{"batches", (*suite).batches},
		{"fence", (*suite).fence},
		{"plan", (*suite).plan},
		{"fail", (*suite).fail},
		{"fail of several under a plan", (*suite).failPlan},
		{"vanished", (*suite).vanished},
		{"replay", (*suite).replay},
		{"purge", (*suite).purge},
		{"records", (*suite).records},
		{"staged", (*suite).staged},
		{"strange text", (*suite).strangeText},
		{"cron", (*suite).cron},
		{"handed on", (*suite).handed},
		{"admitted", (*suite).admitted},
		{"admitted too late", (*suite).overtaken},
		{"admitted and known", (*suite).known},
		{"admitted and stored", (*suite).kept},
		{"rests", (*suite).rests},
		{"a replica dies", (*suite).dies},
		{"ticks", (*suite).ticks},
		{"reopen", (*suite).reopen},
	} {
		t.Run(test.name, func(t *testing.T) {
			url := fresh(t)
			s := &suite{T: t, url: url, clock: time.Date(2026, 11, 22, 12, 0, 0, 123456000, time.UTC)}
			s.db = OpenAt(t, url, func() time.Time { return s.clock })
			test.run(s)
		})
	}
}

// suite is one test: a store on a database of its own.
type suite struct {
	*testing.T
	url   string
	db    *store.DB
	clock time.Time
}

func (s *suite) ctx() context.Context { return s.Context() }

func (s *suite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// give receives deliveries "KEY/1", "KEY/2" … for the key.
func (s *suite) give(key string, from, to int) {
	s.Helper()
	for i := from; i <= to; i++ {
		guid := fmt.Sprintf("%s/%d", key, i)
		fresh, err := s.db.Receive(s.ctx(), queue.Delivery{GUID: guid, Key: key, Event: "issues", Payload: []byte(guid)})
		if err != nil || !fresh {
			s.Fatalf("receive %s: %v, %v", guid, fresh, err)
		}
	}
}

const maxAttempts = 3

var errNo = errors.New("no")

func (s *suite) claim(key string) *store.Claim {
	s.Helper()
	c, err := s.db.Claim(s.ctx(), key, maxAttempts)
	s.must(err)
	return c
}

// next wants the claim's next batch to be these deliveries: "1 2 3".
func (s *suite) next(c *store.Claim, want string) *store.Work {
	s.Helper()
	w, err := c.Next(s.ctx())
	s.must(err)
	var got []string
	if w != nil {
		for _, d := range w.Deliveries() {
			got = append(got, strings.TrimPrefix(d.GUID, d.Key+"/"))
		}
	}
	if g := strings.Join(got, " "); g != want {
		s.Fatalf("next batch is %q, want %q", g, want)
	}
	return w
}

// ack acknowledges and wants to be told whether there is more.
func (s *suite) ack(c *store.Claim, w *store.Work, more bool) {
	s.Helper()
	got, err := c.Ack(s.ctx(), w, store.End{})
	s.must(err)
	if got != more {
		s.Fatalf("more after ack: %v, want %v", got, more)
	}
}

func (s *suite) depth(pending, dead int) {
	s.Helper()
	d, err := s.db.Depth(s.ctx())
	s.must(err)
	if d.Pending != pending || d.Dead != dead || d.Oldest.IsZero() != (pending == 0) {
		s.Fatalf("depth %+v, want %d pending, %d dead", d, pending, dead)
	}
}

func (s *suite) attempts(guid string, want int) {
	s.Helper()
	d, err := s.db.Lookup(s.ctx(), guid)
	s.must(err)
	if d.Attempts != want {
		s.Fatalf("%s has %d attempts, want %d", guid, d.Attempts, want)
	}
}
