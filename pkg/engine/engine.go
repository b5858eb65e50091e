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
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Loader loads one kind of fact. Its errors are those of package github: an outage is tried again.
type Loader func(ctx context.Context, installation int64, s issue.Snapshot, arg string) (any, error)

// Memory is the part of the store that the engine reads. One that is a queue.ManyReader, too, is asked less often.
type Memory = queue.Reader

// Engine handles the batches of a store.
type Engine struct {
	// Settings gives the configuration of a repository.
	Settings func(ctx context.Context, files Files, ref issue.Ref) (*plugin.Settings, error)
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
)

// Perishable are the kinds of records that may be purged after a day.
var Perishable = []string{recordAnswered, recordWrote, recordWroteAt, recordUnseen, recordSaid, recordBrakes, queue.RecordAsked}

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
