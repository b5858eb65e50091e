package scripttest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

// old is an issue that has gone stale, as the sweep is to find it, and the bot's log. It carries no label of a stage.
func old(t *testing.T) (*world, *bytes.Buffer) {
	s := &story.Story{Header: map[string]string{"author": "alice", "write": "bob", "labels": "kind/bug", "repo-labels": strings.Join(stale.Labels, ", ")},
		Body: "- [ ] One holds\n", Config: []byte("defaults:\n  tracked: {all: true}\n"), Steps: []*story.Step{{No: "1"}}}
	w := newWorld(t, s, []plugin.Plugin{dd.Plugin{}, label.Plugin{}, lifecycle.Plugin{}}, "\n", nil)
	log := logged(w)
	w.settle()
	w.sim.Clock().Advance(100 * 24 * time.Hour)
	return w, log
}

func logged(w *world) *bytes.Buffer {
	var out bytes.Buffer
	log := logrus.New()
	log.Out = &out
	w.engine.Log = log
	return &out
}

func (w *world) notices() int {
	n := 0
	for _, c := range w.sim.Comments(w.ref) {
		if c.Author == bot {
			n++
		}
	}
	return n
}

// TestLabelAndNotice: a stale label never stands without its notice, nor a notice without the label; what is refused for the
// moment is tried again, and what is refused for good leaves a line in the log.
func TestLabelAndNotice(t *testing.T) {
	const (
		comments = `^POST .*/issues/\{issue_number\}/comments$`
		labels   = `^POST .*/labels$`
	)
	for _, c := range []struct {
		name   string
		fault  githubsim.Fault
		stands bool
		log    string
	}{
		{"nothing is refused", githubsim.Fault{Kind: githubsim.Status502Before, Match: "nothing"}, true, ""},
		{"the notice too quickly", githubsim.Fault{Kind: githubsim.Says, Status: 422, Body: `{"message":"Validation Failed","errors":[{"message":"was submitted too quickly"}]}`, Match: comments, Times: 2}, true, ""},
		{"the notice, HTML", githubsim.Fault{Kind: githubsim.Says, Status: 200, Body: "<html>", Match: comments, Times: 2}, true, ""},
		{"the notice, HTML after it was written", githubsim.Fault{Kind: githubsim.SaysAfter, Status: 200, Body: "<html>", Match: comments, Times: 1}, true, ""},
		{"the label, HTML", githubsim.Fault{Kind: githubsim.Says, Status: 200, Body: "<html>", Match: labels, Times: 2}, true, ""},
		{"the notice for good", githubsim.Fault{Kind: githubsim.Forbidden, Match: comments}, false, "did not let ddbot answer"},
		{"the notice, not found", githubsim.Fault{Kind: githubsim.NotFound, Match: comments}, false, "did not let ddbot answer"},
		{"the notice as invalid", githubsim.Fault{Kind: githubsim.Says, Status: 422, Body: `{"message":"Validation Failed"}`, Match: comments}, false, "did not let ddbot answer"},
		{"the label as invalid", githubsim.Fault{Kind: githubsim.Says, Status: 422, Body: `{"message":"Validation Failed"}`, Match: labels}, false, "GitHub did not do it"},
		{"the label, not found", githubsim.Fault{Kind: githubsim.NotFound, Match: labels}, false, "GitHub did not do it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w, log := old(t)
			w.sim.Fault(c.fault)
			if err := w.sweep(); err != nil {
				t.Fatal(err)
			}
			w.look()
			w.settle()
			label, said := w.sim.Issue(w.ref).HasLabel(stale.Stale), w.notices()
			if label != c.stands || (said == 1) != c.stands || said > 1 {
				t.Errorf("the label stands: %v; there are %d notices\n%s", label, said, log)
			}
			if c.log == "" && strings.Contains(log.String(), "level=warn") || !strings.Contains(log.String(), c.log) {
				t.Errorf("the log:\n%s", log)
			}
		})
	}
}

// TestArchived: an archived repository is noticed once; a year of sweeps leaves nothing in the queue, and when it is brought
// back all goes on.
func TestArchived(t *testing.T) {
	w, log := old(t)
	w.sim.Comment(w.ref, "bob", "/kind nothing") // on its way when the repository is archived
	w.sim.Comment(w.ref, "bob", "/dd done all")
	w.sim.Archive(w.repo, true)
	w.look()
	w.sim.Clock().Advance(100 * 24 * time.Hour)
	w.sim.ResetCalls()
	for range 12 {
		if err := w.sweep(); err != nil {
			t.Fatal(err)
		}
		if waiting := w.inbox.keys(); len(waiting) > 0 {
			t.Fatalf("%v wait", waiting)
		}
		w.sim.Clock().Advance(30 * 24 * time.Hour)
	}
	for _, c := range w.botCalls() {
		if c.Changes() {
			t.Errorf("a write: %s", c.Path)
		}
	}
	if n := strings.Count(log.String(), "is archived"); n != 1 {
		t.Errorf("said %d times:\n%s", n, log)
	}
	w.sim.Archive(w.repo, false)
	if err := w.sweep(); err != nil {
		t.Fatal(err)
	}
	w.look()
	if !w.sim.Issue(w.ref).HasLabel(stale.Stale) || w.notices() == 0 {
		t.Error("brought back, and still left alone")
	}
}

// TestArchivedPayload: what is known from the payload costs no call.
func TestArchivedPayload(t *testing.T) {
	w, log := old(t)
	w.sim.Archive(w.repo, true)
	for n := range 3 {
		w.sim.Comment(w.ref, "bob", fmt.Sprintf("/dd note 1 text %d", n))
	}
	w.deliver()
	w.sim.ResetCalls()
	if err := w.inbox.drain(context.Background(), w.engine.Handle); err != nil {
		t.Fatal(err)
	}
	if calls := w.botCalls(); len(calls) > 0 || strings.Count(log.String(), "is archived") != 1 {
		t.Errorf("%d calls, log:\n%s", len(calls), log)
	}
}

// TestSpared: a restricted label that somebody puts on while a neighbour of its group is on its way stays.
func TestSpared(t *testing.T) {
	s := &story.Story{Header: map[string]string{"author": "alice", "write": "bob", "labels": "kind/dd", "repo-labels": strings.Join(stale.Labels, ", ")},
		Body: "x\n", Config: []byte("defaults:\n  plugins: {label: {restricted: {lifecycle/frozen: {roles: [maintainer]}}}}\n"), Steps: []*story.Step{{No: "1"}}}
	for who, stays := range map[string]bool{"stranger": true, "bob": false} {
		w := newWorld(t, s, []plugin.Plugin{label.Plugin{}, lifecycle.Plugin{}}, "\n", nil)
		w.sim.AddUser("stranger")
		w.sim.Comment(w.ref, who, "/lifecycle stale")
		w.deliver()
		var once sync.Once
		w.sim.Before(func(c githubsim.Call) {
			if c.As == bot && strings.HasSuffix(c.Path, "/labels") && c.Method == "POST" {
				once.Do(func() { w.sim.AddLabels(w.ref, "bob", stale.Frozen) })
			}
		})
		w.look()
		if got := w.sim.Issue(w.ref); got.HasLabel(stale.Frozen) != stays {
			t.Errorf("%s: %v", who, got.Labels)
		}
	}
}

// TestOwnCommands: who gives ddbot a token of their own account is told, once, why their commands do nothing.
func TestOwnCommands(t *testing.T) {
	w := small(t)
	log := logged(w)
	w.sim.Comment(w.ref, "bob", "/dd done part.1") // after this ddbot knows who it is
	w.settle()
	for range 3 {
		w.sim.Comment(w.ref, bot, "/dd done part")
		w.settle()
	}
	if n := strings.Count(log.String(), "acts as the same account"); n != 1 {
		t.Errorf("said %d times:\n%s", n, log)
	}
}
