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
func Similarity(a, b string) float64 {
	return likeness(bagOf(Words(a)), bagOf(Words(b)))
}

// bag is a set of stems.
type bag map[string]bool

func bagOf(words []string) bag {
	b := make(bag, len(words))
	for _, w := range words {
		b[stem(w)] = true
	}
	return b
}

// weight sums the bag.
func (b bag) weight() float64 {
	var sum float64
	for w := range b {
		sum += rarity(w)
	}
	return sum
}

func likeness(a, b bag) float64 {
	wa, wb := a.weight(), b.weight()
	if wa == 0 || wb == 0 {
		return 0
	}
	var common float64
	for w := range a {
		if b[w] {
			common += rarity(w)
		}
	}
	score := 2 * common / (wa + wb)
	if min(len(a), len(b)) >= fewest {
		score = max(score, 0.8*common/min(wa, wb))
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
	want, have := bagOf(Words(text)), bagOf(Words(by))
	all := want.weight()
	if all == 0 {
		return 0
	}
	var common float64
	for w := range want {
		if have[w] {
			common += rarity(w)
		}
	}
	return common / all
}
