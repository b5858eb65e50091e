// Package retitle lets people change an issue's title who may not edit it on GitHub.
package retitle

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns /retitle.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "retitle" }

// Help says what it is for.
func (Plugin) Help() string { return "Changes the title." }

// Options are the plugin's options.
type Options struct {
	// AllowClosed lets closed issues be retitled, too.
	AllowClosed bool `yaml:"allowClosed"`
}

// Options leave closed issues alone.
func (Plugin) Options() any { return &Options{} }

// Handle does nothing without a command.
func (Plugin) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

// Commands is one.
func (Plugin) Commands(any) []plugin.Command {
	return []plugin.Command{{
		Name: "retitle", Usage: "/retitle NEW TITLE", Run: retitle,
		Who:      []plugin.Role{plugin.Author, plugin.Reviewer, plugin.Maintainer, plugin.Staff},
		Help:     "Gives the issue or pull request another title.",
		Examples: []string{"/retitle Move KubeVirt to incubation"},
	}}
}

// maxTitle is GitHub's limit, in characters.
const maxTitle = 256

func retitle(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	title := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, a.Rest)
	switch {
	case in.Issue.State == issue.Closed && !plugin.Options[Options](in).AllowClosed:
		return nil, textClosed(a)
	case title == "":
		return nil, textNoTitle(a)
	case utf8.RuneCountInString(title) > maxTitle:
		return nil, textTooLong(utf8.RuneCountInString(title))
	case strings.HasPrefix(title, "/"):
		return nil, textSlash() // nothing that ddbot writes begins like a command
	}
	return []plan.Effect{plan.Retitle{Title: title}}, nil
}
