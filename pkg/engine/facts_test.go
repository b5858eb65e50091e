package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// learns is a plugin that asks for a fact when somebody comments, and hands on the answer.
type learns struct {
	act
	ask func(*fact.Set) (any, error)
	got *string
}

func (p learns) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !event.Is[event.CommentCreated](in.Event.Kind) {
		return nil, nil
	}
	v, err := p.ask(in.Facts)
	if err == nil {
		*p.got = fmt.Sprintf("%+v", v)
	}
	return nil, err
}

// learn has a comment handled whose plugin asks for a fact, and gives the answer.
func (r *rig) learn(ask func(*fact.Set) (any, error)) (got string) {
	r.Helper()
	before := r.settings
	r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{ask: ask, got: &got}})
	r.comment("bob", "Words.")
	r.settle()
	r.settings = before
	return got
}

// learnLate is learn beside an outage: what is put off is tried again.
func (r *rig) learnLate(ask func(*fact.Set) (any, error)) (got string) {
	r.Helper()
	r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{ask: ask, got: &got}})
	r.comment("bob", "Words.")
	for range 10 {
		err := r.handle()
		var rest *queue.Snooze
		switch {
		case errors.Is(err, errNothing):
			return got
		case errors.As(err, &rest):
			r.after(rest.For)
		case err != nil:
			r.Fatal(err)
		}
	}
	r.Fatal("it does not end")
	return ""
}

// forbids has GitHub forbid the bot a call.
func (r *rig) forbids(match string) {
	r.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, Match: match, As: bot})
}

// refuses has GitHub say of a call that it makes no sense.
func (r *rig) refuses(match string) {
	r.sim.Fault(githubsim.Fault{Kind: githubsim.Says, Match: match, As: bot, Status: 422, Body: `{"message":"Validation Failed"}`})
}

const getFile = `^GET .*/contents/`

// TestFacts: what a plugin may ask for is what GitHub shows; what is not there, or not for our eyes, is no trouble but an empty answer.
// An outage is no answer: whichever call fails for now, the answer is the same in the end.
func TestFacts(t *testing.T) {
	other := issue.Ref{Owner: "foo", Repo: "foo", Number: 1}
	reads := func(login string) func(*fact.Set) (any, error) {
		return func(s *fact.Set) (any, error) { return s.Reads(other, login) }
	}
	file := func(s *fact.Set) (any, error) { return s.File("foo/foo", "main", "docs/a b.md") }
	latest := func(s *fact.Set) (any, error) { return s.LatestBy("Carol") }
	says := func(s fact.Status, err error) (any, error) {
		text, _, _ := strings.Cut(s.Body, "\n")
		return text, err
	}
	own := func(s *fact.Set) (any, error) { return says(s.Status()) }
	elsewhere := func(s *fact.Set) (any, error) { return says(s.StatusOf(other)) }
	for _, c := range []struct {
		name  string
		setup func(*rig)
		ask   func(*fact.Set) (any, error)
		want  string
	}{
		{"the milestones", func(r *rig) { r.sim.AddMilestone(repo, "v1") },
			func(s *fact.Set) (any, error) { return s.Milestones() }, "[{Title:v1 Number:1}]"},
		{"who ddbot is", nil, func(s *fact.Set) (any, error) { return s.Self() }, bot},
		{"who ddbot is, which some tokens may not ask", func(r *rig) { r.forbids(`^(GET /user|POST /graphql)$`) },
			func(s *fact.Set) (any, error) { return s.Self() }, ""},
		{"who decides", func(r *rig) {
			r.sim.AddFile(repo, "OWNERS", "approvers: [core]\nreviewers: [carol]\n")
			r.sim.AddFile(repo, "OWNERS_ALIASES", "aliases:\n  core: [alice, bob]\n")
		}, func(s *fact.Set) (any, error) { return s.Owners() }, "{Approvers:[alice bob] Reviewers:[carol]}"},
		{"nobody decides", nil, func(s *fact.Set) (any, error) { return s.Owners() }, "{Approvers:[] Reviewers:[]}"},
		{"who put the labels on", func(r *rig) { r.comment("carol", "/kind feature"); r.settle() }, labelings, "kind/dd bob, kind/feature carol"},
		{"the applications", nil, func(s *fact.Set) (any, error) {
			all, err := s.Applications("kind/dd")
			if err != nil || len(all) == 0 {
				return nil, err
			}
			return fmt.Sprint(len(all), " ", all[0].Issue.Title), nil
		}, "1 Move up"},
		{"a notice", func(r *rig) { r.comment(bot, plan.Comment("News.", plan.Marker("news"))) }, func(s *fact.Set) (any, error) {
			id, err := s.Notice("news")
			return id != 0, err
		}, "true"},
		{"a copy of a notice by somebody else", func(r *rig) { r.comment("carol", plan.Comment("News.", plan.Marker("news"))) },
			func(s *fact.Set) (any, error) { return s.Notice("news") }, "0"},
		{"the pull requests that mention the issue", func(r *rig) { r.sim.OpenPull(repo, "alice", "A change", "For #1.") },
			func(s *fact.Set) (any, error) { return s.Mentions() }, "[acme/toc#2]"},
		{"an issue elsewhere", func(r *rig) { r.sim.OpenIssue("foo/foo", "alice", "A finding", "Text.") },
			func(s *fact.Set) (any, error) { return s.Elsewhere(other) }, "{State:open Title:A finding Body:Text. Author:alice Labels:[]}"},
		{"one that is not there", nil,
			func(s *fact.Set) (any, error) { return s.Elsewhere(other) }, "{State: Title: Body: Author: Labels:[]}"},

		{"the status comment, on a new database", func(r *rig) {
			r.comment(bot, plan.Comment("All is well.", plan.Marker("status")))
			r.settle()
			if err := r.db.PutAll(r.Context(), queue.Record{Kind: "status", ID: r.key}); err != nil {
				r.Fatal(err)
			}
		}, own, "All is well."},
		{"no status comment", nil, own, ""},
		{"a copy of it by somebody else", func(r *rig) { r.comment("carol", plan.Comment("All is well.", plan.Marker("status"))) }, own, ""},
		{"the status comment elsewhere", func(r *rig) {
			r.sim.OpenIssue("foo/foo", "alice", "A finding", "Text.")
			r.sim.Comment(other, bot, plan.Comment("All is well.", plan.Marker("status")))
		}, elsewhere, "All is well."},
		{"none elsewhere", nil, elsewhere, ""},

		{"everybody reads a public repository", nil, reads(""), "true"},
		{"not everybody reads a private one", func(r *rig) { r.sim.SetPrivate("foo/foo", true); r.sim.SetRole("foo/foo", bot, "write") }, reads(""), "false"},
		{"nobody reads what we may not see", func(r *rig) { r.sim.SetPrivate("foo/foo", true) }, reads(""), "false"},
		{"who may read it", func(r *rig) { r.sim.SetRole("foo/foo", bot, "write"); r.sim.SetRole("foo/foo", "carol", "read") }, reads("carol"), "true"},
		{"who may not", func(r *rig) { r.sim.SetPrivate("foo/foo", true); r.sim.SetRole("foo/foo", bot, "write") }, reads("carol"), "false"},
		{"what we may not ask, we do not show", func(r *rig) { r.forbids(`^GET .*/permission$`) }, reads("carol"), "false"},

		{"a file elsewhere", func(r *rig) { r.sim.AddFile("foo/foo", "docs/a b.md", "text") }, file, "{Text:text Found:true}"},
		{"no such file", nil, file, "{Text: Found:false}"},
		{"a file that is not for us", func(r *rig) { r.forbids(getFile) }, file, "{Text: Found:false}"},
		{"a name that is no file's", func(r *rig) { r.refuses(getFile) }, file, "{Text: Found:false}"},

		{"somebody's latest comment", func(r *rig) { r.comment("carol", "a"); r.comment("carol", "b"); r.comment("bob", "c") }, latest, "the second"},
		{"nobody's comment", nil, latest, "0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.sim.AddRepo("foo/foo", "owner")
			r.settle()
			if c.setup != nil {
				c.setup(r)
			}
			if c.want == "the second" {
				c.want = fmt.Sprint(r.sim.Comments(r.ref)[1].ID)
			}
			if got := r.learn(c.ask); got != c.want {
				t.Errorf("%s, want %s\n%s", got, c.want, &r.log)
			}
			for n := range 3 {
				r.start() // it knows nothing
				over := r.sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, After: n, Times: 1, As: bot})
				if got := r.learnLate(c.ask); got != c.want {
					t.Errorf("call %d fails: %s, want %s\n%s", n, got, c.want, &r.log)
				}
				over()
			}
		})
	}
}

// TestProjectPeople: a project's maintainers are those of maintainers.yaml in its .project repository; where that names nobody, is
// broken or is not for us, the approvers of OWNERS in the repository itself.
func TestProjectPeople(t *testing.T) {
	const maintainers, contents = "- project_id: foo\n  teams:\n    - members: [ann]\n", `^GET .*/contents/`
	for _, c := range []struct {
		name, maintainers, owners string
		forbidden                 []string // repositories whose files we may not read
		want                      string
	}{
		{"both", maintainers, "approvers: [ben]\n", nil, "[ann]"},
		{"only OWNERS", "", "approvers: [ben]\nreviewers: [cid]\n", nil, "[ben]"},
		{"nobody in maintainers.yaml", "[]\n", "approvers: [ben]\n", nil, "[ben]"},
		{"a broken maintainers.yaml", "[\n", "approvers: [ben]\n", nil, "[ben]"},
		{"a .project that is not for us", maintainers, "approvers: [ben]\n", []string{"foo/.project"}, "[ben]"},
		{"nothing that is for us", maintainers, "approvers: [ben]\n", []string{"foo/.project", "foo/foo"}, "[]"},
		{"nothing", "", "", nil, "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.sim.AddRepo("foo/foo", "owner")
			r.sim.AddRepo("foo/.project", "owner")
			for _, f := range []struct{ repo, path, text string }{{"foo/.project", "maintainers.yaml", c.maintainers}, {"foo/foo", "OWNERS", c.owners}} {
				if f.text != "" {
					r.sim.AddFile(f.repo, f.path, f.text)
				}
			}
			for _, name := range c.forbidden {
				r.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, Match: contents, Repo: name, As: bot})
			}
			ask := func(s *fact.Set) (any, error) { return s.ProjectPeople(issue.Repo{Owner: "foo", Name: "foo"}) }
			if got := r.learn(ask); got != c.want {
				t.Errorf("%s, want %s\n%s", got, c.want, &r.log)
			}
			for n := range 2 {
				r.start()
				over := r.sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, After: n, Times: 1, As: bot})
				if got := r.learnLate(ask); got != c.want {
					t.Errorf("call %d fails: %s, want %s\n%s", n, got, c.want, &r.log)
				}
				over()
			}
		})
	}
}

// labelings asks who put the labels on.
func labelings(s *fact.Set) (any, error) {
	all, err := s.Labelings()
	var out []string
	for _, l := range all {
		out = append(out, l.Label+" "+l.By)
	}
	return strings.Join(out, ", "), err
}

// TestLabelings: GitHub shows ddbot as who put a label on that somebody asked for with a command; the fact names that person. Who put
// one on by hand, and whom nobody asked, stays as GitHub shows it.
func TestLabelings(t *testing.T) {
	r := newRig(t)
	r.comment("carol", "/kind feature")
	r.settle()
	if got, want := r.learn(labelings), "kind/dd bob, kind/feature carol"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	r.sim.RemoveLabel(r.ref, "bob", "kind/feature")
	r.sim.AddLabels(r.ref, "owner", "kind/feature")
	if got, want := r.learn(labelings), "kind/dd bob, kind/feature carol, kind/feature owner"; got != want {
		t.Errorf("put on again by hand: %s, want %s", got, want)
	}
	r.sim.RemoveLabel(r.ref, "bob", "kind/feature")
	r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Due], []plan.Effect{plan.AddLabels{Labels: []string{"kind/feature"}}}}})
	r.settle()
	r.due(event.Due{})
	r.settle()
	if got, want := r.learn(labelings), "kind/dd bob, kind/feature "+bot+", kind/feature owner, kind/feature "+bot; got != want {
		t.Errorf("after ddbot put it on by itself: %s, want %s", got, want)
	}
}

// TestStatusAskedOnce: that there is no status comment is asked once for each issue, whichever process runs next: it costs a query.
func TestStatusAskedOnce(t *testing.T) {
	r := newRig(t)
	r.comment("bob", "The first, at which there can be none.")
	r.settle()
	if err := r.db.PutAll(t.Context(), queue.Record{Kind: "status", ID: r.key}); err != nil {
		t.Fatal(err)
	}
	for n, want := range []int{1, 0} {
		r.sim.ResetCalls()
		r.learn(func(s *fact.Set) (any, error) { return s.Status() })
		got := 0
		for _, c := range r.sim.Calls() {
			if c.Path == "POST /graphql" {
				got++
			}
		}
		if got != want {
			t.Errorf("%d: asked %d times, want %d", n, got, want)
		}
		r.start()
	}
}

// TestStatusAtHand: at what happens first to an issue it is known that there is no status comment, without a look-up that would have it
// planned twice, and later that is remembered.
func TestStatusAtHand(t *testing.T) {
	r := newRig(t)
	r.engine.Loaders = map[fact.Kind]engine.Loader{fact.KindStatus: func(context.Context, int64, issue.Snapshot, string) (any, error) {
		t.Error("it is looked up")
		return fact.Status{}, nil
	}}
	for range 2 {
		if got := r.learn(func(s *fact.Set) (any, error) { return s.Status() }); got != "{ID:0 Body: Edited:false}" {
			t.Errorf("the status comment is %s", got)
		}
	}
}

// TestStatusRefused: a status comment that GitHub did not take is no comment that ddbot has: it is written when it can be.
func TestStatusRefused(t *testing.T) {
	r := newRig(t)
	over := r.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, Match: postComment, As: bot})
	r.settings = plugin.DefaultSettings([]plugin.Plugin{says{}})
	r.comment("bob", "Words.")
	r.settle()
	over()
	r.after(time.Hour)
	r.start()
	r.comment("bob", "Words.")
	r.settle()
	if got := r.said(); len(got) != 1 || !strings.HasPrefix(got[0], "Status.") {
		t.Errorf("it says %q", got)
	}
}

// says is a plugin that keeps the status comment, and writes it where it says something else.
type says struct{ act }

func (says) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !event.Is[event.CommentCreated](in.Event.Kind) {
		return nil, nil
	}
	was, err := in.Status()
	if err != nil || strings.HasPrefix(was.Body, "Status.") {
		return nil, err
	}
	return []plan.Effect{plan.Notice{Key: fact.StatusKey, Text: "Status.", CommentID: was.ID}}, nil
}
