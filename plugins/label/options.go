package label

import (
	"fmt"
	"maps"
	"slices"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// Options are the plugin's options.
type Options struct {
	// Exclusive are groups, as globs, of which an issue carries one label at most: setting one takes the others off.
	Exclusive []string `yaml:"exclusive"`
	// Restricted says, by glob, who may set and take off labels that not everybody may. Where several globs match a
	// label, any of them lets people in.
	Restricted map[string]Rule `yaml:"restricted"`
	// Additional are globs of labels outside the categories that everybody may set with /label and /remove-label.
	Additional []string `yaml:"additional"`
	// Labelers may set every label that is not restricted with /label and /remove-label.
	Labelers plugin.Allowed `yaml:"labelers"`
	// Needs are helper labels that say on a tracked issue what is missing. Those that the repository does not have
	// are left alone.
	Needs []Need `yaml:"needs"`
}

// Rule says who may set a label.
type Rule struct {
	plugin.Allowed `yaml:",inline"`
	// AddOnly leaves taking it off to everybody.
	AddOnly bool `yaml:"addOnly,omitempty"`
}

// Need is a helper label: it is on an issue as long as no label matches one of the globs.
type Need struct {
	Label string   `yaml:"label"`
	Of    []string `yaml:"of"`
}

// Options are those that suit cncf/toc and the projects of Kubernetes alike.
func (Plugin) Options() any {
	triagers := plugin.Allowed{Roles: []plugin.Role{plugin.Reviewer, plugin.Maintainer, plugin.Staff}}
	return &Options{
		Exclusive:  []string{"lifecycle/*"},
		Restricted: map[string]Rule{"triage/accepted": {Allowed: triagers, AddOnly: true}},
		Additional: []string{"lifecycle/*", "help wanted", "good first issue"},
		Labelers:   triagers,
		Needs: []Need{
			{"needs-kind", []string{"kind/*"}},
			{"needs-triage", []string{"triage/*"}},
			{"needs-priority", []string{"priority/*"}},
			{"needs-sig", []string{"sig/*", "committee/*", "wg/*"}},
			{"needs-group", []string{"toc", "tag/*", "sub/*"}},
		},
	}
}

// Validate finds globs that can match nothing, and people who cannot be.
func (o *Options) Validate() []error {
	errs := append(plugin.ValidateGlobs("exclusive", o.Exclusive), plugin.ValidateGlobs("additional", o.Additional)...)
	for _, glob := range slices.Sorted(maps.Keys(o.Restricted)) {
		field := "restricted." + glob
		if err := plugin.ValidateGlob(field, glob); err != nil {
			errs = append(errs, err)
		}
		errs = append(errs, o.Restricted[glob].Validate(field)...)
	}
	errs = append(errs, o.Labelers.Validate("labelers")...)
	for i, n := range o.Needs {
		field := fmt.Sprintf("needs[%d]", i)
		if n.Label == "" || len(n.Of) == 0 {
			errs = append(errs, plugin.FieldErrorf(field, "each entry has a `label` and, in `of`, the labels that make it go"))
		}
		errs = append(errs, plugin.ValidateGlobs(field+".of", n.Of)...)
	}
	return errs
}
