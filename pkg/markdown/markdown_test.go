package markdown

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// spent gives what a text costs of the budget.
func spent(t *testing.T, s string) int {
	t.Helper()
	pc, b := parser.NewContext(), &budget{left: maxSteps}
	pc.Set(budgetKey, b)
	github.Parse(text.NewReader(lineFeeds(s)), parser.WithContext(pc))
	return maxSteps - b.left
}

// TestRealTexts: nothing that people write comes near the bound.
func TestRealTexts(t *testing.T) {
	rep := strings.Repeat
	texts := map[string]string{
		"links in one paragraph":     rep("see [this page](https://example.org/a/b/c), [that](https://example.org/d) and *one more*\n", 700),
		"bold words in one table":    "| a | b |\n|---|---|\n" + rep("| **word** and `code` | [l](https://example.org) |\n", 1200),
		"snake_case in a code block": "```\n" + rep("SOME_LONG_NAME=other_name\n", 2500) + "```\n",
		"snake_case in paragraphs":   rep("SOME_LONG_NAME is other_name and so_on\n\n", 1500),
		"a backtick in each item":    rep("- [ ] what `kubectl says\n", 2600),
	}
	files, _ := filepath.Glob("../../../shared/data/toc/*.md")
	more, _ := filepath.Glob("../../../shared/data/*.md")
	for _, f := range append(files, more...) {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(f)] = string(data)
	}
	if len(files) == 0 {
		t.Log("the real texts are not here: ../shared/data is absent")
	}
	for name, s := range texts {
		if n := spent(t, s); n > maxSteps/3 {
			t.Errorf("%s: %d steps of %d", name, n, maxSteps)
		}
		if _, err := Parse(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestHostile: what costs goldmark seconds or gigabytes costs us next to nothing. (Package checklist has more of these.)
func TestHostile(t *testing.T) {
	for _, pattern := range []string{"[a](", "![a](", "[a](\"", "[](", "a~_", "*a_ ", "~~a_ ", "\\``\n", "~~~~", "~", "[\"_](~"} {
		s := "- [ ] " + strings.Repeat(pattern, 64000/len(pattern))
		begin := time.Now()
		_, err := Parse(s)
		if took := time.Since(begin); took > 5*time.Second { // some 50 ms on an idle machine
			t.Errorf("%q took %v", pattern, took)
		}
		var costly *CostlyError
		if !errors.As(err, &costly) {
			t.Errorf("%q was not refused: %v", pattern, err)
		}
	}
	if _, err := Parse(strings.Repeat("ä", MaxChars)); err != nil {
		t.Errorf("a text of the greatest length is refused: %v", err)
	}
	if _, err := Parse(strings.Repeat("ä", MaxChars+1)); err == nil {
		t.Error("a longer text is not refused")
	}
}

// TestSource: offsets are those of the text, whatever ends its lines.
func TestSource(t *testing.T) {
	s := "- a\r\n\r\n> b\r# c\n"
	d, err := Parse(s)
	if err != nil || strings.ContainsRune(string(d.Source), '\r') {
		t.Fatalf("%q, %v", d.Source, err)
	}
	var kinds []string
	for n := d.Root.FirstChild(); n != nil; n = n.NextSibling() {
		kinds = append(kinds, n.Kind().String())
	}
	if got := strings.Join(kinds, " "); got != "List Blockquote Heading" {
		t.Errorf("blocks are %s", got)
	}
	if h, ok := d.Root.LastChild().(*ast.Heading); !ok || s[d.Offset(h.Lines().At(0).Start)] != 'c' {
		t.Errorf("the heading is not where it stands")
	}
	if d, err = Parse("[x]: https://example.org"); err != nil || !d.Defines("x") || d.Defines("y") {
		t.Error("definitions are not found")
	}
}

// TestOffset: each byte of what the parser reads is found in the text.
func TestOffset(t *testing.T) {
	for _, s := range []string{
		"", "a\tb\n", "\ufeff\t- \ta\r\n\r\n \t\r\n>\t\tb\n", "1.\ta\r- \t\r\r\n", "\t\t\n\r\n\t", "[^1]:\ta\tb\n\r\n",
	} {
		d, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		last := -1
		for i, c := range d.Source {
			at := d.Offset(i)
			if at < last || at >= len(s) {
				t.Fatalf("%q: byte %d is at %d, after %d", s, i, at, last)
			}
			last = at
			same := s[at] == c || c == ' ' && (s[at] == '\t' || s[at] == '\r') || c == '\n' && s[at] == '\r'
			if !same {
				t.Errorf("%q: byte %d is %q, at %d is %q", s, i, c, at, s[at])
			}
		}
		if got := d.Offset(len(d.Source)); got != len(s) {
			t.Errorf("%q: the end is at %d, not %d", s, got, len(s))
		}
	}
}
