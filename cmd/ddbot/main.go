// Command ddbot walks a CNCF promotion issue from filed to voted: it takes slash commands from comments and keeps the
// due-diligence checklist in the description. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Exit codes of all subcommands.
const (
	exitFailure = 1 // something went wrong
	exitUsage   = 2 // the call or a file it names is not right
	exitRefused = 3 // apply: a command was refused or not understood
)

// exitError carries an exit code. An empty text prints nothing: all was said already.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

// usage makes an error that the caller can mend.
func usage(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

// errSaid is for failures whose reason was printed already.
var errSaid = errors.New("")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := root().ExecuteContext(ctx)
	if err == nil {
		return
	}
	code := exitFailure
	if exit, ok := errors.AsType[*exitError](err); ok {
		code = exit.code
	}
	if !errors.Is(err, errSaid) {
		fmt.Fprintln(os.Stderr, "ddbot:", err)
	}
	os.Exit(code) //nolint:gocritic // nothing is left to be done by the deferred stop
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ddbot",
		Short: "A GitHub bot for CNCF promotion issues and their due-diligence checklists",
		Long: "ddbot takes slash commands from the comments of a promotion issue (`/dd done technical`), checks who wrote them,\n" +
			"and keeps the checklist in the issue's description, its labels and its life cycle.",
		Example: demoExample +
			"  ddbot apply --body issue.md --as alice \"/dd done technical\"\n" +
			"  ddbot serve --webhook-secret-file hmac --github-token-file token",
		Args:          known,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		Version:       fullVersion(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	cmd.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if words := c.Flags().Args(); c.HasSubCommands() && len(words) > 0 { // a flag of a command that is not there
			return known(c, words)
		}
		return usage("%w; see '%s --help'", err, c.CommandPath())
	})
	cmd.SetVersionTemplate("ddbot {{.Version}}\n")
	cmd.CompletionOptions.HiddenDefaultCmd = true
	cmd.SetHelpCommand(helpCommand())
	cmd.AddCommand(serveCommand(), setupCommand(), actionCommand(), demoCommand(), itemsCommand(), applyCommand(), sweepCommand(), queueCommand(), explainCommand(), labelsCommand(), checkConfigCommand(), configCommand(), deadCommand(), replayCommand(), versionCommand())
	cmd.AddCommand(checkCommand(), draftCommand(), readinessCommand(), exampleCommand(), criteriaCommand(), reportCommand(), templateCommand())
	return cmd
}

// helpCommand is cobra's, but for words that are no command.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Help about a command", Example: "  ddbot help check",
		RunE: func(c *cobra.Command, a []string) error {
			about, rest, err := c.Root().Find(a)
			if err != nil || len(rest) > 0 {
				return known(about, rest)
			}
			about.InitDefaultHelpFlag()
			return about.Help()
		},
	}
}

// known answers who misspelled a command, or a part of one that has parts.
func known(c *cobra.Command, a []string) error {
	if len(a) == 0 {
		return nil
	}
	s := fmt.Sprintf("there is no command %q", a[0])
	if c.HasParent() {
		s = fmt.Sprintf("there is no '%s %s'", c.CommandPath(), a[0])
	}
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(a[0]); len(near) > 0 {
		s += ", perhaps you mean " + strings.Join(near, " or ")
	}
	return usage("%s; see '%s --help'", s, c.CommandPath())
}

// args wraps a check of the arguments so that its failure is a usage error that names what is missing.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, a []string) error {
		err := check(c, a)
		_, wants, _ := strings.Cut(strings.Replace(c.Use, " [flags]", "", 1), " ")
		switch {
		case err == nil:
			return nil
		case len(a) == 0:
			return usage("%s is missing; see '%s --help'", wants, c.CommandPath())
		case wants == "" || strings.HasPrefix(wants, "-"):
			return usage("%q is one word too many; see '%s --help'", a[len(a)-1], c.CommandPath())
		}
		return usage("this takes %s, and not %q; see '%s --help'", wants, strings.Join(a, " "), c.CommandPath())
	}
}
