package issue

import (
	"slices"
	"strings"
)

// FoldLogin gives a login, or a name of an organisation, team or repository, as a key: GitHub folds the case of ASCII
// letters, and there are no others in a login. A Kelvin sign is nobody's k, a long s nobody's s.
func FoldLogin(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// SameLogin tells whether two logins are one. The login of nobody, "", is nobody's.
func SameLogin(a, b string) bool { return a != "" && FoldLogin(a) == FoldLogin(b) }

// HasLogin tells whether a list of logins has one.
func HasLogin(list []string, login string) bool {
	return slices.ContainsFunc(list, func(have string) bool { return SameLogin(have, login) })
}

// FoldLabel gives a label's name as a key. GitHub has one label for all letter cases of a name, of every alphabet as far
// as is known: nothing documents more, so case is all that is folded, letter by letter.
func FoldLabel(s string) string { return strings.ToLower(s) }

// SameLabel tells whether two names are those of one label.
func SameLabel(a, b string) bool { return FoldLabel(a) == FoldLabel(b) }

// HasLabel tells whether a list of labels has one.
func HasLabel(list []string, name string) bool {
	return slices.ContainsFunc(list, func(have string) bool { return SameLabel(have, name) })
}
