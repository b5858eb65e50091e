package main

import (
	"github.com/spf13/cobra"
)

func reportCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "The due-diligence report: begin one, fill it from the application, check it",
		Long: "The report is the file that the TOC votes on. skeleton writes it for kick-off, in the outline of the template that the\n" +
			"application was made from; fill brings it up to date and keeps what people wrote byte for byte; lint finds what should\n" +
			"not be in it.",
		Example: "  ddbot report skeleton --level graduation --project kubevirt/kubevirt --issue cncf/toc#1822 -o report.md\n" +
			"  ddbot report fill report.md --issue cncf/toc#1822\n" +
			"  ddbot report lint report.md",
		Args: known,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	cmd.AddCommand(reportSkeletonCommand(), reportFillCommand(), reportLintCommand())
	return cmd
}
