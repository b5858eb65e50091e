package template

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/criteria"
)

// Match says how well a text fits a version.
type Match struct {
	Version *Version
	Score   float64 // 0 to 1: boxes count most, then headings, then what else the template has
	Boxes   int     // of the text that the version has too
	Missing int     // boxes of the version that the text has not
	Extra   int     // boxes of the text that the version has not
	Exact   bool    // the text is that version, to the letter
	Tied    int     // so many other versions fit the text as well; of all these this is the newest
	named   bool    // the text links it
	at      int     // its place among all, the newest last
	common  [3]int  // boxes, headings and lines that both have to the letter
}

// What the parts of a score weigh.
const (
	boxWeight  = 0.6
	headWeight = 0.25
	lineWeight = 0.15
)

// linked is what a link to the version adds: ddbot's reports have one.
const linked = 0.05

// Alike is how similar two criteria are at least that are one in different words.
const Alike = 0.69

// Likely is the score from which on a text was probably made from a version, or from one much like it.
const Likely = 0.5

// Recognize ranks versions by how well the text fits them, the best first and the newer before the older. Texts that no
// version knows are compared by similarity. Where several fit as well, the first is the newest of them, of the level that the
// text's own title names. Kind and level narrow the search unless they are empty.
func Recognize(o *Outline, all []Version, kind, level string) []Match {
	doc := newFeatures(o)
	all = narrowed(all, kind, level)
	formLines(doc, all)
	hash := NewVersion("", "", o.Text).Hash
	var out []Match
	for i := range all {
		v := &all[i]
		f := v.cached.features()
		m := Match{Version: v, Exact: v.Hash == hash, at: i}
		m.Boxes = doc.common(f)
		m.common[0] = m.Boxes
		m.named = v.Commit != "" && strings.Contains(o.Text, v.Commit+"/"+v.Path)
		m.fill(doc, f)
		out = append(out, m)
	}
	rank := func() {
		slices.SortStableFunc(out, func(a, b Match) int {
			switch {
			case a.Exact != b.Exact:
				return exactFirst(a)
			case a.Score != b.Score:
				return -compare(a.Score, b.Score)
			case a.common[0] != b.common[0]:
				return b.common[0] - a.common[0]
			}
			return b.at - a.at
		})
	}
	rank()
	alike := map[string]int{} // versions often differ in other things than their boxes
	compareAlike := func(m *Match) {
		if m.Extra == 0 || m.Missing == 0 {
			return
		}
		f := m.Version.cached.features()
		key := strings.Join(f.boxes, "")
		if _, known := alike[key]; !known {
			alike[key] = len(doc.boxes) - len(Unmatched(o, m.Version.Outline()))
		}
		m.Boxes = alike[key]
		m.fill(doc, f)
	}
	for i := range out[:min(closely, len(out))] {
		compareAlike(&out[i])
	}
	rank()
	if first := settle(out, titleLevel(o)); first > 0 {
		m := out[first]
		compareAlike(&m)
		out = slices.Insert(slices.Delete(out, first, first+1), 0, m)
	}
	return out
}

// settle tells which of those that fit as well as the first is to be it, and notes in it how many there are. Of a whole text what is
// missing tells which version it was made from; of one with few of the criteria it tells nothing.
func settle(ranked []Match, level string) (first int) {
	if len(ranked) == 0 || ranked[0].Exact {
		return 0
	}
	const few = 0.75
	best := ranked[0]
	isPart := float64(best.Boxes) < few*float64(best.Boxes+best.Missing)
	tied := -1
	for i, m := range ranked {
		if m.common != best.common || m.named != best.named || !isPart && m.Score != best.Score {
			continue
		}
		tied++
		is, was := m.Version.Level == level, ranked[first].Version.Level == level
		if is != was && is || is == was && m.at > ranked[first].at {
			first = i
		}
	}
	ranked[first].Tied = tied
	return first
}

// titleLevel is the level that the title names, or the front matter with its labels; "" if it is none, or both.
func titleLevel(o *Outline) string {
	said := o.Text[:o.Front]
	if heads := o.Headings(); len(heads) > 0 {
		said += heads[0].Title
	}
	said = strings.ToLower(said)
	switch in, up := strings.Contains(said, "incubat"), strings.Contains(said, "graduat"); {
	case in && !up:
		return Incubation
	case up && !in:
		return Graduation
	}
	return ""
}

func narrowed(all []Version, kind, level string) []Version {
	var out []Version
	for _, v := range all {
		if (kind == "" || v.Kind == kind) && (level == "" || v.Level == level) {
			out = append(out, v)
		}
	}
	return out
}

func exactFirst(a Match) int {
	if a.Exact {
		return -1
	}
	return 1
}

// formLines leaves of the lines of a text those that some version has: the others are people's.
func formLines(doc *features, all []Version) {
	known := map[string]bool{}
	for i := range all {
		for l := range all[i].cached.features().lines {
			known[l] = true
		}
	}
	for l := range doc.lines {
		if !known[l] {
			delete(doc.lines, l)
		}
	}
}

// closely is for how many of the best versions texts are compared by similarity, too.
const closely = 6

func compare(a, b float64) int {
	if a < b {
		return -1
	}
	return 1
}

// Unmatched gives the boxes of a text that have no like in another.
func Unmatched(o, other *Outline) []Part {
	var out []Part
	for _, c := range Compare(o, other) {
		if c.Kind == Gone {
			out = append(out, *c.Old)
		}
	}
	return out
}

// fill computes what follows from Boxes.
func (m *Match) fill(doc, f *features) {
	m.Missing, m.Extra = len(f.boxes)-m.Boxes, len(doc.boxes)-m.Boxes
	heads, n := doc.commonHeads(f), 0
	for l := range f.lines {
		if doc.lines[l] {
			n++
		}
	}
	m.common[1], m.common[2] = heads, n
	m.Score = boxWeight*dice(m.Boxes, len(doc.boxes), len(f.boxes)) + headWeight*dice(heads, len(doc.heads), len(f.heads))
	m.Score += lineWeight * dice(n, len(doc.lines), len(f.lines))
	if m.named {
		m.Score = min(1, m.Score+linked)
	}
}

func dice(common, a, b int) float64 {
	if a+b == 0 {
		return 0
	}
	return 2 * float64(common) / float64(a+b)
}

// features is what a text is known by.
type features struct {
	boxes []string // hashes
	count map[string]int
	heads []Title
	lines map[string]bool // normalised, Markdown included
}

func newFeatures(o *Outline) *features {
	f := &features{count: map[string]int{}, lines: map[string]bool{}}
	seen := map[string]bool{}
	for _, p := range o.Parts {
		switch p.Kind {
		case Box:
			f.boxes = append(f.boxes, p.Hash)
			f.count[p.Hash]++
		case Heading:
			t := NewTitle(p.Title)
			if t.numbered && seen[t.pieces[0]] { // "Adopter 1", "Adopter 2": counted once
				break
			}
			seen[strings.Join(t.pieces, " ")] = true
			f.heads = append(f.heads, t)
		}
		for line := range strings.Lines(o.Text[max(p.Start, min(o.Front, p.End)):p.End]) { // an issue has no front matter
			if l := normalized(line); len(l) > 3 {
				f.lines[l] = true
			}
		}
	}
	return f
}

// lines remembers the normalised form of the lines of templates, which their versions share.
var lines sync.Map

func normalized(line string) string {
	if n, ok := lines.Load(line); ok {
		return n.(string)
	}
	n := criteria.Normalize(line)
	if isOfForm(line) {
		lines.Store(line, n)
	}
	return n
}

func (f *features) common(other *features) int {
	n := 0
	for h, c := range f.count {
		n += min(c, other.count[h])
	}
	return n
}

func (f *features) commonHeads(version *features) int {
	used := make([]bool, len(f.heads))
	n := 0
	for _, t := range version.heads {
		for i, h := range f.heads {
			if !used[i] && t.Fits(h) {
				used[i] = true
				n++
				break
			}
		}
	}
	return n
}

// Title is a heading in the form in which headings are compared: with blanks where a template has placeholders, and one name
// for all numbers.
type Title struct {
	pieces   []string // what stands between placeholders, normalised
	open     bool     // there are placeholders
	numbered bool     // "Adopter 3 - …": it stands for any number of them
}

var (
	slotInTitle = regexp.MustCompile(`\$\{?[A-Z][A-Z_]*\}?(?:/\$\{?[A-Z][A-Z_]*\}?)*`)
	numbered    = regexp.MustCompile(`^(\p{L}+ )(\d+)\b.*`)
)

// NewTitle reads a heading of a template or a text.
func NewTitle(s string) Title {
	parts := slotInTitle.Split(s, -1)
	t := Title{open: len(parts) > 1}
	for _, p := range parts {
		if n := criteria.Normalize(p); n != "" || !t.open {
			t.pieces = append(t.pieces, n)
		}
	}
	if len(t.pieces) == 0 {
		t.pieces = []string{""}
	}
	if m := numbered.FindStringSubmatch(t.pieces[0]); m != nil {
		t.pieces, t.numbered, t.open = []string{m[1]}, true, false
	}
	return t
}

// Numbered tells whether the title is one of a row, such as "Adopter 2".
func (t Title) Numbered() bool { return t.numbered }

// Key is the same for titles that are alike word by word.
func (t Title) Key() string { return strings.Join(t.pieces, " ") }

// Fits tells whether another title could have been made from this one.
func (t Title) Fits(other Title) bool {
	if t.numbered != other.numbered {
		return false
	}
	text := strings.Join(other.pieces, " ")
	if !t.open {
		return text == t.pieces[0]
	}
	for _, p := range t.pieces {
		_, after, ok := strings.Cut(text, p)
		if !ok {
			return false
		}
		text = after
	}
	return true
}
