package engine_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/store/storetest"
	"github.com/ddbot/ddbot/pkg/webhook/webhooktest"
	"github.com/ddbot/ddbot/plugins/assign"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

const (
	repo = "acme/toc"
	bot  = "ddbot[bot]"

	// Calls, as Fault.Match takes them.
	postComment = `^POST .*/issues/\{issue_number\}/comments$`
	postLabels  = `^POST .*/labels$`
	patchIssue  = `^PATCH .*/issues/\{issue_number\}$`
	postReact   = `^POST .*/reactions$`
)

// rig is an engine between a simulated GitHub, reached over HTTP, and a real store. The test says when a batch is handled,
// and by which life of the process; time is the simulator's.
type rig struct {
	testing.TB
	sim      *githubsim.Sim
	api      string
	db       *store.DB
	engine   *engine.Engine
	settings *plugin.Settings
	ref      issue.Ref
	key      string
	log      bytes.Buffer
	spoil    func(*queue.Delivery) // changes what the engine gets to see
	wrap     func(queue.Batch) queue.Batch
	ctx      context.Context // of the engine; nil is the test's
}

func newRig(t testing.TB) *rig {
	t.Helper()
	return newRigAs(t, bot)
}

// newRigAs is a rig whose ddbot has another account than most.
func newRigAs(t testing.TB, self string) *rig {
	t.Helper()
	r := &rig{TB: t, sim: githubsim.New(githubsim.Options{Bot: self, BotToken: "bot-token"})}
	api := httptest.NewServer(r.sim)
	t.Cleanup(api.Close)
	r.sim.AddUser("owner")
	r.sim.AddRepo(repo, "owner")
	for login, role := range map[string]string{"alice": "read", "bob": "write", "carol": "read"} {
		r.sim.AddUser(login)
		r.sim.SetRole(repo, login, role)
	}
	r.sim.SetRole(repo, self, "write")
	r.sim.AddLabel(repo, "kind/dd", "kind/bug", "kind/feature", "lifecycle/stale", "lifecycle/frozen")
	r.ref = r.sim.OpenIssue(repo, "alice", "Move up", "## Part\n\n- [ ] One holds\n- [ ] Two holds\n")
	r.sim.AddLabels(r.ref, "bob", "kind/dd")
	r.api = api.URL
	r.db = storetest.OpenAt(t, storetest.SQLite(t), r.now)
	r.settings = plugin.DefaultSettings([]plugin.Plugin{assign.Plugin{}, dd.Plugin{}, label.Plugin{}, lifecycle.Plugin{}})
	r.start()
	webhooktest.Connect(t, r.sim, r.now, func(ctx context.Context, d queue.Delivery) (bool, error) {
		r.key = d.Key
		return r.db.Receive(ctx, d)
	})
	return r
}

func (r *rig) now() time.Time { return r.sim.Clock().Now() }

func (r *rig) after(d time.Duration) { r.sim.Clock().Advance(d) }

// start makes an engine that knows nothing but what is in the store, as after a kill.
func (r *rig) start() {
	r.Helper()
	hub, err := github.New(github.Options{URL: r.api, Token: "bot-token", Now: r.now})
	if err != nil {
		r.Fatal(err)
	}
	log := logrus.New()
	log.Out = &r.log
	r.engine = &engine.Engine{
		Settings: func(context.Context, engine.Files, issue.Ref) (*plugin.Settings, error) { return r.settings, nil },
		Client:   func(id int64) engine.GitHub { return hub.Client(id) },
		Memory:   r.db, Now: r.now, Log: log,
	}
}

// deliver brings all webhooks that are under way.
func (r *rig) deliver() {
	r.Helper()
	if err := r.sim.Drain(r.Context()); err != nil {
		r.Fatal(err)
	}
}

// handle gives the engine one batch of what waits, as the worker does, and tells how that ended.
func (r *rig) handle() error {
	r.Helper()
	r.deliver()
	if r.key == "" {
		return errNothing
	}
	c, err := r.db.Claim(r.Context(), r.key, 8)
	if err != nil {
		r.Fatal(err)
	}
	w, err := c.Next(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	if w == nil {
		if _, err := c.Ack(r.Context(), nil, store.End{}); err != nil {
			r.Fatal(err)
		}
		return errNothing
	}
	if r.spoil != nil {
		r.spoil(&w.Deliveries()[0])
	}
	var batch queue.Batch = w
	if r.wrap != nil {
		batch = r.wrap(w)
	}
	if err := r.engine.Handle(cmp.Or(r.ctx, r.Context()), batch); err != nil {
		if end := c.Release(r.Context(), 0); end != nil {
			r.Fatal(end)
		}
		return err
	}
	if _, err := c.Ack(r.Context(), w, store.End{Last: true}); err != nil {
		r.Fatal(err)
	}
	return nil
}

var errNothing = errors.New("nothing waits")

// settle handles all that waits, with what follows from it.
func (r *rig) settle() {
	r.Helper()
	for range 10 {
		switch err := r.handle(); {
		case errors.Is(err, errNothing):
			return
		case err != nil:
			r.Fatalf("%v\n%s", err, &r.log)
		}
	}
	r.Fatal("ddbot keeps itself busy")
}

// rests handles one batch and wants it put off, for how long it says.
func (r *rig) rests() time.Duration {
	r.Helper()
	err := r.handle()
	var rest *queue.Snooze
	if !errors.As(err, &rest) {
		r.Fatalf("not put off, but %v", err)
	}
	return rest.For
}

// fail puts a fault in the bot's way, once.
func (r *rig) fail(kind githubsim.Kind, match string) {
	r.sim.Fault(githubsim.Fault{Kind: kind, Match: match, As: bot, Times: 1})
}

// comment has somebody comment.
func (r *rig) comment(as, text string) int64 { return r.sim.Comment(r.ref, as, text) }

// said are the comments of the bot.
func (r *rig) said() (out []string) {
	for _, c := range r.sim.Comments(r.ref) {
		if c.Author == bot {
			out = append(out, c.Body)
		}
	}
	return out
}

// writes are the bot's writing calls since the last time, without their common beginning.
func (r *rig) writes() string {
	var out []string
	for _, c := range r.sim.Calls() {
		switch _, at, _ := strings.Cut(c.Path, "{repo}/"); {
		case c.As != bot || !c.Changes():
		case c.Mutates(""):
			out = append(out, "mutation")
		default:
			out = append(out, c.Method+" "+at)
		}
	}
	r.sim.ResetCalls()
	return strings.Join(out, ", ")
}

// queue puts a delivery of ddbot's own or another's making into the store.
func (r *rig) queue(d queue.Delivery) {
	r.Helper()
	d.Key, d.ReceivedAt = event.Key(r.sim.Issue(r.ref).RepoID, r.ref.Number), r.now()
	r.key = d.Key
	if _, err := r.db.Receive(r.Context(), d); err != nil {
		r.Fatal(err)
	}
}
