package report

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/template"
)

// Options are the plugin's options.
type Options struct {
	// Templates are for applications with a label, where ddbot does not know them or a newer one is to be used.
	Templates map[string]Templates `yaml:"templates"`
}

// Templates are addresses of files on GitHub: https://github.com/OWNER/REPO/blob/BRANCH/PATH.
type Templates struct {
	Application string `yaml:"application"`
	Report      string `yaml:"report"`
}

// Options gives the defaults.
func (Plugin) Options() any { return &Options{} }

// reFile is the address of a file on GitHub.
var reFile = regexp.MustCompile(`^https://github\.com/([\w.-]+/[\w.-]+)/blob/([^/\s?#]+)/([^\s?#]+)$`)

// Validate finds what cannot be meant.
func (o *Options) Validate() []error {
	var errs []error
	for _, label := range slices.Sorted(maps.Keys(o.Templates)) {
		t := o.Templates[label]
		for key, at := range map[string]string{"application": t.Application, "report": t.Report} {
			if at != "" && !reFile.MatchString(at) {
				errs = append(errs, plugin.FieldErrorf("templates."+label+"."+key, "%v", badAddress(at)))
			}
		}
	}
	return errs
}

func badAddress(at string) error {
	return fmt.Errorf("a template is a file on GitHub, as https://github.com/OWNER/REPO/blob/BRANCH/PATH, not %q", at)
}

// of gives the templates for the first label that has some.
func (o *Options) of(labels []string) Templates {
	for _, label := range slices.Sorted(maps.Keys(o.Templates)) {
		if issue.HasLabel(labels, label) {
			return o.Templates[label]
		}
	}
	return Templates{}
}

// configured is the template at an address.
func configured(in plugin.Input, at, kind, level string) (*template.Version, error) {
	m := reFile.FindStringSubmatch(at)
	if m == nil {
		return nil, badAddress(at)
	}
	file, err := in.Facts.File(m[1], m[2], strings.ReplaceAll(m[3], "%20", " "))
	if err != nil {
		return nil, err
	}
	if !file.Found {
		return nil, textTemplateGone(at)
	}
	v := template.NewVersion(kind, level, file.Text)
	if known, err := template.Find(v.Hash, kind, ""); err == nil {
		return known, nil
	}
	v.Path = at
	if len(v.Outline().Boxes()) == 0 {
		return nil, textTemplateEmpty(at)
	}
	return &v, nil
}
