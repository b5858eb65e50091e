package template

import (
	"slices"
	"sort"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
)

// ChangeKind says what became of a criterion.
type ChangeKind string

// What may become of a criterion.
const (
	Kept     ChangeKind = "kept"
	Moved    ChangeKind = "moved"    // the same words in another section
	Reworded ChangeKind = "reworded" // perhaps in another section, too
	New      ChangeKind = "new"
	Gone     ChangeKind = "gone"
)

// Change pairs a criterion of one text with that of another.
type Change struct {
	Kind     ChangeKind
	Old, New *Part   // nil where there is none
	Score    float64 // how similar their texts are; 1 for the same words
}

// Compare pairs the boxes of two texts: first those with the same words in the same section, then with the same words, then
// the most similar. The changes stand in the order of the new text, and what is gone after what it followed.
func Compare(old, now *Outline) []Change {
	a, b := old.Boxes(), now.Boxes()
	p := pairing{a: a, b: b, inA: sectionKeys(a), inB: sectionKeys(b), of: fill(len(a), -1), by: fill(len(b), -1), score: make([]float64, len(a))}
	p.equal(true)
	p.equal(false)
	p.similar()
	return p.changes()
}

type pairing struct {
	a, b  []Part
	inA   []string // sections of a, in one form
	inB   []string
	of    []int // of[i] is the box of b that a[i] is, or -1
	by    []int // the other way
	score []float64
}

func fill(n, value int) []int { return slices.Repeat([]int{value}, n) }

func (p *pairing) pair(i, j int, score float64) { p.of[i], p.by[j], p.score[i] = j, i, score }

// equal pairs boxes with the same words, in the order of the texts.
func (p *pairing) equal(sameSection bool) {
	free := map[string][]int{}
	key := func(x Part, section string) string {
		if sameSection {
			return x.Hash + "\n" + section
		}
		return x.Hash
	}
	for j := range p.b {
		if p.by[j] < 0 {
			k := key(p.b[j], p.inB[j])
			free[k] = append(free[k], j)
		}
	}
	for i := range p.a {
		k := key(p.a[i], p.inA[i])
		if js := free[k]; p.of[i] < 0 && len(js) > 0 {
			p.pair(i, js[0], 1)
			free[k] = js[1:]
		}
	}
}

// sameKnown is how similar two wordings of one known criterion must be.
const sameKnown = 0.4

// similar pairs what is left, the most similar first.
func (p *pairing) similar() {
	type candidate struct {
		i, j  int
		score float64
	}
	var all []candidate
	theirs := weighed(p.b, p.by)
	for i, mine := range weighed(p.a, p.of) {
		for j, other := range theirs {
			score := mine.text.Like(other.text)
			if score >= Alike || mine.id != "" && mine.id == other.id && score >= sameKnown {
				if p.inA[i] == p.inB[j] {
					score += 0.001 // of two that are as similar the one in its place
				}
				all = append(all, candidate{i, j, score})
			}
		}
	}
	sort.Slice(all, func(x, y int) bool {
		a, b := all[x], all[y]
		if a.score != b.score {
			return a.score > b.score
		}
		return a.i < b.i || a.i == b.i && a.j < b.j
	})
	for _, c := range all {
		if p.of[c.i] < 0 && p.by[c.j] < 0 {
			p.pair(c.i, c.j, min(c.score, 1))
		}
	}
}

// ready is a box that is to be compared.
type ready struct {
	text criteria.Weighed
	id   string // of the known criterion, "" if it is none
}

// weighed makes the boxes ready that have no partner yet, by their index.
func weighed(parts []Part, partner []int) map[int]ready {
	out := map[int]ready{}
	for i, p := range parts {
		if partner[i] < 0 {
			id, _, _ := criteria.Identify(p.Title)
			out[i] = ready{criteria.Weigh(p.Title), id}
		}
	}
	return out
}

func (p *pairing) changes() []Change {
	var out []Change
	gone := func(i int) {
		for ; i < len(p.a) && p.of[i] < 0; i++ {
			out = append(out, Change{Kind: Gone, Old: &p.a[i]})
		}
	}
	gone(0)
	for j := range p.b {
		i := p.by[j]
		if i < 0 {
			out = append(out, Change{Kind: New, New: &p.b[j]})
			continue
		}
		c := Change{Kind: Kept, Old: &p.a[i], New: &p.b[j], Score: p.score[i]}
		switch {
		case c.Old.Hash != c.New.Hash:
			c.Kind = Reworded
		case p.inA[i] != p.inB[j] && !sameSection(c.Old.Section, c.New.Section):
			c.Kind = Moved
		}
		out = append(out, c)
		gone(i + 1)
	}
	return out
}

// sameSection tells whether two sections are one, with the project's name filled in or not.
func sameSection(a, b []string) bool {
	a, b = a[max(0, len(a)-2):], b[max(0, len(b)-2):]
	return slices.EqualFunc(a, b, func(a, b string) bool {
		one, other := NewTitle(a), NewTitle(b)
		return one.Fits(other) || other.Fits(one)
	})
}

// sectionKeys names the sections of boxes by their last two headings: those above have the project's name.
func sectionKeys(parts []Part) []string {
	keys := make([]string, len(parts))
	for i, p := range parts {
		if i > 0 && slices.Equal(p.Section, parts[i-1].Section) {
			keys[i] = keys[i-1]
			continue
		}
		s := p.Section
		keys[i] = criteria.Normalize(strings.Join(s[max(0, len(s)-2):], " / "))
	}
	return keys
}
