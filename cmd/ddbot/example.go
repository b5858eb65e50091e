package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/precedent"
)

// exampleLine is one line of --json; its fields are part of the program's contract.
type exampleLine struct {
	Criterion string `json:"criterion"`
	SHA       string `json:"sha"`
	Project   string `json:"project"`
	Level     string `json:"level"`
	Date      string `json:"date"`
	Repo      string `json:"repo"`
	Path      string `json:"path"`
	URL       string `json:"url"`
}

func exampleCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "example [flags] TEXT",
		Short: "Show what the TOC accepted as evidence for a criterion before",
		Long: "TEXT is the criterion's text, part of it, or its short name (roadmap, gov-doc). The links are those that published\n" +
			"due-diligence documents of cncf/toc cite, the newest first; files may have moved since. No network is asked.",
		Example: "  ddbot example \"Document a complete maintainer lifecycle process\"\n  ddbot example roadmap",
		Args:    args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, a []string) error {
			return printExamples(c.OutOrStdout(), strings.Join(a, " "), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each, one a line")
	return cmd
}

func printExamples(out io.Writer, text string, asJSON bool) error {
	found := precedent.Examples(text)
	switch {
	case !found.Known && len(found.Near) == 0:
		return usage("no known criterion is like %q: give more of its text, or one of: %s", text, strings.Join(criteria.IDs(), ", "))
	case !found.Known:
		return usage("no known criterion is like %q; near are: %s", text, strings.Join(found.Near, "; "))
	}
	if !asJSON {
		_, err := io.WriteString(out, found.Text(0))
		return err
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, a := range found.Accepted {
		if err := enc.Encode(exampleLine{a.Criterion, a.SHA, a.Project, a.Level, a.Date, a.Repo, strings.TrimSuffix(a.Path, "/"), a.URL()}); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}
