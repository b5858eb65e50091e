package checklist

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
)

// beside are words that people put beside a reference, and that say nothing about what it names.
var beside = map[string]bool{
	"the": true, "a": true, "an": true, "section": true, "sections": true, "part": true, "item": true, "items": true, "no": true, "no.": true,
	"nr": true, "nr.": true, "number": true, "numbers": true, "point": true, "points": true, "box": true, "boxes": true, "question": true,
	"questions": true, "step": true, "steps": true, "criterion": true, "criteria": true, "task": true, "tasks": true, "of": true, "in": true,
}

var (
	// These match the ways in which people write the number of an item, or several.
	nameRange  = regexp.MustCompile(`^(.*?[^\s./:#\[(\d-])[\s./:#\[(-]*(\d{1,6})\s*(?:\.{2,}|[-–—:]|to|through|until)\s*(?:(.*?)[\s./:#-]*)?(\d{1,6})[\])]*\.?$`)
	nameNumber = regexp.MustCompile(`^(.*?[^\s./:#\[(\d-])[\s./:#\[(-]*(\d{1,6})(?:st|nd|rd|th)?[\])]*\.?$`)
	numberName = regexp.MustCompile(`^#?(\d{1,6})(?:st|nd|rd|th|[.):])?\s+(\D+)$`)
	onlyNumber = regexp.MustCompile(`^#?(\d{1,6})(?:\s*(?:\.{2,}|[-–—]|to)\s*#?(\d{1,6}))?[.)]?$`)
)

// Meant gives the reference that somebody had in mind who wrote it in another way: "the technical section", "technical item 3",
// "3rd of technical", "project.5..7", "project 5 to 7", "security required.1". A range that goes on too far is cut. It is "" where there
// is none.
func (l *List) Meant(args string) string {
	s := essence(args)
	if m := nameRange.FindStringSubmatch(s); m != nil && (m[3] == "" || m[3] == m[1]) {
		return l.known(m[1], m[2], m[4])
	}
	if m := nameNumber.FindStringSubmatch(s); m != nil {
		return l.known(m[1], m[2], "")
	}
	if m := numberName.FindStringSubmatch(s); m != nil {
		return l.known(m[2], m[1], "")
	}
	return l.known(s, "", "")
}

// essence is what a text says without what people put beside a reference.
func essence(args string) string {
	var words []string
	for w := range strings.FieldsSeq(strings.ToLower(args[:min(len(args), maxRef)])) {
		if !beside[w] {
			words = append(words, w)
		}
	}
	return strings.Trim(strings.Join(words, " "), "`*_,;!?<>'’‘ ")
}

// Numbered gives the items that "item 3" could mean, where a section is not named; some of them if they are many.
func (l *List) Numbered(args string) []string { return l.withSection(essence(args), nil) }

// known gives the reference to items of a section, if there is one of that name.
func (l *List) known(name, from, to string) string {
	s, err := l.section(name, parsePath(name))
	if err != nil { // "security required" and "security.required"
		name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '.' }), "/")
		s, err = l.section(name, parsePath(name))
	}
	if err != nil || parsePath(name).ordinals != nil {
		return ""
	}
	if from == "" {
		return l.wholeRef(s)
	}
	first, _ := strconv.Atoi(from)
	last, _ := strconv.Atoi(to)
	if to != "" {
		first, last = min(first, last), max(first, last)
	}
	ref := l.refOf(s) + "." + strconv.Itoa(first)
	if n := len(l.top(s)); first > n {
		return ""
	} else if last = min(last, n); last > first {
		ref += "-" + strconv.Itoa(last)
	}
	m, err := l.byPath(ref)
	if err != nil || m.Ref == "" {
		return ""
	}
	return m.Ref
}

// Beside tells whether a text after a reference says nothing but what kind of thing that is, or numbers of more: it is no note.
func Beside(text string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return strings.ContainsRune(" \t\n,;&", r) }) {
		w = strings.Trim(w, ".#()[]")
		switch _, isNumber := ordinal(w); {
		case beside[w], isNumber, w == "and", w == "to", w == "", strings.Trim(w, "-–—.") == "", onlyNumber.MatchString(w):
		default:
			return false
		}
	}
	return text != ""
}

// withSection gives the items that a number without its section could mean: the part of a list goes on with the section of
// the one before, else each section that has so many is offered.
func (l *List) withSection(part string, before []Match) []string {
	m := onlyNumber.FindStringSubmatch(strings.TrimSpace(part))
	if m == nil {
		return nil
	}
	if len(before) > 0 {
		name, ordinals, _ := cutOrdinals(strings.TrimSuffix(before[len(before)-1].Ref, star))
		if len(ordinals) < 2 {
			if ref := l.known(name, m[1], m[2]); ref != "" {
				return []string{ref}
			}
		}
	}
	var refs []string
	for _, name := range l.Sections() {
		if ref := l.known(name, m[1], m[2]); ref != "" && len(refs) < maxSuggestions {
			refs = append(refs, ref)
		}
	}
	return refs
}

// improve offers what a reference that is not found means in another form.
func (l *List) improve(err error, part string, before []Match) error {
	none, ok := errors.AsType[*NotFoundError](err)
	if !ok {
		return err
	}
	if refs := l.withSection(part, before); len(refs) > 0 {
		none.Hint, none.Suggestions = "A number goes behind its section and a dot.", refs
		return none
	}
	for _, form := range []func(string) string{l.called, l.undecorated, l.Meant} {
		if ref := form(part); ref != "" {
			none.Suggestions = []string{ref}
			return none
		}
	}
	return none
}

// called gives the item that has a text as all of its own.
func (l *List) called(text string) string {
	found := l.likeText(fold(text), nil)
	if len(found) != 1 || l.entries[found[0]].Key.Text != fold(text) {
		return ""
	}
	return l.entries[found[0]].Ref
}
