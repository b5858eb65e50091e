// Package owners reads the OWNERS and OWNERS_ALIASES files of Prow's projects as Prow's pkg/repoowners does
// (kubernetes-sigs/prow @ a61940897), as far as an issue needs them: the approvers and reviewers of the repository's root.
//
// It departs from Prow where Prow's answer is a matter of luck or of nobody: an alias group that cannot be read costs
// only itself (Prow loses others with it, which ones depends on the order of a map) and its name is no login; two
// groups whose names differ only in letter case are one; an entry without a name is nobody; only ASCII letters fold.
package owners

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
)

// lists are Prow's Config. All of its fields are here though two are used: one of the wrong type voids the file.
type lists struct {
	Approvers         []string `json:"approvers,omitempty"`
	Reviewers         []string `json:"reviewers,omitempty"`
	RequiredReviewers []string `json:"required_reviewers,omitempty"`
	Labels            []string `json:"labels,omitempty"`
}

func (l lists) empty() bool {
	return len(l.Approvers)+len(l.Reviewers)+len(l.RequiredReviewers)+len(l.Labels) == 0
}

type options struct {
	NoParentOwners               bool `json:"no_parent_owners,omitempty"`
	AutoApproveUnownedSubfolders bool `json:"auto_approve_unowned_subfolders,omitempty"`
}

type simpleFile struct {
	Options options `json:"options"`
	lists   `json:",inline"`
}

type filtersFile struct {
	Options options          `json:"options"`
	Filters map[string]lists `json:"filters,omitempty"`
}

type set map[string]bool

// groups are the aliases by their name.
type groups map[string]set

// Parse reads a top-level OWNERS and, if not empty, an OWNERS_ALIASES. Logins are in lower case, in order, each once. An
// error names what could not be read; the Owners beside it are those of the rest.
func Parse(owners, aliases []byte) (fact.Owners, error) {
	named, aliasErr := parseAliases(aliases)
	found, ownersErr := atRoot(owners)
	approvers, reviewers := set{}, set{}
	for _, l := range found {
		approvers.add(named.expand(l.Approvers))
		reviewers.add(named.expand(l.Reviewers))
	}
	return fact.Owners{Approvers: approvers.sorted(), Reviewers: reviewers.sorted()}, errors.Join(ownersErr, aliasErr)
}

// atRoot gives the lists that count for the root: those of the file, or where it has none those of each filter whose
// pattern matches ".", which is how Prow calls the root. Lists beside filters make Prow ignore the filters.
func atRoot(owners []byte) ([]lists, error) {
	var simple simpleFile
	err := yaml.Unmarshal(owners, &simple)
	if err == nil && !simple.empty() {
		return []lists{simple.lists}, nil
	}
	var full filtersFile
	if err2 := yaml.Unmarshal(owners, &full); err2 != nil {
		return nil, fmt.Errorf("read OWNERS: %w", err2)
	}
	if err != nil && len(full.Filters) == 0 {
		return nil, fmt.Errorf("read OWNERS: %w", err)
	}
	var found []lists
	var errs []error
	for _, pattern := range slices.Sorted(maps.Keys(full.Filters)) {
		re, err := regexp.Compile(pattern)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("read OWNERS: the filter %q is not a pattern: %w", pattern, err))
		case re.MatchString("."):
			found = append(found, full.Filters[pattern])
		}
	}
	return found, errors.Join(errs...)
}

func parseAliases(data []byte) (groups, error) {
	var file struct {
		Aliases map[string]any `json:"aliases,omitempty"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("read OWNERS_ALIASES: %w", err)
	}
	named := groups{}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(file.Aliases)) {
		members, err := membersOf(file.Aliases[name])
		if err != nil {
			errs = append(errs, fmt.Errorf("read OWNERS_ALIASES: the group %q %w", name, err))
		}
		name = norm(name)
		if named[name] == nil {
			named[name] = set{}
		}
		for _, m := range members {
			named[name][norm(m)] = true
		}
	}
	return named, errors.Join(errs...)
}

// membersOf reads one group: a list of logins, `{a, b}`, or nothing.
func membersOf(group any) ([]string, error) {
	switch g := group.(type) {
	case nil:
		return nil, nil
	case map[string]any:
		return slices.Collect(maps.Keys(g)), nil
	case []any:
		var members []string
		for _, m := range g {
			login, ok := m.(string)
			if !ok {
				return nil, fmt.Errorf("holds %v, which is not a login: put it in quotes if it is one", m)
			}
			members = append(members, login)
		}
		return members, nil
	}
	return nil, errors.New("is not a list of logins")
}

// expand replaces groups by their members, one after the other by name: a group in a group is expanded only where it is
// named beside it and comes later, as in Prow.
func (g groups) expand(names []string) set {
	logins := set{}
	for _, n := range names {
		logins[norm(n)] = true
	}
	delete(logins, "") // before a group with no name can make somebody of nobody
	for _, n := range logins.sorted() {
		if members, ok := g[n]; ok {
			delete(logins, n)
			logins.add(members)
		}
	}
	delete(logins, "")
	return logins
}

func (s set) add(more set) { maps.Copy(s, more) }

func (s set) sorted() []string { return slices.Sorted(maps.Keys(s)) }

// norm is Prow's github.NormLogin, for ASCII.
func norm(login string) string { return strings.TrimPrefix(issue.FoldLogin(login), "@") }
