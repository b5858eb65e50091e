package github_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/rights"
)

// needs are the permissions that are asked for here.
var needs = []rights.Need{
	{Permission: "issues", Level: "write", Title: "Issues", Without: "nothing can be written", Events: []string{"issues", "issue_comment"}},
	{Permission: "members", Level: "read", Title: "Members", Without: "nobody is in a team"},
}

// TestStanding: what will not work is said before the first command fails.
func TestStanding(t *testing.T) {
	type answer struct {
		status int
		body   string
		scopes *string
	}
	user := answer{200, `{"login":"dd-bot","id":7}`, nil}
	with := func(scopes string) answer { a := user; a.scopes = &scopes; return a }
	repo := answer{200, `{"id":1,"full_name":"acme/toc","permissions":{"admin":false,"push":true,"pull":true}}`, nil}
	for _, c := range []struct {
		name       string
		user, repo answer
		login      string
		says       []string
	}{
		{"all is well", user, repo, "dd-bot", nil},
		{"a classic token with its scopes", with("public_repo, read:org"), repo, "dd-bot", nil},
		{"a classic token without scopes", with(""), repo, "dd-bot", []string{"lacks the scope repo", "it has none"}},
		{"a classic token with others", with("gist"), repo, "dd-bot", []string{"lacks the scope repo", "it has gist"}},
		{"a wrong token", answer{401, `{"message":"Bad credentials"}`, nil}, repo, "", []string{"does not take the token", "Bad credentials"}},
		{"GitHub is away", answer{503, `{"message":"Unicorn"}`, nil}, repo, "", []string{"does not answer at"}},
		{"a proxy in the way", answer{200, "<html>", nil}, repo, "", []string{"does not answer at"}},
		{"an installation's token", answer{403, `{"message":"Resource not accessible by integration"}`, nil}, repo, "", nil},
		{"no such repository", user, answer{404, `{"message":"Not Found"}`, nil}, "dd-bot", []string{"acme/toc cannot be seen"}},
		{"may only read", user, answer{200, `{"id":1,"full_name":"acme/toc","permissions":{"push":false,"pull":true}}`, nil}, "dd-bot", []string{"dd-bot has no write permission in acme/toc"}},
		{"archived", user, answer{200, `{"id":1,"full_name":"acme/toc","archived":true,"permissions":{"push":false}}`, nil}, "dd-bot", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				a := c.repo
				if r.URL.Path == "/user" {
					a = c.user
				}
				if a.scopes != nil {
					w.Header().Set("X-OAuth-Scopes", *a.scopes)
				}
				w.WriteHeader(a.status)
				_, _ = w.Write([]byte(a.body))
			}))
			defer api.Close()
			hub, err := github.New(github.Options{URL: api.URL, Token: "t", Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			s := hub.Standing(context.Background(), needs, []issue.Ref{toc})
			said := strings.Join(s.Problems, "\n")
			if s.Login != c.login || (len(s.Problems) == 0) != (len(c.says) == 0) {
				t.Errorf("login %q, problems %q", s.Login, s.Problems)
			}
			for _, want := range c.says {
				if !strings.Contains(said, want) {
					t.Errorf("%q does not say %q", said, want)
				}
			}
		})
	}
	hub, err := github.New(github.Options{URL: "http://127.0.0.1:1", Token: "t", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if s := hub.Standing(context.Background(), needs, nil); len(s.Problems) != 1 || !strings.Contains(s.Problems[0], "does not answer at http://127.0.0.1:1") {
		t.Errorf("nobody listens: %q", s.Problems)
	}
}

// TestAppStanding: an App's permissions and events.
func TestAppStanding(t *testing.T) {
	for _, c := range []struct{ name, app, says string }{
		{"all is well", `{"slug":"dd","permissions":{"issues":"write","contents":"read","members":"read"},"events":["issues","issue_comment"]}`, ""},
		{"reads issues only", `{"slug":"dd","permissions":{"issues":"read","contents":"read","members":"read"},"events":["issues","issue_comment"]}`, "lacks the permission Issues: write"},
		{"no members", `{"slug":"dd","permissions":{"issues":"write","contents":"read"},"events":["issues","issue_comment"]}`, "nobody is in a team"},
		{"no comments", `{"slug":"dd","permissions":{"issues":"write","contents":"read","members":"read"},"events":["issues"]}`, "not subscribed to the event issue_comment"},
	} {
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, c.app) }))
		hub, err := github.New(github.Options{URL: api.URL, AppID: 1, AppKey: appKey(t), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		s := hub.Standing(context.Background(), needs, nil)
		if said := strings.Join(s.Problems, "\n"); s.Login != "dd[bot]" || (said == "") != (c.says == "") || !strings.Contains(said, c.says) {
			t.Errorf("%s: %q, %q", c.name, s.Login, s.Problems)
		}
		api.Close()
	}
}

// TestTokenRefused: why an installation gets no token is GitHub's to say.
func TestTokenRefused(t *testing.T) {
	for status, kind := range map[int]error{403: github.ErrUnauthorized, 404: github.ErrGone, 422: github.ErrUnauthorized} {
		const sentence = "This installation has been suspended by the owner"
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, `{"message":%q}`, sentence)
		}))
		hub, err := github.New(github.Options{URL: api.URL, AppID: 1, AppKey: appKey(t), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := hub.Client(7).Issue(context.Background(), toc); !errors.Is(err, kind) || !strings.Contains(err.Error(), sentence) {
			t.Errorf("%d: %v", status, err)
		}
		api.Close()
	}
}

// TestLabelNotFound: that a label is not there is an answer; any other 404 may be a missing right, and is said.
func TestLabelNotFound(t *testing.T) {
	if err := says(t, 404, `{"message":"Label does not exist"}`).RemoveLabel(context.Background(), toc, "x"); err != nil {
		t.Error(err)
	}
	if err := says(t, 404, `{"message":"Not Found"}`).RemoveLabel(context.Background(), toc, "x"); !errors.Is(err, github.ErrGone) {
		t.Error(err)
	}
}
