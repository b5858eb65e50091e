package clones

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
)

func TestSource(t *testing.T) {
	sourcetest.Run(t, opened(t, sourcetest.Example.Clone(t)))
}

func opened(t *testing.T, specs []string) *Source {
	t.Helper()
	source, err := Open(specs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = source.Close() })
	return source
}

// TestFolder: a folder at an old commit is told from today's by its tree, so that one that was moved is found again.
func TestFolder(t *testing.T) {
	source := opened(t, sourcetest.Example.Clone(t))
	tree, err := source.Tree(t.Context(), "acme/tool")
	if err != nil {
		t.Fatal(err)
	}
	history, err := source.History(t.Context(), []evidence.File{{Tree: tree, Path: "GOVERNANCE.md"}})
	if err != nil {
		t.Fatal(err)
	}
	today, _ := tree.Find("docs/deep")
	then := evidence.Place{Repo: "acme/tool", Ref: history[0][1].Commit, Path: "docs/deep"}
	seen, err := source.Lookup(t.Context(), []evidence.Place{then})
	if err != nil || !today.Dir || today.SHA == "" || seen[0] != (evidence.Seen{State: evidence.There, SHA: today.SHA}) {
		t.Errorf("%+v %v, today %+v", seen, err, today)
	}
}

// TestPartial: what a partial clone lacks is gone, and the rest is read; nothing is fetched, though the origin is there. So
// with a shallow clone.
func TestPartial(t *testing.T) {
	specs := sourcetest.Example.Clone(t)
	i := slices.IndexFunc(specs, func(s string) bool { return strings.HasPrefix(s, "acme/tool=") })
	_, origin, _ := strings.Cut(specs[i], "=")
	for _, more := range [][]string{{"--filter=blob:none"}, {"--depth=1"}} {
		part := filepath.Join(t.TempDir(), "part")
		args := append([]string{"clone", "-q", "--no-checkout"}, more...)
		for _, call := range [][]string{{"-C", origin, "config", "uploadpack.allowFilter", "true"}, append(args, "file://"+origin, part)} {
			if out, err := exec.Command("git", call...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		source := opened(t, []string{"acme/tool=" + part})
		tree, err := source.Tree(t.Context(), "acme/tool")
		if err != nil || len(tree.Entries) != 7 {
			t.Fatal(tree, err)
		}
		got, err := source.Read(t.Context(), []evidence.File{{Tree: tree, Path: "README.md"}, {Tree: tree, Path: "GOVERNANCE.md"}})
		if err != nil || got[0].Gone != (more[0] != "--depth=1") {
			t.Errorf("%v: %+v %v", more, got, err)
		}
		if h, err := source.History(t.Context(), []evidence.File{{Tree: tree, Path: "GOVERNANCE.md"}}); err != nil || len(h[0]) == 0 {
			t.Errorf("%v: %v %v", more, h, err)
		}
	}
}

// TestMerges: what came by a merge changed when it was merged, once, and nothing but the dates is printed.
func TestMerges(t *testing.T) {
	dir := t.TempDir()
	at := sourcetest.Start
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+at.Format(time.RFC3339), "GIT_COMMITTER_DATE="+at.Format(time.RFC3339))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
		at = at.Add(time.Hour)
	}
	file := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		git("add", "-A")
		git("commit", "-q", "-m", name)
	}
	git("init", "-q", "-b", "main")
	file("README.md", "x")
	git("checkout", "-q", "-b", "topic")
	file("GOVERNANCE.md", "a 1\nb 2\n")
	file("GOVERNANCE.md", "a 1\nb 3\n")
	git("checkout", "-q", "main")
	file("OTHER.md", "x")
	merged := at
	git("merge", "-q", "--no-ff", "topic")
	source := opened(t, []string{"acme/tool=" + dir})
	tree, err := source.Tree(t.Context(), "acme/tool")
	if err != nil {
		t.Fatal(err)
	}
	h, err := source.History(t.Context(), []evidence.File{{Tree: tree, Path: "GOVERNANCE.md"}})
	if err != nil || len(h[0]) != 1 || !h[0][0].At.Equal(merged) {
		t.Errorf("%v %v, merged at %v", h, err, merged)
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for spec, want := range map[string]string{
		"acme":                       "OWNER/NAME=PATH",
		"acme/tool":                  "OWNER/NAME=PATH",
		"acme/tool=":                 "OWNER/NAME=PATH",
		"acme/../x=y":                "OWNER/NAME=PATH",
		"acme/tool=" + dir:           "not a git repository",
		"acme/tool=" + dir + "/none": "no such file",
	} {
		if _, err := Open([]string{spec}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %q", spec, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".git"), []byte("something else\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open([]string{"acme/tool=" + dir}); err == nil {
		t.Error("a .git file that names no folder")
	}
}
