// Package helpwanted marks issues on which newcomers and others could help.
package helpwanted

import (
	"errors"
	"net/url"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns /help and /good-first-issue, and those that take the labels off.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "help-wanted" }

// Help says what it is for.
func (Plugin) Help() string { return "Marks issues on which others could help." }

// Options are the plugin's options.
type Options struct {
	// Help and First are the two labels. A first issue carries both.
	Help  string `yaml:"help"`
	First string `yaml:"first"`
	// Guidelines is the address of what such an issue should be like. With it, setting a label is answered by a
	// pointer to it; without, a reaction is all.
	Guidelines string `yaml:"guidelines"`
}

// Options are GitHub's own names for the labels.
func (Plugin) Options() any { return &Options{Help: "help wanted", First: "good first issue"} }

// Validate finds missing labels and an address that is none.
func (o *Options) Validate() []error {
	var errs []error
	if o.Help == "" || o.First == "" {
		errs = append(errs, plugin.FieldErrorf("help", "`help` and `first` are the names of labels: neither may be empty"))
	}
	if u, err := url.Parse(o.Guidelines); o.Guidelines != "" && (err != nil || u.Host == "" || !strings.HasPrefix(u.Scheme, "http")) {
		errs = append(errs, plugin.FieldErrorf("guidelines", "it is an address like https://example.com/help-wanted"))
	}
	return errs
}

// Handle does nothing without a command.
func (Plugin) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

// Commands are for anyone, on open issues.
func (Plugin) Commands(any) []plugin.Command {
	anyone := []plugin.Role{plugin.Anyone}
	both := func(o *Options) []string { return []string{o.Help, o.First} }
	help := func(o *Options) []string { return []string{o.Help} }
	first := func(o *Options) []string { return []string{o.First} }
	return []plugin.Command{
		{
			Name: "help", Usage: "/help", Who: anyone, Run: set(help),
			Help: "Adds the help label.", Examples: []string{"/help"},
		},
		{
			Name: "good-first-issue", Usage: "/good-first-issue", Who: anyone, Run: set(both),
			Help: "Adds the label for newcomers and the help label.", Examples: []string{"/good-first-issue"},
		},
		{
			Name: "remove-help", Usage: "/remove-help", Who: anyone, Run: unset(both),
			Help: "Removes both labels.", Examples: []string{"/remove-help"},
		},
		{
			Name: "remove-good-first-issue", Usage: "/remove-good-first-issue", Who: anyone, Run: unset(first),
			Help: "Removes the label for newcomers and keeps the help label.", Examples: []string{"/remove-good-first-issue"},
		},
	}
}

type labels func(*Options) []string

func set(which labels) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		o := plugin.Options[Options](in)
		if err := fits(in, a); err != nil {
			return nil, err
		}
		var found, missing []string
		var unknown []error
		fresh := false
		for _, name := range which(o) {
			label, ok, err := in.Facts.Label(name)
			unknown = append(unknown, err)
			if ok {
				found = append(found, label)
				fresh = fresh || !in.Issue.HasLabel(label)
			} else {
				missing = append(missing, name)
			}
		}
		if err := errors.Join(unknown...); err != nil {
			return nil, err
		}
		if len(missing) > 0 {
			return nil, textMissing(missing, ownHelp(in, a))
		}
		effects, err := in.Set(a.By, found, nil)
		if err != nil {
			return nil, err
		}
		if fresh && o.Guidelines != "" {
			effects = append(effects, plan.Reply{Text: textGuidelines(o.Guidelines)})
		}
		if way := ownHelp(in, a); fresh && way != "" {
			effects = append(effects, plan.Reply{Text: way})
		}
		return effects, nil
	}
}

func unset(which labels) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		if err := fits(in, a); err != nil {
			return nil, err
		}
		var there []string
		names := which(plugin.Options[Options](in))
		for _, name := range names {
			if in.Issue.HasLabel(name) || in.MayLag {
				there = append(there, name)
			}
		}
		if len(there) == 0 {
			return []plan.Effect{plan.Stands{Effect: plan.RemoveLabels{Labels: names}}}, textNotSet(names)
		}
		return in.Unset(a.By, there)
	}
}

// ownHelp points who wrote /help on an issue that ddbot looks after to its own help: most of them look for that.
func ownHelp(in plugin.Input, a plugin.Args) string {
	if a.Name != "help" || !in.Tracked || len(in.Catalog.Help("dd help")) == 0 {
		return ""
	}
	return wordsOwnHelp
}

// fits tells what is in the way of any of these commands.
func fits(in plugin.Input, a plugin.Args) error {
	switch {
	case a.Rest != "":
		return textArguments(a, ownHelp(in, a))
	case in.Issue.PullRequest:
		return textPull(a)
	case in.Issue.State == issue.Closed:
		return textClosed(a)
	}
	return nil
}
