package template

import (
	"regexp"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/criteria"
)

// lineKey is what a line of a template is known by: its words, where its links lead, and whether it is quoted.
func lineKey(line string) string {
	n := criteria.Normalize(destination.ReplaceAllStringFunc(line, func(d string) string { return "](" + target(d[2:len(d)-1]) + ")" }))
	if n != "" && strings.HasPrefix(strings.TrimSpace(line), ">") {
		return "> " + n
	}
	return n
}

// wordsOf are the words of a line without addresses.
func wordsOf(line string) string {
	return criteria.Normalize(destination.ReplaceAllString(line, "]"))
}

var ofTOC = regexp.MustCompile(`^https://github\.com/cncf/toc/(?:blob|tree|raw)/[^/]+/`)

// target is where an address leads in a template's repository: the same for a relative one and for one in full, at any commit.
func target(address string) string {
	if at := ofTOC.FindString(address); at != "" {
		return address[len(at):]
	}
	if hasScheme.MatchString(address) {
		return strings.TrimPrefix(address, "https://")
	}
	for strings.HasPrefix(address, "../") || strings.HasPrefix(address, "./") || strings.HasPrefix(address, "/") {
		_, address, _ = strings.Cut(address, "/")
	}
	return address
}

// linksOf gives the full addresses in a text that are people's own, by their [target].
func linksOf(text, templates string) map[string]string {
	links := map[string]string{}
	for _, d := range destination.FindAllString(text, -1) {
		if address := d[2 : len(d)-1]; hasScheme.MatchString(address) && !strings.Contains(templates, d) && links[target(address)] == "" {
			links[target(address)] = address
		}
	}
	return links
}

// relinked is a text of a template with people's addresses where they lead to the same place.
func relinked(text string, links map[string]string) string {
	if len(links) == 0 {
		return text
	}
	return destination.ReplaceAllStringFunc(text, func(d string) string {
		if mine := links[target(d[2:len(d)-1])]; mine != "" {
			return "](" + mine + ")"
		}
		return d
	})
}

// withLinks gives a criterion the addresses that people have put in: those that the old template, if it is known, has not. What a
// template has changed itself stays changed.
func (v *Version) withLinks(head, old, was string) string {
	mine, theirs := destination.FindAllString(old, -1), destination.FindAllString(was, -1)
	if len(mine) != len(destination.FindAllString(head, -1)) {
		return head
	}
	n := -1
	return destination.ReplaceAllStringFunc(head, func(d string) string {
		n++
		at := func(d string) string { return target(d[2 : len(d)-1]) }
		switch {
		case at(mine[n]) == at(d), len(theirs) != len(mine) && hasScheme.MatchString(mine[n][2:]), len(theirs) == len(mine) && at(mine[n]) != at(theirs[n]):
			return mine[n]
		case hasScheme.MatchString(mine[n][2:]):
			return strings.TrimPrefix(v.Absolute("["+d), "[")
		}
		return d
	})
}

// formBelow counts the lines that a template has below a part: as often as one of the forms has them, or, if they are long enough to be
// nobody's by chance, what people have taken away, or some known version below a heading or criterion of the same words.
func formBelow(p Part, lost string, forms ...string) map[string]int {
	most := map[string]int{}
	for _, form := range forms {
		countLines(most, form, 0)
	}
	countLines(most, lost, fewestBlanks)
	for k, n := range formsBelow()[partKey(p)] {
		most[k] = max(most[k], n)
	}
	return most
}

// countLines notes how often a text has lines with so many blanks, where that is more often than noted.
func countLines(most map[string]int, text string, blanks int) {
	n := map[string]int{}
	for line := range strings.Lines(text) {
		if k := lineKey(line); k != "" && strings.Count(k, " ") >= blanks {
			n[k]++
			most[k] = max(most[k], n[k])
		}
	}
}

func partKey(p Part) string {
	switch p.Kind {
	case Box:
		return "box " + p.Hash
	case Heading:
		return "heading " + NewTitle(p.Title).Key()
	}
	return "lead"
}

// formsBelow are the lines of all known versions, by what they stand below.
var formsBelow = sync.OnceValue(func() map[string]map[string]int {
	all := map[string]map[string]int{}
	for _, v := range Versions() {
		for _, p := range v.Outline().Parts {
			k := partKey(p)
			if all[k] == nil {
				all[k] = map[string]int{}
			}
			countLines(all[k], v.Outline().Body(p), fewestBlanks)
		}
	}
	return all
})
