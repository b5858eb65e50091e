package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
)

// TestExplainedConfig: config/ddbot.yaml shows every option, and the defaults it shows are the defaults.
func TestExplainedConfig(t *testing.T) {
	data, err := os.ReadFile("../../config/ddbot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	explained, err := config.Parse("ddbot.yaml", data, plugins.All())
	if err != nil {
		t.Fatal(err)
	}
	dump := func(c *config.Config) string {
		s, _ := c.For(issue.Ref{Owner: "acme", Repo: "toc"})
		text, err := c.Dump(s)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	defaults := config.Default(plugins.All())
	if got, want := dump(explained), dump(defaults); got != want {
		t.Errorf("config/ddbot.yaml means\n%s\nthe defaults are\n%s", got, want)
	}
	if explained.Operator != defaults.Operator {
		t.Errorf("operator: %+v, the defaults are %+v", explained.Operator, defaults.Operator)
	}
	for line := range strings.Lines(dump(defaults)) {
		key, _, ok := strings.Cut(strings.TrimLeft(line, " -"), ":")
		if ok && !strings.ContainsAny(key, "{`/ ") && !bytes.Contains(data, []byte(key+":")) {
			t.Errorf("config/ddbot.yaml does not show the option %s", key)
		}
	}
}

func TestCheckConfig(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"right", "{}", ""},
		{"two mistakes, with lines", "defaults:\n  plugins:\n    lifecyle: true\n  tracked:\n    labels: [\"[\"]\n", "2"},
	} {
		file := t.TempDir() + "/c.yaml"
		if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errOut bytes.Buffer
		cmd := root()
		cmd.SetArgs([]string{"check-config", file})
		cmd.SetOut(&out)
		cmd.SetErr(&errOut)
		err := cmd.Execute()
		if (err == nil) != (tc.want == "") {
			t.Errorf("%s: %v\n%s", tc.name, err, errOut.String())
		}
		if tc.want != "" && (!strings.Contains(errOut.String(), ":3:") || !strings.Contains(errOut.String(), ":5:") || !strings.Contains(errOut.String(), "lifecycle")) {
			t.Errorf("%s: %s", tc.name, errOut.String())
		}
	}
}
