package checklist

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

func (l *List) notFound(ref, hint string, suggestions []string) error {
	return &NotFoundError{Ref: ref, Hint: hint, Suggestions: suggestions}
}

// outOfRange says how many items there are where an ordinal counts too far. In is the item whose children are counted,
// or negative.
func (l *List) outOfRange(ref string, s *section, in int, at []int) error {
	hint := fmt.Sprintf("\"%s\" has %s.", tame(l.refOf(s)), count(len(at)))
	if in >= 0 {
		hint = fmt.Sprintf("\"%s\" has %s below it.", tame(l.entries[in].Ref), count(len(at)))
	}
	if len(at) == 0 {
		return l.notFound(ref, hint, nil)
	}
	return l.notFound(ref, hint, []string{l.entries[at[len(at)-1]].Ref})
}

func count(n int) string {
	switch n {
	case 0:
		return "no items"
	case 1:
		return "one item"
	}
	return strconv.Itoa(n) + " items"
}

func (l *List) ambiguousItems(ref string, found []int) error {
	e := &AmbiguousError{Ref: ref, Total: len(found)}
	for _, i := range found[:min(len(found), maxCandidates)] {
		e.Candidates = append(e.Candidates, Candidate{Ref: l.entries[i].Ref, Text: l.entries[i].Text})
	}
	return e
}

func (l *List) ambiguousSections(ref string, found []*section) *AmbiguousError {
	e := &AmbiguousError{Ref: ref, Total: len(found)}
	for _, s := range found[:min(len(found), maxCandidates)] {
		e.Candidates = append(e.Candidates, l.candidate(s))
	}
	return e
}

// ambiguousOrdinals offers the items that have the ordinal in each of the sections.
func (l *List) ambiguousOrdinals(ref string, found []*section, p path) error {
	e := &AmbiguousError{Ref: ref}
	for _, s := range found {
		m, err := l.byOrdinal(ref, s, p)
		if err != nil || m.Ref == ref {
			continue // it has no such item, or no name
		}
		c := Candidate{Ref: m.Ref, Text: m.Items[0].Text}
		if len(m.Items) > 1 {
			c.Text, c.Count = s.title, len(m.Items)
		}
		e.Candidates = append(e.Candidates, c)
	}
	e.Total = len(e.Candidates)
	switch e.Total {
	case 0:
		return l.ambiguousSections(ref, found)
	case 1: // the number tells which section, but only today
		return l.notFound(ref, "", []string{e.Candidates[0].Ref})
	}
	e.Candidates = e.Candidates[:min(e.Total, maxCandidates)]
	return e
}

// askForWhole says that a section has parts, and offers all of it first, then the parts.
func (l *List) askForWhole(ref string, s *section) error {
	parts := []*section{s}
	for _, part := range l.sections {
		if part.up == s && (l.serves(part) || slices.Contains(s.kids, part)) {
			parts = append(parts, part)
		}
	}
	e := l.ambiguousSections(ref, parts)
	e.Parent = true
	return e
}

func (l *List) candidate(s *section) Candidate {
	c := Candidate{Ref: l.wholeRef(s), Text: s.title, Count: s.end - s.first}
	if c.Ref == "" {
		c.Ref = l.rangeRef(s)
	}
	return c
}

// rangeRef addresses a section that shares its whole path with another by the ordinals of its items in a section above.
func (l *List) rangeRef(s *section) string {
	base := s.up
	for base.up != nil && l.name(base) == "" {
		base = base.up
	}
	from, to := 0, 0
	for n, i := range l.top(base) {
		if i >= s.first && i < s.end {
			to = n + 1
			if from == 0 {
				from = to
			}
		}
	}
	if from == to {
		return fmt.Sprintf("%s.%d", l.refOf(base), to)
	}
	return fmt.Sprintf("%s.%d-%d", l.refOf(base), from, to)
}

// refSuggestions offers the sections, anchors or, for a reference with an ordinal, items that are written most alike. Of a
// path whose beginning is right it offers what is below that.
func (l *List) refSuggestions(ref string, p path) []string {
	var refs []string
	if last := len(p.steps) - 1; last > 0 {
		if found := l.names.match(p.steps[:last]); len(found) == 1 {
			for _, s := range found[0].kids {
				refs = append(refs, l.candidate(s).Ref)
			}
			if len(refs) > 0 {
				return refs[:min(len(refs), maxSuggestions)]
			}
		}
	}
	if len(p.ordinals) > 0 {
		for i := range l.entries {
			refs = append(refs, l.entries[i].Ref)
		}
	} else {
		for _, pool := range [][]*section{l.names.headings, l.names.captions} {
			for _, s := range pool {
				if r := l.name(s); r != "" && (!s.isCaption || strings.Count(s.fold, " ") < maxCaptionWords) {
					refs = append(refs, r)
				}
			}
		}
		for i := range l.entries {
			if a := l.entries[i].Anchor; a != "" {
				refs = append(refs, "#"+a)
			}
		}
	}
	if len(refs) == 0 && len(l.entries) > 0 {
		refs = append(refs, everything)
	}
	return nearest(ref, refs)
}

// Sections gives the addresses of the sections in which items are counted, in source order.
func (l *List) Sections() []string {
	var refs []string
	for i := range l.entries {
		if ref := l.refOf(l.base(&l.entries[i])); !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	return refs
}

// Areas gives the headings above these, for a list that has many sections.
func (l *List) Areas() []string {
	var refs []string
	for i := range l.entries {
		s := l.base(&l.entries[i])
		if s.up != nil && s.up.up != nil {
			s = s.up
		}
		if ref := l.refOf(s); ref != "" && !slices.Contains(refs, ref) {
			refs = append(refs, ref)
		}
	}
	return refs
}

// textSuggestions offers the items that have most words of the query, and the section of that name.
func (l *List) textSuggestions(query string) []string {
	var refs []string
	if found := l.names.match([]string{query}); len(found) == 1 {
		refs = append(refs, l.candidate(found[0]).Ref)
	}
	type hit struct{ item, words int }
	var hits []hit
	words := strings.Fields(query)
	words = words[:min(len(words), 20)]
	for i := range l.entries {
		n := 0
		for _, w := range words {
			if strings.Contains(" "+l.entries[i].Key.Text, " "+w) {
				n++
			}
		}
		if n > 0 {
			hits = append(hits, hit{i, n})
		}
	}
	sort.SliceStable(hits, func(i, j int) bool { return hits[i].words > hits[j].words })
	for _, h := range hits[:min(len(hits), maxSuggestions-len(refs))] {
		refs = append(refs, l.entries[h.item].Ref)
	}
	if len(refs) == 0 {
		return l.refSuggestions(query, parsePath(query))
	}
	return refs
}

// nearest gives the references with the smallest edit distance, at most maxSuggestions, source order among equals. What is
// not like the reference at all would only distract, and so would what is less like it than another.
func nearest(ref string, refs []string) []string {
	type scored struct {
		ref  string
		dist int
	}
	const longest = 80 // of what is compared; names differ early
	want := cutRunes(strings.ToLower(ref), longest)
	near := max(2, len(want)/2)
	if len(want) <= 4 {
		near = 1 // in a short word two letters are half of it
	}
	var all []scored
	seen := map[string]bool{}
	for _, r := range refs {
		if d := distance(want, cutRunes(r, longest)); !seen[r] && d <= near {
			seen[r] = true
			all = append(all, scored{r, d})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].dist < all[j].dist })
	var out []string
	for _, s := range all[:min(len(all), maxSuggestions)] {
		if s.dist > all[0].dist+1 {
			break
		}
		out = append(out, s.ref)
	}
	return out
}

func cutRunes(s string, n int) []rune {
	r := []rune(s[:min(len(s), 4*n)])
	return r[:min(len(r), n)]
}

// Distance is the edit distance of two words, where exchanging two neighbours, the commonest slip, is one step.
func Distance(a, b string) int { return distance([]rune(a), []rune(b)) }

func distance(a, b []rune) int {
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			change := prev[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			cur[j] = min(change, prev[j]+1, cur[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}
