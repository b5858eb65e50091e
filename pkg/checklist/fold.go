package checklist

import (
	"strings"
	"unicode"
)

// fold brings text into the form in which names are compared: lower case words of letters and digits with one blank between
// them. Apostrophes vanish, so that "its" finds "it's"; every other sign parts words, so that a heading can be typed with
// hyphens.
func fold(s string) string {
	if strings.Contains(s, " & ") { // people write what they hear
		s = strings.ReplaceAll(s, " & ", " and ")
	}
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range s {
		switch {
		case 'a' <= r && r <= 'z' && !gap: // most of all text
			b.WriteByte(byte(r))
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r) && !isSelector(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(lower(r))
		case r == '\'', r == '’', isSelector(r):
		default:
			gap = true
		}
	}
	return b.String()
}

// lower goes by the upper case, so that letters with two lower case forms (s and long s) become one. ASCII, which is
// nearly everything, takes the short way.
func lower(r rune) rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(unicode.ToUpper(r))
}

// isSelector tells the marks that only choose the picture of an emoji.
func isSelector(r rune) bool { return 0xFE00 <= r && r <= 0xFE0F || r == 0x20E3 }

// foldOr is fold, but names made of signs alone (an emoji) keep them: two such items are not the same.
func foldOr(s string) string {
	if f := fold(s); f != "" {
		return f
	}
	return s
}

// slug is the form of a folded name that people type.
func slug(folded string) string { return strings.ReplaceAll(folded, " ", "-") }

// oneLine collapses white space, line ends included, and drops control characters.
func oneLine(s string) string {
	if s = strings.TrimSpace(s); isOneLine(s) {
		return s
	}
	s = strings.Join(strings.Fields(s), " ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// isOneLine tells, for most texts, that oneLine has nothing to do.
func isOneLine(s string) bool {
	last := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c >= 0x7f || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return s == "" || last != ' '
}

// Levels of likeness, best first.
const (
	same = iota
	wordwise
	partly
	unlike
)

// nameLevel compares a folded query with a folded heading: the whole of it, its first words, its first letters.
func nameLevel(query, name string) int {
	switch {
	case query == "" || !strings.HasPrefix(name, query):
		return unlike
	case len(name) == len(query):
		return same
	case name[len(query)] == ' ':
		return wordwise
	case len(query) < shortWord: // "I have reviewed" is not about the section Incubation
		return unlike
	}
	return partly
}

// textLevel compares a folded query with the folded text of an item: the whole of it, a phrase in it, or words that begin
// like those of the query.
func textLevel(query, text string) int {
	if query == "" {
		return unlike
	}
	if query == text {
		return same
	}
	padded := " " + text + " "
	if strings.Contains(padded, " "+query+" ") {
		return wordwise
	}
	for w := range strings.SplitSeq(query, " ") {
		if !strings.Contains(padded, " "+w) {
			return unlike
		}
	}
	return partly
}
