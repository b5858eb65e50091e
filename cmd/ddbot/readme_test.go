package main

import (
	"os"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins"
)

// TestReadme: the table of commands is complete, and so is the list of subcommands.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for _, p := range plugins.All() {
		for _, c := range plugin.DefaultCommands(p) {
			if !strings.Contains(text, "`"+strings.ReplaceAll(c.Usage, "|", "\\|")+"`") {
				t.Errorf("README.md does not show `%s` (%s)", c.Usage, p.Name())
			}
		}
	}
	cmd := root()
	cmd.InitDefaultCompletionCmd("completion")
	for _, c := range cmd.Commands() {
		if c.Name() != "help" && c.Name() != "version" && !strings.Contains(text, "ddbot "+c.Name()) {
			t.Errorf("README.md does not name `ddbot %s`", c.Name())
		}
	}
}
