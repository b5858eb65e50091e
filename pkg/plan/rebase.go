package plan

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// leftover is what a rebase could not bring together. It must be told, not dropped.
type leftover struct {
	lines []string       // of people, that fit nowhere any more
	back  []string       // lines that somebody had removed, and that are there again
	ops   []checklist.Op // of ddbot, on items that are not there any more
}

// rebase gives the body that holds both the person's overwritten text and what ddbot did, on top of what the live body
// has become since.
func rebase(e Rebase, live string) (body string, left leftover) {
	want := e.Lost
	if Redo(e.Base, e.Ops) != e.Sent {
		// Our edit was more than its operations: a rebase itself, which holds somebody else's text.
		want = merge(e.Base, e.Lost, e.Sent, &left)
	}
	want = Redo(want, e.Ops)
	for _, op := range undone(want, e.Ops) {
		if so, _ := holds(e.Sent, op); so {
			left.ops = append(left.ops, op)
		}
	}
	if live == e.Sent {
		return want, left
	}
	// The text has moved on once more. What the person did is the difference between what we sent and what the two
	// together should have been; it is laid over the newest text.
	return merge(e.Sent, live, want, &left), left
}

// merge lays what changed from base to other over the newer text that came from the same base, hunk by hunk. Where both
// changed the same lines, the newer text stays. A hunk that the newer text has already is not laid over it twice, and a
// line that moved in other stays where it is if the newer text changed it there.
func merge(base, newer, other string, left *leftover) string {
	now := udiff.Lines(base, newer)
	hunks := slices.DeleteFunc(udiff.Lines(base, other), func(h udiff.Edit) bool { return covered(h, base, newer, now) })
	_, conflicts := lay(now, hunks)
	stuck := map[string]bool{}
	for _, h := range conflicts {
		for _, l := range ownLines(base[h.Start:h.End], h.New) {
			stuck[unticked(l)] = true
		}
	}
	merged, _ := lay(now, withoutLines(hunks, stuck))
	body, err := udiff.Apply(base, merged)
	if err != nil {
		left.lines = append(left.lines, ownLines(other, newer)...)
		return newer
	}
	// What is left over shows in the end only: one half of a move may have fitted.
	for _, h := range hunks {
		left.lines = append(left.lines, ownLines(h.New, body)...)
	}
	for _, h := range conflicts {
		left.back = append(left.back, present(ownLines(base[h.Start:h.End], h.New), body)...)
	}
	return body
}

// lay adds hunks to edits and gives those that do not fit beside them.
func lay(edits, hunks []udiff.Edit) (merged, conflicts []udiff.Edit) {
	for _, h := range hunks {
		if both, ok := udiff.Merge(edits, []udiff.Edit{h}); ok {
			edits = both
		} else {
			conflicts = append(conflicts, h)
		}
	}
	return edits, conflicts
}

// withoutLines takes lines out of what the hunks insert.
func withoutLines(hunks []udiff.Edit, lines map[string]bool) []udiff.Edit {
	out := slices.Clone(hunks)
	for i, h := range out {
		var b strings.Builder
		for l := range strings.Lines(h.New) {
			if !lines[unticked(l)] {
				b.WriteString(l)
			}
		}
		out[i].New = b.String()
	}
	return out
}

var ticked = regexp.MustCompile(`(?m)^([ \t]*[-*+] \[)[xX ]\]`)

// unticked is what lines are known by wherever they stand, ticked or not.
func unticked(s string) string { return ticked.ReplaceAllString(strings.TrimSpace(s), "$1 ]") }

// covered tells whether the newer text has what the hunk does: one of its edits does the same and perhaps more, or what is
// new in the hunk is new there, too, wherever it stands, and what goes is not there.
func covered(hunk udiff.Edit, base, newer string, edits []udiff.Edit) bool {
	old := base[hunk.Start:hunk.End]
	fresh, gone := ownLines(hunk.New, old), ownLines(old, hunk.New)
	if len(fresh) > 0 && len(present(fresh, base)) == 0 && len(present(fresh, newer)) == len(fresh) && len(present(gone, newer)) == 0 {
		return true
	}
	return slices.ContainsFunc(edits, func(e udiff.Edit) bool {
		return e.Start <= hunk.Start && hunk.End <= e.End && strings.Contains("\n"+e.New, "\n"+hunk.New) &&
			!slices.ContainsFunc(gone, func(l string) bool { return strings.Contains(unticked(e.New), unticked(l)) })
	})
}

// Redo carries operations out on another text. One whose item is gone there is left out: to guess which item it is now
// could tick another one.
func Redo(body string, ops []checklist.Op) string {
	for _, op := range ops {
		if next, err := apply(body, op); err == nil {
			body = next
		}
	}
	return body
}

// Missing gives the operations that have no effect in body but had one in before: what a later save took back. Who removed
// or reworded the item meant to.
func Missing(before, body string, ops []checklist.Op) []checklist.Op {
	var gone []checklist.Op
	for _, op := range ops {
		was, _ := holds(before, op)
		is, known := holds(body, op)
		if was && !is && known {
			gone = append(gone, op)
		}
	}
	return gone
}

// undone gives the operations that a text does not hold.
func undone(body string, ops []checklist.Op) []checklist.Op {
	var out []checklist.Op
	for _, op := range ops {
		if so, _ := holds(body, op); !so {
			out = append(out, op)
		}
	}
	return out
}

// holds tells whether the text is already as the operation wants it. known is false where its item is not there: removed
// or reworded by a person.
func holds(body string, op checklist.Op) (so, known bool) {
	next, err := apply(body, op)
	return err == nil && next == body, err == nil
}

// ownLines are the lines of a text that another text does not have.
func ownLines(text, other string) []string {
	have := map[string]bool{}
	for l := range strings.Lines(other) {
		have[strings.TrimSpace(l)] = true
	}
	var own []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" && !have[l] {
			own = append(own, l)
		}
	}
	return own
}

// present are those of the lines that the text has.
func present(lines []string, text string) []string {
	missing := ownLines(strings.Join(lines, "\n"), text)
	return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return slices.Contains(missing, l) })
}

// Describe says in a few words what an operation did in a text.
func Describe(body string, op checklist.Op) string {
	item := op.Key.Text
	if list, err := checklist.Parse(body); err == nil {
		if it, ok := list.Find(op.Key); ok {
			item = it.Ref + " " + it.Text
		}
	}
	switch {
	case op.Kind == checklist.OpTick && op.To:
		return "tick " + item
	case op.Kind == checklist.OpTick:
		return "untick " + item
	case op.Kind == checklist.OpUnnote:
		return "remove " + op.Text
	case op.Kind == checklist.OpMove:
		return "move to another template"
	}
	return op.Text
}
