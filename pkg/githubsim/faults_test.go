package githubsim_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

const posting = `^POST .*/comments$`

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  githubsim.Fault
		status int  // 0: no answer at all
		took   bool // the comment is there all the same
	}{
		{"500", githubsim.Fault{Kind: githubsim.Status500Before}, 500, false},
		{"502", githubsim.Fault{Kind: githubsim.Status502Before}, 502, false},
		{"502 too late", githubsim.Fault{Kind: githubsim.Status502After}, 502, true},
		{"hang", githubsim.Fault{Kind: githubsim.Hang}, 0, false},
		{"hang too late", githubsim.Fault{Kind: githubsim.HangAfter}, 0, true},
		{"cut", githubsim.Fault{Kind: githubsim.CutBefore}, 0, false},
		{"cut too late", githubsim.Fault{Kind: githubsim.CutAfter}, 0, true},
		{"secondary limit", githubsim.Fault{Kind: githubsim.SecondaryLimit, RetryAfter: time.Minute}, 403, false},
		{"secondary limit as 429", githubsim.Fault{Kind: githubsim.SecondaryLimit, Status: 429}, 429, false},
		{"primary limit", githubsim.Fault{Kind: githubsim.PrimaryLimit}, 403, false},
		{"forbidden", githubsim.Fault{Kind: githubsim.Forbidden}, 403, false},
		{"not found", githubsim.Fault{Kind: githubsim.NotFound}, 404, false},
		{"gone", githubsim.Fault{Kind: githubsim.Gone410}, 410, false},
		{"unauthorized", githubsim.Fault{Kind: githubsim.Unauthorized401}, 401, false},
		{"suspended", githubsim.Fault{Kind: githubsim.Suspended}, 403, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, githubsim.Options{})
			ref := w.OpenIssue(repoName, "alice", "Promotion", "")
			c.fault.Match, c.fault.Times, c.fault.After = posting, 1, 1
			w.Fault(c.fault)
			w.Comment(ref, "alice", "not over HTTP")
			rs, err := w.post() // let through
			ok(t, err)
			want(t, "before", rs.StatusCode, 201)
			before := len(w.Comments(ref))
			rs, err = w.post()
			got := 0
			if err == nil {
				got = rs.StatusCode
			}
			want(t, "status", got, c.status)
			want(t, "took place", len(w.Comments(ref)) > before, c.took)
			if c.fault.RetryAfter > 0 {
				want(t, "Retry-After", rs.Header.Get("Retry-After"), "60")
			}
			rs, err = w.post()
			ok(t, err)
			want(t, "afterwards", rs.StatusCode, 201)
		})
	}
}

// post sends a comment as the bot, with little patience.
func (w *world) post() (*http.Response, error) {
	limited, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	u := w.url + "/repos/" + repoName + "/issues/1/comments"
	rq, _ := http.NewRequestWithContext(limited, "POST", u, strings.NewReader(`{"body":"x"}`))
	rq.Header.Set("Authorization", "Bearer "+w.Token(bot))
	rs, err := http.DefaultClient.Do(rq)
	if err == nil {
		_ = rs.Body.Close()
	}
	return rs, err
}

// go-github recognises both limits by their answers.
func TestLimitsAsClientsSeeThem(t *testing.T) {
	w := newWorld(t, githubsim.Options{Now: time.Now})
	cancel := w.Fault(githubsim.Fault{Kind: githubsim.SecondaryLimit, RetryAfter: time.Minute, Repo: repoName, As: bot})
	_, _, err := w.client(bot).Repositories.Get(ctx, owner, name)
	var abuse *github.AbuseRateLimitError
	if !errors.As(err, &abuse) || abuse.GetRetryAfter() != time.Minute {
		t.Errorf("secondary limit: %v", err)
	}
	_, _, err = w.client("alice").Repositories.Get(ctx, owner, name)
	ok(t, err)
	cancel()
	w.Fault(githubsim.Fault{Kind: githubsim.PrimaryLimit, Times: 1})
	_, _, err = w.client(bot).Repositories.Get(ctx, owner, name)
	var primary *github.RateLimitError
	if !errors.As(err, &primary) || primary.Rate.Remaining != 0 {
		t.Errorf("primary limit: %v", err)
	}
	_, _, err = w.client(bot).Repositories.Get(ctx, owner, name)
	ok(t, err)
}

func TestLatencyAndObservers(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.Latency(30 * time.Millisecond)
	seen := 0
	w.After(func(c githubsim.Call) {
		if c.Status == 200 && c.As == bot && c.Repo == repoName {
			seen++
		}
	})
	start := time.Now()
	_, _, err := w.client(bot).Repositories.Get(ctx, owner, name)
	ok(t, err)
	if time.Since(start) < 30*time.Millisecond {
		t.Error("no latency")
	}
	want(t, "seen", seen, 1)
}

// People, the bot, readers and the clock at once: for the race detector, and nothing may be lost. Nothing is held against
// GitHub's description here, which would take most of the time.
func TestManyAtOnce(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	var delivered atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { delivered.Add(1) }))
	defer server.Close()
	w.AddHook(githubsim.Hook{URL: server.URL})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	c, err := github.NewClient(nil).WithAuthToken(w.Token(bot)).WithEnterpriseURLs(w.url, w.url)
	ok(t, err)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 5 {
				_, _, err := c.Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: github.String("x")})
				if err != nil {
					t.Error(err)
				}
				w.Comment(ref, "alice", "y")
				w.Clock().Advance(time.Second)
				w.Issue(ref)
				w.Calls()
			}
		})
	}
	all.Wait()
	w.drain()
	want(t, "comments", len(w.Comments(ref)), 40)
	want(t, "webhooks: the ping, the issue and the comments", delivered.Load(), 42)
}
