package diligence

import (
	"fmt"
	"slices"
	"strings"
)

// Sound tells what is wrong with a state, nil if it keeps its laws: numbers count up, nobody owns an item twice or for nothing, nothing is
// linked twice, no stage follows itself, and what was written in one line was taken in once. Tests ask it after everything they do.
func Sound(s State) error {
	for i, q := range s.Questions {
		if q.No != i+1 {
			return fmt.Errorf("the question at %d is Q%d", i, q.No)
		}
	}
	for i, o := range s.Owners {
		if o.Who == "" && o.Due.IsZero() {
			return fmt.Errorf("nobody owns %q, on no day", o.Item.Text)
		}
		if slices.ContainsFunc(s.Owners[i+1:], func(x Owner) bool { return x.Item.Same(o.Item) }) {
			return fmt.Errorf("%q has two owners", o.Item.Text)
		}
	}
	for i, l := range s.Links {
		if slices.ContainsFunc(s.Links[i+1:], func(x Link) bool { return x.Item.Same(l.Item) && strings.EqualFold(x.To, l.To) }) {
			return fmt.Errorf("%q is linked twice to %s", l.Item.Text, l.To)
		}
	}
	for i, st := range s.Stages {
		if i > 0 && st.Value == s.Stages[i-1].Value {
			return fmt.Errorf("stage %q follows itself", st.Value)
		}
	}
	for _, list := range [][]string{froms(s.Questions, func(q Question) string { return q.From }), froms(s.Findings, func(f Finding) string { return f.From })} {
		if n := len(list); n != len(slices.Compact(slices.Sorted(slices.Values(list)))) {
			return fmt.Errorf("one line was taken in twice: %v", list)
		}
	}
	return nil
}

func froms[T any](list []T, of func(T) string) (out []string) {
	for _, x := range list {
		if f := of(x); f != "" {
			out = append(out, f)
		}
	}
	return out
}
