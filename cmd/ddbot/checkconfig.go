package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
)

func checkConfigCommand() *cobra.Command {
	var repo string
	cmd := &cobra.Command{
		Use:   "check-config FILE",
		Short: "Check a configuration file: all that is wrong with it, with line numbers",
		Long:  "For CI: exit code 0 if the file is valid, 2 if it is not. With --repo it prints what holds for that repository.",
		Example: "  ddbot check-config ddbot.yaml\n" +
			"  ddbot check-config --repo cncf/toc ddbot.yaml",
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, a []string) error {
			text, err := readFile(a[0], c.InOrStdin())
			if err != nil {
				return &exitError{exitUsage, err}
			}
			cfg, err := config.Parse(a[0], []byte(text), plugins.All())
			if err != nil {
				fmt.Fprintln(c.ErrOrStderr(), err)
				return &exitError{exitUsage, errSaid}
			}
			if repo == "" {
				fmt.Fprintln(c.OutOrStdout(), a[0]+" is valid")
				return nil
			}
			return printSettings(c, cfg, repo)
		},
	}
	cmd.Flags().StringVar(&repo, "repo", "", "owner/repo: print the settings that hold there")
	return cmd
}

func printSettings(c *cobra.Command, cfg *config.Config, repo string) error {
	ref, err := issue.ParseRef(repo + "#1")
	if err != nil {
		return usage("--repo is owner/repo, not %q", repo)
	}
	s, served := cfg.For(ref)
	if !served {
		_, err := fmt.Fprintf(c.OutOrStdout(), "# %s is not served\n", repo)
		return err
	}
	text, err := cfg.Dump(s)
	if err == nil {
		_, err = fmt.Fprint(c.OutOrStdout(), text)
	}
	return err
}
