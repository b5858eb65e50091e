// Package sweep finds the issues whose clock has run out and puts each of them into the queue as work of its own; the
// lifecycle plugin decides there, on what was read just now, and the engine acts.
//
// It keeps a state, asks for the delta, and verifies. What is known of each open issue in scope is kept
// in books (store.Record, one stale.Issue each), fed by webhooks (Books.Seen). A sweep asks GitHub once what has changed,
// with an ETag, reads only that, finds who is due in the books, and reads those once more before it hands them out. All
// reading of a step comes before any writing, so nothing moves while it is paged.
package sweep

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/registry"
	"github.com/ddbot/ddbot/pkg/stale"
)

// GitHub is what a sweep asks of GitHub. None of it writes.
type GitHub interface {
	RepoID(ctx context.Context, repo issue.Ref) (int64, error)
	Issue(ctx context.Context, ref issue.Ref) (issue.Snapshot, error)
	ListIssues(ctx context.Context, repo issue.Ref, l github.Listing) (github.Listed, error)
	OpenIssues(ctx context.Context, repo issue.Ref, r github.Reading, take func([]*github.History) error) error
	Histories(ctx context.Context, repo issue.Ref, ids []string, r github.Reading) ([]*github.History, error)
}

// Store is the part of the store that a sweep needs.
type Store interface {
	queue.Records
	Receive(ctx context.Context, d queue.Delivery) (fresh bool, err error)
}

// Sweeper sweeps repositories. One sweep of a repository runs at a time.
type Sweeper struct {
	Store    Store
	Client   func(installation int64) GitHub
	Settings func(ctx context.Context, repo issue.Ref, installation int64) (*plugin.Settings, error)
	Pacer    *Pacer
	Now      func() time.Time
	Log      logrus.FieldLogger
	// Weekly hands tracked issues out once a week, too, where a plugin wants that.
	Weekly bool
	// Apart says that what is handed out is not sent together: a label and its notice are two writes (see engine.Writer).
	Apart bool
	// Spare tells, by an error, that there are no requests to spare: commands go before sweeps. nil is fine.
	Spare func() error
	// Progress is told how far a long sweep is; nil is fine.
	Progress func(what string, done, total int)

	archived sync.Map // repositories of which was told that they are
}

// Request says what to sweep and how.
type Request struct {
	Repo         issue.Ref // its number does not matter
	Installation int64
	All          bool // all open issues, whatever the configuration tracks
	DryRun       bool // find and tell; nothing is put into the queue
	Full         bool // read everything again, as the first time
	Tell         bool // say of every issue why nothing happens to it, as a dry run does
	Limit        *int // actions at most, whatever the configuration says; 0 is no limit, nil is as configured

	quiet bool // nobody asked for this repository, so that nobody needs to hear that it is not swept
}

// The outcomes of a finding.
const (
	Handed = "handed out" // it is in the queue
	Would  = "dry run"
	Left   = "left for later" // a limit was reached
	Kept   = "kept"           // nothing to do, or not any more
)

// Finding is what a sweep has to say about one issue.
type Finding struct {
	Issue   issue.Ref
	Title   string
	Verdict stale.Verdict
	Outcome string
	GUID    string // of the delivery, when handed out
}

// Report is what a sweep found.
type Report struct {
	Open     int // issues in scope
	Changed  int // issues that were read because they had changed
	Unknown  int // of which GitHub told only a part
	Findings []Finding
}

// Count counts findings.
func (r *Report) Count(a stale.Action, outcome string) int {
	n := 0
	for _, f := range r.Findings {
		if f.Verdict.Action == a && f.Outcome == outcome {
			n++
		}
	}
	return n
}

// policied are the lifecycle plugin's options, as far as they matter here.
type policied interface{ Policy() stale.Policy }

// policyOf is what the sweep goes by. Without the life cycle no clock runs, but other plugins may want a look at tracked issues now and
// then; ok is false where nobody wants anything.
func policyOf(s *plugin.Settings) (p stale.Policy, ok bool) {
	if o, ok := s.Options["lifecycle"].(policied); ok {
		return o.Policy(), true
	}
	return stale.Policy{KeepLabel: true}, len(regulars(s)) > 0
}

// errOff says that there is nothing to sweep by configuration.
var errOff = errors.New("no plugin that is on for this repository wants a sweep")

// run is one sweep.
type run struct {
	*Sweeper
	Request
	gh       GitHub
	settings *plugin.Settings
	policy   stale.Policy
	started  time.Time
	cursor   cursor
	books    map[int]*stale.Issue
	tracked  map[int]bool
	acted    map[stale.Action]bool // what this sweep has handed out
	readOnly bool                  // the repository is archived, as the last reading showed
	report   Report
}

// Sweep sweeps one repository.
func (s *Sweeper) Sweep(ctx context.Context, o Request) (*Report, error) {
	r, err := s.begin(ctx, o)
	if errors.Is(err, errOff) {
		if o.quiet {
			return &Report{}, nil
		}
		s.Log.WithField("repository", o.Repo.FullName()).Info("Not swept: " + err.Error())
		return &Report{}, nil
	}
	if err != nil {
		return nil, err
	}
	if err := r.spare(); err != nil {
		return nil, fmt.Errorf("sweep %s: %w", o.Repo.FullName(), err)
	}
	if err := r.learn(ctx); err != nil {
		return nil, fmt.Errorf("sweep %s: %w", o.Repo.FullName(), err)
	}
	if err := r.act(ctx); err != nil {
		return &r.report, fmt.Errorf("sweep %s: %w", o.Repo.FullName(), err)
	}
	if err := r.hand(ctx); err != nil {
		return &r.report, fmt.Errorf("sweep %s: %w", o.Repo.FullName(), err)
	}
	if err := r.swept(ctx); err != nil {
		return &r.report, fmt.Errorf("sweep %s: %w", o.Repo.FullName(), err)
	}
	return &r.report, nil
}

// swept notes that the first sweep is over: the next one acts on as many issues as the configuration allows.
func (r *run) swept(ctx context.Context) error {
	if r.DryRun || r.cursor.Swept {
		return nil
	}
	r.cursor.Swept = true
	return r.keepCursor(ctx)
}

// limit is how many issues this sweep may act on at most; 0 is no limit. What nobody has swept before may hold surprises.
func (r *run) limit() int {
	switch {
	case r.Limit != nil:
		return *r.Limit
	case r.cursor.Swept || r.policy.First == 0:
		return r.policy.PerSweep
	case r.policy.PerSweep == 0:
		return r.policy.First
	}
	return min(r.policy.First, r.policy.PerSweep)
}

func (s *Sweeper) begin(ctx context.Context, o Request) (*run, error) {
	settings, err := s.Settings(ctx, o.Repo, o.Installation)
	if err != nil {
		return nil, err
	}
	if settings == nil {
		return nil, errOff
	}
	policy, ok := policyOf(settings)
	if !ok {
		return nil, errOff
	}
	if o.All {
		all := *settings
		all.Tracked.All = true
		settings = &all
	}
	return &run{
		Sweeper: s, Request: o, gh: s.Client(o.Installation), settings: settings, policy: policy, started: s.Now(),
		books: map[int]*stale.Issue{}, tracked: map[int]bool{}, acted: map[stale.Action]bool{},
	}, nil
}

// SweepAll sweeps all repositories that webhooks came from. An error of one does not keep the others from their turn;
// one that is gone is forgotten. While GitHub limits us, it asks to be put off (*store.Snooze).
func (s *Sweeper) SweepAll(ctx context.Context) error {
	repos, err := registry.All(ctx, s.Store, 0)
	errs := []error{err}
	for _, repo := range repos {
		_, err := s.Sweep(ctx, Request{Repo: repo.Ref(), Installation: repo.Installation, quiet: true})
		var limited *github.RateLimitError
		switch {
		case ctx.Err() != nil:
			return errors.Join(append(errs, err)...)
		case errors.As(err, &limited):
			return &queue.Snooze{For: limited.Until.Sub(s.Now()), Reason: err}
		case errors.Is(err, github.ErrGone):
			err = registry.Forget(ctx, s.Store, repo)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (r *run) spare() error {
	if r.Spare == nil {
		return nil
	}
	return r.Spare()
}

func (r *run) progress(what string, done, total int) {
	if r.Progress != nil {
		r.Progress(what, done, total)
	}
}
