package plugin

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/plan"
)

type two struct{}

func (two) Name() string                        { return "two" }
func (two) Help() string                        { return "" }
func (two) Handle(Input) ([]plan.Effect, error) { return nil, nil }
func (two) Commands(any) []Command              { return []Command{{Name: "dd done"}, {Name: "lifecycle"}} }

// TestLookup: a slash and a blank are the same, and what follows the name is what is left.
func TestLookup(t *testing.T) {
	c := NewCatalog([]Plugin{two{}}, nil, "")
	for _, tc := range []struct {
		words      []string
		rest       string
		name, args string
		found      bool
		known      bool
	}{
		{[]string{"dd"}, "done x y", "dd done", "x y", true, true},
		{[]string{"dd", "done"}, "x y", "dd done", "x y", true, true},
		{[]string{"lifecycle"}, "stale", "lifecycle", "stale", true, true},
		{[]string{"lifecycle", "stale"}, "", "lifecycle", "stale", true, true},
		{[]string{"dd", "foo"}, "bar", "dd foo", "bar", false, true},
		{[]string{"etc", "passwd"}, "", "", "", false, false},
	} {
		m := c.Lookup(tc.words, tc.rest)
		if (m.Command != nil) != tc.found || m.Ours != tc.known || m.Ours && (m.Name != tc.name || m.Args != tc.args) {
			t.Errorf("%v %q: %+v", tc.words, tc.rest, m)
		}
	}
}
