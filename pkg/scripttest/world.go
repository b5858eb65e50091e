package scripttest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/rights"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/pkg/sweep"
	"github.com/ddbot/ddbot/pkg/webhook/webhooktest"
)

const bot = "ddbot[bot]"

// world is one run of a story: a simulated GitHub and the bot, with HTTP between them in both directions.
type world struct {
	t        testing.TB
	script   *story.Story
	plugins  []plugin.Plugin
	eol      string
	kill     *kill
	died     bool // was killed in this story
	sim      *githubsim.Sim
	api      *httptest.Server
	inbox    *inbox
	engine   *engine.Engine
	repo     string
	ref      issue.Ref
	people   map[string]bool
	comments []int64
	passed   bool
	writes   int
	planned  []string
	base     string // the description that was planned on last
	checks   []func()
	workflow *workflow       // nil for the server
	repos    map[string]bool // that there are
	forgets  bool            // the bot loses its database before each step
}

func newWorld(t testing.TB, s *story.Story, plugins []plugin.Plugin, eol string, k *kill) *world {
	return newWorldOf(t, s, plugins, eol, k, nil)
}

func newWorldOf(t testing.TB, s *story.Story, plugins []plugin.Plugin, eol string, k *kill, f *workflow) *world {
	w := &world{workflow: f, t: t, script: s, plugins: plugins, eol: eol, kill: k, people: map[string]bool{}, repo: s.Header["repo"]}
	if w.repo == "" {
		w.repo = "acme/toc"
	}
	w.sim = githubsim.New(githubsim.Options{Bot: bot, BotToken: "bot-token", Rights: w.rights()})
	w.api = httptest.NewServer(w.sim)
	t.Cleanup(w.api.Close)
	w.inbox = newInbox(w.sim.Clock().Now)
	w.people[bot], w.repos = true, map[string]bool{w.repo: true}
	w.setUp()
	w.start()
	w.hook()
	return w
}

// rights are the permissions that ddbot asks for with this configuration, and no others. Commands on pull requests take one that
// only those plugins ask for which are about pull requests: whoever wants the others there adds it.
func (w *world) rights() map[string]string {
	settings, err := Settings(w.script.Config, w.plugins, w.repo)
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]string{}
	for _, n := range rights.Of([]*plugin.Settings{settings}, rights.Own{}) {
		out[n.Permission] = n.Level
	}
	if w.script.Header["pull"] == "yes" {
		out["pull_requests"] = "write"
	}
	return out
}

// setUp makes the repository as the header says.
func (w *world) setUp() {
	s := w.script
	w.sim.AddUser("owner")
	w.sim.AddRepo(w.repo, "owner")
	for _, st := range s.Steps {
		for _, a := range st.Actions {
			if who, to, ok := strings.Cut(a.Text, " transfers to "); ok {
				w.sim.AddRepo(to, "owner")
				w.sim.SetRole(to, w.login(who), "admin")
			}
		}
	}
	w.sim.AddLabel(w.repo, append(s.Header.List("labels"), s.Header.List("repo-labels")...)...)
	w.sim.SetRole(w.repo, bot, "write")
	for _, role := range []string{"admin", "maintain", "write", "triage", "read"} {
		for _, login := range s.Header.List(role) {
			w.sim.SetRole(w.repo, w.login(login), role)
		}
	}
	for _, m := range s.Header.List("milestones") {
		w.sim.AddMilestone(w.repo, m)
	}
	for path, content := range s.Files {
		w.sim.AddFile(w.repo, path, content)
	}
	author := s.Header["author"]
	if author == "" {
		author = "alice"
	}
	w.login(author)
	if len(s.Steps[0].Actions) > 0 && strings.HasSuffix(s.Steps[0].Actions[0].Text, " opens") {
		return // the story begins before the issue
	}
	w.open(author)
	if a := s.Header.List("assignees"); len(a) > 0 {
		for _, login := range a {
			w.login(login)
		}
		w.sim.Assign(w.ref, "owner", a...)
	}
	if m := s.Header["milestone"]; m != "" {
		w.sim.SetMilestone(w.ref, "owner", m)
	}
	if s.Header["state"] == issue.Closed {
		w.sim.Close(w.ref, author, "completed")
	}
}

// start makes a bot that knows nothing but what is in the inbox.
func (w *world) start() {
	log := logrus.New()
	log.Out = io.Discard
	hub, err := github.New(github.Options{
		URL: w.api.URL, Token: "bot-token", Now: w.sim.Clock().Now, Transport: transport{w.kill},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	settings, err := Settings(w.script.Config, w.plugins, w.repo)
	if err != nil {
		w.t.Fatal(err)
	}
	w.inbox.kill = w.kill
	w.engine = &engine.Engine{
		Settings: func(context.Context, engine.Files, issue.Ref) (*plugin.Settings, error) { return settings, nil },
		Client:   func(id int64) engine.GitHub { return hub.Client(id) },
		Memory:   w.inbox, Now: w.sim.Clock().Now, Log: log, OnPlan: w.plan,
		Seen: sweep.Seen,
	}
}

// hook connects GitHub's webhooks with the bot's real receiver.
func (w *world) hook() {
	webhooktest.Connect(w.t, w.sim, w.sim.Clock().Now, func(_ context.Context, d queue.Delivery) (bool, error) {
		if w.workflow != nil {
			w.workflow.receive(d)
			return true, nil
		}
		return w.inbox.receive(d), nil
	})
	w.deliver()
}

func (w *world) deliver() {
	if err := w.sim.Drain(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// at runs f just before the bot's next request to the issue with that method.
func (w *world) at(method string, f func() error) {
	done := false
	cancel := w.sim.Before(func(c githubsim.Call) {
		if done || c.As != bot || c.Method != method || method != http.MethodPut && !strings.HasSuffix(c.Path, "/issues/{issue_number}") {
			return
		}
		done = true
		if err := f(); err != nil {
			w.t.Error(err)
		}
	})
	w.checks = append(w.checks, func() {
		cancel()
		if !done && w.kill == nil {
			w.t.Errorf("an action was to happen before %s, but the bot made no such request", method)
		}
	})
}

// play runs all steps and gives their outputs.
func (w *world) play() []map[string]string {
	if w.workflow == nil { // else no plan is seen
		w.watchEdits()
	}
	var got []map[string]string
	for _, st := range w.script.Steps {
		if w.forgets {
			w.inbox.records = map[[2]string]queue.Record{}
			w.start()
		}
		w.sim.ResetCalls()
		w.planned = nil
		for _, a := range st.Actions {
			if err := w.act(a); err != nil {
				w.t.Fatalf("step %s: %v", st.No, err)
			}
		}
		w.deliver()
		waiting := len(w.inbox.keys())
		people := w.render()
		w.look()
		for _, check := range w.checks {
			check()
		}
		w.checks = nil
		calls := w.botCalls()
		w.writes += len(slices.DeleteFunc(slices.Clone(calls), func(c githubsim.Call) bool { return !c.Changes() }))
		w.assert(calls, waiting)
		got = append(got, map[string]string{
			"plan": strings.Join(w.planned, ""), "calls": callList(calls, w.ref), "diff": diff(people, w.render()), "reply": replies(calls),
		})
		// The bot's own writes came back as deliveries; they are looked at, too, and must lead to nothing more.
		w.settle()
	}
	if unknown := w.sim.Unknown(); len(unknown) > 0 {
		w.t.Errorf("the simulator does not know %v", unknown)
	}
	return got
}

// look lets the bot handle what waits; a bot that was killed is started again.
func (w *world) look() {
	if w.workflow != nil {
		w.runs()
		return
	}
	var last error
	for range 5 {
		err := w.inbox.drain(context.Background(), w.engine.Handle)
		last = errors.Join(last, err)
		if w.kill.dead() {
			w.kill, w.died = w.kill.then, true
			w.start()
			continue
		}
		var rest *queue.Snooze
		if errors.As(err, &rest) {
			w.sim.Clock().Advance(rest.For)
			continue
		}
		if err != nil {
			w.t.Fatal(err)
		}
		w.deliver()
		if len(w.inbox.keys()) == 0 {
			return
		}
	}
	w.t.Fatal("the bot keeps itself busy: ", last)
}

func (w *world) settle() {
	w.deliver()
	if w.workflow != nil || len(w.inbox.keys()) > 0 {
		w.look()
	}
}

func (w *world) botCalls() []githubsim.Call {
	return slices.DeleteFunc(w.sim.Calls(), func(c githubsim.Call) bool { return c.As != bot })
}
