package checklist

import (
	"fmt"
	"strings"
	"testing"
)

// TestRecent: a text that was read lately is not read again; what is kept is bounded by number and by length, and the last are kept.
func TestRecent(t *testing.T) {
	var r recent
	list := func(name string, length int) *List { return &List{body: name + strings.Repeat(".", length-len(name))} }
	have := func(l *List) bool { return r.get(l.body) == l }
	first := list("first", 10)
	r.put(first)
	for i := range recentLists - 1 {
		r.put(list(fmt.Sprint(i), 10))
	}
	if !have(first) {
		t.Fatal("the first of as many as are kept is gone")
	}
	r.put(list("one more", 10)) // first was asked for, so another goes
	if zero := list("0", 10); r.get(zero.body) != nil || !have(first) || len(r.lists) != recentLists {
		t.Errorf("%d lists are kept, and not those that were asked for last", len(r.lists))
	}
	long := list("long", recentBytes)
	if r.put(long); !have(long) || len(r.lists) != 1 {
		t.Errorf("%d lists beside the longest text", len(r.lists)-1)
	}
	if r.get("never read") != nil {
		t.Error("a text that was never read is known")
	}
}

// TestParseAgain: the second time a text is the same list, and a refusal is one again.
func TestParseAgain(t *testing.T) {
	const body = "- [ ] Read twice, and nowhere else.\n"
	a, err := Parse(body)
	b, err2 := Parse(body)
	if err != nil || err2 != nil || a != b {
		t.Errorf("%p %v, %p %v", a, err, b, err2)
	}
	long := strings.Repeat("- [ ] x\n", 10_000)
	for range 2 {
		if _, err := Parse(long); err == nil {
			t.Error("a text that is too long is read")
		}
	}
}
