package evidence

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/criteria"
)

// Item is a box of the checklist with all that people wrote for it.
type Item struct {
	Line      int // 1-based
	Text      string
	SHA       string // criteria.Hash of Text
	Criterion string // id of the known criterion, "" if it is none
	Checked   bool
	Section   []string
	Evidence  string // what stands under the item, up to the next box or heading, Markdown as it is
	Links     []Link
}

// Link is an address in the text of an item.
type Link struct {
	URL   string // as written, without what Markdown adds
	Line  int
	Place *Place // of a file, folder or repository on GitHub
}

// Items reads the boxes of a body, each with its text. The error is a *checklist.RefusedError.
func Items(body string) ([]Item, error) {
	list, err := checklist.Parse(body)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n"), "\n")
	boxes := list.Items()
	items := make([]Item, len(boxes))
	for i, b := range boxes {
		end := len(lines)
		if i+1 < len(boxes) {
			end = boxes[i+1].Line - 1
		}
		id, _, _ := criteria.Identify(b.Text)
		it := Item{Line: b.Line, Text: b.Text, SHA: criteria.Hash(b.Text), Criterion: id, Checked: b.Checked, Section: b.Section}
		it.Evidence = upToHeading(lines[b.Line-1 : end])
		it.Links = linksIn(it.Evidence, b.Line)
		items[i] = it
	}
	return items, nil
}

var anyHeading = regexp.MustCompile(`^ {0,3}#{1,6}(\s|$)`)

// upToHeading joins the lines of an item; the first is its own.
func upToHeading(lines []string) string {
	for i, l := range lines {
		if i > 0 && anyHeading.MatchString(l) {
			lines = lines[:i]
			break
		}
	}
	return strings.Join(lines, "\n")
}

var (
	comment  = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)
	address  = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `]+`)
	mdTarget = regexp.MustCompile(`\]\(\s*<?(https?://[^\s>]+?)>?(?:\s+["'][^)]*)?\)`)
)

// linksIn finds addresses: targets of Markdown links, autolinks and bare ones, each once, in the order of the text.
func linksIn(text string, first int) []Link {
	text = comment.ReplaceAllStringFunc(text, func(c string) string { return strings.Repeat("\n", strings.Count(c, "\n")) })
	var links []Link
	seen := map[string]bool{}
	for n, line := range strings.Split(text, "\n") {
		for _, at := range address.FindAllStringIndex(line, -1) {
			u := line[at[0]:at[1]]
			if m := mdTarget.FindStringSubmatch(line[max(0, at[0]-3):]); m != nil && strings.HasPrefix(u, m[1]) {
				u = m[1]
			}
			u = trimAddress(u)
			if !seen[u] {
				seen[u] = true
				links = append(links, Link{URL: u, Line: first + n, Place: placeOf(u)})
			}
		}
	}
	return links
}

// trimAddress takes off what ends a sentence or a Markdown link, as GitHub's autolinks do.
func trimAddress(u string) string {
	if i := strings.Index(u, "]("); i >= 0 {
		u = u[:i] // [https://a](https://b): the text of a link
	}
	for {
		cut := strings.TrimRight(u, ".,;:!?*_~'\"]")
		if strings.HasSuffix(cut, ")") && strings.Count(cut, ")") > strings.Count(cut, "(") {
			cut = strings.TrimSuffix(cut, ")")
		}
		if cut == u {
			return u
		}
		u = cut
	}
}

// placeOf reads addresses of files, folders and repositories on GitHub; nil for all others.
func placeOf(u string) *Place {
	a, err := url.Parse(u)
	if err != nil || a.Scheme != "https" && a.Scheme != "http" {
		return nil
	}
	parts := strings.Split(strings.Trim(a.Path, "/"), "/")
	host := strings.ToLower(a.Hostname())
	switch {
	case host == "raw.githubusercontent.com" && len(parts) >= 4:
		return &Place{Repo: parts[0] + "/" + parts[1], Ref: parts[2], Path: strings.TrimPrefix(strings.Join(parts[3:], "/"), "heads/")}
	case host != "github.com" && host != "www.github.com" || len(parts) < 2 || reserved[strings.ToLower(parts[0])]:
		return nil
	}
	p := &Place{Repo: parts[0] + "/" + strings.TrimSuffix(parts[1], ".git")}
	if len(parts) == 2 {
		return p
	}
	if (parts[2] == "blob" || parts[2] == "tree" || parts[2] == "raw" || parts[2] == "blame" || parts[2] == "edit") && len(parts) >= 4 {
		p.Ref, p.Path = parts[3], strings.Join(parts[4:], "/")
		return p
	}
	return nil
}

// reserved are first segments of addresses on github.com that are no owners.
var reserved = map[string]bool{
	"orgs": true, "apps": true, "marketplace": true, "settings": true, "sponsors": true, "topics": true, "features": true,
	"security": true, "advisories": true, "users": true, "search": true, "login": true, "enterprise": true, "about": true,
}
