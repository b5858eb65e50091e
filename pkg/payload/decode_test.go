package payload

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
)

const comment96 = `{"action":"created","issue":{"number":96,"title":"T","body":"B","state":"open","user":{"login":"alice","type":"User"},
	"labels":[{"name":"kind/dd"}],"assignees":[{"login":"bob"}],"milestone":{"title":"v1"},"updated_at":"2026-01-02T03:04:05Z"},
	"comment":{"id":7,"body":"/close","user":{"login":"bob"},"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"},
	"repository":{"id":5,"name":"community","full_name":"kubevirt/community","owner":{"login":"kubevirt"}},"sender":{"login":"bob"}}`

func TestDecode(t *testing.T) {
	e, ok, err := Decode("issue_comment", []byte(comment96))
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	want := issue.Ref{Owner: "kubevirt", Repo: "community", Number: 96}
	s := e.Issue
	c, ok := e.Comment()
	if !ok || !event.Is[event.CommentCreated](e.Kind) || s.Ref != want || e.Key() != "gh:5#96" || e.ID() != "c7" || s.Author != "alice" || s.Milestone != "v1" ||
		!s.HasLabel("KIND/DD") || !s.HasAssignee("Bob") || c.Author.Login != "bob" || !e.ByHuman() {
		t.Errorf("%+v", e)
	}
	if text, by, ok := e.Text(); !ok || text != "/close" || by.Login != "bob" {
		t.Errorf("%q by %v", text, by)
	}
}

// TestPullRequest: a pull request is one whichever way the payload says it, and its number of comments tells nothing.
func TestPullRequest(t *testing.T) {
	for payload, pull := range map[string]bool{
		`{"action":"opened","pull_request":{"number":3,"comments":0},"repository":{"full_name":"a/b"}}`:        true,
		`{"action":"opened","issue":{"number":3,"pull_request":{"url":"x"}},"repository":{"full_name":"a/b"}}`: true,
		`{"action":"opened","issue":{"number":3,"pull_request":null},"repository":{"full_name":"a/b"}}`:        false,
	} {
		e, ok, err := Decode("pull_request", []byte(payload))
		if err != nil || !ok || e.Issue.PullRequest != pull || e.Issue.Ref.Number != 3 || e.First {
			t.Errorf("%s: %+v %v %v", payload, e, ok, err)
		}
	}
}

// TestLean: what forwards events may leave out what ddbot can do without.
func TestLean(t *testing.T) {
	for name, payload := range map[string]string{
		"no repository id": `{"action":"opened","issue":{"number":1},"repository":{"full_name":"Acme/TOC"}}`,
		"owner and name":   `{"action":"opened","issue":{"number":1},"repository":{"name":"TOC","owner":{"login":"Acme"}}}`,
	} {
		e, ok, err := Decode("issues", []byte(payload))
		if err != nil || !ok || e.Key() != "gh:acme/toc#1" || e.Issue.Ref.String() != "Acme/TOC#1" {
			t.Errorf("%s: %+v %v %v", name, e, ok, err)
		}
	}
}

func TestNotForUs(t *testing.T) {
	for _, c := range []struct{ name, payload string }{
		{"push", `{}`}, {"issues", `{"action":"typed","issue":{"number":1},"repository":{"full_name":"a/b"}}`}, {"star", `nonsense`},
	} {
		if _, ok, err := Decode(c.name, []byte(c.payload)); ok || err != nil {
			t.Errorf("%s %s: %v %v", c.name, c.payload, ok, err)
		}
	}
	for _, c := range []struct{ name, payload string }{
		{"issues", `nonsense`},
		{"issues", `{"action":"opened","issue":{"number":1}}`},
		{"issues", `{"action":"opened","repository":{"full_name":"a/b"}}`},
		{"issues", `{"action":"opened","issue":{"number":99999999999999999999},"repository":{"full_name":"a/b"}}`},
		{"issue_comment", `{"action":"created","issue":{"number":1},"repository":{"full_name":"a/b"}}`},
	} {
		if _, _, err := Decode(c.name, []byte(c.payload)); err == nil {
			t.Errorf("%s %s is no error", c.name, c.payload)
		}
	}
	for _, number := range []string{"99999999999999999999", "1.5", "-1", `"1"`, "null"} {
		payload := `{"action":"opened","issue":{"number":` + number + `},"repository":{"full_name":"a/b"}}`
		if _, ok, err := Open("issues", []byte(payload)); ok || err == nil {
			t.Errorf("number %s is accepted", number)
		}
	}
}

// TestIDs: the same happening has one ID, two happenings have two.
func TestIDs(t *testing.T) {
	at := time.Unix(100, 0)
	edit := func(old, now, by string) event.Event {
		return event.Event{Kind: event.Edited{OldBody: &old}, Sender: event.User{Login: by}, Issue: issue.Snapshot{Body: now, UpdatedAt: at}}
	}
	version := func(body string) event.Event {
		return event.Event{Kind: event.CommentEdited{Comment: event.Comment{ID: 7, Body: body, UpdatedAt: at}}}
	}
	if first, again := edit("a", "b", "x"), edit("a", "b", "x"); first.ID() != again.ID() {
		t.Error("the same happening has two IDs")
	}
	seen := map[string]bool{}
	for _, e := range []event.Event{
		edit("a", "b", "x"), edit("a", "b", "y"), edit("c", "b", "x"), edit("a", "c", "x"), version("a"), version("b"),
		{Kind: event.CommentCreated{Comment: event.Comment{ID: 7}}}, {Kind: event.Opened{}, Issue: issue.Snapshot{Ref: issue.Ref{Number: 7}}},
	} {
		if id := e.ID(); seen[id] || id == "" {
			t.Errorf("%q is the ID of two happenings", id)
		} else {
			seen[id] = true
		}
	}
}

// TestOwnPayload: what the sweep puts into the queue is read as it was written.
func TestOwnPayload(t *testing.T) {
	s := issue.Snapshot{
		Ref: issue.Ref{Owner: "a", Repo: "b", Number: 3}, RepoID: 9, NodeID: "N", Title: "T", Body: "x\r\ny", Author: "alice", State: issue.Open,
		Labels: []string{"kind/dd"}, Assignees: []string{"bob"}, Milestone: "v1", PullRequest: true, UpdatedAt: time.Unix(5, 0).UTC(), CreatedAt: time.Unix(4, 0).UTC(),
	}
	payload, err := OwnPayload(event.Due{Found: []byte(`{"x":1}`)}, s, 11)
	if err != nil {
		t.Fatal(err)
	}
	e, ok, err := Decode(OwnEvent, payload)
	due, is := e.Kind.(event.Due)
	if err != nil || !ok || !is || e.Installation != 11 || string(due.Found) != `{"x":1}` || e.ByHuman() {
		t.Fatalf("%+v %v %v", e, ok, err)
	}
	got, _ := json.Marshal(e.Issue)
	want, _ := json.Marshal(s)
	if string(got) != string(want) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// FuzzDecode: whatever comes, there is an answer; and where the envelope can be read, the event belongs to it.
func FuzzDecode(f *testing.F) {
	f.Add("issue_comment", comment96)
	f.Add("issues", `{"action":"opened","issue":{"number":1},"repository":{"full_name":"a/b"}}`)
	f.Add("pull_request", strings.ReplaceAll(comment96, `"issue"`, `"pull_request"`))
	f.Fuzz(func(t *testing.T, name, payload string) {
		env, ok, err := Open(name, []byte(payload))
		e, ok2, err2 := Decode(name, []byte(payload))
		if ok && err == nil && ok2 && err2 == nil && env.RepoID == e.Issue.RepoID && env.Ref() == e.Issue.Ref && env.Key != e.Key() {
			t.Errorf("the envelope says %q, the event %q", env.Key, e.Key())
		}
	})
}
