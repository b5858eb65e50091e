package plan

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/issue"
)

const base = "# List\n\n- [ ] one\n- [ ] two\n- [ ] three\n\nThe end.\n"

// tick is ddbot's operation on an item of base.
func tick(t *testing.T, text string) checklist.Op {
	t.Helper()
	list, err := checklist.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range list.Items() {
		if it.Text == text {
			return checklist.Op{Kind: checklist.OpTick, Key: it.Key, To: true}
		}
	}
	t.Fatal("no item " + text)
	return checklist.Op{}
}

// TestRebase: a person saved at the moment when ddbot wrote, and perhaps somebody once more. Both are there afterwards; what cannot
// be put together is told.
func TestRebase(t *testing.T) {
	edit := strings.NewReplacer
	for _, c := range []struct {
		name string
		lost func(string) string // what the person made of base, which ddbot overwrote
		live func(string) string // what became of ddbot's text since
		want string
		told []string // in the answer
	}{
		{"the same moment", edit("The end.", "The very end.").Replace, same, edit("[ ] two", "[x] two", "The end.", "The very end.").Replace(base), nil},
		{"a box beside ours", edit("[ ] three", "[x] three").Replace, same, edit("[ ] two", "[x] two", "[ ] three", "[x] three").Replace(base), nil},
		{"a new item above", edit("- [ ] one", "- [ ] zero\n- [ ] one").Replace, same, edit("- [ ] one", "- [ ] zero\n- [ ] one", "[ ] two", "[x] two").Replace(base), nil},
		{"they ticked the same", edit("[ ] two", "[x] two").Replace, same, edit("[ ] two", "[x] two").Replace(base), nil},
		{"they removed our item", edit("- [ ] two\n", "").Replace, same, edit("- [ ] two\n", "").Replace(base), []string{"I kept their text, and this is not in it any more: `tick list.2 two`"}},
		{"they reworded our item", edit("two", "two or more").Replace, same, edit("two", "two or more").Replace(base), []string{"I kept their text", "two"}},
		{
			"somebody wrote once more, elsewhere", edit("The end.", "The very end.").Replace, edit("[ ] one", "[x] one").Replace,
			edit("[ ] one", "[x] one", "[ ] two", "[x] two", "The end.", "The very end.").Replace(base), nil,
		},
		{
			"somebody wrote the same once more", edit("The end.", "The very end.").Replace, edit("The end.", "The very end.").Replace,
			edit("[ ] two", "[x] two", "The end.", "The very end.").Replace(base), nil,
		},
		{
			"somebody wrote the same and more", edit("The end.", "The very end.").Replace, edit("The end.", "The very end.\nReally.").Replace,
			edit("[ ] two", "[x] two", "The end.", "The very end.\nReally.").Replace(base), nil,
		},
		{
			"both changed one line", edit("The end.", "The good end.").Replace, edit("The end.", "The bad end.").Replace,
			edit("[ ] two", "[x] two", "The end.", "The bad end.").Replace(base),
			[]string{"Somebody and I changed the description at the same moment", "Lines that were overwritten", "\n    The good end."},
		},
		{
			"one removed a line that the other changed", edit("The end.\n", "").Replace, edit("The end.", "The bad end.").Replace,
			edit("[ ] two", "[x] two", "The end.", "The bad end.").Replace(base), nil,
		},
		{
			"they moved a line", edit("- [ ] one\n- [ ] two\n- [ ] three\n", "- [ ] three\n- [ ] one\n- [ ] two\n").Replace, edit("The end.", "More.").Replace,
			edit("- [ ] one\n- [ ] two\n- [ ] three\n", "- [ ] three\n- [ ] one\n- [x] two\n", "The end.", "More.").Replace(base), nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			ops := []checklist.Op{tick(t, "two")}
			sent := Redo(base, ops)
			w := NewDraft(issue.Snapshot{Body: c.live(sent)})
			w.Begin(Answer{ID: "b1"})
			if err := w.Fold([]Effect{Rebase{Base: base, Lost: c.lost(base), Sent: sent, Ops: ops}}); err != nil {
				t.Fatal(err)
			}
			if w.Issue.Body != c.want {
				t.Errorf("the description is\n%s\nwant\n%s", w.Issue.Body, c.want)
			}
			told := strings.Join(w.Answers[0].Text, "\n")
			for _, want := range c.told {
				if !strings.Contains(told, want) {
					t.Errorf("it says %q, and not %q", told, want)
				}
			}
			if len(c.told) == 0 && told != "" {
				t.Errorf("it says %q", told)
			}
		})
	}
}

func same(s string) string { return s }

// TestRebaseOfRebase: ddbot's edit was a rebase itself, which holds somebody's text. That text is not lost to the next person.
func TestRebaseOfRebase(t *testing.T) {
	ops := []checklist.Op{tick(t, "two")}
	sent := strings.Replace(Redo(base, ops), "The end.", "The first person's end.", 1) // more than our operations
	lost := strings.Replace(base, "[ ] three", "[x] three", 1)
	body, left := rebase(Rebase{Base: base, Lost: lost, Sent: sent, Ops: ops}, sent)
	if want := strings.Replace(sent, "[ ] three", "[x] three", 1); body != want || len(left.lines)+len(left.back)+len(left.ops) > 0 {
		t.Errorf("%q, left %+v", body, left)
	}
	lost = strings.Replace(base, "The end.", "The second person's end.", 1)
	body, left = rebase(Rebase{Base: base, Lost: lost, Sent: sent, Ops: ops}, sent)
	if strings.Contains(body, "second") && strings.Contains(body, "first") || len(left.lines) != 1 {
		t.Errorf("%q, left %+v", body, left)
	}
}

// TestMissing: what a later save took back is what had been there; whoever removed or reworded the item meant to.
func TestMissing(t *testing.T) {
	ops := []checklist.Op{tick(t, "two"), {Kind: checklist.OpNote, Key: tick(t, "one").Key, Text: "a note"}}
	done := Redo(base, ops)
	for name, c := range map[string]struct {
		before, after string
		want          string
	}{
		"all of it":          {done, base, "tick list.2 two; a note"},
		"nothing":            {done, done, ""},
		"the tick":           {done, strings.Replace(done, "[x] two", "[ ] two", 1), "tick list.2 two"},
		"it was not there":   {base, base, ""},
		"the item went, too": {done, strings.Replace(done, "- [x] two\n", "", 1), ""},
	} {
		var got []string
		for _, op := range Missing(c.before, c.after, ops) {
			got = append(got, Describe(c.before, op))
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%s: %q, want %q", name, s, c.want)
		}
	}
	off, unnote := tick(t, "two"), checklist.Op{Kind: checklist.OpUnnote, Key: ops[1].Key, Text: "a note"}
	off.To = false
	if got := Describe(done, off) + ", " + Describe(done, unnote) + ", " + Describe("nothing here", off); got != "untick list.2 two, remove a note, untick two" {
		t.Error(got)
	}
}

// TestRedo leaves out what has no place any more, and does the rest.
func TestRedo(t *testing.T) {
	gone := tick(t, "one")
	gone.Key.Text = "nothing like it"
	if got := Redo(base, []checklist.Op{gone, tick(t, "three")}); got != strings.Replace(base, "[ ] three", "[x] three", 1) {
		t.Errorf("%q", got)
	}
}
