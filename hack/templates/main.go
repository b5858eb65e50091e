// Command templates prints all versions of the templates in the history of a clone of cncf/toc, in the format of
// pkg/template/versions.txt. See hack/templates.sh.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/template"
)

// files are where the templates are kept.
var files = []struct {
	kind, level, path string
}{
	{template.Application, "incubation", ".github/ISSUE_TEMPLATE/template-incubation-application.md"},
	{template.Application, "graduation", ".github/ISSUE_TEMPLATE/template-graduation-application.md"},
	{template.Report, "incubation", "operations/toc-templates/template-dd-pr-incubation.md"},
	{template.Report, "graduation", "operations/toc-templates/template-dd-pr-graduation.md"},
}

const head = `# Versions of the CNCF TOC's templates: which lines each has. Made by hack/templates.sh, do not edit.
# Source: https://github.com/cncf/toc at %s, the files named below, first parents only.
# The texts are the Cloud Native Computing Foundation's, whose charter licenses documentation under CC BY 4.0.
# "l" is a line of some version, without blanks at its end; "v" a version: kind, level, hash, date, commit, path, and the
# numbers of its lines.
`

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: templates PATH-OF-A-CLONE-OF-CNCF/TOC")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "templates:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string) error {
	top, err := git(ctx, dir, "rev-parse", "HEAD")
	if err != nil {
		return err
	}
	var versions []template.Version
	for _, f := range files {
		log, err := git(ctx, dir, "log", "--first-parent", "--diff-filter=AMR", "--format=%H %cs", "HEAD", "--", f.path)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		lines := strings.Split(strings.TrimSpace(log), "\n")
		for _, line := range slices.Backward(lines) { // the oldest first
			commit, date, _ := strings.Cut(line, " ")
			text, err := git(ctx, dir, "show", commit+":"+f.path)
			if err != nil {
				return err
			}
			v := template.NewVersion(f.kind, f.level, text)
			v.Date, v.Commit, v.Path = date, commit, f.path
			if !seen[v.Hash] {
				seen[v.Hash] = true
				versions = append(versions, v)
			}
		}
	}
	out := bufio.NewWriter(os.Stdout)
	fmt.Fprintf(out, head, strings.TrimSpace(top))
	if err := template.WriteVersions(out, versions); err != nil {
		return err
	}
	return out.Flush()
}

func git(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...) //nolint:gosec // the caller names it
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	return string(out), err
}
