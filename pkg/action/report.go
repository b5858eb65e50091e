package action

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// Report tells people what a run did.
type Report struct {
	DryRun bool
	Rows   []Row
	Notes  []string
	Did    []string // the requests, in words
	Sweep  *sweep.Report
}

// Row is one text with commands.
type Row struct {
	Who  string
	Done []string // the lines that took effect, as written
	Said []string // what was answered: refusals, and what was asked for
	URL  string
}

func (r *Report) note(text string) { r.Notes = append(r.Notes, text) }

// planned takes in a plan.
func (r *Report) planned(requests []plan.Request, url func(*plan.Answer) string) {
	for _, q := range requests {
		r.Did = append(r.Did, q.String())
		if q.Kind != plan.SendAnswer {
			continue
		}
		a := q.Answer
		r.Rows = append(r.Rows, Row{Who: cmp.Or(a.By, a.To), Done: a.OK, Said: a.Text, URL: url(a)})
	}
}

func (r *Report) swept(s *sweep.Report) { r.Sweep = s }

// Markdown is the job's summary.
func (r *Report) Markdown() string {
	var b strings.Builder
	b.WriteString("### ddbot" + map[bool]string{true: " (dry run: nothing was changed)"}[r.DryRun] + "\n\n")
	if len(r.Rows) > 0 {
		b.WriteString("| who | done | answered |\n|---|---|---|\n")
		for _, row := range r.Rows {
			who := plan.Safe("@" + row.Who)
			if row.URL != "" {
				who = fmt.Sprintf("[%s](%s)", row.Who, row.URL)
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", who, cell(strings.Join(row.Done, ", ")), cell(strings.Join(row.Said, " ")))
		}
		b.WriteString("\n")
	}
	if len(r.Did) > 0 {
		fmt.Fprintf(&b, "<details><summary>%d requests to GitHub that change something</summary>\n\n```\n%s\n```\n</details>\n\n",
			len(r.Did), strings.ReplaceAll(strings.Join(r.Did, "\n"), "```", "` ` `"))
	}
	if r.Sweep != nil {
		r.sweepTable(&b)
	}
	for _, n := range r.Notes {
		b.WriteString(plan.Safe(n) + "\n\n")
	}
	if len(r.Rows)+len(r.Did)+len(r.Notes) == 0 && r.Sweep == nil {
		b.WriteString("There was nothing to do.\n")
	}
	return b.String()
}

func (r *Report) sweepTable(b *strings.Builder) {
	fmt.Fprintf(b, "Sweep: %d issues looked at, %d with something to do or to tell.\n\n", r.Sweep.Open, len(r.Sweep.Findings))
	if len(r.Sweep.Findings) == 0 {
		return
	}
	b.WriteString("| issue | action | outcome | why |\n|---|---|---|---|\n")
	for _, f := range r.Sweep.Findings {
		fmt.Fprintf(b, "| #%d %s | %s | %s | %s |\n", f.Issue.Number, cell(f.Title), cmp.Or(string(f.Verdict.Action), "none"), f.Outcome, cell(f.Verdict.Why))
	}
	b.WriteString("\n")
}

// cell makes a text fit into a table.
func cell(s string) string {
	return plan.Safe(strings.NewReplacer("\n", " ", "|", "\\|").Replace(s))
}
