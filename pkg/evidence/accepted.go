package evidence

import (
	_ "embed"
	"math"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/criteria"
)

//go:embed accepted.tsv
var acceptedTSV string

// Accepted is a file or folder that the TOC cited for a criterion in a published due-diligence document.
type Accepted struct {
	SHA       string // criteria.Hash of the wording there
	Criterion string // id of the criterion, "" if it is none of the known
	Project   string // its folder in cncf/toc
	Level     string
	Date      string // YYYY-MM-DD, when the document was added
	Repo      string // OWNER/NAME
	Path      string // a folder ends with /
}

// URL is the address on the default branch, which may have moved on.
func (a Accepted) URL() string {
	kind, p := "blob", a.Path
	if dir, ok := strings.CutSuffix(p, "/"); ok {
		kind, p = "tree", dir
	}
	return "https://github.com/" + a.Repo + "/" + kind + "/HEAD/" + escapePath(p)
}

// Index is what was accepted, as hack/accepted.sh collected it from a clone of cncf/toc.
var Index = sync.OnceValue(func() []Accepted {
	byHash := map[string]string{}
	for _, id := range criteria.IDs() {
		for _, text := range criteria.Wordings(id) {
			byHash[criteria.Hash(text)] = id
		}
	}
	var all []Accepted
	for line := range strings.Lines(acceptedTSV) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), "\t")
		if len(f) == 6 && !strings.HasPrefix(line, "#") {
			all = append(all, Accepted{SHA: f[0], Criterion: byHash[f[0]], Project: f[1], Level: f[2], Date: f[3], Repo: f[4], Path: f[5]})
		}
	}
	return all
})

// habits tells how often, of all that was accepted for a criterion, it was of a kind; and for a wording of it (by its hash)
// in which repository of the foundation, since wordings say where things must be. A project's own document says nothing of
// what others do: it is left out, by owner and by name.
type habits map[string]map[string]float64

func habitsWithout(p Project) habits {
	h := habits{}
	wordings := map[string]float64{}
	total := map[string]float64{}
	for _, a := range Index() {
		owner, _, _ := strings.Cut(a.Repo, "/")
		if a.Criterion == "" || p.isName(a.Project) || p.owns(owner) {
			continue
		}
		dir, isDir := strings.CutSuffix(a.Path, "/")
		if h[a.Criterion] == nil {
			h[a.Criterion] = map[string]float64{}
		}
		total[a.Criterion]++
		wordings[a.SHA]++
		if place := strings.ToLower(a.Repo); foundationRepos[place] != "" {
			if h[a.SHA] == nil {
				h[a.SHA] = map[string]float64{}
			}
			h[a.SHA][place]++
		}
		for _, k := range kindsOf(Entry{Path: dir, Dir: isDir}, plainName(dir)) {
			h[a.Criterion][k]++
		}
	}
	for id, kinds := range h {
		for k, n := range kinds {
			kinds[k] = n / (total[id] + wordings[id] + habitPrior)
		}
	}
	return h
}

// habitPrior keeps a criterion that was cited twice from being sure.
const habitPrior = 3

func (h habits) weight(criterion string, kinds []string) float64 {
	var best float64
	for _, k := range kinds {
		best = math.Max(best, h[criterion][k])
	}
	return best
}
