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
	c := Comment{CreatedAt: at(1), UpdatedAt: at(3)}
	for want, kinds := range map[int64][]Kind{
		1: {CommentCreated{Comment: c}, CommentDeleted{Comment: c}},
		3: {CommentEdited{Comment: c}},
		5: {Labeled{}, Opened{}},
		9: {Due{}, Weekly{}, Daily{}, Check{}, CommentCreated{}},
	} {
		for _, kind := range kinds {
			e := Event{Kind: kind, Received: at(9), Issue: issue.Snapshot{UpdatedAt: at(5)}}
			if got := e.At(); !got.Equal(at(want)) {
				t.Errorf("%s: %v, want %v", kind, got, at(want))
			}
		}
	}
	if got := (Event{Kind: Labeled{}, Received: at(9)}).At(); !got.Equal(at(9)) {
		t.Errorf("GitHub does not tell: %v", got)
	}
}

// TestID: the same happening has one name however often and in whatever way it comes; another version of a text has another.
func TestID(t *testing.T) {
	comment := func(second int64, body string) Comment { return Comment{ID: 7, UpdatedAt: at(second), Body: body} }
	created := func(second int64, body string) Event {
		return Event{Kind: CommentCreated{Comment: comment(second, body)}}
	}
	mended := func(second int64, body string) Event {
		return Event{Kind: CommentEdited{Comment: comment(second, body)}}
	}
	edited := func(by, old, body string) Event {
		return Event{Kind: Edited{OldBody: &old}, Sender: User{Login: by}, Issue: issue.Snapshot{Body: body, UpdatedAt: at(1)}}
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
	same(created(1, "a"), created(2, "b"))
	same(mended(1, "a"), mended(1, "a"))
	other(mended(1, "a"), mended(1, "b"))
	other(mended(1, "a"), mended(2, "a"))
	other(created(1, "a"), mended(1, "a"))
	same(edited("ann", "a", "b"), edited("ann", "a", "b"))
	other(edited("ann", "a", "b"), edited("ddbot[bot]", "a", "b"))
	other(edited("ann", "a", "b"), edited("ann", "c", "b"))
	other(edited("ann", "a", "b"), edited("ann", "a", "c"))
	other(Event{Kind: Check{}, Delivery: "a"}, Event{Kind: Check{}, Delivery: "b"})
	if id := (Event{Kind: Opened{}, Issue: issue.Snapshot{Ref: issue.Ref{Number: 12}}}).ID(); id != "i12" {
		t.Error(id)
	}
	for _, kind := range []Kind{Labeled{}, Closed{}, Due{}, Weekly{}, CommentDeleted{Comment: Comment{ID: 7}}} {
		if id := (Event{Kind: kind}).ID(); id != "" {
			t.Errorf("%s is to get no answer, but has %q", kind, id)
		}
	}
}

// TestText: commands stand in comments and in the text of a new issue, and whose they are goes with them.
func TestText(t *testing.T) {
	c := Comment{Body: "words", Author: User{Login: "bob"}}
	for want, kinds := range map[string][]Kind{
		"words by bob": {CommentCreated{Comment: c}, CommentEdited{Comment: c}},
		"body by ann":  {Opened{}},
		"":             {CommentDeleted{Comment: c}, Edited{}, Arrived{}, Due{}, Closed{}},
	} {
		for _, kind := range kinds {
			text, by, ok := Event{Kind: kind, Issue: issue.Snapshot{Body: "body", Author: "ann"}}.Text()
			got := ""
			if ok {
				got = text + " by " + by.Login
			}
			if got != want || !ok && (text != "" || by != User{}) {
				t.Errorf("%s: %q, want %q", kind, got, want)
			}
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
