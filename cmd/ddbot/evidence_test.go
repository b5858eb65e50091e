package main

import (
	"bytes"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

// ddbot runs a call and gives its exit code.
func ddbot(t *testing.T, args ...string) (out, errOut string, code int) {
	t.Helper()
	cmd := root()
	var o, e bytes.Buffer
	cmd.SetOut(&o)
	cmd.SetErr(&e)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	if exit, ok := errors.AsType[*exitError](err); ok {
		return o.String(), e.String() + err.Error(), exit.code
	}
	if err != nil {
		return o.String(), e.String() + err.Error(), exitFailure
	}
	return o.String(), e.String(), 0
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const oneBox = "Project Repo(s): https://github.com/acme/tool\n\n- [x] **Clear and discoverable project governance documentation.**\n\nhttps://github.com/acme/tool/blob/main/GOVERNANCE.md\n"

func TestCheckCalls(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "")
	body, empty := write(t, "body.md", oneBox), write(t, "empty.md", "nothing\n")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"check", exitUsage, "give an issue"},
		{"check " + body + " --body " + body, exitUsage, "give an issue"},
		{"check none.md", exitUsage, "no such file"},
		{"check " + empty, exitUsage, "no check box"},
		{"check " + body + " --json --markdown", exitUsage, "one of them"},
		{"check " + body + " --level sandbox", exitUsage, "incubation or graduation"},
		{"check " + body + " --project x", exitUsage, "OWNER/NAME"},
		{"check " + body + " --clone acme/tool", exitUsage, "OWNER/NAME=PATH"},
		{"check " + body + " --budget 0", exitUsage, "--budget"},
		{"check a/b#x", exitUsage, "is not an issue"},
		{"check " + body + " --github-url http://127.0.0.1:1 --cache=", exitFailure, "could not be asked"},
		{"draft sandbox a/b", exitUsage, "incubation or graduation"},
		{"draft incubation", exitUsage, "LEVEL ORG/REPO"},
		{"draft incubation a/b --template " + empty, exitUsage, "no check box"},
		{"readiness --level graduation", exitUsage, "--landscape"},
		{"readiness --level graduation --landscape " + empty, exitUsage, "no landscape.yml"},
		{"readiness --level graduation --landscape " + empty + " --format x", exitUsage, "csv or markdown"},
		{"example qqqq", exitUsage, "no known criterion"},
		{"criteria none.md", exitUsage, "no such file"},
	} {
		if _, errOut, code := ddbot(t, strings.Fields(c.args)...); code != c.code || !strings.Contains(errOut, c.want) {
			t.Errorf("%s: code %d, %s", c.args, code, errOut)
		}
	}
}

func acme(t *testing.T) (*githubsim.Sim, string) {
	t.Helper()
	now := time.Now().Add(-24 * time.Hour)
	sim := githubsim.New(githubsim.Options{Now: func() time.Time { return now }})
	sourcetest.Example.Simulate(t, sim, func(d time.Duration) { now = now.Add(d) })
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return sim, server.URL
}

// TestCheckIssue: an issue is read without a token, the project is the one that its text names, and when the anonymous limit
// is used up the answer says so and names the way out.
func TestCheckIssue(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "")
	sim, base := acme(t)
	sim.AddUser("ann")
	sim.AddRepo("cncf/toc", "owner")
	ref := sim.OpenIssue("cncf/toc", "ann", "[Incubation] Tool", oneBox)
	out, errOut, code := ddbot(t, "check", ref.String(), "--github-url", base, "--cache=", "--json")
	if code != 0 || !strings.Contains(out, `"result":"found"`) || !strings.Contains(errOut, "seems to be acme/tool") || !strings.Contains(errOut, "reads of GitHub") {
		t.Errorf("%d\n%s\n%s", code, out, errOut)
	}
	for range 10 {
		if _, errOut, code = ddbot(t, "check", ref.String(), "--github-url", base, "--cache="); code != 0 {
			break
		}
	}
	if code != exitFailure || !strings.Contains(errOut, "without a token is used up") || !strings.Contains(errOut, "GITHUB_TOKEN") {
		t.Errorf("%d %s", code, errOut)
	}
	for _, c := range sim.Calls() {
		if c.Method != "GET" {
			t.Errorf("a check writes: %s", c.Path)
		}
	}
}

// TestBudget: what the budget did not reach is unknown, never not met.
func TestBudget(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "")
	_, base := acme(t)
	body := write(t, "body.md", "- [ ] **Publicly documented list of adopters, which may indicate their adoption level (dev/trialing, prod, etc.)**\n")
	for _, budget := range []string{"4", "8", "12"} {
		out, errOut, code := ddbot(t, "check", body, "--project", "acme/tool", "--github-url", base, "--cache=", "--json", "--budget", budget)
		if code == 0 && strings.Contains(out, `"not-met"`) {
			t.Errorf("budget %s: %s %s", budget, out, errOut)
		}
	}
}

// TestMainMissing: where the main repository is not among the clones, the others are read, and nothing is not met.
func TestMainMissing(t *testing.T) {
	args := []string{"check", write(t, "body.md", oneBox+"- [x] **Publicly documented list of adopters, which may indicate their adoption level (dev/trialing, prod, etc.)**\n"), "--project", "acme/none", "--json"}
	for _, c := range sourcetest.Example.Clone(t) {
		args = append(args, "--clone", c)
	}
	out, errOut, code := ddbot(t, args...)
	if code != 0 || strings.Contains(out, `"not-met"`) || !strings.Contains(out, "GOVERNANCE.md") {
		t.Errorf("%d\n%s\n%s", code, out, errOut)
	}
	if _, errOut, code = ddbot(t, "check", args[1], "--project", "nobody/none", "--clone", args[len(args)-1]); code != exitUsage {
		t.Logf("with a clone of another owner only: %d %s", code, errOut)
	}
}

func TestDraftCommand(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	clones := []string{}
	for _, c := range sourcetest.Example.Clone(t) {
		clones = append(clones, "--clone", c)
	}
	template := write(t, "template.md", "# $PROJECT\n\n- [ ] **Clear and discoverable project governance documentation.**\n\n<!-- (Project assertion goes here) -->\n")
	out, errOut, code := ddbot(t, append([]string{"draft", "Incubation", "acme/tool", "--template", template}, clones...)...)
	if code != 0 || !strings.Contains(out, "# tool\n") || !strings.Contains(out, "GOVERNANCE.md") || strings.Contains(out, "assertion goes here") {
		t.Errorf("%d\n%s\n%s", code, out, errOut)
	}
	configured := write(t, "ddbot.yaml", "defaults: {plugins: {evidence: {templates: {incubation: '"+template+"'}}}}\n")
	byConfig, errOut, code := ddbot(t, append([]string{"draft", "incubation", "acme/tool", "--config", configured}, clones...)...)
	if code != 0 || byConfig != out {
		t.Errorf("the template of the configuration: %d\n%s\n%s", code, byConfig, errOut)
	}
	if _, errOut, code := ddbot(t, "draft", "graduation", "acme/tool", "--config", configured); code != exitUsage || !strings.Contains(errOut, "names no template for graduation") {
		t.Errorf("no template: %d %s", code, errOut)
	}
	out, errOut, code = ddbot(t, append([]string{"draft", "graduation", "acme/tool"}, clones...)...)
	if code != 0 || !strings.Contains(out, "TODO") || !strings.Contains(out, "What is missing, by effort") {
		t.Errorf("%d\n%s\n%s", code, out, errOut)
	}
	if _, _, code = ddbot(t, append([]string{"draft", "graduation", "acme/tool", "--template", "none.md"}, clones...)...); code != exitUsage {
		t.Error(code)
	}
	if left, _ := filepath.Glob(filepath.Join(temp, "ddbot-*")); len(left) > 0 {
		t.Errorf("left behind: %s", left)
	}
}

const twoProjects = `landscape:
  - category:
    subcategories:
      - subcategory:
        items:
          - item:
            name: Tool
            project: incubating
            repo_url: https://github.com/acme/tool
            extra: {incubating: '2024-02-03'}
          - item:
            name: Thing
            project: incubating
            repo_url: https://github.com/other/thing
          - item:
            name: Absent
            project: incubating
            repo_url: https://github.com/not/there
          - item:
            name: New
            project: sandbox
            repo_url: https://github.com/acme/new
`

// TestReadiness: one row a project; what is done is kept, and a later call goes on.
func TestReadiness(t *testing.T) {
	file, kept := write(t, "landscape.yml", twoProjects), filepath.Join(t.TempDir(), "kept.jsonl")
	call := []string{"readiness", "--landscape", file, "--level", "graduation", "--resume", kept}
	for _, c := range sourcetest.Example.Clone(t) {
		call = append(call, "--clone", c)
	}
	out, errOut, code := ddbot(t, append(call, "--only", "tool")...)
	if code != 0 || strings.Count(out, "\n") != 2 || !strings.Contains(out, "Tool,acme/tool,incubating,2024-02-03,graduation,") {
		t.Fatalf("%d\n%s\n%s", code, out, errOut)
	}
	if err := os.WriteFile(kept, append(read(t, kept), []byte(`{"project":"Cut o`)...), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errOut, code = ddbot(t, append(call, "--format", "markdown")...)
	if code != 0 || strings.Count(out, "\n") != 4 || strings.Contains(errOut, "1/3") || !strings.Contains(errOut, "2/3 Thing") || !strings.Contains(errOut, "Absent is left out") {
		t.Errorf("%d\n%s\n%s", code, out, errOut)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCriteriaCommand(t *testing.T) {
	out, _, code := ddbot(t, "criteria", write(t, "x.md", oneBox+"- [ ] something else\n- [ ] **Due Diligence Review.**\n"))
	if code != 0 || !strings.Contains(out, "| x.md | 3 | 1 | 0 | 1 | 1 |") {
		t.Error(out)
	}
}
