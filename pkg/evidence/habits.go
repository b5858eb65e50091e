package evidence

import (
	"math"
	"strings"
	"sync"

	"github.com/ddbot/ddbot/pkg/precedent"
)

// kindsOfAccepted are the kinds of all paths that were accepted.
var kindsOfAccepted = sync.OnceValue(func() map[string][]string {
	names, kinds := namer{}, map[string][]string{}
	for _, a := range precedent.Index() {
		dir, isDir := strings.CutSuffix(a.Path, "/")
		kinds[a.Path] = names.kindsOf(Entry{Path: dir, Dir: isDir}, plainName(dir), nil)
	}
	return kinds
})

// habits tells how often, of all that was accepted for a criterion, it was of a kind; and for a wording of it (by its hash)
// in which repository of the foundation, since wordings say where things must be. A project's own document says nothing of
// what others do: it is left out, by owner and by name.
type habits map[string]map[string]float64

func habitsWithout(p Project) habits {
	h := habits{}
	wordings := map[string]float64{}
	total := map[string]float64{}
	for _, a := range precedent.Index() {
		owner, _, _ := strings.Cut(a.Repo, "/")
		if a.Criterion == "" || p.isName(a.Project) || p.owns(owner) {
			continue
		}
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
		for _, k := range kindsOfAccepted()[a.Path] {
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
