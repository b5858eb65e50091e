package evidence

import (
	"strings"
	"unicode"
)

// Project says which project is looked at.
type Project struct {
	Main    string   // OWNER/NAME of its first repository
	Names   []string // further names: in the landscape, its slug there and elsewhere
	Repos   []string // further repositories, named by .project or the landscape
	Aliases []string // owners of further repositories
}

// Owner is the owner of the main repository.
func (p Project) Owner() string {
	owner, _, _ := strings.Cut(p.Main, "/")
	return owner
}

func (p Project) repoName() string {
	_, name, _ := strings.Cut(p.Main, "/")
	return name
}

// general are names of repositories and owners that say nothing of the project.
var general = map[string]bool{"community": true, "github": true, "project": true, "governance": true, "main": true, "core": true, "org": true}

// isName tells whether a name, such as that of a folder in cncf/toc, is one of the project's.
func (p Project) isName(name string) bool {
	n := plainKey(name)
	if n == "" {
		return false
	}
	for _, own := range append([]string{p.repoName(), p.Owner()}, p.Names...) {
		k := plainKey(own)
		if k == n && !general[k] {
			return true
		}
	}
	return false
}

func (p Project) owns(owner string) bool {
	if strings.EqualFold(owner, p.Owner()) {
		return true
	}
	for _, a := range p.Aliases {
		if strings.EqualFold(a, owner) {
			return true
		}
	}
	return false
}

// plainKey makes names comparable: letters and digits only, lower case, without the endings that owners add.
func plainKey(name string) string {
	k := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
	for _, end := range []string{"project", "io", "oss", "dev", "labs", "incubator"} {
		if rest, ok := strings.CutSuffix(k, end); ok && len(rest) >= 3 {
			return rest
		}
	}
	return k
}
