package criteria

import (
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
		k.wordings, k.byText[text] = append(k.wordings, wording{id: id, text: text}), id
		for w := range strings.FieldsSeq(text) {
			if s := stem(w); !seen[id+"\t"+s] {
				seen[id+"\t"+s] = true
				k.frequent[s]++
			}
		}
		k.criteria[id] = true
	}
	for i := range k.wordings {
		w := &k.wordings[i]
		w.bag = k.bagOf(strings.Fields(w.text))
	}
	return k
})

// rarity is the inverse document frequency of a stem among the known criteria, squared: the one word in which two
// criteria differ must count for more than the ten that they share. A stem of none of them tells little either way.
func (k *known) rarity(stem string) float64 {
	n := k.frequent[stem]
	if n == 0 {
		n = foreign
	}
	idf := math.Log(1 + float64(len(k.criteria))/float64(n))
	return idf * idf
}

// foreign is the frequency that a stem is given which no known criterion has.
const foreign = 8

// sameness is how similar a text must be to a known wording to be taken for that criterion. Among the known wordings
// themselves, each left out in turn, no text is then taken for another criterion (see the test).
const sameness = 0.69

// Identify tells which criterion a text is: by its normalised form, else by the most similar wording. ok is false where
// none is similar enough; score is then the best similarity found.
func Identify(text string) (id string, score float64, ok bool) {
	k, norm := load(), Normalize(text)
	if id, ok := k.byText[norm]; ok {
		return id, 1, true
	}
	w, score := k.nearest(k.bagOf(strings.Fields(norm)), nil)
	if w == nil || score < sameness {
		return "", score, false
	}
	return w.id, score, true
}

// nearest gives the wording that is most like the bag.
func (k *known) nearest(b bag, without *wording) (best *wording, score float64) {
	for i := range k.wordings {
		w := &k.wordings[i]
		if w == without {
			continue
		}
		if s := likeness(b, w.bag); s > score {
			best, score = w, s
		}
	}
	return best, score
}

// IDs lists the known criteria, sorted.
func IDs() []string {
	return slices.Sorted(maps.Keys(load().criteria))
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
