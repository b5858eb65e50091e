package diligence

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
)

const dayLong = 24 * time.Hour

var foundation = Rules{
	Order:    []string{"ready-for-assignment", "in-progress", "in-comment-period", "in-voting", "complete"},
	Turn:     map[string]string{"": Applicant, "ready-for-assignment": Staff, "in-progress": Sponsors, "in-comment-period": Sponsors, "in-voting": Gitvote},
	Clocks:   map[string]time.Duration{"in-comment-period": 14 * dayLong, "answers": 7 * dayLong},
	Listed:   5,
	Approved: 3,
	Freezes:  []Freeze{{Name: "The Christmas freeze", From: date(2026, 12, 20), To: date(2027, 1, 3)}},
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// application is an open issue, with its state in the status comment.
func application(t *testing.T, n int, body string, s State, labels ...string) fact.Application {
	t.Helper()
	block, err := s.Block()
	if err != nil {
		t.Fatal(err)
	}
	i := issue.Snapshot{Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: n}, Title: "Move up | now", Body: body, Labels: labels, CreatedAt: date(2026, 1, 1)}
	return fact.Application{Issue: i, Status: fact.Status{ID: 1, Body: block + "\nText."}}
}

// TestQueue: each application with its stage, since when, whose turn it is, and what the next stage lacks; the latest stage first, and in
// it who has waited longest.
func TestQueue(t *testing.T) {
	staged := func(stage string, at time.Time) State {
		s, _ := State{}.Enter(Stage{Value: stage, At: at})
		return s
	}
	waiting, _ := staged("in-progress", date(2026, 1, 20)).Ask(Question{Text: "why?", By: "rita", At: date(2026, 1, 21)})
	kickoff := staged("in-progress", date(2026, 1, 10)).Sponsor("sue", false, epoch).On("kickoff", date(2026, 2, 3), "sue")
	newer := application(t, 6, page, State{}, "dd/status/in-progress")
	newer.Status.Body = "<!-- ddbot-state:9:AAAA -->"
	rows := Queue([]fact.Application{
		application(t, 1, page, State{}),
		application(t, 2, page, waiting, "dd/status/in-progress", "Level/Graduation"),
		application(t, 3, "No list.", kickoff, "dd/status/in-progress"),
		application(t, 4, page, staged("in-progress", date(2026, 1, 2)), "dd/status/in-voting", "gitvote", "gitvote/open"),
		application(t, 5, page, staged("in-voting", date(2026, 1, 2)), "dd/status/in-voting", "gitvote/passed"),
		newer,
	}, foundation, "dd/status/", date(2026, 2, 1))
	type row struct {
		Issue, Level, Stage string
		Days                int
		Turn, Why, Missing  string
		Done, Total         int
		Next                string
	}
	var got []row
	for _, r := range rows {
		got = append(got, row{r.Issue, r.Level, r.Stage, r.Days, r.Turn, r.Why, strings.Join(r.Missing, "; "), r.Done, r.Total, r.Next})
	}
	const comments = "0 of 3 adopters are approved"
	if d := cmp.Diff([]row{
		{"acme/toc#4", "", "in-voting", 31, Gitvote, "the vote is open", "no vote was won", 1, 4, ""},
		{"acme/toc#5", "", "in-voting", 30, Staff, "the vote is won", "", 1, 4, ""},
		{"acme/toc#6", "", "in-progress", 31, Sponsors, "the status comment was written by a newer ddbot", comments, 1, 4, ""},
		{"acme/toc#3", "", "in-progress", 22, Sponsors, "", comments, 0, 0, "2026-02-03 kickoff"},
		{"acme/toc#2", "graduation", "in-progress", 12, Applicant, "1 question is open", comments, 1, 4, "late: answer to Q1"},
		{"acme/toc#1", "", "", 31, Applicant, "", "3 items are open; 0 of 5 adopters are listed", 1, 4, ""},
	}, got); d != "" {
		t.Error(d)
	}
}

// TestQueueMarkdown: the table holds whatever a title says, and mentions no issue that would hear of it.
func TestQueueMarkdown(t *testing.T) {
	got := QueueMarkdown([]Row{
		{Issue: "acme/toc#1", Title: "a | b @octocat", Level: "incubation", Stage: "in-progress", Days: 3, Turn: "staff", Why: "the vote is won", Done: 1, Total: 4,
			Missing: []string{"no kickoff is set", "a|b"}, Next: "2026-02-03 kickoff"},
		{Issue: "acme/toc#2", Turn: "applicant"},
	})
	lines := strings.Split(got, "\n")
	if len(lines) != 4 || lines[0] != "| application | level | stage | days | turn | done | missing | next |" {
		t.Fatalf("the table is\n%s", got)
	}
	for _, part := range []string{`a \| b`, "| incubation | in progress | 3 | staff (the vote is won) | 1 of 4 | no kickoff is set; a\\|b | 2026-02-03 kickoff |"} {
		if !strings.Contains(lines[2], part) {
			t.Errorf("%q is missing in\n%s", part, lines[2])
		}
	}
	if strings.Contains(got, "@octocat") || strings.Contains(got, "toc#1") {
		t.Errorf("it mentions somebody, or an issue:\n%s", got)
	}
	if !strings.HasSuffix(lines[3], "|  | no stage yet | 0 | applicant | 0 of 0 |  |  |") {
		t.Errorf("of an application of which nothing is known:\n%s", lines[3])
	}
}

// TestStageOf: of two stage labels the new one counts.
func TestStageOf(t *testing.T) {
	for _, c := range []struct {
		labels, old, want string
	}{
		{"", "in-progress", ""}, {"kind/dd", "", ""}, {"DD/Status/In-Progress", "", "in-progress"},
		{"dd/status/a dd/status/b", "a", "b"}, {"dd/status/a dd/status/b", "b", "a"}, {"dd/status/a dd/status/b", "", "a"},
	} {
		if got := StageOf(strings.Fields(c.labels), "dd/status/", c.old); got != c.want {
			t.Errorf("%s after %q: %q, want %q", c.labels, c.old, got, c.want)
		}
	}
}
