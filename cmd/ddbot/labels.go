package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins"
)

// labelsFlags are the flags of labels; they are part of the program's contract.
type labelsFlags struct {
	githubFlags
	repo, config     string
	dryRun, optional bool
}

func labelsCommand() *cobra.Command {
	var f labelsFlags
	cmd := &cobra.Command{
		Use:   "labels",
		Short: "See and make the labels that the configuration needs in a repository",
		Long: "ddbot sets only labels that a repository has. Which ones the configuration needs follows from the plugins that are on:\n" +
			"the stages of the due diligence, those of the life cycle, those of /help, and those by which issues are tracked. The helper\n" +
			"labels (needs-kind, …) are optional: a repository without one does without it.",
		Example: "  ddbot labels check --repo cncf/toc\n  ddbot labels create --repo your-org/your-repo --config ddbot.yaml --dry-run",
		Args:    known,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	check := &cobra.Command{
		Use: "check --repo OWNER/NAME", Short: "List the labels that are missing; exit code 1 if there are any that are needed",
		Example: "  ddbot labels check --repo cncf/toc", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return f.check(c.Context(), c.OutOrStdout()) },
	}
	create := &cobra.Command{
		Use: "create --repo OWNER/NAME", Short: "Make the labels that are missing; those that are there stay as they are",
		Example: "  ddbot labels create --repo your-org/your-repo --dry-run", Args: args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error { return f.create(c.Context(), c.OutOrStdout()) },
	}
	create.Flags().BoolVar(&f.dryRun, "dry-run", false, "only say what would be made")
	for _, sub := range []*cobra.Command{check, create} {
		f.add(sub)
		fl := sub.Flags()
		fl.StringVar(&f.repo, "repo", "", "the repository, OWNER/NAME")
		fl.StringVar(&f.config, "config", "", "configuration file; see config/ddbot.yaml")
		fl.BoolVar(&f.optional, "optional", false, "the optional ones, too")
	}
	cmd.AddCommand(check, create)
	return cmd
}

// missing gives the labels that the repository lacks, and how many the configuration needs.
func (f *labelsFlags) missing(ctx context.Context) (lacks []plugin.Label, all int, gh *github.Client, repo issue.Ref, err error) {
	name, ok := issue.ParseRepo(f.repo)
	if repo = name.Ref(); !ok {
		return nil, 0, nil, repo, usage("--repo takes OWNER/NAME, not %q", f.repo)
	}
	log := logrus.New()
	log.SetLevel(logrus.WarnLevel)
	source, err := config.NewSource(f.config, plugins.All(), config.SourceOptions{Log: log, Now: time.Now})
	if err != nil {
		return nil, 0, nil, repo, &exitError{exitUsage, err}
	}
	hub, err := f.hub(nil)
	if err != nil {
		return nil, 0, nil, repo, err
	}
	gh = hub.Client(0)
	s, err := (&config.Repositories{Source: source, Now: time.Now, Log: log}).Of(ctx, gh, repo)
	if err != nil {
		return nil, 0, nil, repo, err
	}
	if s == nil {
		return nil, 0, nil, repo, usage("the configuration leaves %s alone", repo.FullName())
	}
	have, err := gh.Labels(ctx, repo)
	if err != nil {
		return nil, 0, nil, repo, fmt.Errorf("list the labels of %s: %w", repo.FullName(), err)
	}
	wanted := s.Labels()
	for _, l := range wanted {
		if !issue.HasLabel(have, l.Name) {
			lacks = append(lacks, l)
		}
	}
	return lacks, len(wanted), gh, repo, nil
}

func (f *labelsFlags) check(ctx context.Context, out io.Writer) error {
	lacks, all, _, repo, err := f.missing(ctx)
	if err != nil {
		return err
	}
	needed := 0
	for _, l := range lacks {
		word := "missing"
		if l.Optional {
			word = "optional"
		} else {
			needed++
		}
		if !l.Optional || f.optional {
			fmt.Fprintf(out, "%s  %s\n", word, l.Name)
		}
	}
	if needed == 0 {
		_, err := fmt.Fprintf(out, "%s has all labels that the configuration needs\n", repo.FullName())
		return err
	}
	fmt.Fprintf(out, "%s lacks %d of %d labels; 'ddbot labels create' makes them\n", repo.FullName(), needed, all)
	return &exitError{exitFailure, errSaid}
}

func (f *labelsFlags) create(ctx context.Context, out io.Writer) error {
	lacks, _, gh, repo, err := f.missing(ctx)
	if err != nil {
		return err
	}
	if !f.optional {
		lacks = slices.DeleteFunc(lacks, func(l plugin.Label) bool { return l.Optional })
	}
	for n, l := range lacks {
		word := "would make"
		if !f.dryRun {
			word = "made"
			if err := gh.CreateLabel(ctx, repo, l.Name, l.Color, l.Description); err != nil {
				return fmt.Errorf("make the label %s, the %d. of %d: %w; those before it are made, call this again to go on", l.Name, n+1, len(lacks), err)
			}
		}
		fmt.Fprintf(out, "%s  %s\n", word, l.Name)
	}
	if len(lacks) == 0 {
		_, err = fmt.Fprintf(out, "%s has all labels that the configuration needs\n", repo.FullName())
	}
	return err
}
