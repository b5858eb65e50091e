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
		gone, err := Apply(noted, Op{Kind: OpUnnote, Key: it.Key, Text: note})
		if plain, _ := dropLines(gone, "assertion goes here"); err != nil || strings.Contains(gone, "qz7") || trimEnd(plain) != trimEnd(slotless) {
			t.Fatalf("%s: item %d: the note removed again leaves another text, or %v", name, i, err)
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

func TestApplyTogether(t *testing.T) {
	body := "# S\n- [ ] a\n- [ ] b\n"
	a, b := Key{Section: "s", Text: "a"}, Key{Section: "s", Text: "b"}
	got, err := Apply(body,
		Op{Kind: OpNote, Key: b, Text: "one"}, Op{Kind: OpTick, Key: b, To: true},
		Op{Kind: OpNote, Key: b, Text: "two"}, Op{Kind: OpTick, Key: a, To: true}, Op{Kind: OpTick, Key: a, To: false},
		Op{Kind: OpNote, Key: b, Text: "one"})
	want := "# S\n- [ ] a\n- [x] b\n  - one\n  - two\n"
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
		{"unknown", "- [ ] a", Op{Kind: 99, Key: key}, "not known"},
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
}

// TestUnnote: a note goes with its line, and nothing else; what is not there, or was written otherwise, is left alone.
func TestUnnote(t *testing.T) {
	for _, c := range []struct{ name, body, note, want string }{
		{"alone", "- [ ] a\n  - N\n- [ ] b\n", "N", "- [ ] a\n- [ ] b\n"},
		{"CRLF", "- [ ] a\r\n  - N\r\n- [ ] b\r\n", "N", "- [ ] a\r\n- [ ] b\r\n"},
		{"at the end", "- [ ] a\n  - N", "N", "- [ ] a"},
		{"at the end, CRLF", "- [ ] a\r\n  - N", "N", "- [ ] a"},
		{"several lines", "- [ ] a\n  - N <br>M\n", "N\nM", "- [ ] a\n"},
		{"several lines as they stand there", "- [ ] a\n  - N <br>M\n", "N <br>M", "- [ ] a\n"},
		{"one of three", "- [ ] a\n  - M\n  - N\n  - O\n", "N", "- [ ] a\n  - M\n  - O\n"},
		{"in a quote", "> - [ ] a\n>   - N\n> - [ ] b\n", "N", "> - [ ] a\n> - [ ] b\n"},
		{"of another item", "- [ ] a\n- [ ] b\n  - N\n", "N", "- [ ] a\n- [ ] b\n  - N\n"},
		{"with more under it", "- [ ] a\n  - N\n    - M\n", "N", "- [ ] a\n  - N\n    - M\n"},
		{"no bullet", "- [ ] a\n\n  N\n", "N", "- [ ] a\n\n  N\n"},
		{"not there", "- [ ] a\n  - Nn\n", "N", "- [ ] a\n  - Nn\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			key := parse(t, c.body).Items()[0].Key
			op := Op{Kind: OpUnnote, Key: key, Text: c.note}
			got, err := Apply(c.body, op)
			if err != nil || got != c.want {
				t.Fatalf("got %q, %v; want %q", got, err, c.want)
			}
			if again, err := Apply(got, op); err != nil || again != got {
				t.Errorf("again: %q, %v", again, err)
			}
			if other, err := Apply(c.body, op, Op{Kind: OpNote, Key: key, Text: "Other"}); err != nil || !strings.Contains(other, "- Other") {
				t.Errorf("replaced: %q, %v", other, err)
			}
		})
	}
}
