package diligence

import (
	"strings"
	"testing"
)

// shown is what people see of a state: its comment, without the block.
func shown(t *testing.T, s State, v View) string {
	t.Helper()
	parts, err := s.Render(v)
	if err != nil || len(parts) != 1 {
		t.Fatalf("%d comments, %v", len(parts), err)
	}
	_, text, _ := strings.Cut(parts[0], " -->\n")
	return text
}

// TestHead: the head of a status comment, for who shows it elsewhere: where it stands and what is due, and nothing of the tables.
func TestHead(t *testing.T) {
	s := in("in-progress")
	s, _ = s.Ask(Question{Text: "why?", By: "rita", At: epoch})
	text := shown(t, s, View{Now: epoch, Rules: foundation, List: Count(listOf(t, page))})
	const want = "**Where it stands: in progress** since 2026-01-05.\n\n- It is the turn of: **applicant** (1 question is open).\n" +
		"- For *in comment period*: 0 of 3 adopters are approved.\n- Dates: 2026-01-12 answer to Q1."
	if got := Head("<!-- marker -->\n" + text); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, text := range []string{"", "Another comment.\n\n- a list"} {
		if got := Head(text); got != "" {
			t.Errorf("the head of %q is %q", text, got)
		}
	}
	if got := Head("**Where it stands: x**.\n\nNo list."); got != "**Where it stands: x**." {
		t.Errorf("without a list: %q", got)
	}
}

// TestSays: what the head tells of the other issue, of the vote, of many dates, and of an issue that is closed.
func TestSays(t *testing.T) {
	many := State{}
	for _, name := range strings.Fields("a b c d e f g") {
		many = many.On(name, epoch, "sue")
	}
	voted, _ := in("in-voting").Voted([]string{"gitvote/open"}, "acme/toc#9", epoch)
	counted, _ := in("in-voting").Voted([]string{"gitvote/open"}, "", epoch)
	counted = counted.Counted(Tally{"80%", "10%", "66%"})
	ready := in("in-progress")
	for range foundation.Approved {
		ready, _ = ready.AddAdopter("", "", epoch)
		ready, _ = ready.Adopter(len(ready.Adopters), func(a *Adopter) { a.State = "approved" })
	}
	for _, c := range []struct {
		name string
		s    State
		v    View
		want string
	}{
		{"more than five dates", many, View{}, "2026-01-05 e; and 2 more."},
		{"closed", many, View{Closed: true}, "- The issue is closed."},
		{"nothing is missing", ready, View{}, "- Nothing is missing for *in comment period*."},
		{"a period that ends", in("in-comment-period"), View{}, "since 2026-01-05, until 2026-01-19."},
		{"the other issue", State{Tracks: "foo/foo#1"}, View{}, "/foo/foo/issues/1)."},
		{"how it stands", State{Tracks: "foo/foo#1", Other: Other{State: "closed"}}, View{}, "/foo/foo/issues/1), closed."},
		{"and its list", State{Tracks: "foo/foo#1", Other: Other{State: "open", Done: 2, Total: 3}}, View{}, ", open, 2 of 3 items done."},
		{"the one before", State{Earlier: "foo/foo#2"}, View{}, "- The earlier application: [foo/foo#"},
		{"a vote elsewhere", voted, View{}, "; vote open since 2026-01-05, on [acme/toc#"},
		{"a count", counted, View{}, "(80% in favour, 10% against, 66% needed)"},
	} {
		c.v.Now, c.v.Rules, c.v.List = epoch, foundation, Count(nil)
		if got := shown(t, c.s, c.v); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q is missing in\n%s", c.name, c.want, got)
		}
	}
}

// TestTables: items are shown by their short names, what is over is folded, and an item that is in the list no more is told of.
func TestTables(t *testing.T) {
	s := about(technical("Docs exist"))
	s = s.Assign(technical("The old roadmap"), "bob", epoch)
	s, _ = s.Answer(1, "soon", "alice", epoch)
	got := shown(t, s, View{Now: epoch, Rules: foundation, List: Count(listOf(t, page))})
	for _, want := range []string{
		"| Q2 | `technical.1` | why?<br>`rita`, 2026-01-05 |", "Progress: 1 of 4 items done", "| Technical | 1 of 2 |",
		"<details><summary>Over: 1</summary>", "| Q1 | the whole | when?<br>`rita`, 2026-01-05<br>**Answer:** soon<br>`alice`, 2026-01-05 |",
		"| `technical.1` | `alice` | 2026-01-05 |", "| The old roadmap | `bob` | 2026-01-05 |", "| not known |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	_, lost, ok := strings.Cut(got, "**Not in the list any more**")
	if !ok || !strings.Contains(lost, "- The old roadmap") || strings.Contains(lost, "Docs exist") {
		t.Errorf("of items that are gone it tells %q", lost)
	}
}

// TestPeople: who guides the application, how they stand to it, and who speaks for it; what adopters are, and what stands in their place.
func TestPeople(t *testing.T) {
	s := State{}.Sponsor("sue", false, epoch).Sponsor("cy", true, epoch).Sponsor("tom", true, epoch).AddTeam("dan")
	for login, conflict := range map[string][2]string{"sue": {"none", ""}, "cy": {"soft", "we share | an employer"}} {
		next, ok := s.Conflict(login, conflict[0], conflict[1])
		if s = next; !ok {
			t.Errorf("%s is no sponsor", login)
		}
	}
	if _, ok := s.Conflict("dan", "none", ""); ok {
		t.Error("who is no sponsor states a conflict")
	}
	s, _ = s.AddAdopter("banking", "", epoch)
	s, _ = s.Adopter(1, func(a *Adopter) {
		a.State, a.Due, a.Name, a.Notes, a.Instead = "scheduled", date(2026, 1, 9), "ACME", []string{"in production"}, "https://acme.example/story"
	})
	got := shown(t, s, View{Now: epoch, Rules: foundation, List: Count(nil)})
	for _, want := range []string{
		"- `sue`, sponsor since 2026-01-05; conflict of interest: none\n",
		"- `cy`, co-sponsor since 2026-01-05; conflict of interest: soft (we share \\| an employer)\n",
		"- `tom`, co-sponsor since 2026-01-05; conflict of interest: not stated\n",
		"- `dan` speaks for the applicant, too",
		"**Adopters: 0 of 3 approved**", "| A1 | ACME<br>banking | scheduled since 2026-01-05, until 2026-01-09<br>instead: https://acme.example/story<br>in production |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}
