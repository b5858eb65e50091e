package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
)

// TestLimits: how long GitHub's limits last. The primary one ends when its answer says, even a minute or an hour on, and is asked for
// at every refusal anew; a secondary one after Retry-After, or a minute where it names no time, whatever X-RateLimit-Reset says,
// which is about the primary one.
func TestLimits(t *testing.T) {
	now := time.Unix(4_000_000_000, 0) // ahead of every real clock: go-github compares resets with that
	reset := func(d time.Duration) string { return fmt.Sprint(now.Add(d).Unix()) }
	const secondary = `{"message":"You have exceeded a secondary rate limit.","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
	for _, c := range []struct {
		name   string
		status int
		header map[string]string
		body   string
		want   time.Duration
	}{
		{"primary, an hour", 403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset(time.Hour)}, `{"message":"API rate limit exceeded"}`, time.Hour},
		{"primary, seconds", 403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset(7 * time.Second)}, `{"message":"API rate limit exceeded"}`, 7 * time.Second},
		{"primary, 429", 429, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset(20 * time.Minute)}, `{"message":"API rate limit exceeded"}`, 20 * time.Minute},
		{"secondary, Retry-After", 403, map[string]string{"Retry-After": "90"}, secondary, 90 * time.Second},
		{"secondary, 429", 429, map[string]string{"Retry-After": "90"}, secondary, 90 * time.Second},
		{"secondary, no time", 403, map[string]string{"X-RateLimit-Remaining": "4000", "X-RateLimit-Reset": reset(time.Hour)}, secondary, time.Minute},
		{"a proxy's 429", 429, map[string]string{"Retry-After": "5"}, `{"message":"slow down"}`, 5 * time.Second},
		{"a proxy's 429, no time", 429, nil, `{"message":"slow down"}`, time.Minute},
		{"Retry-After that is no number", 429, map[string]string{"Retry-After": "soon"}, `{"message":"slow down"}`, time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				for k, v := range c.header {
					w.Header().Set(k, v)
				}
				w.WriteHeader(c.status)
				_, _ = fmt.Fprint(w, c.body)
			}))
			defer api.Close()
			hub, err := github.New(github.Options{URL: api.URL, Token: "t", Now: func() time.Time { return now }})
			if err != nil {
				t.Fatal(err)
			}
			_, err = hub.Client(0).Issue(context.Background(), toc)
			var limited *github.RateLimitError
			if !errors.As(err, &limited) || !github.IsOutage(err) {
				t.Fatalf("not a limit: %v", err)
			}
			if got := limited.Until.Sub(now); got != c.want {
				t.Errorf("it lasts %v, want %v", got, c.want)
			}
		})
	}
}

// TestLabelsShown: the labels that an issue has after some were added are what an exclusive group is decided on. An answer that shows
// none is no answer.
func TestLabelsShown(t *testing.T) {
	if all, err := says(t, 200, `[{"name":"x"},{"name":"Y z"}]`).AddLabels(context.Background(), toc, []string{"x"}); err != nil || fmt.Sprintf("%q", all) != `["x" "Y z"]` {
		t.Errorf("%q, %v", all, err)
	}
	if all, err := says(t, 200, `[]`).AddLabels(context.Background(), toc, []string{"x"}); !github.IsOutage(err) {
		t.Errorf("%q, %v", all, err)
	}
}
