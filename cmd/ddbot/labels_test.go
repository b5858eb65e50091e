package main

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins"
)

// TestLabelsCommand: check says what is missing, create makes it once, and what is there stays as it is.
func TestLabelsCommand(t *testing.T) {
	t.Parallel()
	w := newSweepWorld(t, 0)
	w.sim.SetRole(repo, bot, "write")
	w.sim.AddLabel(repo, "DD/Status/In-Voting") // GitHub folds case
	at := []string{"--repo", repo, "--github-url", w.url}
	call := func(code int, args ...string) string {
		t.Helper()
		out, errOut, got := w.ddbot(append(append([]string{"labels"}, args...), at...)...)
		if got != code {
			t.Fatalf("%v: exit code %d, want %d\n%s%s", args, got, code, out, errOut)
		}
		return out
	}
	out := call(1, "check")
	if !strings.Contains(out, "missing  dd/status/waiting\n") || strings.Contains(out, "in-voting") || strings.Contains(out, "needs-kind") ||
		!strings.Contains(out, "missing  help wanted\n") || strings.Contains(out, "lifecycle/") || !strings.Contains(out, "acme/toc lacks ") {
		t.Errorf("check:\n%s", out)
	}
	if out := call(1, "check", "--optional"); !strings.Contains(out, "optional  needs-kind\n") {
		t.Errorf("check --optional:\n%s", out)
	}
	w.sim.ResetCalls()
	if out := call(0, "create", "--dry-run"); !strings.Contains(out, "would make  dd/status/waiting\n") {
		t.Errorf("create --dry-run:\n%s", out)
	}
	for _, c := range w.sim.Calls() {
		if c.Method != "GET" {
			t.Errorf("a dry run sent %s", c.Path)
		}
	}
	out = call(0, "create")
	if !strings.Contains(out, "made  dd/status/waiting\n") || strings.Contains(out, "needs-kind") {
		t.Errorf("create:\n%s", out)
	}
	if out := call(0, "check"); out != "acme/toc has all labels that the configuration needs\n" {
		t.Errorf("check again:\n%s", out)
	}
	if out := call(0, "create", "--optional"); !strings.Contains(out, "made  needs-kind\n") || strings.Contains(out, "dd/") {
		t.Errorf("create --optional:\n%s", out)
	}
	if out := call(0, "create", "--config", w.file("c.yaml", "defaults: {plugins: {stage: false, help-wanted: {help: hilfe}}}\n")); out != "made  hilfe\n" {
		t.Errorf("with a configuration:\n%s", out)
	}
	if _, errOut, code := w.ddbot("labels", "check", "--repo", "toc", "--github-url", w.url); code != 2 || !strings.Contains(errOut, "OWNER/NAME") {
		t.Errorf("a wrong --repo: %d %s", code, errOut)
	}
	if _, errOut, code := w.ddbot("labels", "check", "--repo", "acme/nothing", "--github-url", w.url); code != 1 || !strings.Contains(errOut, "acme/nothing") {
		t.Errorf("no such repository: %d %s", code, errOut)
	}
}

// TestLabelsFit: GitHub takes what we would make.
func TestLabelsFit(t *testing.T) {
	for _, l := range plugin.DefaultSettings(plugins.All()).Labels() {
		if len(l.Name) > 50 || len(l.Description) > 100 || len(l.Color) != 6 || strings.Trim(l.Color, "0123456789abcdef") != "" {
			t.Errorf("%+v", l)
		}
	}
}
