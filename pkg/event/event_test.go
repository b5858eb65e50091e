package event

import (
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

func at(second int64) time.Time { return time.Unix(1_000_000+second, 0) }

// TestUsers: an account is its id where both are known, else its name; who is gone is nobody, and not even the same nobody.
func TestUsers(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b User
		want bool
	}{
		{"the same", User{Login: "ann", ID: 5}, User{Login: "ann", ID: 5}, true},
		{"renamed", User{Login: "ann", ID: 5}, User{Login: "anna", ID: 5}, true},
		{"who took the name", User{Login: "ann", ID: 5}, User{Login: "ann", ID: 6}, false},
		{"one id is not known", User{Login: "ann", ID: 5}, User{Login: "ANN"}, true},
		{"another name, one id", User{Login: "ann", ID: 5}, User{Login: "bob"}, false},
		{"nobody", User{}, User{}, false},
		{"ghosts", User{Login: "ghost", ID: 10137}, User{Login: "Ghost", ID: 10137}, false},
		{"nobody with an id", User{ID: 5}, User{Login: "ann", ID: 5}, false},
	} {
		if c.a.Is(c.b) != c.want || c.b.Is(c.a) != c.want {
			t.Errorf("%s: %v", c.name, !c.want)
		}
	}
	if u := AuthorOf(issue.Snapshot{Author: "a", AuthorID: 3, AuthorIsBot: true}); u != (User{Login: "a", ID: 3, Bot: true}) {
		t.Errorf("%+v", u)
	}
}

// TestAt: when something happened is what GitHub says of it, and for what ddbot made itself when that was.
func TestAt(t *testing.T) {
	base := Event{Received: at(9), Issue: issue.Snapshot{UpdatedAt: at(5)}, Comment: &Comment{CreatedAt: at(1), UpdatedAt: at(3)}}
	for _, c := range []struct {
		kind    Kind
		comment bool
		want    int64
	}{
		{CommentCreated, true, 1}, {CommentEdited, true, 3}, {CommentDeleted, true, 1}, {Labeled, false, 5}, {Opened, false, 5},
		{Due, false, 9}, {Weekly, false, 9}, {Check, false, 9},
	} {
		e := base
		e.Kind = c.kind
		if !c.comment {
			e.Comment = nil
		}
		if got := e.At(); !got.Equal(at(c.want)) {
			t.Errorf("%s: %v, want %v", c.kind, got, at(c.want))
		}
	}
	if got := (Event{Kind: Labeled, Received: at(9)}).At(); !got.Equal(at(9)) {
		t.Errorf("GitHub does not tell: %v", got)
	}
}

// TestID: the same happening has one name however often and in whatever way it comes; another version of a text has another.
func TestID(t *testing.T) {
	comment := func(kind Kind, id int64, second int64, body string) Event {
		return Event{Kind: kind, Comment: &Comment{ID: id, UpdatedAt: at(second), Body: body}}
	}
	edited := func(by, old, body string) Event {
		return Event{Kind: Edited, Sender: User{Login: by}, OldBody: &old, Issue: issue.Snapshot{Body: body, UpdatedAt: at(1)}}
	}
	same := func(a, b Event) {
		t.Helper()
		b.Delivery, b.Received, b.Catchup = "another", at(99), true
		if a.ID() != b.ID() || a.ID() == "" {
			t.Errorf("%q and %q", a.ID(), b.ID())
		}
	}
	other := func(a, b Event) {
		t.Helper()
		if a.ID() == b.ID() {
			t.Errorf("both are %q", a.ID())
		}
	}
	same(comment(CommentCreated, 7, 1, "a"), comment(CommentCreated, 7, 2, "b"))
	same(comment(CommentEdited, 7, 1, "a"), comment(CommentEdited, 7, 1, "a"))
	other(comment(CommentEdited, 7, 1, "a"), comment(CommentEdited, 7, 1, "b"))
	other(comment(CommentEdited, 7, 1, "a"), comment(CommentEdited, 7, 2, "a"))
	other(comment(CommentCreated, 7, 1, "a"), comment(CommentEdited, 7, 1, "a"))
	same(edited("ann", "a", "b"), edited("ann", "a", "b"))
	other(edited("ann", "a", "b"), edited("ddbot[bot]", "a", "b"))
	other(edited("ann", "a", "b"), edited("ann", "c", "b"))
	other(edited("ann", "a", "b"), edited("ann", "a", "c"))
	other(Event{Kind: Check, Delivery: "a"}, Event{Kind: Check, Delivery: "b"})
	if id := (Event{Kind: Opened, Issue: issue.Snapshot{Ref: issue.Ref{Number: 12}}}).ID(); id != "i12" {
		t.Error(id)
	}
	for _, kind := range []Kind{Labeled, Closed, Due, Weekly, CommentDeleted} {
		if id := (Event{Kind: kind, Comment: &Comment{ID: 7}}).ID(); id != "" {
			t.Errorf("%s is to get no answer, but has %q", kind, id)
		}
	}
}

// TestText: commands stand in comments and in the text of a new issue, and whose they are goes with them.
func TestText(t *testing.T) {
	e := Event{Comment: &Comment{Body: "words", Author: User{Login: "bob"}}, Issue: issue.Snapshot{Body: "body", Author: "ann"}}
	for kind, want := range map[Kind]string{
		CommentCreated: "words by bob", CommentEdited: "words by bob", Opened: "body by ann", CommentDeleted: "", Edited: "", Arrived: "", Due: "", Closed: "",
	} {
		e.Kind = kind
		text, by, ok := e.Text()
		got := ""
		if ok {
			got = text + " by " + by.Login
		}
		if got != want || !ok && (text != "" || by != User{}) {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}

// TestKeys: an issue is one key whatever its repository is called today; by name where no id is known.
func TestKeys(t *testing.T) {
	ref := issue.Ref{Owner: "Acme", Repo: "TOC", Number: 3}
	for repo, want := range map[int64]string{5: "gh:5#3", 0: "gh:acme/toc#3"} {
		if got := (Event{Issue: issue.Snapshot{Ref: ref, RepoID: repo}}).Key(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for login, want := range map[string]bool{"ann": true, "renovate[bot]": false} {
		if got := (Event{Sender: User{Login: login}}).ByHuman(); got != want {
			t.Errorf("%s: %v", login, got)
		}
	}
	if (Event{Sender: User{Login: "machine", Bot: true}}).ByHuman() {
		t.Error("an account of a bot is a person")
	}
}
