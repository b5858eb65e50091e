package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// sweepWorld is a simulated GitHub whose time runs, and has caught up with the real one when a sweep runs.
type sweepWorld struct {
	testing.TB
	sim   *githubsim.Sim
	url   string
	dir   string
	began time.Time
	peak  int // MiB that the last process had at most
}

func newSweepWorld(t testing.TB, ago time.Duration) *sweepWorld {
	w := &sweepWorld{TB: t, dir: t.TempDir(), began: time.Now().Add(-ago)}
	w.sim = githubsim.New(githubsim.Options{Bot: bot, BotToken: "token", RateLimit: 1_000_000, Now: func() time.Time { return time.Now().Add(-ago) }})
	api := httptest.NewServer(w.sim)
	t.Cleanup(api.Close)
	w.url = api.URL
	w.sim.AddUser("alice")
	w.sim.AddUser("bob")
	w.sim.AddRepo(repo, "owner")
	w.sim.SetRole(repo, "bob", "triage")
	w.sim.AddLabel(repo, append([]string{"kind/dd"}, stale.Labels...)...)
	return w
}

// file writes a file for the process.
func (w *sweepWorld) file(name, text string) string {
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

// fast is a configuration without a pace; eager one under which all that a sweep can do happens, to applications, too.
const (
	fast  = "operator: {pace: {perSecond: 1000, perMinute: 100000, perHour: 100000}}\n"
	eager = fast + "defaults: {plugins: {lifecycle: {closeAfter: 30d, exempt: {diligence: false}}}}\n"
)

// ddbot runs the program as a user would.
func (w *sweepWorld) ddbot(args ...string) (out, errOut string, code int) {
	w.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "DDBOT_TEST_MAIN=1", "GITHUB_TOKEN=token")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	ended, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		w.watch(cmd.Process.Pid, ended)
	}()
	err := cmd.Wait()
	close(ended)
	<-watched
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.Fatal(err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// watch notes a process's memory while it runs. (What wait4 tells includes the parent's at the fork.)
func (w *sweepWorld) watch(pid int, ended <-chan struct{}) {
	for w.peak = 0; ; {
		if status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err == nil {
			var kb int
			if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
				if _, err := fmt.Sscan(after, &kb); err == nil {
					w.peak = kb >> 10
				}
			}
		}
		select {
		case <-ended:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// sweep runs a sweep that must go well and gives its lines, by issue, and its sums.
func (w *sweepWorld) sweep(args ...string) (map[int]sweptIssue, sweptAll) {
	w.Helper()
	out, errOut, code := w.ddbot(append([]string{"sweep", "--github-url", w.url, "--repo", repo, "--json"}, args...)...)
	if code != 0 {
		w.Fatalf("exit code %d: %s%s", code, out, errOut)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	got := map[int]sweptIssue{}
	for _, l := range lines[:len(lines)-1] {
		var i sweptIssue
		if err := json.Unmarshal([]byte(l), &i); err != nil {
			w.Fatalf("%s: %v", l, err)
		}
		got[i.Number] = i
	}
	var all sweptAll
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &all); err != nil || !all.Summary {
		w.Fatalf("%s: %v", lines[len(lines)-1], err)
	}
	if unknown := w.sim.Unknown(); len(unknown) > 0 {
		w.Errorf("the simulator does not know %v", unknown)
	}
	return got, all
}

const day = 24 * time.Hour

func TestSweepCommand(t *testing.T) {
	w := newSweepWorld(t, 200*day)
	open := func(labels ...string) issue.Ref {
		ref := w.sim.OpenIssue(repo, "alice", "An issue", "Text.")
		w.sim.AddLabels(ref, "bob", append([]string{"kind/dd"}, labels...)...)
		return ref
	}
	old, rotten, frozen, woken := open(), open(), open(stale.Frozen), open()
	untracked := w.sim.OpenIssue(repo, "alice", "Another", "Text.")
	w.sim.Clock().Advance(150 * day)
	w.sim.AddLabels(rotten, bot, stale.Rotten)
	w.sim.AddLabels(woken, bot, stale.Stale)
	w.sim.Clock().Advance(40 * day)
	w.sim.Comment(woken, "alice", "Still wanted.")
	w.sim.Clock().Advance(10 * day)
	config := w.file("ddbot.yaml", eager)
	db := "sqlite:" + filepath.Join(w.dir, "sweep.db")

	got, all := w.sweep("--dry-run", "--config", config)
	if all.Calls.Writes != 0 || all.Issues != 4 || got[old.Number].Action != "stale" || got[frozen.Number].Why != "it is frozen (lifecycle/frozen)" {
		t.Errorf("dry run: %+v %+v", got, all)
	}
	if _, told := got[untracked.Number]; told {
		t.Error("an untracked issue was looked at")
	}
	got, all = w.sweep("--config", config, "--store", db)
	for ref, want := range map[issue.Ref]string{old: "stale", rotten: "close", woken: "unstale"} {
		if l := got[ref.Number]; l.Action != want || l.Outcome != "done" || l.Why == "" || len(l.Did) == 0 {
			t.Errorf("%v: %+v", ref, l)
		}
	}
	// Its id, the list, what they are like, what changed since, those that are due once more: none for what is done to them.
	if all.Calls.Writes != 5 || all.Calls.Reads > 5 || all.Actions["close"] != 1 || w.sim.Issue(rotten).State != issue.Closed || !w.sim.Issue(old).HasLabel(stale.Stale) {
		t.Errorf("%+v", all)
	}
	w.sweep("--config", config, "--store", db) // sees its own writes
	if got, all = w.sweep("--config", config, "--store", db); len(got) != 0 || all.Calls.Reads != 0 || all.Calls.Unchanged != 1 {
		t.Errorf("idle: %+v %+v", got, all)
	}
	if got, _ = w.sweep("--config", config, "--store", db, "--all"); got[untracked.Number].Action != "stale" {
		t.Errorf("--all: %+v", got)
	}
	text, _, _ := w.ddbot("sweep", "--github-url", w.url, "--repo", repo, "--all", "--dry-run", "--config", config)
	if !strings.Contains(text, "kept                 acme/toc#1 \"An issue\": it carries lifecycle/stale") || !strings.Contains(text, "Calls: 3 reads, 0 unchanged (304), 0 writes.") {
		t.Errorf("%s", text)
	}
}

func TestExplainCommand(t *testing.T) {
	w := newSweepWorld(t, 80*day)
	ref := w.sim.OpenIssue(repo, "alice", "An issue", "Text.")
	w.sim.Clock().Advance(20 * day)
	w.sim.Comment(ref, "bob", "Words.")
	w.sim.Clock().Advance(60 * day)
	said := w.began.Add(20 * day).UTC()
	want := fmt.Sprintf("acme/toc#1 \"An issue\" is open.\nLast activity of a person: bob commented on %s.\n"+
		"The sweep ignores this issue: it has no tracked label, and no /dd command has succeeded on it. With --all:\n"+
		"On %s, in 30 days, it goes stale, because bob commented on %s, and an issue goes stale after 90 days without a person's activity.\n"+
		"If nobody does anything, it becomes rotten on %s.\n"+
		"No clock closes it: closing is off here (closeAfter in the configuration turns it on).\n",
		said.Format(stale.Day), said.Add(90*day).Format(stale.Day), said.Format(stale.Day), said.Add(120*day).Format(stale.Day))
	for _, name := range []string{"acme/toc#1", "https://github.com/acme/toc/issues/1"} {
		if out, errOut, code := w.ddbot("explain", "--github-url", w.url, name); out != want || code != 0 {
			t.Errorf("%d: %s%s, want\n%s", code, out, errOut, want)
		}
	}
	out, _, _ := w.ddbot("explain", "--github-url", w.url, "--json", "--all", "--repo", repo, "1")
	var x explained
	if err := json.Unmarshal([]byte(out), &x); err != nil || x.Next != "stale" || !x.Tracked || len(x.Schedule) != 2 || x.Closes || x.LastActivity.By != "bob" {
		t.Errorf("%v: %s", err, out)
	}
}

func TestSweepUsage(t *testing.T) {
	w := newSweepWorld(t, day)
	for _, c := range []struct {
		code int
		args []string
	}{
		{2, []string{"sweep"}},
		{2, []string{"sweep", "--repo", "x"}},
		{2, []string{"sweep", "--repo", repo, "--config", "nowhere.yaml"}},
		{2, []string{"sweep", "--repo", repo, "--config", w.file("off.yaml", "orgs: {acme: {exclude: [acme/toc]}}\n")}},
		{2, []string{"sweep", "--repo", repo, "--github-token-file", "nowhere"}},
		{2, []string{"sweep", "--repo", repo, "--store", "mysql:x"}},
		{2, []string{"explain"}},
		{2, []string{"explain", "12"}},
		{1, []string{"sweep", "--repo", "acme/none", "--github-url", w.url}},
		{1, []string{"sweep", "--repo", repo, "--github-url", "http://127.0.0.1:9"}},
		{1, []string{"explain", repo + "#99", "--github-url", w.url}},
	} {
		if out, errOut, code := w.ddbot(c.args...); code != c.code || errOut == "" {
			t.Errorf("%v: exit code %d, want %d: %s%s", c.args, code, c.code, out, errOut)
		}
	}
}

// BenchmarkSweep prints what a sweep costs: requests, time and memory of a real process.
func BenchmarkSweep(b *testing.B) {
	for _, n := range []int{100, 1000, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				benchmarkSweep(b, n)
			}
		})
	}
}

func benchmarkSweep(b *testing.B, n int) {
	w := newSweepWorld(b, 200*day)
	for range n {
		w.sim.OpenIssue(repo, "alice", "An issue", "Text.")
		w.sim.Clock().Advance(time.Second)
	}
	ref := func(i int) issue.Ref { return issue.Ref{Owner: "acme", Repo: "toc", Number: i + 1} }
	w.sim.Clock().Advance(150 * day)
	for i := n * 4 / 100; i < n; i++ {
		w.sim.Comment(ref(i), "bob", "On it.")
		w.sim.Clock().Advance(time.Second)
	}
	for i := n * 2 / 100; i < n*4/100; i++ {
		label := stale.Stale
		if i < n*3/100 {
			label = stale.Rotten
		}
		w.sim.AddLabels(ref(i), bot, label)
	}
	w.sim.Clock().Advance(time.Until(w.sim.Clock().Now()).Abs())
	// A hundred writes a second and not one: never more than a hundred changes in a second, which would be read again.
	pace := strings.Replace(fast, "perSecond: 1000", "perSecond: 100", 1)
	db, config := "sqlite:"+filepath.Join(w.dir, "sweep.db"), w.file("ddbot.yaml", pace+"defaults: {plugins: {lifecycle: {closeAfter: 30d}}}\n")
	patient := w.file("patient.yaml", pace+"defaults: {plugins: {lifecycle: {staleAfter: 900d, rottenAfter: 900d, closeAfter: 900d}}}\n")
	report := func(what string, start time.Time, all sweptAll) {
		b.Logf("N=%d %-6s %3d reads %d of 304 %3d writes  %6.2f s  %3d MiB  %v", n, what, all.Calls.Reads, all.Calls.Unchanged, all.Calls.Writes,
			time.Since(start).Seconds(), w.peak, all.Actions)
	}
	run := func(what, config string) sweptAll {
		start := time.Now()
		_, all := w.sweep("--all", "--store", db, "--config", config)
		report(what, start, all)
		return all
	}
	if all := run("first", patient); all.Calls.Reads > n/100+5 { // with periods that let nothing be due yet
		b.Errorf("first: %d reads", all.Calls.Reads)
	}
	for i := n * 3 / 100; i < n*4/100; i++ {
		w.sim.Comment(ref(i), "alice", "Still wanted.")
	}
	if all := run("acting", config); all.Calls.Reads+all.Calls.Unchanged > 6 || all.Calls.Writes > n*4/100+16 {
		b.Errorf("acting: %d reads, %d writes", all.Calls.Reads, all.Calls.Writes)
	}
	w.sim.Clock().Advance(time.Second)
	run("next", config)
	if all := run("idle", config); all.Calls.Reads != 0 || all.Calls.Unchanged != 1 {
		b.Errorf("idle: %d reads, %d of 304", all.Calls.Reads, all.Calls.Unchanged)
	}
}
