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
	"github.com/ddbot/ddbot/plugins"
)

// TestOrder: GitHub does not promise to deliver in order. Whatever people do, in that order and some seconds apart, ends the
// same when the deliveries come in reverse: in one batch, or one after the other with a look of the bot after each.
func TestOrder(t *testing.T) {
	const header = "author: alice\nwrite: bob\nlabels: kind/dd, sig/storage\nrepo-labels: lifecycle/stale, lifecycle/frozen, kind/bug, kind/cleanup, needs-sig, " +
		"dd/status/waiting, dd/status/in-voting\nmilestones: v1, v2\n\n## Technical\n\n- [ ] One\n- [ ] Two\n"
	for name, acts := range map[string][]action{
		"done, undo":                        {{text: "alice comments", data: "/dd done technical.1"}, {text: "alice comments", data: "/dd undo technical.1"}},
		"undo, done":                        {{text: "alice comments", data: "/dd undo technical"}, {text: "alice comments", data: "/dd done technical.2"}},
		"done with a note, undo":            {{text: "alice comments", data: "/dd done technical.1 see there"}, {text: "alice comments", data: "/dd undo technical.1"}},
		"done, unticked by hand":            {{text: "bob comments", data: "/dd done technical.1"}, {text: "alice edits body", data: "x => x"}, {text: "alice comments", data: "/dd undo technical.1"}},
		"stale, frozen":                     {{text: "alice comments", data: "/lifecycle stale"}, {text: "alice comments", data: "/lifecycle frozen"}},
		"frozen, stale":                     {{text: "alice comments", data: "/lifecycle frozen"}, {text: "bob comments", data: "/lifecycle stale"}},
		"stale, frozen by hand":             {{text: "alice comments", data: "/lifecycle stale"}, {text: "bob labels lifecycle/frozen"}},
		"stale, not stale":                  {{text: "alice comments", data: "/lifecycle stale"}, {text: "alice comments", data: "/remove-lifecycle stale"}},
		"not stale, stale":                  {{text: "alice comments", data: "/remove-lifecycle stale"}, {text: "alice comments", data: "/lifecycle stale"}},
		"words, stale":                      {{text: "alice comments", data: "Hello."}, {text: "bob comments", data: "/lifecycle stale"}},
		"close, reopen":                     {{text: "alice comments", data: "/close"}, {text: "alice comments", data: "/reopen"}},
		"reopen, close":                     {{text: "alice comments", data: "/reopen"}, {text: "alice comments", data: "/close not-planned"}},
		"close, reopened by hand":           {{text: "alice comments", data: "/close"}, {text: "bob closes"}, {text: "bob reopens"}},
		"assign, unassign":                  {{text: "alice comments", data: "/assign bob"}, {text: "alice comments", data: "/unassign bob"}},
		"unassign, assign":                  {{text: "alice comments", data: "/unassign bob"}, {text: "alice comments", data: "/assign bob"}},
		"retitle, retitle":                  {{text: "alice comments", data: "/retitle First"}, {text: "bob comments", data: "/retitle Second"}},
		"milestone, milestone":              {{text: "bob comments", data: "/milestone v1"}, {text: "bob comments", data: "/milestone v2"}},
		"kind, kind":                        {{text: "bob comments", data: "/kind bug"}, {text: "bob comments", data: "/remove-kind bug"}},
		"stage, stage":                      {{text: "bob comments", data: "/dd/status waiting"}, {text: "bob comments", data: "/dd/status in-voting"}},
		"labelled, unlabelled by hand":      {{text: "bob labels needs-sig"}, {text: "bob unlabels sig/storage"}, {text: "bob labels sig/storage"}},
		"unlabelled by hand":                {{text: "bob labels sig/storage"}, {text: "bob unlabels sig/storage"}},
		"closed and reopened, with a guard": {{text: "bob closes"}, {text: "bob reopens"}},
		"note, replaced":                    {{text: "alice comments", data: "/dd note technical.1 one"}, {text: "alice comments", data: "/dd note technical.1 --replace two"}},
		"note, removed":                     {{text: "alice comments", data: "/dd note technical.1 one"}, {text: "alice comments", data: "/dd note technical.1 --remove"}},
		"three":                             {{text: "alice comments", data: "/dd done all"}, {text: "bob comments", data: "/dd undo technical.2"}, {text: "alice comments", data: "/dd done technical.2\n/lifecycle frozen"}},
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
	w := outOfOrder(t, "author: alice\nwrite: bob\nlabels: kind/dd\n\n- [ ] One\n", []action{{text: "bob comments", data: "/assign bob"}, {text: "bob closes"}, {text: "bob reopens"}})
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
func outOfOrder(t *testing.T, issue string, acts []action) *world {
	s := &script{header: map[string]string{}, steps: []*step{{no: "1"}}}
	if err := s.readIssue(issue); err != nil {
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
