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

	// ddbot's own, which it puts into its queue itself.
	Due    Kind = "due"    // the sweep found that a clock of this issue has run out
	Weekly Kind = "weekly" // a week has gone by for a tracked issue
	Daily  Kind = "daily"  // a day has
	Check  Kind = "check"  // no event came of an edit of ddbot's: did it overwrite somebody's?
)

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
	Comment      *Comment
	OldBody      *string // what an edited comment or issue body was before, nil where that did not change
	OldTitle     *string
	Label        string // of Labeled and Unlabeled
	Assignee     string // of Assigned and Unassigned
	Archived     bool   // the repository is read-only
	First        bool   // nobody has commented on the issue before this
	Catchup      bool   // not sent by GitHub: found by looking for what was missed
	Found        []byte // of Due: what the sweep knew when it found the issue due (stale.Issue as JSON)
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
	if e.Kind == Due || e.Kind == Check || e.Kind == Weekly || e.Kind == Daily {
		return e.Received // the issue's own time is long ago: that is why it is due
	}
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
		return e.Issue.Body, AuthorOf(e.Issue), true
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
	case Check:
		return "k" + version(e.Delivery)
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
