package plugin

import (
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Label is a label of a repository, as it is to be made where it is missing.
type Label struct {
	Name        string
	Color       string // six hexadecimal digits
	Description string // 100 characters at most
	// Optional labels are for a repository that wants what the plugin does with them: where they are missing it does not.
	Optional bool
}

// Labeled is a plugin that works with labels of the repository.
type Labeled interface {
	// Labels are those that the options name; options is what Options gives, read from the configuration.
	Labels(options any) []Label
}

// Labels are all that the configuration needs in the repository, by name, each once.
func (s *Settings) Labels() []Label {
	var out []Label
	for _, p := range s.Catalog.Plugins {
		if l, ok := p.(Labeled); ok {
			out = append(out, l.Labels(s.Options[p.Name()])...)
		}
	}
	if !s.Tracked.All {
		for _, name := range s.Tracked.Labels {
			if !strings.ContainsAny(name, `*?[\`) {
				out = append(out, Label{Name: name, Color: "0e8a16", Description: "ddbot looks after this issue."})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Label) int {
		return strings.Compare(issue.FoldLabel(a.Name), issue.FoldLabel(b.Name))
	})
	return slices.CompactFunc(out, func(a, b Label) bool { return issue.SameLabel(a.Name, b.Name) })
}
