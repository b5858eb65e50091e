package engine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// act is a plugin whose events lead to given effects.
type act struct {
	on      func(event.Kind) bool
	effects []plan.Effect
}

func (act) Name() string                  { return "act" }
func (act) Help() string                  { return "Acts." }
func (act) Commands(any) []plugin.Command { return nil }

func (a act) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !a.on(in.Event.Kind) {
		return nil, nil
	}
	for i, e := range a.effects {
		if n, ok := e.(plan.Notice); ok {
			id, err := in.Facts.Notice(n.Key)
			if err != nil {
				return nil, err
			}
			n.CommentID = id
			a.effects[i] = n
		}
	}
	return a.effects, nil
}

// TestRefused: what GitHub refuses for good is told to who asked for it, once, in the answer; the rest is done all the same.
func TestRefused(t *testing.T) {
	const refused, invalid = `{"message":"Validation Failed","errors":[{"message":"not like this"}]}`, 422
	for _, c := range []struct {
		name, command, match string
		want                 string
	}{
		{"labels", "/kind bug", postLabels, "GitHub refused to add labels: Validation Failed: not like this"},
		{"a label off", "/remove-kind dd", `^DELETE .*/labels/`, "GitHub refused to remove the label `kind/dd`"},
		{"an edit", "/close", patchIssue, "GitHub refused to change the issue"},
		{"assigning", "/assign bob", `^POST .*/assignees$`, "GitHub refused to assign"},
		{"unassigning", "/unassign carol", `^DELETE .*/assignees$`, "GitHub refused to unassign"},
		{"an excluded label", "/lifecycle frozen", `^DELETE .*/labels/`, "GitHub refused to remove the labels that exclude `lifecycle/frozen`"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.sim.Assign(r.ref, "bob", "carol")
			r.settle()
			r.after(time.Hour)
			r.sim.AddLabels(r.ref, "bob", "lifecycle/stale")
			r.settle()
			r.sim.Fault(githubsim.Fault{Kind: githubsim.Says, Match: c.match, As: bot, Status: invalid, Body: refused})
			r.comment("bob", c.command+"\n/dd note part.1 words")
			if c.match == patchIssue {
				r.comment("alice", "/kind bug")
			}
			r.settle()
			said := r.said()
			if len(said) == 0 || strings.Count(said[0], c.want) != 1 {
				t.Errorf("it says %q, want %q", said, c.want)
			}
			if body := r.sim.Issue(r.ref).Body; c.match != patchIssue && !strings.Contains(body, "words") {
				t.Errorf("the rest is not done:\n%s", body)
			}
			if c.match == patchIssue && (len(said) != 1 || !r.sim.Issue(r.ref).HasLabel("kind/bug")) {
				t.Errorf("who did not ask for it hears of it: %q", said)
			}
		})
	}
}

// TestNotAssigned: GitHub takes whom it likes and says nothing of the others; the answer does. What else there is to say is said.
func TestNotAssigned(t *testing.T) {
	r := newRig(t)
	r.sim.AddUser("zoe") // has no access, and said nothing here
	r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Labeled], []plan.Effect{
		plan.Assign{Logins: []string{"bob", "zoe"}}, plan.Notice{Key: "news", Text: "News."},
	}}})
	r.sim.AddLabels(r.ref, "bob", "kind/bug")
	r.settle()
	if got := r.sim.Issue(r.ref).Assignees; len(got) != 1 || got[0] != "bob" {
		t.Errorf("assigned %v", got)
	}
	if !strings.Contains(r.log.String(), "GitHub did not let me assign `zoe`") {
		t.Errorf("the log:\n%s", &r.log)
	}
	if got := r.said(); len(got) != 1 {
		t.Errorf("it says %q", got)
	}
}

// TestOtherText: that GitHub keeps another text than was sent is told, and is no thanks.
func TestOtherText(t *testing.T) {
	r := newRig(t)
	r.sim.Fault(githubsim.Fault{Kind: githubsim.SaysAfter, Match: patchIssue, As: bot, Status: 200, Body: `{"number":1,"state":"open","body":"shortened"}`})
	id := r.comment("bob", "/dd done part")
	r.settle()
	if got := r.said(); len(got) != 1 || !strings.Contains(got[0], "GitHub returned a different text") {
		t.Errorf("it says %q", got)
	}
	for _, c := range r.sim.Comments(r.ref) {
		if c.ID == id && len(c.Reactions) > 0 {
			t.Errorf("and thanks: %v", c.Reactions)
		}
	}
}

// TestNobodyListens: where GitHub lets ddbot say nothing, the work is done, the log tells, and nothing is tried again.
func TestNobodyListens(t *testing.T) {
	for name, f := range map[string]githubsim.Fault{
		"a reply, forbidden":  {Kind: githubsim.Forbidden, Match: postComment},
		"a reply, gone":       {Kind: githubsim.Gone410, Match: postComment},
		"a reaction, invalid": {Kind: githubsim.Says, Match: postReact, Status: 422, Body: `{"message":"Validation Failed"}`},
	} {
		r := newRig(t)
		f.As = bot
		r.sim.Fault(f)
		r.comment("bob", "/dd done part")
		r.comment("bob", "/dd status")
		r.settle()
		if !strings.Contains(r.sim.Issue(r.ref).Body, "[x] Two") || strings.Count(r.log.String(), "did not let ddbot answer") == 0 {
			t.Errorf("%s: the log is\n%s", name, &r.log)
		}
	}
}

// TestReviews: one name that GitHub does not take does not keep the others from being asked.
func TestReviews(t *testing.T) {
	r := newRig(t)
	r.ref = r.sim.OpenPull(repo, "alice", "A change", "Text.")
	r.settle()
	r.comment("bob", "/cc @carol @nobody-here")
	r.settle()
	if got := r.sim.Issue(r.ref).Reviews; !got["carol"] || len(got) != 1 {
		t.Errorf("asked %v", got)
	}
	if got := r.said(); len(got) != 1 || !strings.Contains(got[0], "ask `nobody-here` for a review") || strings.Contains(got[0], "carol`") {
		t.Errorf("it says %q", got)
	}
	r.comment("bob", "/uncc @carol")
	r.settle()
	if got := r.sim.Issue(r.ref).Reviews; got["carol"] {
		t.Errorf("asked %v", got)
	}
}

// TestNotice: a notice is written once and then changed in place; one that somebody deleted is written anew.
func TestNotice(t *testing.T) {
	r := newRig(t)
	say := func(text string) {
		r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Labeled], []plan.Effect{plan.Notice{Key: "news", Text: text}}}})
	}
	for n, text := range []string{"First.", "Second.", "Third."} {
		if n == 2 {
			r.sim.DeleteComment(r.sim.Comments(r.ref)[0].ID, "bob")
		}
		say(text)
		r.sim.ResetCalls()
		r.sim.RemoveLabel(r.ref, "bob", "kind/dd")
		r.sim.AddLabels(r.ref, "bob", "kind/dd")
		r.settle()
		if got := r.said(); len(got) != 1 || !strings.HasPrefix(got[0], text) {
			t.Errorf("%d: it says %q", n, got)
		}
		for _, c := range r.sim.Calls() {
			if n == 1 && c.Method == "GET" && strings.HasSuffix(c.Path, "/comments") {
				t.Errorf("its own comment is looked for, though it is remembered")
			}
		}
	}
}

// TestNoticeAndLabel: a notice is not written where its label was refused, and its label goes where the notice was.
func TestNoticeAndLabel(t *testing.T) {
	for name, c := range map[string]struct {
		faults []githubsim.Fault
		labels string
		said   int
	}{
		"both are taken":         {nil, "kind/dd lifecycle/stale", 1},
		"the label is refused":   {[]githubsim.Fault{{Kind: githubsim.Says, Status: 422, Body: `{"message":"Validation Failed"}`, Match: postLabels}}, "kind/dd", 0},
		"the notice is refused":  {[]githubsim.Fault{{Kind: githubsim.Forbidden, Match: postComment}}, "kind/dd", 0},
		"the notice, for now":    {[]githubsim.Fault{{Kind: githubsim.Status500Before, Match: postComment, Times: 1}}, "kind/dd lifecycle/stale", 1},
		"the notice, for unseen": {[]githubsim.Fault{{Kind: githubsim.CutAfter, Match: postComment, Times: 1}}, "kind/dd lifecycle/stale", 1},
		"the notice is refused, and the label does not go at once": {
			[]githubsim.Fault{{Kind: githubsim.Forbidden, Match: postComment}, {Kind: githubsim.Status502Before, Match: "^DELETE ", Times: 1}}, "kind/dd", 0,
		},
	} {
		r := newRig(t)
		r.apart()
		r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Due], []plan.Effect{
			plan.AddLabels{Labels: []string{stale.Stale}}, plan.Notice{Key: "stale", Text: "It went stale.", Labels: []string{stale.Stale}},
		}}})
		for _, f := range c.faults {
			f.As = bot
			r.sim.Fault(f)
		}
		r.due(event.Due{})
		for range 4 {
			if err := r.handle(); err == nil {
				break
			}
			r.after(time.Minute)
		}
		r.settle()
		if got := strings.Join(r.sim.Issue(r.ref).Labels, " "); got != c.labels || len(r.said()) != c.said {
			t.Errorf("%s: labels %s, says %q", name, got, r.said())
		}
	}
}

// due queues an event of ddbot's own.
func (r *rig) due(kind event.Own) {
	r.Helper()
	s := r.sim.Issue(r.ref).Snapshot
	raw, err := payload.OwnPayload(kind, s, 0)
	if err != nil {
		r.Fatal(err)
	}
	r.queue(queue.Delivery{GUID: kind.String() + r.now().String(), Event: payload.OwnEvent, Payload: raw})
}

// TestPaced: what nobody waits for goes at a pace, also when it is finished by another process; what people ask for does not.
func TestPaced(t *testing.T) {
	r := newRig(t)
	r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Due], []plan.Effect{plan.AddLabels{Labels: []string{"kind/bug"}}}}})
	paced := 0
	pace := func() { r.engine.Paced = func(gh engine.GitHub) engine.GitHub { paced++; return gh } }
	for _, c := range []struct {
		name string
		do   func()
		want int
	}{
		{"a command", func() { r.comment("bob", "/kind bug") }, 0},
		{"a due issue", func() { r.due(event.Due{}) }, 1},
		{"a due issue and a comment", func() { r.due(event.Due{}); r.comment("bob", "hello") }, 0},
		{"a day", func() { r.due(event.Daily{}) }, 1},
		{"an edit of ours may have overwritten somebody's", func() { r.due(event.Check{}) }, 0},
		{"resumed", func() {
			r.sim.RemoveLabel(r.ref, "bob", "kind/bug")
			r.settle()
			r.fail(githubsim.CutAfter, postLabels)
			r.due(event.Due{})
			r.rests()
			r.start()
			pace()
			paced = 0
		}, 1},
	} {
		r.after(time.Hour)
		r.settle()
		pace()
		paced = 0
		c.do()
		r.deliver()
		if err := r.handle(); err != nil || paced != c.want {
			t.Errorf("%s: %d, %v", c.name, paced, err)
		}
	}
}

// TestWhoMay: the engine asks GitHub who somebody is, teams and OWNERS included.
func TestWhoMay(t *testing.T) {
	for _, c := range []struct {
		name, owners, aliases string
		team                  []string
		want                  bool
		log                   string
	}{
		{"a stranger", "", "", nil, false, "The team acme/secret cannot be seen"},
		{"in the team", "", "", []string{"carol"}, true, ""},
		{"in OWNERS", "approvers: [Carol]\n", "", nil, true, ""},
		{"by an alias", "approvers: [core]\n", "aliases:\n  core: [carol]\n", nil, true, ""},
		{"only a reviewer", "reviewers: [carol]\n", "", nil, false, ""},
		{"beside a broken file of aliases", "approvers: [carol]\n", "aliases: {core: [\n", nil, true, "Cannot read all of OWNERS"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.settings.Roles = map[plugin.Role]plugin.People{plugin.Maintainer: {Teams: []string{"acme/leads", "acme/secret"}}}
			r.sim.AddTeam("acme/leads", append(c.team, bot)...)
			for path, text := range map[string]string{"OWNERS": c.owners, "OWNERS_ALIASES": c.aliases} {
				if text != "" {
					r.sim.AddFile(repo, path, text)
				}
			}
			id := r.comment("carol", "/dd done part.1")
			r.settle()
			if got := r.reactions(id) == 1; got != c.want || (len(r.said()) == 1) == c.want {
				t.Errorf("done %v; it says %q", got, r.said())
			}
			r.comment("carol", "/dd done part.2")
			r.after(10 * time.Minute)
			r.settle()
			if n := strings.Count(r.log.String(), c.log); c.log != "" && n == 0 || strings.HasPrefix(c.log, "The team") && n != 1 {
				t.Errorf("said %d times:\n%s", n, &r.log)
			}
		})
	}
}

func (r *rig) reactions(id int64) int {
	for _, c := range r.sim.Comments(r.ref) {
		if c.ID == id {
			return len(c.Reactions)
		}
	}
	return 0
}

// TestExclusiveMeanwhile: which labels of a group must go is decided on the list that GitHub's answer shows, not on what was known
// before: somebody may have put one on meanwhile. Who did so after the command is not overruled where the label is spared.
func TestExclusiveMeanwhile(t *testing.T) {
	r := newRig(t)
	r.comment("bob", "/lifecycle frozen")
	r.deliver()
	meanwhile := false
	r.sim.Before(func(c githubsim.Call) {
		if c.As == bot && c.Method == "POST" && strings.HasSuffix(c.Path, "/labels") && !meanwhile {
			meanwhile = true
			r.sim.AddLabels(r.ref, "bob", stale.Stale)
		}
	})
	if err := r.handle(); err != nil || !meanwhile {
		t.Fatal(err)
	}
	if i := r.sim.Issue(r.ref); i.HasLabel(stale.Stale) || !i.HasLabel(stale.Frozen) {
		t.Errorf("labels %v", i.Labels)
	}
	if got := r.writes(); got != "POST issues/{issue_number}/labels, DELETE issues/{issue_number}/labels/{name}, POST issues/comments/{comment_id}/reactions" {
		t.Errorf("calls %s", got)
	}
}
