package main

import (
	"fmt"

	"github.com/spf13/cobra"

	files "github.com/ddbot/ddbot/config"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/plugins"
)

func configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "config",
		Short:   "Print what a configuration can say",
		Example: "  ddbot config example > ddbot.yaml\n  ddbot config schema > ddbot.schema.json",
		Args:    args(cobra.NoArgs),
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
