package demo

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const wholeStory = `A story.
-- issue.md --
repo: acme/queue
title: Foo
author: ann
write: bob
labels: kind/dd
repo-labels: kind/bug
milestones: v1
milestone: v1
assignees: bob

# List

- [ ] one
-- file OWNERS --
approvers: [bob]
-- 1 ann comments --
Hello.
-- 2 bob edits body --
one => one and all
-- 2 bob labels kind/bug --
-- 3 ann labels kind/bug --
-- 4 90d pass --
-- 5 the sweep runs --
-- 6 ann edits comment 1 --
Hello again.
-- 6 bob closes as not_planned --
-- 7 bob reopens --
-- 7 carol joins acme/leads --
-- 7 bob assigns carol, dave --
-- 7 a label new is made --
-- 7 bob unlabels kind/dd --
-- 8 ann deletes comment --
-- 8 a milestone v2 is made --
-- 9 the same delivery again --
-- 10 bob merges a fix --
-- 11 bob locks --
`

// play plays a script with a bot that does nothing, and gives what is printed.
func play(t *testing.T, text string) (string, *World, error) {
	t.Helper()
	s, err := ParseScript([]byte(text))
	if err != nil {
		return "", nil, err
	}
	w, err := NewWorld(s.Seed, nil)
	if err != nil {
		return "", nil, err
	}
	bot := idle(2)
	bot.Sweep = func(context.Context) (string, error) { return "nothing is due", nil }
	if err := w.Connect(t.Context(), bot); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = w.Play(t.Context(), s, &out)
	return out.String(), w, err
}

// TestPlay: each step says what was done and what changed; what GitHub refuses is told, and the story goes on.
func TestPlay(t *testing.T) {
	out, w, err := play(t, wholeStory)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{
		"== 1 ann comments ==\nHello.\n",
		"== 2 bob edits body, bob labels kind/bug ==\none => one and all\n-- diff --\n",
		"- - [ ] one\n+ - [ ] one and all\n",
		"== 3 ann labels kind/bug ==\n-- refused --\n",
		"== 4 90d pass ==\n",
		"== 5 the sweep runs ==\n",
		"nothing is due",
		"== 6 ann edits comment 1, bob closes as not_planned ==\nHello again.\n",
		"== 11 bob locks ==\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in\n%s", want, out)
		}
	}
	if again, _, _ := play(t, wholeStory); again != out {
		t.Error("played again, it prints something else")
	}
	i := w.sim.Issue(w.Ref())
	if i.Title != "Foo" || i.State != "closed" || !i.Locked || i.Milestone != "v1" || strings.Join(i.Labels, " ") != "kind/bug" ||
		strings.Join(i.Assignees, " ") != "bob carol" || len(i.Comments) != 0 || w.Ref().String() != "acme/queue#1" {
		t.Errorf("%+v", i)
	}
}

// TestPlayFails: what a story says and cannot be ends it, with the step.
func TestPlayFails(t *testing.T) {
	for text, want := range map[string]string{
		"-- 1 ann edits comment 7 --\n":                                   "step 1, ann edits comment 7: there is no comment 7",
		"-- 1 ann edits comment --\n":                                     "there is no comment",
		"-- 1 soon pass --\n":                                             `"soon" is no time to pass`,
		"-- 1 ann comments --\nx\n-- 1 bob comments before PATCH --\nx\n": "something was to happen before the bot's PATCH, but it made none",
		"-- 1 a/b comments --\nx\n":                                       "a/b",
		"-- 1 ann comments --\nx\n-- 2 ann assigns a b --\n":              "a b",
		"alice hello\n":                                                   `line 1: "alice hello" is neither "login: comment" nor a time such as "+90d"`,
		"# nothing\n":                                                     "nothing happens in it",
		"alice: x\n+soon\n":                                               `line 2: "soon" is no time to pass`,
		"-- issue.md --\nlables: x\n\nbody\n-- 1 ann comments --\nx\n":    `line 2: issue.md: the header "lables" is unknown`,
		"-- 1 ann coments --\nx\n":                                        `line 1: section "1 ann coments": nothing is known of the action "ann coments"`,
		"-- issue.md --\nrepo: acme\n\nbody\n-- 1 ann comments --\nx\n":   "acme",
		"-- issue.md --\nauthor: a/b\n\nbody\n-- 1 ann comments --\nx\n":  "a/b",
	} {
		if out, _, err := play(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s\n%s", text, err, want, out)
		}
	}
}

// TestLines: a list of comments and times is a script, too.
func TestLines(t *testing.T) {
	out, w, err := play(t, "\ufeff# begin\n\n@alice: one\\ntwo\n+36h\nbob: three\n")
	if err != nil {
		t.Fatal(err)
	}
	c := w.sim.Comments(w.Ref())
	if len(c) != 2 || c[0].Body != "one\ntwo" || c[0].Author != "alice" || c[1].CreatedAt.Sub(c[0].CreatedAt) < 36*time.Hour {
		t.Errorf("%+v\n%s", c, out)
	}
	if !strings.HasPrefix(out, "== 1 alice comments ==\none\ntwo\n") || !strings.Contains(out, "== 2 36h pass ==\n") {
		t.Errorf("%s", out)
	}
}

// TestOpens: a story may begin before its issue.
func TestOpens(t *testing.T) {
	_, w, err := play(t, "-- issue.md --\nauthor: ann\npull: yes\n\nbody\n-- 1 ann opens --\n-- 2 ann comments --\nx\n")
	if err != nil {
		t.Fatal(err)
	}
	if i := w.sim.Issue(w.Ref()); !i.PullRequest || i.Author != "ann" || len(i.Comments) != 1 {
		t.Errorf("%+v", i)
	}
}

// overHTTP is the demo's page over HTTP.
func overHTTP(t *testing.T) (*World, func(method, path, body string, header ...string) (int, string, http.Header)) {
	t.Helper()
	w := newTestWorld(t, idle(2))
	srv := httptest.NewServer(w.Page())
	t.Cleanup(srv.Close)
	return w, func(method, path, body string, header ...string) (int, string, http.Header) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, srv.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		for n := 0; n < len(header); n += 2 {
			req.Header.Set(header[n], header[n+1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		data, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(data), res.Header
	}
}

// TestPage: what people do on the page happens, and the answer is the state then; what makes no sense is refused and changes nothing.
func TestPage(t *testing.T) {
	w, call := overHTTP(t)
	status, html, header := call("GET", "/", "")
	if status != 200 || !strings.Contains(html, "[Incubation] Tidewater") || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%d, %v", status, header)
	}
	if status, _, _ := call("GET", "/static/nothing.js", ""); status != 404 {
		t.Errorf("what is not there: %d", status)
	}
	var s State
	do := func(path, body string) {
		t.Helper()
		status, answer, _ := call("POST", path, body)
		if status != 200 {
			t.Fatalf("%s: %d %s", path, status, answer)
		}
		if err := json.Unmarshal([]byte(answer), &s); err != nil {
			t.Fatal(err)
		}
	}
	do("/api/comment", `{"as":"dave","body":"Hello <b>there</b>."}`)
	if len(s.Comments) != 1 || s.Comments[0].Author != "dave" || s.Done != 0 || s.Total != 49 || s.Last.What != "dave comments" {
		t.Errorf("%+v", s.Comments)
	}
	do("/api/tick", `{"as":"bob","ref":"users.1","checked":true}`)
	if s.Done != 1 || s.Summary != "1 box ticked · 0 API calls" || s.Version == 0 {
		t.Errorf("%d done: %s", s.Done, s.Summary)
	}
	before := s.Clock
	do("/api/clock", `{"days":3}`)
	if s.Clock.Sub(before) != 72*time.Hour {
		t.Errorf("%v later", s.Clock.Sub(before))
	}
	for _, c := range []struct {
		path, body string
		header     []string
		status     int
		want       string
	}{
		{"/api/comment", `{"as":"dave"`, nil, 400, "read the request"},
		{"/api/comment", `{"as":"dave","text":"x"}`, nil, 400, "unknown field"},
		{"/api/comment", `{"as":"a b","body":"x"}`, nil, 400, "a b"},
		{"/api/comment", `{"as":"dave","body":""}`, nil, 422, ""},
		{"/api/comment", `{"as":"dave","body":"x"}`, []string{"Content-Type", "text/plain"}, 415, "application/json"},
		{"/api/comment", `{"as":"dave","body":"x"}`, []string{"Origin", "https://evil.example"}, 403, ""},
		{"/api/tick", `{"as":"bob","ref":"nonsense","checked":true}`, nil, 400, "nonsense"},
		{"/api/tick", `{"as":"dave","ref":"users.1","checked":false}`, nil, 403, ""},
		{"/api/clock", `{"days":-1}`, nil, 400, ""},
		{"/api/clock", `{"days":99999999}`, nil, 400, ""},
	} {
		status, answer, _ := call("POST", c.path, c.body, c.header...)
		if status != c.status || !strings.Contains(answer, c.want) {
			t.Errorf("%s %s: %d %s, want %d", c.path, c.body, status, answer, c.status)
		}
	}
	if got := w.State(); len(got.Comments) != 1 || got.Done != 1 {
		t.Errorf("what was refused has happened: %d comments, %d done", len(got.Comments), got.Done)
	}
	w.bot.Waiting = func(context.Context) (int, error) { return 0, errors.New("the store is gone") }
	if status, answer, _ := call("POST", "/api/comment", `{"as":"dave","body":"x"}`); status != 500 || !strings.Contains(answer, "the store is gone") {
		t.Errorf("%d %s", status, answer)
	}
}

// TestEvents: an open page hears of every change, and at once of how things are.
func TestEvents(t *testing.T) {
	w := newTestWorld(t, idle(1))
	srv := httptest.NewServer(w.Page())
	defer srv.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/api/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	heard := bufio.NewScanner(res.Body)
	next := func() string {
		for heard.Scan() {
			if heard.Text() != "" {
				return heard.Text()
			}
		}
		t.Fatal("nothing more is heard")
		return ""
	}
	first := next()
	if _, err := w.Comment(t.Context(), "bob", "hello"); err != nil {
		t.Fatal(err)
	}
	if second := next(); !strings.HasPrefix(first, "data: ") || second == first {
		t.Errorf("%q, then %q", first, second)
	}
}
