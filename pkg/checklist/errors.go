package checklist

import (
	"fmt"
	"strings"
	"unicode"
)

// How much an error offers at most. More than a handful is noise in a reply.
const (
	maxSuggestions = 5
	maxCandidates  = 8
)

// RefusedError says that a body cannot be read or an edit cannot be made safely. The body is to stay as it is.
type RefusedError struct {
	Reason string // a sentence for people, plain text
	unsafe bool   // it is about the text around an item
}

func (e *RefusedError) Error() string { return e.Reason }

func refuse(format string, args ...any) error {
	return &RefusedError{Reason: fmt.Sprintf(format, args...)}
}

// NotFoundError says that nothing has the name that was given.
type NotFoundError struct {
	Ref         string   // as written
	Hint        string   // what is known beyond "not found", a sentence or ""
	Suggestions []string // refs that exist, nearest first
}

func (e *NotFoundError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "No checklist item or section is called \"%s\".", tame(e.Ref))
	if e.Hint != "" {
		b.WriteString(" " + e.Hint)
	}
	if len(e.Suggestions) > 0 {
		fmt.Fprintf(&b, " Did you mean %s?", orList(e.Suggestions))
	}
	return b.String()
}

// Candidate is one of several things that a reference could mean.
type Candidate struct {
	Ref   string // resolves to this candidate alone
	Text  string // text of the item, or title of the section
	Count int    // how many items the section has; 0 when the candidate is an item
}

// AmbiguousError says that a reference fits several items or sections.
type AmbiguousError struct {
	Ref        string      // as written
	Candidates []Candidate // the first of them
	Total      int         // how many there are
	Parent     bool        // Ref is one section, but has sub-sections: the whole of it must be asked for
}

func (e *AmbiguousError) Error() string {
	refs := make([]string, len(e.Candidates))
	for i, c := range e.Candidates {
		refs[i] = c.Ref
		if !e.Parent || i > 0 { // two asterisks would be emphasis; without it the next answer asks for the whole
			refs[i] = strings.TrimSuffix(c.Ref, star)
		}
	}
	if e.Parent && len(refs) > 0 {
		s := fmt.Sprintf("\"%s\" has sub-sections. Write \"%s\" for all of it", tame(e.Ref), tameWhole(refs[0]))
		if len(refs) > 1 {
			s += ", or " + orList(refs[1:])
		}
		return s + more(e.Total-len(refs)) + "."
	}
	return fmt.Sprintf("\"%s\" fits more than one: %s%s. Please write one of these.", tame(e.Ref), andList(refs), more(e.Total-len(refs)))
}

func more(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}

func andList(refs []string) string { return wordList(refs, "and") }
func orList(refs []string) string  { return wordList(refs, "or") }

func wordList(refs []string, last string) string {
	var b strings.Builder
	for i, r := range refs {
		switch {
		case i > 0 && i == len(refs)-1:
			b.WriteString(" " + last + " ")
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString("\"" + tame(r) + "\"")
	}
	return b.String()
}

// tameWhole is tame for a reference of ours that may end in a star.
func tameWhole(ref string) string {
	if cut, ok := strings.CutSuffix(ref, star); ok {
		return tame(cut) + star
	}
	return tame(ref)
}

// tame makes what somebody typed fit for a sentence on GitHub: no Markdown, no mention, no issue link, not too long.
func tame(ref string) string {
	const most = 60
	var b strings.Builder
	n := 0
	for _, r := range oneLine(ref) {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -.,/;!?'()", r) {
			continue
		}
		if n++; n > most {
			b.WriteString("...")
			break
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}
