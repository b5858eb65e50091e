package diligence

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// in is a state in a stage.
func in(stages ...string) State {
	s := State{}
	for n, v := range stages {
		s, _ = s.Enter(Stage{Value: v, At: epoch.Add(time.Duration(n) * time.Hour), Until: foundation.Until(v, epoch)})
	}
	return s
}

// TestTurn: who owes the next step. The vote comes first, then what the applicant owes, then the stage.
func TestTurn(t *testing.T) {
	asked, _ := in("in-progress").Ask(Question{Text: "why?", At: epoch})
	answered, _ := asked.Answer(1, "so", "alice", epoch)
	blocked, _ := answered.Find(Finding{Blocking: true, At: epoch})
	twice, _ := blocked.Find(Finding{Blocking: true, At: epoch})
	advised, _ := answered.Find(Finding{At: epoch})
	voted := func(s State, labels ...string) State {
		s, _ = s.Voted(labels, "", epoch)
		return s
	}
	for _, c := range []struct {
		name   string
		s      State
		labels []string
		want   string
	}{
		{"nothing yet", State{}, nil, "applicant"},
		{"a stage", in("in-progress"), nil, "sponsors"},
		{"a stage that the rules do not know", in("elsewhere"), nil, "staff"},
		{"a question", asked, nil, "applicant: 1 question is open"},
		{"an answer", answered, nil, "sponsors"},
		{"a finding that blocks", blocked, nil, "applicant: 1 blocking finding is open"},
		{"findings that block", twice, nil, "applicant: 2 blocking findings are open"},
		{"one that does not", advised, nil, "sponsors"},
		{"a label of triage", in("in-progress"), []string{"kind/dd", "DD/Triage/needs-adopters"}, "applicant: needs adopters"},
		{"an open vote, whatever is asked", voted(asked, "gitvote", "gitvote/open"), nil, "gitvote: the vote is open"},
		{"a vote that is won", voted(asked, "gitvote/closed", "gitvote/passed"), nil, "staff: the vote is won"},
		{"voting before there is a vote", in("in-voting"), nil, "gitvote"},
		{"voting after a vote that was lost", voted(in("in-voting"), "gitvote/closed", "gitvote/failed"), nil, "sponsors: the vote is lost"},
		{"voting after one that was cancelled", voted(in("in-voting"), "gitvote"), nil, "sponsors: the vote is cancelled"},
		{"voting after one whose comment was deleted", voted(in("in-voting"), "gitvote/closed"), nil, "sponsors: the vote is void"},
	} {
		who, why := c.s.Turn(foundation, c.labels)
		if got := strings.TrimSuffix(who+": "+why, ": "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestNext: the stage after the one that holds; one that is not in the order, such as waiting, comes between.
func TestNext(t *testing.T) {
	for stages, want := range map[string]string{
		"": "ready-for-assignment", "in-progress": "in-comment-period", "complete": "", "in-progress waiting": "in-comment-period",
		"waiting": "ready-for-assignment", "in-progress waiting later": "in-comment-period", "in-voting in-progress": "in-comment-period",
	} {
		if got := in(strings.Fields(stages)...).Next(foundation); got != want {
			t.Errorf("after %q comes %q, want %q", stages, got, want)
		}
	}
	if got := in("in-progress", "").Next(foundation); got != "ready-for-assignment" {
		t.Errorf("when the stage was taken away comes %q", got)
	}
}

// TestLacks: what is missing for each stage, and that nothing is when it is there.
func TestLacks(t *testing.T) {
	ready := in()
	for n := range 5 {
		ready, _ = ready.AddAdopter("banking", "", epoch)
		if n < 3 {
			ready, _ = ready.Adopter(n+1, func(a *Adopter) { a.State = "approved" })
		}
	}
	asked, _ := State{}.Ask(Question{Text: "why?", At: epoch})
	found, _ := State{}.Find(Finding{Blocking: true, At: epoch})
	won, _ := State{}.Voted([]string{"gitvote/passed"}, "", epoch)
	sponsors := func(conflicts ...string) State {
		s := State{}.On("kick-off", epoch, "sue")
		for n, kind := range conflicts {
			login := fmt.Sprint("s", n)
			s, _ = s.Sponsor(login, n > 0, epoch).Conflict(login, kind, "")
		}
		return s
	}
	periodOver := in("in-comment-period", "in-progress")
	for _, c := range []struct {
		stage, name string
		s           State
		l           List
		now         time.Time
		want        string
	}{
		{"ready-for-assignment", "nothing yet", State{}, List{}, epoch, "0 of 5 adopters are listed"},
		{"ready-for-assignment", "a question and items", asked, List{Done: 2, Total: 3}, epoch, "1 item is open; 1 question is open; 0 of 5 adopters are listed"},
		{"ready-for-assignment", "all there", ready, List{Done: 3, Total: 3}, epoch, ""},
		{"in-progress", "nothing yet", State{}, List{}, epoch, "there is no sponsor; no kickoff is set"},
		{"in-progress", "no conflict", sponsors("none"), List{}, epoch, ""},
		{"in-progress", "not stated", sponsors("none", ""), List{}, epoch, "`s1` has not stated a conflict of interest or that there is none"},
		{"in-progress", "a conflict", sponsors("hard"), List{}, epoch, "no sponsor is without a conflict of interest"},
		{"in-progress", "a conflict, beside one without", sponsors("hard", "none"), List{}, epoch, ""},
		{"in-comment-period", "a finding that blocks", found, List{}, epoch, "1 blocking finding is open; 0 of 3 adopters are approved"},
		{"in-comment-period", "all there", ready, List{}, epoch, ""},
		{"in-comment-period", "in a freeze", ready, List{}, date(2027, 1, 3).Add(23 * time.Hour), "The Christmas freeze lasts until 2027-01-03"},
		{"in-comment-period", "after it", ready, List{}, date(2027, 1, 4), ""},
		{"in-voting", "no comment period", State{}, List{}, epoch, "there was no comment period"},
		{"in-voting", "within the period", periodOver, List{}, epoch.Add(14*dayLong - time.Second), "the comment period ends on 2026-01-19"},
		{"in-voting", "after the period", periodOver, List{}, epoch.Add(14 * dayLong), ""},
		{"in-voting", "on the first day of a freeze", periodOver, List{}, date(2026, 12, 20), "The Christmas freeze lasts until 2027-01-03"},
		{"in-voting", "a day before it", periodOver, List{}, date(2026, 12, 19).Add(23 * time.Hour), ""},
		{"complete", "no vote", State{}, List{}, epoch, "no vote was won"},
		{"complete", "a vote that is won", won, List{}, epoch, ""},
		{"in-progress", "a vote that is won", won, List{}, epoch, ""},
		{"elsewhere", "a stage of which nothing is known", State{}, List{}, epoch, ""},
	} {
		if got := strings.Join(c.s.Lacks(c.stage, foundation, c.l, c.now), "; "); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.stage, c.name, got, c.want)
		}
	}
}

// TestDates: what is due, the earliest first. What is done, answered or over is due no more; a day that was only a date is no debt.
func TestDates(t *testing.T) {
	list := Count(listOf(t, page))
	s := in("in-comment-period").
		On("kickoff", date(2026, 1, 4), "sue").On("audit", date(2026, 1, 30), "sue").On("dd/triage/needs-adopters", date(2026, 1, 3), "").
		Assign(technical("Docs exist"), "alice", date(2026, 1, 2)).
		Assign(technical("Releases are signed"), "alice", date(2026, 1, 2)).
		DueOn(technical("The old roadmap"), date(2026, 2, 1)).
		DueOn(Item{Section: []string{"Governance"}, Text: "Two maintainers"}, date(2026, 1, 5))
	s, _ = s.Ask(Question{Text: "why?", At: date(2026, 1, 3)})
	s, _ = s.Ask(Question{Text: "when?", At: date(2026, 1, 3)})
	s, _ = s.Answer(2, "soon", "alice", epoch)
	for n, state := range []string{"scheduled", "approved", "declined", "no-reply", "summary-sent", "contacted"} {
		s, _ = s.AddAdopter("", "", epoch)
		s, _ = s.Adopter(n+1, func(a *Adopter) { a.State, a.Due = state, date(2026, 1, 5-n/5) })
	}
	var got []string
	for _, d := range s.Dates(foundation, list, epoch.Add(14*time.Hour)) { // what is due on a day is not late on it
		got = append(got, fmt.Sprintf("%s %s%s", day(d.On), d.What, map[bool]string{true: " LATE"}[d.Late]))
	}
	want := []string{
		"2026-01-02 technical.2 (`alice`) LATE", "2026-01-03 needs adopters LATE", "2026-01-04 A6: answer LATE", "2026-01-05 governance.2", "2026-01-05 A1: interview", "2026-01-05 A5: approval of the summary",
		"2026-01-10 answer to Q1", "2026-01-19 `in-comment-period` ends", "2026-01-30 audit", "2026-02-01 The old roadmap",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestCount: a list is counted by its sections, in order; no list is nothing.
func TestCount(t *testing.T) {
	l := Count(listOf(t, "- [ ] First\n\n"+page))
	var got []string
	for _, p := range l.Sections {
		got = append(got, fmt.Sprintf("%s %d/%d", p.Path, p.Done, p.Total))
	}
	if s := strings.Join(got, ", "); s != "(no section) 0/1, Technical 1/2, Governance 0/2" || l.Done != 1 || l.Total != 5 {
		t.Errorf("%s; %d of %d", s, l.Done, l.Total)
	}
	if ref, ok := l.Ref(technical("releases are  signed")); ref != "technical.2" || !ok {
		t.Errorf("%q, %v", ref, ok)
	}
	if !l.Ticked(technical("Docs exist")) || l.Ticked(technical("Releases are signed")) || l.Ticked(technical("Gone")) {
		t.Error("which are ticked is told wrong")
	}
	none := Count(nil)
	if _, ok := none.Ref(technical("Docs exist")); ok || none.Ticked(technical("Docs exist")) || none.Total != 0 || len(none.Sections) != 0 {
		t.Errorf("no list is %+v", none)
	}
}
