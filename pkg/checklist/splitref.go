package checklist

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SplitRef parts the arguments of a command into the reference at its beginning and the free text after it. A reference
// is one word, a quoted text, or several of these with commas between. After a comma and a blank the next word belongs to
// it only where it cannot be the beginning of a sentence: it is quoted, has an ordinal, a "#" or a comma of its own, or is
// the last word.
func SplitRef(args string) (ref, rest string) {
	return splitRef(args, func(string) bool { return false })
}

func splitRef(args string, known func(word string) bool) (ref, rest string) {
	first, rest := cutPart(strings.TrimLeftFunc(args, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }))
	return splitMore(first, rest, known)
}

// splitMore goes on after the first reference. After a comma a word that is known goes on with the list, too.
func splitMore(ref, rest string, known func(word string) bool) (string, string) {
	for {
		next, ok := cutComma(rest, known)
		if !ok {
			break
		}
		var part string
		part, rest = cutPart(next)
		ref += "," + part
	}
	return ref, strings.TrimSpace(strings.TrimPrefix(trimLeft(rest), ","))
}

// maxTitle is how many words of a heading are tried as one reference.
const maxTitle = 8

// SplitRef is SplitRef for this list: several words without quotation marks that are the whole title of one of its
// sections ("contributor experience", "contributor experience.2") are one reference, and a section's title after a comma goes
// on with the list whatever follows.
func (l *List) SplitRef(args string) (ref, rest string) {
	args = trimLeft(args)
	first, _ := cutPart(args)
	best := 0
	if quoteEnd(args) == 0 {
		for n, end := 0, 0; n < maxTitle; n++ {
			word, after := cutPart(args[end:])
			if word == "" {
				break
			}
			end += len(word)
			if end > len(first) && l.titled(args[:end]) {
				best = end
			}
			end += len(after) - len(trimLeft(after))
		}
	}
	if best > 0 {
		return splitMore(args[:best], args[best:], l.titled)
	}
	return splitRef(args, l.titled)
}

// Listed gives the references of which a text is nothing but a list, with "and" or nothing between them: they were meant to
// have commas. It is nil for a text that says something else, too.
func (l *List) Listed(text string) []string {
	var refs []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		switch {
		case l.titled(w):
			refs = append(refs, w)
		case strings.EqualFold(w, "and"), w == "&", w == "+":
		default:
			return nil
		}
	}
	return refs
}

const (
	maxQuoted = 12 // words of a text that are tried as words of an item
	shortWord = 3  // letters: a word that says nothing alone
)

// Quoted gives the words at the beginning of a text that name an item when they are put in quotes, as many as can be, with
// the quotes; "" if there are none. People forget them.
func (l *List) Quoted(text string) string {
	words := strings.Fields(text)
	for n := min(len(words), maxQuoted); n > 0; n-- {
		if !slices.ContainsFunc(words[:n], func(w string) bool { return len(w) > shortWord }) {
			continue
		}
		phrase := strings.Trim(strings.Join(words[:n], " "), "\"'`‘’“”,.;:")
		var many *AmbiguousError
		if _, err := l.byText(phrase, phrase); err == nil || errors.As(err, &many) {
			return `"` + phrase + `"`
		}
	}
	return ""
}

// titled tells whether a reference is the whole title of a section, or an item of one by its ordinal: what is cut short
// could as well be a word of a note.
func (l *List) titled(ref string) bool {
	if len(ref) > maxRef {
		return false
	}
	p := parsePath(ref)
	if len(p.steps) != 1 || p.steps[0] == "" {
		return false
	}
	if len(p.ordinals) > 0 && !strings.ContainsFunc(ref, unicode.IsSpace) {
		_, err := l.resolve(ref) // nobody writes a word with a number behind a dot by chance
		return err == nil
	}
	return slices.ContainsFunc(l.sections, func(s *section) bool { return s.fold == p.steps[0] })
}

// cutComma gives what follows a comma, if that begins with another reference.
func cutComma(s string, known func(word string) bool) (next string, ok bool) {
	next, ok = strings.CutPrefix(trimLeft(s), ",")
	next = strings.TrimLeft(next, ",") // one too many says nothing
	if !ok || next == "" {
		return "", false
	}
	if first, _ := utf8.DecodeRuneInString(next); unicode.IsSpace(first) {
		next = trimLeft(next)
		word, _ := cutPart(next)
		return next, looksLikeRef(next) || known(word)
	}
	return next, true
}

// cutPart cuts one word or quoted text off the beginning. An open quotation goes on to the end of the line.
func cutPart(s string) (part, rest string) {
	if end := quoteEnd(s); end > 0 {
		return s[:end], s[end:]
	}
	end := strings.IndexFunc(s, func(r rune) bool { return r == ',' || unicode.IsSpace(r) })
	if end < 0 {
		return s, ""
	}
	return s[:end], s[end:]
}

// quoteEnd gives the length of the quoted text at the beginning, with its quotation marks, or 0 when there is none.
func quoteEnd(s string) int {
	var closers string
	switch r, _ := utf8.DecodeRuneInString(s); r {
	case '"':
		closers = `"`
	case '“', '„': // keyboards of phones; German ones close with what English ones open with
		closers = `”"`
		if r == '„' {
			closers = `“”"`
		}
	default:
		return 0
	}
	_, open := utf8.DecodeRuneInString(s)
	i := strings.IndexAny(s[open:], closers)
	if i < 0 {
		if eol := strings.IndexAny(s, "\r\n"); eol >= 0 {
			return eol
		}
		return len(s)
	}
	_, shut := utf8.DecodeRuneInString(s[open+i:])
	return open + i + shut
}

// unquote gives what stands between quotation marks.
func unquote(s string) (text string, ok bool) {
	end := quoteEnd(s)
	if end == 0 {
		return "", false
	}
	return strings.Trim(s[:end], `"“”„`), true
}

// looksLikeRef tells whether the text after a comma begins with a reference, not with a sentence.
func looksLikeRef(s string) bool {
	if quoteEnd(s) > 0 {
		return true
	}
	word, rest := cutPart(s)
	if word == "" || strings.Contains(word, "://") {
		return false
	}
	first, _ := utf8.DecodeRuneInString(word)
	if first == '#' {
		return len(word) > 1
	}
	if !unicode.IsLetter(first) {
		return false
	}
	_, ordinals, _ := cutOrdinals(word)
	rest = trimLeft(rest)
	return len(ordinals) > 0 || strings.HasSuffix(word, star) || rest == "" || rest[0] == ','
}

// splitList parts a reference at the commas outside quotation marks.
func splitList(refs string) []string {
	var parts []string
	for rest := trimLeft(refs); rest != ""; rest = trimLeft(rest) {
		if rest[0] == ',' {
			rest = rest[1:]
			continue
		}
		end := quoteEnd(rest)
		if end == 0 {
			if end = strings.IndexByte(rest, ','); end < 0 {
				end = len(rest)
			}
		}
		parts = append(parts, strings.TrimSpace(rest[:end]))
		rest = rest[end:]
	}
	return parts
}

func trimLeft(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) }
