package plan

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/template"
)

// TestMove: a description moves to another version of its template, twice is once, and what a person saved at that very moment moves,
// too.
func TestMove(t *testing.T) {
	old, now := pair(t)
	body := strings.Replace(old.Text[old.Outline().Front:], "- [ ] ", "- [x] ", 1)
	key := mustList(t, body).Items()[0].Key
	ops := []checklist.Op{{Kind: checklist.OpNote, Key: key, Text: "https://example.org/one"}, Moving(now)}
	sent, err := apply(body, ops...)
	if err != nil || sent == body || !strings.Contains(sent, "https://example.org/one") {
		t.Fatalf("%v:\n%s", err, sent)
	}
	if again, err := apply(sent, Moving(now)); err != nil || again != sent {
		t.Errorf("twice is not once: %v", err)
	}
	lost := strings.Replace(body, "\n- [ ] ", "\n- [x] ", 1) + "\nA person's words.\n"
	got, left := rebase(Rebase{Base: body, Lost: lost, Sent: sent, Ops: ops}, sent)
	if len(left.lines)+len(left.back)+len(left.ops) > 0 || !strings.Contains(got, "A person's words.") || strings.Count(got, "[x]") != strings.Count(lost, "[x]") {
		t.Errorf("left %+v:\n%s", left, got)
	}
	if so, known := holds(sent, Moving(now)); !so || !known {
		t.Error("the text is moved already")
	}
	if got := Describe(sent, Moving(now)); got != "move to another template" {
		t.Error(got)
	}
}

// pair are an older version of the application for graduation and the newest.
func pair(t *testing.T) (old, now *template.Version) {
	for i, v := range template.Versions() {
		if v.Kind == template.Application && v.Level == template.Graduation {
			if old == nil && v.Date > "2025-06" {
				old = &template.Versions()[i]
			}
			now = &template.Versions()[i]
		}
	}
	if old == nil || old == now {
		t.Fatal("there are no two versions")
	}
	return old, now
}

func mustList(t *testing.T, body string) *checklist.List {
	list, err := checklist.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
