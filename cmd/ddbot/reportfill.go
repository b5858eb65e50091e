package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

// fillFlags say what to fill.
type fillFlags struct {
	inputFlags
	stdout, dryRun bool
}

func reportFillCommand() *cobra.Command {
	var f fillFlags
	cmd := &cobra.Command{
		Use:   "fill [flags] FILE",
		Short: "Bring a report up to date with the application",
		Long: "Writes anew what stands between ddbot's marks (<!-- ddbot:answer … --> and <!-- ddbot:end -->) where nobody has edited\n" +
			"it, puts a block under criteria about which nobody has said anything, and names the sponsors in TODO lines. All else in the\n" +
			"file stays byte for byte. To fill twice is to fill once. Where a person and the application have both changed a block, both\n" +
			"texts are shown and the person's stays.\n\n" +
			"Exit codes: 0 done, also if nothing changed; 1 something failed, or there is a conflict; 2 a file or the call is not right.",
		Example: "  ddbot report fill report.md --issue cncf/toc#1822\n" +
			"  ddbot report fill report.md --body application.md --sponsor alice\n" +
			"  ddbot report fill report.md --body application.md --stdout | diff report.md -",
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, a []string) error {
			f.asked = c.Flags().Changed("check")
			return f.run(c.Context(), a[0], c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f.add(cmd)
	cmd.Flags().BoolVar(&f.stdout, "stdout", false, "print the report and leave the file as it is")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "only say what would change")
	return cmd
}

func (f *fillFlags) run(ctx context.Context, name string, in io.Reader, out, errOut io.Writer) error {
	if f.issue == "" && f.body == "" {
		return usage("fill from what? Give --issue OWNER/NAME#NUMBER or --body FILE")
	}
	if name == "-" && f.body == "-" {
		return usage("the report and the application cannot both come from standard input")
	}
	text, err := readFile(name, in)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if f.level == "" {
		f.level = levelOf(text)
	}
	r, err := f.input(ctx, in, errOut)
	if err != nil {
		return err
	}
	filled, err := report.Fill(text, *r)
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("%s: %w", name, err)}
	}
	for _, c := range filled.Conflicts {
		fmt.Fprint(errOut, conflictText(name, c))
	}
	switch {
	case f.dryRun:
		fmt.Fprintf(errOut, "ddbot: %d blocks would be written\n", filled.Written)
	case f.stdout || name == "-":
		_, err = io.WriteString(out, filled.Text)
	case filled.Text != text:
		err = replaceFile(name, filled.Text)
	}
	if err == nil && len(filled.Conflicts) > 0 {
		return &exitError{exitFailure, errSaid}
	}
	return err
}

// levelOf reads the level that a report is about; "" if it does not say.
func levelOf(text string) string {
	o, err := template.Read(text)
	if err != nil {
		return ""
	}
	if m := template.Recognize(o, template.Versions(), template.Report, ""); m[0].Score >= template.Likely {
		return m[0].Version.Level
	}
	return ""
}

func conflictText(name string, c report.Conflict) string {
	what := c.Criterion
	if what == "" {
		what = "the head of the report"
	}
	return fmt.Sprintf("%s:%d: conflict: %s\n  %s\n  in the report:\n%s\n  of the application:\n%s\n", name, c.Line, what, c.Why, indented(c.Theirs), indented(c.Mine))
}

func indented(s string) string {
	return "    " + strings.ReplaceAll(s, "\n", "\n    ")
}

// replaceFile writes a file beside and puts it in its place, so that nobody sees half of one.
func replaceFile(name, text string) error {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(target); err == nil {
		mode = info.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(target), ".ddbot-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) //nolint:errcheck // it is gone when all went well
	_, err = tmp.WriteString(text)
	if err == nil {
		err = tmp.Chmod(mode)
	}
	if err == nil {
		err = tmp.Sync()
	}
	if closed := tmp.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), target)
}
