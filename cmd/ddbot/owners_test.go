package main

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins"
)

var reCode = regexp.MustCompile("`(/[^`…]+)`")

// ownersTable reads the table of commands and owners of docs/adopt/prow.md: the owner and the plugin of each command.
func ownersTable(t *testing.T) map[string][2]string {
	t.Helper()
	data, err := os.ReadFile("../../docs/adopt/prow.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][2]string{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(line, "|")
		if len(cells) < 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`/") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimSpace(cells[3]), " ")
		for _, m := range reCode.FindAllStringSubmatch(cells[1], -1) {
			names := []string{m[1]}
			if strings.Contains(cells[1], "`/remove-…` of each") {
				names = append(names, "/remove-"+m[1][1:])
			}
			for _, n := range names {
				if _, twice := table[n]; twice {
					t.Errorf("docs/adopt/prow.md names %s twice", n)
				}
				table[n] = [2]string{strings.TrimSpace(cells[2]), name}
			}
		}
	}
	return table
}

// TestOwners: the table of commands and owners says what is so with `mode: external`. Each command of ddbot is in it with its plugin;
// ddbot has a command if the table says so, and takes none of Prow's for a mistyped one of its own.
func TestOwners(t *testing.T) {
	cfg, err := config.Parse("ddbot.yaml", []byte("mode: external\n"), plugins.All())
	if err != nil {
		t.Fatal(err)
	}
	s, table := cfg.Defaults(), ownersTable(t)
	if len(table) < 60 {
		t.Fatalf("docs/adopt/prow.md names %d commands", len(table))
	}
	for name, owner := range table {
		cmds, err := command.Parse(name + " x")
		if err != nil || len(cmds) != 1 {
			t.Errorf("%s is no command: %v", name, err)
			continue
		}
		c := cmds[0]
		has := s.Catalog.Lookup(c.Words, c.Rest).Command != nil
		if has != (owner[0] == "ddbot") {
			t.Errorf("%s: the owner is %s, and ddbot has it: %v", name, owner[0], has)
		}
		if near := s.Catalog.Near(c.Words, c.Rest, s.OtherCommands); !has && near != "" {
			t.Errorf("%s of Prow: taken for %s", name, near)
		}
	}
	for _, p := range plugins.All() {
		for _, c := range plugin.DefaultCommands(p) {
			for _, name := range append([]string{c.Name}, c.Also...) {
				if !inTable(table, name, p.Name()) {
					t.Errorf("docs/adopt/prow.md does not give /%s to the plugin %s", name, p.Name())
				}
			}
		}
	}
}

// inTable finds a command by its name, with a blank or a slash between its words.
func inTable(table map[string][2]string, name, of string) bool {
	for _, written := range []string{"/" + name, "/" + strings.ReplaceAll(name, " ", "/")} {
		if owner, ok := table[written]; ok && owner[1] == of {
			return true
		}
	}
	return false
}
