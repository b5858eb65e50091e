package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

func templateMigrateCommand() *cobra.Command {
	var to string
	var write, dryRun bool
	cmd := &cobra.Command{
		Use: "migrate FILE --to NEW", Short: "Move an application or report to another version", Args: args(cobra.ExactArgs(1)),
		Long: "Prints the new template with the ticks and texts of the old, and says on standard error what was kept, reworded, is new or\n" +
			"gone. A text that is not made from this template at all is refused. Nothing that people wrote is lost: what has no new place stands as it was below \"" + template.LeftTitle + "\".\n" +
			"To migrate twice is to migrate once. NEW is " + templateNames + ".",
		Example: "  ddbot template migrate issue.md --to newest > issue-new.md\n" +
			"  ddbot template migrate issue.md --to new-template.md --dry-run\n" +
			"  ddbot template migrate report.md --to report/graduation@2026-06-29 --write",
		RunE: func(c *cobra.Command, a []string) error {
			return migrateFile(c.Context(), a[0], to, write, dryRun, c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&to, "to", "newest", "the version to move to")
	cmd.Flags().BoolVarP(&write, "write", "w", false, "write the file instead of printing it")
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "only say what would change")
	return cmd
}

func migrateFile(ctx context.Context, name, to string, write, dryRun bool, in io.Reader, out, errOut io.Writer) error {
	text, err := readFile(name, in)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	o, err := template.Read(text)
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("%s: %w", name, err)}
	}
	if len(o.Boxes()) == 0 {
		return usage("%s has no check box: it is neither an application nor a report", name)
	}
	best := template.Recognize(o, template.Versions(), "", "")[0].Version
	v, err := readTemplate(ctx, to, templateWanted{best.Kind, best.Level}, in)
	if err != nil {
		return err
	}
	if v.Kind == "" {
		v.Kind = best.Kind
	}
	m, err := template.Migrate(o, v, template.Versions())
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("%s: %w", name, err)}
	}
	fmt.Fprintf(errOut, "ddbot: from %s to %s\n", fromName(m), v.Name())
	if err := template.PrintChanges(errOut, m.Changes); err != nil {
		return err
	}
	if m.Left > 0 {
		fmt.Fprintf(errOut, "\n%d things have no place in the new template: they stand below \"%s\"\n", m.Left, template.LeftTitle)
	}
	switch {
	case dryRun:
		return nil
	case !m.Related():
		return usage("%s is none of the versions of this template: hardly an item is in both, and nothing was written. Name another with --to; --dry-run shows what a move would make of it", name)
	case write && name != "-":
		if m.Text == text {
			return nil
		}
		return replaceFile(name, m.Text)
	}
	_, err = io.WriteString(out, m.Text)
	return err
}

func fromName(m *template.Migration) string {
	if m.From.Score < template.Likely {
		return "a template that is not known"
	}
	return m.From.Version.Name()
}

func templateNewCommand() *cobra.Command {
	var project, name, kind, from string
	cmd := &cobra.Command{
		Use: "new LEVEL --project PROJECT", Short: "Begin an application, or a tracker for the project's own repository", Args: args(cobra.ExactArgs(1)),
		Long: "Prints the newest application template that ddbot knows, with the project's name and repository filled in and links that\n" +
			"work everywhere. --template takes a newer one. A tracker has the same questions, for an issue in the project's own\n" +
			"repository, where /dd commands tick them; 'ddbot draft' fills the application in. LEVEL is incubation or graduation.",
		Example: "  ddbot template new graduation --project kubevirt/kubevirt > application.md\n" +
			"  ddbot template new incubation --project sample/sample --kind tracker\n" +
			"  ddbot template new incubation --project sample/sample --template https://github.com/cncf/toc/blob/main/.github/ISSUE_TEMPLATE/template-incubation-application.md",
		RunE: func(c *cobra.Command, a []string) error {
			if kind != template.Application && kind != template.Tracker {
				return usage("--kind is application or tracker, not %q; a report begins with 'ddbot report skeleton'", kind)
			}
			if err := checkKindLevel("", a[0]); err != nil || a[0] == "" {
				return usage("LEVEL is incubation or graduation, not %q", a[0])
			}
			if project == "" {
				return usage("which project? Give --project OWNER/NAME, or its name")
			}
			v, err := readWanted(c.Context(), from, templateWanted{template.Application, a[0]}, c.InOrStdin())
			if err != nil {
				return err
			}
			repo := ""
			if strings.Contains(project, "/") {
				if repo = project; !fullName.MatchString(project) {
					return usage("--project takes OWNER/NAME or a name, and not %q", project)
				}
			}
			if name == "" {
				name = report.ProjectName(project, "")
			}
			fmt.Fprintf(c.ErrOrStderr(), "ddbot: made from the %s\n", v.Name())
			_, err = io.WriteString(c.OutOrStdout(), template.Begin(v, kind, name, repo))
			return err
		},
	}
	cmd.Flags().StringVar(&project, "project", "", "OWNER/NAME of the project's main repository, or its name")
	cmd.Flags().StringVar(&name, "name", "", "the project's name as people write it; without it, as the landscape has it")
	cmd.Flags().StringVar(&kind, "kind", template.Application, "application, or tracker")
	cmd.Flags().StringVar(&from, "template", "newest", "template to use: "+templateNames)
	return cmd
}
