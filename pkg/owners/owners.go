// Package owners reads the OWNERS and OWNERS_ALIASES files of Prow's projects, as far as an issue needs them: the
// approvers and reviewers of the whole repository.
package owners

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/ddbot/ddbot/pkg/fact"
)

type lists struct {
	Approvers []string `json:"approvers"`
	Reviewers []string `json:"reviewers"`
}

type ownersFile struct {
	lists
	// Filters are rules for parts of the tree; ".*" stands for all of it. (Prow: pkg/repoowners)
	Filters map[string]lists `json:"filters"`
}

type aliasesFile struct {
	Aliases map[string][]string `json:"aliases"`
}

// Parse reads a top-level OWNERS and, if not empty, an OWNERS_ALIASES. Unknown fields are fine: the files belong to others.
func Parse(owners, aliases []byte) (fact.Owners, error) {
	var o ownersFile
	if err := yaml.Unmarshal(owners, &o); err != nil {
		return fact.Owners{}, fmt.Errorf("read OWNERS: %w", err)
	}
	var a aliasesFile
	if err := yaml.Unmarshal(aliases, &a); err != nil {
		return fact.Owners{}, fmt.Errorf("read OWNERS_ALIASES: %w", err)
	}
	named := map[string][]string{}
	for name, logins := range a.Aliases {
		named[strings.ToLower(name)] = logins
	}
	all := o.Filters[".*"]
	return fact.Owners{
		Approvers: resolve(append(o.Approvers, all.Approvers...), named),
		Reviewers: resolve(append(o.Reviewers, all.Reviewers...), named),
	}, nil
}

func resolve(names []string, aliases map[string][]string) []string {
	var logins []string
	for _, n := range names {
		n = strings.ToLower(strings.TrimSpace(n))
		members, ok := aliases[n]
		if !ok {
			members = []string{n}
		}
		for _, m := range members {
			logins = append(logins, strings.ToLower(strings.TrimSpace(m)))
		}
	}
	slices.Sort(logins)
	return slices.Compact(logins)
}
