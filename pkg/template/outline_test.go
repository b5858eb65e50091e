package template

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkParts: the parts in a row are the text.
func checkParts(t *testing.T, text string) {
	t.Helper()
	o, err := Read(text)
	if err != nil {
		return
	}
	at := 0
	for i, p := range o.Parts {
		if p.Start != at && i > 0 || p.Mid < p.Start || p.End < p.Mid {
			t.Fatalf("part %d of %q is %d-%d-%d, after %d", i, text, p.Start, p.Mid, p.End, at)
		}
		at = p.End
	}
	if at != len(text) || o.Parts[0].Start != o.Front && o.Parts[0].Start != 0 {
		t.Fatalf("the parts of %q end at %d of %d", text, at, len(text))
	}
}

func TestRead(t *testing.T) {
	const text = "---\nname: x\n---\nlead\n\n# A & *B*\ntext\n\n- [x] **One thing.** see https://a.example\n  more\n\nSetext\n---\n" +
		"* [ ] two\n  - [ ] three\r\n"
	o, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range o.Parts {
		got = append(got, strings.Join([]string{p.Title, o.Head(p), o.Body(p)}, "|"))
	}
	want := []string{
		"||---\nname: x\n---\nlead\n\n", "A & B|# A & *B*|\ntext\n\n", "One thing.|- [x] **One thing.**| see https://a.example\n  more\n\n",
		"Setext|Setext\n---|\n", "two|* [ ] two|\n", "three|  - [ ] three|\r\n",
	}
	if strings.Join(got, "\n\n") != strings.Join(want, "\n\n") {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if o.Parts[2].Line != 9 || o.Evidence(o.Parts[2])[0].Line != 9 || !o.Parts[2].Checked {
		t.Errorf("%+v", o.Parts[2])
	}
	checkParts(t, text)
}

func TestReadReal(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/data/toc/*.md")
	if len(files) == 0 {
		t.Skip("../shared/data/toc is not there")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		checkParts(t, string(data))
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"# a\n- [ ] b\nc", "a\n=\n> # b\n> - [x] c\n", "---\na\n---\n# b", "- [ ] a\n\n  # b\n- [x] c", "#\n# #\n", "\ufeff# a\r\n- [ ] b\rc"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkParts(t, s) })
}
