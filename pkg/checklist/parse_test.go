package checklist

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// listing writes what is listed in one line: line, mark and text of each item.
func listing(l *List) string {
	var out []string
	for _, it := range l.Items() {
		mark := " "
		if it.Checked {
			mark = "x"
		}
		out = append(out, fmt.Sprintf("%d[%s]%s", it.Line, mark, it.Text))
	}
	return strings.Join(out, "; ")
}

func TestBoxes(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"plain", "- [ ] a\n- [x] b\n* [X] c\n+ [ ] d\n", "1[ ]a; 2[x]b; 3[x]c; 4[ ]d"},
		{"ordered", "1. [ ] a\n2) [x] b\n", "1[ ]a; 2[x]b"},
		{"tab in the box", "- [\t] a\n", "1[ ]a"},
		{"tab after the marker", "-\t[ ] a\n", "1[ ]a"},
		{"tab after the box", "- [ ]\ta\n", "1[ ]a"},
		{"two blanks", "- [ ]  a\n", "1[ ]a"},
		{"no text", "- [ ]\n- [ ] \n- [x] \t\n- [ ] a\n", "4[ ]a"},
		{"text on the next line", "- [ ]\n  a\n", ""},
		{"no blank", "- [x]a\n- [x](https://example.org)\n- []a\n- [  ] a\n- [y] a\n", ""},
		{"no-break space", "- [\u00a0] a\n", ""},
		{"escaped", "- \\[ \\] a\n- \\[x] a\n", ""},
		{"no bullet", "[ ] a\n", ""},
		{"fenced", "```\n- [ ] a\n```\n- [ ] b\n~~~\n- [ ] c\n~~~\n", "4[ ]b"},
		{"open fence", "- [ ] a\n\n```\n- [ ] b\n", "1[ ]a"},
		{"indented code", "    - [ ] a\n\n- [ ] b\n\n      - [ ] c\n", "3[ ]b"},
		{"comment", "<!--\n- [ ] a\n-->\n- [ ] b\n", "4[ ]b"},
		{"open comment", "<!--\n- [ ] a\n", ""},
		{"whole comment", "<!-->\n\n- [ ] a\n", "3[ ]a"},
		{"html", "<details>\n- [ ] a\n\n- [ ] b\n</details>\n", "4[ ]b"},
		{"quote", "> - [ ] a\n> > - [x] b\n", "1[ ]a; 2[x]b"},
		{"heading in the item", "- # [ ] a\n- [ ] b\n", "2[ ]b"},
		{"setext heading in the item", "- [ ] a\n  ---\n- [ ] b\n", "3[ ]b"},
		{"rule", "- [ ] a\n---\n- [ ] b\n", "1[ ]a; 3[ ]b"},
		{"table in the item", "- [ ] a | b\n  --- | ---\n- [ ] c\n", "3[ ]c"},
		{"marker alone", "-\n  [ ] a\n", "2[ ]a"},
		{"marker alone, CRLF", "-\r\n  [ ] a\r\n", "2[ ]a"},
		{"two markers", "- - [ ] a\n", "1[ ]a"},
		{"second box is text", "- [ ] [x] a\n", "1[ ][x] a"},
		{"second paragraph", "- a\n\n  [ ] b\n", ""},
		{"link definition", "- [x] a\n- [X] b\n- [ ] c\n\n[x]: https://example.org\n", "3[ ]c"},
		{"mark order", "# [ ] a\n\nb\n- [ ] c\n", "4[ ]c"},
		{"lazy line", "- [ ] a\nb\n- [ ] c\n", "1[ ]a b; 3[ ]c"},
		{"BOM", "\ufeff- [ ] a\n", "1[ ]a"},
		{"lone CR", "- [ ] a\r- [x] b\r", "1[ ]a; 2[x]b"},
		{"mixed line ends", "- [ ] a\r\n- [x] b\r- [ ] c\n- [ ] d", "1[ ]a; 2[x]b; 3[ ]c; 4[ ]d"},
		{"no line end", "- [ ] a", "1[ ]a"},
		{"empty", "", ""},
		{"markdown in the text", "- [ ] **a** _b_ `c*` [d](e) ![f](g) ~~h~~ <https://i> &amp; \\* <b>j</b> <!-- k -->", "1[ ]a b c* d f h https://i & * j"},
		{"link without text", "- [ ] [](e) ![](f)\n", "1[ ]e f"},
		{"box in the text", "- [ ] a [x] b\n", "1[ ]a [x] b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := listing(parse(t, c.body)); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestItemFields(t *testing.T) {
	body := "\ufeff# One\r\n\r\n## It's *two*\r\n\r\n- [ ] Parent <!-- dd:the-id -->\r\n  - **Evidence:** [here](https://example.org)\r\n  - [x] Child\r\n    - deep\r\n\r\n  More.\r\n  -\r\n# Three\r\n> 1. [ ] Quoted\r\n"
	got := parse(t, body).Items()
	want := []Item{
		{
			Key: Key{Section: "one / its two", Text: "parent"}, Line: 5, Offset: strings.Index(body, "[ ] Parent"),
			Section: []string{"One", "It's two"}, Ref: "its-two.1", Text: "Parent", Notes: []string{"Evidence: here", "More."}, Anchor: "the-id",
		},
		{
			Key: Key{Section: "one / its two > parent", Text: "child"}, Line: 7, Offset: strings.Index(body, "[x] Child"), Checked: true,
			Section: []string{"One", "It's two"}, Ref: "its-two.1.1", Text: "Child", Depth: 1, Notes: []string{"deep"},
		},
		{
			Key: Key{Section: "three", Text: "quoted"}, Line: 13, Offset: strings.Index(body, "[ ] Quoted"),
			Section: []string{"Three"}, Ref: "three.1", Text: "Quoted",
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}
}

func TestAnchors(t *testing.T) {
	for comment, want := range map[string]string{
		"<!-- dd:licence -->": "licence", "<!--dd:A_1-b-->": "A_1-b", "<!-- dd: -->": "", "<!-- dd:a b -->": "",
		"<!-- dd:a.b -->": "", "<!-- other:a -->": "", "<!-->": "", "<!--->": "", "<!-- x --> <!-- dd:y -->": "y",
		"**<!-- dd:bold -->**": "bold", "`<!-- dd:code -->`": "",
	} {
		items := parse(t, "- [ ] a "+comment+"\n").Items()
		if len(items) != 1 || items[0].Anchor != want {
			t.Errorf("%s: got %+v, want anchor %q", comment, items, want)
		}
	}
}

func TestKeys(t *testing.T) {
	l := parse(t, "- [ ] Same\n- [x] same!\n\n# S\n- [ ] same\n- [ ] 🎉\n- [ ] 🚀\n- [ ] A\n  - [ ] Docs\n- [ ] B\n  - [ ] Docs\n")
	want := []Key{
		{Text: "same"}, {Text: "same", Nth: 1}, {Section: "s", Text: "same"}, {Section: "s", Text: "🎉"}, {Section: "s", Text: "🚀"},
		{Section: "s", Text: "a"}, {Section: "s > a", Text: "docs"}, {Section: "s", Text: "b"}, {Section: "s > b", Text: "docs"},
	}
	for i, it := range l.Items() {
		if it.Key != want[i] {
			t.Errorf("item %d: got %+v, want %+v", i, it.Key, want[i])
		}
		b, err := json.Marshal(it.Key)
		if err != nil {
			t.Fatal(err)
		}
		var back Key
		if err := json.Unmarshal(b, &back); err != nil || back != it.Key {
			t.Errorf("through JSON: %+v, %v", back, err)
		}
		if found, ok := l.Find(it.Key); !ok || found.Offset != it.Offset {
			t.Errorf("Find(%+v) = %+v, %v", it.Key, found, ok)
		}
	}
	if _, ok := l.Find(Key{Section: "s", Text: "none"}); ok {
		t.Error("found what is not there")
	}
}

func TestKubevirt(t *testing.T) {
	for _, name := range []string{"kubevirt-96.md", "kubevirt-96.crlf.md"} {
		l := parse(t, readBody(t, name))
		counts := map[string]int{}
		for _, it := range l.Items() {
			counts[strings.Join(it.Section, " / ")]++
		}
		const q = "Some example questions that will ideally need clear answers / "
		want := map[string]int{
			"Where to start": 7, q + "Technical": 12, q + "Project": 14,
			q + "Users / See https://github.com/kubevirt/community/issues/110": 3, q + "Contributor experience": 4,
			q + "Context": 5, q + "Other advice": 4,
		}
		if !reflect.DeepEqual(counts, want) {
			t.Errorf("%s: got %v, want %v", name, counts, want)
		}
	}
}

// Line ends do not change what is listed, but for the offsets.
func TestLineEndsAreAlike(t *testing.T) {
	bodies := realBodies(t)
	for name, body := range bodies {
		base, ok := strings.CutSuffix(name, " LF")
		if !ok {
			continue
		}
		want := parse(t, body).Items()
		for _, variant := range []string{" CRLF", " CR"} {
			body, ok := bodies[base+variant]
			if !ok {
				continue
			}
			got := parse(t, body).Items()
			if len(got) != len(want) {
				t.Fatalf("%s%s: %d items, want %d", base, variant, len(got), len(want))
			}
			for i := range got {
				w := want[i]
				w.Offset = got[i].Offset
				if !reflect.DeepEqual(got[i], w) {
					t.Errorf("%s%s: got %+v, want %+v", base, variant, got[i], w)
				}
			}
		}
	}
}
