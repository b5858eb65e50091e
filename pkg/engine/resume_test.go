package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// TestGrace: a reply whose sender got no answer may still be on its way to the page. It is looked for, GitHub is given three
// seconds, it is looked for once more, and only then it is sent again.
func TestGrace(t *testing.T) {
	for name, arrives := range map[string]bool{"it arrives late": true, "it never arrives": false} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			sent := ""
			r.sim.Before(func(c githubsim.Call) {
				if c.As == bot && strings.HasSuffix(c.Path, "/issues/{issue_number}/comments") && c.Method == "POST" {
					sent = c.Body
				}
			})
			r.fail(githubsim.CutBefore, postComment)
			r.comment("bob", "/dd status")
			if d := r.rests(); d != time.Second || sent == "" {
				t.Fatalf("the first attempt rests for %v, sent %q", d, sent)
			}
			r.writes()
			r.after(time.Second)
			if d := r.rests(); d != 3*time.Second {
				t.Errorf("the second attempt rests for %v, want three seconds from when it was missed", d)
			}
			r.after(2 * time.Second)
			if d := r.rests(); d != time.Second {
				t.Errorf("two seconds later it rests for %v, want the rest of the three", d)
			}
			if got := r.writes(); got != "" {
				t.Errorf("within the grace it writes %s", got)
			}
			if arrives {
				var c struct{ Body string }
				if err := json.Unmarshal([]byte(sent), &c); err != nil {
					t.Fatal(err)
				}
				r.comment(bot, c.Body)
			}
			r.after(time.Second)
			r.settle()
			if got := r.said(); len(got) != 1 || !strings.Contains(got[0], "items done") {
				t.Errorf("it says %q", got)
			}
		})
	}
}

// TestGraceOfEach: the three seconds are counted for each issue and each outage anew.
func TestGraceOfEach(t *testing.T) {
	r := newRig(t)
	for range 2 {
		r.fail(githubsim.CutBefore, postComment)
		r.comment("bob", "/dd status")
		r.rests()
		if d := r.rests(); d != 3*time.Second {
			t.Errorf("rests for %v", d)
		}
		r.after(time.Hour)
		r.settle()
	}
	if got := r.said(); len(got) != 2 {
		t.Errorf("it says %q", got)
	}
}

// TestResume: whatever request gets no answer, whether it took effect or not, another process finishes the plan, each thing once.
func TestResume(t *testing.T) {
	for _, c := range []struct{ name, command, match, want string }{
		{"an edit", "/dd done part", patchIssue, "[x] One"},
		{"labels", "/kind bug", postLabels, "kind/bug"},
		{"a label off", "/remove-kind dd", `^DELETE .*/labels/`, "labels: ;"},
		{"an exclusive label", "/lifecycle frozen", postLabels, "lifecycle/frozen;"},
		{"assigning", "/assign bob", `^POST .*/assignees$`, "carol, bob;"},
		{"unassigning", "/unassign carol", `^DELETE .*/assignees$`, "assignees: ;"},
		{"a reply", "/dd status", postComment, "comments: 1"},
		{"a reaction", "/dd done part.1", postReact, "reactions: 1"},
		{"closing", "/close", patchIssue, "closed"},
	} {
		for kind, took := range map[githubsim.Kind]string{githubsim.CutBefore: "it did not take effect", githubsim.CutAfter: "it took effect"} {
			t.Run(c.name+", "+took, func(t *testing.T) {
				r := newRig(t)
				r.sim.Assign(r.ref, "bob", "carol")
				r.sim.AddLabels(r.ref, "bob", "lifecycle/stale")
				r.settle()
				id := r.comment("bob", c.command)
				r.deliver()
				r.fail(kind, c.match)
				r.rests()
				r.start() // the process was killed
				r.after(time.Minute)
				if c.match == postComment && kind == githubsim.CutBefore {
					r.after(r.rests())
				}
				r.settle()
				i := r.sim.Issue(r.ref)
				reactions := 0
				for _, x := range i.Comments {
					if x.ID == id {
						reactions = len(x.Reactions)
					}
				}
				got := i.Body + "\n" + i.State + "\nlabels: " + strings.Join(slices.DeleteFunc(i.Labels, func(l string) bool {
					return l == "lifecycle/stale" || l == "kind/dd" && c.command != "/remove-kind dd"
				}), ", ") + ";\nassignees: " + strings.Join(i.Assignees, ", ") + ";\n"
				if n := len(r.said()); n == 1 {
					got += "comments: 1\n"
				} else if n+reactions != 1 {
					t.Errorf("%d comments, %d reactions", n, reactions)
				}
				if reactions == 1 {
					got += "reactions: 1\n"
				}
				if !strings.Contains(got, c.want) {
					t.Errorf("want %s, have\n%s", c.want, got)
				}
			})
		}
	}
}

// TestUndoneByPerson: an edit that took effect without an answer, and that a person changed since, is not made again: GitHub's
// history shows that it was. A reply a moment before does not blur that.
func TestUndoneByPerson(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct{ command, match string }{{"/kind bug", postLabels}, {"/dd done part.1", patchIssue}} {
		r.after(time.Hour)
		r.comment("bob", "/dd status")
		r.settle()
		r.fail(githubsim.CutAfter, c.match)
		r.comment("bob", c.command)
		r.rests()
		r.after(10 * time.Second)
		if c.match == postLabels {
			r.sim.RemoveLabel(r.ref, "bob", "kind/bug")
		} else {
			r.sim.EditBody(r.ref, "bob", strings.Replace(r.sim.Issue(r.ref).Body, "[x]", "[ ]", 1))
		}
		r.start()
		r.settle()
	}
	if i := r.sim.Issue(r.ref); i.HasLabel("kind/bug") || strings.Contains(i.Body, "[x]") {
		t.Errorf("made again: %v\n%s", i.Labels, i.Body)
	}
}

// TestEditMeanwhile: an edit that was perhaps sent and did not take effect is not sent as it was, but planned on the description as it
// is now: what a person wrote meanwhile is never gone, not for a moment.
func TestEditMeanwhile(t *testing.T) {
	r := newRig(t)
	r.fail(githubsim.CutBefore, patchIssue)
	r.comment("bob", "/dd done part.1")
	r.rests()
	r.after(time.Minute)
	r.sim.EditBody(r.ref, "alice", r.sim.Issue(r.ref).Body+"\nAlice wrote this.\n")
	r.start()
	r.sim.After(func(c githubsim.Call) {
		if c.As == bot && c.Method == "PATCH" && !strings.Contains(r.sim.Issue(r.ref).Body, "Alice wrote this.") {
			t.Error("alice's line is gone")
		}
	})
	r.settle()
	if body := r.sim.Issue(r.ref).Body; !strings.Contains(body, "[x] One") || strings.Count(body, "Alice wrote this.") != 1 {
		t.Errorf("the description:\n%s", body)
	}
}

// openPlan makes data the open plan of what waits.
func (r *rig) openPlan(data string) {
	r.Helper()
	r.deliver()
	c, err := r.db.Claim(r.Context(), r.key, 8)
	if err != nil {
		r.Fatal(err)
	}
	w, err := c.Next(r.Context())
	if err == nil {
		err = w.Save(r.Context(), []byte(data))
	}
	if err = errors.Join(err, c.Release(r.Context(), 0)); err != nil {
		r.Fatal(err)
	}
}

// TestPlanOfOthers: a plan of a newer ddbot waits for that, a broken one is our own failure, and a dry run finishes none.
func TestPlanOfOthers(t *testing.T) {
	r := newRig(t)
	r.comment("bob", "/dd done part")
	r.openPlan(`{"version":99,"requests":[{"kind":"fly"}]}`)
	if d := r.rests(); d != time.Minute {
		t.Errorf("a newer one rests for %v", d)
	}
	r.openPlan(`{`)
	var rest *queue.Snooze
	if err := r.handle(); err == nil || errors.As(err, &rest) || !strings.Contains(err.Error(), "read the saved plan") {
		t.Errorf("a broken one: %v", err)
	}
	r.openPlan(`{"version":1,"ref":{"Owner":"acme","Repo":"toc","Number":1},"requests":[{"kind":"fly"}]}`)
	if err := r.handle(); err == nil || errors.As(err, &rest) || !strings.Contains(err.Error(), `unknown kind of request "fly"`) {
		t.Errorf("an unknown request: %v", err)
	}
	r.engine.DryRun = true
	if d := r.rests(); d != time.Hour {
		t.Errorf("a dry run rests for %v", d)
	}
	if got := r.writes(); got != "" {
		t.Errorf("it writes %s", got)
	}
}

// TestDryRun says what would be sent, and sends nothing. It remembers nothing of it either, but for the books of who hears of all events:
// the run after it does all that it did not.
func TestDryRun(t *testing.T) {
	r := newRig(t)
	r.engine.DryRun = true
	r.engine.Seen = func(context.Context, engine.Memory, []event.Event, string, *plugin.Settings) ([]queue.Record, error) {
		return []queue.Record{{Kind: "book", ID: "page", Data: []byte("1")}}, nil
	}
	r.comment("bob", "/dd done part\n/kind bug")
	r.settle()
	if got := r.writes(); got != "" {
		t.Errorf("it writes %s", got)
	}
	for _, want := range []string{"dry run, not sent: PATCH issue body", "dry run, not sent: POST labels kind/bug", "dry run, not sent: POST reaction +1"} {
		if !strings.Contains(r.log.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &r.log)
		}
	}
	if _, err := r.db.Get(t.Context(), "book", "page"); err != nil {
		t.Errorf("the books: %v", err)
	}
	r.start()
	r.again("forwarded-", func(d githubsim.Delivery) bool { return d.Event == "issue_comment" })
	r.settle()
	if i := r.sim.Issue(r.ref); !strings.Contains(i.Body, "[x] One") || !i.HasLabel("kind/bug") || len(i.Comments[0].Reactions) != 1 {
		t.Errorf("the run after it did not do it: %+v\n%s", i, &r.log)
	}
}

// TestAnsweredBefore: the same comment in another delivery is not carried out again, nor on a database that forgot it where GitHub
// shows the answer.
func TestAnsweredBefore(t *testing.T) {
	r := newRig(t)
	r.comment("bob", "/dd done part.1")
	r.comment("bob", "/dd status")
	r.settle()
	r.writes()
	commented := slices.DeleteFunc(r.sim.Deliveries(), func(d githubsim.Delivery) bool { return d.Event != "issue_comment" })[:2]
	for _, d := range commented {
		r.queue(queue.Delivery{GUID: "forwarded-" + d.GUID, Event: d.Event, Payload: d.Payload})
	}
	r.settle()
	if got := r.writes(); got != "" {
		t.Errorf("forwarded once more, and it writes %s", got)
	}
	if err := r.db.Purge(r.Context(), r.now().Add(time.Second), engine.Perishable...); err != nil {
		t.Fatal(err)
	}
	for _, d := range commented {
		if err := r.db.PutAll(r.Context(), queue.Record{Kind: queue.RecordAsked, ID: "again-" + d.GUID, Data: []byte("1")}); err != nil {
			t.Fatal(err)
		}
		r.queue(queue.Delivery{GUID: "again-" + d.GUID, Event: d.Event, Payload: d.Payload})
	}
	r.settle()
	if got := r.writes(); got != "" {
		t.Errorf("asked for once more on an empty database, and it writes %s", got)
	}
	for _, d := range commented {
		r.queue(queue.Delivery{GUID: "catchup-" + d.GUID, Event: d.Event, Payload: d.Payload})
	}
	r.settle()
	if got := r.writes(); got != "" {
		t.Errorf("found as missed, and it writes %s", got)
	}
}
