package criteria

import (
	"cmp"
	_ "embed"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
)

//go:embed known.tsv
var knownTSV string

// wording is one text that a criterion had in some template.
type wording struct {
	id   string
	text string
	bag  bag
	key  []string // its three rarest stems
}

// known holds all wordings.
type known struct {
	wordings []wording
	byText   map[string]string // normalised text → id
	frequent map[string]int    // in how many criteria a stem stands
	criteria map[string]bool
}

var load = sync.OnceValue(func() *known {
	k := &known{byText: map[string]string{}, frequent: map[string]int{}, criteria: map[string]bool{}}
	seen := map[string]bool{}
	for line := range strings.Lines(knownTSV) {
		id, text, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok {
			continue // the comment
		}
		w := wording{id: id, text: text, bag: bagOf(strings.Fields(text))}
		k.wordings, k.byText[text] = append(k.wordings, w), id
		for s := range w.bag {
			if !seen[id+"\t"+s] {
				seen[id+"\t"+s] = true
				k.frequent[s]++
			}
		}
		k.criteria[id] = true
	}
	for i := range k.wordings {
		k.wordings[i].key = k.rarest(k.wordings[i].bag)
	}
	return k
})

// rarest gives the three stems that the fewest criteria have; the first in the alphabet of those that tie.
func (k *known) rarest(b bag) []string {
	stems := slices.SortedFunc(maps.Keys(b), func(x, y string) int {
		return cmp.Or(cmp.Compare(k.frequent[x], k.frequent[y]), strings.Compare(x, y))
	})
	return stems[:min(3, len(stems))]
}

// hasKey tells whether a text has two of the three stems, or all where there are fewer.
func hasKey(b bag, key []string) bool {
	n := 0
	for _, s := range key {
		if b[s] > 0 {
			n++
		}
	}
	return n >= min(2, len(key))
}

// rarity is the inverse document frequency of a stem among the known criteria, squared: the one word in which two
// criteria differ must count for more than the ten that they share. A stem of none of them tells little either way.
func rarity(stem string) float64 {
	k := load()
	n := k.frequent[stem]
	if n == 0 {
		n = foreign
	}
	idf := math.Log(1 + float64(len(k.criteria))/float64(n))
	return idf * idf
}

// foreign is the frequency that a stem is given which no known criterion has.
const foreign = 8

// sameness is how similar a text must be to a known wording to be taken for that criterion; besides, it must have two of
// the wording's three rarest stems. Among the known wordings themselves, each left out in turn, no text is then taken for
// another criterion (see the test).
const sameness = 0.6

// Identify tells which criterion a text is: by its normalised form, else by the most similar wording. ok is false where
// none is similar enough; score is then the best similarity found.
func Identify(text string) (id string, score float64, ok bool) {
	k, norm := load(), Normalize(text)
	if id, ok := k.byText[norm]; ok {
		return id, 1, true
	}
	w, score := k.nearest(bagOf(strings.Fields(norm)), nil)
	if w == nil || score < sameness {
		return "", score, false
	}
	return w.id, score, true
}

// nearest gives the wording that is most like the bag and shares key stems with it.
func (k *known) nearest(b bag, without *wording) (best *wording, score float64) {
	for i := range k.wordings {
		w := &k.wordings[i]
		if w == without || !hasKey(b, w.key) {
			continue
		}
		if s := dice(b, w.bag); s > score {
			best, score = w, s
		}
	}
	return best, score
}

// IDs lists the known criteria in the order of the file.
func IDs() []string {
	var ids []string
	for _, w := range load().wordings {
		if len(ids) == 0 || ids[len(ids)-1] != w.id {
			ids = append(ids, w.id)
		}
	}
	return ids
}

// Wordings gives the normalised texts that a criterion has had.
func Wordings(id string) []string {
	var texts []string
	for _, w := range load().wordings {
		if w.id == id {
			texts = append(texts, w.text)
		}
	}
	return texts
}
