package checklist

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// said writes the evidence of the first item in one line: place, lines, text and addresses of each passage.
func said(l *List, it Item) string {
	var out []string
	for _, p := range l.Evidence(it) {
		s := fmt.Sprintf("%s %d", []string{"own", "nested", "below"}[p.Place], p.Line)
		if p.Last > p.Line {
			s += fmt.Sprintf("-%d", p.Last)
		}
		s += " " + p.Text
		for _, a := range p.Links {
			s += " <" + a.URL + ">"
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// TestEvidence: the text of an item reaches to the next box or heading, wherever Markdown puts it.
func TestEvidence(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"nothing", "- [x] **Has a charter.**\n", ""},
		{"prose at the margin", "- [x] **Has a charter.**\n\nIt is in [the docs](https://a.example/c).\n\nReviewed yearly.\n", "below 3 It is in the docs. <https://a.example/c>; below 5 Reviewed yearly."},
		{"on two lines", "- [x] **Has a charter.**\n\nIt is\nthere.\n", "below 3-4 It is there."},
		{"nested bullets", "- [x] **Has a charter.**\n  - one\n    - two\n\n  three\n", "nested 2 one; nested 3 two; nested 5 three"},
		{"bullet at the margin", "- [x] **Has a charter.**\n- https://a.example/c\n", "below 2 https://a.example/c <https://a.example/c>"},
		{"next line", "- [x] **Has a charter.**\nhttps://a.example/c\n", "own 2 https://a.example/c <https://a.example/c>"},
		{"up to the next box", "- [x] **Has a charter.**\n\nYes.\n\n  - [ ] **Inner.**\n\nNo.\n", "below 3 Yes."},
		{"up to the next heading", "- [x] **Has a charter.**\n\nYes.\n\nMore\n----\n\nNo.\n", "below 3 Yes."},
		{"a heading in it", "- [x] **Has a charter.**\n\n  ### Where\n\n  Here.\n", "nested 5 Here."},
		{"a heading in a quote", "- [x] **Has a charter.**\n\n> # Charter\n>\n> We decide.\n", "below 5 We decide."},
		{"in a quote", "> - [x] **Has a charter.**\n>\n> Yes.\n>\n> # No\n>\n> no\n", "below 3 Yes."},
		{"a rule between", "- [x] **Has a charter.**\n\n---\n\nYes.\n", "below 5 Yes."},
		{"code", "- [x] **Has a charter.**\n\n      see https://a.example/c\n\n```\n- [ ] x\n# y\n```\n", "nested 3 see https://a.example/c <https://a.example/c>; below 6-7 # y"},
		{"table", "- [x] **Has adopters.**\n\n| Who | Since |\n|---|---|\n| [A](https://a.example) | 2024 |\n| | |\n", "below 5 A 2024 <https://a.example>"},
		{"html", "- [x] **Has a charter.**\n\n<p>It is <a class=\"x\" href='https://a.example/?a&amp;b'>here</a></p>\n", "below 3 It is here <https://a.example/?a&b>"},
		{"picture in html", "- [x] **Has a badge.**\n\n<img src=\"https://a.example/b.svg\">\n", "below 3  <https://a.example/b.svg>"},
		{"badge", "- [x] **Has a badge.**\n\n[![](https://a.example/b.svg)](https://a.example/5)\n", "below 3 https://a.example/b.svg <https://a.example/5>"},
		{"details", "- [x] **Has a charter.**\n\n<details><summary>Evidence</summary>\n\nIt is there.\n\n</details>\n", "below 5 It is there."},
		{"behind a slot", "- [x] **Has a charter.**\n\n<!-- (Project assertion goes here) --> See https://a.example/c.\nAnd more.\n", "below 3 See https://a.example/c. <https://a.example/c>; below 4 And more."},
		{"in a comment", "- [x] **Has a charter.**\n\n<!-- It is\n\n- there -->\n<!-- (TOC Evaluation goes here) -->\n", ""},
		{"CRLF", "\ufeff- [x] **Has a charter.**\r\n\r\nIt is\r\nthere.\r\n", "below 3-4 It is there."},

		{"placeholders", "- [ ] **Engage.**\n  - This occurred on DD-MMM-YYYY and can be discovered at $LINK.\n", ""},
		{"placeholders, two sentences", "- [ ] **Engage.**\n  - Revised on DD-MMM-YYYY. The snapshot is `projects/$PROJECT/YYYY-MM-DD.md` ($LINK).\n", ""},
		{"placeholder as address", "- [ ] **Engage.**\n  - [minutes]($URL) and [more](#below) and [link]()\n", "nested 2 minutes and more and link"},
		{"filled in but for the date", "- [ ] **Engage.**\n  - This occurred on DD-MMM-YYYY and is at https://a.example/v.\n", "nested 2 This occurred on DD-MMM-YYYY and is at https://a.example/v. <https://a.example/v>"},
		{"not filled in, with more", "- [ ] **Engage.**\n  - This occurred on DD-MMM-YYYY.\n\nWe met in May.\n", "below 4 We met in May."},
		{"not applicable", "- [ ] **Subprojects.**\n\nN/A\n\n- [ ] b\n", ""},
		{"said why", "- [ ] **Subprojects.**\n\nN/A - we have none.\n", "below 3 N/A - we have none."},
		{"to be done", "- [ ] **Subprojects.**\n  - TBD\n  - \n  -\n", ""},
		{"slot without its comment", "- [ ] **A charter.**\n\n(Project assertion goes here)\n", ""},
		{"label alone", "- [ ] **A charter.**\n  - **Evidence:**\n  - Link:\n", ""},
		{"commands and false boxes", "- [ ] **A charter.**\n\n[ ] I have reviewed\n\n/kind dd\n/assign @x\n", ""},
		{"question", "- [ ] **A charter.**\n  - Is https://a.example/c still right?\n", ""},
		{"answered question", "- [ ] **A charter.**\n  - Is there one? Yes, in docs.\n", "nested 2 Yes, in docs."},

		{"note of ddbot", "- [ ] **A charter.**\n  - **Note:** being written — alice\n", "nested 2 being written"},
		{"note of several lines", "- [ ] **A charter.**\n  - **Note:** one<br>two <br><br>three — alice\n", "nested 2 one two three"},
		{"evidence of ddbot", "- [ ] **A charter.**\n  - **Evidence:** https://a.example/c by us — alice[bot]\n", "nested 2 https://a.example/c by us <https://a.example/c>"},
		{"note that asks", "- [ ] **A charter.**\n  - **Note:** Is it current? It is of 2021. — bob\n", ""},
		{"undone", "- [ ] **A charter.**\n  - **Undone:** https://a.example/c is gone — bob\n  - **Question:** where is it\n", ""},

		{"same line", "- [x] **Has a charter.** [Charter](c.md)\n", "own 1 Charter <c.md>"},
		{"same line, words", "- [x] **Has a charter**: we decide by vote\n", ""},
		{"same line, after a full stop", "- [x] **Has a charter.** We decide by vote.\n", "own 1 We decide by vote."},
		{"bold, struck through", "- [x] ~~Has a charter.~~ Not for a tool like this.\n", "own 1 Not for a tool like this."},
		{"bold with a link in the middle", "- [x] **Complete a** [review](r.md)**.** See https://a.example/r\n", "own 1 See https://a.example/r <https://a.example/r>"},
		{"bold label", "- [x] **Governance:** has a [charter](https://t.example) that says who decides\n", ""},
		{"bold word, then a link", "- [x] **Governance** [charter](https://a.example/c) of 2024\n", "own 1 charter of 2024 <https://a.example/c>"},
		{"bold word, then an address in brackets", "- [x] **Governance** - (<https://a.example/c>)\n", "own 1 - (https://a.example/c) <https://a.example/c>"},
		{"bold word", "- [x] **Governance** says who decides\n", ""},
		{"plain", "- [x] [Book a meeting](https://t.example) with staff to understand benefits.\n", ""},
		{"plain, inside its sentence", "- [ ] Read the guide at https://t.example/g\n", ""},
		{"plain, two sentences of its own", "- [ ] Read the [guide](https://t.example/g), e.g. [this](https://t.example/h).\n", ""},
		{"plain, behind a stop", "- [x] Has a charter. See [the charter](https://a.example/c).\n", "own 1 the charter. <https://a.example/c>"},
		{"plain, behind a dash", "- [x] Has a charter – [charter](https://a.example/c) of 2024\n", "own 1 charter of 2024 <https://a.example/c>"},
		{"plain, behind a colon", "- [x] KEP (`k/enhancements`) update PR(s): https://a.example/1, https://a.example/2\n", "own 1 https://a.example/1, https://a.example/2 <https://a.example/1> <https://a.example/2>"},
		{"plain, at the end", "- [x] Has a charter https://a.example/c\n", "own 1 https://a.example/c <https://a.example/c>"},
		{"plain, an address alone", "- [ ] https://a.example/c\n- [ ] [charter](c.md)\n", ""},
		{"plain, in code", "- [ ] Run `curl https://a.example/c`\n", ""},
		{"plain, next line", "- [x] Has a charter\n[Charter](c.md)\n", "own 2 Charter <c.md>"},
		{"plain, behind a stop at the margin", "- [x] Has a charter.\nSince 2024.\n", "own 2 Since 2024."},
		{"plain, behind a stop at the margin of a quote", ">- [x] Has a charter.\n>Since 2024.\n", "own 2 Since 2024."},
		{"plain, wrapped", "- [x] Has a charter. It\n  is known.\n", ""},

		{"title of the next list", "- [ ] a\n\n**More items**\n- [ ] b\n", ""},
		{"caption of the next list", "- [ ] a\n\nSecurity\n- [ ] b\n", ""},
		{"text, then a title", "- [ ] a\n\nWe do.\nDetails that matter:\n- [ ] b\n", "below 3-4 We do."},
		{"text above the next list", "## A\n- [ ] a\n\nWe do this every month.\n- [ ] b\n", "below 4 We do this every month."},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := parse(t, c.body)
			it := l.Items()[0]
			if got := said(l, it); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
			for _, p := range l.Evidence(it) {
				if s := c.body[p.Start:p.End]; s != strings.TrimSpace(s) || s == "" || strings.Count(c.body[:p.Start], "\n")+1 != p.Line {
					t.Errorf("line %d is at %q", p.Line, s)
				}
			}
		})
	}
	if got := (&List{}).Evidence(Item{}); got != nil {
		t.Errorf("of no item: %v", got)
	}
}

// TestShapes: the shapes in which people answer the template, each with what it says.
func TestShapes(t *testing.T) {
	b, err := os.ReadFile("../../../shared/cases/evidence-shapes.md")
	if err != nil {
		t.Skipf("the shapes are not at hand: %v", err)
	}
	l := parse(t, string(b))
	for _, it := range l.Items() {
		links, text := len(l.Evidence(it).Links()), l.Evidence(it).Text()
		switch shape, _, _ := strings.Cut(it.Text, ":"); shape {
		case "F":
			if text != "" || links > 0 {
				t.Errorf("%s: %q", it.Text, text)
			}
		case "H":
			if text != "We do this every month." {
				t.Errorf("%s: %q", it.Text, text)
			}
		default:
			if links != 1 || text == "" {
				t.Errorf("%s: %d links, %q", it.Text, links, text)
			}
		}
	}
}

// TestTemplates: in a new application nothing has evidence but where the template itself says a whole sentence.
func TestTemplates(t *testing.T) {
	own := []string{"Due Diligence Review.", "Used in appropriate capacity", "TOC verification of adopters.", "Artifacts included in the release."}
	for _, name := range []string{"template-incubation-application.md", "template-graduation-application.md"} {
		l := parse(t, readBody(t, filepath.Join("toc", name)))
		for _, it := range l.Items() {
			ours := slices.ContainsFunc(own, func(s string) bool { return strings.HasPrefix(it.Text, s) })
			if got := said(l, it); got != "" && !ours {
				t.Errorf("%s, line %d: %s", name, it.Line, got)
			}
		}
	}
}

// report is the structure of a published due-diligence document.
type report struct {
	File     string
	Criteria []struct {
		N       int
		Section string
		Words   int
		Links   map[string]int
	}
}

func readReports(t *testing.T) []report {
	b, err := os.ReadFile(filepath.Join(dataDir, "reports", "reports.json"))
	if err != nil {
		t.Skipf("the reports are not at hand: %v", err)
	}
	var reports []report
	if err := json.Unmarshal(b, &reports); err != nil {
		t.Fatal(err)
	}
	return reports
}

// TestReports writes what the published documents say in each of the ways in which people do, and finds it again.
func TestReports(t *testing.T) {
	shapes := []string{"\n\nTEXT\n", "\n\n<!-- (Project assertion goes here) -->\n\nTEXT\n", "\n  - TEXT\n", "\n- TEXT\n", "\nTEXT\n", "\n\n  TEXT\n", " TEXT\n", "\n\n> TEXT\n"}
	boxes, agree := 0, 0
	for _, r := range readReports(t) {
		for i, shape := range shapes {
			var b strings.Builder
			section := ""
			for _, c := range r.Criteria {
				if c.Section != section {
					section = c.Section
					b.WriteString("\n## " + section + "\n")
				}
				text := strings.Repeat("word ", c.Words)
				for kind, n := range c.Links {
					text += strings.Repeat("[it](https://example.org/"+kind+") ", n)
				}
				fmt.Fprintf(&b, "\n- [x] **Criterion %d holds.**", c.N)
				if text == "" {
					b.WriteString("\n\n<!-- (Project assertion goes here) -->\n")
				} else {
					b.WriteString(strings.ReplaceAll(shape, "TEXT", strings.TrimSpace(text)))
				}
			}
			l := parse(t, b.String())
			if len(l.Items()) != len(r.Criteria) {
				t.Fatalf("%s, shape %d: %d boxes", r.File, i, len(l.Items()))
			}
			for k, c := range r.Criteria {
				links := 0
				for _, n := range c.Links {
					links += n
				}
				ev := l.Evidence(l.Items()[k])
				boxes++
				if (len(ev) > 0) == (c.Words > 0 || links > 0) && len(ev.Links()) == links {
					agree++
				} else {
					t.Errorf("%s, criterion %d, shape %d: %d words and %d links, got %q", r.File, c.N, i, c.Words, links, ev.Text())
				}
			}
		}
	}
	t.Logf("%d of %d boxes, each report in %d shapes, have what they should", agree, boxes, len(shapes))
}

// TestPublished counts on the documents themselves, where $DDBOT_TOC is a clone of cncf/toc at 4acc1dcf.
func TestPublished(t *testing.T) {
	clone := os.Getenv("DDBOT_TOC")
	if clone == "" {
		t.Skip("set DDBOT_TOC to a clone of cncf/toc at 4acc1dcf to count on the published documents")
	}
	files, err := filepath.Glob(filepath.Join(clone, "projects", "*", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	const least = 40 // boxes: it follows the template
	docs, boxes, text, linked := 0, 0, 0, 0
	lists := map[string]*List{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		l, err := Parse(string(b))
		if err != nil || len(l.Items()) < least {
			continue // some are longer than GitHub allows for an issue
		}
		name, _ := filepath.Rel(clone, f)
		lists[filepath.ToSlash(name)] = l
		docs, boxes = docs+1, boxes+len(l.Items())
		for _, it := range l.Items() {
			ev := l.Evidence(it)
			if len(ev) > 0 {
				text++
			}
			if len(ev.Links()) > 0 {
				linked++
			}
		}
	}
	t.Logf("%d boxes of %d documents: %d with text, %d empty, %d with a link", boxes, docs, text, boxes-text, linked)
	if docs != 19 || boxes != 915 || text != 816 || linked != 679 {
		t.Error("should be 915 boxes of 19 documents: 816 with text, 99 empty, 679 with a link")
	}
	agree, of := 0, 0
	for _, r := range readReports(t) {
		l := lists[r.File]
		if l == nil || len(l.Items()) != len(r.Criteria) {
			t.Errorf("%s is not there as it was", r.File)
			continue
		}
		for i, c := range r.Criteria {
			ev := l.Evidence(l.Items()[i])
			of++
			if (len(ev) > 0) == (c.Words > 0 || len(c.Links) > 0) && (len(ev.Links()) > 0) == (len(c.Links) > 0) {
				agree++
			} else {
				t.Errorf("%s, criterion %d: %d words, links %v; got %q", r.File, c.N, c.Words, c.Links, ev.Text())
			}
		}
	}
	t.Logf("reports.json says the same of %d of %d boxes", agree, of)
}
