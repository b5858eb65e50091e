package clones

import (
	"errors"
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
		h, err := source.History(t.Context(), []evidence.File{{Tree: tree, Path: "GOVERNANCE.md"}})
		if shallow := more[0] == "--depth=1"; errors.Is(err, evidence.ErrShallow) != shallow || len(h) != 1 || (len(h[0]) == 0) != shallow {
			t.Errorf("%v: %v %v", more, h, err)
		}
	}
}

// TestTreeless: of a commit whose folders a clone does not have nothing can be said.
func TestTreeless(t *testing.T) {
	specs := sourcetest.Example.Clone(t)
	i := slices.IndexFunc(specs, func(s string) bool { return strings.HasPrefix(s, "acme/tool=") })
	_, origin, _ := strings.Cut(specs[i], "=")
	part := filepath.Join(t.TempDir(), "part")
	for _, call := range [][]string{{"-C", origin, "config", "uploadpack.allowFilter", "true"}, {"clone", "-q", "--filter=tree:0", "file://" + origin, part}} {
		if out, err := exec.Command("git", call...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	old, err := exec.Command("git", "-C", part, "rev-parse", "HEAD~1").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]evidence.State{part: evidence.Seen{}.State, origin: evidence.Missing} {
		place := evidence.Place{Repo: "acme/tool", Ref: strings.TrimSpace(string(old)), Path: "nothing.md"}
		if seen, err := opened(t, []string{"acme/tool=" + dir}).Lookup(t.Context(), []evidence.Place{place}); err != nil || seen[0].State != want {
			t.Errorf("%+v %v, want %v", seen, err, want)
		}
	}
}

// TestShallow: where a shallow clone ends nothing is known to have changed, and without tags nothing of releases. What came after that is told,
// in a linked work tree, too.
func TestShallow(t *testing.T) {
	origin, part := t.TempDir(), filepath.Join(t.TempDir(), "part")
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.org"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q", "-b", "main", origin)
	for i, name := range []string{"ROADMAP.md", "GOVERNANCE.md", "README.md", "GOVERNANCE.md"} {
		if err := os.WriteFile(filepath.Join(origin, name), []byte{byte('0' + i)}, 0o600); err != nil {
			t.Fatal(err)
		}
		git("-C", origin, "add", "-A")
		git("-C", origin, "commit", "-q", "-m", name)
	}
	git("-C", origin, "tag", "v1.0.0", "HEAD~3")
	git("clone", "-q", "--depth=2", "file://"+origin, part)
	linked := filepath.Join(t.TempDir(), "linked")
	git("-C", part, "worktree", "add", "-q", linked)
	look := func(dir string) ([][]evidence.Change, error, []evidence.Release, error) {
		source := opened(t, []string{"acme/tool=" + dir})
		tree, err := source.Tree(t.Context(), "acme/tool")
		if err != nil {
			t.Fatal(err)
		}
		var files []evidence.File
		for _, name := range []string{"ROADMAP.md", "README.md", "GOVERNANCE.md"} {
			files = append(files, evidence.File{Tree: tree, Path: name})
		}
		h, err := source.History(t.Context(), files)
		rs, no := source.Releases(t.Context(), "acme/tool")
		return h, err, rs, no
	}
	for _, dir := range []string{part, linked} {
		h, err, rs, no := look(dir)
		if !errors.Is(err, evidence.ErrShallow) || len(h[0]) != 0 || len(h[1]) != 0 || len(h[2]) != 1 {
			t.Errorf("the history is %v, %v", h, err)
		}
		if !errors.Is(no, evidence.ErrShallow) || rs != nil {
			t.Errorf("the releases are %v, %v", rs, no)
		}
	}
	git("-C", part, "fetch", "-q", "--unshallow", "--tags")
	h, err, rs, no := look(part)
	if err != nil || len(h[0]) != 1 || len(h[1]) != 1 || len(h[2]) != 2 || no != nil || len(rs) != 1 {
		t.Errorf("of the whole clone the history is %v, %v, the releases are %v, %v", h, err, rs, no)
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
