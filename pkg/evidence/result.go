package evidence

import (
	"cmp"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Results of a check.
const (
	Met     = "met"     // a fact says so
	NotMet  = "not-met" // a fact says otherwise
	Found   = "found"   // there is material; people judge
	Unclear = "unknown" // nothing can be said, and Why says why
)

// Result is what is known of one item.
type Result struct {
	Item       Item
	Result     string   // one of the four
	Claim      bool     // the box is ticked, and a fact says otherwise
	Why        string   // one or more sentences, plain text
	Wrong      []string // what is wrong with what people wrote, whatever the criterion
	Notes      []string // what could be better about it
	Candidates []Candidate
	plain      bool // Why names the candidates and nothing else
}

// group orders results: what is claimed and not so, what is not filled, dead links, and so on.
type group int

const (
	groupClaim group = iota
	groupEmpty
	groupNotMet
	groupLinks
	groupFound
	groupUnclear
	groupMet
)

func (r Result) group() group {
	switch {
	case r.Claim:
		return groupClaim
	case r.Item.Evidence == "" && r.Result != Met && !r.forPeople():
		return groupEmpty
	case r.Result == NotMet:
		return groupNotMet
	case len(r.Wrong) > 0 && r.Item.Evidence != "", len(r.Notes) > 0 && r.Result != Met:
		return groupLinks
	case r.Result == Found:
		return groupFound
	case r.Result == Unclear:
		return groupUnclear
	}
	return groupMet
}

// forPeople are criteria that nobody fills in an application: the TOC's own steps.
func (r Result) forPeople() bool {
	c := checkFor(r.Item.Criterion)
	return c != nil && c.Kind == ForPeople
}

// Check holds every item against the facts: claims that are not so first, then what is not filled, links, what was found,
// and last what is met. It is pure, and nothing that it reads is written: so the items share the processors.
func Check(items []Item, f *Facts) []Result {
	results := make([]Result, len(items))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, it := range items {
		group.Go(func() error {
			results[i] = checkItem(it, f)
			return nil
		})
	}
	_ = group.Wait() // there are no errors
	slices.SortStableFunc(results, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.group(), b.group()), cmp.Compare(a.Item.Line, b.Item.Line))
	})
	return results
}

// verdict is what one check says.
type verdict struct {
	result string
	why    string
}

func checkItem(it Item, f *Facts) Result {
	r := Result{Item: it, Candidates: f.candidates(it)}
	v := verdict{result: Unclear}
	if c := checkFor(it.Criterion); c != nil {
		v = c.Run(f, it)
	}
	if v.result == "" || v.result == Unclear && v.why == "" {
		v = material(r.Candidates, f)
		r.plain = true
	}
	r.Result, r.Why = v.result, v.why
	r.Wrong, r.Notes = claims(it, f), linkNotes(it, f)
	r.plain = r.plain && len(r.Wrong)+len(r.Notes) == 0
	if len(r.Wrong) > 0 {
		r.Why = joinSentences(append(slices.Clone(r.Wrong), r.Why)...)
		if it.Checked {
			r.Result = NotMet
		}
	}
	r.Claim = it.Checked && r.Result == NotMet
	r.Why = joinSentences(append([]string{r.Why}, r.Notes...)...)
	return r
}

// material is what is said where no fact decides.
func material(found []Candidate, f *Facts) verdict {
	switch {
	case len(found) == 1:
		return verdict{Found, "There is material: " + found[0].Path + " in " + found[0].Repo + "."}
	case len(found) > 1:
		return verdict{Found, "There is material, " + found[0].Path + " in " + found[0].Repo + " first."}
	case !f.complete():
		return verdict{Unclear, "Nothing was found in what could be read."}
	}
	return verdict{Unclear, "Nothing was found in the project's repositories."}
}

// candidates are what the item itself cites, what .project and security-insights name, and what the finder ranks.
func (f *Facts) candidates(it Item) []Candidate {
	var out []Candidate
	add := func(c Candidate) {
		same := func(o Candidate) bool { return strings.EqualFold(o.Repo, c.Repo) && o.Path == c.Path }
		if len(out) < maxCandidates && !slices.ContainsFunc(out, same) {
			out = append(out, c)
		}
	}
	for _, l := range it.Links {
		if c, ok := f.cited(l.Place, "the item cites it"); ok {
			add(c)
		}
	}
	for _, ref := range f.Refs {
		if slices.Contains(ref.Criteria(), it.Criterion) {
			if c, ok := f.cited(ref.Place, ref.From+" names it"); ok {
				add(c)
			}
		}
	}
	if c := checkFor(it.Criterion); c == nil || c.Kind != ForPeople {
		for _, c := range f.Library.Find(it) {
			add(c)
		}
	}
	return out
}

// cited makes a candidate of a place that is in a tree that was read.
func (f *Facts) cited(p *Place, why string) (Candidate, bool) {
	if p == nil || p.Path == "" {
		return Candidate{}, false
	}
	t := f.tree(p.Repo)
	if t == nil {
		return Candidate{}, false
	}
	e, ok := t.Find(strings.Trim(Visible(p.Path), "/"))
	if !ok {
		return Candidate{}, false
	}
	return Candidate{t.Repo, e.Path, t.Commit, t.URL(e), why}, true
}

func joinSentences(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" && !slices.Contains(kept, p) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}
