// Package event holds what can happen to an issue, as a closed set of kinds, and reads it from GitHub's webhook
// payloads. Decode is the only reader of GitHub's webhook types in ddbot; everything behind it sees Event.
package event

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Kind says what happened.
type Kind string

// The kinds. Those of comments carry Event.Comment.
const (
	CommentCreated Kind = "comment created"
	CommentEdited  Kind = "comment edited"
	CommentDeleted Kind = "comment deleted"

	Opened       Kind = "opened"
	Edited       Kind = "edited" // title or body
	Closed       Kind = "closed"
	Reopened     Kind = "reopened"
	Labeled      Kind = "labeled"
	Unlabeled    Kind = "unlabeled"
	Assigned     Kind = "assigned"
	Unassigned   Kind = "unassigned"
	Milestoned   Kind = "milestoned"
	Demilestoned Kind = "demilestoned"
	Locked       Kind = "locked"
	Unlocked     Kind = "unlocked"
	Pinned       Kind = "pinned"
	Unpinned     Kind = "unpinned"
	Transferred  Kind = "transferred" // away: the issue lives elsewhere now
	Arrived      Kind = "arrived"     // by a transfer: GitHub sends it as opened, but nothing in it is new
	Deleted      Kind = "deleted"

	Due Kind = "due" // ddbot's own: the sweep found that a clock of this issue has run out
)

// User is who did something.
type User struct {
	Login string
	Bot   bool // GitHub's account type is Bot
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
	Comment      *Comment
	OldBody      *string // what an edited comment or issue body was before, nil where that did not change
	OldTitle     *string
	Label        string // of Labeled and Unlabeled
	Catchup      bool   // not sent by GitHub: found by looking for what was missed
	Found        []byte // of Due: what the sweep knew when it found the issue due (stale.Issue as JSON)
}

// Key is the unit of serial work: one issue.
func (e Event) Key() string {
	ref := e.Issue.Ref
	return keyOf(e.Issue.RepoID, ref.Owner, ref.Repo, ref.Number)
}

// Key builds the unit of serial work from a repository's id, which survives renames, and an issue's number.
func Key(repoID int64, number int) string { return fmt.Sprintf("gh:%d#%d", repoID, number) }

// keyOf is Key, by the repository's name where its id is not known.
func keyOf(repoID int64, owner, repo string, number int) string {
	if repoID == 0 {
		return strings.ToLower(fmt.Sprintf("gh:%s/%s#%d", owner, repo, number))
	}
	return Key(repoID, number)
}

// At is when it happened, to the second, as far as GitHub tells; else when it was received.
func (e Event) At() time.Time {
	at := e.Issue.UpdatedAt
	if c := e.Comment; c != nil {
		if at = c.CreatedAt; e.Kind == CommentEdited {
			at = c.UpdatedAt
		}
	}
	if at.IsZero() {
		at = e.Received
	}
	return at
}

// Text is the Markdown in which this event may carry commands, and who wrote it.
// ok is false for events that never carry any.
func (e Event) Text() (text string, by User, ok bool) {
	switch e.Kind {
	case CommentCreated, CommentEdited:
		return e.Comment.Body, e.Comment.Author, true
	case Opened:
		return e.Issue.Body, User{Login: e.Issue.Author, Bot: e.Issue.AuthorIsBot}, true
	}
	return "", User{}, false
}

// ID names what the event answers to, the same for each delivery of the same happening: a comment's or an issue's text
// in one version. It is empty for events that get no answer.
func (e Event) ID() string {
	switch e.Kind {
	case CommentCreated:
		return fmt.Sprintf("c%d", e.Comment.ID)
	case CommentEdited:
		return fmt.Sprintf("c%d-%d-%s", e.Comment.ID, e.Comment.UpdatedAt.Unix(), version(e.Comment.Body))
	case Opened:
		return fmt.Sprintf("i%d", e.Issue.Ref.Number)
	case Edited:
		// There can be two with one result in the same second: a person's, and ours that overwrote another's.
		old := ""
		if e.OldBody != nil {
			old = *e.OldBody
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
