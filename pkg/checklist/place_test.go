package checklist

import (
	"strings"
	"testing"
)

// TestPlaces: a note goes where it shows as a bullet under its item, and never into HTML or code.
func TestPlaces(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"quote without a blank", ">- [ ] a\n", ">- [ ] a\n>   - n\n"},
		{"quote in a quote", ">>- [ ] a\n", ">>- [ ] a\n> >   - n\n"},
		{"quote without a blank, tab", ">-\t[ ] a\n", ">-\t[ ] a\n>    - n\n"},
		{"quote with a tab", ">\t- [ ] a\n", ">\t- [ ] a\n>\t  - n\n"},
		{"footnote", "a[^1]\n\n[^1]: - [ ] b\n", "a[^1]\n\n[^1]: - [ ] b\n      - n\n"},
		{"code below, indented by four", "10) [ ] a\n\n        b\n", "10) [ ] a\n\n        b\n    - n\n"},
		{"block below, indented by four", "10) [ ] a\n      # b\n", "10) [ ] a\n      # b\n    - n\n"},
		{"evidence indented by six", "- [ ] a\n\n      https://example.org\n\n- [ ] c\n", "- [ ] a\n\n      https://example.org\n  - n\n\n- [ ] c\n"},
		{"list indented by six", "- [ ] a\n\n      - b\n", "- [ ] a\n\n      - b\n  - n\n"},
		{"quote with a box below", "10) [ ] a\n      > - [ ] b\n", "10) [ ] a\n      > - [ ] b\n    - n\n"},
		{"picture below", "- [ ] a\n<img src=\"b\">\n- [ ] c\n", "- [ ] a\n  - n\n<img src=\"b\">\n- [ ] c\n"},
		{"picture in it", "- [ ] a\n\n  <img src=\"b\">\n- [ ] c\n", "- [ ] a\n  - n\n\n  <img src=\"b\">\n- [ ] c\n"},
		{"details in it", "- [ ] a\n  <details><summary>b</summary>\n\n  c\n\n  </details>\n", "- [ ] a\n  - n\n  <details><summary>b</summary>\n\n  c\n\n  </details>\n"},
		{"slot", "- [ ] a\n\n<!-- (Project assertion goes here) -->\n\n- [ ] b\n", "- [ ] a\n\n  - n\n\n- [ ] b\n"},
		{"slot, text right below", "- [ ] a\n\n<!-- (Project assertion goes here) -->\nIt is.\n", "- [ ] a\n\n  - n\n\nIt is.\n"},
		{"text at the margin", "- [ ] a\n\nIt is.\n", "- [ ] a\n  - n\n\nIt is.\n"},
		{"bullet at the margin", "- [ ] a\n- b\n", "- [ ] a\n  - n\n- b\n"},
		{"next line", "- [ ] a\nhttps://example.org\n", "- [ ] a\nhttps://example.org\n  - n\n"},
	} {
		for _, eol := range []string{"\n", "\r\n"} {
			body, want := strings.ReplaceAll(c.body, "\n", eol), strings.ReplaceAll(c.want, "\n", eol)
			items := parse(t, body).Items()
			got, err := AddNote(body, items[0].Key, "n")
			if err != nil || got != want {
				t.Errorf("%s:\n got %q, %v\nwant %q", c.name, got, err, want)
			}
			again, err := AddNote(got, items[0].Key, "n")
			if err != nil || again != got {
				t.Errorf("%s: once more: %q, %v", c.name, again, err)
			}
		}
	}
}

// TestDoable: one item that cannot be edited does not stop the others.
func TestDoable(t *testing.T) {
	body := "## S\n- [ ] a\n- [ ] b\n    ```\n    x\n- [ ] c\n  - e\n"
	items := parse(t, body).Items()
	if len(items) != 3 {
		t.Fatal(items)
	}
	var ops []Op
	for _, it := range items {
		ops = append(ops, Op{Kind: OpTick, Key: it.Key, To: true}, Op{Kind: OpNote, Key: it.Key, Text: "n"})
	}
	if got, err := Apply(body, ops...); err == nil || got != body {
		t.Errorf("all or nothing: %q, %v", got, err)
	}
	do, refused, err := Doable(body, ops...)
	if err != nil || len(do) != 4 || len(refused) != 1 || refused[0].Item.Ref != "s.2" || refused[0].Err == nil {
		t.Fatalf("%v, %v, %v", do, refused, err)
	}
	got, err := Apply(body, do...)
	want := "## S\n- [x] a\n  - n\n- [ ] b\n    ```\n    x\n- [x] c\n  - e\n  - n\n"
	if err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	if do, refused, err := Doable(body, ops[2:4]...); err == nil {
		t.Errorf("nothing can be done, but %v, %v", do, refused)
	}
	if do, refused, err := Doable(body, ops[:2]...); err != nil || len(do) != 2 || refused != nil {
		t.Errorf("all can be done, but %v, %v, %v", do, refused, err)
	}
}

// TestBullets: the notes that can be taken away again are bullets of one paragraph right under an item, as they are written.
func TestBullets(t *testing.T) {
	for body, want := range map[string]string{
		"- [ ] a\n  - one\n  - **Note:** two — x\n- [ ] b\n  - three\n":                 "one; **Note:** two — x",
		"- [ ] a\n\n  text\n\n  - one\n":                                                "one",
		"- [ ] a\n  - one\n    - below\n  - [ ] c\n  - two\n\n    more\n  - # h\n  -\n": "",
		"- [ ] a\n": "",
	} {
		l := parse(t, body)
		if got := strings.Join(l.Bullets(l.Items()[0]), "; "); got != want {
			t.Errorf("%q: got %s, want %s", body, got, want)
		}
		if got := l.Bullets(Item{Key: Key{Text: "x"}}); got != nil {
			t.Errorf("of another list: %q", got)
		}
	}
}
