package markdown

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unsafe"
)

// TestRecent: a text that was read lately is not read again; what is kept is bounded by number and by length, and the last are kept.
// What was refused is not kept.
func TestRecent(t *testing.T) {
	var r Recent[string]
	read := func(text string) (again bool) {
		t.Helper()
		again = true
		got, err := r.Read(text, func(s string) (string, error) { again = false; return "of " + s, nil })
		if err != nil || got != "of "+text {
			t.Errorf("%.20q, %v", got, err)
		}
		return !again
	}
	if !read("first") || read("first") {
		t.Error("it is not read once")
	}
	for i := range recentTexts - 1 {
		read(fmt.Sprint(i))
	}
	if read("first") {
		t.Fatal("the first of as many as are kept is gone")
	}
	if !read("one more") { // first was asked for, so another goes
		t.Error("what was never read is known")
	}
	if read("first") || !read("0") || len(r.kept) != recentTexts {
		t.Errorf("%d are kept, and not those that were asked for last", len(r.kept))
	}
	if long := strings.Repeat("x", recentBytes); !read(long) || read(long) || len(r.kept) != 1 {
		t.Errorf("%d beside the longest text", len(r.kept)-1)
	}
	part := strings.Repeat("y", 100)[:50]
	if kept, _ := r.Read(part, func(s string) (string, error) { return s, nil }); unsafe.StringData(kept) == unsafe.StringData(part) {
		t.Error("what is kept holds what the text is a part of")
	}
	for range 2 {
		if _, err := r.Read("no", func(string) (string, error) { return "", errors.New("refused") }); err == nil {
			t.Error("what was refused is known")
		}
	}
}
