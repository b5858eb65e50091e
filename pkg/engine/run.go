package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

var errSlow = errors.New("planning took all the time that there was")

// maxRounds bounds the plan-load-plan loop. The longest chain of look-ups that a plugin makes is three.
const maxRounds = 12

// planVersion is the form in which plans are saved: 3 since there is Together, 2 since there is Ahead, 1 since November 2026, 0 (no field)
// before. A plan has the oldest version that can carry it out.
const planVersion, aheadVersion, usualVersion = 3, 2, 1

// newerRest is how long a plan of a newer ddbot waits for that: two versions may run side by side during an upgrade.
const newerRest = time.Minute

var errNewer = errors.New("the open plan was saved by a newer ddbot, which must finish it")

// savedPlan is what a plan must hold to be carried out by somebody else after a crash.
//
// Version is that of this form. Fields are only ever added, so that a plan of an older ddbot is finished by a newer one; a plan
// of a newer one waits for it (see planVersion).
type savedPlan struct {
	Version      int             `json:"version,omitempty"`
	Ref          issue.Ref       `json:"ref"`
	Installation int64           `json:"installation,omitempty"`
	Requests     []plan.Request  `json:"requests"`
	Base         string          `json:"base,omitempty"` // the body that the edit was planned on
	Ops          []checklist.Op  `json:"ops,omitempty"`
	Records      []plan.Remember `json:"records,omitempty"`
	Answered     []string        `json:"answered,omitempty"`
	Books        []queue.Record  `json:"books,omitempty"`    // what Engine.Seen wants kept
	Paced        bool            `json:"paced,omitempty"`    // see Engine.Paced
	Ahead        bool            `json:"ahead,omitempty"`    // see plan.Draft.Ahead
	Together     int             `json:"together,omitempty"` // so many of the first were perhaps sent together, whatever became of each
}

// Handle works on one batch of deliveries of one issue; it is a store.Handler.
func (e *Engine) Handle(ctx context.Context, b queue.Batch) error {
	err := e.handle(ctx, b)
	var limited *github.RateLimitError
	var snooze *queue.Snooze
	switch {
	case err == nil:
		e.outages.over(b.Key())
		return nil
	case errors.As(err, &snooze), errors.Is(err, queue.ErrLost), errors.Is(ctx.Err(), context.Canceled):
		return err
	case errors.As(err, &limited):
		return &queue.Snooze{For: max(limited.Until.Sub(e.Now()), time.Second), Reason: err}
	case github.IsOutage(err):
		return &queue.Snooze{For: e.outages.next(b.Key()), Reason: err}
	}
	e.outages.over(b.Key())
	return err
}

// dryRest is how long a dry run leaves a plan alone that it may not finish.
const dryRest = time.Hour

var errDry = errors.New("a plan of an earlier run is not finished by a dry run")

func (e *Engine) handle(ctx context.Context, b queue.Batch) error {
	w := &batchRun{Engine: e, batch: b, mem: e.Memory, done: map[int][]byte{}}
	err := w.run(ctx)
	switch {
	case errors.Is(err, github.ErrArchived):
		e.leaveAlone(w.ref)
		return nil
	case errors.Is(err, github.ErrGone):
		w.log().WithError(err).Info("The issue is gone or has moved; nothing is left to do here")
		return nil
	}
	return err
}

// leaveAlone notices an archived repository: whatever was asked for there, it cannot be done and needs no second attempt.
func (e *Engine) leaveAlone(ref issue.Ref) {
	if e.once("archived " + issue.FoldLogin(ref.FullName())) {
		e.Log.WithField("issue", ref.String()).Warnf("%s is archived; nothing in it can be changed, and it is left alone", ref.FullName())
	}
}

// once tells whether this is the first time that the operator hears of it.
func (e *Engine) once(what string) bool {
	_, told := e.told.LoadOrStore(what, true)
	return !told
}

// batchRun is one batch on its way from deliveries to done. The first attempt makes a plan and saves it, a later one finds it
// saved; from there both go the same way.
type batchRun struct {
	*Engine
	batch  queue.Batch
	mem    Memory // the engine's; some of it has been read ahead
	saved  savedPlan
	saving saving
	done   map[int][]byte // the answers that were noted, by request

	ref          issue.Ref
	installation int64
	paced        bool // nobody waits for an answer
	fresh        bool // it is the first attempt
	gh           GitHub

	events []event.Event  // of a first attempt
	read   issue.Snapshot // the issue as the decision sees it
	books  []queue.Record
	said   plan.Said // as they were remembered
	brakes decide.Brakes
	made   map[fact.Key]any // what was made ahead of the plan
}

// run finishes the open plan of an earlier attempt, or else makes one.
func (w *batchRun) run(ctx context.Context) (err error) {
	open := w.batch.Plan()
	if w.fresh = open == nil; !w.fresh {
		if w.DryRun {
			return &queue.Snooze{For: dryRest, Reason: errDry}
		}
		if again, err := w.resume(ctx, open); err != nil || !again {
			return err
		}
	}
	w.done = map[int][]byte{}
	if err := w.open(); err != nil || len(w.events) == 0 {
		return err
	}
	if w.events[len(w.events)-1].Archived {
		return github.ErrArchived
	}
	return w.first(ctx)
}

// open reads the batch's events.
func (w *batchRun) open() (err error) {
	if w.events, err = decode(w.batch); err != nil || len(w.events) == 0 {
		return err
	}
	installation, paced := int64(0), true
	for _, ev := range w.events {
		installation = cmp.Or(ev.Installation, installation)
		paced = paced && event.Is[event.Own](ev.Kind) && !event.Is[event.Check](ev.Kind)
	}
	w.at(newest(w.events).Ref, installation, paced)
	return nil
}

// at is where the batch belongs, and how GitHub is asked for it.
func (w *batchRun) at(ref issue.Ref, installation int64, paced bool) {
	w.ref, w.installation, w.paced = ref, installation, paced
	w.gh = w.client(installation, paced)
}

func (e *Engine) client(installation int64, paced bool) GitHub {
	gh := e.Client(installation)
	if paced && e.Paced != nil {
		return e.Paced(gh)
	}
	return gh
}

func (w *batchRun) log() *logrus.Entry {
	return w.Log.WithFields(logrus.Fields{"delivery": w.batch.Deliveries()[0].GUID, "issue": w.ref.String()})
}

// first plans, saves the plan and carries it out.
func (w *batchRun) first(ctx context.Context) error {
	defer w.saving.Wait() // the batch is the worker's again after that
	settings, err := w.Settings(ctx, w.gh, w.ref)
	if err != nil || settings == nil {
		return err // nil: this repository is none of ours
	}
	s, err := w.recall(ctx, settings)
	if err != nil {
		return err
	}
	w.said, w.brakes = s.Said, s.Brakes
	w.putMade(s.Facts)
	out, err := w.decide(ctx, s)
	if err != nil {
		return err
	}
	w.saved = w.savedPlan(out)
	if w.DryRun {
		w.tell(out)
		for _, r := range w.saved.Requests {
			w.log().Info("dry run, not sent: " + r.String())
		}
		w.saved = savedPlan{Books: w.saved.Books}
		return w.remember(nil)
	}
	if len(w.saved.Requests) > 0 {
		if err := w.save(ctx, w.saved); err != nil {
			return err
		}
	}
	w.tell(out) // now it is ours to do
	return w.carryOut(ctx)
}

// tell tells the operator what was decided.
func (w *batchRun) tell(out *decide.Decision) {
	if out.Alarm != "" {
		w.log().WithField("events", len(w.events)).Warn("Not done, to end a loop: " + out.Alarm)
	}
	if out.Own && w.once("own commands") {
		w.log().Warnf("%s wrote commands, and ddbot acts as the same account: it cannot tell them from what it writes itself, so they are not carried out. "+
			"Give ddbot the token of an account of its own, or make it a GitHub App", w.gh.KnownSelf())
	}
	for _, p := range out.Effects {
		w.log().WithField("plugin", p.Plugin).Info(p.Effect.String())
	}
}

// decide plans until nothing is missing, on a freshly read issue where the plan edits it. Reading comes last, so that the
// time in which a person's edit could be overwritten is as short as it can be.
func (w *batchRun) decide(ctx context.Context, s decide.Input) (*decide.Decision, error) {
	return w.decideOn(ctx, s, false)
}

// decideOn is decide; given says that the issue is to be taken as it is.
func (w *batchRun) decideOn(ctx context.Context, s decide.Input, given bool) (*decide.Decision, error) {
	fresh := given
	for range maxRounds {
		w.read = s.Issue
		out, err := decide.Plan(s)
		if err != nil {
			return nil, err
		}
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, errSlow // before GitHub is asked in vain: it would be taken for its outage
		}
		switch {
		case len(out.Missing) > 0:
			if err := w.load(ctx, s.Facts, out.Missing); err != nil {
				return nil, err
			}
			fresh = given
		case out.Draft.NeedsRead() && !fresh:
			if s.Issue, err = w.readFresh(ctx, s, out); err != nil {
				return nil, err
			}
			complete(&s.Issue, newest(w.events))
			s.MayLag, fresh = false, true
		default:
			if w.OnPlan != nil && !given {
				w.OnPlan(s, out)
			}
			if !out.Draft.Ahead() || given || w.DryRun {
				return out, nil
			}
			if err := w.begin(ctx, out.Draft.Requests(), s.Facts); err != nil {
				return nil, err
			}
		}
	}
	return nil, errors.New("the plan asks for ever more facts")
}

// complete adds what an answer of GitHub does not have and the payload does.
func complete(s *issue.Snapshot, payload issue.Snapshot) {
	s.RepoID = payload.RepoID
	if s.Author == "" {
		s.Author, s.AuthorID, s.AuthorIsBot, s.AuthorIsMute = payload.Author, payload.AuthorID, payload.AuthorIsBot, payload.AuthorIsMute
	}
}

// keep adds a record about this issue.
func (w *batchRun) keep(books []queue.Record, kind string, v any) []queue.Record {
	data, err := json.Marshal(v)
	if err != nil {
		w.log().WithError(err).Error("Cannot remember " + kind)
		return books
	}
	return append(books, queue.Record{Kind: kind, ID: w.batch.Key(), Data: data})
}

func (w *batchRun) savedPlan(out *decide.Decision) savedPlan {
	books := slices.Clip(w.books)
	if !maps.Equal(out.Draft.Said, w.said) {
		books = w.keep(books, recordSaid, out.Draft.Said.Trim())
	}
	for _, id := range out.Seen {
		books = append(books, queue.Record{Kind: recordUnseen, ID: id})
	}
	if !out.Brakes.Same(w.brakes) {
		books = w.keep(books, recordBrakes, out.Brakes)
	}
	requests := out.Draft.Requests()
	if w.Edited != nil && w.paced {
		// Nobody can resume this plan: the notice goes first, by which it is known again as long as the step itself is due.
		slices.SortStableFunc(requests, func(a, b plan.Request) int {
			return cmp.Compare(rank(a), rank(b))
		})
	}
	version, together := usualVersion, 0
	if w.paced && w.Edited == nil && w.read.NodeID != "" && !w.read.PullRequest {
		if n := plan.Together(requests); n > 0 && w.gh.Joins(w.ref, requests[:n]) {
			version, together = planVersion, n
		}
	}
	return savedPlan{
		Version: version, Together: together, Ref: w.ref, Installation: w.installation, Requests: requests, Answered: out.Handled,
		Base: out.Draft.Before.Body, Ops: out.Draft.Ops, Records: out.Draft.Records, Books: books, Paced: w.paced,
	}
}

// rank puts the status comment last but for the answers: it says what has been done.
func rank(r plan.Request) int {
	switch {
	case r.Kind == plan.SendAnswer:
		return 3
	case r.Kind == plan.WriteNotice && r.Notice.Key == fact.StatusKey:
		return 2
	case r.Kind == plan.WriteNotice:
		return 0
	}
	return 1
}
