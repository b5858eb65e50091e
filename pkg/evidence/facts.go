package evidence

import (
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/landscape"
)

// Facts are all that a check may look at. They hold what was read, and say of the rest why it was not.
type Facts struct {
	Project Project
	Level   string // Incubation or Graduation
	Now     time.Time
	Library *Library

	Landscape *landscape.Entry  // of the project, nil if it has none
	Projects  []landscape.Entry // of the whole landscape; empty if it was not read
	People    []landscape.Person
	PeopleBy  string // the list that People come from
	Dot       *DotProject
	Refs      []Ref // of .project and security-insights

	Releases    []Release
	HasReleases bool // Releases were asked for
	History     map[string][]Change
	States      map[Place]Seen
	Web         map[string]Page // by address, of those that were asked
	Badge       *Badge
	Licence     Licence

	// Gaps say what could not be read and why, by the name of a repository or of a need ("releases").
	Gaps map[string]string
}

// Levels that are applied for.
const (
	Incubation = "incubation"
	Graduation = "graduation"
)

// Page is what an address outside GitHub answered.
type Page struct {
	State State
	Login bool // it wants one to sign in
	Why   string
}

// Badge is the level of an OpenSSF Best Practices badge.
type Badge struct {
	ID    string
	Level string // in_progress, passing, silver or gold
}

// gap tells why something is not known; "" if it is.
func (f *Facts) gap(what string) string { return f.Gaps[strings.ToLower(what)] }

// tree gives the tree of a repository, if it was read.
func (f *Facts) tree(repo string) *Tree {
	for _, t := range f.Library.Trees {
		if strings.EqualFold(t.Repo, repo) {
			return t
		}
	}
	return nil
}

// complete tells whether the project's own repositories were read whole, so that what was not found is not there.
func (f *Facts) complete() bool {
	own := false
	for _, t := range f.Library.Trees {
		if foundationRepos[strings.ToLower(t.Repo)] != "" {
			continue
		}
		own = own || strings.EqualFold(t.Repo, f.Project.Main)
		if t.Truncated {
			return false
		}
	}
	return own && f.gap(gapRepos) == "" && f.gap("documents") == ""
}

// gapRepos is the gap of repositories of the project that were not looked at.
const gapRepos = "repositories"

// best gives the documents of a kind, those in the best places first.
func (f *Facts) best(kinds ...string) []*Document {
	var docs []*Document
	for _, d := range f.Library.Docs {
		if d.isAny(kinds) && f.Library.standing(d) > -3 {
			docs = append(docs, d)
		}
	}
	sortDocs(docs, f.Library.standing)
	return docs
}

// inTOC gives the files of the project's folder in cncf/toc that are below one of its folders; ok is false if cncf/toc was
// not read.
func (f *Facts) inTOC(folder string) (files []*Document, ok bool) {
	t := f.tree("cncf/toc")
	if t == nil {
		return nil, false
	}
	for _, d := range f.Library.Docs {
		if d.Tree == t && strings.Contains(d.Path, "/"+folder+"/") {
			files = append(files, d)
		}
	}
	return files, true
}

// OutOfBudget tells whether anything was not read because the budget of reads had ended.
func (f *Facts) OutOfBudget() bool {
	for _, why := range f.Gaps {
		if why == budgetGap {
			return true
		}
	}
	return false
}

const budgetGap = "the budget of reads was used up"
