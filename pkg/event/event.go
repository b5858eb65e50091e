// Package event holds what can happen to an issue, as a closed set of kinds. Package payload makes events of what GitHub sends.
package event

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

// CatchupGUID prefixes the GUID of deliveries that ddbot made itself from comments that it had missed.
const CatchupGUID = "catchup-"

// User is who did something.
type User struct {
	Login string // empty for an account that is gone
	ID    int64  // 0 where it is not known
	Bot   bool   // GitHub's account type is Bot
	Mute  bool   // GitHub's account type is Organization or Mannequin: nobody writes as such an account
}

// ghost is whom GitHub shows in the place of accounts that are gone: it stands for many and is none of them.
const ghost = "ghost"

// Nobody tells whether u is an account that is gone.
func (u User) Nobody() bool { return u.Login == "" || issue.SameLogin(u.Login, ghost) }

// Is tells whether two are one account. Where both ids are known they decide, so that a new name changes nothing and who
// takes the old one gains nothing. Nobody is the same as nobody.
func (u User) Is(other User) bool {
	switch {
	case u.Nobody() || other.Nobody():
		return false
	case u.ID != 0 && other.ID != 0:
		return u.ID == other.ID
	}
	return issue.SameLogin(u.Login, other.Login)
}

// AuthorOf is who wrote the issue.
func AuthorOf(s issue.Snapshot) User {
	return User{Login: s.Author, ID: s.AuthorID, Bot: s.AuthorIsBot, Mute: s.AuthorIsMute}
}

// Comment is a comment as the event shows it.
type Comment struct {
	ID        int64
	NodeID    string
	Body      string
	Author    User
	CreatedAt time.Time
	UpdatedAt time.Time
	URL       string // for people
}

// Event is one thing that happened to one issue. Issue is how the issue looked at that moment; it may be older than
// what ddbot itself wrote since.
type Event struct {
	Kind         Kind
	Delivery     string // GUID
	Received     time.Time
	Installation int64 // of the GitHub App, 0 without one
	Issue        issue.Snapshot
	Sender       User
	Archived     bool // the repository is read-only
	First        bool // nobody has commented on the issue before this
	Catchup      bool // not sent by GitHub: found by looking for what was missed
}

// Comment is the comment that was written, edited or deleted, if the event is about one.
func (e Event) Comment() (c Comment, ok bool) {
	switch k := e.Kind.(type) {
	case CommentCreated:
		return k.Comment, true
	case CommentEdited:
		return k.Comment, true
	case CommentDeleted:
		return k.Comment, true
	}
	return Comment{}, false
}

// Label is the label that was put on or taken off, if one was.
func (e Event) Label() (name string, ok bool) {
	switch k := e.Kind.(type) {
	case Labeled:
		return k.Label, true
	case Unlabeled:
		return k.Label, true
	}
	return "", false
}

// PutOn tells whether that label was put on.
func (e Event) PutOn(label string) bool {
	k, ok := e.Kind.(Labeled)
	return ok && issue.SameLabel(k.Label, label)
}

// Key is the unit of serial work: one issue.
func (e Event) Key() string {
	ref := e.Issue.Ref
	return KeyOf(e.Issue.RepoID, ref.Owner, ref.Repo, ref.Number)
}

// Key builds the unit of serial work from a repository's id, which survives renames, and an issue's number.
func Key(repoID int64, number int) string { return fmt.Sprintf("gh:%d#%d", repoID, number) }

// KeyOf is Key, by the repository's name where its id is not known.
func KeyOf(repoID int64, owner, repo string, number int) string {
	if repoID == 0 {
		return issue.FoldLogin(fmt.Sprintf("gh:%s/%s#%d", owner, repo, number))
	}
	return Key(repoID, number)
}

// At is when it happened, to the second, as far as GitHub tells; else when it was received.
func (e Event) At() time.Time {
	at := e.Issue.UpdatedAt
	switch k := e.Kind.(type) {
	case Own:
		return e.Received // the issue's own time is long ago: that is why it is due
	case CommentCreated:
		at = k.Comment.CreatedAt
	case CommentEdited:
		at = k.Comment.UpdatedAt
	case CommentDeleted:
		at = k.Comment.CreatedAt
	}
	if at.IsZero() {
		at = e.Received
	}
	return at
}

// Text is the Markdown in which this event may carry commands, and who wrote it.
// ok is false for events that never carry any.
func (e Event) Text() (text string, by User, ok bool) {
	switch k := e.Kind.(type) {
	case CommentCreated:
		return k.Comment.Body, k.Comment.Author, true
	case CommentEdited:
		return k.Comment.Body, k.Comment.Author, true
	case Opened:
		return e.Issue.Body, AuthorOf(e.Issue), true
	}
	return "", User{}, false
}

// ID names what the event answers to, the same for each delivery of the same happening: a comment's or an issue's text
// in one version. It is empty for events that get no answer.
func (e Event) ID() string {
	switch k := e.Kind.(type) {
	case CommentCreated:
		return fmt.Sprintf("c%d", k.Comment.ID)
	case CommentEdited:
		return fmt.Sprintf("c%d-%d-%s", k.Comment.ID, k.Comment.UpdatedAt.Unix(), version(k.Comment.Body))
	case Opened:
		return fmt.Sprintf("i%d", e.Issue.Ref.Number)
	case Check:
		return "k" + version(e.Delivery)
	case Edited:
		// There can be two with one result in the same second: a person's, and ours that overwrote another's.
		old := ""
		if k.OldBody != nil {
			old = *k.OldBody
		}
		return fmt.Sprintf("b%d-%s", e.Issue.UpdatedAt.Unix(), version(e.Sender.Login+"\x00"+old+"\x00"+e.Issue.Body))
	}
	return ""
}

// version tells two texts of the same second apart.
func version(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:4])
}

// ByHuman tells whether a person caused the event, as far as GitHub's account types tell.
func (e Event) ByHuman() bool {
	return !e.Sender.Bot && !strings.HasSuffix(e.Sender.Login, "[bot]")
}
