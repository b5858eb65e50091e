package main

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/clones"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

// TestCheckReal: a full check of a real project from a simulated GitHub that holds its real files costs at most 25 reads. It
// wants clones, OWNER+NAME/repo in the folder DDBOT_CLONES, and is skipped without.
func TestCheckReal(t *testing.T) {
	dir := os.Getenv("DDBOT_CLONES")
	if dir == "" {
		t.Skip("DDBOT_CLONES names no folder with clones")
	}
	t.Setenv("GITHUB_TOKEN", "")
	sim := githubsim.New(githubsim.Options{})
	for _, repo := range []string{"kyverno/kyverno", "kyverno/community", "cncf/toc", "cncf/tag-security", "cncf/landscape", "cncf/foundation"} {
		loadClone(t, sim, repo, filepath.Join(dir, strings.Replace(repo, "/", "+", 1), "repo"))
	}
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	sim.AddUser("reader")
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(sim.Token("reader")), 0o600); err != nil {
		t.Fatal(err)
	}
	toc := filepath.Join(dir, "cncf+toc", "repo")
	body, err := exec.Command("git", "--git-dir="+toc, "show", "HEAD:projects/kyverno/kyverno-graduation-due-diligence.md").Output()
	if err != nil {
		t.Skip(err)
	}
	ref := sim.OpenIssue("cncf/toc", "reader", "An application", string(body))
	cache := t.TempDir()
	for run := range 2 {
		at := time.Now()
		out, errOut, err := runCheck(t, ref.String(), "--project", "kyverno/kyverno", "--github-url", server.URL, "--github-token-file", token, "--json", "--cache", cache)
		if err != nil {
			t.Fatalf("%v\n%s", err, errOut)
		}
		reads, _ := strconv.Atoi(readCount.FindStringSubmatch(errOut + " 0 reads of GitHub")[1])
		t.Logf("run %d: %d reads, %d boxes, %d claims, %v", run+1, reads, strings.Count(out, "\n"), strings.Count(out, `"claim":true`), time.Since(at))
		if reads == 0 || reads > 25 {
			t.Errorf("%d reads", reads)
		}
	}
}

func loadClone(t *testing.T, sim *githubsim.Sim, repo, dir string) {
	t.Helper()
	source, err := clones.Open([]string{repo + "=" + dir})
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	tree, err := source.Tree(t.Context(), repo)
	if err != nil {
		t.Fatal(err)
	}
	var files []evidence.File
	for _, e := range tree.Entries {
		if !e.Dir {
			files = append(files, evidence.File{Tree: tree, Path: e.Path, Max: 4 << 20})
		}
	}
	contents, err := source.Read(t.Context(), files)
	if err != nil {
		t.Fatal(err)
	}
	sim.AddRepo(repo, "owner")
	for i, f := range files {
		sim.AddFile(repo, f.Path, string(contents[i].Data))
	}
}
