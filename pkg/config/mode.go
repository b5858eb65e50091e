package config

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/plugin"
)

// Mode is how events come to ddbot.
type Mode string

// The modes.
const (
	Server   Mode = "server"   // from GitHub's own webhooks
	External Mode = "external" // forwarded by Prow's hook, of which ddbot is an external plugin
)

// prows are the plugins with whose commands Prow comes, too (docs/adopt/prow.md has the table): beside Prow they are off, unless
// a configuration says otherwise. guard, stage and the others have no counterpart there.
var prows = []string{"assign", "help-wanted", "label", "lifecycle", "milestone", "retitle"}

// modeOf reads the mode of a file; what is not one has been reported.
func modeOf(root *yaml.Node) Mode {
	var m Mode
	if n := get(root, "mode"); n != nil && n.Decode(&m) == nil && m == External {
		return External
	}
	return Server
}

func (v *mode) UnmarshalText(b []byte) error {
	*v = mode(b)
	return must(*v == mode(Server) || *v == mode(External), b, "a mode: write server (GitHub sends the events) or external (Prow's hook forwards them)")
}

// Mode tells how events come.
func (c *Config) Mode() Mode { return c.mode }

// base is the layer below all others: what the mode switches off.
func (c *Config) base() layer {
	plugins := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	if c.mode == External {
		for _, name := range prows {
			plugins.Content = append(plugins.Content,
				&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: "false"})
		}
	}
	return layer{file: c.file, node: &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: []*yaml.Node{
		{Kind: yaml.ScalarNode, Tag: "!!str", Value: "plugins"}, plugins,
	}}}
}

// Owners tells whose the commands are under these settings, by names of plugins: ddbot's, Prow's, and those that are on here
// although Prow has them.
func (c *Config) Owners(s *plugin.Settings) (ours, left, both []string) {
	for _, p := range c.plugins {
		on := slices.ContainsFunc(s.Catalog.Plugins, func(x plugin.Plugin) bool { return x.Name() == p.Name() })
		prow := slices.Contains(prows, p.Name())
		switch {
		case on && prow:
			both = append(both, p.Name())
		case on:
			ours = append(ours, p.Name())
		case prow:
			left = append(left, p.Name())
		}
	}
	return ours, left, both
}
