package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

// workflowRuns is a GitHub whose events start `ddbot action`, a process for each.
type workflowRuns struct {
	*world
	mu      sync.Mutex
	events  []workflowEvent
	summary string
}

type workflowEvent struct {
	name string
	file string
}

func newWorkflowRuns(t *testing.T, start time.Time) *workflowRuns {
	return newWorkflowRunsWith(t, githubsim.Options{Now: func() time.Time { return start }})
}

func newWorkflowRunsWith(t *testing.T, o githubsim.Options) *workflowRuns {
	w := &workflowRuns{world: newWorldWith(t, o)}
	srv := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var p struct {
			Sender struct{ Login string } `json:"sender"`
		}
		_ = json.Unmarshal(body, &p)
		if p.Sender.Login == bot {
			return // what a workflow's own token does starts no run
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		file := filepath.Join(w.dir, fmt.Sprintf("event-%d.json", len(w.events)))
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Error(err)
		}
		w.events = append(w.events, workflowEvent{r.Header.Get("X-GitHub-Event"), file})
	}))
	t.Cleanup(srv.Close)
	w.sim.AddHook(githubsim.Hook{URL: srv.URL, Secret: secret, Repo: repo})
	w.drain()
	w.events = nil
	return w
}

// command is one run.
func (w *workflowRuns) command(e workflowEvent, args ...string) *exec.Cmd {
	w.summary = e.file + ".summary"
	c := exec.Command(os.Args[0], append([]string{"action"}, args...)...)
	c.Env = append(os.Environ(), "DDBOT_TEST_MAIN=1", "GITHUB_TOKEN=bot-token", "GITHUB_EVENT_NAME="+e.name, "GITHUB_EVENT_PATH="+e.file,
		"GITHUB_REPOSITORY="+repo, "GITHUB_API_URL="+w.api.URL, "GITHUB_GRAPHQL_URL="+w.api.URL+"/graphql", "GITHUB_STEP_SUMMARY="+w.summary)
	return c
}

// run lets all events have their run; killAt ends each process when it has made so many requests, and starts it once more.
func (w *workflowRuns) run(killAt int) {
	w.t.Helper()
	w.drain()
	for len(w.events) > 0 {
		e := w.events[0]
		w.events = w.events[1:]
		w.sim.Clock().Advance(3 * time.Second) // to start a run takes some seconds
		if killAt > 0 {
			c, n, started := w.command(e), 0, make(chan struct{})
			cancel := w.sim.After(func(githubsim.Call) {
				if n++; n == killAt {
					<-started
					_ = c.Process.Kill()
				}
			})
			if err := c.Start(); err != nil {
				w.t.Fatal(err)
			}
			close(started)
			_ = c.Wait()
			cancel()
			w.sim.Clock().Advance(3 * time.Second)
		}
		if out, err := w.command(e).CombinedOutput(); err != nil {
			w.t.Fatalf("run for %s: %v\n%s", e.name, err, out)
		}
		w.drain()
	}
}

// seedStory is how it all began: each step is done, then settle lets the bot finish.
func seedStory(w *world, settle func()) {
	for _, step := range []func(){
		func() {
			w.ref = w.sim.OpenIssue(repo, "alice", "[Incubation] Foo", list+"\n/kind enhancement\n", "kind/dd")
		},
		func() { w.sim.Comment(w.ref, "bob", "/dd done technical\nsee https://example.org/scale") },
		func() {
			w.sim.AddLabels(w.ref, "owner", "lifecycle/stale")
			w.sim.Comment(w.ref, "alice", "Still alive.\n\n/remove-lifecycle stale\n\nOn Mon, 2 Feb 2026 at 10:00, bot <notifications@github.com> wrote:\n> /close\n")
		},
		func() { w.sim.CloseByCommit(w.ref, "bob", "4f1c2d3e") },
		func() { w.sim.Comment(w.ref, "alice", "/reopen") },
		func() { w.sim.Comment(w.ref, "mallory", "/dd done users") },
		func() { w.sim.Comment(w.ref, "alice", "/dd done users https://example.org/users") },
		func() { w.sim.Comment(w.ref, "bob", "/close") },
	} {
		step()
		settle()
	}
}

var reMarkers = regexp.MustCompile(`(?i)ddbot:re=[a-z][0-9a-f-]+|\d{8}t\d{6}`)

// seen is what people see of the issue.
func (w *world) seen() string {
	i := w.sim.Issue(w.ref)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s %v\n%s\n", i.Title, i.State, i.StateReason, i.Labels, i.Body)
	for _, c := range i.Comments {
		fmt.Fprintf(&b, "-- %s %v\n%s\n", c.Author, c.Reactions, c.Body)
	}
	return reMarkers.ReplaceAllString(b.String(), "(id)")
}

// TestActionSeed: the story of the seed by `ddbot action` alone, one process per event, ends as the server's does; so it does
// when each process is killed at one of its requests and started once more, or never started.
func TestActionSeed(t *testing.T) {
	server := newWorldWith(t, githubsim.Options{Now: anHourAgo})
	server.sim.AddLabel(repo, "kind/enhancement")
	server.start()
	server.connect()
	server.sim.ResetCalls()
	seedStory(server, func() { server.sim.Clock().Advance(time.Minute); server.settled() })
	want, serverCalls := server.seen(), len(server.calls())

	for _, killAt := range []int{0, 3} { // each of a hundred random stories is killed at others: pkg/scripttest
		w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
		w.sim.AddLabel(repo, "kind/enhancement")
		w.sim.ResetCalls()
		seedStory(w.world, func() { w.run(killAt); w.sim.Clock().Advance(time.Minute) })
		if d := cmp.Diff(want, w.seen()); d != "" {
			t.Errorf("killed at request %d (0: never), the story ends differently (-server +action):\n%s", killAt, d)
		}
		if killAt == 0 {
			t.Logf("requests for the story: server %d, action %d", serverCalls, len(w.calls()))
			if most := 3 * serverCalls; len(w.calls()) > most {
				t.Errorf("the action makes %d requests, more than %d", len(w.calls()), most)
			}
		}
	}
}

// settled waits until the server has nothing left to do.
func (w *world) settled() {
	w.drain()
	last, since := len(w.sim.Calls()), time.Now()
	w.eventually("the server is at rest", func() bool {
		if n := len(w.sim.Calls()); n != last {
			last, since = n, time.Now()
		}
		w.drain()
		return time.Since(since) > 500*time.Millisecond
	})
}

// TestActionCancelled: GitHub cancels runs that wait; the next one carries out what they were for, in order.
func TestActionCancelled(t *testing.T) {
	w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
	w.sim.Comment(w.ref, "bob", "/dd done technical")
	w.sim.Clock().Advance(time.Minute)
	w.sim.Comment(w.ref, "bob", "/dd undo technical.1")
	w.drain()
	w.events = nil
	w.sim.Clock().Advance(time.Minute)
	w.sim.Comment(w.ref, "alice", "What is the state?")
	w.run(0)
	if got := w.sim.Issue(w.ref).Body; !strings.Contains(got, "- [ ] It scales.") || !strings.Contains(got, "- [x] It is tested.") {
		t.Errorf("got\n%s", got)
	}
	summary, err := os.ReadFile(w.summary)
	if err != nil || !strings.Contains(string(summary), "/dd undo technical.1") || !strings.Contains(string(summary), "#issuecomment-") {
		t.Errorf("summary: %v\n%s", err, summary)
	}
}

// TestActionOld: a run on an event that is months old changes nothing.
func TestActionOld(t *testing.T) {
	w := newWorkflowRuns(t, time.Now().Add(-100*24*time.Hour))
	w.sim.Comment(w.ref, "bob", "/dd done technical")
	w.sim.AddLabels(w.ref, "bob", "kind/bug")
	w.drain()
	before := w.seen()
	for _, e := range w.events {
		out, err := w.command(e).CombinedOutput()
		if err != nil || !strings.Contains(string(out), "ago") {
			t.Errorf("%s: %v\n%s", e.name, err, out)
		}
	}
	if d := cmp.Diff(before, w.seen()); d != "" || len(w.events) == 0 {
		t.Error(d)
	}
}

// TestActionFails: what has to be done by a person is an annotation and exit code 1.
func TestActionFails(t *testing.T) {
	run := func(w *workflowRuns, as, body string) (string, int) {
		w.sim.Comment(w.ref, as, body)
		w.drain()
		out, err := w.command(w.events[len(w.events)-1]).CombinedOutput()
		code := 0
		if err != nil {
			code = err.(*exec.ExitError).ExitCode()
		}
		return string(out), code
	}
	t.Run("refused is no failure", func(t *testing.T) {
		w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
		if out, code := run(w, "mallory", "/dd done technical"); code != 0 || !strings.Contains(w.lastComment(), "@mallory") {
			t.Error(code, out)
		}
	})
	t.Run("no right to write", func(t *testing.T) {
		w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
		w.sim.SetRole(repo, bot, "read")
		out, code := run(w, "bob", "/kind bug")
		if code != 1 || !strings.Contains(out, "::error title=ddbot::") || !strings.Contains(out, "issues: write") {
			t.Error(code, out)
		}
		w.sim.SetRole(repo, bot, "write")
		if out, code := run(w, "alice", "Again, please."); code != 0 || !issue.HasLabel(w.sim.Issue(w.ref).Labels, "kind/bug") {
			t.Error(code, out)
		}
	})
	t.Run("configuration", func(t *testing.T) {
		w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
		w.sim.AddFile(repo, ".github/ddbot.yaml", "plugins: {lifecicle: false}\n")
		out, code := run(w, "bob", "/kind bug")
		if code != 1 || !strings.Contains(out, "lifecycle") || !strings.Contains(out, "Nothing was done") || issue.HasLabel(w.sim.Issue(w.ref).Labels, "kind/bug") {
			t.Error(code, out)
		}
	})
	t.Run("a token that is none", func(t *testing.T) {
		w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
		w.sim.Comment(w.ref, "bob", "/kind bug")
		w.drain()
		c := w.command(w.events[0])
		c.Env = append(c.Env, "GITHUB_TOKEN=wrong")
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "GITHUB_TOKEN") {
			t.Errorf("%v\n%s", err, out)
		}
	})
	t.Run("not in a job", func(t *testing.T) {
		c := exec.Command(os.Args[0], "action")
		c.Env = append(os.Environ(), "DDBOT_TEST_MAIN=1", "GITHUB_EVENT_NAME=")
		out, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "GITHUB_EVENT_NAME is not set") {
			t.Errorf("%v\n%s", err, out)
		}
	})
}

// TestActionRights: a missing right ends in an annotation with the whole line for the workflow, at once and with nothing said to be
// done. The token is an installation's, as a workflow's own is: it may not ask who it is.
func TestActionRights(t *testing.T) {
	const line = "permissions: {issues: write, contents: read}"
	for _, c := range []struct {
		name    string
		rights  map[string]string
		private bool
		want    string // in the annotation; nothing is missing if empty
	}{
		{"all", map[string]string{"issues": "write", "contents": "read"}, false, ""},
		{"files are public", map[string]string{"issues": "write"}, false, ""},
		{"all, private", map[string]string{"issues": "write", "contents": "read", "metadata": "read"}, true, ""},
		{"files are private", map[string]string{"issues": "write", "metadata": "read"}, true, line},
		{"no issues", map[string]string{"contents": "read", "metadata": "read"}, true, line},
		{"read only", map[string]string{"issues": "read", "contents": "read"}, false, line},
		{"not a workflow's to give", map[string]string{"issues": "write", "contents": "read"}, true, "another token"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorkflowRunsWith(t, githubsim.Options{Now: anHourAgo, App: &githubsim.App{}, Rights: c.rights})
			w.sim.SetPrivate(repo, c.private)
			w.sim.Comment(w.ref, "bob", "/dd done technical")
			w.drain()
			w.sim.ResetCalls()
			out, err := w.command(w.events[0]).CombinedOutput()
			done := strings.Contains(w.sim.Issue(w.ref).Body, "[x]")
			if c.want == "" {
				if err != nil || !done {
					t.Errorf("%v\n%s", err, out)
				}
				return
			}
			summary, _ := os.ReadFile(w.summary)
			if err == nil || done || !strings.Contains(string(out), "::error title=ddbot::") || !strings.Contains(string(out), c.want) {
				t.Errorf("%v\n%s", err, out)
			}
			if s := string(summary); !strings.Contains(s, c.want) || strings.Contains(s, "/dd done") || strings.Contains(s, "nothing to do") {
				t.Error(s)
			}
			if n := len(w.calls()); n > 4 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestQuiet: what people wrote is no command of the runner's, in either form.
func TestQuiet(t *testing.T) {
	for in, want := range map[string]string{
		"::error::x\n::set-output name=a::b": ": :error: :x : :set-output name=a: :b", "a ##[add-mask]b": "a ## [add-mask]b", "%0A": "%0A",
	} {
		if got := quiet(in); got != want {
			t.Errorf("%q: got %q", in, got)
		}
	}
	var b strings.Builder
	fmt.Fprint(quietLog{&b}, "msg=\"##[error]x\"\n")
	if got := b.String(); got != "msg=\"## [error]x\"\n" {
		t.Error(got)
	}
	if got := annotation("notice", "a\n::error::b%0A"); got != "::notice title=ddbot::a%0A::error::b%250A" {
		t.Error(got)
	}
}

// TestActionCalls: a comment without a command costs one read.
func TestActionCalls(t *testing.T) {
	w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
	for _, c := range []struct {
		body string
		most int
	}{{"Thank you all.", 1}, {"/kind bug", 4}, {"/dd done technical", 6}, {"Thanks.", 1}} {
		w.sim.ResetCalls()
		w.sim.Comment(w.ref, "bob", c.body)
		w.run(0)
		if got := w.calls(); len(got) > c.most {
			t.Errorf("%q: %d requests, want %d at most: %v", c.body, len(got), c.most, got)
		}
	}
}

// anHourAgo is a time that stands still until a test moves it, and is never ahead of the processes'.
var anHourAgo = func() func() time.Time {
	at := time.Now().Add(-time.Hour)
	return func() time.Time { return at }
}()
