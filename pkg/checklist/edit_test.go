package checklist

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/markdown"
)

// differing counts the bytes in which two texts of one length differ, or gives -1.
func differing(a, b string) int {
	if len(a) != len(b) {
		return -1
	}
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// checkTicks flips each item of a body and back.
func checkTicks(t *testing.T, name, body string) {
	t.Helper()
	l := parse(t, body)
	for i, it := range l.Items() {
		if again, err := Tick(body, it.Key, it.Checked); err != nil || again != body {
			t.Fatalf("%s: item %d: asking for what is so changed the body, or %v", name, i, err)
		}
		flipped, err := Tick(body, it.Key, !it.Checked)
		if err != nil {
			t.Fatalf("%s: item %d: %v", name, i, err)
		}
		if differing(body, flipped) != 1 || flipped[it.Offset+1] == body[it.Offset+1] {
			t.Fatalf("%s: item %d: not just the mark changed", name, i)
		}
		after := parse(t, flipped)
		got, ok := after.Find(it.Key)
		want := it
		want.Checked = !it.Checked
		if !ok || !reflect.DeepEqual(got, want) || len(after.Items()) != len(l.Items()) {
			t.Fatalf("%s: item %d: got %+v, want %+v", name, i, got, want)
		}
		back, err := Tick(flipped, it.Key, it.Checked)
		if err != nil || differing(back, body) > 1 {
			t.Fatalf("%s: item %d: not an involution: %v", name, i, err)
		}
		if mark := body[it.Offset+1]; back != body && mark != 'X' && mark != '\t' {
			t.Fatalf("%s: item %d: came back otherwise", name, i)
		}
	}
}

// dropLines takes out the lines that have the text; the rest must be what it was before the edit.
func dropLines(body, text string) (rest string, dropped []string) {
	var b strings.Builder
	for body != "" {
		end := strings.IndexAny(body, "\r\n")
		switch {
		case end < 0:
			end = len(body)
		case strings.HasPrefix(body[end:], "\r\n"):
			end += 2
		default:
			end++
		}
		whole, line := body[:end], strings.TrimRight(body[:end], "\r\n")
		body = body[end:]
		if strings.Contains(line, text) {
			dropped = append(dropped, line)
		} else {
			b.WriteString(whole)
		}
	}
	return b.String(), dropped
}

// checkNotes puts a note under each item and reports how many were refused.
func checkNotes(t *testing.T, name, body string) (refused int) {
	t.Helper()
	const note = "**Evidence:** qz7 [here](https://example.org/a_b_c)"
	l := parse(t, body)
	for i, it := range l.Items() {
		noted, err := AddNote(body, it.Key, note)
		var r *RefusedError
		if errors.As(err, &r) {
			refused++
			continue
		}
		if err != nil {
			t.Fatalf("%s: item %d: %v", name, i, err)
		}
		rest, dropped := dropLines(noted, "qz7")
		if len(dropped) != 1 {
			t.Fatalf("%s: item %d: note in %q", name, i, dropped)
		}
		slotless, _ := dropLines(body, "assertion goes here")
		if plain, _ := dropLines(rest, "assertion goes here"); trimEnd(plain) != trimEnd(slotless) || len(rest) < len(body)-60 {
			t.Fatalf("%s: item %d: something else changed", name, i)
		}
		got, ok := parse(t, noted).Find(it.Key)
		if !ok || len(got.Notes) != len(it.Notes)+1 || !strings.Contains(strings.Join(got.Notes, "\n"), "Evidence: qz7 here") {
			t.Fatalf("%s: item %d: notes %q after %q", name, i, got.Notes, it.Notes)
		}
		if again, err := AddNote(noted, it.Key, " "+note+"\n"); err != nil || again != noted {
			t.Fatalf("%s: item %d: the same note again changed the body, or %v", name, i, err)
		}
	}
	return refused
}

func trimEnd(s string) string { return strings.TrimRight(s, "\r\n") }

func TestEditsOfRealBodies(t *testing.T) {
	for name, body := range realBodies(t) {
		checkTicks(t, name, body)
		if n := checkNotes(t, name, body); n > 0 {
			t.Errorf("%s: %d notes refused", name, n)
		}
		checkAdds(t, name, body)
	}
}

// checkAdds adds an item to each section.
func checkAdds(t *testing.T, name, body string) {
	t.Helper()
	l := parse(t, body)
	for _, s := range l.names.headings {
		ref := l.wholeRef(s)
		added, err := AddItem(body, ref, "New qz7 item")
		if err != nil {
			t.Errorf("%s: add to %s: %v", name, ref, err)
			continue
		}
		rest, dropped := dropLines(added, "qz7")
		if len(dropped) != 1 || !strings.HasSuffix(dropped[0], "[ ] New qz7 item") {
			t.Fatalf("%s: add to %s: %q", name, ref, dropped)
		}
		if len(rest)-len(body) > 2 {
			t.Fatalf("%s: add to %s: more than a blank line changed", name, ref)
		}
		if again, err := AddItem(added, ref, "new qz7 item"); err != nil || again != added {
			t.Fatalf("%s: add to %s twice: %v", name, ref, err)
		}
	}
}

func TestTickSection(t *testing.T) {
	body := readBody(t, "kubevirt-96.crlf.md")
	m, err := parse(t, body).Resolve("technical")
	if err != nil {
		t.Fatal(err)
	}
	var ops []Op
	for _, it := range m[0].Items {
		ops = append(ops, Op{Kind: OpTick, Key: it.Key, To: true})
	}
	got, err := Apply(body, ops...)
	if err != nil || differing(body, got) != 12 {
		t.Errorf("%d bytes differ, want 12; %v", differing(body, got), err)
	}
	if again, err := Apply(got, ops...); err != nil || again != got {
		t.Errorf("again: %v", err)
	}
}

func TestNotes(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"plain", "- [ ] a\n- [ ] b\n", "- [ ] a\n  - N\n- [ ] b\n"},
		{"no line end", "- [ ] a", "- [ ] a\n  - N"},
		{"CRLF, no line end", "x\r\n\r\n- [ ] a", "x\r\n\r\n- [ ] a\r\n  - N"},
		{"CR", "- [ ] a\r- [ ] b", "- [ ] a\r  - N\r- [ ] b"},
		{"BOM", "\ufeff- [ ] a\r\n", "\ufeff- [ ] a\r\n  - N\r\n"},
		{"wide marker", "-   [ ] a\n", "-   [ ] a\n    - N\n"},
		{"tab", "-\t[ ] a\n", "-\t[ ] a\n \t- N\n"},
		{"ordered", "10. [ ] a\n", "10. [ ] a\n    - N\n"},
		{"quote", "> * [ ] a\n> * b\n", "> * [ ] a\n>   - N\n> * b\n"},
		{"list in quote in list", "- > - [ ] a\n", "- > - [ ] a\n  >   - N\n"},
		{"two markers", "- - [ ] a\n", "- - [ ] a\n    - N\n"},
		{"marker alone", "-\n  [ ] a\n", "-\n  [ ] a\n  - N\n"},
		{"after notes", "- [ ] a\n    * old\n      more\n- [ ] b\n", "- [ ] a\n    * old\n      more\n    * N\n- [ ] b\n"},
		{"before boxes", "- [ ] a\n    - [ ] child\n", "- [ ] a\n    - N\n    - [ ] child\n"},
		{"between", "- [ ] a\n  - old\n  - [ ] child\n", "- [ ] a\n  - old\n  - N\n  - [ ] child\n"},
		{"after a paragraph", "- [ ] a\n\n    more\n\n- [ ] b\n", "- [ ] a\n\n    more\n  - N\n\n- [ ] b\n"},
		{"lazy line", "- [ ] a\nlazy\n\nrest\n", "- [ ] a\nlazy\n  - N\n\nrest\n"},
		{"slot", "- [ ] a\n\n<!-- (Project assertion goes here) --> \n\n- [ ] b\n", "- [ ] a\n\n  - N\n\n- [ ] b\n"},
		{"slot, CRLF", "- [ ] a\r\n\r\n<!-- (Project assertion goes here) -->\r\n", "- [ ] a\r\n\r\n  - N\r\n"},
		{"slot after a bullet", "- [ ] a\n  - old\n\n<!-- (Project assertion goes here) -->", "- [ ] a\n  - old\n\n  - N"},
		{"slot in the item", "- [ ] a\n\n  <!-- (Project assertion goes here) -->\n", "- [ ] a\n\n  - N\n"},
		{"slot of another", "- [ ] a\n- [ ] b\n\n<!-- (Project assertion goes here) -->\n", "- [ ] a\n  - N\n- [ ] b\n\n<!-- (Project assertion goes here) -->\n"},
		{"another slot", "- [ ] a\n\n<!-- (TOC Evaluation goes here) -->\n", "- [ ] a\n  - N\n\n<!-- (TOC Evaluation goes here) -->\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			key := parse(t, c.body).Items()[0].Key
			got, err := AddNote(c.body, key, "N")
			if err != nil || got != c.want {
				t.Fatalf("\n got %q, %v\nwant %q", got, err, c.want)
			}
			if got, err = AddNote(got, key, "N"); err != nil || got != c.want {
				t.Fatalf("again: %q, %v", got, err)
			}
			second, err := AddNote(got, key, "M")
			if err != nil || !strings.HasPrefix(strings.ReplaceAll(second[strings.Index(second, "N")+1:], "\r", "\n"), strings.ReplaceAll(lineBefore(got, "N"), "\r", "\n")) {
				t.Fatalf("second note: %q, %v", second, err)
			}
		})
	}
}

// lineBefore is the line end and the indentation before a text, which a note after it repeats.
func lineBefore(body, text string) string {
	i := strings.Index(body, text)
	at := strings.LastIndexAny(body[:i], "\r\n")
	if at > 0 && body[at-1:at+1] == "\r\n" {
		at--
	}
	return body[at:i]
}

func TestNotesAreSafe(t *testing.T) {
	for note, want := range map[string]string{
		"see\nthe  docs\r\n":              "see the docs",
		"- a bullet":                      "a bullet",
		"# heading":                       `\# heading`,
		"#123":                            "#123",
		"> quote":                         `\> quote`,
		"/close":                          `\/close`,
		"1. one":                          `1\. one`,
		"2024) x":                         `2024\) x`,
		"1.5 times":                       "1.5 times",
		"[ ] box":                         "Note: [ ] box",
		"- [x] box":                       "Note: [x] box",
		`\[x\] box`:                       `Note: \[x\] box`,
		"&#91;x] box":                     "Note: &#91;x] box",
		"1. [x] box":                      "Note: 1. [x] box",
		"[x](https://example.org) link":   "[x](https://example.org) link",
		"[x]: https://example.org":        `\[x]: https://example.org`,
		"[^1]: foot":                      `\[^1]: foot`,
		"```go":                           "\\```go",
		"```a``` b":                       "```a``` b",
		"~~~":                             "",
		"~~~ a":                           `\~~~ a`,
		"<!-- a -->":                      "&lt;!-- a -->",
		"a <b>b</b>":                      "a &lt;b>b&lt;/b>",
		"`<b>` and <b>":                   "`<b>` and &lt;b>",
		"``<b>` <b>":                      "``&lt;b>` &lt;b>",
		"\\`<b>`":                         "\\`&lt;b>`",
		`\<b>`:                            `\<b>`,
		`\\<b>`:                           `\\&lt;b>`,
		"<https://example.org/a?b> is it": "https://example.org/a?b is it",
		"**Evidence:** a":                 "**Evidence:** a",
		"---":                             "", "***": "", "- ": "", "": "", " \n\t": "", "-": "", "* * *": "",
		"a\x00b\x1bc": "abc",
	} {
		if got := safeNote(note); got != want {
			t.Errorf("%q: got %q, want %q", note, got, want)
		}
	}
}

func TestAddItem(t *testing.T) {
	for _, c := range []struct{ name, body, section, want string }{
		{"plain", "# S\n- [ ] a\n\ntext\n", "s", "# S\n- [ ] a\n- [ ] N\n\ntext\n"},
		{"nested", "# S\n- [ ] a\n  - [ ] b\n    - c\n\n# T\n- [ ] d\n", "s", "# S\n- [ ] a\n  - [ ] b\n    - c\n- [ ] N\n\n# T\n- [ ] d\n"},
		{"after plain bullets", "# S\n* [x] a\n* b\n", `"S"`, "# S\n* [x] a\n* b\n* [ ] N\n"},
		{"last list", "# S\n- [ ] a\n\ntext\n\n+ [ ] b\r\n", "s", "# S\n- [ ] a\n\ntext\n\n+ [ ] b\r\n+ [ ] N\r\n"},
		{"loose", "# S\n- [ ] a\n\n- [ ] b\n", "s", "# S\n- [ ] a\n\n- [ ] b\n\n- [ ] N\n"},
		{"loose in a quote", "> # S\n> - [ ] a\n>\n> - [ ] b\n>\n> text\n", "s", "> # S\n> - [ ] a\n>\n> - [ ] b\n>\n> - [ ] N\n>\n> text\n"},
		{"ordered", "# S\n9. [ ] a\n", "s", "# S\n9. [ ] a\n9. [ ] N\n"},
		{"two markers", "# S\n- - [ ] a\n", "s", "# S\n- - [ ] a\n  - [ ] N\n"},
		{"no line end", "# S\r\n- [ ] a", "s", "# S\r\n- [ ] a\r\n- [ ] N"},
		{"code at the end", "# S\n- [ ] a\n  ```\n  x\n  ```\n\n# T\n", "s", "# S\n- [ ] a\n  ```\n  x\n  ```\n- [ ] N\n\n# T\n"},
		{"slot", "# S\n- [ ] a\n\n<!-- (Project assertion goes here) -->\n\n# T\n", "s", "# S\n- [ ] a\n\n<!-- (Project assertion goes here) -->\n\n- [ ] N\n\n# T\n"},
		{"no heading", "- [ ] a\n", "all", "- [ ] a\n- [ ] N\n"},
		{"whole", "# S\n- [ ] a\n## T\n- [ ] b\n", "s/*", "# S\n- [ ] a\n## T\n- [ ] b\n- [ ] N\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := AddItem(c.body, c.section, "N")
			if err != nil || got != c.want {
				t.Fatalf("\n got %q, %v\nwant %q", got, err, c.want)
			}
			if again, err := AddItem(got, c.section, "n"); err != nil || again != got {
				t.Fatalf("again: %q, %v", again, err)
			}
		})
	}
}

func TestApplyTogether(t *testing.T) {
	body := "# S\n- [ ] a\n- [ ] b\n"
	a, b := Key{Section: "s", Text: "a"}, Key{Section: "s", Text: "b"}
	got, err := Apply(body,
		Op{Kind: OpAdd, Section: "s", Text: "c"}, Op{Kind: OpNote, Key: b, Text: "one"}, Op{Kind: OpTick, Key: b, To: true},
		Op{Kind: OpNote, Key: b, Text: "two"}, Op{Kind: OpTick, Key: a, To: true}, Op{Kind: OpTick, Key: a, To: false},
		Op{Kind: OpNote, Key: b, Text: "one"}, Op{Kind: OpAdd, Section: "s", Text: "<d>"}, Op{Kind: OpAdd, Section: "s", Text: "C!"})
	want := "# S\n- [ ] a\n- [x] b\n  - one\n  - two\n- [ ] c\n- [ ] &lt;d>\n"
	if err != nil || got != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

func TestRefusals(t *testing.T) {
	full := "- [ ] a\n\n" + strings.Repeat("ä", markdown.MaxChars-9)
	key := Key{Text: "a"}
	for _, c := range []struct {
		name   string
		body   string
		op     Op
		reason string
	}{
		{"too long", full, Op{Kind: OpNote, Key: key, Text: "12345"}, "would be 65,546 characters long; GitHub allows 65,536"},
		{"too long before", full + "x", Op{Kind: OpTick, Key: key, To: true}, "65,537 characters long"},
		{"empty note", "- [ ] a", Op{Kind: OpNote, Key: key, Text: " - "}, "no text"},
		{"empty item", "- [ ] a", Op{Kind: OpAdd, Section: "all", Text: " "}, "no text"},
		{"unknown", "- [ ] a", Op{Kind: 99, Key: key}, "not known"},
		{"swallowing", "# S\n- [ ] a\n  ```\n  x\n  ```\nlazy\n", Op{Kind: OpAdd, Section: "s", Text: "b"}, "cannot be edited safely"},
		{"marker alone", "-\n  [ ] a\n", Op{Kind: OpAdd, Section: "all", Text: "b"}, "cannot be continued safely"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Apply(c.body, c.op)
			var r *RefusedError
			if !errors.As(err, &r) || !strings.Contains(r.Reason, c.reason) {
				t.Errorf("error %v, want one with %q", err, c.reason)
			}
			if got != c.body {
				t.Error("the body is not as it was")
			}
		})
	}
	if got, err := Tick(full, key, true); err != nil || markdown.Chars(got) != markdown.MaxChars {
		t.Errorf("a full body can be ticked: %v", err)
	}
	var none *NotFoundError
	if _, err := Tick("- [ ] a", Key{Text: "b"}, true); !errors.As(err, &none) {
		t.Errorf("error %v, want *NotFoundError", err)
	}
	var many *AmbiguousError
	if _, err := AddItem("# S\n- [ ] a\n## T\n- [ ] b\n", "s", "c"); !errors.As(err, &many) || !many.Parent {
		t.Errorf("error %v, want *AmbiguousError", err)
	}
}
