package scripttest

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins"
)

// TestOrder: GitHub does not promise to deliver in order. Whatever people do, in that order and some seconds apart, ends the
// same when the deliveries come in reverse: in one batch, or one after the other with a look of the bot after each.
func TestOrder(t *testing.T) {
	const header = "author: alice\nwrite: bob\nlabels: kind/dd, sig/storage\nrepo-labels: lifecycle/stale, lifecycle/frozen, kind/bug, kind/cleanup, needs-sig, " +
		"dd/status/waiting, dd/status/in-voting\nmilestones: v1, v2\n\n## Technical\n\n- [ ] One\n- [ ] Two\n"
	for name, acts := range map[string][]story.Action{
		"done, undo":                        {{Text: "alice comments", Data: "/dd done technical.1"}, {Text: "alice comments", Data: "/dd undo technical.1"}},
		"undo, done":                        {{Text: "alice comments", Data: "/dd undo technical"}, {Text: "alice comments", Data: "/dd done technical.2"}},
		"done with a note, undo":            {{Text: "alice comments", Data: "/dd done technical.1 see there"}, {Text: "alice comments", Data: "/dd undo technical.1"}},
		"done, unticked by hand":            {{Text: "bob comments", Data: "/dd done technical.1"}, {Text: "alice edits body", Data: "x => x"}, {Text: "alice comments", Data: "/dd undo technical.1"}},
		"stale, frozen":                     {{Text: "alice comments", Data: "/lifecycle stale"}, {Text: "alice comments", Data: "/lifecycle frozen"}},
		"frozen, stale":                     {{Text: "alice comments", Data: "/lifecycle frozen"}, {Text: "bob comments", Data: "/lifecycle stale"}},
		"stale, frozen by hand":             {{Text: "alice comments", Data: "/lifecycle stale"}, {Text: "bob labels lifecycle/frozen"}},
		"stale, not stale":                  {{Text: "alice comments", Data: "/lifecycle stale"}, {Text: "alice comments", Data: "/remove-lifecycle stale"}},
		"not stale, stale":                  {{Text: "alice comments", Data: "/remove-lifecycle stale"}, {Text: "alice comments", Data: "/lifecycle stale"}},
		"words, stale":                      {{Text: "alice comments", Data: "Hello."}, {Text: "bob comments", Data: "/lifecycle stale"}},
		"close, reopen":                     {{Text: "alice comments", Data: "/close"}, {Text: "alice comments", Data: "/reopen"}},
		"reopen, close":                     {{Text: "alice comments", Data: "/reopen"}, {Text: "alice comments", Data: "/close not-planned"}},
		"close, reopened by hand":           {{Text: "alice comments", Data: "/close"}, {Text: "bob closes"}, {Text: "bob reopens"}},
		"assign, unassign":                  {{Text: "alice comments", Data: "/assign bob"}, {Text: "alice comments", Data: "/unassign bob"}},
		"unassign, assign":                  {{Text: "alice comments", Data: "/unassign bob"}, {Text: "alice comments", Data: "/assign bob"}},
		"retitle, retitle":                  {{Text: "alice comments", Data: "/retitle First"}, {Text: "bob comments", Data: "/retitle Second"}},
		"milestone, milestone":              {{Text: "bob comments", Data: "/milestone v1"}, {Text: "bob comments", Data: "/milestone v2"}},
		"kind, kind":                        {{Text: "bob comments", Data: "/kind bug"}, {Text: "bob comments", Data: "/remove-kind bug"}},
		"stage, stage":                      {{Text: "bob comments", Data: "/dd/status waiting"}, {Text: "bob comments", Data: "/dd/status in-voting"}},
		"labelled, unlabelled by hand":      {{Text: "bob labels needs-sig"}, {Text: "bob unlabels sig/storage"}, {Text: "bob labels sig/storage"}},
		"unlabelled by hand":                {{Text: "bob labels sig/storage"}, {Text: "bob unlabels sig/storage"}},
		"closed and reopened, with a guard": {{Text: "bob closes"}, {Text: "bob reopens"}},
		"note, replaced":                    {{Text: "alice comments", Data: "/dd note technical.1 one"}, {Text: "alice comments", Data: "/dd note technical.1 --replace two"}},
		"note, removed":                     {{Text: "alice comments", Data: "/dd note technical.1 one"}, {Text: "alice comments", Data: "/dd note technical.1 --remove"}},
		"three":                             {{Text: "alice comments", Data: "/dd done all"}, {Text: "bob comments", Data: "/dd undo technical.2"}, {Text: "alice comments", Data: "/dd done technical.2\n/lifecycle frozen"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			played := func(pick func([]queue.Delivery) [][]queue.Delivery) string {
				w := outOfOrder(t, header, acts)
				for _, together := range pick(w.held()) {
					for _, d := range together {
						w.inbox.receive(d)
					}
					w.look()
					w.settle()
				}
				return reaction.ReplaceAllString(w.render(), "") // a command that is overruled has succeeded all the same
			}
			want := played(func(ds []queue.Delivery) [][]queue.Delivery { return [][]queue.Delivery{ds} })
			reversed := func(ds []queue.Delivery) [][]queue.Delivery { slices.Reverse(ds); return [][]queue.Delivery{ds} }
			if d := cmp.Diff(want, played(reversed)); d != "" {
				t.Errorf("in one batch, reversed (-in order +reversed):\n%s", d)
			}
			apart := func(ds []queue.Delivery) [][]queue.Delivery {
				slices.Reverse(ds)
				return slices.Collect(slices.Chunk(ds, 1))
			}
			if d := cmp.Diff(want, played(apart)); d != "" {
				t.Errorf("one by one, reversed (-in order +reversed):\n%s", d)
			}
		})
	}
}

// TestLateClosing: that an issue is closed is not said of one that is known to be open again.
func TestLateClosing(t *testing.T) {
	w := outOfOrder(t, "author: alice\nwrite: bob\nlabels: kind/dd\n\n- [ ] One\n", []story.Action{{Text: "bob comments", Data: "/assign bob"}, {Text: "bob closes"}, {Text: "bob reopens"}})
	ds := w.held()
	slices.Reverse(ds[1:]) // the first tells the bot who it is
	for _, d := range ds {
		w.inbox.receive(d)
		w.look()
		w.settle()
	}
	if c := w.sim.Comments(w.ref); len(c) != 1 {
		t.Errorf("it says %q", c[1].Body)
	}
}

var reaction = regexp.MustCompile(`(?m)^reaction: .*\n`)

// outOfOrder is a world in which people have acted, three seconds apart, and nothing was delivered yet.
func outOfOrder(t *testing.T, issue string, acts []story.Action) *world {
	s := &story.Story{Header: map[string]string{}, Steps: []*story.Step{{No: "1"}}}
	if err := s.ReadIssue(issue, 1); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, s, plugins.All(), "\n", nil)
	w.look()
	w.settle()
	w.sim.SetMode(githubsim.Hold)
	for _, a := range acts {
		w.sim.Clock().Advance(3 * time.Second)
		if err := w.act(a); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// held are the deliveries that wait; the simulator's own attempts at them come again later and are known then.
func (w *world) held() []queue.Delivery {
	var ds []queue.Delivery
	for _, d := range w.sim.Held() {
		e, ok, err := payload.Open(d.Event, d.Payload)
		if err != nil || !ok {
			continue
		}
		ds = append(ds, queue.Delivery{GUID: d.GUID, Key: e.Key, Event: d.Event, Payload: d.Payload, ReceivedAt: w.sim.Clock().Now()})
	}
	w.sim.Flush()
	w.deliver()
	w.inbox.forget(ds)
	return ds
}

// forget makes the inbox as if it had never seen these.
func (in *inbox) forget(ds []queue.Delivery) {
	for _, d := range ds {
		in.acknowledge(d.Key, []queue.Delivery{d})
		delete(in.guids, d.GUID)
	}
}
