package store

import "testing"

// TestAfter: the end of what begins with a prefix, in the order of code points: over the surrogates, which are none, and over the last one.
func TestAfter(t *testing.T) {
	for prefix, want := range map[string]string{
		"": "", "a": "b", "a/": "a0", "aä": "aå", "\uD7FF": "\uE000", "a\U0010FFFE": "a\U0010FFFF", "a\U0010FFFF": "b", "\U0010FFFF": "",
	} {
		if got := after(prefix); got != want {
			t.Errorf("after %q comes %q, want %q", prefix, got, want)
		}
	}
}
