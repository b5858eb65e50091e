//go:build !nodemo

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/demo"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
)

// demoSeed puts a configuration into a demo: the commands that are offered are its commands, in its words, and its labels exist. The
// file is a server's, or a repository's own. say puts a sentence into its words.
func demoSeed(seed demo.Seed, file string) (_ demo.Seed, say func(string) string, err error) {
	if file == "" {
		return seed, func(s string) string { return s }, nil
	}
	text, err := readFile(file, strings.NewReader(""))
	if err != nil {
		return seed, nil, &exitError{exitUsage, fmt.Errorf("read the configuration: %w", err)}
	}
	ref, err := issue.ParseRef(seed.Repo + "#1")
	if err != nil {
		return seed, nil, usage("%w", err)
	}
	if _, wrong := config.NewOwnFile(plugins.All()).Read(ref, []byte(text)); len(wrong) == 0 && strings.TrimSpace(text) != "" {
		text = "defaults:\n" + below(text)
	}
	c, err := config.Parse(file, []byte(text), plugins.All())
	if err != nil {
		return seed, nil, &exitError{exitUsage, err}
	}
	s, served := c.For(ref)
	if !served {
		return seed, nil, usage("%s leaves %s alone, in which the demo plays", file, seed.Repo)
	}
	seed.Config = []byte(text)
	for _, l := range s.Labels() {
		if !slices.Contains(seed.Labels, l.Name) {
			seed.RepoLabels = append(slices.Clone(seed.RepoLabels), l.Name)
		}
	}
	seed.Examples = nil
	for _, example := range demo.Examples {
		example = s.Catalog.Say(example)
		if cmds, err := command.Parse(example); err == nil && len(cmds) == 1 && s.Catalog.Lookup(cmds[0].Words, cmds[0].Rest).Command != nil {
			seed.Examples = append(seed.Examples, example)
		}
	}
	return seed, s.Catalog.Say, nil
}

// below makes a YAML text the value of a key.
func below(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		if strings.TrimSpace(l) != "" {
			lines[i] = "  " + l
		}
	}
	return strings.Join(lines, "")
}
