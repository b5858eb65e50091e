package checklist

import (
	"strings"
	"testing"
)

// TestTextOfLines: a note of several lines is one line of the source; nothing in it becomes more than text, and it is there once.
func TestTextOfLines(t *testing.T) {
	for text, want := range map[string]string{
		"one\ntwo":                            "one <br>two",
		"one\n\n\ntwo\n\n- [ ] three\n# four": "one <br><br>two <br><br>- [ ] three <br># four",
		"see:\n```go\na <b>\n\nc`d\n```\nend": "see: <br>`a <b>` <br><br>`c'd` <br>end",
		"x ` y\n`<b>`":                        "x ` y <br>`&lt;b>`",
		"```\na\n``` — ann":                   "`a` <br>— ann",
		"~~~\na\n~~~":                         "`a`",
		"one\n<!-- hidden\n--> two":           "one <br>&lt;!-- hidden <br>--> two",
		"\ue000a\r\nb":                        "a <br>b",
	} {
		if got := safeText(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
		body := "- [ ] item\n- [ ] next\n"
		l, err := Parse(body)
		if err != nil {
			t.Fatal(err)
		}
		with, err := AddNote(body, l.Items()[0].Key, text)
		if err != nil || strings.Count(with, "\n") != 3 {
			t.Errorf("%q: %q, %v", text, with, err)
		}
		if again, err := AddNote(with, l.Items()[0].Key, text); err != nil || again != with {
			t.Errorf("%q once more: %q, %v", text, again, err)
		}
	}
}

// TestLongText: a long text is kept whole, or refused.
func TestLongText(t *testing.T) {
	body := "- [ ] item\n"
	l, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a sentence of some words\n", 2000)
	with, err := AddNote(body, l.Items()[0].Key, long)
	if err != nil || strings.Count(with, "a sentence of some words") != 2000 {
		t.Errorf("%d of 2000, %v", strings.Count(with, "a sentence of some words"), err)
	}
	if _, err := AddNote(body, l.Items()[0].Key, long+long); err == nil {
		t.Error("too long a text was written")
	}
}
