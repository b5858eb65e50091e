// Command workflows lints GitHub workflows with actionlint: the files of .github/workflows, and every example of one in the
// documentation, with the line numbers of the page it stands in. An action that our own workflows use must be pinned by commit,
// with its version beside it.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

func main() {
	root := "."
	if len(os.Args) == 2 {
		root = os.Args[1]
	}
	n, err := lint(root, actionlint)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if n == 0 {
		fmt.Fprintln(os.Stderr, "workflows: there is no workflow below", root)
		os.Exit(1)
	}
}

// workflow is one text of a workflow; the lines before it are empty where it stands in a page.
type workflow struct{ name, text string }

// lint looks at all workflows below root and tells how many there were. The error holds every finding.
func lint(root string, check func(workflow) error) (n int, err error) {
	var found []error
	files, err := candidates(root)
	if err != nil {
		return 0, err
	}
	for _, name := range files {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return n, fmt.Errorf("read a workflow: %w", err)
		}
		list := []workflow{{name, string(data)}}
		if strings.HasSuffix(name, ".md") {
			list = examples(name, data)
		} else {
			found = append(found, unpinned(list[0])...)
		}
		for _, w := range list {
			n++
			found = append(found, check(w))
		}
	}
	return n, errors.Join(found...)
}

// candidates are the files that are, or may hold, workflows: relative to root, with slashes.
func candidates(root string) (files []string, err error) {
	for _, pattern := range []string{".github/workflows/*.yml", ".github/workflows/*.yaml", "*.md"} {
		list, err := fs.Glob(os.DirFS(root), pattern)
		if err != nil {
			return nil, fmt.Errorf("look for workflows: %w", err)
		}
		files = append(files, list...)
	}
	err = fs.WalkDir(os.DirFS(root), "docs", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(name, ".md") {
			files = append(files, name)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("look for workflows: %w", err)
	}
	return files, nil
}

// isWorkflow tells by two lines, not by parsing: an example that is not YAML must be found, too.
func isWorkflow(text string) bool { return reOn.MatchString(text) && reJobs.MatchString(text) }

var (
	reOn   = regexp.MustCompile(`(?m)^["']?on["']?:`)
	reJobs = regexp.MustCompile(`(?m)^jobs:`)
	reUses = regexp.MustCompile(`^\s*(?:-\s+)?uses:\s*["']?([^\s"'#]+)["']?(.*)$`)
	rePin  = regexp.MustCompile(`@[0-9a-f]{40}$`)
	reTag  = regexp.MustCompile(`^\s+#\s*v\d`)
)

// examples gives the code blocks of a page, fenced or indented, that are workflows.
func examples(name string, page []byte) (list []workflow) {
	_ = ast.Walk(goldmark.DefaultParser().Parse(text.NewReader(page)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if code := n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock; !code || !entering || n.Lines().Len() == 0 {
			return ast.WalkContinue, nil
		}
		above := strings.Repeat("\n", bytes.Count(page[:n.Lines().At(0).Start], []byte("\n")))
		if source := string(n.Lines().Value(page)); isWorkflow(source) {
			list = append(list, workflow{name, above + source})
		}
		return ast.WalkContinue, nil
	})
	return list
}

// unpinned finds actions that are named by something that can be moved.
func unpinned(w workflow) (found []error) {
	line := 0
	for s := range strings.Lines(w.text) {
		line++
		m := reUses.FindStringSubmatch(strings.TrimRight(s, "\r\n"))
		if m == nil || strings.HasPrefix(m[1], "./") {
			continue
		}
		switch {
		case !rePin.MatchString(m[1]):
			found = append(found, fmt.Errorf("%s:%d: %s is not pinned: write the commit, and the version behind it (# v1.2.3)", w.name, line, m[1]))
		case !reTag.MatchString(m[2]):
			found = append(found, fmt.Errorf("%s:%d: which version is %s? Write it behind (# v1.2.3)", w.name, line, m[1]))
		}
	}
	return found
}

// actionlint runs the real one. Shellcheck and pyflakes are left out: they are there on some machines only.
func actionlint(w workflow) error {
	goCommand := os.Getenv("GO")
	if goCommand == "" {
		goCommand = "go"
	}
	cmd := exec.Command(goCommand, "tool", "-modfile=hack/tools/actionlint.mod", "actionlint", "-no-color", "-shellcheck=", "-pyflakes=", "-stdin-filename", w.name, "-")
	cmd.Stdin = strings.NewReader(w.text)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	if found := strings.TrimSpace(string(out)); found != "" {
		return errors.New(found)
	}
	return fmt.Errorf("run actionlint: %w", err)
}
