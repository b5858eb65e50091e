package template

import (
	"strings"
	"testing"
)

// TestSaid: below the boxes of an empty template nobody has said anything, whatever sentences it has there; one line of one's own is something.
func TestSaid(t *testing.T) {
	had := 0
	for _, level := range []string{Incubation, Graduation} {
		v, ok := Newest(Application, level)
		if !ok {
			t.Fatal("no template is known")
		}
		for _, b := range v.Outline().Boxes() {
			e := v.Outline().Evidence(b)
			if had += len(e); Said(e) {
				t.Errorf("%s: below %q stands %q", v.Name(), b.Title, e.Text())
			}
		}
		o, err := Read(strings.Replace(v.Text, "- [ ]", "- [ ] It is so.\n\n  See the book of the project.\n- [ ]", 1))
		if err != nil || !Said(o.Evidence(o.Boxes()[0])) {
			t.Errorf("%s: a line of one's own is nothing: %v", v.Name(), err)
		}
	}
	if had == 0 {
		t.Error("no template has a sentence below a box: this tests nothing")
	}
}
