package sweep

import (
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// TestLimitOf: how many issues a sweep may act on. What somebody asks for on the command line counts; else the first sweep has a
// bound of its own, and the smaller of the two counts; 0 is no bound.
func TestLimitOf(t *testing.T) {
	for _, c := range []struct {
		name        string
		asked       *int
		swept       bool
		first, each int
		want        int
	}{
		{"the first sweep", nil, false, 10, 100, 10},
		{"the first sweep, where each has a smaller one", nil, false, 10, 5, 5},
		{"the first sweep, where each has none", nil, false, 10, 0, 10},
		{"the first sweep, where that has none", nil, false, 0, 100, 100},
		{"no bound at all", nil, false, 0, 0, 0},
		{"a later sweep", nil, true, 10, 100, 100},
		{"a later sweep, where each has none", nil, true, 10, 0, 0},
		{"asked for", new(7), false, 10, 100, 7},
		{"asked for later", new(7), true, 10, 5, 7},
		{"asked for none", new(0), false, 10, 100, 0},
	} {
		r := &run{Sweeper: &Sweeper{}, Request: Request{Limit: c.asked}, policy: stale.Policy{First: c.first, PerSweep: c.each}, cursor: cursor{Swept: c.swept}}
		if got := r.limit(); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// TestChoose: of what is due as much is taken as the limits leave room for; freeing an issue costs nothing; who has enough of theirs
// waits and does not stand in the way of others.
func TestChoose(t *testing.T) {
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	due := func(n int, who string) *stale.Issue {
		long := now.AddDate(-1, 0, 0)
		return &stale.Issue{Snapshot: issue.Snapshot{Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: n}, Author: who, State: issue.Open, CreatedAt: long, UpdatedAt: long}, FirstSeen: long}
	}
	for _, c := range []struct {
		name              string
		each, owner, size int
		authors           string
		chunk, rest, left int
	}{
		{"no limits", 0, 0, 9, "aabbc", 5, 0, 0},
		{"a small chunk", 0, 0, 2, "aabbc", 2, 3, 0},
		{"three a sweep", 3, 0, 9, "aabbc", 3, 2, 0}, // those before may turn out not to be due
		{"one of each", 0, 1, 9, "aabbc", 3, 2, 0},
		{"two of each", 0, 2, 9, "aaabc", 4, 1, 0},
	} {
		r := &run{Sweeper: &Sweeper{Now: func() time.Time { return now }}, cursor: cursor{Swept: true}, policy: stale.Policy{
			Periods: stale.Periods{Stale: 90 * 24 * time.Hour}, PerSweep: c.each, PerOwner: c.owner,
		}}
		var all []*stale.Issue
		for n, who := range c.authors {
			all = append(all, due(n+1, string(who)))
		}
		s := &spending{run: r, byOwner: map[string]int{}}
		chunk, rest := s.choose(all, c.size)
		if len(chunk) != c.chunk || len(rest) != c.rest || len(s.left) != c.left {
			t.Errorf("%s: %d chosen, %d for later, %d left; want %d, %d, %d", c.name, len(chunk), len(rest), len(s.left), c.chunk, c.rest, c.left)
		}
		// What was chosen was handed out: the limits hold for what comes next.
		for _, i := range chunk {
			s.total++
			s.byOwner[owner(i)]++
		}
		if more, _ := s.choose(rest, c.size); c.each > 0 && len(more) > 0 {
			t.Errorf("%s: %d more", c.name, len(more))
		}
	}
}
