package evidence

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/criteria"
)

// Candidate is a file or folder that may answer a criterion.
type Candidate struct {
	Repo   string `json:"repo"`
	Path   string `json:"path"`
	Commit string `json:"commit"`
	URL    string `json:"url"`
	Why    string `json:"why"`
}

// maxCandidates is how many candidates a criterion has at most.
const maxCandidates = 5

// Library is what the project has that could be evidence.
type Library struct {
	Project Project
	Trees   []*Tree
	Docs    []*Document
	habits  habits
}

// foundationRepos hold what was written about projects, in a folder for each.
var foundationRepos = map[string]string{
	"cncf/toc":          "projects/",
	"cncf/tag-security": "community/assessments/projects/",
}

// NewLibrary lists the documents of the trees. Nothing is read yet.
func NewLibrary(p Project, trees []*Tree) *Library {
	l := &Library{Project: p, Trees: trees, habits: habitsWithout(p)}
	for _, t := range trees {
		under, isFoundation := foundationRepos[strings.ToLower(t.Repo)]
		if isFoundation {
			l.addFoundation(t, under)
			continue
		}
		for _, e := range t.Entries {
			l.add(t, e)
		}
	}
	return l
}

// addFoundation adds the project's folder.
func (l *Library) addFoundation(t *Tree, under string) {
	for _, e := range t.Under(strings.TrimSuffix(under, "/")) {
		name, _, _ := strings.Cut(strings.TrimPrefix(e.Path, under), "/")
		if l.Project.isName(name) && !e.Dir {
			l.add(t, e)
		}
	}
}

func (l *Library) add(t *Tree, e Entry) {
	lower := strings.ToLower(e.Path)
	wanted, ok := wantedKinds(e, path.Ext(lower))
	if !ok || inForeign(lower) || inTemplates.MatchString(lower) {
		return
	}
	if l.role(t) == roleFoundation {
		wanted = foundationKinds
	}
	d := newDocument(t, e)
	if wanted != nil && !e.Dir {
		d.Kinds = slices.DeleteFunc(d.Kinds, func(k string) bool { return !slices.Contains(wanted, k) })
	}
	if wanted == nil || d.isAny(wanted) || e.Dir && len(d.Kinds) > 0 {
		l.Docs = append(l.Docs, d)
	}
}

// wantedKinds says which kinds count of files that end so: nil is all. It is asked for every file of a repository, and most
// are none.
func wantedKinds(e Entry, ext string) (kinds []string, ok bool) {
	switch {
	case e.Dir:
		return noKinds, true
	case ext == ".pdf":
		return pdfKinds, true
	case ext == ".csv", ext == ".json":
		return tableKinds, true
	case ext == ".yml", ext == ".yaml", ext == "", ext == ".txt":
		return dataKinds, true
	}
	return nil, textExt[ext]
}

// What counts of files that are no documents, and of the foundation's own: proposals and reports about a project are no
// evidence of it.
var (
	noKinds         = []string{}
	pdfKinds        = []string{"audit", "charter", "governance", "roadmap"}
	tableKinds      = []string{"maintainers", "adopters", "subprojects", "groups"}
	dataKinds       = []string{"org-config", "gitvote", "codeowners", "owners", "owners-aliases", "security-insights", "security-contacts", "maintainers", "adopters", "license", "coc", "groups", "governance", "changelog"}
	foundationKinds = []string{"self-assessment", "joint-assessment", "threat-model", "tech-review", "gov-review", "audit"}
	// inTemplates are forms for issues and pull requests: their folder is evidence, not each form.
	inTemplates = re(`(^|/)(issue_template|pull_request_template|discussion_template)/`)
)

// MaxRead is how many documents of one repository are read at most.
const MaxRead = 120

// ToRead chooses the documents that are worth to be read, the most telling first, at most n of each repository.
func (l *Library) ToRead(n int) []*Document {
	type ranked struct {
		doc   *Document
		score float64
	}
	var all []ranked
	for _, d := range l.Docs {
		if d.Entry().Dir || !textExt[strings.ToLower(path.Ext(d.Path))] {
			continue
		}
		best := 0.0
		for _, r := range rules {
			best = max(best, r.byKind(d.Kinds))
		}
		if len(d.Kinds) > 0 || depth(d.Path) <= 1 {
			all = append(all, ranked{d, best + l.standing(d)})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.score, a.score) })
	var docs []*Document
	taken := map[string]int{}
	for _, r := range all {
		if taken[r.doc.Tree.Repo] < n {
			taken[r.doc.Tree.Repo]++
			docs = append(docs, r.doc)
		}
	}
	return docs
}

// byKind is the weight of the better of a document's kinds.
func (r rule) byKind(kinds []string) float64 {
	var best float64
	for i, k := range kinds {
		best = max(best, r.kinds[k]-float64(i))
	}
	return best
}

// depth counts folders, but for those where everybody looks first.
func depth(p string) int {
	dir := strings.ToLower(path.Dir(p))
	if dir == "." || dir == ".github" || dir == ".project" {
		return 0
	}
	return strings.Count(dir, "/") + 1
}

// standing is what a document's place says, whatever the criterion: deep down, in an archive, in a sample.
func (l *Library) standing(d *Document) float64 {
	if d.stands == nil {
		s := l.place(d)
		d.stands = &s
	}
	return *d.stands
}

func (l *Library) place(d *Document) float64 {
	n := depth(d.Path)
	s := -0.8*float64(min(n, 5)) - 0.4*float64(max(0, n-2))
	if ideas.MatchString(strings.ToLower(d.Path)) && !d.is("proposals") {
		s -= 2.5 // a proposal for the software, whatever its name
	}
	if aside.MatchString(strings.ToLower(d.Path)) {
		s -= 4
	}
	if l.role(d.Tree) == roleOther {
		s -= 1.5
	}
	return s
}

type role int

const (
	roleMain role = iota
	roleCommunity
	roleOther
	roleFoundation
)

// communityRepo are names of repositories that hold a project's common papers.
var communityRepo = re(`^(\.github|\.project|community|governance|org|steering|project|.*-community|.*-governance|enhancements|proposals|sig-.*|wg-.*|tsc|toc)$`)

func (l *Library) role(t *Tree) role {
	_, name, _ := strings.Cut(strings.ToLower(t.Repo), "/")
	switch {
	case foundationRepos[strings.ToLower(t.Repo)] != "":
		return roleFoundation
	case communityRepo.MatchString(name):
		return roleCommunity
	case strings.EqualFold(t.Repo, l.Project.Main):
		return roleMain
	}
	return roleOther
}

// atHome is what a document's repository says for a criterion.
func (l *Library) atHome(r rule, d *Document) float64 {
	of := l.role(d.Tree)
	switch {
	case r.home == foundation && of == roleFoundation:
		return 2
	case r.home == community && of == roleCommunity:
		return 1.2
	case r.home == code && of == roleMain, r.home == anywhere && of == roleMain:
		return 0.6
	}
	return 0
}

// scored is a candidate with what speaks for it.
type scored struct {
	doc   *Document
	score float64
	why   []string
}

// Find ranks what may answer an item, best first, at most five. All of it is there.
func (l *Library) Find(it Item) []Candidate {
	rank := l.generic(it.Text)
	if r, ok := rules[it.Criterion]; ok {
		rank = func(d *Document) (scored, bool) {
			s, ok := l.rate(it.Criterion, r, d)
			if l.role(d.Tree) == roleFoundation {
				s.score += placeWeight * l.habits[it.SHA][strings.ToLower(d.Tree.Repo)]
			}
			return s, ok
		}
	}
	var found []scored
	for _, d := range l.Docs {
		if s, ok := rank(d); ok {
			found = append(found, s)
		}
	}
	found = l.followStubs(found)
	slices.SortStableFunc(found, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.doc.Tree.Repo, b.doc.Tree.Repo), strings.Compare(path.Dir(a.doc.Path), path.Dir(b.doc.Path)),
			strings.Compare(b.doc.Path, a.doc.Path)) // of two with a year the newer
	})
	var out []Candidate
	named := map[string]int{}
	for _, s := range found {
		if k := s.doc.Tree.Repo + "/" + s.doc.Name; named[k] < sameName {
			named[k]++
		} else {
			continue // sig-a/charter, sig-b/charter, …
		}
		if len(out) == maxCandidates || s.score < found[0].score*worthShare {
			break
		}
		e := s.doc.Entry()
		out = append(out, Candidate{s.doc.Tree.Repo, e.Path, s.doc.Tree.Commit, s.doc.Tree.URL(e), strings.Join(s.why, "; ")})
	}
	return out
}

// sameName is how many candidates of one repository may have the same name.
const sameName = 2

const (
	worth      = 3.0  // what scores less is no candidate
	worthShare = 0.25 // nor what is so much worse than the best
)

// rate holds a document against the rule of a known criterion.
func (l *Library) rate(criterion string, r rule, d *Document) (scored, bool) {
	s := scored{doc: d}
	if w := r.byKind(d.Kinds); w > 0 {
		s.add(w, "its name is "+path.Base(d.Path))
	}
	if d.Read {
		hits := matching(r.heads, d.Headings)
		if s.score > 0 && !proseExt[strings.ToLower(path.Ext(d.Path))] {
			s.score += headWeight * 0.6 // data has no headings to tell by
		}
		if len(hits) > 0 {
			s.add(headWeight*min(1.5, math.Sqrt(float64(len(hits)))/1.6), fmt.Sprintf("heading %q", clip(hits[0])))
		}
		if s.score == 0 || len(d.Kinds) == 0 && len(hits) == 0 {
			return s, false
		}
		words := countMatches(r.words, d.Lower[:min(len(d.Lower), maxScan)], 4)
		if words > 0 {
			s.add(wordWeight*math.Sqrt(float64(words))/2, "")
		} else if r.need {
			return s, false
		}
		if d.Words < stubWords/2 {
			s.score -= 2
		}
	}
	if s.score == 0 {
		return s, false
	}
	if h := l.habits.weight(criterion, d.Kinds); h > 0 {
		s.add(habitWeight*h, "")
		if h >= 0.2 {
			s.why = append(s.why, "the TOC accepted such for others")
		}
	}
	s.score += l.standing(d) + l.atHome(r, d)
	return s, s.score >= worth
}

// maxScan is how much of a document is looked through for words.
const maxScan = 48 << 10

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
		return s, s.score >= worth
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

func countMatches(r interface{ FindAllStringIndex(string, int) [][]int }, s string, most int) int {
	return len(r.FindAllStringIndex(s, most))
}

// clip shortens a heading for a reason.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return s
}

// Read reads the most telling documents, n of each repository at most.
func (l *Library) Read(ctx context.Context, source Source, n int) error {
	docs := l.ToRead(n)
	files := make([]File, len(docs))
	for i, d := range docs {
		files[i] = d.File
	}
	contents, err := source.Read(ctx, files)
	if err != nil {
		return err
	}
	for i, c := range contents {
		if !c.Gone && !c.TooLong {
			docs[i].setText(c.Data)
		}
	}
	return nil
}

// sortDocs sorts by standing, then by path.
func sortDocs(docs []*Document, standing func(*Document) float64) {
	slices.SortStableFunc(docs, func(a, b *Document) int {
		return cmp.Or(cmp.Compare(standing(b), standing(a)), cmp.Compare(b.Words, a.Words), strings.Compare(a.Path, b.Path))
	})
}
