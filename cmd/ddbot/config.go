package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	files "github.com/ddbot/ddbot/config"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/plugins"
)

func configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Print what a configuration can say",
		Example: "  ddbot config example > ddbot.yaml\n  ddbot config show --preset cncf-toc\n  ddbot config schema > ddbot.schema.json",
		Args:    known,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "schema",
			Short: "Print the JSON Schema of the configuration, by which editors complete and check it",
			Long: "Save it beside your configuration and begin that with\n\n  # yaml-language-server: $schema=ddbot.schema.json\n\n" +
				"Editors with the YAML language server (VS Code, Neovim, Emacs and others) then know every key and what it means.\n" +
				"'ddbot check-config' finds more.",
			Example: "  ddbot config schema > ddbot.schema.json",
			Args:    args(cobra.NoArgs),
			RunE: func(c *cobra.Command, _ []string) error {
				schema, err := config.JSONSchema(plugins.All(), files.Explained)
				if err == nil {
					_, err = fmt.Fprintf(c.OutOrStdout(), "%s\n", schema)
				}
				return err
			},
		},
		configShowCommand(),
		&cobra.Command{
			Use:     "example",
			Short:   "Print a configuration that explains every option, with its default",
			Example: "  ddbot config example > ddbot.yaml",
			Args:    args(cobra.NoArgs),
			RunE: func(c *cobra.Command, _ []string) error {
				_, err := c.OutOrStdout().Write(files.Explained)
				return err
			},
		},
	)
	return cmd
}

func configShowCommand() *cobra.Command {
	var preset, repo string
	cmd := &cobra.Command{
		Use:   "show [FILE]",
		Short: "Print what holds after all layers: of the defaults, a configuration file, or a ready configuration",
		Long: "Without FILE the defaults. With --preset the text of a ready configuration, as it is put below your own settings;\n" +
			"with FILE and --repo what holds in that repository.\n\nReady configurations: " + strings.Join(config.Presets(), ", ") + ".",
		Example: "  ddbot config show\n  ddbot config show --preset cncf-toc\n  ddbot config show ddbot.yaml --repo cncf/toc",
		Args:    args(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, a []string) error {
			if preset != "" {
				if len(a) > 0 || repo != "" {
					return usage("--preset prints a ready configuration, and takes no file and no --repo")
				}
				text, ok := config.Preset(preset)
				if !ok {
					return usage("there is no preset %q; there are %s", preset, strings.Join(config.Presets(), ", "))
				}
				_, err := c.OutOrStdout().Write(text)
				return err
			}
			return showConfig(c.OutOrStdout(), a, repo)
		},
	}
	cmd.Flags().StringVar(&preset, "preset", "", "print this ready configuration")
	cmd.Flags().StringVar(&repo, "repo", "", "the repository OWNER/NAME whose settings are meant")
	return cmd
}

func showConfig(out io.Writer, files []string, repo string) error {
	c := config.Default(plugins.All())
	if len(files) > 0 {
		data, err := os.ReadFile(files[0])
		if err != nil {
			return &exitError{exitUsage, err}
		}
		if c, err = config.Parse(files[0], data, plugins.All()); err != nil {
			return &exitError{exitUsage, err}
		}
	}
	ref := issue.Ref{}
	if repo != "" {
		var err error
		if ref, err = parseRepo(repo); err != nil {
			return err
		}
	}
	s, served := c.For(ref)
	if !served {
		return usage("%s is left alone by that configuration (only, exclude)", repo)
	}
	text, err := c.Dump(s)
	if err == nil {
		_, err = io.WriteString(out, text)
	}
	return err
}
