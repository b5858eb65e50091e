package checklist

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// GitHub parses Markdown with cmark-gfm and makes boxes of what its task_list filter finds in the result (not with cmark-gfm's own
// extension for task lists: https://github.com/github/cmark-gfm/issues/170). oracle is that pair: it asks the program for the
// blocks, and looks at the beginning of each list item.
type oracle struct{ path string }

func newOracle(tb testing.TB) oracle {
	tb.Helper()
	path, err := exec.LookPath("cmark-gfm")
	if err != nil {
		tb.Skip("cmark-gfm is not installed (Debian: apt-get install cmark-gfm)")
	}
	return oracle{path}
}

type xmlNode struct {
	XMLName xml.Name
	Pos     string    `xml:"sourcepos,attr"`
	Text    string    `xml:",chardata"`
	Kids    []xmlNode `xml:",any"`
}

// blocks asks for the blocks of a text.
func (o oracle) blocks(tb testing.TB, body string) xmlNode {
	tb.Helper()
	cmd := exec.Command(o.path, "-t", "xml", "--sourcepos", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e", "footnotes")
	cmd.Stdin = strings.NewReader(body)
	out, err := cmd.Output()
	if err != nil {
		tb.Fatal(err)
	}
	out = bytes.ReplaceAll(out, []byte("<unknown>"), []byte("unknown")) // what it does not know a name for, it writes so
	var doc xmlNode
	if err := xml.Unmarshal(bytes.Map(printable, out), &doc); err != nil {
		tb.Fatalf("%v in %s", err, out)
	}
	return doc
}

// noted counts the bullets in other items that have a text and nothing else.
func (o oracle) noted(tb testing.TB, body, text string) int {
	n := 0
	o.blocks(tb, body).walk(func(item xmlNode) {
		for _, list := range item.Kids {
			for _, li := range list.Kids {
				if item.XMLName.Local == "item" && li.XMLName.Local == "item" && len(li.Kids) == 1 && len(li.Kids[0].Kids) == 1 && li.Kids[0].Kids[0].Text == text {
					n++
				}
			}
		}
	})
	return n
}

// boxes lists line and mark of each box, as marks does for ours.
func (o oracle) boxes(tb testing.TB, body string) string {
	tb.Helper()
	doc := o.blocks(tb, body)
	found := map[int]string{} // footnotes come last
	lines := strings.Split(body, "\n")
	doc.walk(func(n xmlNode) {
		if n.XMLName.Local != "item" || len(n.Kids) == 0 || n.Kids[0].XMLName.Local != "paragraph" {
			return
		}
		text := ""
		for _, k := range n.Kids[0].Kids {
			if k.XMLName.Local != "text" {
				break
			}
			text += k.Text
		}
		if len(n.Kids[0].Kids) > 1 {
			text += "…" // something that is no text
		}
		line, pos := 0, n.Kids[0].Pos
		if pos == "" { // above a table
			pos = n.Pos
		}
		if _, err := fmt.Sscanf(pos, "%d:", &line); err != nil {
			tb.Fatalf("%v: %q", err, body)
		}
		if m := shown.FindStringSubmatch(text); m != nil && !strings.Contains(lines[line-1], `\[`) {
			mark := " "
			if strings.EqualFold(m[1], "x") {
				mark = "x"
			}
			found[line] = fmt.Sprintf("%d[%s]", line, mark)
		}
	})
	var list []string
	for _, line := range slices.Sorted(maps.Keys(found)) {
		list = append(list, found[line])
	}
	return strings.Join(list, " ")
}

func printable(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' {
		return ' '
	}
	return r
}

var shown = regexp.MustCompile(`^\[([ \txX])\][ \t]+\S`)

func (n xmlNode) walk(visit func(xmlNode)) {
	visit(n)
	for _, k := range n.Kids {
		k.walk(visit)
	}
}

func marks(l *List) string {
	var out []string
	for _, it := range l.Items() {
		mark := " "
		if it.Checked {
			mark = "x"
		}
		out = append(out, fmt.Sprintf("%d[%s]", it.Line, mark))
	}
	return strings.Join(out, " ")
}

// TestAsGitHub: shapes of lists as cmark-gfm reads them and goldmark does not, found on real texts and on generated ones.
func TestAsGitHub(t *testing.T) {
	shapes := []struct{ name, body, want string }{
		{"tab behind blanks", "- [ ] b\n  \t- [ ] d\n", "1[ ] 2[ ]"},
		{"tab in a quote", "> \t- [ ] a\n>\t- [ ] b\n", "1[ ] 2[ ]"},
		{"rule behind a tab", "- [ ] a\n  \t---\n", ""},
		{"tab box below a number", "1. f\n   -\t[ ] a\n", "2[ ]"},
		{"tab box left of the number's text", "1. f\n\n -\t[ ] a\n", "3[ ]"},
		{"below an empty item, by four", "*\n   - a\n    - [ ] b\n    - [ ] c\n", "3[ ] 4[ ]"},
		{"below an empty item, blanks between", "1.\n   \n    - [ ] c\n", "3[ ]"},
		{"below an empty item, blank line between", "1.\n\n    - [ ] c\n", ""},
		{"after a stray tag", "</pre>\n- [ ] a\n\n- [ ] b\n", "4[ ]"},
		{"after a stray tag in a quote", "> </script>\n> - [ ] a\n", ""},
		{"below an unclosed comment", "- a\n\n<!-- b\n\n- [ ] c\n", ""},
		{"below an unclosed comment in an item", "- [ ] a\n  <!-- b\n- [ ] c\n", "1[ ] 3[ ]"},
		{"below a picture", "- [ ] a\n<img src=\"b\">\n- [ ] c\n\n- [ ] d\n", "1[ ] 5[ ]"},
		{"below a break", "- [ ] a\n<br>\n- [ ] c\n- [ ] d\n", "1[ ]"},
		{"below an anchor", "- [ ] a\n<a name=\"b\">\n- [ ] c\n", "1[ ]"},
		{"below a picture in the item", "- [ ] a\n  <img src=\"b\">\n- [ ] c\n", "1[ ] 3[ ]"},
		{"below a picture with text", "- [ ] a\n<img src=\"b\"> c\n- [ ] d\n", "1[ ] 3[ ]"},
		{"below details", "- [ ] a\n<details>\n- [ ] b\n\n- [ ] c\n", "1[ ] 5[ ]"},
		{"footnote", "a[^1]\n\n[^1]: - [ ] b\n\n    - [x] c\n", "3[ ] 5[x]"},
		{"footnote, text before", "a[^1]\n\n[^1]: b\n    - [ ] c\n", "4[ ]"},
		{"footnote that nothing refers to", "a\n\n[^1]: - [ ] b\n", ""},
		{"footnote, then a list", "[^1]: n\n2. [ ] a\n", "2[ ]"},
		{"definition of a link before the box", "-\n  [y]: /u\n  [ ] r\n", "3[ ]"},
	}
	for _, c := range shapes {
		for _, eol := range []string{"\n", "\r\n"} {
			if got := marks(parse(t, strings.ReplaceAll(c.body, "\n", eol))); got != c.want {
				t.Errorf("%s, %q: got %s, want %s", c.name, eol, got, c.want)
			}
		}
	}
	o := newOracle(t)
	for _, c := range shapes {
		// cmark-gfm gives a paragraph the line of the definition above it
		if got := o.boxes(t, c.body); got != c.want && c.name != "definition of a link before the box" {
			t.Errorf("%s: cmark-gfm says %s, not %s", c.name, got, c.want)
		}
	}
}

// Parts of generated texts.
var (
	margins = []string{"", "", "", "", " ", "  ", "  ", "   ", "    ", "      ", "\t", "  \t", "> ", ">", "> \t", ">\t"}
	parts   = []string{
		"- [ ] a", "- [x] b", "* [ ] c", "+ [ ] d", "-\t[ ] e", "1. [ ] f", "2. [ ] g", "10) [ ] h", "- - [ ] i", "> - [ ] j", "-   [ ] k",
		"-     [ ] l", "-\t\t[ ] m", "- \t[ ] n", "- [ ]\to", "+\t- [ ] p", "- [ ]", "- [ ] ", "-[ ] q", "- [  ] r", "[ ] s", "    - [ ] t",
		"- \\[ ] u", "1. v", "- w", "-", "*", "1.", "* ", "- # x", "- > [ ] y", "z", "", "", "", "# a", "#", "---", "===", "***", "- - -", "<!-- b",
		"-->", "<!-- c -->", "<!-- d -->e", "<!-->", "- <!-- f -->", "<img>", "- <img>", "<br> g", "<a>", "<a href=\"h\">i</a>", "<b>j</b>", "</pre>",
		"<pre>", "<details>", "</details>", "</details", "<p>k", "<summary>l</summary>", "<div>", "<?m", "<![CDATA[", "<script>", "</script>",
		"```", "```n", "~~~", "- ```", "| a | b |", "|---|---|", "- | a | b |", "[^1]: o", "[^1]", "[^1]: - [ ] p", "[^2]: ", "- [^1]: - [ ] q",
		"[x]: /r", "[y]: /s", "- t\\",
	}
)

// TestGenerated compares texts made by chance with cmark-gfm; $DDBOT_GENERATED is how many.
func TestGenerated(t *testing.T) {
	o, n := newOracle(t), 400
	if s := os.Getenv("DDBOT_GENERATED"); s != "" {
		if _, err := fmt.Sscan(s, &n); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(1, uint64(n)))
	differ, notes, refused := 0, 0, 0
	for range n {
		var b strings.Builder
		for range 2 + r.IntN(8) {
			b.WriteString(margins[r.IntN(len(margins))] + parts[r.IntN(len(parts))] + "\n")
		}
		l, err := Parse(b.String())
		if err != nil {
			continue
		}
		if got, want := marks(l), o.boxes(t, b.String()); got != want {
			differ++
			t.Logf("%q: got %s, cmark-gfm says %s", b.String(), got, want)
		}
		if crlf := marks(parse(t, strings.ReplaceAll(b.String(), "\n", "\r\n"))); crlf != marks(l) {
			t.Errorf("%q: with CRLF %s, with LF %s", b.String(), crlf, marks(l))
		}
		if items := l.Items(); len(items) > 0 {
			noted, err := AddNote(b.String(), items[r.IntN(len(items))].Key, "a note")
			notes++
			switch {
			case err != nil:
				refused++
				t.Logf("%q: %v", b.String(), err)
			case o.noted(t, noted, "a note") != 1:
				t.Errorf("%q: cmark-gfm shows no note in %q", b.String(), noted)
			}
		}
	}
	t.Logf("%d of %d differ; %d of %d notes are refused", differ, n, refused, notes)
	if differ*1000 > n { // what is known: an empty item below the definition of a link, footnotes in code of footnotes
		t.Error("these are too many")
	}
	if refused*20 > notes { // code that is never closed, below an item
		t.Error("too many notes are refused")
	}
}

// TestRealFiles compares the Markdown files below the folders in $DDBOT_FILES with cmark-gfm.
func TestRealFiles(t *testing.T) {
	folders := filepath.SplitList(os.Getenv("DDBOT_FILES"))
	if len(folders) == 0 {
		t.Skip("set DDBOT_FILES to folders with Markdown files to compare their boxes")
	}
	o, files, boxes := newOracle(t), 0, 0
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".md") {
				return err
			}
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			body := strings.ReplaceAll(string(b), "\r\n", "\n")
			l, err := Parse(body)
			if err != nil || !strings.Contains(body, "] ") {
				return nil //nolint:nilerr // longer than an issue may be
			}
			files, boxes = files+1, boxes+len(l.Items())
			if got, want := marks(l), o.boxes(t, body); got != want {
				t.Errorf("%s: got %s, cmark-gfm says %s", name, got, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files with %d boxes", files, boxes)
}
