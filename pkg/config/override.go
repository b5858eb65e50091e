package config

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// OverrideFile is where a repository keeps settings of its own, on its default branch.
const OverrideFile = ".github/ddbot.yaml"

// maxOverride bounds what people with write access to a repository can have ddbot read, report and remember.
const maxOverride = 64 << 10

// override remembers the last answer for a repository, with the text that it was for.
type override struct {
	text     string
	settings *plugin.Settings
	errs     []error
}

// ForWith gives the settings of the repository of an issue with the repository's own file over them; nil where For says
// false. What the file may not set is reported and ignored. A file with any other problem is reported and ignored whole.
func (c *Config) ForWith(ref issue.Ref, text []byte) (*plugin.Settings, []error) {
	base, served := c.For(ref)
	if !served || len(bytes.TrimSpace(text)) == 0 {
		return base, nil
	}
	if len(text) > maxOverride {
		return base, []error{&Error{OverrideFile, 1, 1, fmt.Sprintf("the file is ignored: it has more than %d bytes", maxOverride)}}
	}
	name := issue.FoldLogin(ref.FullName())
	if o, ok := c.overridden.Load(name); ok && o.(override).text == string(text) {
		return o.(override).settings, o.(override).errs
	}
	s, found := c.override(issue.FoldLogin(ref.Owner), name, text)
	if s == nil {
		s = base
	}
	o := override{string(text), s, found.sorted().Unwrap()}
	c.overridden.Store(name, o)
	return o.settings, o.errs
}

// Usable tells whether ForWith takes the file at all, if not each of its keys.
func (c *Config) Usable(ref issue.Ref, text []byte) bool {
	base, _ := c.For(ref)
	s, errs := c.ForWith(ref, text)
	return len(errs) == 0 || s != base
}

// override gives nil settings for a broken file.
func (c *Config) override(org, repo string, text []byte) (*plugin.Settings, Errors) {
	check := newChecker(OverrideFile, c.plugins)
	root := check.parse(text)
	if root == nil {
		return nil, check.found
	}
	allowed := c.prune(check, root, nil)
	notAllowed := len(check.found)
	check.check(place{root, "the file"}, root, typeLayer)
	if len(check.found) > notAllowed {
		return nil, check.found
	}
	layers := append(c.layers(org, repo), layer{
		file: OverrideFile, node: allowed,
		may: func(name string) bool { return c.allows([]string{"plugins", name}) },
	})
	s, errs := settings(c.plugins, layers)
	if err := decodeRest(s, layers); err != nil {
		errs = append(errs, &Error{File: OverrideFile, Text: readable(err)})
	}
	if len(errs) > 0 {
		return nil, append(check.found, errs...)
	}
	return s, check.found
}

// prune leaves out what the repository may not set, and reports it.
func (c *Config) prune(check *checker, n *yaml.Node, path []string) *yaml.Node {
	out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Line: n.Line, Column: n.Column}
	if n.Kind != yaml.MappingNode {
		return out
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		below := append(slices.Clone(path), k.Value)
		inside := slices.ContainsFunc(c.keys, func(key []string) bool { return hasPrefix(key, below) })
		switch {
		case c.allows(below):
		case isNull(v):
			continue
		case inside && v.Kind == yaml.MappingNode:
			v = c.prune(check, v, below)
		default:
			check.report(k, "%s may not be set here and is ignored: %s", quote(strings.Join(below, ".")), c.allowed())
			continue
		}
		out.Content = append(out.Content, k, v)
	}
	return out
}

// allows tells whether a repository may set what the path names, all of it.
func (c *Config) allows(path []string) bool {
	return slices.ContainsFunc(c.keys, func(key []string) bool { return hasPrefix(path, key) })
}

func (c *Config) allowed() string {
	if len(c.keys) == 0 {
		return "the operator lets repositories set nothing"
	}
	keys := make([]string, len(c.keys))
	for i, key := range c.keys {
		keys[i] = strings.Join(key, ".")
	}
	return "the operator lets repositories set " + strings.Join(keys, ", ")
}

func hasPrefix(path, prefix []string) bool {
	return len(path) >= len(prefix) && slices.Equal(path[:len(prefix)], prefix)
}
