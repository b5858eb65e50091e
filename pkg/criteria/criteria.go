// Package criteria knows the texts of due-diligence criteria: how two of them are compared, and which of the known ones a
// text is. The foundation rewords its templates every few months, so nothing here depends on an order or on knowing a text
// already: first the normalised text decides, then similarity.
package criteria

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
)

// Normalize gives lower-case words with one blank between. Letters and digits of any script count, all else parts words.
// The text must be without Markdown already, as [checklist.Item] has it.
func Normalize(text string) string {
	return strings.Join(Words(text), " ")
}

// Words gives the words of [Normalize].
func Words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Hash names a text durably: the first 12 hex digits of sha256 over its normalised form.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(Normalize(text)))
	return hex.EncodeToString(sum[:])[:12]
}

// Similarity compares two texts: 1 is the same words, 0 none in common. Words weigh by their rarity among the
// known criteria (Dice's coefficient), so that "document" and "project" tell little and "roadmap" much.
func Similarity(a, b string) float64 { return Weigh(a).Like(Weigh(b)) }

// Weighed is a text made ready for comparisons with many others.
type Weighed struct{ bag }

// Weigh makes a text ready.
func Weigh(text string) Weighed { return Weighed{load().bagOf(Words(text))} }

// Like is [Similarity].
func (w Weighed) Like(o Weighed) float64 { return likeness(w.bag, o.bag) }

// bag is a set of stems in the order of the text: sums are the same each time.
type bag struct {
	stems  []string
	rarity map[string]float64 // of each stem
	weight float64            // the sum of all
}

func (k *known) bagOf(words []string) bag {
	b := bag{rarity: make(map[string]float64, len(words))}
	for _, w := range words {
		s := stem(w)
		if _, has := b.rarity[s]; !has {
			b.stems, b.rarity[s] = append(b.stems, s), k.rarity(s)
			b.weight += b.rarity[s]
		}
	}
	return b
}

// common is the weight of what two bags share.
func (b bag) common(o bag) (sum float64) {
	for _, s := range b.stems {
		if weight, has := o.rarity[s]; has {
			sum += weight
		}
	}
	return sum
}

func likeness(a, b bag) float64 {
	if a.weight == 0 || b.weight == 0 {
		return 0
	}
	common := a.common(b)
	score := 2 * common / (a.weight + b.weight)
	if min(len(a.stems), len(b.stems)) >= fewest {
		score = max(score, 0.8*common/min(a.weight, b.weight))
	}
	return score
}

// fewest is how many different stems a text must have for being a part of another to mean something.
const fewest = 5

// stem takes the commonest English endings off, so that maintainer, maintainers and maintaining meet.
func stem(w string) string {
	for _, end := range []string{"ations", "ation", "ments", "ment", "ities", "ity", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "y", "e"} {
		if rest, ok := strings.CutSuffix(w, end); ok && len(rest) >= 4 {
			return rest
		}
	}
	return w
}

// Covered tells which share of a text's weight another text has: 1 is all of its words.
func Covered(text, by string) float64 {
	want, have := Weigh(text), Weigh(by)
	if want.weight == 0 {
		return 0
	}
	return want.common(have.bag) / want.weight
}
