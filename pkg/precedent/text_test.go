package precedent

import (
	"fmt"
	"strings"
	"testing"
)

// TestText lists what was accepted, the newest first, with addresses that can be opened; of many it says how many more there are.
func TestText(t *testing.T) {
	p := Examples("roadmap")
	all, some := p.Text(0), p.Text(2)
	if n := strings.Count(all, "\n- "); n != len(p.Accepted) || strings.Contains(all, "more, in older documents") {
		t.Errorf("%d of %d are listed", n, len(p.Accepted))
	}
	if strings.Count(some, "\n- ") != 2 || !strings.Contains(some, fmt.Sprintf("and %d more, in older documents.", len(p.Accepted)-2)) || !strings.HasPrefix(all, some[:strings.Index(some, "\nand")]) {
		t.Errorf("%s", some)
	}
	for n := range p.Accepted[1:] {
		if p.Accepted[n].Date < p.Accepted[n+1].Date {
			t.Errorf("%s stands before %s", p.Accepted[n].Date, p.Accepted[n+1].Date)
		}
	}
	if got := (Precedents{Known: true, Title: "Title"}).Text(3); got != "No published due-diligence document cites a file for this: Title.\n" {
		t.Errorf("%q", got)
	}
	odd := Precedents{Title: "T", Accepted: []Accepted{{Project: "p", Level: "graduation", Date: "2026-01-02", Repo: "a/b", Path: "docs/a_b[1]*.md"}}}
	if got, want := odd.Text(0), "- p, graduation 2026: [docs/a\\_b\\[1\\]\\*.md](https://github.com/a/b/blob/HEAD/docs/a_b%5B1%5D%2A.md)\n"; !strings.HasSuffix(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestURL: a file and a folder have other addresses, and no name leaves its own.
func TestURL(t *testing.T) {
	for path, want := range map[string]string{
		"docs/a.md": "blob/HEAD/docs/a.md", "docs/": "tree/HEAD/docs", "a b/(c).md": "blob/HEAD/a%20b/%28c%29.md", "a#b?.md": "blob/HEAD/a%23b%3F.md",
	} {
		if got := (Accepted{Repo: "o/n", Path: path}).URL(); got != "https://github.com/o/n/"+want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// TestNear: words that are no criterion's give those that they may mean, five at most.
func TestNear(t *testing.T) {
	for text, known := range map[string]bool{"list of adopters": true, "security": true, "documentation of the release": false, "zzz": false} {
		p := Examples(text)
		if p.Known != known && text != "security" || len(p.Near) > 5 || p.Known && len(p.Near) > 0 {
			t.Errorf("%s: known %v, near %v", text, p.Known, p.Near)
		}
		for _, n := range p.Near {
			if !strings.HasSuffix(n, ")") || !strings.Contains(n, " (") {
				t.Errorf("%s: %q", text, n)
			}
		}
	}
}
