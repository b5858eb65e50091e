package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/plugins"
	keeper "github.com/ddbot/ddbot/plugins/diligence"
)

// queueFlags are the flags of queue; they are part of the program's contract.
type queueFlags struct {
	githubFlags
	repo, label, config string
	markdown, csv, json bool
}

func queueCommand() *cobra.Command {
	var f queueFlags
	cmd := &cobra.Command{
		Use:   "queue --repo OWNER/NAME",
		Short: "Show all open applications: level, stage, days in it, whose turn it is, what is missing, the next date",
		Long: "Reads the open issues with a label and the status comments on them. Nothing is written. It costs one request for the list and one\n" +
			"for each issue. Those that have waited longest stand first within their stage.",
		Example: "  ddbot queue --repo cncf/toc\n  ddbot queue --repo cncf/toc --label level/graduation --csv > queue.csv\n  ddbot queue --repo cncf/toc --markdown",
		Args:    args(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if f.markdown && f.csv || f.markdown && f.json || f.csv && f.json {
				return usage("choose one of --markdown, --csv and --json")
			}
			return f.run(c.Context(), c.OutOrStdout(), time.Now)
		},
	}
	f.add(cmd)
	fl := cmd.Flags()
	fl.StringVar(&f.repo, "repo", "", "the repository, OWNER/NAME")
	fl.StringVar(&f.label, "label", "kind/dd", "the label of applications")
	fl.StringVar(&f.config, "config", "", "configuration file; see config/ddbot.yaml")
	fl.BoolVar(&f.markdown, "markdown", false, "as a table for an issue or a page")
	fl.BoolVar(&f.csv, "csv", false, "as CSV")
	fl.BoolVar(&f.json, "json", false, "as JSON, one line for each application")
	return cmd
}

func (f *queueFlags) run(ctx context.Context, out io.Writer, now func() time.Time) error {
	repo, err := parseRepo(f.repo)
	if err != nil {
		return err
	}
	log := logrus.New()
	log.SetLevel(logrus.WarnLevel)
	source, err := config.NewSource(f.config, plugins.All(), config.SourceOptions{Log: log, Now: now})
	if err != nil {
		return &exitError{exitUsage, err}
	}
	s, _ := source.Current().For(repo)
	o := keeper.Plugin{}.Options().(*keeper.Options)
	if s != nil {
		if set, on := s.Options[diligence.Plugin].(*keeper.Options); on {
			o = set
		}
	}
	hub, err := f.hub(nil)
	if err != nil {
		return err
	}
	all, err := hub.Client(0).Applications(ctx, repo, f.label)
	if err != nil {
		return fmt.Errorf("read the applications of %s: %w", repo.FullName(), err)
	}
	rows := diligence.Queue(all, o.Rules(), o.Labels, now())
	if len(rows) == 0 && !f.json && !f.csv {
		_, err := fmt.Fprintf(out, "No open issue of %s has the label %s.\n", repo.FullName(), f.label)
		return err
	}
	switch {
	case f.markdown:
		_, err = fmt.Fprintln(out, diligence.QueueMarkdown(rows))
	case f.csv:
		err = queueCSV(out, rows)
	case f.json:
		enc := json.NewEncoder(out)
		for _, r := range rows {
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
	default:
		err = queueText(out, rows)
	}
	return err
}

var queueHead = []string{"issue", "title", "level", "stage", "since", "days", "turn", "why", "done", "total", "missing", "next"}

func queueCSV(out io.Writer, rows []diligence.Row) error {
	w := csv.NewWriter(out)
	if err := w.Write(queueHead); err != nil {
		return err
	}
	for _, r := range rows {
		line := []string{
			r.Issue, r.Title, r.Level, r.Stage, r.Since.Format(time.DateOnly), strconv.Itoa(r.Days), r.Turn, r.Why,
			strconv.Itoa(r.Done), strconv.Itoa(r.Total), strings.Join(r.Missing, "; "), r.Next,
		}
		for i, cell := range line {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				line[i] = "'" + cell // a title is no formula for who opens this in a spreadsheet
			}
		}
		if err := w.Write(line); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func queueText(out io.Writer, rows []diligence.Row) error {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "ISSUE\tTITLE\tLEVEL\tSTAGE\tDAYS\tTURN\tDONE\tNEXT")
	for _, r := range rows {
		title := r.Title
		if cut := []rune(title); len(cut) > 40 {
			title = string(cut[:39]) + "…"
		}
		stage := r.Stage
		if stage == "" {
			stage = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%d\t%s\t%d/%d\t%s\n", r.Issue, title, r.Level, stage, r.Days, r.Turn, r.Done, r.Total, r.Next)
	}
	return w.Flush()
}
