package checklist

import "testing"

// TestTables: a table ends a list item's text only where GitHub makes one (each case was compared with cmark-gfm 0.29.0.gfm.6).
func TestTables(t *testing.T) {
	for body, want := range map[string]int{
		"- [ ] one\n- [ ] two\n|---|---|\n- [ ] three\n": 3, // the columns differ, and the line is lazy
		"- [ ] a\n:-\n":                       1,
		"- [ ] a\n|---|\n":                    1,
		"- [ ] a | b\n|---|---|\n":            1,
		"- [ ] a | b\n  |---|---|\n  x | y\n": 0, // the item's text is a table's header
		"- [ ] a\n  | b | c |\n  |---|---|\n  | - [ ] x | y |\n- [ ] z\n": 2,
		"> - [ ] a\n> |---|\n":                     1,
		"> - [ ] a | b\n>   ---|---\n":             0,
		"1. [ ] a\n   - [ ] b | c\n     ---|---\n": 1,
		"1. [ ] a\n   - [ ] b | c\n   ---|---\n":   2,
		"- [ ] a \\| b\n  |---|\n":                 0,
		"- [ ] `a | b`\n  ---|---\n":               0,
		"- [ ] a\n\t| b |\n\t|---|\n":              1,
	} {
		list, err := Parse(body)
		if err != nil || len(list.Items()) != want {
			t.Errorf("%q: %d items, want %d (%v)", body, len(list.Items()), want, err)
		}
	}
}
