package github_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
)

// TestListingOfOthers: servers that speak GitHub's API in their own way get an end and lose nothing.
func TestListingOfOthers(t *testing.T) {
	const n = 250
	begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		size  int  // of a page
		since bool // it minds since
		back  bool // newest first
	}{
		{"as GitHub", 100, true, false},
		{"short pages", 30, true, false},
		{"since is ignored", 100, false, false},
		{"newest first", 100, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			asked := 0
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				q := r.URL.Query()
				since, _ := time.Parse(time.RFC3339, q.Get("since"))
				var rows []map[string]any
				for i := range n {
					at := begin.Add(time.Duration(i) * time.Hour)
					if !c.since || !at.Before(since) {
						rows = append(rows, map[string]any{"number": i + 1, "updated_at": at, "state": "open"})
					}
				}
				if c.back {
					slices.Reverse(rows)
				}
				page, _ := strconv.Atoi(q.Get("page"))
				from := min(max(page-1, 0)*c.size, len(rows))
				to := min(from+c.size, len(rows))
				if to < len(rows) {
					w.Header().Set("Link", fmt.Sprintf(`<http://%s%s?page=%d>; rel="next"`, r.Host, r.URL.Path, max(page, 1)+1))
				}
				_ = json.NewEncoder(w).Encode(rows[from:to])
			}))
			defer api.Close()
			hub, err := github.New(github.Options{URL: api.URL, Token: "t", Now: func() time.Time { return begin.Add(9000 * time.Hour) }})
			if err != nil {
				t.Fatal(err)
			}
			got, err := hub.Client(0).ListIssues(context.Background(), toc, github.Listing{State: "open", Since: begin.Add(time.Hour)})
			want := n - 1
			if !c.since {
				want = n
			}
			if err != nil || len(got.Issues) != want || asked > 20 {
				t.Errorf("%d issues in %d requests, %v", len(got.Issues), asked, err)
			}
		})
	}
}
