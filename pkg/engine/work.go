package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/sirupsen/logrus"
	"golang.org/x/sync/errgroup"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

var errSlow = errors.New("planning took all the time that there was")

// maxRounds bounds the plan-load-plan loop. The longest chain of look-ups that a plugin makes is three.
const maxRounds = 10

// savedPlan is what a plan must hold to be carried out by somebody else after a crash.
type savedPlan struct {
	Ref          issue.Ref       `json:"ref"`
	Installation int64           `json:"installation,omitempty"`
	Requests     []plan.Request  `json:"requests"`
	Base         string          `json:"base,omitempty"` // the body that the edit was planned on
	Ops          []checklist.Op  `json:"ops,omitempty"`
	Records      []plan.Remember `json:"records,omitempty"`
	Answered     []string        `json:"answered,omitempty"`
	Books        []queue.Record  `json:"books,omitempty"` // what Engine.Seen wants kept
	Paced        bool            `json:"paced,omitempty"` // see Engine.Paced
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
	var books []queue.Record
	if p := b.Plan(); p != nil {
		if e.DryRun {
			return &queue.Snooze{For: dryRest, Reason: errDry}
		}
		again, keep, err := e.resume(ctx, b, p)
		if err != nil || !again {
			return err
		}
		books = keep
	}
	events, err := decode(b)
	if err != nil || len(events) == 0 {
		return err
	}
	if last := events[len(events)-1]; last.Archived {
		e.leaveAlone(last.Issue.Ref)
		return nil
	}
	w := &work{Engine: e, batch: b, events: events, ref: newest(events).Ref, books: books}
	for _, ev := range events {
		if ev.Installation != 0 {
			w.installation = ev.Installation
		}
	}
	w.paced = !slices.ContainsFunc(events, func(ev event.Event) bool { return ev.Kind != event.Due })
	w.gh = e.client(w.installation, w.paced)
	err = w.run(ctx)
	if errors.Is(err, github.ErrArchived) {
		e.leaveAlone(w.ref)
		return nil
	}
	if errors.Is(err, github.ErrGone) {
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

// decode reads the batch. What cannot be read was accepted by mistake: it ends among the dead letters, where it can be
// looked at and replayed.
func decode(b queue.Batch) ([]event.Event, error) {
	var events []event.Event
	for _, d := range b.Deliveries() {
		ev, ok, err := payload.Decode(d.Event, d.Payload)
		if err != nil {
			return nil, fmt.Errorf("delivery %s: %w", d.GUID, err)
		}
		if ok {
			ev.Delivery, ev.Received, ev.Catchup = d.GUID, d.ReceivedAt, strings.HasPrefix(d.GUID, event.CatchupGUID)
			events = append(events, ev)
		}
	}
	inOrder(events)
	return events, nil
}

// inOrder puts events into the order in which they happened: GitHub promises none, and what was missed comes late. Within
// one second comments go by their ids, and nothing else can be told.
func inOrder(events []event.Event) {
	slices.SortStableFunc(events, func(a, b event.Event) int { return a.At().Compare(b.At()) })
	var places []int // of the comments of one second
	for i := 0; i <= len(events); i++ {
		if len(places) > 0 && (i == len(events) || !events[i].At().Equal(events[places[0]].At())) {
			comments := make([]event.Event, len(places))
			for n, at := range places {
				comments[n] = events[at]
			}
			slices.SortStableFunc(comments, func(a, b event.Event) int { return cmp.Compare(a.Comment.ID, b.Comment.ID) })
			for n, at := range places {
				events[at] = comments[n]
			}
			places = nil
		}
		if i < len(events) && events[i].Comment != nil {
			places = append(places, i)
		}
	}
}

// newest is the issue as the latest of the payloads shows it; GitHub does not promise order.
func newest(events []event.Event) issue.Snapshot {
	s := events[len(events)-1].Issue
	for _, ev := range events {
		if ev.Issue.UpdatedAt.After(s.UpdatedAt) {
			s = ev.Issue
		}
	}
	return s
}

// work is one batch on its way from events to done.
type work struct {
	*Engine
	batch        queue.Batch
	events       []event.Event
	ref          issue.Ref
	installation int64
	gh           GitHub
	paced        bool // nobody waits for an answer
	books        []queue.Record
	said         plan.Said // as they were remembered
	brakes       decide.Brakes
}

func (e *Engine) client(installation int64, paced bool) GitHub {
	gh := e.Client(installation)
	if paced && e.Paced != nil {
		return e.Paced(gh)
	}
	return gh
}

func (w *work) log() *logrus.Entry {
	return w.Log.WithFields(logrus.Fields{"delivery": w.events[0].Delivery, "issue": w.ref.String()})
}

func (w *work) run(ctx context.Context) error {
	settings, err := w.Settings(ctx, w.gh, w.ref)
	if err != nil || settings == nil {
		return err // nil: this repository is none of ours
	}
	s, err := w.recall(ctx, settings)
	if err != nil {
		return err
	}
	w.said, w.brakes = s.Said, s.Brakes
	out, err := w.plan(ctx, s)
	if err != nil {
		return err
	}
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
	saved := w.savedPlan(out)
	if w.DryRun {
		for _, r := range saved.Requests {
			w.log().Info("dry run, not sent: " + r.String())
		}
		return w.remember(w.batch, savedPlan{Books: saved.Books}, nil)
	}
	if len(saved.Requests) > 0 {
		data, err := json.Marshal(saved)
		if err != nil {
			return fmt.Errorf("write the plan down: %w", err)
		}
		if err := w.batch.Save(ctx, data); err != nil {
			return fmt.Errorf("save the plan: %w", err)
		}
	}
	return w.carryOut(ctx, w.batch, w.gh, saved, nil)
}

// recall asks the memory for all that it knows, at the same time: a database may be some way off.
func (w *work) recall(ctx context.Context, settings *plugin.Settings) (s decide.Input, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return w.seen(ctx, settings) })
	g.Go(func() (err error) {
		s, err = w.situation(ctx, settings)
		return err
	})
	err = g.Wait()
	return s, err
}

func (w *work) seen(ctx context.Context, settings *plugin.Settings) error {
	if w.Seen == nil {
		return nil
	}
	books, err := w.Seen(ctx, w.events, w.gh.KnownSelf(), settings)
	w.books = append(w.books, books...)
	return err
}

// plan plans until nothing is missing, on a freshly read issue where the plan edits it. Reading comes last, so that the
// time in which a person's edit could be overwritten is as short as it can be.
func (w *work) plan(ctx context.Context, s decide.Input) (*decide.Decision, error) {
	fresh := false
	for range maxRounds {
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
			fresh = false
		case out.Work.NeedsRead() && !fresh:
			var err error
			if s.Issue, err = w.gh.Issue(ctx, w.ref); err != nil {
				return nil, fmt.Errorf("read %v: %w", w.ref, err)
			}
			complete(&s.Issue, newest(w.events))
			s.Doubtful, fresh = false, true
		default:
			if w.OnPlan != nil {
				w.OnPlan(s, out)
			}
			return out, nil
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

func (w *work) situation(ctx context.Context, settings *plugin.Settings) (decide.Input, error) {
	key := w.batch.Key()
	s := decide.Input{
		Events: w.events, Issue: newest(w.events), Facts: &fact.Set{}, Now: w.Now(), Settings: settings,
		Self: w.gh.KnownSelf(), Answered: map[string]bool{},
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(4)
	g.Go(func() error {
		tracked, err := w.memory(ctx, decide.RecordTracked, key)
		s.Tracked = tracked != nil
		return err
	})
	g.Go(func() error {
		said, err := w.memory(ctx, recordSaid, key)
		if err == nil && said != nil {
			err = json.Unmarshal(said, &s.Said)
		}
		return err
	})
	g.Go(func() error {
		data, err := w.memory(ctx, recordBrakes, key)
		if err == nil && data != nil {
			err = json.Unmarshal(data, &s.Brakes)
		}
		return err
	})
	g.Go(func() error {
		at, err := w.memory(ctx, recordWroteAt, key)
		if last, bad := time.Parse(time.RFC3339Nano, string(at)); bad == nil {
			latest := slices.MaxFunc(w.events, func(a, b event.Event) int { return a.Received.Compare(b.Received) })
			s.Doubtful = latest.Received.Before(last.Add(doubt))
		}
		return err
	})
	if slices.ContainsFunc(w.events, func(ev event.Event) bool { return ev.Kind == event.Edited || ev.Kind == event.Check }) {
		g.Go(func() (err error) {
			s.Wrote, s.Self, err = w.wrote(ctx, key)
			return err
		})
	}
	answered := make([]bool, len(w.events))
	for i, ev := range w.events {
		if ev.ID() != "" {
			g.Go(func() (err error) {
				answered[i], err = w.answered(ctx, ev)
				return err
			})
		}
	}
	if err := g.Wait(); err != nil {
		return s, err
	}
	for i, ev := range w.events {
		if answered[i] {
			s.Answered[ev.ID()] = true
		}
	}
	return s, nil
}

// wrote gives what ddbot wrote into the body lately, and who ddbot is: whose an edit is decides whether it is put right or
// respected.
func (w *work) wrote(ctx context.Context, key string) (_ []decide.BodyEdit, self string, err error) {
	self = w.gh.KnownSelf()
	rs, err := w.Memory.List(ctx, recordWrote, key+"/", 0)
	if err != nil {
		return nil, self, err
	}
	out := make([]decide.BodyEdit, 0, len(rs))
	for _, r := range rs {
		var x decide.BodyEdit
		if err := json.Unmarshal(r.Data, &x); err != nil {
			w.log().WithError(err).Warn("Cannot read back what was written before; it is ignored")
			continue
		}
		if x.ID = r.ID; w.Now().Sub(x.At) < decide.BodyEditFor {
			x.Unseen, err = w.unseen(ctx, r.ID)
			out = append(out, x)
		}
		if err != nil {
			return nil, self, err
		}
	}
	doubtful := func(ev event.Event) bool {
		return ev.Kind == event.Edited && ev.OldBody != nil && !decide.PlainlyOwn(ev, out)
	}
	if len(out) > 0 && self == "" && slices.ContainsFunc(w.events, doubtful) {
		self, err = w.gh.Self(ctx)
		if errors.Is(err, github.ErrForbidden) {
			err = nil
		}
	}
	if err != nil {
		err = fmt.Errorf("ask GitHub who we are: %w", err)
	}
	return out, self, err
}

// keep stages a record about this issue.
func (w *work) keep(kind string, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		w.log().WithError(err).Error("Cannot remember " + kind)
		return
	}
	w.books = append(w.books, queue.Record{Kind: kind, ID: w.batch.Key(), Data: data})
}

func (w *work) savedPlan(out *decide.Decision) savedPlan {
	if !maps.Equal(out.Work.Said, w.said) {
		w.keep(recordSaid, out.Work.Said.Trim())
	}
	for _, id := range out.Seen {
		w.books = append(w.books, queue.Record{Kind: recordUnseen, ID: id})
	}
	if !out.Brakes.Same(w.brakes) {
		w.keep(recordBrakes, out.Brakes)
	}
	return savedPlan{
		Ref: w.ref, Installation: w.installation, Requests: out.Work.Requests(), Answered: out.Handled,
		Base: out.Work.Before.Body, Ops: out.Work.Ops, Records: out.Work.Records, Books: w.books, Paced: w.paced,
	}
}
