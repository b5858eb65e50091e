package evidence

import (
	"fmt"
	"strings"
	"testing"
)

// TestProjectYAML: fields that are a string or something else, PathRefs in both forms, keys that nobody knows.
func TestProjectYAML(t *testing.T) {
	p, err := readProject([]byte(`
schema_version: "1.0.0"
slug: tool
name: Tool
repositories: [https://github.com/acme/tool, {url: https://github.com/acme/more}, {name: nothing}, https://example.org/x]
governance:
  governance_doc: {path: https://github.com/acme/tool/blob/main/GOVERNANCE.md}
  decision_making_process: docs/decisions.md
  maintainer_lifecycle:
    mentoring_program: [https://example.org/a, https://example.org/b]
audits: [{date: 2025-01-01, type: security, url: https://example.org/audit.pdf}]
unknown: {path: x}
`), ".project/project.yaml")
	if err != nil || p.Slug != "tool" || fmt.Sprint(p.Repos) != "[acme/tool acme/more]" {
		t.Fatalf("%+v %v", p, err)
	}
	var got []string
	for _, r := range p.Refs {
		got = append(got, r.Key+"="+r.Address)
	}
	want := "governance.governance_doc=https://github.com/acme/tool/blob/main/GOVERNANCE.md governance.decision_making_process=docs/decisions.md " +
		"governance.maintainer_lifecycle.mentoring_program=https://example.org/a governance.maintainer_lifecycle.mentoring_program=https://example.org/b audits.url=https://example.org/audit.pdf"
	if strings.Join(got, " ") != want {
		t.Errorf("%q", got)
	}
}

// TestTeams: every team without "managed: false", of the project's own entry where there is one.
func TestTeams(t *testing.T) {
	const both = `maintainers:
- project_id: tool
  teams: [{name: maintainers, members: ["@Ann", bob]}, {name: spire-maintainers, members: [BOB, cid]}, {name: bots, managed: false, members: [robot]}]
- project_id: other
  teams: [{name: project-maintainers, members: [dee]}]
`
	for id, want := range map[string]string{"tool": "[Ann bob cid]", "none": "[Ann bob cid dee]"} {
		if got, err := readTeams([]byte(both), id); err != nil || fmt.Sprint(got) != want {
			t.Errorf("%s: %v %v", id, got, err)
		}
	}
	if got, err := readTeams([]byte("- {project_id: tool, teams: [{name: x, members: [ann]}]}"), "tool"); err != nil || fmt.Sprint(got) != "[ann]" {
		t.Errorf("a bare list: %v %v", got, err)
	}
}

// TestInsights: only evidence is evidence; the comment that the specification demands is none.
func TestInsights(t *testing.T) {
	for text, want := range map[string]string{
		"repository: {security: {assessments: {self: {comment: none yet}}}}":                                                                   "",
		"repository: {security: {assessments: {self: {comment: x, evidence: https://example.org/s}}}}":                                         "self-assessment=https://example.org/s",
		"security-artifacts: {self-assessment: {self-assessment-created: true, evidence-url: [https://example.org/1, https://example.org/2]}}": "self-assessment=https://example.org/1 self-assessment=https://example.org/2",
		"project: {vulnerability-reporting: {policy: https://example.org/p}}":                                                                  "sec-report=https://example.org/p",
		"project: {vulnerability-reporting: {security-policy: https://example.org/p}}":                                                         "sec-report=https://example.org/p",
		"header: {schema-version: 2.0.0}": "",
	} {
		refs, err := readInsights([]byte(text), "security-insights.yml")
		var got []string
		for _, r := range refs {
			got = append(got, r.Criteria()[0]+"="+r.Address)
		}
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s: %q %v", text, got, err)
		}
	}
}

// TestYAMLBounds: aliases are bounded, an alias of itself or a broken file is an error and no crash.
func TestYAMLBounds(t *testing.T) {
	many := "a: &a x\nb: [" + strings.Repeat("*a, ", maxAliases+1) + "]\n"
	for _, text := range []string{many, "a: [" + strings.Repeat("1,", maxNodes) + "]", "a: {b", "\t"} {
		if _, err := readProject([]byte(text), "x"); err == nil {
			t.Errorf("%.20q is read without an error", text)
		}
	}
	p, err := readProject([]byte("governance: &g {governance_doc: {path: G.md}}\nslug: tool\nsecurity: *g\n"), "x")
	if err != nil || len(p.Refs) != 1 {
		t.Errorf("%+v %v", p, err)
	}
}

func TestOrgFolders(t *testing.T) {
	got, err := orgFolders([]byte("schema_version: 1\norg: x\nprojects: [{id: one}, {id: two, path: deep/two/}]\n"))
	if err != nil || fmt.Sprint(got) != "[one deep/two]" {
		t.Error(got, err)
	}
}

func FuzzRefs(f *testing.F) {
	f.Add("repositories: [a]\ngovernance: {governance_doc: {path: x}}\n")
	f.Add("maintainers: [{project_id: x, teams: [{name: y, members: [z]}]}]")
	f.Fuzz(func(_ *testing.T, text string) {
		_, _ = readProject([]byte(text), "x")
		_, _ = readTeams([]byte(text), "x")
		_, _ = readInsights([]byte(text), "x")
		_, _ = orgFolders([]byte(text))
	})
}
