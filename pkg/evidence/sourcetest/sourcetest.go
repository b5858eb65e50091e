// Package sourcetest holds what every evidence.Source must do, whatever it reads.
package sourcetest

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

// World is what a source shall see: files by repository and path, in the order in which they were written.
type World struct {
	Files    []File
	Releases []Release
}

// File is a file, or a new version of one.
type File struct{ Repo, Path, Text string }

// Release is a release or a tag of a repository.
type Release struct {
	Repo, Tag string
	At        time.Time
}

// Start is when the first file is written; each next one an hour later.
var Start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Simulate makes a simulated GitHub of the world.
func (w World) Simulate(t *testing.T, sim *githubsim.Sim, advance func(time.Duration)) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range w.Files {
		if !seen[f.Repo] {
			seen[f.Repo] = true
			sim.AddRepo(f.Repo, "owner")
		}
		sim.AddFile(f.Repo, f.Path, f.Text)
		advance(time.Hour)
	}
	for _, r := range w.Releases {
		sim.AddRelease(r.Repo, r.Tag, r.At)
	}
}

// Clone makes bare clones, and clones with work trees of every second repository. It gives OWNER/NAME=PATH for each.
func (w World) Clone(t *testing.T) []string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	dir := t.TempDir()
	var specs []string
	at := Start
	git := func(repo string, args ...string) {
		cmd := exec.Command("git", args...) //nolint:gosec // a test's own
		cmd.Dir = filepath.Join(dir, repo)
		stamp := at.Format(time.RFC3339)
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_DATE="+stamp, "GIT_COMMITTER_DATE="+stamp, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	made := map[string]bool{}
	for _, f := range w.Files {
		path := filepath.Join(dir, f.Repo, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if !made[f.Repo] {
			made[f.Repo] = true
			git(f.Repo, "init", "-q", "-b", "main")
		}
		if err := os.WriteFile(path, []byte(f.Text), 0o600); err != nil {
			t.Fatal(err)
		}
		git(f.Repo, "add", "-A")
		git(f.Repo, "commit", "-q", "-m", "x")
		at = at.Add(time.Hour)
	}
	for _, r := range w.Releases {
		at = r.At
		git(r.Repo, "tag", "-a", "-m", r.Tag, r.Tag)
	}
	for i, repo := range slices.Sorted(mapsKeys(made)) {
		path := filepath.Join(dir, repo)
		if i%2 == 0 {
			git(repo, "clone", "-q", "--bare", path, path+".git")
			path += ".git"
		}
		specs = append(specs, repo+"="+path)
	}
	return specs
}

func mapsKeys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// Example is a world that every source is held against.
var Example = World{
	Files: []File{
		{"acme/tool", "README.md", "# Tool\n"},
		{"acme/tool", "docs/deep/er/notes.md", "notes\n"},
		{"acme/tool", "GOVERNANCE.md", "first\n"},
		{"acme/tool", "GOVERNANCE.md", "second\n"},
		{"acme/tool", "odd name [1]#.md", "odd\n"},
		{"acme/community", "MAINTAINERS.md", "ann\n"},
		{"other/thing", "README.md", "thing\n"},
	},
	Releases: []Release{
		{"acme/tool", "v1.0.0", Start.Add(-100 * 24 * time.Hour)}, {"acme/tool", "v1.1.0-rc.1", Start.Add(-20 * 24 * time.Hour)},
		{"acme/tool", "v1.1.0", Start.Add(-10 * 24 * time.Hour)},
	},
}

// Run holds a source of [Example] against what it must do.
func Run(t *testing.T, source evidence.Source) {
	t.Helper()
	ctx := context.Background()
	t.Run("repositories of an owner", func(t *testing.T) {
		repos, err := source.Repos(ctx, "acme")
		var names []string
		for _, r := range repos {
			names = append(names, r.Name)
		}
		if err != nil || !slices.Equal(names, []string{"acme/community", "acme/tool"}) {
			t.Errorf("%v %v", names, err)
		}
		if repos, err := source.Repos(ctx, "nobody-here"); err != nil && !errors.Is(err, evidence.ErrNoRepo) || len(repos) != 0 {
			t.Errorf("an owner without repositories: %v %v", repos, err)
		}
	})
	tree, err := source.Tree(ctx, "acme/tool")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("tree", func(t *testing.T) { checkTree(t, source, tree) })
	t.Run("contents", func(t *testing.T) { checkContents(t, source, tree) })
	t.Run("places", func(t *testing.T) { checkPlaces(t, source, tree) })
	t.Run("releases and history", func(t *testing.T) { checkTimes(t, source, tree) })
}

func checkTree(t *testing.T, source evidence.Source, tree *evidence.Tree) {
	t.Helper()
	var paths []string
	for _, e := range tree.Entries {
		if e.Dir {
			paths = append(paths, e.Path+"/")
		} else {
			paths = append(paths, e.Path)
		}
	}
	want := []string{"GOVERNANCE.md", "README.md", "docs/", "docs/deep/", "docs/deep/er/", "docs/deep/er/notes.md", "odd name [1]#.md"}
	if !slices.Equal(paths, want) {
		t.Errorf("paths %q", paths)
	}
	if len(tree.Commit) != 40 || tree.Repo != "acme/tool" || tree.Truncated {
		t.Errorf("%+v", tree)
	}
	e, _ := tree.Find("odd name [1]#.md")
	if u := tree.URL(e); u != "https://github.com/acme/tool/blob/"+tree.Commit+"/odd%20name%20%5B1%5D%23.md" {
		t.Error(u)
	}
	if _, err := source.Tree(context.Background(), "acme/none"); !errors.Is(err, evidence.ErrNoRepo) {
		t.Errorf("a repository that is not there: %v", err)
	}
}

func checkContents(t *testing.T, source evidence.Source, tree *evidence.Tree) {
	t.Helper()
	ctx := context.Background()
	got, err := source.Read(ctx, []evidence.File{{Tree: tree, Path: "GOVERNANCE.md"}, {Tree: tree, Path: "nothing"}, {Tree: tree, Path: "docs"}, {Tree: tree, Path: "docs/deep/er/notes.md", Max: 3}})
	if err != nil || len(got) != 4 {
		t.Fatal(got, err)
	}
	if string(got[0].Data) != "second\n" || !got[1].Gone || !got[2].Gone || !got[3].TooLong || got[3].Data != nil {
		t.Errorf("%+v", got)
	}
	data, err := source.Raw(ctx, "acme/community", "MAINTAINERS.md", 100)
	if err != nil || strings.TrimSpace(string(data)) != "ann" {
		t.Errorf("%q %v", data, err)
	}
	if _, err := source.Raw(ctx, "acme/community", "none", 100); !errors.Is(err, evidence.ErrNoRepo) {
		t.Errorf("no such file: %v", err)
	}
	if _, err := source.Raw(ctx, "acme/community", "MAINTAINERS.md", 2); err == nil {
		t.Error("a file that is too long is read")
	}
}

func checkPlaces(t *testing.T, source evidence.Source, tree *evidence.Tree) {
	t.Helper()
	for place, want := range map[evidence.Place]evidence.State{
		{Repo: "acme/tool", Ref: "main", Path: "README.md"}:          evidence.There,
		{Repo: "ACME/Tool", Ref: "main", Path: "README.md"}:          evidence.There,
		{Repo: "acme/tool", Ref: "master", Path: "docs/deep/"}:       evidence.There,
		{Repo: "acme/tool", Ref: "HEAD", Path: "docs"}:               evidence.There,
		{Repo: "acme/tool", Ref: tree.Commit, Path: "GOVERNANCE.md"}: evidence.There,
		{Repo: "acme/tool"}: evidence.There,
		{Repo: "acme/tool", Ref: "main", Path: "GOVERNANCE"}:                evidence.Missing,
		{Repo: "acme/tool", Ref: "main", Path: "README.md\u200e"}:           evidence.Missing,
		{Repo: "acme/tool", Ref: tree.Commit, Path: "gone.md"}:              evidence.Missing,
		{Repo: "acme/tool", Ref: "--upload-pack=x", Path: "README.md"}:      -1, // anything but an error
		{Repo: "acme/tool", Ref: "0123456789abcdef0123", Path: "README.md"}: -1,
		{Repo: "nobody-here/thing", Ref: "main", Path: "README.md"}:         -1,
	} {
		got, err := source.Lookup(context.Background(), []evidence.Place{place})
		if err != nil || len(got) != 1 || want >= 0 && got[0].State != want || want < 0 && got[0].State == evidence.There {
			t.Errorf("%+v: %v %v, not %v", place, got, err, want)
		}
	}
}

func checkTimes(t *testing.T, source evidence.Source, tree *evidence.Tree) {
	t.Helper()
	ctx := context.Background()
	releases, err := source.Releases(ctx, "acme/tool")
	if err != nil || len(releases) != 3 || releases[0].Tag != "v1.1.0" || !releases[0].At.Equal(Example.Releases[2].At) || releases[0].PreRelease || !releases[1].PreRelease {
		t.Errorf("%+v %v", releases, err)
	}
	if releases, err := source.Releases(ctx, "other/thing"); err != nil || len(releases) != 0 {
		t.Errorf("%+v %v", releases, err)
	}
	history, err := source.History(ctx, []evidence.File{{Tree: tree, Path: "GOVERNANCE.md"}, {Tree: tree, Path: "README.md"}})
	if err != nil || len(history) != 2 || len(history[0]) != 2 || len(history[1]) != 1 {
		t.Fatalf("%+v %v", history, err)
	}
	now, _ := tree.Find("GOVERNANCE.md")
	pins := []evidence.Place{{Repo: "acme/tool", Ref: history[0][1].Commit, Path: "GOVERNANCE.md"}, {Repo: "acme/tool", Ref: history[0][0].Commit, Path: "GOVERNANCE.md"}}
	seen, err := source.Lookup(ctx, pins)
	if err != nil || seen[0].State != evidence.There || seen[0].SHA == "" || seen[0].SHA == now.SHA || seen[1] != (evidence.Seen{State: evidence.There, SHA: now.SHA}) {
		t.Errorf("a file then and now: %+v %v, today %s", seen, err, now.SHA)
	}
	if !history[0][0].At.Equal(Start.Add(3*time.Hour)) || !history[0][1].At.Equal(Start.Add(2*time.Hour)) || len(history[0][0].Commit) != 40 {
		t.Errorf("%+v", history[0])
	}
}
