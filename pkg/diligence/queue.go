package diligence

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/fact"
)

// Row is one application in the queue.
type Row struct {
	Issue   string    `json:"issue"` // owner/repo#n
	Title   string    `json:"title"`
	Level   string    `json:"level,omitempty"`
	Stage   string    `json:"stage,omitempty"`
	Since   time.Time `json:"since"` // of the stage, or of the application
	Days    int       `json:"days"`
	Turn    string    `json:"turn"`
	Why     string    `json:"why,omitempty"`
	Done    int       `json:"done"`
	Total   int       `json:"total"`
	Missing []string  `json:"missing,omitempty"` // for the next stage
	Next    string    `json:"next,omitempty"`    // the next date
}

// Queue makes the table of open applications: who waited longest in a stage comes first within it.
func Queue(all []fact.Application, r Rules, prefix string, now time.Time) []Row {
	var out []Row
	for _, a := range all {
		s, err := Parse(a.Status.Body)
		if err != nil {
			s = State{}
		}
		list, broken := checklist.Parse(a.Issue.Body)
		if broken != nil {
			list = nil
		}
		l := Count(list)
		row := Row{Issue: a.Issue.Ref.String(), Title: a.Issue.Title, Since: a.Issue.CreatedAt, Done: l.Done, Total: l.Total}
		for _, label := range a.Issue.Labels {
			if v, ok := strings.CutPrefix(strings.ToLower(label), "level/"); ok {
				row.Level = v
			}
		}
		row.Stage = StageOf(a.Issue.Labels, prefix, s.Now().Value)
		if s.Now().Value != row.Stage {
			s, _ = s.Enter(Stage{Value: row.Stage, At: row.Since}) // nobody noted when
		}
		s, _ = s.Voted(a.Issue.Labels, "", now)
		if at := s.Now().At; !at.IsZero() {
			row.Since = at
		}
		row.Days = int(now.Sub(row.Since) / (24 * time.Hour))
		row.Turn, row.Why = s.Turn(r, a.Issue.Labels)
		if errors.Is(err, ErrNewer) {
			row.Why = ErrNewer.Error()
		}
		if next := s.Next(r); next != "" {
			row.Missing = s.Lacks(next, r, l, now)
		}
		row.Next = next(s.Dates(r, l, now))
		out = append(out, row)
	}
	slices.SortStableFunc(out, func(a, b Row) int {
		if d := slices.Index(r.Order, b.Stage) - slices.Index(r.Order, a.Stage); d != 0 {
			return d
		}
		return a.Since.Compare(b.Since)
	})
	return out
}

// next is the next date, the first of those that are late where there is none.
func next(dates []Coming) string {
	for _, d := range dates {
		if !d.Late {
			return day(d.On) + " " + d.What
		}
	}
	if len(dates) == 0 {
		return ""
	}
	return "late: " + dates[0].What
}

// StageOf is the value of a stage's label. Where somebody has put on two, it is the one that is new; old is the stage so far.
func StageOf(labels []string, prefix, old string) string {
	stage := ""
	for _, l := range labels {
		if v, ok := strings.CutPrefix(strings.ToLower(l), strings.ToLower(prefix)); ok && (stage == "" || stage == old) {
			stage = v
		}
	}
	return stage
}

// QueueMarkdown is the table.
func QueueMarkdown(rows []Row) string {
	var b strings.Builder
	b.WriteString("| application | level | stage | days | turn | done | missing | next |\n|---|---|---|---|---|---|---|---|\n")
	for _, r := range rows {
		turn := r.Turn
		if r.Why != "" {
			turn += " (" + r.Why + ")"
		}
		fmt.Fprintf(&b, "| %s %s | %s | %s | %d | %s | %d of %d | %s | %s |\n", reference(r.Issue), Cell(r.Title), r.Level, stageName(r.Stage), r.Days, turn, r.Done, r.Total,
			Cell(strings.Join(r.Missing, "; ")), Cell(r.Next))
	}
	return strings.TrimRight(b.String(), "\n")
}
