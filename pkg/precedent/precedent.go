// Package precedent knows which files and folders the TOC cited, and so accepted, as evidence for a criterion before: facts
// from published due-diligence documents of cncf/toc, collected by hack/accepted.sh. It does no I/O.
package precedent

import (
	_ "embed"
	"net/url"
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
	path := strings.NewReplacer("(", "%28", ")", "%29").Replace((&url.URL{Path: p}).EscapedPath())
	return "https://github.com/" + a.Repo + "/" + kind + "/HEAD/" + path
}

// Index is all that was accepted.
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
