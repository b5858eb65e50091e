package decide

import (
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/fact"
)

// TestOverwritten: what an edit overwrote, as the history of the description tells.
func TestOverwritten(t *testing.T) {
	const open, done, saved, both = "- [ ] one\n", "- [x] one\n", "Hello.\n\n- [ ] one\n", "Hello.\n\n- [x] one\n"
	at := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	edit := func(minutes int, own bool, text string) fact.Edit {
		return fact.Edit{At: at.Add(time.Duration(minutes) * time.Minute), By: map[bool]string{true: "ddbot[bot]", false: "alice"}[own], Own: own, Text: &text}
	}
	list, err := checklist.Parse(open)
	if err != nil {
		t.Fatal(err)
	}
	ops := []checklist.Op{{Kind: checklist.OpTick, Key: list.Items()[0].Key, To: true}}
	for _, c := range []struct {
		name  string
		w     BodyEdit
		edits []fact.Edit // newest first
		lost  string
	}{
		{"as planned", BodyEdit{Base: open, Sent: done}, []fact.Edit{edit(10, true, done), edit(0, false, open)}, ""},
		{"a person's", BodyEdit{Base: open, Sent: done}, []fact.Edit{edit(10, true, done), edit(9, false, saved), edit(0, false, open)}, saved},
		{
			"the same text was written before, by another program", BodyEdit{Base: open, Sent: done},
			[]fact.Edit{edit(10, true, done), edit(9, false, saved), edit(7, false, open), edit(5, true, done), edit(4, false, "")}, saved,
		},
		{
			"the same text was written before, as planned", BodyEdit{Base: open, Sent: done},
			[]fact.Edit{edit(10, true, done), edit(9, false, saved), edit(7, false, open), edit(5, true, done), edit(0, false, open)}, saved,
		},
		{
			"it put right what one overwrote", BodyEdit{Base: saved, Sent: both},
			[]fact.Edit{edit(10, true, both), edit(10, true, done), edit(9, false, saved), edit(0, false, open)}, "",
		},
		{
			"another run's, at the same time", BodyEdit{Base: saved, Sent: both},
			[]fact.Edit{edit(10, true, both), edit(10, true, saved+"- [ ] two\n"), edit(9, false, saved), edit(0, false, open)}, saved + "- [ ] two\n",
		},
	} {
		c.w.Ops, c.w.Made = ops, at.Add(10*time.Minute)
		if lost, over := overwritten(c.edits, c.w); lost != c.lost || over != (c.lost != "") {
			t.Errorf("%s: lost %q, %v; want %q", c.name, lost, over, c.lost)
		}
	}
}
