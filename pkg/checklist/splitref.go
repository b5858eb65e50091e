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
	return splitRef(args, func(string) int { return 0 })
}

// SplitRef is SplitRef for this list: several words without quotation marks that are the whole title of one of its
// sections ("contributor experience", "contributor experience.2") are one reference, at the beginning and after a comma, whatever
// follows.
func (l *List) SplitRef(args string) (ref, rest string) {
	return splitRef(args, l.title)
}

// splitRef asks title for the length of the words at the beginning of a text that name something.
func splitRef(args string, title func(s string) int) (ref, rest string) {
	rest = skip(args)
	for {
		n := title(rest)
		if n == 0 {
			part, _ := cutPart(rest)
			n = len(part)
		}
		ref, rest = ref+rest[:n], rest[n:]
		next, ok := cutComma(rest, title)
		if !ok {
			return ref, strings.TrimSpace(strings.TrimLeft(trimLeft(rest), ",;"))
		}
		ref, rest = ref+",", next
	}
}

// maxTitle is how many words of a heading are tried as one reference.
const maxTitle = 8

// title gives the length of the words at the beginning of a text that are the whole title of a section, as many as can be.
func (l *List) title(s string) int {
	if quoteEnd(s) > 0 {
		return 0
	}
	best := 0
	for n, end := 0, 0; n < maxTitle; n++ {
		word, after := cutPart(s[end:])
		if word == "" {
			break
		}
		end += len(word)
		if l.titled(s[:end]) {
			best = end
		}
		end += len(after) - len(trimLeft(after))
	}
	return best
}

// Listed gives the references of which a text is nothing but a list, with "and" or nothing between them: they were meant to
// have commas. It is nil for a text that says something else, too. Words in quotes may be evidence: they are meant so behind an "and", or where
// the reference before the text, first, is in quotes.
func (l *List) Listed(first, text string) []string {
	var refs []string
	joined := false // "and" was there: a short name is enough
	quoted := quoteEnd(first) > 0
	for text = skip(text); text != ""; text = skip(text) {
		word, _ := cutPart(text)
		n, end := l.title(text), quoteEnd(text)
		switch {
		case word == "&", word == "+":
			joined, n = true, len(word)
		case n > 0:
			refs = append(refs, text[:n])
		case strings.EqualFold(word, "and"):
			joined, n = true, len(word)
		case end > 0 && (joined || quoted) && l.isNamed(text[:end]):
			n = end
			refs = append(refs, text[:end])
		case joined && len(l.names.match([]string{fold(word)})) == 1:
			n = len(word)
			refs = append(refs, word)
		default:
			return nil
		}
		text = text[n:]
	}
	return refs
}

// isNamed tells whether a reference names something.
func (l *List) isNamed(ref string) bool {
	_, err := l.Resolve(ref)
	return err == nil
}

// skip drops commas, semicolons and white space at the beginning.
func skip(s string) string {
	return strings.TrimLeftFunc(s, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
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
	if len(p.ordinals) > 0 && !strings.ContainsFunc(ref, unicode.IsSpace) {
		_, err := l.resolve(ref) // nobody writes a word with a number behind a dot by chance
		return err == nil
	}
	for _, step := range p.steps {
		if !slices.ContainsFunc(l.sections, func(s *section) bool { return s.fold == step && step != "" }) {
			return false
		}
	}
	return len(p.steps) == 1 || len(l.names.match(p.steps)) > 0
}

// cutComma gives what follows a comma, if that begins with another reference.
func cutComma(s string, title func(s string) int) (next string, ok bool) {
	s = trimLeft(s)
	next = strings.TrimLeft(s, ",;") // one too many says nothing
	if next == s || next == "" {
		return "", false
	}
	if first, _ := utf8.DecodeRuneInString(next); unicode.IsSpace(first) {
		next = trimLeft(next)
		return next, looksLikeRef(next) || title(next) > 0
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
		end = len(s)
	}
	if cut := strings.TrimRight(s[:end], ";"); cut != "" {
		end = len(cut)
	}
	return s[:end], s[end:]
}

// quotes are the marks that open a quotation, each with those that close it. Keyboards of phones make pairs of them; German
// ones close with what English ones open with.
var quotes = map[rune]string{'"': `"`, '“': `”"`, '„': `“”"`, '«': `»"`}

// quoteMarks are all of them.
const quoteMarks = `"“”„«»`

// quoteEnd gives the length of the quoted text at the beginning, with its quotation marks, or 0 when there is none. A mark
// between a blank and a word opens a quotation in it: "say "hello" loudly". Where too few close, the last that does is the
// end, and the end of the line where none does.
func quoteEnd(s string) int {
	first, open := utf8.DecodeRuneInString(s)
	closers := quotes[first]
	if closers == "" {
		return 0
	}
	if eol := strings.IndexAny(s, "\r\n"); eol >= 0 {
		s = s[:eol]
	}
	last, depth, before := 0, 1, first
	for i := open; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		after, _ := utf8.DecodeRuneInString(s[i+size:])
		switch {
		case quotes[r] != "" && unicode.IsSpace(before) && (unicode.IsLetter(after) || unicode.IsDigit(after)):
			depth++
		case strings.ContainsRune(closers, r):
			last = i + size
			if depth--; depth == 0 {
				return last
			}
		}
		before, i = r, i+size
	}
	if last == 0 {
		return len(s)
	}
	return last
}

// unquote gives what stands between quotation marks.
func unquote(s string) (text string, ok bool) {
	end := quoteEnd(s)
	if end == 0 {
		return "", false
	}
	_, open := utf8.DecodeRuneInString(s)
	if last, size := utf8.DecodeLastRuneInString(s[:end]); end > open && strings.ContainsRune(quoteMarks, last) {
		end -= size
	}
	return s[open:end], true
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
	return len(ordinals) > 0 || strings.HasSuffix(word, star) || rest == "" || rest[0] == ',' || rest[0] == ';'
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
