package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const good = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hello\n"

// injected puts the text of a stranger into a shell.
const injected = "on: issue_comment\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.comment.body }}\n"

func uses(action string) string {
	return "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: " + action + "\n"
}

// TestLint: the real actionlint says what is wrong, at the line of the page where it stands.
func TestLint(t *testing.T) {
	t.Chdir("../..")
	const pinned = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1"
	for _, c := range []struct {
		name, file, text string
		want             string // in the findings; none if empty
		n                int
	}{
		{"a workflow", ".github/workflows/a.yml", good, "", 1},
		{"a stranger's text in a shell", ".github/workflows/a.yml", injected, "a.yml:6:23: ", 1},
		{"pinned", ".github/workflows/a.yaml", uses(pinned + " # v7.0.1"), "", 1},
		{"of this repository", ".github/workflows/a.yaml", uses("./"), "", 1},
		{"a tag", ".github/workflows/a.yml", uses("actions/checkout@v7"), "a.yml:6: actions/checkout@v7 is not pinned", 1},
		{"without its version", ".github/workflows/a.yml", uses(pinned), "a.yml:6: which version is actions/checkout@", 1},
		{"an example", "docs/adopt/x.md", "# X\n\n```yaml\n" + good + "```\n", "", 1},
		{"an example that uses a tag", "README.md", "```yaml\n" + uses("actions/checkout@v7") + "```\n", "", 1},
		{"a bad example", "docs/adopt/x.md", "# X\n\n```yaml\n" + injected + "```\n", "docs/adopt/x.md:9:23: ", 1},
		{"a bad example in a list", "README.md", "- Do this:\n\n  ```yml\n  " + strings.ReplaceAll(injected, "\n", "\n  ") + "\n  ```\n", "README.md:9:23: ", 1},
		{"a bad example that is indented", "README.md", "So:\n\n    " + strings.ReplaceAll(injected, "\n", "\n    ") + "\n", "README.md:8:23: ", 1},
		{"an example that is not YAML", "docs/x.md", "```yaml\n" + good + "  [\n```\n", "docs/x.md:", 1},
		{"the configuration of something else", "docs/x.md", "```yaml\njobs: [a]\n```\n", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, c.file)
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			n, err := lint(dir, actionlint)
			if n != c.n {
				t.Errorf("%d workflows, want %d", n, c.n)
			}
			switch {
			case c.want == "" && err != nil:
				t.Errorf("found: %v", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("found %v, want %q", err, c.want)
			}
		})
	}
}
