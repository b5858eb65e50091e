package command

import (
	"strings"
	"unicode"
)

// What editors, phones and copied web pages put around commands, and nobody sees.

// isBlank accepts blanks of any width.
func isBlank(r rune) bool { return r == ' ' || r == '\t' || r > 0x7f && unicode.Is(unicode.Zs, r) }

// isInvisible accepts what takes no room and means nothing in a command: marks of direction, joiners and spaces without
// width, a byte order mark, a soft hyphen (Unicode's general category Cf), and the selectors that follow an emoji.
func isInvisible(r rune) bool {
	return r > 0x7f && (unicode.Is(unicode.Cf, r) || r >= 0xfe00 && r <= 0xfe0f)
}

func isUnseen(r rune) bool { return isBlank(r) || isInvisible(r) }

// joiners have a meaning inside words: Persian and Indic scripts and composed emoji need them.
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' || r >= 0xfe00 && r <= 0xfe0f }

// seen gives a text without what is invisible, with spaces for blanks of any kind. Joiners between characters stay.
func seen(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r == '\t' || r > 0x7f }) < 0 {
		return s
	}
	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case isBlank(r):
			b.WriteByte(' ')
		case joins(r) && i > 0 && runes[i-1] > 0x7f && !isUnseen(runes[i-1]):
			b.WriteRune(r)
		case !isInvisible(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}
