package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// TestCatchup: ddbot is down for two hours while people comment. Afterwards all commands are carried out, in order, once,
// whichever way is open: GitHub's log of deliveries, or the list of comments; also when the database is lost meanwhile.
func TestCatchup(t *testing.T) {
	for _, tc := range []struct {
		name   string
		role   string // of the bot: an admin may read the log of deliveries
		lose   bool   // the database
		source string // what the log must say
	}{
		{"log of deliveries", "admin", false, "Asked GitHub for a missed delivery"},
		{"list of comments", "write", false, "Queued a text with a command that had been missed"},
		{"log of deliveries, database lost", "admin", true, "Asked GitHub for a missed delivery"},
		{"list of comments, database lost", "write", true, "Queued a text with a command that had been missed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var ago atomic.Int64
			ago.Store(int64(3 * time.Hour))
			w := newWorldAt(t, func() time.Time { return time.Now().Add(-time.Duration(ago.Load())) })
			w.sim.SetRole(repo, bot, tc.role)
			w.start()
			w.connect()
			before := []int64{
				w.sim.Comment(w.ref, "alice", "/dd note users.1 zero"),
				w.sim.Comment(w.ref, "alice", "/dd done nonsense"),
			}
			w.eventually("the first is done", func() bool { return w.reacted(before[0]) == 1 })
			w.eventually("the second is answered", func() bool { return len(w.sim.Issue(w.ref).Comments) == 3 })
			w.settle()
			w.kill()
			if tc.lose {
				files, _ := filepath.Glob(filepath.Join(w.dir, "*"))
				for _, f := range files {
					if err := os.Remove(f); err != nil {
						t.Fatal(err)
					}
				}
			}
			var missed []int64
			for i, as := range []string{"alice", "bob", "mallory", "alice", "bob"} {
				ago.Add(-int64(24 * time.Minute))
				missed = append(missed, w.sim.Comment(w.ref, as, fmt.Sprintf("/dd note users.1 missed comment %d", i)))
			}
			hers := w.sim.Comment(w.ref, "alice", "Thank you.")
			ago.Add(-int64(time.Minute))
			w.sim.EditComment(hers, "bob", "/dd note users.1 forged")
			mended := w.sim.Comment(w.ref, "alice", "/dd note technical.2 mendedd")
			w.sim.EditComment(mended, "alice", "/dd note technical.2 mended")
			w.sim.Comment(w.ref, "alice", "/retitle First")
			opened := w.sim.OpenIssue(repo, "alice", "Another", "/dd done a\n\n# A\n\n- [ ] First.\n")
			w.drain()
			ago.Store(0)
			w.restart()
			if tc.lose {
				// An empty database knows no repository; the first event brings it, the schedule does the rest.
				id := w.sim.Comment(w.ref, "alice", "/dd note technical.1 after")
				w.eventually("the first event after the loss", func() bool { return w.reacted(id) == 1 })
				w.settle()
				w.kill()
				w.restart()
			}
			// What comes now, while ddbot looks for what it missed, is newer and wins.
			second := w.sim.Comment(w.ref, "alice", "/retitle Second")
			w.eventually("the new title", func() bool { return w.reacted(second) == 1 })
			for i, id := range missed {
				if i != 2 { // mallory is refused
					w.eventually(fmt.Sprintf("comment %d is done", i), func() bool { return w.reacted(id) == 1 })
				}
			}
			w.eventually("the mended comment is done", func() bool { return w.reacted(mended) == 1 })
			w.eventually("the opened issue is done", func() bool { return strings.Contains(w.sim.Issue(opened).Body, "- [x] First.") })
			w.eventually("mallory has her answer", func() bool { return strings.Contains(w.comments(), "@mallory: `/dd note` is for") })
			w.settle()
			if got := w.sim.Issue(w.ref).Title; got != "Second" {
				t.Errorf("the title is %q: what was missed was done after what was newer", got)
			}
			var notes []string
			for l := range strings.Lines(w.sim.Issue(w.ref).Body) {
				if _, n, ok := strings.Cut(l, "**Note:** missed comment "); ok {
					notes = append(notes, n[:1])
				}
			}
			if got := strings.Join(notes, ""); got != "0134" {
				t.Errorf("the notes are %q, want 0134, in order and once:\n%s", got, w.sim.Issue(w.ref).Body)
			}
			if strings.Contains(w.sim.Issue(w.ref).Body, "forged") {
				t.Error("what somebody else wrote into a comment was run as its author's")
			}
			if n := strings.Count(w.comments(), "@alice: I can't find an item"); n != 1 {
				t.Errorf("%d answers to the command from before the downtime", n)
			}
			if !strings.Contains(w.log.String(), tc.source) {
				t.Errorf("the log does not say %q:\n%s", tc.source, w.log)
			}
		})
	}
}

// comments are all comments of the issue.
func (w *world) comments() string {
	var b strings.Builder
	for _, c := range w.sim.Issue(w.ref).Comments {
		b.WriteString(c.Author + ": " + c.Body + "\n")
	}
	return b.String()
}

// restart starts the process at the address that the webhook has: what it asks for at its start has somewhere to go.
func (w *world) restart() {
	w.t.Helper()
	w.listen = w.addr
	w.start()
}

// newWorldAt is a world with a clock.
func newWorldAt(t *testing.T, now func() time.Time, args ...string) *world {
	return newWorldWith(t, githubsim.Options{Now: now}, args...)
}
