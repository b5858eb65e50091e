package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// sweptIssue is a line of --json; its fields are part of the program's contract.
type sweptIssue struct {
	Issue   string   `json:"issue"`
	Number  int      `json:"number"`
	Title   string   `json:"title"`
	Action  string   `json:"action"`  // stale, rotten, close, unstale or none
	Outcome string   `json:"outcome"` // done, dry run, left for later, kept or failed
	Why     string   `json:"why"`
	Due     string   `json:"due,omitempty"`  // since when, or when the next stage comes
	Next    string   `json:"next,omitempty"` // with action none: what comes then
	Did     []string `json:"did,omitempty"`  // the requests that were sent
	Error   string   `json:"error,omitempty"`
}

// sweptAll is the last line.
type sweptAll struct {
	Summary bool           `json:"summary"`
	Repo    string         `json:"repo"`
	DryRun  bool           `json:"dry_run"`
	Issues  int            `json:"issues"` // in scope
	Read    int            `json:"read"`   // that had changed
	Unknown int            `json:"unknown"`
	Actions map[string]int `json:"actions"`
	Left    int            `json:"left"`
	Calls   callSums       `json:"calls"`
}

type callSums struct {
	Reads     int            `json:"reads"`
	Unchanged int            `json:"unchanged"` // reads that were answered with 304, which is free
	Writes    int            `json:"writes"`
	ByRoute   map[string]int `json:"by_route"`
}

func (c *callCount) sums() callSums {
	c.mu.Lock()
	defer c.mu.Unlock()
	return callSums{c.Reads, c.Unchanged, c.Writes, c.ByRoute}
}

// print tells what was done and why.
func (f *sweepFlags) print(out io.Writer, s *sweeping, r *sweep.Report, w *sweepWork) error {
	all := sweptAll{
		Summary: true, Repo: s.repo.FullName(), DryRun: f.dryRun, Issues: r.Open, Read: r.Changed, Unknown: r.Unknown,
		Actions: map[string]int{"stale": 0, "rotten": 0, "close": 0, "unstale": 0}, Calls: s.calls.sums(),
	}
	var lines []sweptIssue
	for _, found := range r.Findings {
		line := w.tell(found)
		switch line.Outcome {
		case "done", sweep.Would:
			if line.Action != none {
				all.Actions[line.Action]++
			}
		case sweep.Left:
			all.Left++
		}
		lines = append(lines, line)
	}
	if f.json {
		return printJSON(out, lines, all)
	}
	return printText(out, lines, all)
}

const none = "none"

// tell joins what was found with what became of it.
func (w *sweepWork) tell(f sweep.Finding) sweptIssue {
	line := sweptIssue{
		Issue: f.Issue.String(), Number: f.Issue.Number, Title: f.Title, Action: none, Outcome: f.Outcome, Why: f.Verdict.Why,
		Next: string(f.Verdict.Then),
	}
	if f.Verdict.Action != stale.Nothing {
		line.Action = string(f.Verdict.Action)
	}
	if !f.Verdict.When.IsZero() {
		line.Due = f.Verdict.When.UTC().Format(time.RFC3339)
	}
	if f.Outcome != sweep.Handed {
		return line
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	did, done := w.done[f.GUID]
	switch err := w.failed[f.GUID]; {
	case done && len(did) == 0:
		line.Action, line.Outcome, line.Why = none, sweep.Kept, "it changed before its turn came"
	case done:
		line.Outcome, line.Did = "done", did
	case err != nil:
		line.Outcome, line.Error = "failed", err.Error()
	default:
		line.Outcome, line.Error = "failed", "not done in time"
	}
	return line
}

func printJSON(out io.Writer, lines []sweptIssue, all sweptAll) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return enc.Encode(all)
}

var words = map[string]string{
	"done stale": "stale", "done rotten": "rotten", "done close": "closed", "done unstale": "fresh again",
	"dry run stale": "would go stale", "dry run rotten": "would rot", "dry run close": "would be closed", "dry run unstale": "would be fresh again",
}

func printText(out io.Writer, lines []sweptIssue, all sweptAll) error {
	var b strings.Builder
	for _, l := range lines {
		word := words[l.Outcome+" "+l.Action]
		if word == "" {
			word = l.Outcome
		}
		fmt.Fprintf(&b, "%-20s %s %q: %s", word, l.Issue, l.Title, l.Why)
		if l.Next != "" {
			fmt.Fprintf(&b, " (%s on %s)", l.Next, l.Due[:len(stale.Day)])
		}
		if l.Error != "" {
			fmt.Fprintf(&b, " (%s)", l.Error)
		}
		b.WriteString("\n")
	}
	would := ""
	if all.DryRun {
		would = "would be "
	}
	fmt.Fprintf(&b, "%s: %d open issues looked after, %d of them read. %s%d stale, %d rotten, %d closed, %d fresh again; %d left for later, %d unknown.\n",
		all.Repo, all.Issues, all.Read, would, all.Actions["stale"], all.Actions["rotten"], all.Actions["close"], all.Actions["unstale"], all.Left, all.Unknown)
	fmt.Fprintf(&b, "Calls: %d reads, %d unchanged (304), %d writes.\n", all.Calls.Reads, all.Calls.Unchanged, all.Calls.Writes)
	_, err := io.WriteString(out, b.String())
	return err
}
