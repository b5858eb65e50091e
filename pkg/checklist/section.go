package checklist

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// section is a stretch of items under one name: a heading with all that is below it, or the caption of one list.
type section struct {
	title       string
	fold        string
	key         string   // folded titles from the outermost, for keys
	path        []string // titles from the outermost
	level       int      // of the heading
	isCaption   bool
	up          *section // heading above; nil at the root
	first, end  int      // its items, those of sub-sections included
	direct      int      // how many are in no sub-section
	kids        []*section
	ref         string // shortest name that resolves to it, or ""
	refResolved bool
}

// names finds sections by name. Sections without items have no name: there is nothing to do in them.
type names struct {
	headings []*section // by folded title
	captions []*section
	found    map[string]*section // memory of only()
}

func newNames(all []*section) names {
	n := names{found: map[string]*section{}}
	for _, s := range all {
		switch {
		case s.first == s.end:
			continue
		case s.isCaption:
			n.captions = append(n.captions, s)
		default:
			n.headings = append(n.headings, s)
			s.up.kids = append(s.up.kids, s)
		}
	}
	for _, pool := range [][]*section{n.headings, n.captions} {
		sort.SliceStable(pool, func(i, j int) bool { return pool[i].fold < pool[j].fold })
	}
	return n
}

// match gives the sections that a path of folded steps fits best, in source order. Captions count only where no heading
// fits.
func (n *names) match(steps []string) []*section {
	if best := bestMatch(n.headings, steps); len(best) > 0 {
		return best
	}
	// The beginning of a sentence that happens to stand above a list names nothing: all of it does.
	return slices.DeleteFunc(bestMatch(n.captions, steps), func(s *section) bool {
		return strings.Count(s.fold, " ") >= maxCaptionWords && s.fold != steps[len(steps)-1]
	})
}

func bestMatch(pool []*section, steps []string) []*section {
	last := steps[len(steps)-1]
	if last == "" {
		return nil
	}
	var best []*section
	score := -1
	from := sort.Search(len(pool), func(i int) bool { return pool[i].fold >= last })
	for _, s := range pool[from:] {
		level := nameLevel(last, s.fold)
		if level == unlike {
			break
		}
		above := climb(s.up, steps[:len(steps)-1])
		if above < 0 {
			continue
		}
		switch sum := level + above; {
		case score < 0 || sum < score:
			score, best = sum, append(best[:0], s)
		case sum == score:
			best = append(best, s)
		}
	}
	sort.SliceStable(best, func(i, j int) bool { return best[i].first < best[j].first })
	return best
}

// climb fits the steps of a path to the headings above a section, the last step first; headings may be skipped. It gives
// the least sum of levels, or -1.
func climb(s *section, steps []string) int {
	sums := make([]int, len(steps)+1) // sums[k] is the least for the last k steps, so far; -1 means none
	for k := 1; k < len(sums); k++ {
		sums[k] = -1
	}
	for ; s != nil && s.up != nil; s = s.up {
		for k := len(steps); k > 0; k-- {
			level := nameLevel(steps[len(steps)-k], s.fold)
			if level == unlike || sums[k-1] < 0 {
				continue
			}
			if sum := sums[k-1] + level; sums[k] < 0 || sum < sums[k] {
				sums[k] = sum
			}
		}
	}
	return sums[len(steps)]
}

// only is the single section that a path means, or nil.
func (n *names) only(steps ...string) *section {
	id := strings.Join(steps, "/")
	s, known := n.found[id]
	if !known {
		if m := n.match(steps); len(m) == 1 {
			s = m[0]
		}
		n.found[id] = s
	}
	return s
}

// Bounds on what is tried for a short name, so that naming stays linear in the size of the body.
const (
	maxWords   = 12 // of a title
	maxParents = 6
)

// name finds the shortest address of a section: its first words, or those after a heading above it.
func (l *List) name(s *section) string {
	if s.refResolved {
		return s.ref
	}
	s.refResolved = true
	own := shortNames(s.fold)
	for _, n := range own {
		if l.means(s, n) {
			s.ref = slug(n)
			return s.ref
		}
	}
	up := s.up
	for range maxParents {
		if up == nil || up.up == nil {
			break
		}
		for _, above := range shortNames(up.fold) {
			for _, n := range own {
				if l.means(s, above, n) {
					s.ref = slug(above) + "/" + slug(n)
					return s.ref
				}
			}
		}
		up = up.up
	}
	return s.ref
}

// means tells whether the path is an unmistakable name of the section.
func (l *List) means(s *section, steps ...string) bool {
	if len(steps) == 1 && (steps[0] == everything || l.numbersItem(slug(steps[0]))) {
		return false
	}
	return l.names.only(steps...) == s
}

// shortNames gives the first words of a title, from one word up, and at last the whole title. Names of less than four
// letters are left out where there are longer ones: they say too little.
func shortNames(folded string) []string {
	const enough = 4
	var out []string
	for i, n := 0, 0; n < maxWords; n++ {
		j := strings.IndexByte(folded[i:], ' ')
		if j < 0 {
			break
		}
		if short := folded[:i+j]; utf8.RuneCountInString(short) >= enough {
			out = append(out, short)
		}
		i += j + 1
	}
	if folded != "" {
		out = append(out, folded)
	}
	return out
}

// groups counts the parts of a section: its own items and each sub-section.
func (s *section) groups() int {
	n := len(s.kids)
	if s.direct > 0 {
		n++
	}
	return n
}

// divided tells whether a section has more than one part, so that its bare name could mean less than all of it.
func (s *section) divided() bool {
	for s.direct == 0 && len(s.kids) == 1 {
		s = s.kids[0]
	}
	return !s.isCaption && s.groups() > 1
}
