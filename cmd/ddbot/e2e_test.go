package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

// TestMain lets the test binary be ddbot itself, so that tests run and kill a real process.
func TestMain(m *testing.M) {
	debug.SetGCPercent(100) // hack/test.sh has other wishes, and memory is measured here
	_ = os.Unsetenv("GOGC")
	if os.Getenv("DDBOT_TEST_MAIN") == "1" {
		main()
		os.Exit(0)
	}
	code := m.Run()
	if plainDir != "" {
		_ = os.RemoveAll(plainDir)
	}
	os.Exit(code)
}

var (
	plainOnce sync.Once
	plainDir  string
)

// plain gives the program as people get it: the race detector makes a process two or three times as large.
func plain(t *testing.T) string {
	t.Helper()
	plainOnce.Do(func() {
		dir, err := os.MkdirTemp("", "ddbot-test-")
		if err != nil {
			t.Fatal(err)
		}
		plainDir = dir
		if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "ddbot"), ".").CombinedOutput(); err != nil {
			t.Fatalf("build ddbot: %v\n%s", err, out)
		}
	})
	return filepath.Join(plainDir, "ddbot")
}

const (
	bot    = "ddbot[bot]"
	repo   = "acme/toc"
	secret = "e2e secret"
)

const list = "## Technical\n\n- [ ] It scales.\n- [ ] It is tested.\n\n## Users\n\n- [ ] Somebody uses it.\n"

// world is a simulated GitHub and a real ddbot process beside it.
type world struct {
	t    *testing.T
	sim  *githubsim.Sim
	api  *httptest.Server
	ref  issue.Ref
	dir  string
	args []string
	url  string // of the store; a file in dir if empty
	bin  string // the program; this test binary if empty

	cmd    *exec.Cmd
	addr   string // where it listens
	listen string // where it shall listen; any port if ""
	log    *lockedBuffer
	hook   int64
}

// lockedBuffer collects a process's log.
type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func newWorld(t *testing.T, args ...string) *world { return newWorldAt(t, nil, args...) }

// newWorldWith is a world on a GitHub of one's own making.
func newWorldWith(t *testing.T, o githubsim.Options, args ...string) *world {
	w := &world{t: t, dir: t.TempDir(), args: args, log: &lockedBuffer{}}
	w.setUp(o)
	return w
}

// another is a second process in the same world.
func (w *world) another() *world {
	other := *w
	other.cmd, other.addr, other.log = nil, "", &lockedBuffer{}
	return &other
}

func (w *world) setUp(o githubsim.Options) {
	o.Bot, o.BotToken = bot, "bot-token"
	w.sim = githubsim.New(o)
	w.api = httptest.NewServer(w.sim)
	w.t.Cleanup(func() { w.api.Close() })
	for _, login := range []string{"owner", "alice", "bob", "mallory"} {
		w.sim.AddUser(login)
	}
	w.sim.AddRepo(repo, "owner")
	w.sim.SetRole(repo, bot, "write")
	w.sim.SetRole(repo, "bob", "write")
	w.sim.AddLabel(repo, "kind/dd", "kind/bug", "lifecycle/stale", "lifecycle/rotten", "lifecycle/frozen", "lifecycle/active")
	w.ref = w.sim.OpenIssue(repo, "alice", "Incubation", list, "kind/dd")
}

// start starts the process on an address of its own and waits until it says where it listens.
func (w *world) start() {
	w.t.Helper()
	w.begin()()
}

// begin starts the process; ready waits.
func (w *world) begin() (ready func()) {
	w.t.Helper()
	if w.url == "" {
		w.url = "sqlite:" + filepath.Join(w.dir, "ddbot.db")
	}
	args := append([]string{"serve", "--listen", cmp.Or(w.listen, "127.0.0.1:0"), "--store", w.url, "--github-url", w.api.URL}, w.args...)
	w.cmd = exec.Command(cmp.Or(w.bin, os.Args[0]), args...)
	w.cmd.Env = append(os.Environ(), "DDBOT_TEST_MAIN=1", "WEBHOOK_SECRET="+secret, "GITHUB_TOKEN=bot-token")
	out, err := w.cmd.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { w.kill() })
	addr, log := make(chan string, 1), w.log
	go func() {
		lines := bufio.NewScanner(io.TeeReader(out, log))
		for lines.Scan() {
			var l struct{ Address string }
			if json.Unmarshal(lines.Bytes(), &l) == nil && l.Address != "" {
				addr <- l.Address
			}
		}
	}()
	return func() {
		w.t.Helper()
		select {
		case w.addr = <-addr:
		case <-time.After(60 * time.Second):
			w.t.Fatalf("the server does not start:\n%s", w.log)
		}
	}
}

// connect points GitHub's webhooks at the process.
func (w *world) connect() {
	w.hook = w.sim.AddHook(githubsim.Hook{URL: "http://" + w.addr + "/hook", Secret: secret, Repo: repo})
	w.drain()
}

func (w *world) drain() {
	if err := w.sim.Drain(context.Background()); err != nil {
		w.t.Error(err)
	}
}

func (w *world) kill() {
	if w.cmd != nil && w.cmd.Process != nil {
		_ = w.cmd.Process.Kill()
		_ = w.cmd.Wait()
		w.cmd = nil
	}
}

// eventually waits for something to become so.
func (w *world) eventually(what string, so func() bool) {
	w.t.Helper()
	w.within(60*time.Second, what, so)
}

// within waits for something that may take longer.
func (w *world) within(most time.Duration, what string, so func() bool) {
	w.t.Helper()
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if so() {
			return
		}
	}
	log := w.log.String()
	w.t.Fatalf("never: %s\nissue: %+v\nlog:\n%s", what, w.sim.Issue(w.ref), log[max(0, len(log)-20_000):])
}

// reacted tells whether the bot has reacted to a comment, and how often.
func (w *world) reacted(comment int64) int {
	n := 0
	for _, c := range w.sim.Issue(w.ref).Comments {
		if c.ID == comment {
			for _, r := range c.Reactions {
				if r.User == bot {
					n++
				}
			}
		}
	}
	return n
}

func (w *world) calls() (list []string) {
	for _, c := range w.sim.Calls() {
		if c.As == bot {
			list = append(list, c.Path)
		}
	}
	return list
}

// TestMainJob: over real HTTP, through the real durable queue, with GitHub's calls counted.
func TestMainJob(t *testing.T) { mainJob(newWorld(t)) }

func mainJob(w *world) {
	t := w.t
	w.start()
	w.connect()
	for _, tc := range []struct {
		name, as, body string
		most           int
		answered       func(id int64) bool
	}{
		{"maintainer, nothing cached", "bob", "/dd done technical", 4, nil},
		{"maintainer, permission cached", "bob", "/dd done users", 3, nil},
		{"author", "alice", "/dd undo users", 3, nil},
		{"refused", "mallory", "/dd done technical", 3, func(int64) bool {
			return strings.Contains(w.lastComment(), "@mallory: `/dd done` is for")
		}},
	} {
		w.sim.ResetCalls()
		id := w.sim.Comment(w.ref, tc.as, tc.body)
		if tc.answered == nil {
			tc.answered = func(id int64) bool { return w.reacted(id) == 1 }
		}
		w.eventually(tc.name, func() bool { return tc.answered(id) })
		w.settle() // the simulator logs a call after it took effect
		if got := w.calls(); len(got) > tc.most {
			t.Errorf("%s: %d calls, %d allowed: %v", tc.name, len(got), tc.most, got)
		}
	}
	want := strings.NewReplacer("- [ ] It", "- [x] It").Replace(list)
	if got := w.sim.Issue(w.ref).Body; got != want {
		t.Errorf("the description is\n%s", got)
	}
	w.sim.ResetCalls()
	w.sim.Comment(w.ref, "bob", "no command here, /dd done users is not at the beginning of a line")
	id := w.sim.Comment(w.ref, "alice", "/dd done users")
	w.eventually("the comment after the plain one", func() bool { return w.reacted(id) == 1 })
	w.settle()
	if got := w.calls(); len(got) != 3 {
		t.Errorf("the plain comment cost calls: %v", got)
	}
	if unknown := w.sim.Unknown(); len(unknown) > 0 {
		t.Errorf("calls that GitHub does not know: %v", unknown)
	}
}

// settle waits until the process has nothing left to do.
func (w *world) settle() {
	w.drain()
	w.eventually("the queue is empty", func() bool {
		return strings.Contains(w.get("/metrics"), "\nddbot_queue_pending 0\n")
	})
}

func (w *world) get(path string) string {
	res, err := http.Get("http://" + w.addr + path)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	data, _ := io.ReadAll(res.Body)
	return string(data)
}

func (w *world) lastComment() string {
	cs := w.sim.Issue(w.ref).Comments
	return cs[len(cs)-1].Body
}

// TestKilledBetweenAcceptAndPatch: the delivery was acknowledged, then the process is killed; the next one does the work
// once. It is killed before the edit was sent, and after GitHub carried it out but before the answer came.
func TestKilledBetweenAcceptAndPatch(t *testing.T) {
	ticked := func(w *world) bool { return strings.Contains(w.sim.Issue(w.ref).Body, "- [x] It scales.") }
	for _, tc := range []struct {
		name  string
		match string
		kind  githubsim.Kind
		took  func(w *world) bool // what GitHub did before the process is killed
	}{
		{"before the read", `^GET .*/issues/\{issue_number\}$`, githubsim.Hang, nil},
		{"before the edit", `^PATCH .*/issues/\{issue_number\}$`, githubsim.Hang, nil},
		{"after the edit, without an answer", `^PATCH .*/issues/\{issue_number\}$`, githubsim.HangAfter, ticked},
		{"after the reaction, without an answer", `reactions$`, githubsim.HangAfter, func(w *world) bool {
			return w.reacted(w.sim.Issue(w.ref).Comments[0].ID) == 1
		}},
		{"before the reply", `^POST .*/issues/\{issue_number\}/comments$`, githubsim.Hang, nil},
		{"after the reply, without an answer", `^POST .*/issues/\{issue_number\}/comments$`, githubsim.HangAfter, func(w *world) bool {
			return len(w.sim.Issue(w.ref).Comments) == 3
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.start()
			w.connect()
			var reached atomic.Bool
			match := regexp.MustCompile(tc.match)
			stop := w.sim.Before(func(c githubsim.Call) {
				if c.As == bot && match.MatchString(c.Path) {
					reached.Store(true)
				}
			})
			cancel := w.sim.Fault(githubsim.Fault{Match: tc.match, Kind: tc.kind, As: bot})
			tick := w.sim.Comment(w.ref, "alice", "/dd done technical")
			typo := w.sim.Comment(w.ref, "alice", "/dd done tecnical")
			w.drain() // both have their 202
			w.eventually("the fault is met", func() bool { return reached.Load() && (tc.took == nil || tc.took(w)) })
			w.kill()
			stop()
			cancel()
			w.start()
			w.eventually("the box is ticked", func() bool { return ticked(w) })
			w.eventually("the reaction", func() bool { return w.reacted(tick) == 1 })
			w.eventually("the reply", func() bool { return len(w.sim.Issue(w.ref).Comments) >= 3 })
			w.settle()
			if n := len(w.sim.Issue(w.ref).Comments); n != 3 || w.reacted(typo) != 0 {
				t.Errorf("%d comments, want 3; %d reactions to the typo", n, w.reacted(typo))
			}
		})
	}
}

// TestStopsCleanly: SIGTERM ends the process with code 0, and what it had not done is done by the next one.
func TestStopsCleanly(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.connect()
	w.sim.Latency(50 * time.Millisecond)
	var ids []int64
	for range 5 {
		ids = append(ids, w.sim.Comment(w.ref, "alice", "/dd done technical"))
	}
	w.drain()
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Wait(); err != nil {
		t.Errorf("SIGTERM: %v\n%s", err, w.log)
	}
	w.start()
	for _, id := range ids {
		w.eventually("each comment has its answer", func() bool { return w.reacted(id) == 1 })
	}
}

// TestReadyWhileGitHubIsDown: a receiver must not depend on GitHub's API.
func TestReadyWhileGitHubIsDown(t *testing.T) {
	w := newWorld(t)
	w.api.Close()
	w.start()
	if got := w.get("/readyz?verbose"); !strings.HasPrefix(got, "ok\n") {
		t.Errorf("not ready: %s", got)
	}
	if got := w.get("/healthz"); got != "ok\n" {
		t.Errorf("not healthy: %s", got)
	}
}
