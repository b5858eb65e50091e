package store_test

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/store/pgtest"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, storetest.SQLite)
	t.Run("lost acknowledgement", func(t *testing.T) { lostAck(t, storetest.SQLite(t)) })
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	c := pgtest.Start(t)
	storetest.Run(t, c.Database)
	t.Run("replicas start at once", func(t *testing.T) { startAtOnce(t, c.Database(t)) })
	t.Run("silent", func(t *testing.T) { silent(t, c.Database(t)) })
	t.Run("newer schema", func(t *testing.T) { newerSchema(t, c.Database(t)) })
	t.Run("lost acknowledgement", func(t *testing.T) { lostAck(t, c.Database(t)) })
}

// lostAck: an acknowledgement that the database loses, as after a power failure of its machine, is not made by the next one.
func lostAck(t *testing.T, url string) {
	db := storetest.Open(t, url)
	receive := func(guid string) {
		t.Helper()
		if _, err := db.Receive(t.Context(), queue.Delivery{GUID: guid, Key: "k"}); err != nil {
			t.Fatal(err)
		}
	}
	receive("first")
	c, err := db.Claim(t.Context(), "k", 8)
	if err != nil {
		t.Fatal(err)
	}
	next := func(want string) *store.Work {
		t.Helper()
		w, err := c.Next(t.Context())
		if err != nil || w == nil || len(w.Deliveries()) != 1 || w.Deliveries()[0].GUID != want {
			t.Fatalf("not %s: %+v, %v", want, w, err)
		}
		return w
	}
	ack := func(w *store.Work, want bool) {
		t.Helper()
		if more, err := c.Ack(t.Context(), w, store.End{}); err != nil || more != want {
			t.Fatalf("more: %v, want %v, %v", more, want, err)
		}
	}
	w := next("first")
	receive("second")
	ack(w, true)
	w = next("second")
	if err := store.Exec(t.Context(), db, "UPDATE delivery SET state = 0 WHERE guid = 'first'"); err != nil {
		t.Fatal(err)
	}
	ack(w, true)
	ack(next("first"), false)
}

// silent: who gave no sign of life for store.Alive is dead, by the database's clock, and forgotten after ten times as long.
func silent(t *testing.T, url string) {
	db := storetest.OpenAt(t, url, func() time.Time { return time.Unix(0, 0) })
	if _, err := db.Receive(t.Context(), queue.Delivery{GUID: "g", Key: "k"}); err != nil {
		t.Fatal(err)
	}
	join := func(db *store.DB) *store.Replica {
		r, err := db.Join(t.Context(), 8, nobody{})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	a := join(db)
	if cs, err := a.Fetch(t.Context(), 9); err != nil || len(cs) != 1 {
		t.Fatal(cs, err)
	}
	b := join(storetest.Open(t, url))
	if err := a.Beat(t.Context()); err != nil { // this machine may be slow
		t.Fatal(err)
	}
	const forgotten = 10 * store.Alive
	for _, step := range []struct {
		ago  time.Duration
		dead bool
	}{{0, false}, {store.Alive, true}, {store.Alive, false}, {forgotten, false}} {
		if err := store.Exec(t.Context(), db, fmt.Sprintf("UPDATE replica SET seen_at = seen_at - %d", step.ago.Microseconds())); err != nil {
			t.Fatal(err)
		}
		if err := b.Beat(t.Context()); err != nil {
			t.Fatal(err)
		}
		if freed, err := b.FreeDead(t.Context()); err != nil || freed != step.dead {
			t.Errorf("%v: freed %v, %v", step.ago, freed, err)
		}
		want := map[bool]string{true: "1", false: "2"}[step.ago == forgotten]
		if n, err := store.Text(t.Context(), db, "SELECT count(*)::text FROM replica"); err != nil || n != want {
			t.Errorf("%v: %s replicas are known, want %s, %v", step.ago, n, want, err)
		}
	}
}

// nobody has no place.
type nobody struct{}

func (nobody) Reserve() bool                  { return false }
func (nobody) Free()                          {}
func (nobody) Take(*store.Claim, *store.Work) {}
func (nobody) Look()                          {}

func startAtOnce(t *testing.T, url string) {
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			db, err := store.Open(t.Context(), url, options())
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if _, err := db.Receive(t.Context(), queue.Delivery{GUID: "g", Key: "k"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func options() store.Options { return store.Options{Now: time.Now, Log: storetest.Quiet()} }

func TestOneProcess(t *testing.T) {
	url := storetest.SQLite(t)
	db := storetest.Open(t, url)
	_, err := store.Open(t.Context(), url, options())
	if err == nil || !strings.Contains(err.Error(), "is in use by another ddbot") {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Receive(t.Context(), queue.Delivery{GUID: "g", Key: "k"}); err == nil {
		t.Fatal("a closed store received a delivery")
	}
	storetest.Open(t, url)
}

func TestStrangePath(t *testing.T) {
	storetest.Open(t, "sqlite:"+t.TempDir()+"/a b?c%20#d.db")
}

func TestFileURL(t *testing.T) {
	for path, want := range map[string]string{"/var/d.db": "file:/var/d.db", "C:/a b/d.db": "file:/C:/a%20b/d.db"} {
		if got := store.FileURL(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestURL(t *testing.T) {
	for _, url := range []string{"", "sqlite", "sqlite:", "mysql://u:secret@host", "postgres://u:secret@host:port/x"} {
		_, err := store.Open(t.Context(), url, options())
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", url, err)
		}
	}
	if _, err := store.Open(t.Context(), storetest.SQLite(t), store.Options{}); err == nil {
		t.Error("opened without a clock and a log")
	}
}

func TestNewerSchemaSQLite(t *testing.T) { newerSchema(t, storetest.SQLite(t)) }

// newerSchema: an older ddbot must not touch the database of a newer one.
func newerSchema(t *testing.T, url string) {
	db := storetest.Open(t, url)
	if err := store.Exec(t.Context(), db, `INSERT INTO ddbot_migration (version) VALUES (99)`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), url, options()); err == nil || !strings.Contains(err.Error(), "newer ddbot") {
		t.Fatal(err)
	}
}

// TestBeside: a command that looks into a database makes nothing there, says what to do where there is none, and works beside
// whoever has it open.
func TestBeside(t *testing.T) {
	storetest.Each(t, func(t *testing.T, fresh storetest.Fresh) {
		url, beside := fresh(t), options()
		beside.Beside = true
		for range 2 { // the first has made nothing that the second would find
			if _, err := store.Open(t.Context(), url, beside); err == nil || !strings.Contains(err.Error(), "no database") {
				t.Fatalf("an empty database: %v", err)
			}
		}
		db := storetest.Open(t, url)
		side, err := store.Open(t.Context(), url, beside)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := side.Receive(t.Context(), queue.Delivery{GUID: "g", Key: "k"}); err != nil {
			t.Error(err)
		}
		if err := side.Close(); err != nil {
			t.Error(err)
		}
		for version, says := range map[string]string{"99": "newer ddbot", "0": "start ddbot serve"} {
			if err := store.Exec(t.Context(), db, `DELETE FROM ddbot_migration`); err != nil {
				t.Fatal(err)
			}
			if err := store.Exec(t.Context(), db, `INSERT INTO ddbot_migration (version) VALUES (`+version+`)`); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Open(t.Context(), url, beside); err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("version %s: %v", version, err)
			}
		}
	})
}

// TestFlushed guards the settings that durability hangs on, and the size of pages, by which a packed payload takes no second one.
func TestFlushed(t *testing.T) {
	url := storetest.SQLite(t)
	db := storetest.Open(t, url)
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "page_size": "8192"} {
		got, err := store.Text(t.Context(), db, "PRAGMA "+pragma)
		if err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", pragma, got, want, err)
		}
	}
}

// TestCancelledCaller: who gives up waiting must not take the others of its group with it.
func TestCancelledCaller(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			ctx, guid := t.Context(), string(rune('A'+i))
			if i%2 == 0 {
				ctx = gone
			}
			if _, err := db.Receive(ctx, queue.Delivery{GUID: guid, Key: "k"}); err != nil && i%2 == 1 {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestDrained: the suite that what stands in for the store in tests passes, too.
func TestDrained(t *testing.T) {
	storetest.Each(t, func(t *testing.T, fresh storetest.Fresh) {
		storetest.RunDrained(t, func(t *testing.T, now func() time.Time) storetest.Drained {
			return storetest.Drain(storetest.OpenAt(t, fresh(t), now))
		})
	})
}

// TestOlderDatabase: what waits in a database from before 0003, with the jobs of River beside it, is worked on; what was done is known.
func TestOlderDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, fresh storetest.Fresh) {
		url := fresh(t)
		db := storetest.Open(t, url)
		for _, query := range []string{
			`DROP INDEX record_listed`, `DROP INDEX issue_due`, `ALTER TABLE issue DROP COLUMN due_at`, `DROP TABLE replica`, `ALTER TABLE cron_state DROP COLUMN owner`,
			`ALTER TABLE cron_state DROP COLUMN rest_until`, `ALTER TABLE delivery DROP COLUMN packed`, `DELETE FROM ddbot_migration WHERE version > 2`, `CREATE TABLE river_job (id integer)`,
			`INSERT INTO issue (key, next_seq, owner) VALUES ('waits', 3, ''), ('killed', 2, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), ('done', 2, '')`,
			`INSERT INTO delivery (guid, key, seq, event, payload, received_at, state) VALUES
				('waits/1', 'waits', 1, 'issues', 'one', 1, 0), ('waits/2', 'waits', 2, 'issues', 'two', 2, 0),
				('killed/1', 'killed', 1, 'issues', 'three', 3, 0), ('done/1', 'done', 1, 'issues', 'four', 4, 1)`,
			`INSERT INTO record (kind, id, data, at) VALUES ('book', 'waits', 'b', 1), ('said', 'waits', 's', 2)`,
		} {
			if err := store.Exec(t.Context(), db, query); err != nil {
				t.Fatalf("%s: %v", query, err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		db = storetest.Open(t, url)
		if n, err := store.Text(t.Context(), db, `SELECT count(*) FROM river_job`); err == nil {
			t.Errorf("River's table is there, with %s", n)
		}
		r, err := db.Join(t.Context(), 8, nobody{})
		if err != nil {
			t.Fatal(err)
		}
		if freed, err := r.FreeDead(t.Context()); err != nil || !freed {
			t.Errorf("freed %v, %v", freed, err)
		}
		got := map[string]string{}
		cs, err := r.Fetch(t.Context(), 9)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cs {
			w, err := c.Next(t.Context())
			if err != nil || w == nil {
				t.Fatal(c.Key(), err)
			}
			for _, d := range w.Deliveries() {
				got[d.GUID] = string(d.Payload)
			}
		}
		if want := map[string]string{"waits/1": "one", "waits/2": "two", "killed/1": "three"}; !maps.Equal(got, want) {
			t.Errorf("waiting are %v, want %v", got, want)
		}
		if d, err := db.Lookup(t.Context(), "done/1"); err != nil || string(d.Payload) != "four" {
			t.Errorf("%+v, %v", d, err)
		}
		for kind, want := range map[string]string{"book": "b", "said": "s"} {
			if rec, err := db.Get(t.Context(), kind, "waits"); err != nil || string(rec.Data) != want {
				t.Errorf("%+v, %v", rec, err)
			}
		}
	})
}
