package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestCatchupAgain: what was handled in one form or another is not looked up as missed, and done again, at the next start:
// neither a comment that got its command by an edit, nor a description.
func TestCatchupAgain(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, time.Now)
	w.sim.SetRole(repo, bot, "write") // no rights to the log of deliveries
	w.start()
	w.connect()
	first := w.sim.Comment(w.ref, "alice", "/dd note users.1 first")
	w.eventually("the first is done", func() bool { return w.reacted(first) == 1 })
	later := w.sim.Comment(w.ref, "alice", "Well …")
	opened := w.sim.OpenIssue(repo, "alice", "Another", "# A\n\n- [ ] First.\n")
	time.Sleep(1100 * time.Millisecond) // the API's times are whole seconds
	w.sim.EditComment(later, "alice", "/dd done technical.1\n/dd status")
	w.eventually("the edited comment is answered", func() bool { return strings.Count(w.comments(), "items done") == 1 })
	w.sim.EditBody(opened, "alice", "/dd done a\n\n# A\n\n- [ ] First.\n")
	w.sim.EditBody(w.ref, "bob", strings.Replace(w.sim.Issue(w.ref).Body, "- [x] It scales", "- [ ] It scales", 1))
	w.settle()
	body := w.sim.Issue(w.ref).Body
	w.kill()
	w.restart()
	last := w.sim.Comment(w.ref, "alice", "/retitle Last")
	w.eventually("the last is done", func() bool { return w.reacted(last) == 1 }) // after what the start has found
	w.settle()
	if got := w.sim.Issue(w.ref).Body; got != body {
		t.Errorf("a command was carried out twice, against bob:\n%s", got)
	}
	if n := strings.Count(w.comments(), "items done"); n != 1 {
		t.Errorf("%d answers to one comment", n)
	}
	if strings.Contains(w.sim.Issue(opened).Body, "- [x] First.") {
		t.Error("a command that was edited into a description was run")
	}
	for l := range strings.Lines(w.log.String()) {
		if strings.Contains(l, "Queued a text") && !strings.Contains(l, fmt.Sprint("issuecomment-", last)) {
			t.Errorf("taken for missed: %s", l)
		}
	}
}
