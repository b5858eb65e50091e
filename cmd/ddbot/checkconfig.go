package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
)

func checkConfigCommand() *cobra.Command {
	var repo string
	var override bool
	cmd := &cobra.Command{
		Use:   "check-config FILE",
		Short: "Check a configuration file: all that is wrong with it, with line numbers",
		Long: "For CI: exit code 0 if the file is valid, 2 if it is not. With --repo it prints what holds for that repository.\n" +
			"With `mode: external` it says which plugins' commands are left to Prow.\n" +
			"With --override it is a repository's own .github/ddbot.yaml: with the Action all of it counts, with a\n" +
			"server what the operator lets repositories set.",
		Example: "  ddbot check-config ddbot.yaml\n" +
			"  ddbot check-config --repo cncf/toc ddbot.yaml\n" +
			"  ddbot check-config --override .github/ddbot.yaml",
		Args: args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, a []string) error {
			if override && repo != "" {
				return usage("--override is about the file alone: leave --repo out")
			}
			text, err := readFile(a[0], c.InOrStdin())
			if err != nil {
				return &exitError{exitUsage, err}
			}
			if override {
				return checkOverride(c, a[0], text)
			}
			cfg, err := config.Parse(a[0], []byte(text), plugins.All())
			if err != nil {
				fmt.Fprintln(c.ErrOrStderr(), err)
				return &exitError{exitUsage, errSaid}
			}
			if repo == "" {
				fmt.Fprintln(c.OutOrStdout(), a[0]+" is valid")
				fmt.Fprint(c.OutOrStdout(), ownership(cfg, cfg.Defaults()))
				return nil
			}
			return printSettings(c, cfg, repo)
		},
	}
	cmd.Flags().StringVar(&repo, "repo", "", "owner/repo: print the settings that hold there")
	cmd.Flags().BoolVar(&override, "override", false, "the file is a repository's own .github/ddbot.yaml")
	return cmd
}

func checkOverride(c *cobra.Command, name, text string) error {
	own := config.NewOwnFile(plugins.All())
	if _, errs := own.Read(issue.Ref{Owner: "owner", Repo: "repository", Number: 1}, []byte(text)); len(errs) > 0 {
		for _, err := range errs {
			if at, ok := errors.AsType[*config.Error](err); ok && at.File == config.OverrideFile {
				at.File = name
			}
		}
		fmt.Fprintln(c.ErrOrStderr(), errors.Join(errs...))
		return &exitError{exitUsage, errSaid}
	}
	_, err := fmt.Fprintln(c.OutOrStdout(), name+" is valid")
	return err
}

func printSettings(c *cobra.Command, cfg *config.Config, repo string) error {
	r, ok := issue.ParseRepo(repo)
	if !ok {
		return usage("--repo is owner/repo, not %q", repo)
	}
	s, served := cfg.For(r.Ref())
	if !served {
		_, err := fmt.Fprintf(c.OutOrStdout(), "# %s is not served\n", repo)
		return err
	}
	text, err := cfg.Dump(s)
	if err == nil {
		for line := range strings.Lines(ownership(cfg, s)) {
			fmt.Fprint(c.OutOrStdout(), "# "+line)
		}
		_, err = fmt.Fprint(c.OutOrStdout(), text)
	}
	return err
}
