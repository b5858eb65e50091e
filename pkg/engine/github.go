package engine

import (
	"context"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/stale"
)

// GitHub is what the engine asks of GitHub, for one installation. Errors are those of package github: a caller can tell
// gone, forbidden, refused, rate limited and unavailable apart.
type GitHub interface {
	Identity
	Writer
	History
	Facts
	Files
}

// Identity is who we are.
type Identity interface {
	// Self is the login that the bot acts as. KnownSelf is the same without asking, "" if it is not known yet.
	Self(ctx context.Context) (string, error)
	KnownSelf() string
}

// Writer carries out the requests of plans.
type Writer interface {
	EditIssue(ctx context.Context, ref issue.Ref, e plan.Edit) (issue.Snapshot, error)
	AddLabels(ctx context.Context, ref issue.Ref, labels []string) (all []string, err error)
	RemoveLabel(ctx context.Context, ref issue.Ref, label string) error // one that is not there is no error
	AddAssignees(ctx context.Context, ref issue.Ref, logins []string) (all []string, err error)
	RemoveAssignees(ctx context.Context, ref issue.Ref, logins []string) error
	AskReviewers(ctx context.Context, ref issue.Ref, who []string, on bool) error // logins and org/team
	CreateComment(ctx context.Context, ref issue.Ref, body string) (id int64, err error)
	// Joins tells whether requests (plan.Together) can be made by one call: each was made here alone before. Together does that, in their
	// order. Each has an outcome of its own; an error tells nothing of any of them.
	Joins(ref issue.Ref, rs []plan.Request) bool
	Together(ctx context.Context, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error)
	EditComment(ctx context.Context, ref issue.Ref, id int64, body string) error
	React(ctx context.Context, ref issue.Ref, commentID int64, content string) error // comment 0 is the issue itself

	// OpenIssue opens an issue of a repository, and gives its number. OwnIssue finds one that self has opened and that ends with
	// a marker, closed ones as well; 0 if there is none.
	OpenIssue(ctx context.Context, repo issue.Ref, title, body string, labels []string) (number int, err error)
	OwnIssue(ctx context.Context, repo issue.Ref, self, marker string) (number int, err error)

	// Branch is a file on a branch, with its pull request. Publish makes what is not so yet, and gives the pull request's number. Sent
	// twice it changes nothing more; where somebody else has changed the file meanwhile it is unavailable.
	Branch(ctx context.Context, repo issue.Ref, branch, path string) (fact.Branch, error)
	Publish(ctx context.Context, repo issue.Ref, p plan.Publish) (pull int, err error)
}

// History is what has happened to an issue, and how it looks.
type History interface {
	Issue(ctx context.Context, ref issue.Ref) (issue.Snapshot, error)
	Comments(ctx context.Context, ref issue.Ref) ([]event.Comment, error)
	Reacted(ctx context.Context, ref issue.Ref, commentID int64) (bool, error) // by the bot; comment 0 is the issue

	// OwnActions are what the bot itself has done to an issue since a time.
	OwnActions(ctx context.Context, s issue.Snapshot, since time.Time) ([]stale.TimelineEvent, error)
	// OwnComment is the bot's own comment that ends with a marker, as the bot last wrote it; ID 0 if there is none.
	OwnComment(ctx context.Context, ref issue.Ref, marker string) (fact.Status, error)
	// Edits are the latest versions of an issue's description, newest first.
	Edits(ctx context.Context, ref issue.Ref) ([]fact.Edit, error)
	Labelings(ctx context.Context, ref issue.Ref) ([]fact.Labeling, error)
	// Mentions are the pull requests that mention an issue, the oldest first.
	Mentions(ctx context.Context, ref issue.Ref) ([]issue.Ref, error)
}

// Facts are what else a decision may ask for.
type Facts interface {
	Permission(ctx context.Context, ref issue.Ref, login string) (fact.Level, error)
	Labels(ctx context.Context, ref issue.Ref) ([]string, error)
	Milestones(ctx context.Context, ref issue.Ref) ([]fact.Milestone, error)
	TeamMember(ctx context.Context, ref issue.Ref, team, login string) (bool, error) // gone: the team itself is not to be seen

	// Elsewhere is how another issue or pull request stands, of another repository perhaps.
	Elsewhere(ctx context.Context, ref issue.Ref) (fact.Elsewhere, error)
	// Public tells whether everybody may read a repository.
	Public(ctx context.Context, ref issue.Ref) (bool, error)
	// Applications are the open issues of a repository with a label, with their status comments.
	Applications(ctx context.Context, repo issue.Ref, label string) ([]fact.Application, error)
	// FileAt is File on a branch or tag, or as it was at a commit.
	FileAt(ctx context.Context, ref issue.Ref, at, path string) (content []byte, found bool, err error)
}

// Files reads files of a repository's default branch.
type Files interface {
	File(ctx context.Context, ref issue.Ref, path string) (content []byte, found bool, err error)
}
