package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

// TestCheckCommand: /dd check holds an application against the project's repositories, as the running server sees them; whoever
// has no part in it is refused; what is asked for again at once is told when. Opened, an application gets its comment by itself
// where the configuration wants that.
func TestCheckCommand(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "ddbot.yaml")
	if err := os.WriteFile(config, []byte("defaults: {plugins: {evidence: {opening: true}, dd: {welcome: false}}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w := newWorldWith(t, githubsim.Options{}, "--config", config)
	sourcetest.Example.Simulate(t, w.sim, func(time.Duration) {})
	w.start()
	w.connect()
	w.sim.EditBody(w.ref, "alice", oneBox)
	said := func(text string) func() bool {
		return func() bool { return strings.Contains(w.comments(), text) }
	}
	w.sim.Comment(w.ref, "mallory", "/dd check")
	w.eventually("a stranger is refused", said("`/dd check` is for"))
	w.sim.Comment(w.ref, "alice", "/dd check")
	w.eventually("the answer", said("What a program found in the project's repositories"))
	if !strings.Contains(w.comments(), "GOVERNANCE.md") {
		t.Errorf("the answer names no file:\n%s", w.comments())
	}
	w.sim.Comment(w.ref, "alice", "/dd check")
	w.eventually("it was just checked", said("This was checked a few minutes ago"))
	w.sim.Comment(w.ref, "alice", "/dd check all.1")
	w.eventually("one item", said("This is what a program sees in the project's repositories:\n\n- **Clear and discoverable"))
	if body := w.sim.Issue(w.ref).Body; body != oneBox {
		t.Errorf("a check changes the description:\n%s", body)
	}
	reads := 0
	for _, c := range w.sim.Calls() {
		if c.As == bot && strings.Contains(c.URL, "/acme/tool") {
			reads++
		}
	}
	t.Logf("%d reads of the project's repository by REST in two checks", reads)

	opened := w.sim.OpenIssue(repo, "bob", "Another", oneBox, "kind/dd")
	w.eventually("the comment under a new application", func() bool {
		for _, c := range w.sim.Comments(opened) {
			if strings.Contains(c.Body, "What a program found") {
				return true
			}
		}
		return false
	})
}
