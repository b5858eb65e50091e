package checklist

import (
	"fmt"
	"slices"

	"github.com/yuin/goldmark/ast"
)

// verify parses the result of an edit and compares all items with what was meant.
func (e *edit) verify(result string) error {
	got, err := Parse(result)
	if err != nil {
		return err
	}
	for i := range e.l.entries {
		if i == len(got.entries) || !e.asMeant(i, &got.entries[i]) || !got.bears(&got.entries[i], e.notes[i]) {
			return unsafe(e.l.entries[i].Text)
		}
	}
	if n := len(e.l.entries); n != len(got.entries) {
		return unsafe(got.entries[n].Text)
	}
	return nil
}

func unsafe(text string) *RefusedError {
	reason := fmt.Sprintf("The text around \"%s\" is written in a way that cannot be edited safely. Please edit it by hand.", tame(text))
	return &RefusedError{Reason: reason, unsafe: true}
}

// asMeant tells whether an item came out as it was, but for the intended change.
func (e *edit) asMeant(i int, got *entry) bool {
	old := &e.l.entries[i]
	checked := old.Checked
	if to, ok := e.ticks[i]; ok {
		checked = to
	}
	return got.Key == old.Key && got.Text == old.Text && got.Checked == checked && got.Depth == old.Depth &&
		got.Anchor == old.Anchor && got.parent == old.parent && slices.Equal(got.Section, old.Section) &&
		slices.Equal(without(got.raw, e.notes[i]), without(old.raw, e.gone[i]))
}

// bears tells whether the notes are bullets under an item, and nothing that was there became part of one.
func (l *List) bears(e *entry, notes []string) bool {
	var alone []string
	for c := e.para.NextSibling(); c != nil && len(notes) > 0; c = c.NextSibling() {
		for li := c.FirstChild(); li != nil && c.Kind() == ast.KindList; li = li.NextSibling() {
			if l.isNote(li) {
				alone = append(alone, source(li.FirstChild(), l.src))
			}
		}
	}
	return !slices.ContainsFunc(notes, func(n string) bool { return !slices.Contains(alone, n) })
}

// without takes the notes, each once, out of those found; nil when one is missing.
func without(found, notes []string) []string {
	if len(notes) == 0 {
		return found
	}
	rest := slices.Clone(found)
	for _, n := range notes {
		i := slices.Index(rest, n)
		if i < 0 {
			return []string{n + "?"}
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return rest
}
