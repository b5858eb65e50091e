package evidence

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// matcher is a pattern for lower-case texts. Patterns that stand for a few phrases ("organi[sz]ation|vot(e|ing)") are looked
// for as such, which is ten times as fast as Go's regexp; the others by regexp. There are a hundred patterns, and each is
// held against thousands of names and headings.
type matcher struct {
	source   string
	once     sync.Once // a program that starts does not need them all, and reading them takes a while
	phrases  []phrase
	compiled *regexp.Regexp // nil where phrases say all
}

// patterns are all that there are, for tests.
var patterns []*matcher

func words(pattern string) *matcher {
	m := &matcher{source: pattern}
	patterns = append(patterns, m)
	return m
}

// pattern gives what is to be matched, nil where phrases say all.
func (m *matcher) pattern() *regexp.Regexp {
	m.once.Do(m.read)
	return m.compiled
}

// phrase is a text, perhaps at the beginning or end of all or of a word.
type phrase struct {
	text               string
	begin, end         bool
	wordBegin, wordEnd bool
}

// maxPhrases is how many phrases a pattern may stand for.
const maxPhrases = 300

// Marks of places inside expanded patterns.
const (
	markBegin = '\x01'
	markEnd   = '\x02'
	markWord  = '\x03'
)

// read makes phrases of the pattern, or compiles it.
func (m *matcher) read() {
	tree, err := syntax.Parse(m.source, syntax.Perl)
	if err != nil {
		panic(err) // TestMatcher reads them all
	}
	texts, ok := expand(tree)
	var phrases []phrase
	for _, t := range texts {
		p, plain := newPhrase(t)
		ok = ok && plain
		phrases = append(phrases, p)
	}
	if ok {
		m.phrases = leastPhrases(phrases)
		return
	}
	m.compiled = regexp.MustCompile(m.source)
}

// expand lists the texts that a pattern stands for; not ok if there are too many, or endlessly many.
func expand(n *syntax.Regexp) (texts []string, ok bool) {
	switch n.Op {
	case syntax.OpLiteral:
		return []string{strings.ToLower(string(n.Rune))}, true
	case syntax.OpEmptyMatch:
		return []string{""}, true
	case syntax.OpBeginText, syntax.OpBeginLine:
		return []string{string(markBegin)}, true
	case syntax.OpEndText, syntax.OpEndLine:
		return []string{string(markEnd)}, true
	case syntax.OpWordBoundary:
		return []string{string(markWord)}, true
	case syntax.OpCapture:
		return expand(n.Sub[0])
	case syntax.OpQuest:
		texts, ok = expand(n.Sub[0])
		return append(texts, ""), ok
	case syntax.OpCharClass:
		for i := 0; i+1 < len(n.Rune); i += 2 {
			for r := n.Rune[i]; r <= n.Rune[i+1]; r++ {
				if texts = append(texts, strings.ToLower(string(r))); len(texts) > 8 {
					return nil, false
				}
			}
		}
		return texts, true
	case syntax.OpAlternate:
		for _, sub := range n.Sub {
			more, ok := expand(sub)
			if !ok {
				return nil, false
			}
			texts = append(texts, more...)
		}
		return texts, len(texts) <= maxPhrases
	case syntax.OpConcat:
		return expandAll(n.Sub)
	}
	return nil, false
}

func expandAll(subs []*syntax.Regexp) ([]string, bool) {
	texts := []string{""}
	for _, sub := range subs {
		ends, ok := expand(sub)
		if !ok || len(texts)*len(ends) > maxPhrases {
			return nil, false
		}
		var longer []string
		for _, t := range texts {
			for _, e := range ends {
				longer = append(longer, t+e)
			}
		}
		texts = longer
	}
	return texts, true
}

// newPhrase takes the marks off both ends; not ok if one is inside.
func newPhrase(t string) (phrase, bool) {
	var p phrase
	for t != "" && t[0] <= markWord {
		p.begin, p.wordBegin = p.begin || t[0] == markBegin, p.wordBegin || t[0] == markWord
		t = t[1:]
	}
	for t != "" && t[len(t)-1] <= markWord {
		p.end, p.wordEnd = p.end || t[len(t)-1] == markEnd, p.wordEnd || t[len(t)-1] == markWord
		t = t[:len(t)-1]
	}
	p.text = t
	return p, t != "" && !strings.ContainsAny(t, string([]rune{markBegin, markEnd, markWord}))
}

// leastPhrases drops what is found by a shorter phrase already: "maintainers" beside "maintainer".
func leastPhrases(all []phrase) []phrase {
	var least []phrase
	for i, p := range all {
		covered := slices.ContainsFunc(all, func(o phrase) bool {
			return o == (phrase{text: o.text}) && o.text != p.text && strings.Contains(p.text, o.text)
		})
		if !covered && !slices.Contains(all[:i], p) {
			least = append(least, p)
		}
	}
	return least
}

// MatchString tells whether a text holds the pattern.
func (m *matcher) MatchString(s string) bool {
	if pattern := m.pattern(); pattern != nil {
		return pattern.MatchString(s)
	}
	for _, p := range m.phrases {
		if p.count(s, 1) > 0 {
			return true
		}
	}
	return false
}

// Count tells how often, most at most.
func (m *matcher) Count(s string, most int) int {
	if pattern := m.pattern(); pattern != nil {
		return len(pattern.FindAllStringIndex(s, most))
	}
	n := 0
	for _, p := range m.phrases {
		if n += p.count(s, most-n); n >= most {
			break
		}
	}
	return n
}

func (p phrase) count(s string, most int) int {
	n := 0
	for from := 0; n < most; {
		i := strings.Index(s[from:], p.text)
		if i < 0 {
			break
		}
		at := from + i
		end := at + len(p.text)
		if (!p.begin || at == 0) && (!p.end || end == len(s)) && (!p.wordBegin || at == 0 || !isWord(s[at-1]) || !isWord(s[at])) &&
			(!p.wordEnd || end == len(s) || !isWord(s[end]) || !isWord(s[end-1])) {
			n++
		}
		from = at + 1
	}
	return n
}

// isWord is what \b means by a word.
func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
