package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/report"
	"github.com/ddbot/ddbot/pkg/template"
)

// skeletonFlags say what to begin.
type skeletonFlags struct {
	inputFlags
	template, output string
}

func reportSkeletonCommand() *cobra.Command {
	var f skeletonFlags
	cmd := &cobra.Command{
		Use:   "skeleton --level LEVEL --project PROJECT [flags]",
		Short: "Begin a due-diligence report for kick-off",
		Long: "Writes the due-diligence document in the outline and order of the template that the application was made from: for each\n" +
			"criterion what the project says, permanent links, facts of 'ddbot check', tracking issues, and a TODO for the sponsor's\n" +
			"judgement. Without an application it is the newest template that ddbot knows. Only --issue and --check ask the network;\n" +
			"with --clone facts come from local clones.",
		Example: "  ddbot report skeleton --level graduation --project kubevirt/kubevirt --issue cncf/toc#1822 --sponsor alice -o report.md\n" +
			"  ddbot report skeleton --level incubation --project openfga/openfga --body application.md\n" +
			"  ddbot report skeleton --level incubation --project Sample --template https://github.com/cncf/toc/blob/main/operations/toc-templates/template-dd-pr-incubation.md",
		Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			f.asked = c.Flags().Changed("check")
			return f.run(c.Context(), c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.template, "template", "", "template of the report: "+templateNames)
	cmd.Flags().StringVarP(&f.output, "output", "o", "", "file to write; it must not be there yet")
	return cmd
}

func (f *skeletonFlags) run(ctx context.Context, in io.Reader, out, errOut io.Writer) error {
	r, err := f.input(ctx, in, errOut)
	if err != nil {
		return err
	}
	v, err := f.version(ctx, r, in, errOut)
	if err != nil {
		return err
	}
	text := report.Skeleton(v, *r)
	if f.output == "" {
		_, err = io.WriteString(out, text)
		return err
	}
	file, err := os.OpenFile(f.output, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // it is to be published
	if os.IsExist(err) {
		return usage("%s is there already; 'ddbot report fill' brings it up to date", f.output)
	}
	if err != nil {
		return &exitError{exitUsage, err}
	}
	if _, err = io.WriteString(file, text); err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	return err
}

// version is the template that was asked for, else the one that fits the application, else the newest.
func (f *skeletonFlags) version(ctx context.Context, r *report.Input, in io.Reader, errOut io.Writer) (*template.Version, error) {
	if f.template != "" {
		return readWanted(ctx, f.template, templateWanted{template.Report, r.Level}, in)
	}
	var v *template.Version
	found := false
	if r.Application != nil {
		v, found = template.ReportFor(r.Application, template.Versions(), r.Level)
	}
	if !found {
		v, found = template.Newest(template.Report, r.Level)
	}
	if !found {
		return nil, usage("no template is known for a report on %s: give --template", r.Level)
	}
	fmt.Fprintf(errOut, "ddbot: the outline is that of the %s; --template names another\n", v.Name())
	return v, nil
}
