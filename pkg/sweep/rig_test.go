package sweep_test

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/sweep"
	"github.com/ddbot/ddbot/pkg/worker"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

const (
	repoName = "acme/toc"
	bot      = "ddbot[bot]"
	day      = 24 * time.Hour
)

// rig is a simulated GitHub, reached over HTTP, and the whole bot on a real store with a real worker. Time is the
// simulator's; waiting for a turn moves it on.
type rig struct {
	testing.TB
	sim     *githubsim.Sim
	hub     *github.Hub
	db      *store.DB
	sweeper *sweep.Sweeper
	engine  *engine.Engine
	options *lifecycle.Options
	tracked plugin.Tracked

	mu     sync.Mutex
	failed []error
}

func newRig(t testing.TB) *rig { return newRigAs(t, bot) }

// newRigAs has the bot act as an account: a GitHub App's, or a machine user's.
func newRigAs(t testing.TB, bot string) *rig {
	sim := githubsim.New(githubsim.Options{Bot: bot, BotToken: "bot-token", RateLimit: 1_000_000})
	api := httptest.NewServer(sim)
	t.Cleanup(api.Close)
	sim.AddUser("owner")
	sim.AddRepo(repoName, "owner")
	for _, person := range []string{"alice", "bob", "carol"} {
		sim.AddUser(person)
	}
	sim.SetRole(repoName, "bob", "triage")
	sim.AddBot("renovate[bot]")
	sim.SetRole(repoName, "renovate[bot]", "write")
	sim.AddLabel(repoName, stale.Labels...)
	hub, err := github.New(github.Options{URL: api.URL, Token: "bot-token", Now: sim.Clock().Now})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{TB: t, sim: sim, hub: hub, options: everything(), tracked: plugin.Tracked{All: true}}
	r.open("sqlite:" + filepath.Join(t.TempDir(), "sweep.db"))
	return r
}

// open starts the bot on a store; what it knew is gone if the store is another one.
func (r *rig) open(url string) {
	r.Helper()
	log := logrus.New()
	log.Out = io.Discard
	now := r.sim.Clock().Now
	db, err := store.Open(context.Background(), url, store.Options{Now: now, Log: log})
	if err != nil {
		r.Fatal(err)
	}
	spacer := &sweep.Spacer{Gap: time.Second, Now: now, Sleep: r.pass}
	r.db = db
	r.sweeper = &sweep.Sweeper{
		Store: db, Client: func(id int64) sweep.GitHub { return r.hub.Client(id) }, Now: now, Log: log,
		Pacer:    &sweep.Pacer{Limits: sweep.DefaultLimits, Store: db, Now: now, Sleep: r.wait},
		Settings: func(context.Context, issue.Ref, int64) (*plugin.Settings, error) { return r.settings(), nil },
	}
	r.engine = &engine.Engine{
		Settings: func(context.Context, engine.Files, issue.Ref) (*plugin.Settings, error) { return r.settings(), nil },
		Client:   func(id int64) engine.GitHub { return r.hub.Client(id) },
		Memory:   db, Now: now, Log: log, Seen: sweep.Seen, Paced: spacer.Wrap,
	}
	w, err := worker.Start(context.Background(), worker.Config{Store: db, Handle: r.engine.Handle, Log: log, Observe: func(o worker.Outcome) {
		var rest *queue.Snooze
		if o.Err != nil && !errors.As(o.Err, &rest) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.failed = append(r.failed, o.Err)
		}
	}})
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() {
		if err := errors.Join(w.Stop(context.Background()), db.Close()); err != nil {
			r.Error(err)
		}
	})
}

func (r *rig) settings() *plugin.Settings {
	s := plugin.DefaultSettings([]plugin.Plugin{lifecycle.Plugin{}})
	s.Options["lifecycle"] = r.options
	s.Tracked = r.tracked
	return s
}

func (r *rig) pass(_ context.Context, d time.Duration) error {
	r.sim.Clock().Advance(d)
	return nil
}

// wait is the sweep's own waiting: in reality all that it handed out is done when it goes on.
func (r *rig) wait(ctx context.Context, d time.Duration) error {
	r.drain()
	return r.pass(ctx, d)
}

func (r *rig) after(d time.Duration) { r.sim.Clock().Advance(d) }

// issue files an issue, a second after the last one.
func (r *rig) issue(labels ...string) issue.Ref {
	r.after(time.Second)
	return r.sim.OpenIssue(repoName, "alice", "An issue", "Text.", labels...)
}

func (r *rig) ref(n int) issue.Ref { return issue.Ref{Owner: "acme", Repo: "toc", Number: n} }

// label puts a label on, as somebody may who has the right to.
func (r *rig) label(ref issue.Ref, as, name string) { r.sim.AddLabels(ref, as, name) }

// sweep sweeps, and waits until what was handed out is done.
func (r *rig) sweep(change ...func(*sweep.Request)) *sweep.Report {
	r.Helper()
	o := sweep.Request{Repo: r.ref(1)}
	for _, c := range change {
		c(&o)
	}
	report, err := r.sweeper.Sweep(context.Background(), o)
	if err != nil {
		r.Fatal(err)
	}
	r.drain()
	return report
}

func (r *rig) drain() {
	r.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(2 * time.Millisecond) {
		d, err := r.db.Depth(context.Background())
		if err != nil || d.Dead > 0 || time.Now().After(end) {
			r.Fatalf("depth %+v, %v; failures %v", d, err, r.failed)
		}
		if d.Pending == 0 {
			return
		}
	}
}

// calls counts the bot's calls since the last time, and checks that the simulator knew them all.
func (r *rig) calls() (c calls) {
	r.Helper()
	if unknown := r.sim.Unknown(); len(unknown) > 0 {
		r.Errorf("the simulator does not know %v", unknown)
	}
	for _, x := range r.sim.Calls() {
		switch {
		case x.As != bot:
		case x.Status == 304:
			c.unchanged++
		case !x.Changes():
			c.reads++
		default:
			c.writes++
			c.at = append(c.at, x.At)
		}
	}
	r.sim.ResetCalls()
	return c
}

type calls struct {
	reads, unchanged, writes int
	at                       []time.Time // of writes
}

// stage says in a word how an issue is.
func (r *rig) stage(ref issue.Ref) string {
	i := r.sim.Issue(ref)
	var labels []string
	for _, l := range i.Labels {
		if stale.IsLabel(l) {
			labels = append(labels, strings.TrimPrefix(l, "lifecycle/"))
		}
	}
	if i.State == issue.Closed {
		labels = append(labels, "closed")
	}
	return strings.Join(labels, " ")
}

func (r *rig) want(what string, ref issue.Ref, stage string) {
	r.Helper()
	if got := r.stage(ref); got != stage {
		r.Errorf("%s: %q, want %q", what, got, stage)
	}
}

// everything are options under which all that a sweep can do happens: by default closing is off, and applications are left alone.
func everything() *lifecycle.Options {
	o := lifecycle.Plugin{}.Options().(*lifecycle.Options)
	o.CloseAfter, o.Exempt.Diligence, o.Limit.FirstSweep = 30*plugin.Day, false, 0
	return o
}
