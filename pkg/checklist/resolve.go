package checklist

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// star after a section means all of it, sub-sections included.
const star = "/*"

// Match is what one part of a reference means.
type Match struct {
	Ref   string // short address of just this
	Whole bool   // a section with all its items
	Name  string // title of the section as written, when Whole
	Items []Item
}

// Bounds on what a comment may ask for, far above what people write.
const (
	maxParts    = 100  // references with commas between
	maxRef      = 2000 // bytes of one
	maxOrdinals = 1000 // nesting of ".1.2"; guard allows fewer levels
)

// Resolve finds what a person means by a reference, or by several with commas between them:
//
//	technical          the section
//	technical.3        its third item; technical.3.1 the first in that
//	technical.3-5      third to fifth
//	governance/*       a section with all its sub-sections
//	gov/required.4     by path; words may be cut short
//	"code of conduct"  by text; "alpha > docs" below another item or heading
//	#licence, licence  by the id of a comment <!-- dd:licence -->
//	#3615              the item that names that issue
//	all                everything
//	3, 3-5             where there is one list without parts
//
// The error is a *NotFoundError or an *AmbiguousError; then nothing is resolved.
func (l *List) Resolve(refs string) ([]Match, error) {
	parts := splitList(refs)
	if len(parts) == 0 {
		return nil, l.notFound("", "Please name an item or a section.", nil)
	}
	if len(parts) > maxParts {
		return nil, l.notFound(parts[maxParts], "These are too many references at once.", nil)
	}
	var out []Match
	for _, p := range parts {
		if len(p) > maxRef {
			return nil, l.notFound(p, "It is too long.", nil)
		}
		m, err := l.resolve(p)
		if err != nil {
			return nil, l.improve(err, p, out)
		}
		out = append(out, m)
	}
	return out, nil
}

// undecorated gives what a reference means without the marks that people put around it or at its end, and with its number
// behind a dot: `users.1`, **users.1**, users.1. and users/1. It is "" where that is nothing either.
func (l *List) undecorated(ref string) string {
	plain := strings.Trim(ref, "`*_.:;!?()[]<>'’‘")
	if i := strings.LastIndexByte(plain, '/'); i >= 0 {
		if _, ok := ordinal(plain[i+1:]); ok {
			plain = plain[:i] + "." + plain[i+1:]
		}
	}
	if plain == ref || plain == "" {
		return ""
	}
	if m, err := l.resolve(plain); err == nil && m.Ref != "" {
		return m.Ref
	}
	return ""
}

func (l *List) resolve(ref string) (Match, error) {
	if text, ok := unquote(ref); ok {
		return l.byText(ref, text)
	}
	if found := l.referring(ref); len(found) == 1 {
		return l.single(found[0]), nil
	} else if len(found) > 1 {
		return Match{}, l.ambiguousItems(ref, found)
	}
	if id, ok := strings.CutPrefix(ref, "#"); ok {
		return l.byAnchor(ref, id)
	}
	if l.numbersItem(ref) {
		return l.byPath(everything + "." + ref)
	}
	if len(l.anchors[strings.ToLower(ref)]) > 0 {
		return l.byAnchor(ref, ref)
	}
	return l.byPath(ref)
}

// numbersItem tells whether a reference is the number of an item: where there is one list a number alone says it.
func (l *List) numbersItem(ref string) bool {
	return l.root != nil && !l.root.divided() && reNumbers.MatchString(ref)
}

var (
	reNumbers = regexp.MustCompile(`^[0-9]{1,4}(?:[-–][0-9]{1,4})?$`)
	// reIssue is a reference to an issue or a pull request, as GitHub knows them in a text.
	reIssue = regexp.MustCompile(`(?i)^(?:[a-z0-9][a-z0-9-]*/[a-z0-9._-]+)?#[0-9]+$`)
)

// referring gives the items whose text names an issue: many lists are of issues, "- [ ] #3614".
func (l *List) referring(ref string) (found []int) {
	if !reIssue.MatchString(ref) {
		return nil
	}
	for i := range l.entries {
		names := func(word string) bool { return strings.EqualFold(strings.Trim(word, ".,;:()[]*_"), ref) }
		if slices.ContainsFunc(strings.Fields(l.entries[i].Text), names) {
			found = append(found, i)
		}
	}
	return found
}

// byAnchor finds an item by its id. Copy and paste makes doubles.
func (l *List) byAnchor(ref, id string) (Match, error) {
	found := l.anchors[strings.ToLower(id)]
	switch len(found) {
	case 0:
		return Match{}, l.notFound(ref, "", l.refSuggestions(ref, parsePath(ref)))
	case 1:
		return l.single(found[0]), nil
	}
	return Match{}, l.ambiguousItems(ref, found)
}

// byText finds an item by its text, by the best level of likeness. What stands before a ">" narrows the search to what is
// in items or under headings that are like it.
func (l *List) byText(ref, text string) (Match, error) {
	var steps []string
	for s := range strings.SplitSeq(text, ">") {
		if f := fold(s); f != "" {
			steps = append(steps, f)
		}
	}
	if len(steps) == 0 {
		return Match{}, l.notFound(ref, "There are no words in it.", nil)
	}
	query, above := steps[len(steps)-1], steps[:len(steps)-1]
	found := l.likeText(query, above)
	if len(found) == 0 && len(above) > 0 {
		found = l.likeText(strings.Join(steps, " "), nil)
	}
	switch len(found) {
	case 0:
		if s := l.names.match(steps); len(s) == 1 && s[0].fold == query {
			return l.byPath(strings.Join(steps, "/"))
		}
		return Match{}, l.notFound(ref, "", l.textSuggestions(query))
	case 1:
		return l.single(found[0]), nil
	}
	return Match{}, l.ambiguousItems(ref, found)
}

func (l *List) likeText(query string, above []string) []int {
	var found []int
	best := unlike
	for i := range l.entries {
		e := &l.entries[i]
		level := textLevel(query, e.Key.Text)
		if level == unlike || level > best || !e.inside(above) {
			continue
		}
		if level < best {
			best, found = level, found[:0]
		}
		found = append(found, i)
	}
	return found
}

// inside tells whether the item is below all of the steps, in their order.
func (e *entry) inside(steps []string) bool {
	for s := e.scope; s != nil && len(steps) > 0; s = s.up {
		if textLevel(steps[len(steps)-1], s.name) != unlike {
			steps = steps[:len(steps)-1]
		}
	}
	s := e.sec
	if e.caption != nil {
		s = e.caption
	}
	for ; s != nil && len(steps) > 0; s = s.up {
		if textLevel(steps[len(steps)-1], s.fold) != unlike {
			steps = steps[:len(steps)-1]
		}
	}
	return len(steps) == 0
}

// byPath finds a section by its name or path, or items in it by their ordinals.
func (l *List) byPath(ref string) (Match, error) {
	p := parsePath(ref)
	s, err := l.section(ref, p)
	if err != nil {
		return Match{}, err
	}
	if len(p.ordinals) > 0 {
		return l.byNumber(ref, s, p)
	}
	if s.up != nil && s.divided() && !p.star {
		return Match{}, l.askForWhole(ref, s)
	}
	m := Match{Ref: l.wholeRef(s), Whole: true, Name: s.title}
	if m.Ref == "" {
		m.Ref = ref
	}
	for i := s.first; i < s.end; i++ {
		m.Items = append(m.Items, l.entries[i].Item)
	}
	return m, nil
}

// byNumber is byOrdinal, but for a section that asks back without a number: it is not counted across its parts.
func (l *List) byNumber(ref string, s *section, p path) (Match, error) {
	m, err := l.byOrdinal(ref, s, p)
	if s.up == nil || !s.divided() {
		return m, err
	}
	var parts []*section
	for i := s.first; i < s.end; i++ {
		if base := l.base(&l.entries[i]); !slices.Contains(parts, base) {
			parts = append(parts, base)
		}
	}
	strange := func(it Item) bool { return l.base(&l.entries[l.byKey[it.Key]]) != s }
	if len(parts) == 1 || err == nil && !slices.ContainsFunc(m.Items, strange) {
		return m, err
	}
	return Match{}, l.ambiguousOrdinals(ref, parts, p)
}

func (l *List) section(ref string, p path) (*section, error) {
	if len(p.steps) == 1 && p.steps[0] == everything {
		if len(l.entries) == 0 {
			return nil, l.notFound(ref, "There is no checklist here.", nil)
		}
		return l.root, nil
	}
	found := l.names.match(p.steps)
	switch {
	case len(found) == 0:
		return nil, l.notFound(ref, "", l.refSuggestions(ref, p))
	case len(found) == 1:
		return found[0], nil
	case len(p.ordinals) > 0:
		return nil, l.ambiguousOrdinals(ref, found, p)
	}
	return nil, l.ambiguousSections(ref, found)
}

func (l *List) byOrdinal(ref string, s *section, p path) (Match, error) {
	at, in := l.top(s), -1
	last := len(p.ordinals) - 1
	for n, ord := range p.ordinals {
		to := ord
		if n == last {
			to = p.to
		}
		switch {
		case ord < 1:
			return Match{}, l.notFound(ref, "Items are counted from 1.", nil)
		case to < ord:
			return Match{}, l.notFound(ref, "A range goes upwards, like 3-5.", nil)
		case to > len(at):
			return Match{}, l.outOfRange(ref, s, in, at)
		}
		if n == last {
			at = at[ord-1 : to]
		} else {
			in = at[ord-1]
			at = l.children(in)
		}
	}
	if len(at) == 1 {
		return l.single(at[0]), nil
	}
	m := Match{Ref: ref}
	if name := l.refOf(s); name != "" {
		m.Ref = name + p.tail
	}
	for _, i := range at {
		m.Items = append(m.Items, l.entries[i].Item)
	}
	return m, nil
}

func (l *List) single(i int) Match {
	return Match{Ref: l.entries[i].Ref, Items: []Item{l.entries[i].Item}}
}

// path is a reference by names: steps, then ordinals of which the last may be a range, or a star.
type path struct {
	steps    []string // folded
	ordinals []int
	to       int    // end of the range; the last ordinal when there is none
	tail     string // ordinals as written
	star     bool
}

func parsePath(ref string) path {
	var p path
	ref = strings.ToLower(ref)
	if cut, ok := strings.CutSuffix(ref, star); ok {
		ref, p.star = cut, true
	} else {
		whole := ref
		ref, p.ordinals, p.to = cutOrdinals(whole)
		p.tail = whole[len(ref):]
	}
	for s := range strings.SplitSeq(ref, "/") {
		p.steps = append(p.steps, fold(s))
	}
	return p
}

// cutOrdinals cuts ".3", ".1.2" or ".3-5" off the end.
func cutOrdinals(ref string) (name string, ordinals []int, to int) {
	to = -1
	for {
		dot := strings.LastIndexByte(ref, '.')
		if dot < 0 || len(ordinals) == maxOrdinals {
			return ref, ordinals, to
		}
		tail := strings.ReplaceAll(ref[dot+1:], "–", "-")
		from, upto, ranged := strings.Cut(tail, "-")
		n, ok := ordinal(from)
		end := n
		if ok && ranged { // a range stands at the end only
			end, ok = ordinal(upto)
			ok = ok && len(ordinals) == 0
		}
		if !ok {
			return ref, ordinals, to
		}
		if len(ordinals) == 0 {
			to = end
		}
		ordinals = append([]int{n}, ordinals...)
		ref = ref[:dot]
	}
}

// ordinal reads a short number.
func ordinal(s string) (int, bool) {
	if len(s) == 0 || len(s) > 6 || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
