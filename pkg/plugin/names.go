package plugin

import "strings"

// pairs are the quotation marks that people put around a name.
var pairs = [][2]string{{`"`, `"`}, {"'", "'"}, {"`", "`"}, {"“", "”"}, {"„", "“"}, {"„", "”"}, {"«", "»"}, {"‘", "’"}}

// Unquote takes one pair of quotation marks off a name. A mark that has no other belongs to the name.
func Unquote(s string) string {
	s = strings.TrimSpace(s)
	for _, p := range pairs {
		if inner, ok := strings.CutPrefix(s, p[0]); ok {
			if inner, ok := strings.CutSuffix(inner, p[1]); ok {
				return strings.TrimSpace(inner)
			}
		}
	}
	return s
}

// FindName finds a name among those that there are, as it is written there: exactly, else without quotation
// marks around it, else the same whatever the letter case and blanks.
func FindName(written string, names []string) (string, bool) {
	for _, same := range []func(name, w string) bool{
		func(name, w string) bool { return name == w },
		func(name, w string) bool { return name == Unquote(w) },
		func(name, w string) bool { return foldName(name) == foldName(w) },
		func(name, w string) bool { return foldName(name) == foldName(Unquote(w)) },
	} {
		for _, name := range names {
			if same(name, written) {
				return name, true
			}
		}
	}
	return "", false
}

func foldName(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// Fields splits arguments at blanks and commas. What is in quotation marks is one field, without them; a mark that has no other
// is a character like any.
func Fields(s string) []string {
	var out []string
	for {
		s = strings.TrimLeft(s, " \t,")
		if s == "" {
			return out
		}
		if inner, rest, ok := cutQuoted(s); ok {
			out, s = append(out, inner), rest
			continue
		}
		end := strings.IndexAny(s, " \t,")
		if end < 0 {
			end = len(s)
		}
		out, s = append(out, s[:end]), s[end:]
	}
}

// cutQuoted cuts a quoted part off the beginning, if it ends where a field can end.
func cutQuoted(s string) (inner, rest string, ok bool) {
	for _, p := range pairs {
		inner, found := strings.CutPrefix(s, p[0])
		if !found {
			continue
		}
		if inner, rest, found := strings.Cut(inner, p[1]); found && strings.TrimSpace(inner) != "" && (rest == "" || strings.ContainsAny(rest[:1], " \t,")) {
			return strings.TrimSpace(inner), rest, true
		}
	}
	return "", s, false
}
