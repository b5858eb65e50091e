package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/stale"
)

// calls are all that ddbot asks of GitHub, one by one.
var calls = map[string]func(context.Context, *github.Client) error{
	"Self":   func(ctx context.Context, c *github.Client) error { _, err := c.Self(ctx); return err },
	"Issue":  func(ctx context.Context, c *github.Client) error { _, err := c.Issue(ctx, toc); return err },
	"RepoID": func(ctx context.Context, c *github.Client) error { _, err := c.RepoID(ctx, toc); return err },
	"AddLabels": func(ctx context.Context, c *github.Client) error {
		_, err := c.AddLabels(ctx, toc, []string{"x"})
		return err
	},
	"RemoveLabel": func(ctx context.Context, c *github.Client) error { return c.RemoveLabel(ctx, toc, "x") },
	"AddAssignees": func(ctx context.Context, c *github.Client) error {
		_, err := c.AddAssignees(ctx, toc, []string{"ann"})
		return err
	},
	"RemoveAssignees": func(ctx context.Context, c *github.Client) error { return c.RemoveAssignees(ctx, toc, []string{"ann"}) },
	"AskReviewers": func(ctx context.Context, c *github.Client) error {
		return c.AskReviewers(ctx, toc, []string{"ann"}, true)
	},
	"AskNoReviewers": func(ctx context.Context, c *github.Client) error {
		return c.AskReviewers(ctx, toc, []string{"ann"}, false)
	},
	"CreateComment": func(ctx context.Context, c *github.Client) error {
		_, err := c.CreateComment(ctx, toc, "x")
		return err
	},
	"EditComment":    func(ctx context.Context, c *github.Client) error { return c.EditComment(ctx, toc, 7, "x") },
	"ReactToComment": func(ctx context.Context, c *github.Client) error { return c.React(ctx, toc, 7, "+1") },
	"ReactToIssue":   func(ctx context.Context, c *github.Client) error { return c.React(ctx, toc, 0, "+1") },
	"Comments":       func(ctx context.Context, c *github.Client) error { _, err := c.Comments(ctx, toc); return err },
	"Permission":     func(ctx context.Context, c *github.Client) error { _, err := c.Permission(ctx, toc, "ann"); return err },
	"Labels":         func(ctx context.Context, c *github.Client) error { _, err := c.Labels(ctx, toc); return err },
	"Milestones":     func(ctx context.Context, c *github.Client) error { _, err := c.Milestones(ctx, toc); return err },
	"TeamMember": func(ctx context.Context, c *github.Client) error {
		_, err := c.TeamMember(ctx, toc, "acme/x", "ann")
		return err
	},
	"Member": func(ctx context.Context, c *github.Client) error {
		_, err := c.TeamMember(ctx, toc, "", "ann")
		return err
	},
	"File":      func(ctx context.Context, c *github.Client) error { _, _, err := c.File(ctx, toc, "OWNERS"); return err },
	"Labelings": func(ctx context.Context, c *github.Client) error { _, err := c.Labelings(ctx, toc); return err },
	"Reacted":   func(ctx context.Context, c *github.Client) error { _, err := c.Reacted(ctx, toc, 7); return err },
	"EditIssue": func(ctx context.Context, c *github.Client) error {
		_, err := c.EditIssue(ctx, toc, plan.Edit{Title: new("x")})
		return err
	},
	"ListIssues": func(ctx context.Context, c *github.Client) error {
		_, err := c.ListIssues(ctx, toc, github.Listing{State: "all"})
		return err
	},
	"CommentsSince": func(ctx context.Context, c *github.Client) error {
		_, err := c.CommentsSince(ctx, toc, time.Unix(0, 0))
		return err
	},
	"OpenedSince": func(ctx context.Context, c *github.Client) error {
		_, err := c.OpenedSince(ctx, toc, time.Unix(0, 0))
		return err
	},
	"Payload": func(ctx context.Context, c *github.Client) error {
		w := github.Written{Number: 1}
		w.ID = 7
		_, _, err := c.Payload(ctx, toc, 1, 0, w)
		return err
	},
	"HookDeliveries": func(ctx context.Context, c *github.Client) error {
		_, _, err := c.HookDeliveries(ctx, toc, github.Hook{ID: 3}, time.Unix(0, 0))
		return err
	},
	"Redeliver": func(ctx context.Context, c *github.Client) error { return c.Redeliver(ctx, toc, github.Hook{ID: 3}, 4) },
	"Untouched": func(ctx context.Context, c *github.Client) error {
		_, err := c.Untouched(ctx, toc, github.Written{}, "bot")
		return err
	},
	"Did": func(ctx context.Context, c *github.Client) error {
		var hs []stale.TimelineEvent
		hs, err := c.OwnActions(ctx, issue.Snapshot{Ref: toc, NodeID: "I_1"}, time.Unix(0, 0))
		_ = hs
		return err
	},
	"CreateLabel": func(ctx context.Context, c *github.Client) error { return c.CreateLabel(ctx, toc, "x", "ededed", "") },
	"Edits":       func(ctx context.Context, c *github.Client) error { _, err := c.Edits(ctx, toc); return err },
	"Histories": func(ctx context.Context, c *github.Client) error {
		_, err := c.Histories(ctx, toc, []string{"I_1"}, github.Reading{})
		return err
	},
}

// says is a client of a GitHub that always answers the same.
func says(t *testing.T, status int, body string) *github.Client {
	t.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(api.Close)
	return clientOf(t, api.URL)
}

func clientOf(t *testing.T, url string) *github.Client {
	t.Helper()
	hub, err := github.New(github.Options{URL: url, Token: "secret-token", Now: func() time.Time { return time.Unix(1_000_000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return hub.Client(0)
}

// TestNoAnswerIsNoAnswer: what is not GitHub's answer is an outage to every call, so it is asked again, and never "done",
// "may not" or "there is none".
func TestNoAnswerIsNoAnswer(t *testing.T) {
	const html = "<!DOCTYPE html><html><body>Sign in to the guest network</body></html>"
	for _, c := range []struct {
		name   string
		status int
		body   string
		not    string // calls to which this is an answer
	}{
		{"200, nothing", 200, "", ""},
		{"201, nothing", 201, "", ""},
		{"200, blanks", 200, " \n", ""},
		{"200, HTML", 200, html, ""},
		{"201, HTML", 201, html, ""},
		{"200, cut off", 200, `{"number":1,"state":"open","bo`, ""},
		{"200, a list cut off", 200, `[{"name":"x"},`, ""},
		{"200, null", 200, "null", ""},
		{"200, a word", 200, `"ok"`, ""},
		{"200, an empty object", 200, "{}", "Redeliver"},
		{"200, a message", 200, `{"message":"Service degraded"}`, "Redeliver"},
		{"404, HTML", 404, html, ""},
		{"403, HTML", 403, html, ""},
		{"422, nothing", 422, "", ""},
		{"409", 409, `{"message":"Conflict"}`, ""},
		{"500", 500, `{"message":"Server Error"}`, ""},
		{"502, HTML", 502, html, ""},
		{"422, too quickly", 422, `{"message":"Validation Failed","errors":[{"resource":"IssueComment","code":"unprocessable","field":"data","message":"was submitted too quickly"}]}`, ""},
		{"422, too quickly, as text", 422, `{"message":"Validation Failed","errors":"was submitted too quickly"}`, ""},
		{"422, no node", 422, `{"message":"Validation Failed","errors":[{"resource":"IssueComment","code":"unprocessable","field":"data","message":"Could not resolve to a node with the global id of 'I_1'."}]}`, ""},
		{"403, old words of the limit", 403, `{"message":"You have triggered an abuse detection mechanism. Please wait a few minutes before you try again."}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			client := says(t, c.status, c.body)
			for name, call := range calls {
				if err := call(context.Background(), client); !github.IsOutage(err) && !strings.Contains(c.not, name) {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
}

// TestLastingRefusals: what GitHub means is not asked for again and again.
func TestLastingRefusals(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   error
	}{
		{404, `{"message":"Not Found"}`, github.ErrGone},
		{410, `{"message":"This issue was deleted"}`, github.ErrGone},
		{403, `{"message":"Resource not accessible by integration"}`, github.ErrForbidden},
		{422, `{"message":"Validation Failed","errors":[{"message":"body is too long (maximum is 65536 characters)"}]}`, github.ErrInvalid},
		{403, `{"message":"Repository was archived so is read-only."}`, github.ErrArchived},
		{409, `{"message":"Git Repository is empty."}`, github.ErrGone},
	} {
		if _, err := says(t, c.status, c.body).CreateComment(context.Background(), toc, "x"); !errors.Is(err, c.want) || github.IsOutage(err) {
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
	}
}

// TestTokenStaysHome: a redirect to another host is not followed, with whatever method it came and whoever signs.
func TestTokenStaysHome(t *testing.T) {
	var asked atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		t.Errorf("another host is asked for %s with %q", r.URL, r.Header.Get("Authorization"))
		_, _ = fmt.Fprint(w, `{"number":1,"state":"open"}`)
	}))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, status)
		}))
		client := clientOf(t, api.URL)
		for name, call := range calls {
			if err := call(context.Background(), client); err == nil {
				t.Errorf("%d, %s: no error", status, name)
			}
		}
		if _, err := client.Issue(context.Background(), toc); !github.IsOutage(err) {
			t.Errorf("%d: %v", status, err)
		}
		hub, err := github.New(github.Options{URL: api.URL, AppID: 1, AppKey: appKey(t), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		for _, installation := range []int64{0, 7} {
			if _, err := hub.Client(installation).Issue(context.Background(), toc); !github.IsOutage(err) {
				t.Errorf("%d, an App: %v", status, err)
			}
		}
		api.Close()
	}
	if asked.Load() > 0 {
		t.Errorf("another host was asked %d times", asked.Load())
	}
}

// TestNoOtherPlace: a name that is a step in an address never gets there.
func TestNoOtherPlace(t *testing.T) {
	var asked atomic.Value
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.URL.EscapedPath())
		_, _ = fmt.Fprint(w, `[]`)
	}))
	defer api.Close()
	ctx, c := context.Background(), clientOf(t, api.URL)
	for _, name := range []string{".", "..", ""} {
		asked.Store("")
		for what, err := range map[string]error{
			"label":      c.RemoveLabel(ctx, toc, name),
			"login":      errOf(c.Permission(ctx, toc, name)),
			"member":     errOf(c.TeamMember(ctx, toc, "acme/x", name)),
			"team":       errOf(c.TeamMember(ctx, toc, "acme/"+name+"/x", "ann")),
			"owner":      errOf(c.Issue(ctx, issue.Ref{Owner: name, Repo: "toc", Number: 1})),
			"repository": errOf(c.Labels(ctx, issue.Ref{Owner: "acme", Repo: name, Number: 1})),
		} {
			if what != "team" && !errors.Is(err, github.ErrInvalid) {
				t.Errorf("%s %q: %v", what, name, err)
			}
		}
		if got := asked.Load(); strings.Contains(fmt.Sprint(got), "labels") {
			t.Errorf("%q: %v", name, got)
		}
	}
	for label, want := range map[string]string{
		"...": "/repos/acme/toc/issues/1/labels/...", "a/..": "/repos/acme/toc/issues/1/labels/a%2F..", "%2e": "/repos/acme/toc/issues/1/labels/%252e",
	} {
		if err := c.RemoveLabel(ctx, toc, label); err != nil || asked.Load() != "DELETE "+want {
			t.Errorf("%q: %v, %v", label, asked.Load(), err)
		}
	}
}

func errOf[T any](_ T, err error) error { return err }
