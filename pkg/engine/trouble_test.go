package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// wants is that a batch ends with an error of our own, which counts as an attempt and is no outage.
func (r *rig) wants(name, part string) {
	r.Helper()
	var rest *queue.Snooze
	if err := r.handle(); err == nil || errors.As(err, &rest) || !strings.Contains(err.Error(), part) {
		r.Errorf("%s: it ends with %v, want %q", name, err, part)
	}
}

// late is a context that is over when its plugin says so.
type late struct {
	context.Context
	over *atomic.Bool
}

func (l late) Err() error {
	if l.over.Load() {
		return context.DeadlineExceeded
	}
	return l.Context.Err()
}

// TestSlowPlanning: a plan that took all the time is our own failure and not GitHub's, which is not asked in vain.
func TestSlowPlanning(t *testing.T) {
	r := newRig(t)
	var over atomic.Bool // others look at the context, too
	var got string
	r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{got: &got, ask: func(s *fact.Set) (any, error) {
		over.Store(true)
		return s.Milestones()
	}}})
	r.ctx = late{t.Context(), &over}
	r.comment("bob", "Words.")
	r.deliver()
	r.sim.ResetCalls()
	r.wants("slow", "planning took all the time")
	if n := len(r.sim.Calls()); n > 0 {
		t.Errorf("%d calls", n)
	}
}

// TestEverMoreFacts: a plugin that never has enough is stopped, and is our own failure.
func TestEverMoreFacts(t *testing.T) {
	r := newRig(t)
	var got string
	asked := 0
	r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{got: &got, ask: func(s *fact.Set) (any, error) {
		asked++
		return s.Record(fmt.Sprint("record-", asked))
	}}})
	r.comment("bob", "Words.")
	r.wants("ever more", "ever more facts")
	if asked < 4 || asked > 100 {
		t.Errorf("asked %d times; plugins ask for a chain of three", asked)
	}
}

// TestStopped: who stops the server while GitHub is asked has not found an outage.
func TestStopped(t *testing.T) {
	r := newRig(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r.ctx = ctx
	r.sim.Before(func(c githubsim.Call) {
		if c.As == bot {
			stop()
		}
	})
	r.fail(githubsim.CutBefore, "")
	r.comment("bob", "/dd done part.1")
	var rest *queue.Snooze
	if err := r.handle(); err == nil || errors.As(err, &rest) {
		t.Errorf("it ends with %v", err)
	}
}

// lost is a batch that another worker has taken over.
type lost struct{ queue.Batch }

func (lost) Save(context.Context, []byte) error      { return queue.ErrLost }
func (lost) Done(context.Context, int, []byte) error { return queue.ErrLost }

// TestLost: whose batch another worker has taken over sends nothing more.
func TestLost(t *testing.T) {
	r := newRig(t)
	r.wrap = func(b queue.Batch) queue.Batch { return lost{b} }
	r.comment("bob", "/dd done part.1\n/kind bug")
	r.deliver()
	r.writes()
	if err := r.handle(); !errors.Is(err, queue.ErrLost) {
		t.Errorf("it ends with %v", err)
	}
	if got := r.writes(); got != "" {
		t.Errorf("it writes %s", got)
	}
}

// TestLoaders: facts that are not GitHub's are loaded by who was given for them, for the issue as it is known; a kind that nobody
// loads is a mistake of ours.
func TestLoaders(t *testing.T) {
	r := newRig(t)
	ask := func(s *fact.Set) (any, error) { return fact.Get[string](s, fact.Key{Kind: "weather", Arg: "here"}) }
	r.engine.Loaders = map[fact.Kind]engine.Loader{"weather": func(_ context.Context, _ int64, s issue.Snapshot, arg string) (any, error) {
		return s.Title + " " + arg, nil
	}}
	if got := r.learn(ask); got != "Move up here" {
		t.Errorf("the answer is %q", got)
	}
	r.engine.Loaders = nil
	var got string
	r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{ask: ask, got: &got}})
	r.comment("bob", "Words.")
	r.wants("nobody loads it", "no such kind of fact")
}

// TestManyFacts: what several plugins ask for at once is loaded together, each into its place.
func TestManyFacts(t *testing.T) {
	r := newRig(t)
	r.sim.AddMilestone(repo, "v1")
	got := make([]string, 3)
	r.settings = plugin.DefaultSettings([]plugin.Plugin{
		learns{got: &got[0], ask: func(s *fact.Set) (any, error) { return s.Milestones() }},
		named{"b", learns{got: &got[1], ask: func(s *fact.Set) (any, error) { return s.Permission("bob") }}},
		named{"c", learns{got: &got[2], ask: func(s *fact.Set) (any, error) { return s.Permission("carol") }}},
	})
	r.comment("bob", "Words.")
	r.settle()
	if s := strings.Join(got, " "); s != "[{Title:v1 Number:1}] write read" {
		t.Errorf("%s", s)
	}
}

// TestAskedOnce: what several plugins ask for at once is asked of GitHub once.
func TestAskedOnce(t *testing.T) {
	r := newRig(t)
	got := make([]string, 2)
	ask := func(s *fact.Set) (any, error) { return s.LatestBy("carol") }
	r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{got: &got[0], ask: ask}, named{"b", learns{got: &got[1], ask: ask}}})
	id := r.comment("carol", "Words.")
	r.deliver()
	r.sim.ResetCalls()
	r.settle()
	if want := fmt.Sprint(id); got[0] != want || got[1] != want || len(r.sim.Calls()) != 1 {
		t.Errorf("%q, want %s; %d calls", got, want, len(r.sim.Calls()))
	}
}

// named is a plugin under another name.
type named struct {
	name string
	learns
}

func (n named) Name() string { return n.name }

// publishes is a plugin that has a file published, and then tells where.
type publishes struct{ act }

func (publishes) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !event.Is[event.CommentCreated](in.Event.Kind) {
		return nil, nil
	}
	const branch, path = "ddbot/report", "docs/report.md"
	b, err := in.Facts.Branch("foo/foo", branch, path)
	switch {
	case err != nil:
		return nil, err
	case b.Refused != "":
		return []plan.Effect{plan.Notice{Key: "report", Text: "Refused: " + b.Refused}}, nil
	case b.Pull != 0:
		return []plan.Effect{plan.Notice{Key: "report", Text: fmt.Sprintf("Pull request %d into %s is %s.", b.Pull, b.Default, b.State)}}, nil
	}
	p := plan.Publish{Repo: "foo/foo", Branch: branch, Path: path, Text: "Text.", SHA: b.SHA, Message: "Report", Into: b.Default, Title: "Report"}
	if p.Write = b.Text != p.Text; !b.Exists {
		p.From = b.From
	}
	return []plan.Effect{p}, nil
}

// TestPublish: a file is published once, whichever call gets no answer, and what is told of it is what came of it.
func TestPublish(t *testing.T) {
	const done = "Pull request 1 into main is open."
	for _, c := range []struct {
		name  string
		fault githubsim.Fault
		want  string
	}{
		{"nothing fails", githubsim.Fault{Kind: githubsim.Forbidden, Match: "nothing"}, done},
		{"the branch, unseen", githubsim.Fault{Kind: githubsim.CutAfter, Match: `^POST .*/git/refs$`, Times: 1}, done},
		{"the pull request, unseen", githubsim.Fault{Kind: githubsim.CutAfter, Match: `^POST .*/pulls$`, Times: 1}, done},
		{"the pull request, for now", githubsim.Fault{Kind: githubsim.Status500Before, Match: `^POST .*/pulls$`, Times: 1}, done},
		{"somebody makes the file meanwhile", githubsim.Fault{Kind: githubsim.Forbidden, Match: "nothing"}, done},
		{"not allowed", githubsim.Fault{Kind: githubsim.Forbidden, Match: `^POST .*/git/refs$`}, "Refused: "},
		{"not to be seen", githubsim.Fault{Kind: githubsim.NotFound, Match: `^GET `, Repo: "foo/foo"}, "Refused: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.sim.AddRepo("foo/foo", "owner")
			r.sim.SetRole("foo/foo", bot, "write")
			r.sim.AddFile("foo/foo", "README.md", "Foo.")
			r.settings = plugin.DefaultSettings([]plugin.Plugin{publishes{}})
			r.settle()
			c.fault.As = bot
			r.sim.Fault(c.fault)
			if strings.HasPrefix(c.name, "somebody") {
				first := true
				r.sim.Before(func(x githubsim.Call) {
					if x.As == bot && x.Method == "PUT" && first {
						first = false
						r.sim.Commit("foo/foo", "ddbot/report", "owner", "docs/report.md", "Another text.")
					}
				})
			}
			r.comment("bob", "Words.")
			r.deliver()
			key := r.key
			for range 3 {
				if err := r.handle(); err == nil {
					break
				}
				r.after(time.Minute)
				r.start()
			}
			r.deliver()
			r.key = key
			r.settle()
			if got := r.said(); len(got) != 1 || !strings.HasPrefix(got[0], c.want) {
				t.Errorf("it says %q", got)
			}
			if n := len(r.sim.Issues("foo/foo")); c.want == done && (n != 1 || r.sim.File("foo/foo", "ddbot/report", "docs/report.md") != "Text.") {
				t.Errorf("%d pull requests", n)
			}
		})
	}
}

// TestPublishBeside: the installation that an event came from is that of its repository only: another is asked for without it.
func TestPublishBeside(t *testing.T) {
	r := newRig(t)
	r.sim.AddRepo("foo/foo", "owner")
	r.settings = plugin.DefaultSettings([]plugin.Plugin{publishes{}})
	r.settle()
	asked := map[int64]bool{}
	client := r.engine.Client
	r.engine.Client = func(id int64) engine.GitHub { asked[id] = true; return client(id) }
	r.spoil = func(d *queue.Delivery) {
		d.Payload = []byte(strings.Replace(string(d.Payload), "{", `{"installation":{"id":7},`, 1))
	}
	r.comment("bob", "Words.")
	if err := r.handle(); err != nil || len(asked) != 2 || !asked[7] || !asked[0] {
		t.Errorf("asked as %v, %v", asked, err)
	}
}

// TestAuthorUnknown: where GitHub's answer does not name the author of an issue, the payload did: the author keeps the rights.
func TestAuthorUnknown(t *testing.T) {
	r := newRig(t)
	body := fmt.Sprintf(`{"number":1,"state":"open","title":"Move up","body":%q,"labels":[{"name":"kind/dd"}]}`, r.sim.Issue(r.ref).Body)
	r.sim.Fault(githubsim.Fault{Kind: githubsim.Says, Match: `^GET .*/issues/\{issue_number\}$`, As: bot, Status: 200, Body: body})
	id := r.comment("alice", "/dd done part.1")
	r.settle()
	if r.reactions(id) != 1 || !strings.Contains(r.sim.Issue(r.ref).Body, "[x] One") {
		t.Errorf("it says %q", r.said())
	}
}

// TestCopiedMarker: a person's comment with a copy of ddbot's marker is not ddbot's: the answer is sent all the same.
func TestCopiedMarker(t *testing.T) {
	r := newRig(t)
	r.fail(githubsim.CutAfter, postComment)
	r.comment("bob", "/dd status")
	r.rests()
	own := r.said()
	if len(own) != 1 {
		t.Fatalf("it says %q", own)
	}
	for _, c := range r.sim.Comments(r.ref) {
		if c.Author == bot {
			r.sim.DeleteComment(c.ID, "owner")
		}
	}
	r.comment("carol", own[0])
	r.start()
	r.after(time.Minute)
	r.after(r.rests())
	r.settle()
	if got := r.said(); len(got) != 1 {
		t.Errorf("it says %q", got)
	}
}

// TestHistoryUnclear: whether an edit took effect that a person has changed since is GitHub's history to tell. Where that cannot be
// read, or shows ddbot's hand because of what it did a moment before, the edit is made again: lost would be worse than twice.
func TestHistoryUnclear(t *testing.T) {
	for name, before := range map[string]func(*rig){
		"the history cannot be read": func(r *rig) {
			r.sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, Match: `POST /graphql`, As: bot})
		},
		"ddbot wrote a moment before": func(r *rig) {
			r.comment("bob", "/kind feature")
			r.settle()
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.after(time.Hour)
			before(r)
			r.fail(githubsim.CutAfter, postLabels)
			r.comment("bob", "/kind bug")
			r.rests()
			r.after(10 * time.Second)
			r.sim.RemoveLabel(r.ref, "owner", "kind/bug")
			r.start()
			r.deliver()
			if err := r.handle(); err != nil || !r.sim.Issue(r.ref).HasLabel("kind/bug") {
				t.Errorf("%v; labels %v\n%s", err, r.sim.Issue(r.ref).Labels, &r.log)
			}
		})
	}
}

// TestBrokenRecords: what was remembered and cannot be read back is our own failure where a decision depends on it; of an edit that cannot
// be read back the log tells, and the rest goes on.
func TestBrokenRecords(t *testing.T) {
	r := newRig(t)
	r.comment("bob", "/dd done part.1")
	r.settle()
	put := func(kind, id, data string) {
		if err := r.db.PutAll(t.Context(), queue.Record{Kind: kind, ID: id, Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
	put("wrote", r.key+"/0-broken", "{")
	page := r.sim.Issue(r.ref).Body
	r.sim.EditBody(r.ref, "alice", strings.Replace(page, "[x]", "[ ]", 1)+"\nMore.\n")
	r.settle()
	if got := strings.Join(r.said(), "\n"); !strings.Contains(got, "One holds") || !strings.Contains(r.log.String(), "Cannot read back what was written") {
		t.Errorf("it says %q, and the log tells\n%s", got, &r.log)
	}
	for _, kind := range []string{"said", "brakes"} {
		put(kind, r.key, "{")
		r.comment("bob", "/dd done part.2")
		r.wants(kind, "unexpected end of JSON")
		put(kind, r.key, "")
		r.settle()
	}
}

// partly is a memory of which one kind of record cannot be read.
type partly struct {
	engine.Memory
	gone string
}

func (p partly) Get(ctx context.Context, kind, id string) (queue.Record, error) {
	if kind == p.gone {
		return queue.Record{}, errors.New("the disk is gone")
	}
	return p.Memory.Get(ctx, kind, id)
}

func (p partly) List(ctx context.Context, kind, prefix string, limit int) ([]queue.Record, error) {
	if kind == p.gone {
		return nil, errors.New("the disk is gone")
	}
	return p.Memory.List(ctx, kind, prefix, limit)
}

// TestHalfMemory: nothing is decided on half a memory: where one kind of record cannot be read, that is our own failure, nothing is
// written, and all is done when it can be read again.
func TestHalfMemory(t *testing.T) {
	for kind, happens := range map[string]func(r *rig){
		"tracked": nil, "said": nil, "brakes": nil, "wrote-at": nil, "answered": nil, "asked": nil,
		"wrote":  func(r *rig) { r.sim.EditBody(r.ref, "alice", r.sim.Issue(r.ref).Body+"\nMore.\n") },
		"unseen": func(r *rig) { r.sim.EditBody(r.ref, "alice", r.sim.Issue(r.ref).Body+"\nMore.\n") },
	} {
		t.Run(kind, func(t *testing.T) {
			r := newRig(t)
			r.comment("bob", "/dd done part.1") // so that there is something to remember
			r.settle()
			r.writes()
			if happens != nil {
				happens(r)
			}
			r.comment("bob", "/dd done part.2")
			r.engine.Memory = partly{r.db, kind}
			r.wants(kind, "the disk is gone")
			if got := r.writes(); got != "" {
				t.Errorf("it writes %s", got)
			}
			r.start()
			r.settle()
			if !strings.Contains(r.sim.Issue(r.ref).Body, "[x] Two") {
				t.Error("it is not done")
			}
		})
	}
}
