package config

import (
	"os"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
)

// TestPresets: each of them is a right configuration by itself, and what it says can be overridden.
func TestPresets(t *testing.T) {
	for _, name := range Presets() {
		text, _ := Preset(name)
		check := newChecker(name, plugins.All())
		root := check.parse(text)
		check.check(place{root, "the preset"}, root, typeLayer)
		for _, err := range check.found {
			t.Error(err)
		}
		c, err := Parse("ddbot.yaml", []byte("defaults: {preset: "+name+", plugins: {milestone: true}}\n"), plugins.All())
		if err != nil {
			t.Fatal(err)
		}
		s, _ := c.For(issue.Ref{Owner: "a", Repo: "b"})
		if len(s.Catalog.Help("milestone")) == 0 {
			t.Errorf("%s: what stands beside a preset does not win", name)
		}
		if len(s.Catalog.Help("dd done")) == 0 {
			t.Errorf("%s: the checklist is off", name)
		}
	}
}

// TestPresetLayers: the preset of a later layer lies over the settings of an earlier one.
func TestPresetLayers(t *testing.T) {
	c, err := Parse("ddbot.yaml", []byte("defaults: {plugins: {label: true}}\nrepos: {a/b: {preset: cncf-toc}}\n"), plugins.All())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"a/b": false, "a/c": true} {
		s, _ := c.For(issue.Ref{Owner: "a", Repo: strings.TrimPrefix(name, "a/")})
		if got := len(s.Catalog.Help("kind")) > 0; got != want {
			t.Errorf("%s: /kind is on: %v", name, got)
		}
	}
}

// TestTOCLabels: the preset for the TOC sets no label that its labels.yaml does not list: such labels are deleted there.
func TestTOCLabels(t *testing.T) {
	raw, err := os.ReadFile("../../../shared/data/toc/labels.yaml")
	if err != nil {
		t.Skip("no labels.yaml of the TOC beside the project")
	}
	var toc struct{ Labels []struct{ Name string } }
	if err := yaml.Unmarshal(raw, &toc); err != nil || len(toc.Labels) < 50 {
		t.Fatal(err, len(toc.Labels))
	}
	c, err := Parse("ddbot.yaml", []byte("defaults: {preset: cncf-toc}\n"), plugins.All())
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.For(issue.Ref{Owner: "cncf", Repo: "toc"})
	labels := s.Labels()
	if len(labels) < 10 {
		t.Fatalf("labels of the preset: %v", labels)
	}
	for _, l := range labels {
		if !slices.ContainsFunc(toc.Labels, func(x struct{ Name string }) bool { return x.Name == l.Name }) {
			t.Errorf("the preset can set %q, which the TOC does not list", l.Name)
		}
	}
}
