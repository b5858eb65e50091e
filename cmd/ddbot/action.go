package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/action"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins"
)

func actionCommand() *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "action",
		Short: "Carry out what one event of a GitHub workflow asks for, and exit",
		Long: "For workflows: no server and no database. It reads what GitHub gives a job (GITHUB_EVENT_NAME, GITHUB_EVENT_PATH,\n" +
			"GITHUB_REPOSITORY, GITHUB_API_URL, GITHUB_GRAPHQL_URL, GITHUB_STEP_SUMMARY) and GITHUB_TOKEN, carries out the commands of the\n" +
			"issue that nobody has answered, oldest first, then its own event, and writes the job's summary.\n\n" +
			"Events: issue_comment (created, edited), issues (all types), pull_request, schedule (the stale sweep, and what lost runs\n" +
			"left undone), workflow_dispatch (the same; with an input dry-run nothing is changed).\n" +
			"Rights: permissions: {issues: write, contents: read}; pull-requests: write too, for comments on pull requests. Who is in\n" +
			"a team it can only see with another token, given as GITHUB_TOKEN, that may read the organisation's members.\n" +
			"Settings: .github/ddbot.yaml on the default branch; it may set everything ('ddbot config example' explains it).\n\n" +
			"It ends with 0 also when a command was refused: the reply says so. With 1 somebody has to do something, and an ::error line\n" +
			"says what. See docs/adopt/project.md for a workflow.",
		Example: "  ddbot action\n  ddbot action --dry-run",
		Args:    args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return runAction(c.Context(), os.Getenv, dryRun, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "tell what would be done, and change nothing")
	return cmd
}

func runAction(ctx context.Context, env func(string) string, dryRun bool, out, errOut io.Writer) error {
	o, err := actionOptions(env, errOut)
	if err != nil {
		fmt.Fprintln(out, annotation("error", err.Error()))
		return err
	}
	o.DryRun = dryRun
	report, err := action.Run(ctx, o)
	for _, n := range report.Notes {
		fmt.Fprintln(out, annotation("notice", n))
	}
	for _, d := range report.Did {
		fmt.Fprintln(out, "- "+quiet(d))
	}
	if err != nil {
		report.Failed = action.Explain(err)
	}
	if path := env("GITHUB_STEP_SUMMARY"); path != "" {
		if err := appendTo(path, report.Markdown()); err != nil {
			fmt.Fprintln(out, annotation("warning", "Cannot write the job's summary: "+err.Error()))
		}
	}
	if err != nil {
		fmt.Fprintln(out, annotation("error", report.Failed))
		return &exitError{exitFailure, errSaid}
	}
	return nil
}

// actionOptions reads what GitHub gives a job.
func actionOptions(env func(string) string, errOut io.Writer) (o action.Options, err error) {
	need := func(name string) string {
		v := strings.TrimSpace(env(name))
		if v == "" && err == nil {
			err = usage("%s is not set: ddbot action runs in a job of a GitHub workflow; see 'ddbot action --help'", name)
		}
		return v
	}
	name, path, repo, token := need("GITHUB_EVENT_NAME"), need("GITHUB_EVENT_PATH"), need("GITHUB_REPOSITORY"), env("GITHUB_TOKEN")
	if err != nil {
		return o, err
	}
	if token = strings.TrimSpace(token); token == "" {
		return o, usage("GITHUB_TOKEN is not set: add to the step  env: {GITHUB_TOKEN: ${{ github.token }}}")
	}
	if o.Payload, err = os.ReadFile(path); err != nil {
		return o, &exitError{exitUsage, fmt.Errorf("read the event: %w", err)}
	}
	if o.Repo, err = parseRepo(repo); err != nil {
		return o, usage("GITHUB_REPOSITORY is OWNER/NAME, not %q", repo)
	}
	log, err := newLog("text", "warning")
	if err != nil {
		return o, err
	}
	log.Out = quietLog{errOut}
	api := env("GITHUB_API_URL")
	if api == "" {
		api = github.DefaultURL
	}
	o.Hub, err = github.New(github.Options{
		URL: api, GraphQL: env("GITHUB_GRAPHQL_URL"), Token: token, UserAgent: "ddbot/" + buildVersion(), Now: time.Now,
	})
	if err != nil {
		return o, &exitError{exitUsage, err}
	}
	own := config.NewOwnFile(plugins.All())
	o.Event, o.Now, o.Log, o.Sleep = name, time.Now, log, sleepFor
	o.Settings = func(ctx context.Context, gh engine.Files, ref issue.Ref) (*plugin.Settings, error) {
		return own.Of(ctx, gh, ref)
	}
	o.Loaders = evidenceLoaders(o.Hub, time.Now)
	return o, nil
}

func sleepFor(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// annotation is a workflow command of GitHub's runner, which shows the text beside the run. Line ends and % are escaped as the
// runner wants it (docs.github.com, "Workflow commands for GitHub Actions").
func annotation(level, text string) string {
	return "::" + level + " title=ddbot::" + strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// quiet makes a text that the runner takes for no command: what people wrote stands in it. The runner knows two forms, "::name::" at
// the beginning of a line and "##[name]" anywhere in it (actions/runner, src/Runner.Common/ActionCommand.cs).
func quiet(s string) string {
	return strings.NewReplacer("\r", " ", "\n", " ", "::", ": :", "##[", "## [").Replace(s)
}

// quietLog is a log for a runner: a message a line.
type quietLog struct{ io.Writer }

func (l quietLog) Write(line []byte) (int, error) {
	_, err := fmt.Fprintln(l.Writer, quiet(strings.TrimRight(string(line), "\n")))
	return len(line), err
}
