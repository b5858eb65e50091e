package issue

import (
	"strings"
	"testing"
)

// TestParseRef: what GitHub links is read, and written again as it was; everything else is an error that shows how it is written.
func TestParseRef(t *testing.T) {
	for _, s := range []string{"cncf/toc#1822", "a/b#1", "Some-Org/repo.name_x#42"} {
		ref, err := ParseRef(s)
		if err != nil || ref.String() != s || ref.FullName()+"#" != s[:strings.IndexByte(s, '#')+1] {
			t.Errorf("%s: %+v, %v", s, ref, err)
		}
	}
	for _, s := range []string{"", "toc#1", "cncf/toc", "cncf/toc#", "cncf/toc#0", "cncf/toc#-1", "cncf/toc#x", "cncf/toc/x#1", "/toc#1", "cncf/#1", "#1"} {
		if ref, err := ParseRef(s); err == nil || !strings.Contains(err.Error(), "write owner/repo#12") || ref != (Ref{}) {
			t.Errorf("%q: %+v, %v", s, ref, err)
		}
	}
}

// TestClone: a copy shares nothing with what it was made from.
func TestClone(t *testing.T) {
	s := Snapshot{Title: "a", Labels: []string{"Kind/DD"}, Assignees: []string{"ann"}, Reviews: map[string]bool{"bob": true}}
	c := s.Clone()
	c.Labels[0], c.Assignees[0], c.Reviews["bob"] = "x", "x", false
	if !s.HasLabel("kind/dd") || s.HasLabel("kind") || !s.HasAssignee("ANN") || s.HasAssignee("") || !s.Reviews["bob"] {
		t.Errorf("%+v", s)
	}
	if e := (Snapshot{}).Clone(); e.Labels != nil || e.Reviews != nil {
		t.Errorf("nothing became something: %+v", e)
	}
}

// TestParseRepo: owner and name, and what is none.
func TestParseRepo(t *testing.T) {
	for s, want := range map[string]Repo{"a/b": {"a", "b"}, "a/.project": {"a", ".project"}} {
		if r, ok := ParseRepo(s); !ok || r != want || r.String() != s || r.Ref().FullName() != s {
			t.Errorf("%s: %v %v", s, r, ok)
		}
	}
	for _, s := range []string{"", "a", "a/", "/b", "a/b/c", "a/b#1", "a#1/b"} {
		if r, ok := ParseRepo(s); ok {
			t.Errorf("%q is %v", s, r)
		}
	}
}
