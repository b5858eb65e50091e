package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/robfig/cron/v3"
	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/catchup"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/metrics"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/sweep"
	"github.com/ddbot/ddbot/pkg/web"
	"github.com/ddbot/ddbot/pkg/webhook"
	"github.com/ddbot/ddbot/pkg/worker"
)

// serverOptions is what a server is made of.
type serverOptions struct {
	Listen  string
	Store   string
	Secrets webhook.Secrets
	Workers int
	DryRun  bool
	Now     func() time.Time
	Log     *logrus.Logger
	Plugins []plugin.Plugin
	Hub     func(observe func(github.Call)) (*github.Hub, error)

	ConfigFile   string // empty: all plugins on for every repository
	KeepLogLevel bool   // a flag has set it: the configuration does not
	Look         bool   // look how we stand with GitHub, at the start and now and then
}

// server is ddbot as `serve` and `demo` run it.
type server struct {
	store   *store.DB
	worker  *worker.Worker
	engine  *engine.Engine
	catchup *catchup.Catchup
	sweeper *sweep.Sweeper
	looks   looks
	http    *http.Server
	listen  net.Listener
	failed  chan error
	cancel  context.CancelFunc
}

// parts are what a server has before anything runs: all that can be wrong in a call is found while they are made.
type parts struct {
	metrics *metrics.Metrics
	config  *config.Source
	hub     *github.Hub
}

func (o serverOptions) parts() (p parts, err error) {
	p.metrics = metrics.New()
	p.metrics.Build(buildVersion(), buildCommit())
	p.config, err = config.NewSource(o.ConfigFile, o.Plugins, config.SourceOptions{Log: o.Log, Now: o.Now, OnReload: p.metrics.Reloaded})
	if err != nil {
		return p, &exitError{exitUsage, err}
	}
	if !o.KeepLogLevel {
		level, err := logrus.ParseLevel(p.config.Current().Operator.LogLevel)
		if err != nil {
			return p, &exitError{exitUsage, err}
		}
		o.Log.SetLevel(level)
	}
	p.hub, err = o.Hub(p.metrics.Call)
	return p, err
}

// startServer starts everything and returns when webhooks can be received. GitHub is not asked for anything.
func startServer(ctx context.Context, o serverOptions) (_ *server, err error) {
	p, err := o.parts()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, o.Store, store.Options{Now: o.Now, Log: o.Log})
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	// Work outlives the signal that ends ctx: Stop ends it in order.
	background, cancel := context.WithCancel(context.WithoutCancel(ctx))
	s := &server{store: db, failed: make(chan error, 1), cancel: cancel, looks: looks{first: make(chan struct{})}}
	defer func() {
		if err != nil {
			cancel()
			err = errors.Join(err, db.Close())
		}
	}()
	p.metrics.Queue(db, o.Now)
	pace := paceOf(p.config.Current())
	s.engine = &engine.Engine{
		Settings: settingsFor(p.config, o.Now, o.Log),
		Client:   func(id int64) engine.GitHub { return p.hub.Client(id) },
		Memory:   db, Now: o.Now, Log: o.Log, DryRun: o.DryRun, OnPlan: p.metrics.Planned, Loaders: evidenceLoaders(p.hub, o.Now),
		Seen: sweep.Seen,
		// At most half of the workers wait for the pace: the others are for people.
		Paced: (&sweep.Spacer{Gap: pace.Gap(), Crowd: max(o.Workers/2, 1), Now: o.Now}).Wrap,
	}
	s.sweeper = newSweeper(db, p.hub, s.engine.Settings, pace, o.Now, o.Log)
	s.sweeper.Spare, s.sweeper.Weekly = p.hub.Spare, true
	s.catchup = &catchup.Catchup{Store: db, Hub: p.hub, Now: o.Now, Log: o.Log, Count: p.metrics.CaughtUp,
		Forwarded: func() bool { return p.config.Current().Mode() == config.External }}
	if err := s.serve(o, p); err != nil {
		return nil, err
	}
	periodic, err := s.periodic(o, p)
	begin := make(chan struct{})
	if err == nil {
		s.worker, err = worker.Start(background, worker.Config{
			Store: db, Handle: s.engine.Handle, Workers: o.Workers, Log: o.Log, Begin: begin,
			Periodic: periodic, Observe: observe(p.metrics, o.Log),
		})
	}
	if err != nil {
		return nil, errors.Join(err, s.http.Close())
	}
	go p.config.Watch(background)
	if o.Look {
		go s.looks.keep(background, o, p, db)
	}
	go s.begin(background, o, begin)
	return s, nil
}

// serve begins to receive. What is received before the worker runs waits for it.
func (s *server) serve(o serverOptions, p parts) error {
	hook, err := webhook.New(webhook.Options{
		Secrets: o.Secrets, Now: o.Now, Log: o.Log, Count: p.metrics.Delivery, Inbox: besideProw(p.config, o.Log, s.catchup.Receive),
	})
	if err != nil {
		return err
	}
	if s.listen, err = net.Listen("tcp", o.Listen); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.http = webhook.Server(web.Handler(web.Options{
		Hook: hook, Metrics: p.metrics.Handler(), Store: s.store, Config: p.config,
		GitHub: s.looks.text,
	}))
	go func() {
		if err := s.http.Serve(s.listen); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	return nil
}

// How long one run of the sweep may last, and how long it rests before it goes on.
const (
	sweepFor  = 25 * time.Minute
	sweepRest = 5 * time.Minute
)

// periodic is what is done on a schedule.
func (s *server) periodic(o serverOptions, p parts) ([]worker.Periodic, error) {
	operator := p.config.Current().Operator
	retention := time.Duration(operator.Retention)
	schedule, err := cron.ParseStandard(operator.Sweep)
	if err != nil {
		return nil, fmt.Errorf("schedule of the sweep: %w", err)
	}
	return []worker.Periodic{
		{
			Name: "purge", Schedule: cron.Every(6 * time.Hour),
			Run: func(ctx context.Context, _ time.Time) error {
				return s.store.Purge(ctx, o.Now().Add(-retention), engine.Perishable...)
			},
		},
		{
			Name: "own-edits", Schedule: cron.Every(30 * time.Second),
			Run: func(ctx context.Context, due time.Time) error { return engine.Checks(ctx, s.store, o.Now()) },
		},
		{
			Name: "catch-up", Schedule: cron.Every(10 * time.Minute),
			Run: func(ctx context.Context, _ time.Time) error {
				if o.DryRun {
					return nil // it would ask GitHub to deliver again
				}
				return s.catchup.Run(ctx)
			},
		},
		{
			// A long first sweep goes on later where it stopped.
			Name: "sweep", Schedule: schedule, Timeout: sweepFor,
			Run: func(ctx context.Context, _ time.Time) error {
				err := s.sweeper.SweepAll(ctx)
				if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
					return &queue.Snooze{For: sweepRest, Reason: err}
				}
				p.metrics.Sweep(err)
				return err
			},
		},
	}, nil
}

func paceOf(c *config.Config) sweep.Limits {
	p := c.Operator.Pace
	return sweep.Limits{PerSecond: p.PerSecond, PerMinute: p.PerMinute, PerHour: p.PerHour}
}

// newSweeper makes the sweep of the server and of the sweep command.
func newSweeper(db *store.DB, hub *github.Hub, of settingsOf, pace sweep.Limits, now func() time.Time, log logrus.FieldLogger) *sweep.Sweeper {
	return &sweep.Sweeper{
		Store: db, Client: func(id int64) sweep.GitHub { return hub.Client(id) }, Now: now, Log: log,
		Pacer: &sweep.Pacer{Limits: pace, Store: db, Now: now},
		Settings: func(ctx context.Context, repo issue.Ref, installation int64) (*plugin.Settings, error) {
			return of(ctx, hub.Client(installation), repo)
		},
	}
}

// catchUpFor is how long the work waits at the start for what was missed, so that it is done in order.
const catchUpFor = 10 * time.Second

// begin lets the work begin when what was missed has come, or after some time.
func (s *server) begin(ctx context.Context, o serverOptions, begin chan<- struct{}) {
	defer close(begin)
	if o.DryRun {
		return
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.catchUp(ctx, o.Log)
	}()
	select {
	case <-done:
	case <-ctx.Done():
	case <-time.After(catchUpFor):
	}
}

// catchUp looks at the start for what was missed while nothing ran. What it does not get done the schedule will.
func (s *server) catchUp(ctx context.Context, log logrus.FieldLogger) {
	if err := s.catchup.Start(ctx); err != nil && ctx.Err() == nil {
		log.WithError(err).Warn("Cannot look for missed deliveries now; trying again in some minutes")
	}
}

// observe logs what failed, once and here, and counts everything.
func observe(m *metrics.Metrics, log logrus.FieldLogger) func(worker.Outcome) {
	return func(o worker.Outcome) {
		var rest *queue.Snooze
		if o.Err == nil {
			m.Batch("done", o.Waited, o.Took)
			return
		}
		entry := log.WithFields(logrus.Fields{
			"issue": issueOf(o.First), "delivery": o.First.GUID, "deliveries": o.Deliveries,
		}).WithError(o.Err)
		switch {
		case errors.As(o.Err, &rest):
			m.Batch("waiting", o.Waited, o.Took)
			entry.WithField("for", rest.For.String()).Warn("Put off for now")
		case errors.Is(o.Err, queue.ErrLost):
			m.Batch("overtaken", o.Waited, o.Took) // something else came for the issue first, or another replica has it: it is done there
		case errors.Is(o.Err, context.Canceled):
			m.Batch("stopped", o.Waited, o.Took) // the next process goes on
		case o.Failure.Dead:
			m.Batch("dead", o.Waited, o.Took)
			entry.WithField("attempts", o.Failure.Attempts).Error("Given up after the last attempt; 'ddbot dead list' shows it")
		default:
			m.Batch("retried", o.Waited, o.Took)
			entry.WithField("attempts", o.Failure.Attempts).Error("Cannot handle this issue's deliveries; trying again")
		}
	}
}

// Addr is where the server listens.
func (s *server) Addr() string { return s.listen.Addr().String() }

// Failed tells that the server cannot go on.
func (s *server) Failed() <-chan error { return s.failed }

// Stop refuses new deliveries, lets running work finish, and closes the store.
func (s *server) Stop(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	err = errors.Join(err, s.worker.Stop(ctx))
	s.cancel()
	return errors.Join(err, s.store.Close())
}
