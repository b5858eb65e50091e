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
	// Pull is for /dd report pr.
	Pull Pull `yaml:"pull"`
	// LevelChange is for /dd level-change.
	LevelChange LevelChange `yaml:"levelChange"`
}

// LevelChange says which issue is opened when the vote is won.
type LevelChange struct {
	Open       bool   `yaml:"open"`       // whether it is
	Repository string `yaml:"repository"` // owner/repo; empty is the issue's own
	// Template is the address of a file on GitHub; empty is the TOC's place for it, in that repository.
	Template string   `yaml:"template"`
	Title    string   `yaml:"title"`  // empty is that of the template
	Labels   []string `yaml:"labels"` // empty are those of the template
	Vote     string   `yaml:"vote"`   // the login whose latest comment is the result of the vote
}

// Pull says where the pull request with the report is opened.
type Pull struct {
	Open       bool   `yaml:"open"`       // whether it is
	Repository string `yaml:"repository"` // owner/repo; empty is the issue's own
	// Path of the file, and the branch: Go templates with .Project, .Slug (the same in lower case, for names), .Level, .Number.
	Path   string `yaml:"path"`
	Branch string `yaml:"branch"`
}

// Publishes tells that branches and pull requests are written.
func (o *Options) Publishes() bool { return o.Pull.Open }

// Templates are addresses of files on GitHub: https://github.com/OWNER/REPO/blob/BRANCH/PATH.
type Templates struct {
	Application string `yaml:"application"`
	Report      string `yaml:"report"`
}

// Options gives the defaults.
func (Plugin) Options() any {
	return &Options{LevelChange: LevelChange{Vote: "git-vote[bot]"}, Pull: Pull{Path: "projects/{{.Slug}}/{{.Slug}}-{{.Level}}-dd.md", Branch: "ddbot/report-{{.Number}}"}}
}

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
	for key, r := range map[string]string{"pull": o.Pull.Repository, "levelChange": o.LevelChange.Repository} {
		if r != "" && !reRepository.MatchString(r) {
			errs = append(errs, plugin.FieldErrorf(key+".repository", "a repository is written owner/repo, not %q", r))
		}
	}
	if at := o.LevelChange.Template; at != "" && !reFile.MatchString(at) {
		errs = append(errs, plugin.FieldErrorf("levelChange.template", "%v", badAddress(at)))
	}
	for key, text := range map[string]string{"path": o.Pull.Path, "branch": o.Pull.Branch} {
		name, err := named(text, page{Project: "Foo", Slug: "foo", Level: template.Incubation, Number: 1})
		switch {
		case err != nil:
			errs = append(errs, plugin.FieldErrorf("pull."+key, "%v", err))
		case key == "branch" && (name == "main" || name == "master"):
			errs = append(errs, plugin.FieldErrorf("pull.branch", "it is a branch of ddbot's own, such as ddbot/report-{{.Number}}, not %q", name))
		case !reName.MatchString(name) || strings.Contains(name, "..") || strings.Contains(name, "//"):
			errs = append(errs, plugin.FieldErrorf("pull."+key, "it would be %q: letters, digits, dots, dashes and slashes are names", name))
		}
	}
	return errs
}

var (
	reRepository = regexp.MustCompile(`^[\w.-]+/[\w.-]+$`)
	reName       = regexp.MustCompile(`^[\w][\w./-]*\w$`)
)

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
		return nil, textTemplateGone(at, kind)
	}
	v := template.NewVersion(kind, level, file.Text)
	if known, err := template.Find(v.Hash, kind, ""); err == nil {
		return known, nil
	}
	v.Path = at
	if len(v.Outline().Boxes()) == 0 {
		return nil, textTemplateEmpty(at, kind)
	}
	return &v, nil
}
