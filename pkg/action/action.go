// Package action is ddbot as a GitHub Action: one run for one event of a workflow, with the same engine and plugins as the
// server, and without a database. What the server remembers is read from the issue itself.
//
// Nothing gets lost: GitHub cancels waiting runs of a concurrency group, runs fail, and machines die. So each run first carries
// out what nobody has answered on its issue, in order, and then its own event. A run that was killed half way left no plan: the
// next one plans again on the issue as it was before, finds what was done already, and does the rest (recover.go).
package action

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Options say what a run is for and how it reaches the world.
type Options struct {
	Event    string // the workflow's event: issue_comment, issues, pull_request, schedule, workflow_dispatch
	Payload  []byte // what GitHub sent with it
	Repo     issue.Ref
	DryRun   bool
	Hub      *github.Hub
	Settings func(ctx context.Context, gh engine.Files, ref issue.Ref) (*plugin.Settings, error)
	Loaders  map[fact.Kind]engine.Loader
	Now      func() time.Time
	Sleep    func(ctx context.Context, d time.Duration) error
	Log      logrus.FieldLogger
}

// How old a thing may be and still be done. A run that is started again by hand months later changes nothing.
const (
	textFor  = 30 * 24 * time.Hour // a command that nobody has answered
	eventFor = 24 * time.Hour      // what happened by hand: GitHub keeps a run waiting no longer
)

// patience is how long a run waits in all for a GitHub that does not answer or wants fewer requests.
const patience = 5 * time.Minute

// run is one run.
type run struct {
	Options
	in       *inbox
	gh       *view
	engine   *engine.Engine
	report   Report
	waited   time.Duration
	checking bool   // see edited
	batch    *batch // in hand
}

// Run does what the event asks for. The report is never nil. An error is for a person: GitHub did not answer for minutes, or does
// not allow what is needed.
func Run(ctx context.Context, o Options) (*Report, error) {
	r := &run{Options: o, in: newInbox(o.Now), gh: &view{Client: o.Hub.Client(0)}}
	r.engine = &engine.Engine{
		Settings: o.Settings, Client: func(int64) engine.GitHub { return r.gh }, Memory: r.in, Now: o.Now, Log: o.Log,
		DryRun: o.DryRun, Loaders: o.Loaders, Known: r.known, Edited: r.edited,
		OnPlan: func(_ decide.Input, d *decide.Decision) { r.planned(d.Draft.Requests()) },
	}
	r.report.DryRun = o.DryRun
	err := r.event(ctx)
	if errors.Is(err, github.ErrGone) {
		r.report.note("The issue is gone or has moved; nothing is left to do.")
		err = nil
	}
	return &r.report, err
}

func (r *run) event(ctx context.Context) error {
	switch r.Event {
	case "schedule", "workflow_dispatch":
		return r.schedule(ctx)
	}
	if forked(r.Payload) {
		r.report.note("The event comes from a fork: GitHub gives its runs no right to write, so nothing is done here. Comments on the pull request have that right.")
		return nil
	}
	e, ok, err := payload.Open(r.Event, r.Payload)
	if err != nil {
		return fmt.Errorf("the event %s: %w", r.Event, err)
	}
	if !ok {
		r.report.note(fmt.Sprintf("Nothing to do for %s; the events that ddbot hears are issue_comment (created, edited), issues, schedule and workflow_dispatch.", r.Event))
		return nil
	}
	return r.issue(ctx, e.Ref(), &queue.Delivery{
		GUID: "run-" + r.Event, Key: e.Key, Event: r.Event, Payload: r.Payload, ReceivedAt: r.Now(),
	})
}

// issue carries out what waits on an issue, and the run's own event if there is one.
func (r *run) issue(ctx context.Context, ref issue.Ref, own *queue.Delivery) error {
	if err := r.read(ctx, ref); err != nil {
		return err
	}
	if r.gh.thread.Archived {
		r.report.note(ref.FullName() + " is archived; nothing in it can be changed.")
		return nil
	}
	settings, err := r.Settings(ctx, r.gh, ref)
	if err != nil || settings == nil {
		return err
	}
	if err := r.remember(ctx, settings, own); err != nil {
		return err
	}
	waiting, err := r.waiting(ctx, ref, settings, own)
	if err != nil || len(waiting) == 0 {
		return err
	}
	left, err := r.recover(ctx, waiting)
	if err != nil || len(left) == 0 {
		return err
	}
	if len(left) < len(open(waiting)) {
		if err := r.read(ctx, ref); err != nil {
			return err
		}
	}
	return r.work(ctx, &batch{in: r.in, key: left[0].Key, deliveries: deliveries(left)})
}

// read takes the issue in, with the files that are asked for at nearly every event.
func (r *run) read(ctx context.Context, ref issue.Ref) error {
	for {
		t, err := r.gh.Thread(ctx, ref, config.OverrideFile, "OWNERS", "OWNERS_ALIASES")
		if err == nil {
			r.gh.thread, r.gh.known = t, true
			return nil
		}
		if err = r.rest(ctx, err); err != nil {
			return err
		}
	}
}

// known is engine.Engine.Known.
func (r *run) known(ref issue.Ref) (issue.Snapshot, bool) {
	t := r.gh.thread
	if t == nil || !r.gh.known || t.Issue.Ref.Number != ref.Number {
		return issue.Snapshot{}, false
	}
	return t.Issue, true
}

// work works on a batch until it is done.
func (r *run) work(ctx context.Context, b *batch) error {
	outer := r.batch // what is put right after an edit is a batch within
	r.batch = b
	if b.did == nil {
		b.did = func(int) {}
	}
	defer func() { r.batch = outer }()
	for {
		err := r.engine.Handle(ctx, b)
		if err == nil {
			b.did(math.MaxInt) // the last is not noted
			r.gh.known = false
			return r.in.PutAll(ctx, b.staged...)
		}
		if err = r.rest(ctx, err); err != nil {
			return err
		}
	}
}

// planned takes down what the batch in hand is to send. What is reported is what was sent, or in a dry run would be.
func (r *run) planned(requests []plan.Request) {
	told := make([]bool, len(requests))
	r.batch.did = func(upTo int) {
		for n := range min(upTo, len(requests)) {
			if !told[n] {
				told[n] = true
				r.report.did(requests[n], r.links())
			}
		}
	}
	if r.report.DryRun {
		r.batch.did(len(requests))
	}
}

// rest waits where waiting helps; else it gives the error.
func (r *run) rest(ctx context.Context, err error) error {
	var snooze *queue.Snooze
	d := 2 * time.Second
	switch {
	case errors.Is(err, github.ErrUnauthorized):
		return err // a run's token does not change
	case errors.As(err, &snooze):
		d = snooze.For
	case !github.IsOutage(err):
		return err
	}
	if r.waited += d; r.waited > patience {
		return err
	}
	r.Log.WithError(err).Warnf("GitHub does not answer, or wants fewer requests; asking again in %v, for %v in all", d, patience)
	return r.Sleep(ctx, d)
}

// links gives the address of what an answer is for.
func (r *run) links() func(a *plan.Answer) string {
	t := r.gh.thread
	return func(a *plan.Answer) string {
		if t == nil {
			return ""
		}
		for _, c := range t.Comments {
			if c.ID == a.CommentID {
				return c.URL
			}
		}
		return t.URL
	}
}
