package report

import (
	_ "embed"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/landscape"
	"github.com/ddbot/ddbot/pkg/template"
)

// Corpus knows the sentences of reports, by their hashes, and whose they are.
type Corpus struct {
	by    map[uint64][]string // keys of projects
	names map[string]bool     // of projects that the foundation's list does not have, as their reports write them
}

// Sentences of fewer words are everybody's; those of more projects, too.
const (
	fewestWords  = 12
	mostProjects = 2
)

//go:embed published.tsv
var publishedTSV string

// Published knows the sentences of the reports that the TOC has published.
var Published = sync.OnceValue(func() *Corpus {
	c := &Corpus{by: map[uint64][]string{}}
	for row := range strings.Lines(publishedTSV) {
		project, hashes, ok := strings.Cut(strings.TrimSpace(row), "\t")
		if !ok || strings.HasPrefix(row, "#") {
			continue
		}
		for h := range strings.SplitSeq(hashes, " ") {
			if n, err := strconv.ParseUint(h, 36, 64); err == nil {
				c.by[n] = append(c.by[n], project)
			}
		}
	}
	return c
})

// Row gives a report's sentences in the form in which published.tsv has them.
func Row(d *Document) string {
	seen := map[string]bool{}
	var hashes []string
	for _, s := range d.sentences() {
		if h := strconv.FormatUint(s.hash, 36); !seen[h] {
			seen[h] = true
			hashes = append(hashes, h)
		}
	}
	slices.Sort(hashes)
	return d.key() + "\t" + strings.Join(hashes, " ")
}

// With gives a corpus that has the sentences of both.
func (c *Corpus) With(other *Corpus) *Corpus {
	out := &Corpus{by: maps.Clone(other.by), names: map[string]bool{}}
	maps.Copy(out.names, c.names)
	maps.Copy(out.names, other.names)
	for h, projects := range c.by {
		has := slices.Clone(out.by[h])
		for _, p := range projects {
			if !slices.Contains(has, p) {
				has = append(has, p)
			}
		}
		out.by[h] = has
	}
	return out
}

// Add adds a report's sentences.
func (c *Corpus) Add(d *Document) {
	if c.by == nil {
		c.by = map[uint64][]string{}
	}
	if isName(d.Project) {
		if c.names == nil {
			c.names = map[string]bool{}
		}
		c.names[d.Project] = true
	}
	owner := d.key()
	for _, s := range d.sentences() {
		if has := c.by[s.hash]; len(has) == 0 || has[len(has)-1] != owner {
			c.by[s.hash] = append(has, owner)
		}
	}
}

// isName tells whether a title's name is one that no sentence has by chance, and that is not known anyway.
func isName(s string) bool {
	const shortest = 4
	return len(s) >= shortest && strings.ToLower(s) != s && len(template.Placeholders(s)) == 0 && !isKnown(s)
}

// key names the project of a report.
func (d *Document) key() string {
	if k := landscape.Key(d.Project); k != "" {
		return k
	}
	return landscape.Key((&linter{Document: d}).folder())
}

type sentence struct {
	line int
	hash uint64
	text string
}

// sentences gives those that people wrote and that are long enough to be nobody else's by chance.
func (d *Document) sentences() []sentence {
	if d.said == nil {
		d.said = d.readSentences()
	}
	return d.said
}

func (d *Document) readSentences() []sentence {
	out := []sentence{}
	own := templateSentences(d.Match.Version)
	block, from := strings.Builder{}, 0
	flush := func() {
		for _, s := range parted(block.String()) {
			if strings.Count(s, " ") < fewestWords-1 {
				continue
			}
			n := criteria.Normalize(s)
			if strings.Count(n, " ") >= fewestWords-1 && !own[n] {
				h := fnv.New64a()
				_, _ = h.Write([]byte(n))
				out = append(out, sentence{from + 1, h.Sum64(), s})
			}
		}
		block.Reset()
	}
	behind := map[int]string{} // what stands behind a criterion on its line
	for _, b := range d.boxes {
		first, _, _ := strings.Cut(d.Outline.Body(b.Part), "\n")
		behind[b.Line-1] = first
	}
	for i, ln := range d.lines {
		text := strings.TrimSpace(ln.prose)
		if rest, isBox := behind[i]; isBox {
			text = "- " + strings.TrimSpace(rest)
		}
		if text == "" || strings.ContainsAny(text[:1], "#-*+|>") || strings.HasPrefix(text, "```") {
			flush()
		}
		if block.Len() == 0 {
			from = i
		}
		block.WriteString(strings.TrimLeft(text, "#-*+|> ") + " ")
		if text == "" {
			block.Reset()
		}
	}
	flush()
	return out
}

// parted cuts a text into sentences.
func parted(s string) []string {
	var out []string
	for {
		i := strings.IndexAny(s, ".!?;")
		for i >= 0 && i+1 < len(s) && s[i+1] != ' ' {
			j := strings.IndexAny(s[i+1:], ".!?;")
			if j < 0 {
				i = -1
				break
			}
			i += 1 + j
		}
		if i < 0 {
			return append(out, s)
		}
		out, s = append(out, s[:i+1]), s[i+1:]
	}
}

// sentencesOf remembers those of versions.
var sentencesOf sync.Map

func templateSentences(v *template.Version) map[string]bool {
	if known, ok := sentencesOf.Load(v.Hash); ok {
		return known.(map[string]bool)
	}
	own := map[string]bool{}
	for line := range strings.Lines(v.Text) {
		for _, s := range parted(line) {
			own[criteria.Normalize(s)] = true
		}
	}
	for _, b := range v.Outline().Boxes() {
		for _, s := range parted(b.Title) {
			own[criteria.Normalize(s)] = true
		}
		own[criteria.Normalize(b.Title)] = true
	}
	sentencesOf.Store(v.Hash, own)
	return own
}

// formWords gives the words of each line of all known templates.
var formWords = sync.OnceValue(func() []map[string]bool {
	var out []map[string]bool
	seen := map[string]bool{}
	for _, v := range template.Versions() {
		for line := range strings.Lines(v.Text) {
			if seen[line] {
				continue
			}
			seen[line] = true
			words := map[string]bool{}
			for _, w := range criteria.Words(line) {
				words[w] = true
			}
			if len(words) >= fewestWords/2 {
				out = append(out, words)
			}
		}
	}
	return out
})

// isForm tells whether a sentence is one of a template with a few words of its own.
func isForm(text string, form []map[string]bool) bool {
	const most = 0.75 // of its words are the template's
	words := criteria.Words(text)
	for _, line := range form {
		n := 0
		for _, w := range words {
			if line[w] {
				n++
			}
		}
		if float64(n) >= most*float64(len(words)) {
			return true
		}
	}
	return false
}

// copied finds sentences that stand in another project's report.
func (l *linter) copied() {
	if l.o.Corpus == nil {
		return
	}
	me := l.key()
	form := formWords()
	for _, s := range l.sentences() {
		if ownTodo.MatchString(s.text) { // of this package; that it is there is another finding
			continue
		}
		var others []string
		for _, p := range l.o.Corpus.by[s.hash] {
			if p != me && !isOwn(p, []string{me}) {
				others = append(others, p)
			}
		}
		if n := len(others); n > 0 && n <= mostProjects && !isForm(s.text, form) {
			l.add(s.line, CopiedText, "The same sentence stands in the report of %s: %s", strings.Join(others, " and "), short(strings.TrimSpace(s.text)))
		}
	}
}
