package evidence

import (
	"strings"
	"unicode"
)

// invisible tells of characters that nobody sees and that make an address another one: zero-width and direction marks,
// byte order marks, soft hyphens, odd blanks.
func invisible(r rune) bool {
	return r == 0x00ad || r == 0xfeff || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || r != ' ' && unicode.Is(unicode.Zs, r)
}

// Visible takes invisible characters away.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, s)
}
