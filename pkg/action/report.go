package action

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// Report tells people what a run did.
type Report struct {
	DryRun bool
	Rows   []Row
	Notes  []string
	Failed string   // what a person has to do, if something
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

// did takes in a request.
func (r *Report) did(q plan.Request, url func(*plan.Answer) string) {
	r.Did = append(r.Did, q.String())
	if q.Kind == plan.SendAnswer {
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
			fmt.Fprintf(&b, "| %s | %s | %s |\n", who, cell(strings.Join(row.Done, ", ")), cell(brief(row.Said)))
		}
		b.WriteString("\n")
	}
	if len(r.Did) > 0 {
		fmt.Fprintf(&b, "<details><summary>%s to GitHub to change something</summary>\n\n```\n%s\n```\n</details>\n\n",
			count(len(r.Did), "request"), strings.ReplaceAll(strings.Join(r.Did, "\n"), "```", "` ` `"))
	}
	if r.Sweep != nil {
		r.sweepTable(&b)
	}
	for _, n := range r.Notes {
		b.WriteString(plan.Safe(n) + "\n\n")
	}
	if r.Failed != "" {
		b.WriteString("**Failed.** " + plan.Safe(strings.ReplaceAll(r.Failed, "\n", "\n\n")) + "\n\n")
	}
	if len(r.Rows)+len(r.Did)+len(r.Notes)+len(r.Failed) == 0 && r.Sweep == nil {
		b.WriteString("There was nothing to do.\n")
	}
	return b.String()
}

func (r *Report) sweepTable(b *strings.Builder) {
	fmt.Fprintf(b, "Sweep: %s looked at, %d with something to do or to tell.\n\n", count(r.Sweep.Open, "issue"), len(r.Sweep.Findings))
	if len(r.Sweep.Findings) == 0 {
		return
	}
	b.WriteString("| issue | action | outcome | why |\n|---|---|---|---|\n")
	for _, f := range r.Sweep.Findings {
		fmt.Fprintf(b, "| #%d %s | %s | %s | %s |\n", f.Issue.Number, cell(plan.Quote(f.Title)), cmp.Or(string(f.Verdict.Action), "none"), f.Outcome, cell(f.Verdict.Why))
	}
	b.WriteString("\n")
}

// brief is the first line of each text: the rest is behind the link.
func brief(texts []string) string {
	out := make([]string, len(texts))
	for i, t := range texts {
		first, more, _ := strings.Cut(strings.TrimSpace(t), "\n")
		if out[i] = strings.TrimSpace(first); strings.TrimSpace(more) != "" {
			out[i] += " …"
		}
	}
	return strings.Join(out, " ")
}

var pipe = regexp.MustCompile(`\\*\|`)

// cell makes a text of ours fit into a table. Outside of code no tag is one. A pipe that an odd number of backslashes stands before
// is escaped already.
func cell(s string) string {
	parts := strings.Split(strings.Join(strings.Fields(s), " "), "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = strings.ReplaceAll(parts[i], "<", "&lt;")
	}
	s = pipe.ReplaceAllStringFunc(strings.Join(parts, "`"), func(m string) string {
		if len(m)%2 == 0 {
			return m
		}
		return m[:len(m)-1] + `\|`
	})
	return plan.Safe(s)
}

func count(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}
