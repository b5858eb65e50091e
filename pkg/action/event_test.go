package action_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/webhook/webhooktest"
	"github.com/ddbot/ddbot/plugins/assign"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/diligence"
	"github.com/ddbot/ddbot/plugins/label"
	"github.com/ddbot/ddbot/plugins/lifecycle"
	"github.com/ddbot/ddbot/plugins/milestone"
	"github.com/ddbot/ddbot/plugins/retitle"
)

// event has something happen and gives the event for which GitHub would start a workflow: the last one.
func (r *runs) event(happens func()) (d queue.Delivery) {
	r.Helper()
	stop := webhooktest.Connect(r.TB, r.sim, r.sim.Clock().Now, func(_ context.Context, got queue.Delivery) (bool, error) {
		d = got
		return true, nil
	})
	happens()
	if err := r.sim.Drain(r.Context()); err != nil {
		r.Fatal(err)
	}
	r.sim.SetMode(githubsim.Drop)
	stop()
	r.sim.Clock().Advance(3 * time.Second) // GitHub takes as long at least to start a run
	return d
}

// TestOwnEvent: a run does what its event asks for, once, however often it is started again; what is too old by then, or was edited by
// somebody else, it leaves alone and says so.
func TestOwnEvent(t *testing.T) {
	const tick = "/dd done all.1"
	comment := func(r *runs) { r.sim.Comment(r.ref, "alice", tick) }
	edit := func(r *runs) {
		id := r.sim.Comment(r.ref, "alice", "Words.")
		r.sim.Clock().Advance(time.Minute)
		r.sim.EditComment(id, "alice", tick)
	}
	edited := func(as string) func(*runs) {
		return func(r *runs) {
			id := r.sim.Comment(r.ref, "alice", "Words.")
			r.sim.Clock().Advance(time.Minute)
			r.sim.EditComment(id, as, tick)
			r.sim.Comment(r.ref, "alice", "More words.")
		}
	}
	opened := func(r *runs) {
		r.ref = r.sim.OpenIssue(repo, "alice", "Another", "- [ ] One holds\n\n"+tick+"\n", "kind/dd")
	}
	for _, c := range []struct {
		name    string
		happens func(*runs)
		later   time.Duration
		done    bool
		says    string
	}{
		{"a comment", comment, 0, true, ""},
		{"a comment, 29 days later", comment, 29 * 24 * time.Hour, true, ""},
		{"a comment, 31 days later", comment, 31 * 24 * time.Hour, false, "more than 30 days ago"},
		{"an edit that adds a command", edit, 0, true, ""},
		{"a command that a run has missed", func(r *runs) { comment(r); r.sim.Comment(r.ref, "alice", "Words.") }, 0, true, ""},
		{"one that its author put there later", edited("alice"), 0, true, ""},
		{"one that somebody else put there", edited("owner"), 0, false, "edited by somebody else"},
		{"the text of a new issue", opened, 0, true, ""},
		{"the text of an issue, two days later", opened, 48 * time.Hour, true, "more than a day ago"},
		{"a title that was changed, two days later", func(r *runs) { r.sim.EditTitle(r.ref, "alice", "Another") }, 48 * time.Hour, false, "more than a day ago"},
		{"a comment that is gone", func(r *runs) { r.sim.DeleteComment(r.sim.Comment(r.ref, "alice", tick), "alice") }, 0, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuns(t)
			d := r.event(func() { c.happens(r) })
			r.sim.Clock().Advance(c.later)
			for n := range 2 {
				report, err := r.run(d.Event, string(d.Payload))
				if err != nil {
					t.Fatal(err)
				}
				text := report.Markdown()
				if c.says != "" && !strings.Contains(text, c.says) {
					t.Errorf("it does not say %q:\n%s", c.says, text)
				}
				if wrote := r.writes(); (wrote > 0) != (c.done && n == 0) {
					t.Errorf("run %d writes %d times", n, wrote)
				}
			}
			if body := r.sim.Issue(r.ref).Body; strings.Contains(body, "[x] One") != c.done {
				t.Errorf("the description:\n%s", body)
			}
		})
	}
}

// writes counts the bot's writing calls since the last time.
func (r *runs) writes() (n int) {
	for _, c := range r.sim.Calls() {
		if wrote(c) {
			n++
		}
	}
	r.sim.ResetCalls()
	return n
}

func wrote(c githubsim.Call) bool {
	return c.As == bot && c.Changes()
}

// end is the issue as people see it, without what differs from one world to another.
func (r *runs) end() string {
	i := r.sim.Issue(r.ref)
	labels := slices.Sorted(slices.Values(i.Labels))
	out := fmt.Sprintf("%s %s %v %v %s\n%s", i.Title, i.State, labels, i.Assignees, i.Milestone, i.Body)
	for _, c := range i.Comments {
		first, _, _ := strings.Cut(c.Body, "\n")
		if strings.HasPrefix(first, "<!--") {
			first = "the status comment"
		}
		out += fmt.Sprintf("%s, %d reactions: %s\n", c.Author, len(c.Reactions), first)
	}
	return out
}

// TestKilled: a run may die after any of its requests. Whoever starts it once more, or the scheduled run after it, finishes what it
// began: the end is the same, and each thing is there once.
func TestKilled(t *testing.T) {
	plugins := []plugin.Plugin{
		assign.Plugin{}, dd.Plugin{}, diligence.Plugin{}, label.Plugin{}, lifecycle.Plugin{}, milestone.Plugin{}, retitle.Plugin{},
	}
	for _, c := range []struct{ name, command string }{
		{"an edit with all that it changes, a label, an assignment, and a reply",
			"/dd done all.1\n/retitle Moved up\n/milestone v1\n/close\n/kind bug\n/remove-kind dd\n/assign alice\n/dd status"},
		{"labels only", "/kind bug\n/remove-kind dd"},
		{"assignments", "/assign alice\n/unassign bob"},
		{"reopening and a label", "/reopen\n/kind bug"},
		{"an exclusive label", "/lifecycle frozen"},
		{"the status comment", "/dd ask when?"},
		{"an answer only", "/dd items"},
		{"two comments with answers only", "/dd items\n\n/dd status"},
		{"two comments", "/dd done all.1\n/kind bug\n\n/dd status\n/assign alice"},
		{"what takes back each other", "/unassign\n\n/assign bob\n\n/unassign"},
		{"what comes to nothing", "/assign alice\n\n/unassign alice"},
		{"an edit and the status comment", "/dd done all.1\n/dd ask all.2 why?"},
	} {
		for _, event := range []string{"its own", "schedule"} {
			t.Run(c.name+", "+event, func(t *testing.T) {
				want := ""
				for writes := 0; ; writes++ {
					r := newRuns(t)
					r.settings = plugin.DefaultSettings(plugins)
					d := r.told(c.command)
					if event == "schedule" {
						d = queue.Delivery{Event: "schedule", Payload: []byte("{}")}
						r.sim.Clock().Advance(time.Hour)
					}
					did := r.dies(writes, d)
					switch {
					case writes == 0:
						if want = r.end(); did == 0 {
							t.Fatalf("there is no request after which it can be killed:\n%s", want)
						}
					case did < writes:
						return
					}
					r.sim.Clock().Advance(time.Minute)
					for range 2 {
						if _, err := r.run(d.Event, string(d.Payload)); err != nil {
							t.Fatal(err)
						}
					}
					if got := r.end(); got != want {
						t.Errorf("killed after request %d, it ends with\n%s\nwant\n%s", writes, got, want)
					}
				}
			})
		}
	}
}

// told is the event of the last of some comments, on an issue on which much can be changed.
func (r *runs) told(comments string) queue.Delivery {
	r.Helper()
	r.sim.AddUser("bob")
	r.sim.SetRole(repo, "bob", "write")
	r.sim.AddMilestone(repo, "v1")
	r.sim.AddLabel(repo, "lifecycle/frozen", "lifecycle/stale")
	if strings.Contains(comments, "/lifecycle") {
		r.sim.AddLabels(r.ref, "owner", "lifecycle/stale")
	}
	r.sim.Assign(r.ref, "owner", "bob")
	if strings.Contains(comments, "/reopen") {
		r.sim.Close(r.ref, "owner", "completed")
	}
	r.sim.Clock().Advance(time.Minute)
	return r.event(func() {
		for text := range strings.SplitSeq(comments, "\n\n") {
			r.sim.Comment(r.ref, "bob", text)
		}
	})
}

// dies has a run die after so many of its requests that change something, 0 for not at all. It gives how many it made.
func (r *runs) dies(after int, d queue.Delivery) (did int) {
	r.Helper()
	ctx, kill := context.WithCancel(r.Context())
	defer kill()
	r.ctx = ctx
	defer func() { r.ctx = r.Context() }()
	defer r.sim.After(func(x githubsim.Call) {
		if wrote(x) {
			if did++; did == after {
				kill()
			}
		}
	})()
	if _, err := r.run(d.Event, string(d.Payload)); err != nil && after == 0 {
		r.Fatal(err)
	}
	return did
}
