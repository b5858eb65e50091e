package plan

import (
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// rebase gives the body that holds both the person's overwritten text and ddbot's operations, on top of what the live
// body has become since. Lines of the person that fit nowhere any more are returned: they must be shown, not dropped.
func rebase(e Rebase, live string) (body string, lost []string) {
	want := Redo(e.Lost, e.Ops)
	if live == e.Sent {
		return want, nil
	}
	// The text has moved on once more. What the person did is the difference between what we sent and what the two
	// together should have been; it is laid over the newest text, hunk by hunk.
	merged := udiff.Lines(e.Sent, live)
	for _, hunk := range udiff.Lines(e.Sent, want) {
		both, ok := udiff.Merge(merged, []udiff.Edit{hunk})
		if !ok {
			lost = append(lost, ownLines(hunk.New, live)...)
			continue
		}
		merged = both
	}
	body, err := udiff.Apply(e.Sent, merged)
	if err != nil {
		return live, ownLines(want, live)
	}
	return body, lost
}

// Redo carries operations out on another text. One whose item is gone there is left out: to guess which item it is now
// could tick another one.
func Redo(body string, ops []checklist.Op) string {
	for _, op := range ops {
		if next, err := checklist.Apply(body, op); err == nil {
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
	next, err := checklist.Apply(body, op)
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
	case op.Kind == checklist.OpNote:
		return op.Text
	}
	return "new item " + op.Text
}
