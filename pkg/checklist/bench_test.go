package checklist

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/markdown"
)

// large is a body of 65,536 characters with CRLF and n items in sections of twenty.
func large(n int) string {
	var b strings.Builder
	for i := range n {
		if i%20 == 0 {
			fmt.Fprintf(&b, "\r\n## Section number %d of the checklist\r\n\r\n", i/20)
		}
		fmt.Fprintf(&b, "- [ ] **Item %d** of the [list](https://example.org/%d): ", i, i)
		b.WriteString("what does it say, ")
		b.WriteString("and who said so?\r\n")
	}
	s := b.String()
	return s + strings.Repeat("x", markdown.MaxChars-len(s))
}

func BenchmarkList600(b *testing.B) {
	body := large(600)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		l, err := ParseUpTo(body, markdown.MaxChars) // Parse may know it
		if err != nil || len(l.Items()) != 600 {
			b.Fatal(err)
		}
	}
}

func BenchmarkTick600(b *testing.B) {
	body := large(600)
	l, err := Parse(body)
	if err != nil {
		b.Fatal(err)
	}
	k := l.Items()[300].Key
	for i := 0; b.Loop(); i++ {
		if _, err := Tick(fmt.Sprint(body[:len(body)-8], 1e7+i), k, true); err != nil { // a text that was not seen before
			b.Fatal(err)
		}
	}
}

func BenchmarkList49(b *testing.B) {
	body := readBody(b, "kubevirt-96.crlf.md")
	for b.Loop() {
		if _, err := ParseUpTo(body, markdown.MaxChars); err != nil {
			b.Fatal(err)
		}
	}
}
