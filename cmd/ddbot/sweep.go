package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/sweep"
	"github.com/ddbot/ddbot/pkg/worker"
	"github.com/ddbot/ddbot/plugins"
)

// sweepFlags are the flags of sweep and, but for the last two, of explain; they are part of the program's contract.
type sweepFlags struct {
	githubFlags
	storeFlags
	repo, config string
	all, json    bool

	dryRun, full bool
	limit        int // negative: as configured
}

func (f *sweepFlags) add(cmd *cobra.Command) {
	f.githubFlags.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.repo, "repo", "", "the repository, OWNER/NAME")
	fl.StringVar(&f.config, "config", "", "configuration file; see config/ddbot.yaml")
	f.storeFlags.add(fl, "", "database: sqlite:PATH or postgres://…; without it, a temporary one: everything is read anew")
	fl.BoolVar(&f.all, "all", false, "all open issues, not only those that the configuration tracks")
	fl.BoolVar(&f.json, "json", false, "print JSON")
}

func sweepCommand() *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "sweep --repo OWNER/NAME [flags]",
		Short: "Sweep a repository once for issues that go stale, rot or are to be closed",
		Long: "Finds the issues whose clock has run out, acts on them at the pace that GitHub asks for, says what and why, and exits.\n" +
			"Without --all these are the issues that the configuration tracks. By default an application (kind/dd, dd/*) is never\n" +
			"touched, and nothing is closed. The first sweep over a repository acts on 10 issues at most; --limit says otherwise. With --store a later sweep reads only what has changed since.\n" +
			"--json prints one object a line, one for each issue and a last one with the sums.",
		Example: "  ddbot sweep --repo cncf/toc --dry-run\n" +
			"  ddbot sweep --repo kubevirt/community --all --store sqlite:/data/ddbot.db --config ddbot.yaml",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return f.run(c.Context(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "change nothing; say of every issue what would be done, or why nothing")
	cmd.Flags().IntVar(&f.limit, "limit", -1, "act on so many issues at most, 0 on all; without it as configured: 10 in the first sweep over a repository")
	cmd.Flags().BoolVar(&f.full, "full", false, "read everything again, as without a store")
	return cmd
}

// sweeping is what sweep and explain work with.
type sweeping struct {
	repo    issue.Ref
	hub     *github.Hub
	db      *store.DB
	calls   *callCount
	log     *logrus.Logger
	sweeper *sweep.Sweeper
	of      func(ctx context.Context, gh engine.Files, ref issue.Ref) (*plugin.Settings, error)
	pace    sweep.Limits
	close   func() error
}

// open checks everything that can be wrong in the call, and opens the store.
func (f *sweepFlags) open(ctx context.Context, repo issue.Ref) (_ *sweeping, err error) {
	s := &sweeping{repo: repo, calls: newCallCount(), log: logrus.New()}
	s.log.SetLevel(logrus.WarnLevel)
	source, err := config.NewSource(f.config, plugins.All(), config.SourceOptions{Log: s.log, Now: time.Now})
	if err != nil {
		return nil, &exitError{exitUsage, err}
	}
	if _, served := source.Current().For(repo); !served {
		return nil, usage("the configuration leaves %s alone", repo.FullName())
	}
	s.pace = paceOf(source.Current())
	if s.hub, err = f.hub(s.calls.add); err != nil {
		return nil, err
	}
	s.of = f.scoped(settingsFor(source, time.Now, s.log))
	url, err := f.dsn()
	if err != nil {
		return nil, err
	}
	remove := func() error { return nil }
	if url == "" {
		dir, err := os.MkdirTemp("", "ddbot-sweep-")
		if err != nil {
			return nil, err
		}
		url, remove = "sqlite:"+filepath.Join(dir, "sweep.db"), func() error { return os.RemoveAll(dir) }
	}
	if s.db, err = store.Open(ctx, url, store.Options{Now: time.Now, Log: s.log}); err != nil {
		return nil, errors.Join(&exitError{exitUsage, err}, remove())
	}
	s.close = func() error { return errors.Join(s.db.Close(), remove()) }
	s.sweeper = newSweeper(s.db, s.hub, s.of, s.pace, time.Now, s.log)
	return s, nil
}

// settingsFor asks the configuration, in the engine's form.
func settingsFor(source *config.Source, now func() time.Time, log logrus.FieldLogger) settingsOf {
	repositories := &config.Repositories{Source: source, Now: now, Log: log}
	return func(ctx context.Context, gh engine.Files, ref issue.Ref) (*plugin.Settings, error) {
		return repositories.Of(ctx, gh, ref)
	}
}

type settingsOf = func(ctx context.Context, gh engine.Files, ref issue.Ref) (*plugin.Settings, error)

// scoped makes --all so, for the sweep and for the work that comes of it.
func (f *sweepFlags) scoped(of settingsOf) settingsOf {
	return func(ctx context.Context, gh engine.Files, ref issue.Ref) (*plugin.Settings, error) {
		got, err := of(ctx, gh, ref)
		if err != nil || got == nil || !f.all {
			return got, err
		}
		all := *got
		all.Tracked.All = true
		return &all, nil
	}
}

func parseRepo(name string) (issue.Ref, error) {
	if name == "" {
		return issue.Ref{}, usage("--repo OWNER/NAME is missing")
	}
	repo, ok := issue.ParseRepo(name)
	if !ok {
		return issue.Ref{}, usage("--repo is OWNER/NAME, not %q", name)
	}
	return repo.Ref(), nil
}

func (f *sweepFlags) run(ctx context.Context, out, errOut io.Writer) (err error) {
	repo, err := parseRepo(f.repo)
	if err != nil {
		return err
	}
	s, err := f.open(ctx, repo)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	s.sweeper.Progress = progress(errOut, time.Now)
	w := &sweepWork{repo: repo, done: map[string][]string{}, woke: make(chan struct{}, 1)}
	if !f.dryRun {
		stop, err := w.start(ctx, s)
		if err != nil {
			return err
		}
		defer stop()
	}
	o := sweep.Request{Repo: repo, DryRun: f.dryRun, Full: f.full}
	if f.limit >= 0 {
		o.Limit = &f.limit
	}
	report, sweepErr := s.sweeper.Sweep(ctx, o)
	if report == nil {
		return sweepErr
	}
	waitErr := w.wait(ctx, s.db, report)
	printed := f.print(out, s, report, w)
	if err := errors.Join(sweepErr, waitErr, printed); err != nil {
		return err
	}
	if n := w.unfinished(report); n > 0 {
		return fmt.Errorf("%d of the issues that were due could not be finished", n)
	}
	return nil
}

// start starts a worker for what the sweep hands out.
func (w *sweepWork) start(ctx context.Context, s *sweeping) (stop func(), err error) {
	spacer := &sweep.Spacer{Gap: s.pace.Gap(), Now: time.Now}
	e := &engine.Engine{
		Settings: s.of, Client: func(id int64) engine.GitHub { return s.hub.Client(id) }, Memory: s.db, Now: time.Now, Log: s.log,
		Seen: sweep.Seen, Paced: spacer.Wrap,
		OnPlan: func(sit decide.Input, o *decide.Decision) { w.planned(sit.Events[0].Delivery, o.Draft.Requests()) },
	}
	// Stop ends the work in order when ctx has ended.
	run, err := worker.Start(context.WithoutCancel(ctx), worker.Config{Store: s.db, Handle: w.handle(e.Handle), Log: s.log, Workers: 4})
	if err != nil {
		return nil, err
	}
	return func() {
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		if err := run.Stop(end); err != nil {
			s.log.WithError(err).Error("Cannot stop in order")
		}
	}, nil
}
