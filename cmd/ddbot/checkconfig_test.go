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
	if explained.Mode() != defaults.Mode() || !bytes.Contains(data, []byte("\nmode: server\n")) {
		t.Errorf("mode: %s, the default is %s", explained.Mode(), defaults.Mode())
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
	for _, tc := range []struct {
		name, text string
		want       []string
		flags      []string
	}{
		{"right", "{}", nil, nil},
		{"two mistakes, with lines", "defaults:\n  plugins:\n    lifecyle: true\n  tracked:\n    labels: [\"[\"]\n", []string{":3:", ":5:", "lifecycle"}, nil},
		{
			"of plugins, each at its line",
			"defaults:\n  plugins:\n    stage:\n      groups:\n        status:\n          values:\n          - {name: a b, label: x}\n" +
				"    label:\n      restricted:\n        x/y:\n          roles: [god]\n      needs:\n      - {label: z}\n",
			[]string{":7:", "a b", ":11:", "god", ":13:", "needs[0]"}, nil,
		},
		{"a repository's own", "plugins: {assign: false}\ntracked: {all: true}\n", nil, []string{"--override"}},
		{"a repository's own, as the Action takes it", "preset: checklist\nprefix: promote\n", nil, []string{"--override"}},
		{"a repository's own, wrong", "plugins:\n  assgin: false\n  lifecycle: {staleAfter: 9}\n", []string{":2:", ":3:", "assign"}, []string{"--override"}},
	} {
		file := t.TempDir() + "/c.yaml"
		if err := os.WriteFile(file, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errOut bytes.Buffer
		cmd := root()
		cmd.SetArgs(append([]string{"check-config", file}, tc.flags...))
		cmd.SetOut(&out)
		cmd.SetErr(&errOut)
		err := cmd.Execute()
		if (err == nil) != (tc.want == nil) {
			t.Errorf("%s: %v\n%s", tc.name, err, errOut.String())
		}
		for _, want := range tc.want {
			if !strings.Contains(errOut.String(), want) {
				t.Errorf("%s: no %q in %s", tc.name, want, errOut.String())
			}
		}
	}
}

// TestCheckConfigBesideProw: an operator reads whose the commands are; what is printed for a repository stays YAML.
func TestCheckConfigBesideProw(t *testing.T) {
	file := write(t, "ddbot.yaml", "mode: external\ndefaults: {plugins: {label: true}}\nrepos: {acme/toc: {plugins: {label: false}}}\n")
	out, code := run(t, "check-config", file)
	want := file + " is valid\nmode external, ddbot's: dd, evidence, example, report, stage, guard, diligence\n" +
		"mode external, left to Prow: lifecycle, assign, milestone, retitle, help-wanted\nmode external, on here, to be off in Prow: label\n"
	if code != 0 || out != want {
		t.Errorf("%d %s\nwant %s", code, out, want)
	}
	out, code = run(t, "check-config", "--repo", "acme/toc", file)
	want = "# mode external, ddbot's: dd, evidence, example, report, stage, guard, diligence\n# mode external, left to Prow: lifecycle, label, assign, milestone, retitle, help-wanted\nprefix: dd\nplugins:\n  assign: false\n"
	if code != 0 || !strings.HasPrefix(out, want) || strings.Contains(out, "to be off in Prow") {
		t.Errorf("%d %s\nwant %s", code, out, want)
	}
	if out, code = run(t, "check-config", write(t, "server.yaml", "{}")); code != 0 || strings.Contains(out, "mode") {
		t.Errorf("without Prow: %d %s", code, out)
	}
}
