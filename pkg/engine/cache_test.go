package engine

import (
	"context"
	"io"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
)

// counted is a GitHub that says how often it was asked before.
type counted struct {
	GitHub
	asked *int
}

func (c counted) Permission(context.Context, issue.Ref, string) (fact.Level, error) {
	*c.asked++
	return fact.Level(*c.asked % 6), nil
}

func (c counted) Labels(context.Context, issue.Ref) ([]string, error) {
	*c.asked++
	return make([]string, *c.asked), nil
}

// TestCacheBorders: an answer is used again for five minutes, for the same question about the same repository by the same
// installation, and for nobody else: another installation may see other things.
func TestCacheBorders(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	log := logrus.New()
	log.Out = io.Discard
	asked := 0
	e := &Engine{Now: func() time.Time { return now }, Log: log}
	ask := func(installation int64, repo string, k fact.Key) any {
		t.Helper()
		w := &batchRun{Engine: e, installation: installation, ref: issue.Ref{Owner: "acme", Repo: repo, Number: 1}, gh: counted{asked: &asked}}
		v, err := w.loadOne(context.Background(), k)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	bob, carol := fact.Key{Kind: fact.KindPermission, Arg: "bob"}, fact.Key{Kind: fact.KindPermission, Arg: "carol"}
	for _, c := range []struct {
		name         string
		installation int64
		repo         string
		key          fact.Key
		later        time.Duration
		asked        int // in all
	}{
		{"the first", 1, "toc", bob, 0, 1},
		{"again", 1, "toc", bob, 0, 1},
		{"in other letters", 1, "TOC", bob, 0, 1},
		{"another installation", 2, "toc", bob, 0, 2},
		{"no installation", 0, "toc", bob, 0, 3},
		{"another repository", 1, "tab", bob, 0, 4},
		{"another person", 1, "toc", carol, 0, 5},
		{"just before the end", 1, "toc", bob, keepFacts - time.Nanosecond, 5},
		{"at the end", 1, "toc", bob, time.Nanosecond, 6},
	} {
		now = now.Add(c.later)
		ask(c.installation, c.repo, c.key)
		if asked != c.asked {
			t.Fatalf("%s: GitHub was asked %d times, want %d", c.name, asked, c.asked)
		}
	}
}

// TestCacheFresh: a fresh answer is asked for although there is another, and is the one that is used again.
func TestCacheFresh(t *testing.T) {
	asked := 0
	now := time.Unix(1_000_000, 0)
	w := &batchRun{Engine: &Engine{Now: func() time.Time { return now }}, gh: counted{asked: &asked}}
	for n, c := range []struct {
		arg  string
		want int
	}{{"", 1}, {"", 1}, {fact.Fresh, 2}, {"", 2}, {fact.Fresh, 3}} {
		v, err := w.loadOne(context.Background(), fact.Key{Kind: fact.KindLabels, Arg: c.arg})
		if err != nil || len(v.([]string)) != c.want {
			t.Errorf("%d: %v, %v, want the %dth answer", n, v, err, c.want)
		}
	}
}

// TestCacheBound: the cache does not grow for ever; what has run out goes first.
func TestCacheBound(t *testing.T) {
	var c factCache
	now := time.Unix(1_000_000, 0)
	key := func(n int) cacheKey { return cacheKey{installation: int64(n)} }
	for n := range maxCached - 1 {
		c.put(key(n), n, now.Add(time.Minute), now)
	}
	now = now.Add(time.Hour)
	c.put(key(-1), "kept", now.Add(time.Minute), now)
	c.put(key(-2), "new", now.Add(time.Minute), now)
	if v, ok := c.get(key(-1), now); !ok || v != "kept" || len(c.m) != 2 {
		t.Errorf("%v, %v; %d are kept", v, ok, len(c.m))
	}
	for n := range maxCached {
		c.put(key(n), n, now.Add(time.Minute), now)
	}
	if len(c.m) > maxCached {
		t.Errorf("%d are kept", len(c.m))
	}
	if v, ok := c.get(key(maxCached-1), now); !ok || v != maxCached-1 {
		t.Errorf("the last one: %v, %v", v, ok)
	}
}
