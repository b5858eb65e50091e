package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/plugins"
)

// TestSchema holds the schema against the checker: what one takes the other takes, and a slip that people make in an editor is
// found by both.
func TestSchema(t *testing.T) {
	out, code := run(t, "config", "schema")
	if code != 0 {
		t.Fatal(out)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(out)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	explained, err := os.ReadFile("../../config/ddbot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	good := []string{
		string(explained), "{}", "defaults:", "defaults: {plugins: {dd: true, stage: false, lifecycle: {staleAfter: 1d12h, rules: [{labels: [a], exempt: true}]}}}",
		"orgs: {kubevirt: {exclude: [kubevirt/x], tracked: {all: true}}}", "repos: {cncf/toc: {roles: {sponsor: {teams: [cncf/toc]}}}}",
		"defaults: {bots: ['a[bot]', 123], issues: [{title: '* Foo *', roles: {author: {users: [x]}}}]}",
		"operator: {sweep: '@every 90m', pace: {perHour: 9}, logLevel: debug}", "override: {keys: [plugins.lifecycle]}",
		"defaults: {plugins: {label: {restricted: {'a/*': {roles: [staff], addOnly: true}}}, guard: {decided: [yes-label]}}}",
	}
	bad := []string{
		"default: {}", "defaults: []", "defaults: {plugins: {dd: on1}}", "defaults: {plugins: {ddd: true}}", "defaults: {plugins: {assign: {x: 1}}}",
		"defaults: {plugins: {lifecycle: {staleAfter: ninety}}}", "defaults: {plugins: {lifecycle: {limit: {perSweep: 1.5}}}}",
		"defaults: {plugins: {lifecycle: {exempt: {labels: x}}}}", "defaults: {plugins: {stage: {who: {roles: [king]}}}}",
		"defaults: {bots: ['@x']}", "defaults: {roles: {king: {}}}", "defaults: {issues: [{title: x}]}", "defaults: {issues: [{roles: {}}]}",
		"repos: {cncf: {}}", "orgs: {cncf/toc: {}}", "only: [cncf]", "operator: {pace: {perSecond: 0}}", "operator: {logLevel: [debug]}",
	}
	for want, texts := range map[bool][]string{true: good, false: bad} {
		for _, text := range texts {
			var v any
			if err := yaml.Unmarshal([]byte(text), &v); err != nil {
				t.Fatal(err)
			}
			_, parsed := config.Parse("x", []byte(text), plugins.All())
			if err := schema.Validate(v); (err == nil) != want || (parsed == nil) != want {
				t.Errorf("%.80s: the schema says %v, the checker %v", text, err, parsed)
			}
		}
	}
}

// TestSchemaExplains: editors show what the explained file says of a key, and its default. The schema stands beside that file.
func TestSchemaExplains(t *testing.T) {
	out, _ := run(t, "config", "schema")
	for _, part := range []string{
		`"description": "When the stale sweep runs, as cron has it`, `"default": "@hourly"`, `"default": "90d"`,
		`"description": "What happens when a tracked issue is closed with open items`,
	} {
		if !strings.Contains(out, part) {
			t.Errorf("the schema lacks %s", part)
		}
	}
	const file = "ddbot.schema.json"
	if saved, err := os.ReadFile("../../config/" + file); err != nil || string(saved) != out {
		t.Errorf("config/%s is not up to date (%v): go run ./cmd/ddbot config schema > config/%s", file, err, file)
	}
	if example, _ := run(t, "config", "example"); !strings.HasPrefix(example, "# yaml-language-server: $schema="+file+"\n") {
		t.Error("the explained configuration names no schema")
	}
}
