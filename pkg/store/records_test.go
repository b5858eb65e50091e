package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/sirupsen/logrus"
)

// TestListIsIndexed: what is listed over many issues is found by its kind, what is listed of one issue by that.
func TestListIsIndexed(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "db"), Options{Now: time.Now, Log: logrus.New()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	look := func(kind, prefix, want string) {
		t.Helper()
		query, args := listQuery(kind, prefix, 0)
		var way []string
		err := db.engine.reader().rows(t.Context(), func(scan func(...any) error) error {
			var a, b, c int
			var s string
			err := scan(&a, &b, &c, &s)
			way = append(way, s)
			return err
		}, "EXPLAIN QUERY PLAN "+query, args...)
		if got := strings.Join(way, "; "); err != nil || got != want {
			t.Errorf("%s %q: %s, want %s; %v", kind, prefix, got, want, err)
		}
	}
	for _, kind := range queue.Listed {
		look(kind, "", "SEARCH record USING INDEX record_listed (kind=? AND id>?)")
		look(kind, "gh:1#", "SEARCH record USING INDEX record_listed (kind=? AND id>? AND id<?)")
	}
	look("answered", "gh:1#2/", "SEARCH record USING PRIMARY KEY (id>? AND id<?)")
}

// TestBatchOfRecords: what the largest batch asks for is read by one statement.
func TestBatchOfRecords(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "db"), Options{Now: time.Now, Log: logrus.New()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var names []queue.Name
	var rs []queue.Record
	for i := range 2*batchMax + 1 { // of each event two, and the issue's
		names = append(names, queue.Name{Kind: "k", ID: fmt.Sprint(i)})
		rs = append(rs, queue.Record{Kind: "k", ID: fmt.Sprint(i), Data: []byte("data")})
	}
	if err := db.PutAll(t.Context(), rs...); err != nil {
		t.Fatal(err)
	}
	got, err := db.many(t.Context(), names, `SELECT '', '', NULL, 7`)
	if err != nil || len(got) != len(names)+1 {
		t.Errorf("%d of %d: %v", len(got), len(names)+1, err)
	}
}

// TestAfter: the end of what begins with a prefix, in the order of code points: over the surrogates, which are none, and over the last one.
func TestAfter(t *testing.T) {
	for prefix, want := range map[string]string{
		"": "", "a": "b", "a/": "a0", "aä": "aå", "\uD7FF": "\uE000", "a\U0010FFFE": "a\U0010FFFF", "a\U0010FFFF": "b", "\U0010FFFF": "",
	} {
		if got := after(prefix); got != want {
			t.Errorf("after %q comes %q, want %q", prefix, got, want)
		}
	}
}
