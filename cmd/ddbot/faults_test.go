package main

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

const (
	thePatch  = `^PATCH .*/issues/\{issue_number\}$`
	theRead   = `^GET .*/issues/\{issue_number\}$`
	theReply  = `^POST .*/issues/\{issue_number\}/comments$`
	theReact  = `reactions$`
	theLabels = `^POST .*/labels$`
)

// TestGitHubMisbehaves: whatever GitHub does, each command takes effect once, and the trouble of one repository is not
// that of another. Hanging requests are in TestKilledBetweenAcceptAndPatch; a timeout is a cut without the waiting.
func TestGitHubMisbehaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	down := w.repoWith("acme/down", githubsim.Fault{Kind: githubsim.Status502Before})
	var all sync.WaitGroup
	for n, f := range []githubsim.Fault{
		{Kind: githubsim.Status500Before, Match: thePatch, Times: 2},
		{Kind: githubsim.Status502Before, Match: thePatch, Times: 2},
		{Kind: githubsim.Status502After, Match: thePatch, Times: 1},
		{Kind: githubsim.Status502After, Match: theReply, Times: 1},
		{Kind: githubsim.Status502After, Match: theReact, Times: 1},
		{Kind: githubsim.Status502After, Match: theLabels, Times: 1},
		{Kind: githubsim.CutBefore, Match: thePatch, Times: 1},
		{Kind: githubsim.CutAfter, Match: thePatch, Times: 1},
		{Kind: githubsim.CutBefore, Match: theReply, Times: 1},
		{Kind: githubsim.CutAfter, Match: theReply, Times: 2},
		{Kind: githubsim.CutAfter, Match: theReact, Times: 1},
		{Kind: githubsim.CutBefore, Match: theRead, Times: 1},
		{Kind: githubsim.Status500Before, Times: 3},
		{Kind: githubsim.Unauthorized401, Times: 3},
		{Kind: githubsim.Suspended, Times: 3},
		{Kind: githubsim.Forbidden, Match: theRead, Times: 1},
	} {
		r := w.repoWith(fmt.Sprintf("acme/trouble%d", n), f)
		all.Go(func() { r.done(fmt.Sprintf("kind %d at %s", f.Kind, f.Match)) })
	}
	all.Wait()
	if got := w.sim.Issue(down.ref).Body; got != list {
		t.Errorf("nothing can have happened in the repository that is down:\n%s", got)
	}
	down.over()
	down.done("down all the time")
	for _, f := range []githubsim.Fault{ // those are for the token, not for the repository
		{Kind: githubsim.SecondaryLimit, RetryAfter: 2 * time.Second, Match: thePatch, Times: 1},
		{Kind: githubsim.SecondaryLimit, Status: 429, RetryAfter: 2 * time.Second, Match: theReply, Times: 1},
		{Kind: githubsim.PrimaryLimit, RetryAfter: 2 * time.Second, Match: theReact, Times: 1},
	} {
		w.repoWith(fmt.Sprintf("acme/limit%d-%d", f.Kind, f.Status), f).done("a rate limit")
	}
	w.settle()
	if m := w.get("/metrics"); !strings.Contains(m, "\nddbot_queue_dead 0\n") {
		t.Error("deliveries were given up on")
	}
}

// troubled is a repository in which something goes wrong.
type troubled struct {
	*world
	ref   issue.Ref
	asked []int64
	over  func()
}

// repoWith makes a repository with an issue and people who ask for things there.
func (w *world) repoWith(name string, f githubsim.Fault) *troubled {
	w.sim.AddRepo(name, "owner")
	w.sim.SetRole(name, bot, "write")
	w.sim.AddLabel(name, "kind/dd", "kind/bug")
	ref := w.sim.OpenIssue(name, "alice", "Incubation", list, "kind/dd")
	w.sim.AddHook(githubsim.Hook{URL: "http://" + w.addr + "/hook", Secret: secret, Repo: name})
	f.Repo, f.As = name, bot
	r := &troubled{world: w, ref: ref, over: w.sim.Fault(f)}
	for _, text := range []string{"/dd done technical", "/dd done nonsense", "/dd note users.1 once\n/kind bug"} {
		r.asked = append(r.asked, w.sim.Comment(ref, "alice", text))
	}
	return r
}

// done waits until all is done, and wants it once.
func (r *troubled) done(what string) {
	for end := time.Now().Add(2 * time.Minute); ; time.Sleep(20 * time.Millisecond) {
		i := r.sim.Issue(r.ref)
		answers, open := answersOf(i), 0
		for _, id := range r.asked {
			if answers[id] == 0 {
				open++
			}
		}
		if open > 0 && time.Now().Before(end) {
			continue
		}
		for _, id := range r.asked {
			if answers[id] != 1 {
				r.t.Errorf("%s: comment %d has %d answers", what, id, answers[id])
			}
		}
		if strings.Count(i.Body, "once") != 1 || strings.Count(i.Body, "[x]") != 2 || !i.HasLabel("kind/bug") {
			r.t.Errorf("%s: labels %v, description\n%s", what, i.Labels, i.Body)
		}
		return
	}
}

// TestAnswersThatAreFinal: what is not there is not asked for twice.
func TestAnswersThatAreFinal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.start()
	w.connect()
	for _, tc := range []struct {
		name  string
		fault githubsim.Fault
		calls string
	}{
		{"a stranger, 404 for the permission", githubsim.Fault{Kind: githubsim.NotFound, Match: `permission$`}, "/permission"},
		{"the issue, 404", githubsim.Fault{Kind: githubsim.NotFound, Match: theRead}, "issues/{issue_number}"},
		{"the issue, 410", githubsim.Fault{Kind: githubsim.Gone410, Match: theRead}, "issues/{issue_number}"},
	} {
		w.settle()
		w.sim.ResetCalls()
		tc.fault.As = bot
		cancel := w.sim.Fault(tc.fault)
		as := "alice"
		if strings.Contains(tc.calls, "permission") {
			as = "mallory"
		}
		w.sim.Comment(w.ref, as, "/dd done technical")
		w.settle()
		cancel()
		n := 0
		for _, c := range w.calls() {
			if strings.HasSuffix(c, tc.calls) {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%s: asked for %d times: %v", tc.name, n, w.calls())
		}
	}
	id := w.sim.Comment(w.ref, "alice", "/dd done technical")
	w.eventually("afterwards all is well", func() bool { return w.reacted(id) == 1 })
}

// TestNotFoundBesideTheIssue: that GitHub shows something beside the issue no more loses nobody's command: it is carried out
// or answered.
func TestNotFoundBesideTheIssue(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ at, by, command, says string }{
		{`^GET /repos/[^/]+/[^/]+/labels$`, "alice", "/kind bug", "bug"},
		{`/milestones$`, "bob", "/milestone v1", "no open milestones"},
		{`/events$`, "mallory", "/close", "close"},
		{`contents/`, "mallory", "/close", "close"},
		{`^POST .*/issues/\{issue_number\}/labels$`, "alice", "/lifecycle frozen", "Not Found"},
		{`/assignees$`, "alice", "/assign", "Not Found"},
	} {
		t.Run(tc.command+" "+tc.at, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.start()
			w.connect()
			w.sim.Fault(githubsim.Fault{Kind: githubsim.NotFound, Match: tc.at, As: bot})
			w.sim.Comment(w.ref, tc.by, tc.command)
			w.eventually("an answer", func() bool {
				cs := w.sim.Issue(w.ref).Comments
				last := cs[len(cs)-1]
				return last.Author == bot && strings.Contains(last.Body, "@"+tc.by) && strings.Contains(last.Body, tc.says)
			})
		})
	}
}

// TestBackPressure: with GitHub at three seconds a call a thousand events are acknowledged at once and wait on disk, to be
// seen in the metrics, and the process stays small.
func TestBackPressure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.bin = plain(t)
	var refs []issue.Ref
	for n := range 200 {
		refs = append(refs, w.sim.OpenIssue(repo, "alice", fmt.Sprint(n), list, "kind/dd"))
	}
	w.start()
	w.connect()
	w.sim.Latency(3 * time.Second)
	begin := time.Now()
	for n := range 1000 {
		w.sim.Comment(refs[n%len(refs)], "alice", fmt.Sprintf("/dd note users.1 note %d", n))
	}
	w.drain()
	took := time.Since(begin)
	failed := 0
	for _, d := range w.sim.Deliveries() {
		if d.StatusCode/100 != 2 {
			failed++
		}
	}
	var pending, oldest float64
	for l := range strings.Lines(w.get("/metrics")) {
		_, _ = fmt.Sscanf(l, "ddbot_queue_pending %g", &pending)
		_, _ = fmt.Sscanf(l, "ddbot_queue_oldest_seconds %g", &oldest)
	}
	rss := w.rss()
	w.kill()
	t.Logf("1,000 events acknowledged in %v, %g wait, the oldest for %.1f s, %.0f MB", took.Round(time.Millisecond), pending, oldest, rss)
	if failed > 0 {
		t.Errorf("%d deliveries were not acknowledged", failed)
	}
	if pending < 500 || oldest <= 0 {
		t.Errorf("the metrics say that %g wait, the oldest for %g s", pending, oldest)
	}
	if rss > 120 {
		t.Errorf("the process has %.0f MB", rss)
	}
}

// TestOvertaken: a write took effect and its answer was lost; before ddbot asks again, a person has changed the same thing.
// That stays.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, time.Now)
	w.start()
	ticked := strings.Replace(list, "- [ ] It scales.", "- [x] It scales.", 1)
	for _, tc := range []struct {
		name, command, match string
		took                 func(githubsim.Issue) bool
		person               func(issue.Ref)
		stays                func(githubsim.Issue) bool
	}{
		{"undone, ticked again", "/dd undo technical.1", thePatch,
			func(i githubsim.Issue) bool { return i.Body == list },
			func(ref issue.Ref) { w.sim.EditBody(ref, "bob", ticked) },
			func(i githubsim.Issue) bool { return i.Body == ticked }},
		{"renamed, renamed again", "/retitle Bot title", thePatch,
			func(i githubsim.Issue) bool { return i.Title == "Bot title" },
			func(ref issue.Ref) { w.sim.EditTitle(ref, "bob", "Human title") },
			func(i githubsim.Issue) bool { return i.Title == "Human title" }},
		{"closed, reopened", "/close", thePatch,
			func(i githubsim.Issue) bool { return i.State == issue.Closed },
			func(ref issue.Ref) { w.sim.Reopen(ref, "bob") },
			func(i githubsim.Issue) bool { return i.State == issue.Open }},
		{"labelled, unlabelled", "/kind bug", theLabels,
			func(i githubsim.Issue) bool { return i.HasLabel("kind/bug") },
			func(ref issue.Ref) { w.sim.RemoveLabel(ref, "bob", "kind/bug") },
			func(i githubsim.Issue) bool { return !i.HasLabel("kind/bug") }},
	} {
		name := "acme/" + strings.ReplaceAll(strings.ReplaceAll(tc.name, ", ", "-"), " ", "-")
		w.sim.AddRepo(name, "owner")
		w.sim.SetRole(name, bot, "write")
		w.sim.SetRole(name, "bob", "write")
		w.sim.AddLabel(name, "kind/dd", "kind/bug")
		ref := w.sim.OpenIssue(name, "alice", "Incubation", ticked, "kind/dd")
		w.sim.AddHook(githubsim.Hook{URL: "http://" + w.addr + "/hook", Secret: secret, Repo: name})
		w.sim.Fault(githubsim.Fault{Kind: githubsim.Status502After, Match: tc.match, Repo: name, As: bot, Times: 1})
		time.Sleep(1100 * time.Millisecond) // GitHub's history has seconds: an edit is one after the second of the beginning
		id := w.sim.Comment(ref, "alice", tc.command)
		w.eventually(tc.name+": the write", func() bool { return tc.took(w.sim.Issue(ref)) })
		tc.person(ref)
		w.eventually(tc.name+": the answer", func() bool { return answersOf(w.sim.Issue(ref))[id] == 1 })
		w.settle()
		if i := w.sim.Issue(ref); !tc.stays(i) {
			t.Errorf("%s: the person's change is gone: %+v", tc.name, i.Snapshot)
		}
	}
}

// TestMayNotComment: where GitHub lets ddbot say nothing, the log says so, and the work is done all the same.
func TestMayNotComment(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, time.Now)
	w.start()
	w.connect()
	w.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, Match: "^POST .*(comments|reactions)"})
	w.sim.Comment(w.ref, "alice", "/dd done technical.1")
	w.eventually("the box is ticked", func() bool { return strings.Contains(w.sim.Issue(w.ref).Body, "- [x] It scales") })
	w.settle()
	if !strings.Contains(w.log.String(), "did not let ddbot answer") {
		t.Errorf("the log says nothing:\n%s", w.log)
	}
}
