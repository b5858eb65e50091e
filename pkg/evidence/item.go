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
	Line      int    // 1-based
	Text      string // the criterion, without Markdown
	SHA       string // criteria.Hash of Text
	Criterion string // id of the known criterion, "" if it is none
	Checked   bool
	Section   []string
	Evidence  string // what people wrote, plain; empty if they wrote nothing
	Raw       string // the item up to the next box or heading as it stands, without comments
	Links     []Link
}

// Link is an address in the text of an item.
type Link struct {
	URL   string // as written
	Line  int
	Place *Place // of a file, folder or repository on GitHub
}

// Items reads the boxes of a body, each with its text. The error is a *checklist.RefusedError.
func Items(body string) ([]Item, error) {
	list, err := checklist.Parse(body)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(comment.ReplaceAllStringFunc(unixLines(body), onlyLines), "\n")
	boxes := list.Items()
	items := make([]Item, len(boxes))
	for i, b := range boxes {
		end := len(lines)
		if i+1 < len(boxes) {
			end = boxes[i+1].Line - 1
		}
		id, _, _ := criteria.Identify(b.Text)
		text := list.Evidence(b)
		it := Item{
			Line: b.Line, Text: b.Text, SHA: criteria.Hash(b.Text), Criterion: id, Checked: b.Checked, Section: b.Section,
			Evidence: text.Text(), Raw: upToHeading(lines[b.Line-1 : end]),
		}
		seen := map[string]bool{}
		for _, l := range text.Links() {
			if !seen[l.URL] && (strings.HasPrefix(l.URL, "http://") || strings.HasPrefix(l.URL, "https://")) {
				seen[l.URL] = true
				it.Links = append(it.Links, Link{URL: l.URL, Line: l.Line, Place: placeOf(l.URL)})
			}
		}
		items[i] = it
	}
	return items, nil
}

func unixLines(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}

func onlyLines(s string) string { return strings.Repeat("\n", strings.Count(s, "\n")) }

var comment = regexp.MustCompile(`(?s)<!--.*?(-->|$)`)

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
