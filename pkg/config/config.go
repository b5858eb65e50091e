// Package config reads ddbot's configuration: which plugins are on where and with which options, who is in which role,
// and how the process behaves. Settings stand in layers (defaults, organisation, repository, the repository's own
// .github/ddbot.yaml); later layers win, mappings merge deeply, lists replace. A file is checked whole before anything of
// it counts, and everything that is wrong is told at once, each with its line. Source swaps the configuration when the
// file changes.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Config is a valid configuration. It does not change.
type Config struct {
	// Operator is what holds for the whole process.
	Operator Operator

	mode    Mode
	plugins []plugin.Plugin
	file    string
	root    *yaml.Node
	orgs    map[string]*yaml.Node // by name in lower case
	repos   map[string]*yaml.Node
	only    []string
	exclude []string
	keys    [][]string // what a repository may override, split at the dots

	built      map[string]*plugin.Settings // by "", org and org/repo, for those that have settings of their own
	overridden sync.Map                    // full name: override
}

// Operator is what holds for the whole process, whichever repository an event comes from.
type Operator struct {
	Retention plugin.Duration `yaml:"retention"` // of payloads and history
	Sweep     string          `yaml:"sweep"`     // schedule as robfig/cron's ParseStandard reads it
	Pace      Pace            `yaml:"pace"`
	LogLevel  string          `yaml:"logLevel"`
}

// Pace is how many requests that create content ddbot sends to GitHub at most.
type Pace struct {
	PerSecond int `yaml:"perSecond"`
	PerMinute int `yaml:"perMinute"`
	PerHour   int `yaml:"perHour"`
}

// DefaultOperator holds without a configuration file.
func DefaultOperator() Operator {
	return Operator{
		Retention: 7 * plugin.Day,
		Sweep:     "@hourly",
		Pace:      Pace{PerSecond: 1, PerMinute: 80, PerHour: 500},
		LogLevel:  "info",
	}
}

// Default is the configuration without a file: all plugins on with their defaults for every repository. It panics if a
// plugin's own defaults are not valid, which is a mistake in the program.
func Default(plugins []plugin.Plugin) *Config {
	c, err := build(newChecker("default configuration", plugins), nil, plugins)
	if err != nil {
		panic(fmt.Errorf("build the default configuration: %w", err))
	}
	return c
}

// Parse reads and checks a configuration file. The error is of type Errors: all problems, by line.
func Parse(file string, data []byte, plugins []plugin.Plugin) (*Config, error) {
	check := newChecker(file, plugins)
	// An empty file is far more often one that somebody is just writing than a wish for all defaults.
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, Errors{{file, 1, 1, "the file is empty: for all defaults write {} or give no file"}}
	}
	root := check.parse(data)
	if root != nil {
		check.check(place{root, "the configuration"}, root, typeFile)
	}
	return build(check, root, plugins)
}

// build makes the settings of all that are named in a checked file, which finds what plugins have against their options.
func build(check *checker, root *yaml.Node, plugins []plugin.Plugin) (*Config, error) {
	c := &Config{
		mode: modeOf(root), plugins: plugins, file: check.file, root: root, Operator: DefaultOperator(), built: map[string]*plugin.Settings{},
		orgs: children(get(root, "orgs")), repos: children(get(root, "repos")),
	}
	check.excludes(c.orgs)
	sound := len(check.found) == 0
	var decoding []error
	add := func(key string, layers []layer) {
		s, errs := settings(plugins, layers)
		check.found = append(check.found, errs...)
		if sound {
			decoding = append(decoding, decodeRest(s, layers))
		}
		c.built[key] = s
	}
	add("", c.layers("", ""))
	for org := range c.orgs {
		add(org, c.layers(org, ""))
	}
	for repo := range c.repos {
		owner, _, _ := strings.Cut(repo, "/")
		add(repo, c.layers(owner, repo))
	}
	if sound {
		decoding = append(decoding, c.decodeProcess())
	}
	if err := errors.Join(decoding...); err != nil {
		check.found = append(check.found, &Error{File: check.file, Text: readable(err)})
	}
	if len(check.found) > 0 {
		return nil, check.found.sorted()
	}
	return c, nil
}

// excludes finds exclusions that stand under the wrong organisation.
func (c *checker) excludes(orgs map[string]*yaml.Node) {
	for org, n := range orgs {
		list := get(n, "exclude")
		if list == nil || list.Kind != yaml.SequenceNode {
			continue
		}
		for _, item := range list.Content {
			if owner, _, ok := strings.Cut(item.Value, "/"); ok && !issue.SameLogin(owner, org) {
				c.report(item, "%s is not a repository of %s: its own organisation excludes it", quote(item.Value), quote(org))
			}
		}
	}
}

// decodeProcess reads what is not settings.
func (c *Config) decodeProcess() error {
	var errs []error
	read := func(n *yaml.Node, into any) {
		if n != nil {
			errs = append(errs, n.Decode(into))
		}
	}
	var keys []string
	read(get(c.root, "only"), &c.only)
	read(get(get(c.root, "override"), "keys"), &keys)
	read(get(c.root, "operator"), &c.Operator)
	for _, org := range c.orgs {
		var list []string
		read(get(org, "exclude"), &list)
		c.exclude = append(c.exclude, list...)
	}
	for _, key := range keys {
		c.keys = append(c.keys, strings.Split(key, "."))
	}
	return errors.Join(errs...)
}

// layers are those of a repository of an organisation, by their names in lower case.
func (c *Config) layers(org, repo string) []layer {
	return []layer{
		c.base(),
		{file: c.file, node: get(c.root, "defaults")},
		{file: c.file, node: c.orgs[org]},
		{file: c.file, node: c.repos[repo]},
	}
}

// For gives the settings of the repository of an issue. false: ddbot leaves the repository alone.
func (c *Config) For(ref issue.Ref) (*plugin.Settings, bool) {
	org, repo := issue.FoldLogin(ref.Owner), issue.FoldLogin(ref.FullName())
	if len(c.only) > 0 && !matchAny(c.only, repo) || matchAny(c.exclude, repo) {
		return nil, false
	}
	for _, key := range []string{repo, org} {
		if s, ok := c.built[key]; ok {
			return s, true
		}
	}
	return c.built[""], true
}

// Defaults are the settings of a repository of which the file says nothing.
func (c *Config) Defaults() *plugin.Settings { return c.built[""] }

// Dump shows settings as YAML, in the form of a layer: what is in effect after all merging.
func (c *Config) Dump(s *plugin.Settings) (string, error) {
	plugins := map[string]any{}
	for _, p := range c.plugins {
		plugins[p.Name()] = slices.ContainsFunc(s.Catalog.Plugins, func(on plugin.Plugin) bool { return on.Name() == p.Name() })
		if o, ok := s.Options[p.Name()]; ok {
			plugins[p.Name()] = o
		}
	}
	contacts := s.Contacts
	if slices.Equal(contacts, plugin.DefaultContacts) {
		contacts = nil
	}
	var b strings.Builder
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	err := enc.Encode(struct {
		Prefix  string                        `yaml:"prefix"`
		Plugins map[string]any                `yaml:"plugins"`
		Roles   map[plugin.Role]plugin.People `yaml:"roles,omitempty"`
		Issues  []plugin.IssueRule            `yaml:"issues,omitempty"`
		Tracked plugin.Tracked                `yaml:"tracked"`
		Contact []string                      `yaml:"contacts,omitempty"`
		Project bool                          `yaml:"projectMaintainers,omitempty"`
		Bots    []string                      `yaml:"bots,omitempty"`
		Others  []string                      `yaml:"otherCommands,omitempty"`
	}{s.Catalog.Prefix(), plugins, s.Roles, s.Issues, s.Tracked, contacts, s.Project, s.Bots, s.OtherCommands})
	if err != nil {
		return "", fmt.Errorf("show settings: %w", err)
	}
	return b.String(), nil
}

// children gives a mapping's values by their keys in lower case.
func children(n *yaml.Node) map[string]*yaml.Node {
	out := map[string]*yaml.Node{}
	if n == nil || n.Kind != yaml.MappingNode {
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		out[strings.ToLower(n.Content[i].Value)] = n.Content[i+1]
	}
	return out
}

func matchAny(globs []string, repo string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool {
		ok, err := path.Match(strings.ToLower(glob), repo)
		return ok && err == nil
	})
}

// Repositories are those that the file names, by their names in lower case: patterns name none.
func (c *Config) Repositories() []string {
	names := slices.Collect(maps.Keys(c.repos))
	for _, n := range c.only {
		if !strings.ContainsAny(n, `*?[\`) {
			names = append(names, strings.ToLower(n))
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
