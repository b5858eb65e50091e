package checklist

import (
	"fmt"
	"strings"
	"testing"
)

func TestOutline(t *testing.T) {
	const body = "# A *b*\r\n\r\n> # not this\r\n\r\n- [ ] **One.** https://own.example\r\n\r\n  # nor this\r\n\r\nSee <https://below.example>.\r\n\r\nC\r\n===\r\n" +
		"| [t](https://cell.example) |\r\n|---|\r\n\r\n<a href=\"https://tag.example\">x</a> <!-- https://no.example -->\r\n\r\n    https://code.example\r\n"
	l, err := Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, h := range l.Headings() {
		got = append(got, fmt.Sprintf("%d %s line %d %q", h.Level, h.Title, h.Line, body[h.Start:h.End]))
	}
	for _, link := range l.Links() {
		got = append(got, fmt.Sprintf("%s line %d", link.URL, link.Line))
	}
	text, end := l.Criterion(l.Items()[0])
	got = append(got, text, body[end:end+19])
	want := []string{
		`1 A b line 1 "# A *b*"`, `1 C line 11 "C\r\n==="`, "https://own.example line 5", "https://below.example line 9",
		"https://cell.example line 13", "https://tag.example line 16", "One.", " https://own.example"[:19],
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, end := l.Criterion(Item{}); end != -1 {
		t.Error("an item of another list")
	}
}

// TestCriterion: the criterion is what the template asks, up to where the text about it begins on the same line.
func TestCriterion(t *testing.T) {
	for _, c := range []struct{ body, text, rest string }{
		{"- [ ] **Has a charter.** See [it](https://a.example/c).\n", "Has a charter.", " See [it](https://a.example/c).\n"},
		{"- [ ] Has a *charter*. See https://a.example/c\n", "Has a charter. See", "https://a.example/c\n"},
		{"- [ ] Has a charter\n  that is known\n", "Has a charter that is known", "\n"},
		{"- [ ] Has a charter\r\n\r\n  See there.\r\n", "Has a charter", "\r\n\r\n  See there.\r\n"},
		{"- [ ] Has a charter", "Has a charter", ""},
	} {
		l := parse(t, c.body)
		text, end := l.Criterion(l.Items()[0])
		if text != c.text || c.body[end:] != c.rest {
			t.Errorf("%q: %q, then %q", c.body, text, c.body[end:])
		}
	}
}
