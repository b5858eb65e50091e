package evidence

import (
	"cmp"
	"context"
	"path"
	"regexp"
	"slices"
	"strings"
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
	names   namer
	roles   map[*Tree]role
}

// foundationRepos hold what was written about projects, in a folder for each.
var foundationRepos = map[string]string{
	"cncf/toc":          "projects/",
	"cncf/tag-security": "community/assessments/projects/",
}

// NewLibrary lists the documents of the trees. Nothing is read yet.
func NewLibrary(p Project, trees []*Tree) *Library {
	l := &Library{Project: p, Trees: trees, habits: habitsWithout(p), names: namer{}, roles: map[*Tree]role{}}
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
	d := l.names.document(t, e, wanted)
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
	inTemplates = words(`issue_template/|pull_request_template/|discussion_template/`)
)

// MaxRead is how many documents of one repository are read at most.
const MaxRead = 60

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
	known := d.stands.Load()
	if known == nil {
		s := l.place(d)
		known = &s
		d.stands.Store(known) // who comes at the same time finds the same
	}
	return *known
}

func (l *Library) place(d *Document) float64 {
	n := depth(d.Path)
	s := -0.8*float64(min(n, 5)) - 0.4*float64(max(0, n-2))
	if d.Linked {
		s += linkedWeight
	}
	if ofGroup.MatchString(strings.ToLower(d.Path)) && !d.isAny([]string{"groups", "meetings"}) {
		s -= 2.5 // the papers of a part of the project
	}
	if ideas.MatchString(strings.ToLower(d.Path)) && !d.is("proposals") {
		s -= 2.5 // a proposal for the software, whatever its name
	}
	if aside.MatchString(strings.ToLower(d.Path)) {
		s -= 6
	}
	if l.role(d.Tree) == roleOther {
		s -= 1.5
	}
	return s
}

// linkedWeight is what a link from the project's README is worth.
const linkedWeight = 0.4

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
	of, known := l.roles[t]
	if !known {
		of = l.roleOf(t)
		l.roles[t] = of
	}
	return of
}

func (l *Library) roleOf(t *Tree) role {
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

// Read reads the most telling documents, n of each repository at most. It tells how many of them the source does not have.
func (l *Library) Read(ctx context.Context, source Source, n int) (gone int, err error) {
	docs := l.ToRead(n)
	files := make([]File, len(docs))
	for i, d := range docs {
		files[i] = d.File
	}
	contents, err := source.Read(ctx, files)
	for i, c := range contents {
		switch {
		case c.Gone:
			gone++
		case docs[i].Entry().Link:
			docs[i].setLink(c.Data)
		case c.Data != nil:
			docs[i].setText(c.Data)
		}
	}
	l.markLinked()
	return gone, err
}

// mdLink is the target of a link in Markdown.
var mdLink = regexp.MustCompile(`\]\(<?([^)\s>#]+)`)

// markLinked notes which documents the READMEs of the project link: these are meant to be found.
func (l *Library) markLinked() {
	linked := map[string]bool{}
	for _, d := range l.Docs {
		if !d.Read || !d.is("readme") {
			continue
		}
		for _, m := range mdLink.FindAllStringSubmatch(d.Text, 300) {
			switch p := placeOf(m[1]); {
			case p != nil:
				linked[strings.ToLower(p.Repo)+":"+strings.Trim(p.Path, "/")] = true
			case !strings.Contains(m[1], "://"):
				linked[strings.ToLower(d.Tree.Repo)+":"+strings.Trim(path.Join(path.Dir(d.Path), m[1]), "/")] = true
			}
		}
	}
	for _, d := range l.Docs {
		d.Linked = linked[strings.ToLower(d.Tree.Repo)+":"+d.Path]
		d.stands.Store(nil) // it stands better now
	}
}

// sortDocs sorts by standing, then by path.
func sortDocs(docs []*Document, standing func(*Document) float64) {
	slices.SortStableFunc(docs, func(a, b *Document) int {
		return cmp.Or(cmp.Compare(standing(b), standing(a)), cmp.Compare(b.Words, a.Words), strings.Compare(a.Path, b.Path))
	})
}
