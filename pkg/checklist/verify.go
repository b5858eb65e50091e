package checklist

import (
	"fmt"
	"slices"

	"github.com/yuin/goldmark/ast"
)

// verify parses the result of an edit and compares all items with what was meant.
func (e *edit) verify(result string) error {
	got, err := read(result)
	if err != nil {
		return err
	}
	ends := e.ends()
	j := 0
	next := func() *entry {
		if j == len(got.entries) {
			return nil
		}
		j++
		return &got.entries[j-1]
	}
	for i := range e.l.entries {
		if g := next(); g == nil || !e.asMeant(i, g) || !got.bears(g, e.notes[i]) {
			return unsafe(e.l.entries[i].Text)
		}
		for _, after := range ends[i] {
			for _, text := range e.added[after] {
				if g := next(); g == nil || !isNew(g, got, &e.l.entries[after], text) {
					return unsafe(text)
				}
			}
		}
	}
	if j != len(got.entries) {
		return unsafe(got.entries[j].Text)
	}
	return nil
}

func unsafe(text string) *RefusedError {
	reason := fmt.Sprintf("The text around \"%s\" is written in a way that cannot be edited safely. Please edit it by hand.", tame(text))
	return &RefusedError{Reason: reason, unsafe: true}
}

// ends gives, by the last item nested in each, the items after which new ones were added; the innermost first.
func (e *edit) ends() map[int][]int {
	out := map[int][]int{}
	for i := range e.added {
		last := i
		for last+1 < len(e.l.entries) && e.l.entries[last+1].parent >= i {
			last++
		}
		out[last] = append(out[last], i)
	}
	for _, after := range out {
		slices.Sort(after)
		slices.Reverse(after)
	}
	return out
}

// asMeant tells whether an item came out as it was, but for the intended change.
func (e *edit) asMeant(i int, got *entry) bool {
	old := &e.l.entries[i]
	checked := old.Checked
	if to, ok := e.ticks[i]; ok {
		checked = to
	}
	return got.Key == old.Key && got.Text == old.Text && got.Checked == checked && got.Depth == old.Depth &&
		got.Anchor == old.Anchor && got.parent == e.shifted(old.parent) && slices.Equal(got.Section, old.Section) &&
		slices.Equal(without(got.raw, e.notes[i]), old.raw)
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

// shifted is where the item at an index of the old list stands in the new one.
func (e *edit) shifted(i int) int {
	if i < 0 || len(e.added) == 0 {
		return i
	}
	n := i
	for last, after := range e.ends() {
		if last < i {
			for _, a := range after {
				n += len(e.added[a])
			}
		}
	}
	return n
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

// isNew tells whether an item is the one that was to be added after another.
func isNew(got *entry, l *List, after *entry, text string) bool {
	return source(got.para, l.src) == "[ ] "+text && !got.Checked && got.Depth == after.Depth &&
		got.Key.Section == after.Key.Section && slices.Equal(got.Section, after.Section) && len(got.raw) == 0
}
