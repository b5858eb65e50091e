// Package engine does what package decide decides: it loads the facts that are missing, reads fresh where the plan edits, saves
// the plan, carries it out, and resumes it after a crash.
package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// GitHub is what the engine asks of GitHub, for one installation. Errors are those of package github: a caller can tell
// gone, forbidden, refused, rate limited and unavailable apart.
type GitHub interface {
	// Self is the login that the bot acts as. KnownSelf is the same without asking, "" if it is not known yet.
	Self(ctx context.Context) (string, error)
	KnownSelf() string

	Issue(ctx context.Context, ref issue.Ref) (issue.Snapshot, error)
	EditIssue(ctx context.Context, ref issue.Ref, e plan.Edit) (issue.Snapshot, error)
	AddLabels(ctx context.Context, ref issue.Ref, labels []string) (all []string, err error)
	RemoveLabel(ctx context.Context, ref issue.Ref, label string) error // one that is not there is no error
	AddAssignees(ctx context.Context, ref issue.Ref, logins []string) (all []string, err error)
	RemoveAssignees(ctx context.Context, ref issue.Ref, logins []string) error
	AskReviewers(ctx context.Context, ref issue.Ref, who []string, on bool) error // logins and org/team
	CreateComment(ctx context.Context, ref issue.Ref, body string) (id int64, err error)
	EditComment(ctx context.Context, ref issue.Ref, id int64, body string) error
	React(ctx context.Context, ref issue.Ref, commentID int64, content string) error // comment 0 is the issue itself
	Comments(ctx context.Context, ref issue.Ref) ([]event.Comment, error)
	Reacted(ctx context.Context, ref issue.Ref, commentID int64) (bool, error) // by the bot; comment 0 is the issue

	// OwnActions are what the bot itself has done to an issue since a time.
	OwnActions(ctx context.Context, s issue.Snapshot, since time.Time) ([]stale.TimelineEvent, error)

	// OwnComment is the bot's own comment that ends with a marker, as the bot last wrote it; ID 0 if there is none.
	OwnComment(ctx context.Context, ref issue.Ref, marker string) (fact.Status, error)
	// Elsewhere is how another issue or pull request stands, of another repository perhaps.
	Elsewhere(ctx context.Context, ref issue.Ref) (fact.Elsewhere, error)
	// Public tells whether everybody may read a repository.
	Public(ctx context.Context, ref issue.Ref) (bool, error)

	// OpenIssue opens an issue of a repository, and gives its number. OwnIssue finds one that self has opened and that ends with
	// a marker, closed ones as well; 0 if there is none.
	OpenIssue(ctx context.Context, repo issue.Ref, title, body string, labels []string) (number int, err error)
	OwnIssue(ctx context.Context, repo issue.Ref, self, marker string) (number int, err error)

	// Mentions are the pull requests that mention an issue, the oldest first.
	Mentions(ctx context.Context, ref issue.Ref) ([]issue.Ref, error)

	// Branch is a file on a branch, with its pull request. Publish makes what is not so yet, and gives the pull request's number. Sent
	// twice it changes nothing more; where somebody else has changed the file meanwhile it is unavailable.
	Branch(ctx context.Context, repo issue.Ref, branch, path string) (fact.Branch, error)
	Publish(ctx context.Context, repo issue.Ref, p plan.Publish) (pull int, err error)

	// Applications are the open issues of a repository with a label, with their status comments.
	Applications(ctx context.Context, repo issue.Ref, label string) ([]fact.Application, error)

	// Edits are the latest versions of an issue's description, newest first.
	Edits(ctx context.Context, ref issue.Ref) ([]fact.Edit, error)

	Permission(ctx context.Context, ref issue.Ref, login string) (fact.Level, error)
	Labels(ctx context.Context, ref issue.Ref) ([]string, error)
	Milestones(ctx context.Context, ref issue.Ref) ([]fact.Milestone, error)
	TeamMember(ctx context.Context, ref issue.Ref, team, login string) (bool, error) // gone: the team itself is not to be seen
	File(ctx context.Context, ref issue.Ref, path string) (content []byte, found bool, err error)
	// FileAt is File on a branch or tag, or as it was at a commit.
	FileAt(ctx context.Context, ref issue.Ref, at, path string) (content []byte, found bool, err error)
	Labelings(ctx context.Context, ref issue.Ref) ([]fact.Labeling, error)
}

// Loader loads one kind of fact. Its errors are those of package github: an outage is tried again.
type Loader func(ctx context.Context, installation int64, s issue.Snapshot, arg string) (any, error)

// Memory is the part of the store that the engine reads. One that is a queue.ManyReader, too, is asked less often.
type Memory = queue.Reader

// Engine handles the batches of a store.
type Engine struct {
	// Settings gives the configuration of a repository.
	Settings func(ctx context.Context, gh GitHub, ref issue.Ref) (*plugin.Settings, error)
	// Client gives GitHub as an installation of the App sees it; 0 is the token's.
	Client func(installation int64) GitHub
	Memory Memory
	Now    func() time.Time
	Log    logrus.FieldLogger
	// DryRun plans and logs, and sends nothing: a plan that was begun before waits for a run that may.
	DryRun bool
	// OnPlan is told of every decision before it is carried out, for metrics and tests; nil is fine.
	OnPlan func(decide.Input, *decide.Decision)
	// Seen is told of the events of each batch before they are planned, with the issue's settings; its records are kept
	// with the acknowledgement. The sweep keeps its books with it. nil is fine.
	Seen func(ctx context.Context, m Memory, es []event.Event, self string, s *plugin.Settings) ([]queue.Record, error)
	// Paced wraps GitHub for batches in which nobody waits for an answer: those that the sweep put into the queue. It
	// keeps a pace between writes; what people ask for is never held up. nil is fine.
	Paced func(GitHub) GitHub

	// Known gives the issue as it is, where more is known than the payloads show: in an Action, where one reading stands for
	// all memory. nil is fine.
	Known func(ref issue.Ref) (issue.Snapshot, bool)
	// Edited says that nobody tells of ddbot's own edits. It is called when one took effect, before anything that comes after it:
	// the records are Remembered by it, and it has a Check handled, which looks the edit up at once. nil is fine.
	Edited func(ctx context.Context, key string, records []queue.Record) error

	// Loaders load facts that are not GitHub's own answers, by kind. They get the issue as it is known. nil is fine: such a fact
	// is then a mistake of ours.
	Loaders map[fact.Kind]Loader

	facts   factCache
	outages outages
	told    sync.Map // what the operator was told once
}

// Kinds of records, by which the engine remembers. IDs begin with the issue's key.
const (
	recordAnswered = "answered" // an event was handled: its ID
	recordWrote    = "wrote"    // an edit of the body: Wrote
	recordUnseen   = "unseen"   // an edit of the body whose event has not come yet, by the same ID: unseen
	recordWroteAt  = "wrote-at" // when anything was last written to the issue
	recordSaid     = "said"     // plan.Said: what people said lately, by part of the issue
	recordBrakes   = "brakes"   // decide.Brakes
	recordLabeled  = "labeled"  // who asked for a label
	recordNotice   = "notice"   // comment id of a notice
	recordStatus   = "status"   // fact.Status

	// RecordAsked marks the GUID of a delivery that ddbot asked GitHub for once more: it may have been answered before
	// this database was made.
	RecordAsked = "asked"
)

// Perishable are the kinds of records that may be purged after a day.
var Perishable = []string{recordAnswered, recordWrote, recordWroteAt, recordUnseen, recordSaid, recordBrakes, RecordAsked}

// doubt is how long after a write of ours a payload may still show the issue from before it.
const doubt = time.Minute

// memory reads a record's data; nil if there is none.
func (w *batchRun) memory(ctx context.Context, kind, id string) ([]byte, error) {
	r, err := w.mem.Get(ctx, kind, id)
	if errors.Is(err, queue.ErrNotFound) {
		return nil, nil
	}
	return r.Data, err
}

// noMemory remembers nothing: for runs that stand alone.
type noMemory struct{}

func (noMemory) Get(context.Context, string, string) (queue.Record, error) {
	return queue.Record{}, queue.ErrNotFound
}
func (noMemory) List(context.Context, string, string, int) ([]queue.Record, error) { return nil, nil }

// NoMemory is a Memory that is always empty.
var NoMemory Memory = noMemory{}
