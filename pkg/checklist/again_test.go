package checklist

import (
	"strings"
	"testing"
)

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
