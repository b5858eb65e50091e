package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the database/sql driver "pgx"
	_ "modernc.org/sqlite"             // the database/sql driver "sqlite"
)

// sizes are how many issues a store knows, with ten handled deliveries and one answered comment each.
var sizes = []int{1, 100, 10_000, 100_000}

// growth is how ddbot does when its store is full.
func (b *bench) growth() {
	head("issues in the store, rows of history", "start to ready, ms", "webhook to edit sent, p50, ms", "memory, MB", "longest acknowledgement during a purge of a tenth of the history, ms")
	for _, n := range sizes {
		for _, s := range b.stores() {
			b.grown(s, n)
		}
	}
}

// stores are the databases that are there.
func (b *bench) stores() []string {
	if b.postgres == "" {
		return []string{"SQLite"}
	}
	return []string{"SQLite", "PostgreSQL"}
}

func (b *bench) grown(name string, n int) {
	g, url, stopGitHub := serveGitHub()
	defer stopGitHub()
	store, driver, source := "", "sqlite", ""
	if name == "PostgreSQL" {
		var drop func()
		store, drop = b.database()
		defer drop()
		driver, source = "pgx", store
	}
	p, stop := b.serve(b.binary, store, url)
	defer func() { stop() }()
	if source == "" {
		store = "sqlite:" + filepath.Join(p.dir, "ddbot.db")
		source = filepath.Join(p.dir, "ddbot.db")
	}
	p.stop() // it has made the schema
	fill(driver, source, n)
	var ready, p50s, memory, longest series
	for round := range b.rounds {
		p = start(b.binary, "serve", "--listen", "127.0.0.1:0", "--store", store, "--github-url", url)
		ready = append(ready, ms(p.ready))
		took := idleTimes(g, p, fmt.Sprint("grown", round), 30)
		p50s, memory = append(p50s, ms(took[len(took)/2])), append(memory, p.rss())
		p.stop()
	}
	longest = append(longest, b.purged(driver, source, store, url))
	row(fmt.Sprintf("%s, %d, %d", name, n, 10*n), ready.text("%.0f"), p50s.text("%.1f"), memory.text("%.0f"), longest.text("%.0f"))
}

// fill makes n issues with what is remembered of each, and ten deliveries of each that are done: a tenth of them are to be purged,
// the others have been.
func fill(driver, source string, n int) {
	db, err := sql.Open(driver, source)
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()
	series := `WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < %d) `
	text := "substr('0000000' || c.i, -7)"
	payload := "zeroblob(1500)"
	if driver == "pgx" {
		series, text, payload = `WITH c(i) AS (SELECT generate_series(1, %d)) `, "lpad(c.i::text, 7, '0')", "decode(repeat('ab', 1500), 'hex')"
	}
	for _, q := range []string{
		fmt.Sprintf(`INSERT INTO issue (key, next_seq, owner) `+series+`SELECT 'gh:9#' || c.i, 11, '' FROM c`, n),
		fmt.Sprintf(`INSERT INTO record (kind, id, data, at) `+series+`SELECT 'book', 'gh:9#' || c.i, CAST('`+strings.Repeat("x", 300)+`' AS bytea), 1 FROM c`, n),
		fmt.Sprintf(`INSERT INTO record (kind, id, data, at) `+series+`SELECT 'answered', 'gh:9#' || c.i || '/c' || c.i, CAST('`+strings.Repeat("x", 40)+`' AS bytea), 1 FROM c`, n),
		fmt.Sprintf(`INSERT INTO delivery (guid, key, seq, event, payload, received_at, state, done_at, packed) `+series+
			`SELECT '72d3162e-cc78-11e3-81ab-' || `+text+`, 'gh:9#' || (c.i / 10), c.i %% 10, 'issue_comment',
			CASE WHEN c.i %% 10 = 0 THEN `+payload+` ELSE CAST('' AS bytea) END, c.i, CASE WHEN c.i %% 10 = 0 THEN 1 ELSE 3 END, c.i, 0 FROM c`, 10*n),
		"ANALYZE",
	} {
		if driver == "sqlite" {
			q = strings.ReplaceAll(q, "AS bytea", "AS blob")
		}
		if _, err := db.ExecContext(context.Background(), q); err != nil {
			log.Fatalf("%s: %v", q, err)
		}
	}
}

// purged starts a server that has to purge, and gives the longest time that a delivery had to wait meanwhile, in ms.
func (b *bench) purged(driver, source, store, github string) float64 {
	db, err := sql.Open(driver, source)
	if err != nil {
		log.Fatal(err)
	}
	_, err = db.ExecContext(context.Background(), `INSERT INTO cron_state (name, last_tick) VALUES ('purge', 1) ON CONFLICT (name) DO UPDATE SET last_tick = 1`)
	if err != nil {
		log.Fatal(err)
	}
	db.Close()
	p := start(b.binary, "serve", "--listen", "127.0.0.1:0", "--store", store, "--github-url", github)
	defer p.stop()
	var took []time.Duration
	for i := range 150 {
		r := request(p.addr, fmt.Sprintf("purge-%d", i), small(1, "no command"))
		begin := time.Now()
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			log.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		took = append(took, time.Since(begin))
		time.Sleep(20 * time.Millisecond)
	}
	return ms(slices.Max(took))
}
