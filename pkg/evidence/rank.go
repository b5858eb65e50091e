package evidence

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
)

// scored is a candidate with what speaks for it.
type scored struct {
	doc   *Document
	score float64
	why   []string
}

// Find ranks what may answer an item, best first, at most five. All of it is there.
func (l *Library) Find(it Item) []Candidate {
	found := l.followStubs(l.rank(it))
	sortScored(found)
	var out []Candidate
	named := map[string]int{}
	for _, s := range found {
		if len(out) == maxCandidates || s.score < found[0].score*worthShare {
			break
		}
		if k := s.doc.Tree.Repo + "/" + s.doc.Name; named[k] < sameName { // sig-a/charter, sig-b/charter, …
			named[k]++
			e := s.doc.Entry()
			out = append(out, Candidate{s.doc.Tree.Repo, e.Path, s.doc.Tree.Commit, s.doc.Tree.URL(e), strings.Join(s.why, "; ")})
		}
	}
	return out
}

// sameName is how many candidates of one repository may have the same name.
const sameName = 2

const (
	worth      = 3.0  // what scores less is no candidate
	worthShare = 0.25 // nor what is so much worse than the best
	// worthGeneric is the same for texts that are none of the known criteria: words alone tell less.
	worthGeneric = 4.5
)

func sortScored(found []scored) {
	slices.SortStableFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.doc.Tree.Repo, b.doc.Tree.Repo), strings.Compare(path.Dir(a.doc.Path), path.Dir(b.doc.Path)),
			strings.Compare(b.doc.Path, a.doc.Path)) // of two with a year the newer
	})
}

// looked is how many documents are looked through for words at least. More than five, since some fall out later.
const looked = 10

// rank scores the documents. To look through a text for words is dear and adds wordWeight at most: it is done from the best
// on, until no document that is left could be among the first.
func (l *Library) rank(it Item) []scored {
	r, known := rules[it.Criterion]
	rate := l.generic(it.Text)
	if known {
		rate = func(d *Document) (scored, bool) { return l.rate(it, r, d) }
	}
	var all []scored
	for _, d := range l.Docs {
		if s, ok := rate(d); ok {
			all = append(all, s)
		}
	}
	if !known {
		return all
	}
	sortScored(all)
	var best []scored
	var scores []float64 // of best, the largest first
	for _, s := range all {
		if len(best) >= looked && scores[looked-1] >= s.score+wordWeight {
			break
		}
		if s.read(r) && s.score >= worth {
			best = append(best, s)
			scores = append(scores, s.score)
			slices.SortFunc(scores, func(a, b float64) int { return cmp.Compare(b, a) })
		}
	}
	return best
}

// rate holds a document against the rule of a known criterion, but for the words of its text.
func (l *Library) rate(it Item, r rule, d *Document) (scored, bool) {
	s := scored{doc: d}
	if w := r.byKind(d.Kinds); w > 0 {
		s.add(w, "its name is "+path.Base(d.Path))
	}
	if d.Read {
		if s.score > 0 && !proseExt[strings.ToLower(path.Ext(d.Path))] {
			s.score += headWeight * 0.6 // data has no headings to tell by
		}
		hits := matching(r.heads, d.Headings)
		if len(hits) > 0 {
			s.add(headWeight*min(1.5, math.Sqrt(float64(len(hits)))/1.6), fmt.Sprintf("heading %q", clip(hits[0])))
		} else if len(d.Kinds) == 0 {
			return s, false
		}
		if d.Words < stubWords/2 && d.Target == "" {
			s.score -= 2
		}
	}
	if s.score <= 0 {
		return s, false
	}
	if h := l.habits.weight(it.Criterion, d.Kinds); h > 0 {
		s.add(habitWeight*h, "")
		if h >= 0.2 {
			s.why = append(s.why, "the TOC accepted such for others")
		}
	}
	s.score += l.standing(d) + l.atHome(r, d)
	if l.role(d.Tree) == roleFoundation {
		s.score += placeWeight * l.habits[it.SHA][strings.ToLower(d.Tree.Repo)]
	}
	return s, s.score >= worth-wordWeight
}

// read looks for the words of the rule in the text. It is false for a document that needs them and has none.
func (s *scored) read(r rule) bool {
	if !s.doc.Read {
		return true
	}
	words := r.words.Count(s.doc.Lower[:min(len(s.doc.Lower), maxScan)], enough)
	s.score += wordWeight * math.Sqrt(float64(words)/enough)
	return words > 0 || !r.need
}

const (
	maxScan = 8 << 10 // how much of a document is looked through for words
	enough  = 4       // that many matches are as good as more
)

const (
	headWeight  = 3.5
	wordWeight  = 2.0
	habitWeight = 4.0
	placeWeight = 4.0
)

func (s *scored) add(w float64, why string) {
	s.score += w
	if why != "" {
		s.why = append(s.why, why)
	}
}

// generic ranks by the words of a text that is none of the known criteria.
func (l *Library) generic(text string) func(*Document) (scored, bool) {
	return func(d *Document) (scored, bool) {
		s := scored{doc: d}
		if in := criteria.Covered(text, d.Name); in > 0.15 {
			s.add(14*in, "its name has words of the criterion")
		}
		best, which := 0.0, ""
		for _, h := range d.Headings {
			if c := criteria.Covered(text, h); c > best {
				best, which = c, h
			}
		}
		if best > 0.2 {
			s.add(10*best, fmt.Sprintf("heading %q", clip(which)))
		}
		if s.score == 0 {
			return s, false
		}
		s.score += l.standing(d)
		return s, s.score >= worthGeneric
	}
}

// followStubs gives what a short document points to the stub's place, where the target is in the library.
func (l *Library) followStubs(found []scored) []scored {
	for i := range found {
		target := l.target(found[i].doc)
		if target == nil {
			continue
		}
		s := found[i].score + 1
		found[i].score -= 2
		at := slices.IndexFunc(found, func(s scored) bool { return s.doc == target })
		if at < 0 {
			found = append(found, scored{doc: target})
			at = len(found) - 1
		}
		if found[at].score < s {
			found[at].score = s
			found[at].why = append(found[at].why, found[i].doc.Path+" in "+found[i].doc.Tree.Repo+" points to it")
		}
	}
	return found
}

func (l *Library) target(d *Document) *Document {
	if d.Target == "" {
		return nil
	}
	p := placeOf(d.Target)
	if p == nil {
		return nil
	}
	for _, o := range l.Docs {
		if strings.EqualFold(o.Tree.Repo, p.Repo) && o.Path == p.Path {
			return o
		}
	}
	return nil
}

func matching(r interface{ MatchString(string) bool }, texts []string) []string {
	var hits []string
	for _, t := range texts {
		if r.MatchString(t) {
			hits = append(hits, t)
		}
	}
	return hits
}

// clip shortens a heading for a reason.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}
