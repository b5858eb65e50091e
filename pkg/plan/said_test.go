package plan

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/issue"
)

func second(n int64) time.Time { return time.Unix(1_000_000+n, 0) }

// TestStamp: of one second only comments can be told apart.
func TestStamp(t *testing.T) {
	for _, c := range []struct {
		a, b Stamp
		want bool
	}{
		{Stamp{At: second(1)}, Stamp{At: second(2)}, true},
		{Stamp{At: second(2)}, Stamp{At: second(1)}, false},
		{Stamp{At: second(1), Seq: 9}, Stamp{At: second(2), Seq: 1}, true},
		{Stamp{At: second(1), Seq: 1}, Stamp{At: second(1), Seq: 2}, true},
		{Stamp{At: second(1), Seq: 2}, Stamp{At: second(1), Seq: 2}, false},
		{Stamp{At: second(1), Seq: 0}, Stamp{At: second(1), Seq: 2}, false},
		{Stamp{At: second(1), Seq: 1}, Stamp{At: second(1), Seq: 0}, false},
	} {
		if got := c.a.Before(c.b); got != c.want {
			t.Errorf("%v before %v: %v", c.a, c.b, got)
		}
	}
}

// TestNewestWordWins: whatever the order in which two words about one part arrive, the newer one holds; about different parts both do.
func TestNewestWordWins(t *testing.T) {
	op := func(to bool) Effect {
		o := tick(t, "one")
		o.To = to
		return Checklist{Ops: []checklist.Op{o}}
	}
	alone := func(l string) Effect {
		return AddLabels{Labels: []string{l}, Exclusive: []string{"lifecycle/*"}}
	}
	for _, c := range []struct {
		name         string
		first, later Effect
		want         string
	}{
		{"titles", Retitle{"A"}, Retitle{"B"}, "title B"},
		{"close, reopen", Close{"completed"}, Reopen{}, "state open"},
		{"reopen, close", Reopen{}, Close{"completed"}, "state closed"},
		{"milestones", Milestone{"v2", 2}, Milestone{"v3", 3}, "milestone v3"},
		{"a label on, off", AddLabels{Labels: []string{"x"}}, RemoveLabels{Labels: []string{"X"}}, "labels kind/dd lifecycle/stale;"},
		{"a label off, on", RemoveLabels{Labels: []string{"kind/dd"}}, AddLabels{Labels: []string{"Kind/DD"}}, "labels kind/dd|Kind/DD"},
		{"two of a group", alone("lifecycle/frozen"), alone("lifecycle/rotten"), "labels kind/dd lifecycle/rotten;"},
		{"of a group, by name", alone("lifecycle/frozen"), AddLabels{Labels: []string{"lifecycle/stale"}}, "lifecycle/stale;"},
		{"assign, unassign", Assign{[]string{"bob"}}, Unassign{[]string{"BOB"}}, "assignees ann;"},
		{"unassign, assign", Unassign{[]string{"ann"}}, Assign{[]string{"ann"}}, "assignees ann;"},
		{"reviews", Review{[]string{"bob"}, true}, Review{[]string{"Bob"}, false}, "reviews map[bob:false]"},
		{"tick, untick", op(true), op(false), "[ ] one"},
		{"untick, tick", op(false), op(true), "[x] one"},
		{"different parts", Retitle{"A"}, Close{"completed"}, "title A; state closed"},
		{"so already", Retitle{"A"}, Stands{Retitle{"Old"}}, "title Old|title A"},
	} {
		for _, reversed := range []bool{false, true} {
			w := NewDraft(before())
			steps := []struct {
				at Stamp
				e  Effect
			}{{Stamp{At: second(1)}, c.first}, {Stamp{At: second(2)}, c.later}}
			if reversed {
				steps[0], steps[1] = steps[1], steps[0]
			}
			for _, s := range steps {
				w.At(s.at, true)
				if err := w.Fold([]Effect{s.e}); err != nil {
					t.Fatal(err)
				}
			}
			i := w.Issue
			got := fmt.Sprintf("title %s; state %s; milestone %s; labels %s; assignees %s; reviews %v; %s", i.Title, i.State, i.Milestone,
				strings.Join(i.Labels, " "), strings.Join(i.Assignees, " "), i.Reviews, i.Body)
			ok := false
			for _, want := range strings.Split(c.want, "|") {
				ok = ok || strings.Contains(got, want)
			}
			if c.name == "so already" {
				ok = strings.Contains(got, map[bool]string{false: "title A", true: "title Old"}[reversed])
			}
			if !ok {
				t.Errorf("%s, reversed %v: %s, want %s", c.name, reversed, got, c.want)
			}
			if w.Late() != reversed {
				t.Errorf("%s, reversed %v: late %v", c.name, reversed, w.Late())
			}
		}
	}
}

// TestNobodysWord: what follows from an event gives way to what people said, and stands in nobody's way.
func TestNobodysWord(t *testing.T) {
	w := NewDraft(before())
	w.At(Stamp{At: second(2)}, false)
	_ = w.Fold([]Effect{Retitle{"Ours"}})
	w.At(Stamp{At: second(1)}, true)
	if _ = w.Fold([]Effect{Retitle{"Theirs"}}); w.Issue.Title != "Theirs" {
		t.Errorf("it stands in the way: %s", w.Issue.Title)
	}
	w.Saying(false)
	w.At(Stamp{At: second(0)}, false)
	if _ = w.Fold([]Effect{Retitle{"Ours"}}); w.Issue.Title != "Theirs" {
		t.Errorf("it does not give way: %s", w.Issue.Title)
	}
}

// TestByHand: what people do by hand is a word about that part, too.
func TestByHand(t *testing.T) {
	text := strings.Replace(base, "[ ] one", "[x] one", 1)
	for _, c := range []struct {
		name string
		h    Happened
		then Effect // from before it
		want bool   // it is carried out
	}{
		{"a label", Happened{Label: "Kind/dd"}, RemoveLabels{Labels: []string{"kind/dd"}}, false},
		{"another label", Happened{Label: "x"}, RemoveLabels{Labels: []string{"kind/dd"}}, true},
		{"an assignee", Happened{Assignee: "bob"}, Assign{[]string{"Bob"}}, false},
		{"the state", Happened{State: true}, Close{"completed"}, false},
		{"the title", Happened{Title: true}, Retitle{"x"}, false},
		{"the milestone", Happened{Mile: true}, Milestone{}, false},
		{"a box", Happened{Old: new(base), New: new(text)}, Checklist{Ops: []checklist.Op{tick(t, "one")}}, false},
		{"another box", Happened{Old: new(base), New: new(text)}, Checklist{Ops: []checklist.Op{tick(t, "two")}}, true},
		{"a text without a list", Happened{Old: new(base), New: new("x")}, Checklist{Ops: []checklist.Op{tick(t, "two")}}, true},
	} {
		w := NewDraft(before())
		w.At(Stamp{At: second(2)}, true)
		w.Note(c.h)
		w.At(Stamp{At: second(1)}, true)
		_ = w.Fold([]Effect{c.then})
		if got := len(w.Requests()) > 0; got != c.want {
			t.Errorf("%s: carried out %v", c.name, got)
		}
	}
}

// TestSettled: notes stand beside each other, unless newer ones stand for all of their item.
func TestSettled(t *testing.T) {
	note := func(text string) checklist.Op {
		return checklist.Op{Kind: checklist.OpNote, Key: tick(t, "one").Key, Text: text}
	}
	for settles, want := range map[bool]int{false: 2, true: 1} {
		w := NewDraft(issue.Snapshot{Body: base})
		newer := Checklist{Ops: []checklist.Op{note("newer")}}
		if settles {
			newer.Settles = []checklist.Key{note("").Key}
		}
		w.At(Stamp{At: second(2)}, true)
		_ = w.Fold([]Effect{newer})
		w.At(Stamp{At: second(1)}, true)
		_ = w.Fold([]Effect{Checklist{Ops: []checklist.Op{note("older")}}})
		if got := strings.Count(w.Issue.Body, "er\n"); got != want || !strings.Contains(w.Issue.Body, "newer") {
			t.Errorf("settles %v: %d notes\n%s", settles, got, w.Issue.Body)
		}
	}
}

// TestTrim: what is kept is what may still be contradicted: a day, and not without end.
func TestTrim(t *testing.T) {
	day := int64(24 * 60 * 60)
	s := Said{"new": {At: second(day)}, "a day old": {At: second(0)}, "older": {At: second(-1)}}
	if got := s.Trim(); len(got) != 2 || got["a day old"].At.IsZero() || s.Newest().At != second(day) {
		t.Errorf("%v", got)
	}
	for n := range maxParts + 10 {
		s[fmt.Sprint(n)] = Stamp{At: second(day + int64(n) + 1)}
	}
	got := s.Trim()
	if _, oldest := got["9"]; len(got) != maxParts || oldest || got[fmt.Sprint(maxParts+9)].At.IsZero() {
		t.Errorf("%d are kept, the oldest %v", len(got), oldest)
	}
}

// TestSaidStored: what was said at one time is stored together, and comes back as it was; the form of before is read, too.
func TestSaidStored(t *testing.T) {
	at := func(s int) time.Time { return time.Date(2026, 11, 28, 8, 0, s, 0, time.UTC) }
	s := Said{"label:a": {At: at(1), Seq: 5}, "group:a*": {At: at(1), Seq: 5}, "state": {At: at(1), Seq: 6}, "title": {At: at(2)}}
	data, err := json.Marshal(s)
	want := `[{"at":"2026-11-28T08:00:01Z","seq":5,"parts":["group:a*","label:a"]},{"at":"2026-11-28T08:00:01Z","seq":6,"parts":["state"]},` +
		`{"at":"2026-11-28T08:00:02Z","parts":["title"]}]`
	if err != nil || string(data) != want {
		t.Fatalf("%v: %s", err, data)
	}
	before := `{"label:a":{"at":"2026-11-28T08:00:01Z","seq":5},"group:a*":{"at":"2026-11-28T08:00:01Z","seq":5},` +
		`"state":{"at":"2026-11-28T08:00:01Z","seq":6},"title":{"at":"2026-11-28T08:00:02Z"}}`
	for _, text := range []string{want, before} {
		var got Said
		if err := json.Unmarshal([]byte(text), &got); err != nil || !maps.Equal(got, s) {
			t.Errorf("%v: %v", err, got)
		}
	}
	for _, text := range []string{`null`, `[]`, `{}`} {
		var got Said
		if err := json.Unmarshal([]byte(text), &got); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", text, err, got)
		}
	}
	if err := json.Unmarshal([]byte(`[1]`), new(Said)); err == nil {
		t.Error("what is broken was read")
	}
}
