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
	"github.com/ddbot/ddbot/pkg/template"
)

// call runs ddbot, and gives what it prints and its exit code.
func call(t *testing.T, in string, args ...string) (out, errOut string, code int) {
	t.Helper()
	cmd := root()
	var o, e bytes.Buffer
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&o)
	cmd.SetErr(&e)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(t.Context())
	if err != nil {
		code = exitFailure
		if exit, ok := errors.AsType[*exitError](err); ok {
			code = exit.code
		}
		e.WriteString(err.Error())
	}
	return o.String(), e.String(), code
}

func written(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const smallReport = "# Sample Incubation Due Diligence\n\n- Link to [Incubation application issue](https://github.com/cncf/toc/issues/7)\n\n" +
	"## Engineering Principles\n\n### Required\n\n- [x] **Document the project's release process.**\n\nIt is written down, and they keep to it.\n"

func TestReportLint(t *testing.T) {
	clean := written(t, "clean.md", smallReport)
	wrong := written(t, "wrong, really.md", smallReport+"See $LINK at 100%.\n")
	warned := written(t, "warned.md", smallReport+"See https://github.com/sample/sample/blob/main/a.md.\n")
	for _, tt := range []struct {
		name string
		args []string
		out  string
		code int
	}{
		{"clean", []string{clean}, "", 0},
		{"clean, strict", []string{"--strict", warned}, "link-unpinned", 1},
		{"warned", []string{warned}, "warned.md:12: warning: link-unpinned: ", 0},
		{"wrong", []string{wrong}, "wrong, really.md:12: error: placeholder: The placeholder $LINK is still there.\n", 1},
		{"github", []string{"--format", "github", wrong}, "really.md,line=12,title=placeholder::The placeholder $LINK", 1},
		{"escaped", []string{"--format", "github", wrong}, "wrong%2C really.md", 1},
		{"json", []string{"--format", "json", wrong}, `"line":12,"kind":"placeholder","severity":"error"`, 1},
		{"table", []string{clean, wrong, filepath.Dir(clean)}, "2 reports; 1 other files were passed over", 1},
		{"number", []string{"--issue", "8", clean}, "application-number", 1},
		{"not there", []string{filepath.Join(t.TempDir(), "x.md")}, "", 2},
		{"no report", []string{written(t, "notes.md", "# Notes\n- [ ] milk\n")}, "", 2},
		{"format", []string{"--format", "xml", clean}, "", 2},
	} {
		out, errOut, code := call(t, "", append([]string{"report", "lint"}, tt.args...)...)
		if code != tt.code || !strings.Contains(out, tt.out) || tt.out == "" && out != "" {
			t.Errorf("%s: exit code %d, want %d; %q does not have %q; %s", tt.name, code, tt.code, out, tt.out, errOut)
		}
	}
}

const smallApplication = "# Sample Incubation Application\n\nProject Repo(s): https://github.com/acme/tool\n\n## Engineering Principles\n\n### Required\n\n" +
	"- [x] **Document the project's release process.**\n\nSee [RELEASES](https://github.com/acme/tool/blob/main/RELEASES.md).\n"

func TestReportSkeletonAndFill(t *testing.T) {
	application := written(t, "application.md", smallApplication)
	file := filepath.Join(t.TempDir(), "report.md")
	args := []string{"--level", "incubation", "--project", "acme/tool", "--body", application, "--issue", "7"}
	if _, errOut, code := call(t, "", append([]string{"report", "skeleton", "-o", file}, args...)...); code != 0 {
		t.Fatal(errOut)
	}
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# Sample Incubation Due Diligence", "(https://github.com/cncf/toc/issues/7)", "> See [RELEASES]", "TODO(@sponsor)"} {
		if !strings.Contains(string(first), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if _, errOut, code := call(t, "", append([]string{"report", "skeleton", "-o", file}, args...)...); code != 2 || !strings.Contains(errOut, "fill") {
		t.Errorf("a report would be overwritten: %d %s", code, errOut)
	}
	edited := strings.Replace(string(first), "> See [RELEASES]", "> Do see [RELEASES]", 1)
	if err := os.WriteFile(file, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errOut, code := call(t, "", "report", "fill", file, "--body", application, "--issue", "7"); code != 0 {
		t.Error(errOut)
	}
	changed := written(t, "changed.md", strings.Replace(smallApplication, "See [", "Now see [", 1))
	_, errOut, code := call(t, "", "report", "fill", file, "--body", changed, "--issue", "7")
	if code != 1 || !strings.Contains(errOut, "conflict: Document the project's release process.") || !strings.Contains(errOut, "> Do see") || !strings.Contains(errOut, "> Now see") {
		t.Errorf("%d: %s", code, errOut)
	}
	if now, _ := os.ReadFile(file); string(now) != edited {
		t.Error("a person's text was changed")
	}
}

// TestReportFacts: facts and permanent links come from clones, without a network.
func TestReportFacts(t *testing.T) {
	world := sourcetest.World{Files: []sourcetest.File{
		{Repo: "acme/tool", Path: "RELEASES.md", Text: "# How we release\n\nEvery month.\n"}, {Repo: "acme/tool", Path: "README.md", Text: "# Tool\n"},
	}}
	args := []string{"report", "skeleton", "--level", "incubation", "--project", "acme/tool", "--body", written(t, "application.md", smallApplication)}
	for _, c := range world.Clone(t) {
		args = append(args, "--clone", c)
	}
	out, errOut, code := call(t, "", args...)
	if code != 0 {
		t.Fatal(errOut)
	}
	if strings.Contains(out, "blob/main/RELEASES.md") || !strings.Contains(out, "Facts:\n\n- ") {
		t.Errorf("no facts or no permanent links in\n%s", out)
	}
}

// TestReportIssue: the application, facts, permanent links and the state of links are read from a simulated GitHub.
func TestReportIssue(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "")
	now := time.Now().Add(-48 * time.Hour)
	sim := githubsim.New(githubsim.Options{Now: func() time.Time { return now }})
	world := sourcetest.World{Files: []sourcetest.File{
		{Repo: "acme/tool", Path: "RELEASES.md", Text: "# How we release\n\nEvery month.\n"}, {Repo: "acme/tool", Path: "README.md", Text: "# Tool\n"},
	}}
	world.Simulate(t, sim, func(d time.Duration) { now = now.Add(d) })
	sim.AddUser("alice")
	sim.AddRepo("acme/toc")
	ref := sim.OpenIssue("acme/toc", "alice", "[Incubation] Sample", smallApplication)
	server := httptest.NewServer(sim)
	defer server.Close()
	github := []string{"--github-url", server.URL, "--cache", "", "--budget", "59"}
	out, errOut, code := call(t, "", append([]string{"report", "skeleton", "--level", "incubation", "--project", "acme/tool", "--issue", ref.String()}, github...)...)
	if code != 0 {
		t.Fatal(errOut)
	}
	if strings.Contains(out, "blob/main/RELEASES.md") || !strings.Contains(out, "RELEASES.md") || !strings.Contains(out, "Facts:\n\n- ") || !strings.Contains(out, "acme/toc/issues/") {
		t.Errorf("no facts or no permanent links in\n%s", out)
	}
	file := written(t, "report.md", smallReport+"See https://github.com/acme/tool/blob/main/GONE.md and https://github.com/acme/tool/blob/main/README.md.\n")
	out, errOut, code = call(t, "", append([]string{"report", "lint", "--online", file}, github...)...)
	if code != 1 || !strings.Contains(out, "link-dead: The link https://github.com/acme/tool/blob/main/GONE.md") || strings.Contains(out, "link-dead: The link https://github.com/acme/tool/blob/main/README.md") {
		t.Errorf("%d: %s %s", code, out, errOut)
	}
}

// TestTemplateWhichPart: where several versions fit as well, the newest is named, and that there are others.
func TestTemplateWhichPart(t *testing.T) {
	boxes := 0
	var part strings.Builder
	for line := range strings.Lines(template.Versions()[0].Text) {
		if strings.HasPrefix(line, "- [ ]") {
			if boxes++; boxes%2 == 0 {
				continue
			}
		}
		part.WriteString(line)
	}
	out, errOut, code := call(t, part.String(), "template", "which", "-")
	if code != 0 || !strings.Contains(out, " other versions fit as well; this is the newest\n") || strings.Contains(out, template.Versions()[0].Hash) {
		t.Errorf("%d: %s %s", code, out, errOut)
	}
	if out, _, _ := call(t, part.String(), "template", "which", "--json", "-"); !strings.Contains(out, `"tied":`) || strings.Contains(out, `"tied":0`) {
		t.Error(out)
	}
	level := map[string]string{template.Incubation: template.Graduation, template.Graduation: template.Incubation}[template.Versions()[0].Level]
	if out, errOut, _ := call(t, part.String(), "template", "which", "--level", level, "-"); !strings.Contains(out+errOut, level+" application") {
		t.Errorf("%s %s", out, errOut)
	}
	if _, _, code := call(t, "", "template", "which", "--level", "sandbox", "-"); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
}

func TestTemplateCommands(t *testing.T) {
	list, _, code := call(t, "", "template", "list", "--kind", "application", "--level", "graduation")
	if code != 0 || !strings.Contains(list, "HASH") || strings.Contains(list, "incubation") {
		t.Errorf("%d: %s", code, list)
	}
	out, errOut, code := call(t, "", "template", "new", "graduation", "--project", "kubevirt/kubevirt")
	if code != 0 || !strings.Contains(out, "# KubeVirt Graduation Application") || strings.Contains(out, "$PROJECT") {
		t.Errorf("%d: %s %s", code, errOut, out)
	}
	if which, _, code := call(t, out, "template", "which", "--json", "-"); code != 0 || !strings.Contains(which, `"kind":"application","level":"graduation"`) {
		t.Errorf("%d: %s", code, which)
	}
	if _, errOut, code := call(t, "hello", "template", "which", "-"); code != 1 || !strings.Contains(errOut, "like no known template") {
		t.Errorf("%d: %s", code, errOut)
	}
	diff, _, code := call(t, "", "template", "diff", "report/graduation@2025-08-19", "newest")
	if code != 0 || !strings.Contains(diff, "52 kept, 0 moved, 1 reworded, 4 new, 0 gone") {
		t.Errorf("%d: %s", code, diff)
	}
	old := written(t, "old.md", strings.Replace(out, "- [ ] **Roadmap change process is documented.**", "- [x] **Roadmap change process is documented.** By us.\n\n- [x] Feed the penguins daily.", 1))
	moved, errOut, code := call(t, "", "template", "migrate", old, "--to", "newest")
	if code != 0 || !strings.Contains(moved, "- [x] **Roadmap change process is documented.** By us.") || !strings.Contains(moved, "## Not asked any more\n\n### From") || !strings.Contains(errOut, "1 gone") {
		t.Errorf("%d: %s", code, errOut)
	}
	for _, wrong := range [][]string{
		{"template", "new", "sandbox", "--project", "x"}, {"template", "new", "graduation"}, {"template", "diff", "ffffffff", "newest"},
		{"template", "lst"}, {"report", "fil"}, {"report", "fill", old}, {"report", "skeleton", "--project", "x"}, {"template", "list", "--level", "x"},
	} {
		if _, errOut, code := call(t, "", wrong...); code != 2 || errOut == "" {
			t.Errorf("%v: exit code %d, %q", wrong, code, errOut)
		}
	}
}
