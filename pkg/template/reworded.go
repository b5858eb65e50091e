package template

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ddbot/ddbot/pkg/criteria"
)

// saidInHead is what people added to the words of a criterion, on its line; all of it where they wrote it anew.
func (m *mover) saidInHead(i int, p Part) string {
	old := m.old.Parts[i]
	asked, ok := m.asked[i]
	if p.Kind != Box || old.Hash == p.Hash || ok && old.Hash == criteria.Hash(asked) {
		return ""
	}
	head := unix(m.old.Head(old))
	head = strings.TrimSpace(head[strings.IndexByte(head, '[')+3:])
	for _, form := range []string{asked, p.Title} {
		words := len(criteria.Words(form))
		if words > 0 && strings.HasPrefix(criteria.Normalize(old.Title)+" ", criteria.Normalize(form)+" ") {
			rest := strings.TrimSpace(afterWords(head, form))
			if wordsOf(form+" "+rest) == criteria.Normalize(old.Title) {
				return rest
			}
		}
	}
	if !ok {
		return "" // another wording of a template that is not known
	}
	return head
}

// destination is where a link of Markdown leads: no words of a criterion.
var destination = regexp.MustCompile(`\]\([^()\s]*\)`)

// afterWords cuts the words of a criterion from the beginning of a Markdown text, and marks that are left of its bold.
func afterWords(text, form string) string {
	want := utf8.RuneCountInString(strings.ReplaceAll(criteria.Normalize(form), " ", ""))
	links := destination.FindAllStringIndex(text, -1)
	end := 0 // of those words
	for i, r := range text {
		for len(links) > 0 && i >= links[0][1] {
			links = links[1:]
		}
		inLink := len(links) > 0 && i >= links[0][0]
		if inLink || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		if want == 0 {
			if blank := strings.LastIndexAny(text[end:i], " \t"); blank >= 0 {
				return text[end+blank+1:] // with its own bold
			}
			return text[strings.LastIndexAny(text[:i], "*_")+1:]
		}
		if want--; want == 0 {
			end = i + utf8.RuneLen(r)
		}
	}
	return ""
}
