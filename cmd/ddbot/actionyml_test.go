package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/ddbot/ddbot/pkg/issue"
)

// actionFile is action.yml, as far as GitHub's runner reads it.
type actionFile struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Using string
		Steps []struct {
			Name, If, Uses, Shell, Run string
			Env                        map[string]string
		}
	}
}

var reExpression = regexp.MustCompile(`\$\{\{ *([a-z0-9._-]+) *\}\}`)

// runSteps runs the steps of action.yml as GitHub's runner does: expressions are put in, conditions looked at, each script run by
// bash in the job's folder, which is bare. Other people's actions (setup-go) are left out: Go is there.
func runSteps(t *testing.T, expressions map[string]string, env []string) (string, error) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a actionFile
	if err := yaml.Unmarshal(raw, &a); err != nil || a.Runs.Using != "composite" {
		t.Fatal(err, a.Runs.Using)
	}
	known := map[string]string{"github.action_path": root, "runner.temp": t.TempDir(), "runner.os": "Linux", "runner.arch": "X64", "github.token": "bot-token"}
	if runtime.GOARCH == "arm64" {
		known["runner.arch"] = "ARM64"
	}
	value := func(text string) string {
		return reExpression.ReplaceAllStringFunc(text, func(m string) string {
			name := reExpression.FindStringSubmatch(m)[1]
			v, ok := known[name]
			if !ok {
				t.Fatalf("action.yml uses %s, which this test does not know", name)
			}
			return v
		})
	}
	for name, in := range a.Inputs {
		known["inputs."+name] = value(in.Default)
	}
	for name, v := range expressions {
		known[name] = v
	}
	bare := t.TempDir()
	var out strings.Builder
	for _, s := range a.Runs.Steps {
		taken := known["inputs.version"] != ""
		switch {
		case s.Uses != "" || s.If == "${{ inputs.version == '' }}" && taken || s.If == "${{ inputs.version != '' }}" && !taken:
			continue
		case strings.Contains(s.Run, "${{"):
			t.Errorf("step %q puts an expression into a shell", s.Name)
		}
		c := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
		c.Dir, c.Env = bare, append(os.Environ(), env...)
		for k, v := range s.Env {
			c.Env = append(c.Env, k+"="+value(v))
		}
		text, err := c.CombinedOutput()
		out.Write(text)
		if err != nil {
			return out.String(), err
		}
	}
	return out.String(), nil
}

// TestActionYAML: both ways to get the program work in a bare folder, and a wrong checksum runs nothing.
func TestActionYAML(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the test is for Linux")
	}
	w := newWorkflowRuns(t, time.Now().Add(-time.Hour))
	env := func(label string) []string {
		w.sim.Comment(w.ref, "bob", "/label "+label)
		w.drain()
		e := w.events[len(w.events)-1]
		return []string{
			"GITHUB_EVENT_NAME=" + e.name, "GITHUB_EVENT_PATH=" + e.file, "GITHUB_REPOSITORY=" + repo, "GITHUB_API_URL=" + w.api.URL,
			"GITHUB_GRAPHQL_URL=" + w.api.URL + "/graphql", "GITHUB_STEP_SUMMARY=" + filepath.Join(t.TempDir(), "summary"),
		}
	}
	has := func(label string) bool { return issue.HasLabel(w.sim.Issue(w.ref).Labels, label) }

	if out, err := runSteps(t, nil, env("kind/bug")); err != nil || !has("kind/bug") {
		t.Errorf("from its source: %v\n%s", err, out)
	}

	binary, err := os.ReadFile(plain(t))
	if err != nil {
		t.Fatal(err)
	}
	asked := ""
	releases := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Path
		_, _ = w.Write(binary)
	}))
	defer releases.Close()
	release := map[string]string{"inputs.version": "v0.1.0", "inputs.releases": releases.URL, "inputs.sha256": fmt.Sprintf("%x", sha256.Sum256(binary))}
	if out, err := runSteps(t, release, env("lifecycle/frozen")); err != nil || !has("lifecycle/frozen") || asked != "/v0.1.0/ddbot_v0.1.0_linux_"+runtime.GOARCH {
		t.Errorf("from a release (%s): %v\n%s", asked, err, out)
	}
	release["inputs.sha256"] = strings.Repeat("0", 64)
	if out, err := runSteps(t, release, env("lifecycle/active")); err == nil || has("lifecycle/active") || !strings.Contains(out, "::error title=ddbot::The checksum of ddbot_v0.1.0_linux_") {
		t.Errorf("with a wrong checksum: %v\n%s", err, out)
	}
	dry := map[string]string{"inputs.dry-run": "true"}
	if out, err := runSteps(t, dry, env("lifecycle/active")); err != nil || has("lifecycle/active") {
		t.Errorf("dry run: %v\n%s", err, out)
	}
}
