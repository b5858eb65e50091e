package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// explained is the output of --json; its fields are part of the program's contract.
type explained struct {
	Issue        string       `json:"issue"`
	Title        string       `json:"title"`
	State        string       `json:"state"`
	Labels       []string     `json:"labels"`
	Tracked      bool         `json:"tracked"` // the sweep looks after it
	Action       string       `json:"action"`  // what a sweep would do now: stale, rotten, close, unstale or none
	Why          string       `json:"why"`
	Next         string       `json:"next,omitempty"` // what comes next if nobody does anything
	When         *time.Time   `json:"when,omitempty"` // and when
	Schedule     []stale.Step `json:"schedule"`
	Closes       bool         `json:"closes"` // a clock may close it: closeAfter is set for it
	LastActivity *activity    `json:"last_activity,omitempty"`
}

type activity struct {
	At  time.Time `json:"at"`
	By  string    `json:"by"`
	How string    `json:"how"`
}

func explainCommand() *cobra.Command {
	var f sweepFlags
	cmd := &cobra.Command{
		Use:   "explain [flags] ISSUE",
		Short: "Say when an issue will go stale, rot or be closed, and why",
		Long: "ISSUE is OWNER/NAME#NUMBER, an issue's address, or with --repo a number. Nothing is changed. With --store what the\n" +
			"sweep knows already counts, too: since when it has known the issue.",
		Example: "  ddbot explain cncf/toc#1822\n  ddbot explain --repo cncf/toc --config ddbot.yaml --json 1822",
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, a []string) error {
			return f.explain(c.Context(), a[0], c.OutOrStdout())
		},
	}
	f.add(cmd)
	return cmd
}

// parseIssue reads the forms in which people name an issue.
func parseIssue(text, repo string) (issue.Ref, error) {
	name := strings.TrimPrefix(text, "#")
	if _, path, ok := strings.Cut(text, "://"); ok {
		parts := strings.Split(strings.Trim(path, "/"), "/")
		if len(parts) >= 5 {
			number, _, _ := strings.Cut(parts[4], "#")
			name = parts[1] + "/" + parts[2] + "#" + number
		}
	} else if !strings.Contains(name, "#") && repo != "" {
		name = repo + "#" + name
	}
	ref, err := issue.ParseRef(name)
	if err != nil {
		return ref, usage("%q is not an issue: write OWNER/NAME#12, or its address", text)
	}
	return ref, nil
}

func (f *sweepFlags) explain(ctx context.Context, text string, out io.Writer) (err error) {
	ref, err := parseIssue(text, f.repo)
	if err != nil {
		return err
	}
	s, err := f.open(ctx, ref)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	e, err := s.sweeper.Explain(ctx, ref, sweep.Request{})
	if err != nil {
		return err
	}
	x := explained{
		Issue: ref.String(), Title: e.Issue.Title, State: e.Issue.State, Labels: append([]string{}, e.Issue.Labels...),
		Tracked: e.Tracked, Action: none, Why: e.Verdict.Why, Schedule: append([]stale.Step{}, e.Steps...),
	}
	own, exempt := e.Policy.For(e.Issue)
	x.Closes = own.Close > 0 && exempt == nil
	if e.Verdict.Action != stale.Nothing {
		x.Action = string(e.Verdict.Action)
	}
	if len(e.Steps) > 0 {
		x.Next, x.When = string(e.Steps[0].Action), &e.Steps[0].At
	}
	if how, m, ok := stale.LastActivity(e.Policy, e.Issue); ok {
		x.LastActivity = &activity{m.At, m.By, how}
	}
	if f.json {
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		return enc.Encode(x)
	}
	_, err = io.WriteString(out, x.text(time.Now()))
	return err
}

var becomes = map[stale.Action]string{
	stale.GoStale: "goes stale", stale.GoRotten: "becomes rotten", stale.GoClosed: "is closed", stale.GoFresh: "loses its label",
}

// text says it for people.
func (x explained) text(now time.Time) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q is %s", x.Issue, x.Title, x.State)
	if len(x.Labels) > 0 {
		fmt.Fprintf(&b, ", labelled %s", strings.Join(x.Labels, ", "))
	}
	b.WriteString(".\n")
	if x.LastActivity != nil {
		fmt.Fprintf(&b, "Last activity of a person: %s.\n", x.LastActivity.How)
	}
	if !x.Tracked {
		b.WriteString("The sweep ignores this issue: it has no tracked label, and no /dd command has succeeded on it. With --all:\n")
	}
	switch {
	case len(x.Schedule) == 0:
		b.WriteString("Nothing will happen to it")
	case x.Action != none:
		fmt.Fprintf(&b, "At the next sweep it %s", becomes[x.Schedule[0].Action])
	default:
		fmt.Fprintf(&b, "On %s, in %s, it %s", x.When.UTC().Format(stale.Day), stale.Days(x.When.Sub(now).Round(24*time.Hour)), becomes[x.Schedule[0].Action])
	}
	fmt.Fprintf(&b, ", because %s.\n", x.Why)
	for n, s := range x.Schedule {
		if n > 0 {
			fmt.Fprintf(&b, "If nobody does anything, it %s on %s.\n", becomes[s.Action], s.At.UTC().Format(stale.Day))
		}
	}
	if !x.Closes {
		b.WriteString("No clock closes it: closing is off here (closeAfter in the configuration turns it on).\n")
	}
	return b.String()
}
