package scripttest

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/story"
	"github.com/ddbot/ddbot/plugins"
)

// TestRunsThatDie: people give commands in any order, and edit and label by hand meanwhile, while the runs of an Action die at any
// of their requests, get started again, or never start. In the end the issue is as if none had died, and each command was answered
// once. What people do by hand here is beside what they ask the bot for: else it matters who is first.
// DDBOT_TEST_SEED repeats one story, DDBOT_TEST_RUNS sets how many there are.
func TestRunsThatDie(t *testing.T) {
	eachSeed(t, 100, 20, func(t *testing.T, seed uint64) { newHistory(seed).check(t) })
}

// TestRunThatDied are such stories that once ended differently.
func TestRunThatDied(t *testing.T) {
	after := func(n int) []kill { return []kill{{nth: n - 1, when: afterSent}} }
	for name, moves := range map[string][]move{
		"the next command would have been in the same request": {
			{who: "bob", text: "/dd done first.1", fates: after(4), lost: true}, {who: "bob", text: "/milestone v1"},
		},
		"a reply, and the issue looks different since": {
			{who: "alice", text: "/close", fates: after(2), lost: true}, {who: "bob", text: "/assign @carol", lost: true},
			{hand: "alice adds a line", by: addLine, fates: after(20)},
		},
		"the status comment was there before, and another program edits": {
			{who: "bob", text: "/dd/status in-voting"}, {who: "owner", text: "/dd ask one?\n/dd answer Q1 two\n/dd done first.1", lost: true},
			{hand: "another program edits", by: otherProgram(3)}, {hand: "alice adds a line", by: addLine},
		},
		"another program labels, and what a person saved is not put back yet": {
			{who: "owner", text: "/dd done first.1", saves: true, fates: []kill{{nth: 3, when: afterSent}}, lost: true},
			{hand: "another program labels", by: otherProgram(1)}, {who: "owner", text: "/milestone v1"},
		},
		"two closings at once": {{who: "bob", text: "/close not-planned", lost: true}, {who: "bob", text: "/close"}},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range moves {
				moves[i].wait = 10 * time.Second
			}
			(&history{moves: moves, eol: "\n"}).check(t)
		})
	}
}

// check plays it twice.
func (h *history) check(t *testing.T) {
	t.Helper()
	want := h.play(t, false)
	if d := cmp.Diff(want, h.play(t, true)); d != "" {
		t.Errorf("ends differently (-no run died +some died):\n%s\nwhat happened:\n%s", d, strings.Join(h.trace, "\n"))
	}
}

// history is what people do, and what becomes of each run.
type history struct {
	seed  uint64
	moves []move
	eol   string
	trace []string
}

type move struct {
	who, text string        // a comment
	by        func(*world)  // something by hand
	hand      string        // its name
	wait      time.Duration // before it
	fates     []kill        // of the run that it starts, one after the other
	lost      bool          // GitHub cancels the last of them
	saves     bool          // somebody saves the description just before the next edit of a run
}

var asked = []string{
	"/dd done first.1", "/dd done first.2 https://example.org/a", "/dd undo first.1", "/dd undo first", "/dd done second",
	"/dd note second.1 It is so.", "/dd note second.2 --replace It was so.", "/dd done nowhere", "/dd dnoe first.1", "/dd status", "/dd items",
	"/kind bug", "/remove-kind bug", "/kind feature", "/kind strange", "/close", "/reopen", "/close not-planned", "/lifecycle frozen", "/remove-lifecycle frozen",
	"/retitle Another title", "/retitle A third title", "/assign", "/unassign", "/assign @carol", "/unassign @carol", "/milestone v1", "/milestone clear",
	"/dd/status in-voting", "/dd/status complete", "/remove-dd/status in-voting",
	"/dd done first.1\n/kind bug\n/close", "/reopen\n/dd undo first.1\n/remove-kind bug", "/dd done first.1\n/dd done nowhere", "/dd done second.1\n/dd undo second.1",
	"/dd ask first.1 which version?", "/dd ask who knows?\nAnd since when?", "/dd answer Q1 the last one", "/dd close Q1", "/dd claim first.1", "/dd claim second by +1w",
	"/dd release first.1", "/dd assign first.2 @carol by +2w", "/dd due kickoff +1w", "/dd finding first.2 it is not two", "/dd finding blocking all is wrong", "/dd close F1",
	"/dd sponsor me", "/dd sponsor none me", "/dd coi none", "/dd team add @carol", "/dd team remove @carol", "/dd adopter add finance", "/dd adopter A1 contacted",
	"/dd link first.1 https://example.org/b", "/dd unlink first.1 https://example.org/b", "/dd snooze", "/dd ask one?\n/dd answer Q1 two\n/dd done first.1",
}

func newHistory(seed uint64) *history {
	rng := rand.New(rand.NewPCG(seed, 10))
	h := &history{seed: seed, eol: []string{"\n", "\r\n"}[rng.IntN(2)]}
	for n := range 3 + rng.IntN(6) {
		m := move{wait: time.Duration(1+rng.IntN(20)) * time.Second}
		switch rng.IntN(7) {
		case 6:
			m.hand, m.by = "another program of the same account does something", otherProgram(rng.IntN(4))
		case 0:
			m.hand, m.by = "alice adds a line", addLine
		case 1:
			m.hand = "bob labels it"
			m.by = func(w *world) { w.sim.AddLabels(w.ref, "bob", fmt.Sprintf("odd%d", n%3)) }
		default:
			m.who = []string{"alice", "bob", "bob", "owner", "mallory"}[rng.IntN(5)]
			m.text = asked[rng.IntN(len(asked))]
		}
		for range rng.IntN(3) {
			m.fates = append(m.fates, kill{nth: rng.IntN(9), when: []moment{beforeSent, afterSent}[rng.IntN(2)], all: true})
		}
		m.saves = rng.IntN(4) == 0 && !slices.ContainsFunc(h.moves, func(m move) bool { return m.saves })
		m.lost = m.text != "" && rng.IntN(3) == 0
		h.moves = append(h.moves, m)
	}
	return h
}

// otherProgram is what a program does that acts as the account of the workflow, as github-actions[bot] does for all.
func otherProgram(what int) func(*world) {
	return func(w *world) {
		switch what {
		case 0:
			w.sim.Comment(w.ref, bot, "The build passed.")
		case 1:
			w.sim.AddLabels(w.ref, bot, "odd1")
		case 2:
			if n := len(w.comments); n > 0 {
				w.sim.React(w.comments[n-1], bot, "rocket")
			}
		default:
			w.sim.EditBody(w.ref, bot, "A line of the build."+w.eol+w.eol+w.sim.Issue(w.ref).Body)
		}
	}
}

func addLine(w *world) {
	w.sim.EditBody(w.ref, "alice", "One more line."+w.eol+w.eol+w.sim.Issue(w.ref).Body)
}

// TestServedAlike: the same histories with a server, undisturbed and killed at any of its requests: the issue ends as with the Action.
func TestServedAlike(t *testing.T) {
	eachSeed(t, 60, 20, func(t *testing.T, seed uint64) {
		h := newHistory(seed)
		// Another program with the account of an Action is, to a server, one of somebody else.
		h.moves = slices.DeleteFunc(h.moves, func(m move) bool { return strings.HasPrefix(m.hand, "another program") })
		for i := range h.moves {
			h.moves[i].wait += 2 * time.Minute // an event that is younger may lag behind what a server wrote, and it does not complain then
		}
		want := h.play(t, false)
		if d := cmp.Diff(want, h.served(t, nil)); d != "" {
			t.Errorf("ends differently (-Action +server):\n%s\nwhat happened:\n%s", d, strings.Join(h.trace, "\n"))
		}
		rng := rand.New(rand.NewPCG(seed, 11))
		k := &kill{nth: rng.IntN(12), when: []moment{beforeSent, afterSent}[rng.IntN(2)]}
		if d := cmp.Diff(want, h.served(t, k)); d != "" {
			t.Errorf("ends differently (-Action +server, killed at %d %s):\n%s\nwhat happened:\n%s", k.nth, k.when, d, strings.Join(h.trace, "\n"))
		}
	})
}

// eachSeed plays so many random stories, each named by its seed, or the one of $DDBOT_TEST_SEED, or as many as $DDBOT_TEST_RUNS says.
func eachSeed(t *testing.T, runs, short int, play func(t *testing.T, seed uint64)) {
	t.Helper()
	first := 1
	if s, err := strconv.Atoi(os.Getenv("DDBOT_TEST_SEED")); err == nil {
		first, runs = s, 1
	} else if n, err := strconv.Atoi(os.Getenv("DDBOT_TEST_RUNS")); err == nil {
		runs = n
	} else if testing.Short() {
		runs = short
	}
	for seed := first; seed < first+runs; seed++ {
		t.Run(fmt.Sprintf("DDBOT_TEST_SEED=%d", seed), func(t *testing.T) {
			t.Parallel()
			play(t, uint64(seed))
		})
	}
}

// served plays it with a server.
func (h *history) served(t *testing.T, k *kill) string {
	w := newWorldOf(t, h.story(), plugins.All(), h.eol, k, nil)
	w.settle()
	h.trace = nil
	for _, m := range h.moves {
		w.sim.Clock().Advance(m.wait)
		if m.by != nil {
			h.note("%s", m.hand)
			m.by(w)
		} else {
			h.note("%s: %q", m.who, m.text)
			w.comments = append(w.comments, w.sim.Comment(w.ref, m.who, m.text))
		}
		if m.saves {
			w.sim.EditBody(w.ref, "alice", saved+h.eol+h.eol+w.sim.Issue(w.ref).Body)
		}
		w.sim.Clock().Advance(startup)
		w.settle()
	}
	w.sim.Clock().Advance(time.Hour)
	w.settle()
	return h.seen(w)
}

func (h *history) story() *story.Story {
	return &story.Story{Header: map[string]string{
		"author": "alice", "write": "bob", "admin": "owner", "read": "carol, mallory", "labels": "kind/dd", "milestones": "v1",
		"repo-labels": "kind/bug, kind/feature, odd0, odd1, odd2, lifecycle/frozen, dd/status/in-voting, dd/status/complete",
	}, Body: "## First\n\n- [ ] It is one\n- [ ] It is two\n\n## Second\n\n- [ ] It is three\n- [x] It is four\n\n", Steps: []*story.Step{{No: "1"}}}
}

func (h *history) play(t *testing.T, die bool) string {
	w := newWorldOf(t, h.story(), plugins.All(), h.eol, nil, &workflow{})
	w.runs()
	h.trace = nil
	var save func() error
	defer w.sim.After(func(c githubsim.Call) {
		if c.As == bot && c.Method != http.MethodGet {
			h.note("    %s %s", c.Path, strings.TrimSpace(c.Body))
		}
	})()
	for _, m := range h.moves {
		w.sim.Clock().Advance(m.wait)
		if m.saves {
			h.note("alice will save a page")
			once := false
			save = func() error {
				if once {
					return nil
				}
				once = true
				h.note("alice saves")
				return w.sim.Try(func() { w.sim.EditBody(w.ref, "alice", saved+h.eol+h.eol+w.sim.Issue(w.ref).Body) })
			}
			w.at(http.MethodPatch, save)
		}
		if m.by != nil {
			h.note("%s", m.hand)
			m.by(w)
		} else {
			h.note("%s: %q", m.who, m.text)
			w.comments = append(w.comments, w.sim.Comment(w.ref, m.who, m.text))
		}
		w.deliver()
		for len(w.workflow.events) > 0 {
			e := w.workflow.events[0]
			w.workflow.events = w.workflow.events[1:]
			w.sim.Clock().Advance(startup)
			var fates []kill
			if die {
				fates = m.fates
			}
			for i := range fates {
				w.kill = &kill{nth: fates[i].nth, when: fates[i].when, all: true}
				_, err := w.oneRun(e.Event, e.Payload)
				if !w.kill.dead() && err != nil {
					t.Fatal(err)
				}
				h.note("  run, killed at %d %s: %v", w.kill.nth, w.kill.when, w.kill.dead())
				w.sim.Clock().Advance(startup)
			}
			w.kill = nil
			if die && m.lost {
				h.note("  run lost")
				continue
			}
			if _, err := w.oneRun(e.Event, e.Payload); err != nil {
				t.Fatal(err)
			}
			w.deliver()
		}
	}
	if save != nil { // no run has edited it since
		if err := save(); err != nil {
			t.Fatal(err)
		}
	}
	w.sim.Clock().Advance(time.Hour)
	if _, err := w.oneRun("schedule", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	return h.seen(w)
}

// saved is the line that a person adds while a run is at work.
const saved = "Saved meanwhile."

func (h *history) saves() bool {
	return slices.ContainsFunc(h.moves, func(m move) bool { return m.saves })
}

func (h *history) note(format string, args ...any) {
	h.trace = append(h.trace, fmt.Sprintf(format, args...))
}

var reStamp = regexp.MustCompile(`ddbot:[a-z]+=[^ ]*\d{8}t\d{6}[^ ]*`)

var reStages = regexp.MustCompile(`(?s)\n\n<details><summary>Stages so far.*?</details>`)

// seen is the issue as people see it. Who was answered first is left open.
func (h *history) seen(w *world) string {
	i := w.sim.Issue(w.ref)
	if i.State == issue.Open {
		i.StateReason = "" // "reopened" if it ever was: closed and opened at once is nothing
	}
	if n := strings.Count(i.Body, saved); n != 1 && h.saves() {
		w.t.Errorf("what a person saved is there %d times:\n%s\nwhat happened:\n%s", n, i.Body, strings.Join(h.trace, "\n"))
	}
	i.Body = strings.Replace(i.Body, saved+h.eol+h.eol, "", 1) // where it stands matters to nobody
	slices.Sort(i.Labels)
	slices.Sort(i.Assignees)
	var said []string
	for _, c := range i.Comments {
		if state, err := diligence.Parse(c.Body); err != nil || diligence.Sound(state) != nil {
			w.t.Errorf("the state breaks its laws: %v, %v\nwhat happened:\n%s", err, diligence.Sound(state), strings.Join(h.trace, "\n"))
		}
		slices.SortFunc(c.Reactions, func(a, b githubsim.Reaction) int { return strings.Compare(a.Content, b.Content) })
		text := fmt.Sprintf("-- %s %v\n%s\n", c.Author, c.Reactions, c.Body)
		for n, id := range w.comments {
			text = strings.ReplaceAll(text, fmt.Sprintf("=c%d", id), fmt.Sprintf("=comment %d", n))
			text = strings.ReplaceAll(text, fmt.Sprintf("issuecomment-%d", id), fmt.Sprintf("comment %d", n))
		}
		// The state names comments, and stages that came and went at once are noted or not.
		text = reStages.ReplaceAllString(reState.ReplaceAllString(text, "(state)"), "")
		said = append(said, reStamp.ReplaceAllString(text, "(notice)"))
	}
	slices.Sort(said)
	return fmt.Sprintf("%s %s %s %v %v %v\n%s\n%s", i.Title, i.State, i.StateReason, i.Labels, i.Assignees, i.Milestone, i.Body, strings.Join(said, ""))
}
