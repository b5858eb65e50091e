package checklist

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
)

// seeds are small bodies of every kind that has made trouble somewhere.
var seeds = []string{
	"", "- [ ] a", "- [x] a\n- [X] b\n* [\t] c\n", "> - [ ] a\n>\n> text\nlazy\n", "# H\n\n- [ ] a\n  - [ ] b\n    1. [ ] c\n\n      text\n",
	"-\r\n  [ ] a\r\n", "- [ ] a\r- [ ] b", "\ufeff- [ ] a\r\n  - old\r\n", "-\t[ ] a\n\t- b\n", "- - [ ] a\n", "10. [ ] a\n    - b\n",
	"- [ ] a <!-- dd:id -->\n- [ ] b <!-->\n", "text:\n- [ ] a\n\n<details><summary>S</summary>\n\n- [ ] b\n",
	"- [ ] a\n\n<!-- (Project assertion goes here) --> \n\n- [ ] b\n", "[x]: /u\n- [x] a\n", "- [ ] a | b\n  --|--\n  c | d\n",
	"- [ ] a\n  ```\n  - [ ] b\n  ```\nlazy\n", "- [ ] a\n  # H\n  - [ ] b\n- [ ] c\n", "- [ ] a\n===\n- [ ] b\n---\n", "- [ ] \\*a\\* &amp; `b` ![](c)\n",
	"10. [ ] a\n    > b\n", "# S\n## T\n- [ ] a\n## T\n- [ ] a\n", "- [ ] a\n\n      code\n\n   - b\n", "1) [ ] a\n5) [ ] b\n", "- a\n  - [ ] b\n- [ ] c\n> - [ ] d\n",
}

func addSeeds(f *testing.F, extra ...any) {
	for _, s := range seeds {
		f.Add(append([]any{s}, extra...)...)
	}
}

// maxFuzz keeps one execution short: each item costs several parses.
const maxFuzz = 4000

func FuzzParse(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body string) {
		l, err := Parse(body)
		var r *RefusedError
		if err != nil {
			if !errors.As(err, &r) {
				t.Fatalf("error is %T", err)
			}
			return
		}
		last := -1
		for i, it := range l.Items() {
			if it.Offset <= last || it.Offset+5 > len(body) || body[it.Offset] != '[' || body[it.Offset+2] != ']' {
				t.Fatalf("item %d: offset %d in %q", i, it.Offset, body)
			}
			last = it.Offset
			if mark := body[it.Offset+1]; it.Checked != (mark == 'x' || mark == 'X') {
				t.Fatalf("item %d: checked %v, mark %q", i, it.Checked, mark)
			}
			if strings.ContainsAny(it.Text, "\r\n") || len(it.Notes) != len(l.entries[i].raw) {
				t.Fatalf("item %d: %+v", i, it)
			}
			for _, p := range l.Evidence(it) {
				if p.Start < it.Offset || p.End <= p.Start || p.End > len(body) || p.Line < it.Line || p.Text == "" {
					t.Fatalf("item %d: evidence %+v of %q", i, p, body)
				}
			}
			if found, ok := l.Find(it.Key); !ok || !reflect.DeepEqual(found, it) {
				t.Fatalf("item %d: key %+v finds %+v", i, it.Key, found)
			}
		}
		if len(body) < maxFuzz {
			checkRefs(t, "fuzz", l)
		}
	})
}

func FuzzTick(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > maxFuzz {
			return
		}
		if _, err := Parse(body); err == nil {
			checkTicks(t, "fuzz", body)
		}
	})
}

func FuzzNote(f *testing.F) {
	for _, note := range []string{"see [x](y)", "- [ ] b", "/close", "<!-- c", "`<b>` <b> \\`<i>`", "[x]: /u", "# h", "```", "1. [x] d", "> e", "&#91; ] f", "~~~ g"} {
		addSeeds(f, note)
	}
	f.Fuzz(func(t *testing.T, body, note string) {
		if len(body)+len(note) > maxFuzz {
			return
		}
		l, err := Parse(body)
		if err != nil {
			return
		}
		for i, it := range l.Items() {
			noted, err := AddNote(body, it.Key, note)
			if err != nil {
				var r *RefusedError
				if !errors.As(err, &r) || noted != body {
					t.Fatalf("item %d: %v", i, err)
				}
				continue
			}
			if noted == body {
				continue
			}
			checkNoted(t, body, noted, it, safeNote(note))
			if again, err := AddNote(noted, it.Key, note); err != nil || again != noted {
				t.Fatalf("item %d: again: %q, %v", i, again, err)
			}
		}
		if n := len(l.Items()); n > 0 {
			if added, err := AddItem(body, "all/*", note); err == nil && added != body && len(parse(t, added).Items()) != n+1 {
				t.Fatalf("added to %q: %q", body, added)
			}
		}
	})
}

// checkNoted compares a body with what it was: one line more, and only a paragraph in it.
func checkNoted(t *testing.T, body, noted string, it Item, note string) {
	t.Helper()
	pre, post := 0, 0
	for pre < len(body) && body[pre] == noted[pre] {
		pre++
	}
	for post < len(body)-pre && body[len(body)-1-post] == noted[len(noted)-1-post] {
		post++
	}
	if gone := body[pre : len(body)-post]; gone != "" && !strings.Contains(strings.ToLower(body), "assertion goes here") {
		t.Fatalf("%q is gone from %q: %q", gone, body, noted)
	}
	after := parse(t, noted)
	i := after.byKey[it.Key]
	e := &after.entries[i]
	found := false
	for n := e.para.NextSibling(); n != nil; n = n.NextSibling() {
		if n.Kind() != ast.KindList {
			continue
		}
		for li := n.FirstChild(); li != nil; li = li.NextSibling() {
			p := li.FirstChild()
			if p == nil || source(p, after.src) != note {
				continue
			}
			found = true
			ast.Walk(p, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
				if c.Kind() == ast.KindRawHTML || c.Kind() == ast.KindHTMLBlock {
					t.Fatalf("HTML in the note %q", note)
				}
				return ast.WalkContinue, nil
			})
		}
	}
	if !found {
		t.Fatalf("no bullet %q under %q: %q", note, it.Text, noted)
	}
}

func FuzzResolve(f *testing.F) {
	for _, ref := range []string{"a", "h.1", "all.1-2", `"a"`, `"a > b"`, "#id", "s/t.1", "t/*", "a, b.1", "“a”,", "//.", "\"", "a.999999999999", "twin"} {
		addSeeds(f, ref)
	}
	f.Fuzz(func(t *testing.T, body, ref string) {
		if len(body) > maxFuzz {
			return
		}
		l, err := Parse(body)
		if err != nil {
			return
		}
		first, rest := SplitRef(ref)
		if len(first)+len(rest) > len(ref) {
			t.Fatalf("%q splits to %q, %q", ref, first, rest)
		}
		for _, r := range []string{ref, first} {
			matches, err := l.Resolve(r)
			if err != nil {
				checkError(t, l, err)
				continue
			}
			for _, m := range matches {
				if len(m.Items) == 0 {
					t.Fatalf("%q resolves to nothing: %+v", r, m)
				}
				for _, it := range m.Items {
					if found, ok := l.Find(it.Key); !ok || !reflect.DeepEqual(found, it) {
						t.Fatalf("%q resolves to %+v, which is not there", r, it)
					}
				}
			}
		}
	})
}

// checkError checks that what an error offers is there, and that its text can stand on GitHub.
func checkError(t *testing.T, l *List, err error) {
	t.Helper()
	var none *NotFoundError
	var many *AmbiguousError
	var offered []string
	switch {
	case errors.As(err, &none):
		offered = none.Suggestions
	case errors.As(err, &many):
		for _, c := range many.Candidates {
			offered = append(offered, c.Ref)
		}
	default:
		t.Fatalf("error is %T", err)
	}
	if len(offered) > maxCandidates {
		t.Fatalf("too many: %q", offered)
	}
	for _, o := range offered {
		var missing *NotFoundError
		if _, err := l.Resolve(o); errors.As(err, &missing) {
			t.Fatalf("offered %q: %v", o, err)
		}
	}
	if text := err.Error(); strings.ContainsAny(text, "`<>@#_\n\r[]") || strings.Count(text, "*") > 1 || strings.HasPrefix(text, "/") {
		t.Fatalf("error text %q", text)
	}
}
