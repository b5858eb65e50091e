package diligence

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// page is a description with a list.
const page = "## Technical\n\n- [x] Docs exist\n- [ ] Releases are signed\n\n## Governance\n\n- [ ] Docs exist\n- [ ] Two maintainers\n"

func listOf(t *testing.T, body string) *checklist.List {
	t.Helper()
	list, err := checklist.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func technical(text string) Item { return Item{Section: []string{"Technical"}, Text: text} }

// about is a state that says something of an item in each way that there is, beside a question about the whole.
func about(item Item) State {
	s, _ := State{}.Ask(Question{Text: "when?", By: "rita", At: epoch})
	s, _ = s.Ask(Question{Item: &item, Text: "why?", By: "rita", At: epoch})
	s, _ = s.Find(Finding{Item: &item, Text: "it is not so", By: "rita", At: epoch})
	return s.Assign(item, "alice", epoch).Link(Link{Item: item, To: "foo/foo#1", By: "alice"})
}

// names are the items that a state speaks of, one for each way.
func (s State) names() string {
	var out []string
	for _, i := range []*Item{s.Questions[1].Item, s.Findings[0].Item, &s.Owners[0].Item, &s.Links[0].Item} {
		out = append(out, strings.Join(i.Section, "/")+": "+i.Text)
	}
	return strings.Join(out, "\n")
}

func fourTimes(name string) string { return strings.TrimSuffix(strings.Repeat(name+"\n", 4), "\n") }

// TestFollow: an item that was mended by a little keeps what was said of it; one that is gone, or of which nobody can tell which it is now,
// keeps its name.
func TestFollow(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"as it was", "## Technical\n\n- [ ] Docs exist\n", "Technical: Docs exist"},
		{"other punctuation", "## Technical\n\n- [ ] Docs exist.\n", "Technical: Docs exist."},
		{"gone", "## Technical\n\n- [ ] Releases are signed\n", "Technical: Docs exist"},
		{"in another section", "## Governance\n\n- [ ] Docs exist.\n", "Technical: Docs exist"},
		{"two that could be it", "## Technical\n\n- [ ] Docs exist.\n- [ ] Docs exist:\n", "Technical: Docs exist"},
	} {
		s := about(technical("Docs exist"))
		got := s.Follow(listOf(t, c.body))
		if got.names() != fourTimes(c.want) {
			t.Errorf("%s:\n%s\nwant %s", c.name, got.names(), c.want)
		}
		if got.Questions[0].Item != nil {
			t.Errorf("%s: the question about the whole is now about %v", c.name, got.Questions[0].Item)
		}
		if s.names() != fourTimes("Technical: Docs exist") {
			t.Errorf("%s: the state before has changed:\n%s", c.name, s.names())
		}
	}
	s := about(technical("Docs exist"))
	if d := cmp.Diff(s, s.Follow(nil)); d != "" {
		t.Errorf("without a list:\n%s", d)
	}
}

// TestReword: what was said of items goes with a change of their texts.
func TestReword(t *testing.T) {
	s := about(technical("Docs at foo.org exist"))
	got := s.Reword(func(text string) string { return strings.ReplaceAll(text, "foo.org", "foo.io") })
	if got.names() != fourTimes("Technical: Docs at foo.io exist") || s.names() != fourTimes("Technical: Docs at foo.org exist") {
		t.Errorf("%s\nand before\n%s", got.names(), s.names())
	}
}

// TestReleaseLost: owners of items that are not in the list any more go, by a part of the item's words, in quotes or not, or all of them.
// Who owns an item that is there keeps it.
func TestReleaseLost(t *testing.T) {
	s := State{}
	for _, text := range []string{"Docs exist", "The old roadmap", "The old charter"} {
		s = s.Assign(technical(text), "alice", epoch)
	}
	for name, want := range map[string]int{"all": 2, "roadmap": 1, `"The OLD  charter"`: 1, "the old": 2, "docs": 0, "other": 0, "": 0, `""`: 0} {
		got, n := s.ReleaseLost(listOf(t, page), name)
		if n != want || len(got.Owners) != 3-want || got.OwnerOf(technical("Docs exist")).Who != "alice" {
			t.Errorf("%q takes %d away, want %d; left are %+v", name, n, want, got.Owners)
		}
	}
}

// TestNoSuch: who names what is not there hears which there are: the open ones, for what is over needs nothing more.
func TestNoSuch(t *testing.T) {
	s := about(technical("Docs exist"))
	s, _ = s.Answer(1, "soon", "alice", epoch)
	s, _ = s.AddAdopter("banking", "", epoch)
	_, question := s.Answer(7, "yes", "alice", epoch)
	_, closing := s.CloseQuestion(0, epoch)
	_, finding := s.Resolve(2, epoch)
	_, adopter := s.Adopter(2, func(*Adopter) {})
	for _, c := range []struct {
		err  error
		want string
		have []string
	}{
		{question, "there is no Q7", []string{"Q2"}}, {closing, "there is no Q0", []string{"Q2"}},
		{finding, "there is no F2", []string{"F1"}}, {adopter, "there is no A2", []string{"A1"}},
	} {
		var none *NoSuch
		if !errors.As(c.err, &none) || c.err.Error() != c.want || cmp.Diff(none.Have, c.have) != "" {
			t.Errorf("%v, want %q with %v", c.err, c.want, c.have)
		}
	}
	if f, ok := s.FindingOf(1); !ok || f.Text != "it is not so" {
		t.Errorf("F1 is %+v", f)
	}
	if f, ok := s.FindingOf(2); ok {
		t.Errorf("F2 is %+v", f)
	}
}

// TestSaw: what closes elsewhere is told of once; a finding whose issue is closed is resolved, and open again with it; of what may not be
// shown any more nothing is kept.
func TestSaw(t *testing.T) {
	item := technical("Docs exist")
	s := about(item)
	s, _ = s.FiledAs(1, "foo/foo#1")
	for n, c := range []struct {
		state, title     string
		closed, resolved int
		open             int    // findings
		shown            string // of the link
	}{
		{"open", "Write docs", 0, 0, 1, "open Write docs"},
		{"closed", "Write docs", 1, 1, 0, "closed Write docs"},
		{"closed", "Write the docs", 0, 0, 0, "closed Write the docs"},
		{"open", "Write the docs", 0, 0, 1, "open Write the docs"},
		{"merged", "Write the docs", 1, 1, 0, "merged Write the docs"},
		{"", "", 0, 0, 0, " "},
	} {
		var closed []Link
		var resolved []Finding
		before := s
		s, closed, resolved = s.Saw("Foo/foo#1", c.state, c.title, epoch.Add(time.Duration(n)*time.Hour))
		if len(closed) != c.closed || len(resolved) != c.resolved || len(s.OpenFindings(false)) != c.open {
			t.Errorf("%d: closed %v, resolved %v, open %v", n, closed, resolved, s.OpenFindings(false))
		}
		if got := s.Links[0].State + " " + s.Links[0].Title; got != c.shown {
			t.Errorf("%d: the link shows %q, want %q", n, got, c.shown)
		}
		other, _, _ := before.Saw("foo/foo#2", c.state, c.title, epoch)
		if d := cmp.Diff(before, other); d != "" {
			t.Errorf("%d: another issue changes\n%s", n, d)
		}
	}
}

// TestWatched: what is looked at elsewhere, each once: first the other issue about the same, then what is open, at last what is over and
// may be opened again. What is no issue cannot be looked at.
func TestWatched(t *testing.T) {
	item := technical("Docs exist")
	s := State{Tracks: "foo/foo#1"}
	for _, l := range []Link{{To: "foo/foo#6", State: "closed"}, {To: "foo/foo#4", State: "open"}, {To: "FOO/foo#1"}, {To: "https://foo.example/audit"}} {
		l.Item = item
		s = s.Link(l)
	}
	for _, ref := range []string{"foo/foo#7", "foo/foo#2", ""} {
		s, _ = s.Find(Finding{Text: "not so", At: epoch, Issue: ref})
	}
	s, _ = s.Resolve(1, epoch)
	if got, want := strings.Join(s.Watched(), " "), "foo/foo#1 foo/foo#2 foo/foo#4 foo/foo#6 foo/foo#7"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := (State{}).Watched(); len(got) != 0 {
		t.Errorf("nothing to watch, and it gives %q", got)
	}
}

// TestImport: what was open in the earlier application goes on in this one, with new numbers; what was over there is over. Taken over twice
// is once, and what this one has stays.
func TestImport(t *testing.T) {
	old := about(technical("Docs exist"))
	old, _ = old.Answer(1, "soon", "alice", epoch)
	old, _ = old.Find(Finding{Text: "over", At: epoch})
	old, _ = old.Resolve(2, epoch)
	old, _ = old.AddAdopter("banking", "", epoch)
	old, _ = old.Adopter(1, func(a *Adopter) { a.State = "approved" })
	old = old.AddTeam("carol")

	s, _ := State{}.Ask(Question{Text: "mine?", By: "bob", At: epoch})
	s = s.AddTeam("dan")
	now := epoch.Add(365 * 24 * time.Hour)
	once := s.Import(old, "acme/toc#1", now)
	for n, got := range []State{once, once.Import(old, "acme/toc#1", now)} {
		var out []string
		for _, q := range got.OpenQuestions() {
			out = append(out, fmt.Sprintf("Q%d %s %s", q.No, q.Text, q.At.Format(time.DateOnly)))
		}
		for _, f := range got.Findings {
			out = append(out, fmt.Sprintf("F%d %s", f.No, f.Text))
		}
		for _, a := range got.Adopters {
			out = append(out, fmt.Sprintf("A%d %s %s", a.No, a.Industry, a.State))
		}
		text := strings.Join(append(out, got.Team...), ", ") + ", after " + got.Earlier
		if want := "Q1 mine? 2026-01-05, Q2 why? 2027-01-05, F1 it is not so, A1 banking approved, dan, carol, after acme/toc#1"; text != want {
			t.Errorf("%d times: %s\nwant %s", n+1, text, want)
		}
	}
}

// TestRemoved: who takes something away twice, because a killed process began again, has done it; the last thirty are remembered.
func TestRemoved(t *testing.T) {
	s := State{}
	if s.HasRemoved("") || s.HasRemoved("c0") {
		t.Error("nothing was taken away")
	}
	for n := range maxRemovals + 1 {
		s = s.Removed(fmt.Sprintf("c%d", n)).Removed("").Removed(fmt.Sprintf("c%d", n))
	}
	if s.HasRemoved("c0") || !s.HasRemoved("c1") || !s.HasRemoved("c30") || s.HasRemoved("") {
		t.Errorf("remembered are %v", s.Removals)
	}
}

// TestPutAndTaken: what is put there is there once, what is taken away is gone, and who takes away what was not there hears so.
func TestPutAndTaken(t *testing.T) {
	item, other := technical("Docs exist"), technical("Releases are signed")
	linked := State{}.Link(Link{Item: item, To: "foo/foo#1"}).Link(Link{Item: other, To: "foo/foo#1"}).Link(Link{Item: item, To: "Foo/foo#1"})
	sponsored := State{}.Sponsor("sue", true, epoch).Sponsor("cy", true, epoch).Sponsor("Sue", false, epoch)
	team := State{}.AddTeam("alice").AddTeam("Alice").AddTeam("bob")
	days := State{}.On("kickoff", epoch, "sue").On("audit", epoch, "sue").On("kickoff", epoch.Add(dayLong), "sue")
	owned := State{}.Assign(item, "alice", epoch).Assign(other, "bob", time.Time{})
	show := func(s State) string {
		var out []string
		for _, l := range s.Links {
			out = append(out, l.Item.Text+" waits for "+l.To)
		}
		for _, p := range s.Sponsors {
			out = append(out, fmt.Sprintf("%s co=%v", p.Login, p.Co))
		}
		for _, d := range s.Days {
			out = append(out, d.Name+" "+day(d.On))
		}
		for _, o := range s.Owners {
			out = append(out, o.Item.Text+by(o.Who)+until(o.Due))
		}
		return strings.Join(append(out, s.Team...), ", ")
	}
	ok := func(s State, ok bool) string { return fmt.Sprint(ok, ": ", show(s)) }
	for _, c := range []struct{ got, want string }{
		{show(linked), "Docs exist waits for foo/foo#1, Releases are signed waits for foo/foo#1"},
		{ok(linked.Unlink(item, "FOO/foo#1")), "true: Releases are signed waits for foo/foo#1"},
		{ok(linked.Unlink(item, "foo/foo#2")), "false: Docs exist waits for foo/foo#1, Releases are signed waits for foo/foo#1"},
		{show(sponsored), "sue co=false, cy co=true"},
		{ok(sponsored.NoSponsor("SUE")), "true: cy co=true"},
		{ok(sponsored.NoSponsor("dan")), "false: sue co=false, cy co=true"},
		{show(team), "alice, bob"},
		{ok(team.RemoveTeam("ALICE")), "true: bob"},
		{ok(team.RemoveTeam("dan")), "false: alice, bob"},
		{show(days), "audit 2026-01-05, kickoff 2026-01-06"},
		{show(days.On("audit", time.Time{}, "")), "kickoff 2026-01-06"},
		{show(owned), "Docs exist (`alice`), until 2026-01-05, Releases are signed (`bob`)"},
		{show(owned.Assign(item, "carol", time.Time{})), "Docs exist (`carol`), until 2026-01-05, Releases are signed (`bob`)"},
		{show(owned.DueOn(other, epoch)), "Docs exist (`alice`), until 2026-01-05, Releases are signed (`bob`), until 2026-01-05"},
		{show(owned.DueOn(item, time.Time{})), "Docs exist (`alice`), Releases are signed (`bob`)"},
		{show(State{}.DueOn(item, epoch).DueOn(item, time.Time{})), ""},
		{show(owned.Release(item)), "Releases are signed (`bob`)"},
	} {
		if c.got != c.want {
			t.Errorf("%s\nwant %s", c.got, c.want)
		}
	}
	if !sponsored.IsSponsor("CY") || sponsored.IsSponsor("dan") {
		t.Error("who is a sponsor is told wrong")
	}
}

// TestEnter: a stage begins once, and is kept with those before it.
func TestEnter(t *testing.T) {
	s := State{}
	for n, c := range []struct {
		value   string
		changed bool
		stages  int
	}{{"in-progress", true, 1}, {"in-progress", false, 1}, {"", true, 2}, {"in-progress", true, 3}} {
		next, changed := s.Enter(Stage{Value: c.value, At: epoch})
		if s = next; changed != c.changed || len(s.Stages) != c.stages || s.Now().Value != c.value {
			t.Errorf("%d: changed %v, %+v", n, changed, s.Stages)
		}
	}
}
