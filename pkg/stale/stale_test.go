package stale

import (
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// ago is a time that many days before now.
func ago(days float64) time.Time { return now.Add(-time.Duration(days * float64(day))) }

var prow = Policy{
	Periods: Periods{Stale: 90 * day, Rotten: 30 * day, Close: 30 * day},
	Exempt:  Exempt{Pinned: true}, Counts: map[Kind]bool{Edit: true, Change: true},
}

// filed is an issue of that age with these labels, known since it was filed.
func filed(days float64, labels ...string) *Issue {
	return &Issue{
		Snapshot:  issue.Snapshot{State: issue.Open, Author: "alice", CreatedAt: ago(days), UpdatedAt: now, Labels: labels},
		FirstSeen: ago(days),
	}
}

func person(k Kind, days float64) TimelineEvent {
	return TimelineEvent{Kind: k, At: ago(days), By: "bob"}
}
func robot(k Kind, days float64) TimelineEvent {
	return TimelineEvent{Kind: k, At: ago(days), By: "renovate", Bot: true}
}
func labelled(label, by string, days float64) TimelineEvent {
	return TimelineEvent{Kind: Label, At: ago(days), By: by, Label: label, Own: by == "ddbot", Bot: by == "ddbot"}
}
func unlabelled(label, by string, days float64) TimelineEvent {
	h := labelled(label, by, days)
	h.Kind = Unlabel
	return h
}

func with(p Policy, change func(*Policy)) Policy {
	p.Counts = map[Kind]bool{Edit: true, Change: true}
	change(&p)
	return p
}

func learned(i *Issue, p Policy, hs ...TimelineEvent) *Issue {
	i.Learn(p, hs...)
	return i
}

// TestTricky is a table of what other bots get wrong (actions/stale, Probot stale, Prow). The right answers are ours.
func TestTricky(t *testing.T) {
	reactions := with(prow, func(p *Policy) { p.Counts[Reaction] = true })
	automation := with(prow, func(p *Policy) { p.Bots = []string{"ci-user"} })
	stale := func(hs ...TimelineEvent) *Issue {
		return learned(filed(300, Stale), prow, append([]TimelineEvent{labelled(Stale, "ddbot", 31)}, hs...)...)
	}
	ci := person(Comment, 3)
	ci.By = "ci-user"
	for _, c := range []struct {
		name   string
		policy Policy
		issue  *Issue
		want   Action
	}{
		{"old, a bot commented lately", prow, learned(filed(300), prow, robot(Comment, 2)), GoStale},
		{"old, a bot edited its old comment", prow, learned(filed(300), prow, robot(Comment, 200), robot(Edit, 2)), GoStale},
		{"stale, then a bot added a label", prow, stale(TimelineEvent{Kind: Label, At: ago(3), By: "renovate", Bot: true, Label: "x"}), GoRotten},
		{"stale, then automation on a User account commented", automation, learned(filed(300, Stale), automation, labelled(Stale, "ddbot", 31), ci), GoRotten},
		{"the same without knowing that it is automation", prow, stale(ci), GoFresh},
		{"stale, author edited the body", prow, stale(person(Edit, 2)), GoFresh},
		{"stale, closed, reopened by a person", prow, stale(person(Close, 5), person(Reopen, 4)), GoFresh},
		{"stale, human reaction, which counts", reactions, learned(filed(300, Stale), reactions, labelled(Stale, "ddbot", 31), person(Reaction, 2)), GoFresh},
		{"stale, human reaction, which does not count", prow, stale(person(Reaction, 2)), GoRotten},
		{"stale, a person changed another label", prow, stale(TimelineEvent{Kind: Label, At: ago(3), By: "bob", Label: "x"}), GoRotten},
	} {
		if v := Next(c.policy, c.issue, now); v.Action != c.want {
			t.Errorf("%s: %q because %s, want %q", c.name, v.Action, v.Why, c.want)
		}
	}
}

// TestCloseCounts: who closes changes something, under that name in the configuration.
func TestCloseCounts(t *testing.T) {
	for _, counts := range []bool{true, false} {
		p := Policy{Counts: map[Kind]bool{Change: counts}}
		if got := p.IsActivity(TimelineEvent{Kind: Close, By: "bob"}); got != counts {
			t.Errorf("changes count: %v, closing does: %v", counts, got)
		}
	}
}

func TestStages(t *testing.T) {
	words := person(Comment, 10)
	words.Text = "I am on it"
	command := person(Comment, 10)
	command.Text = "/assign @bob\r\n\r\n> quoted\n"
	marks := person(Comment, 10)
	marks.Text = "/lifecycle rotten\n"
	later := func(i *Issue, at time.Time) *Issue { i.FirstSeen = at; return i }
	keep := with(prow, func(p *Policy) { p.KeepLabel = true })
	noRot := with(prow, func(p *Policy) { p.Rotten = 0 })
	for _, c := range []struct {
		name   string
		policy Policy
		issue  *Issue
		want   Action
		then   Action
		when   float64 // days from now
	}{
		{"young", prow, filed(89), Nothing, GoStale, 1},
		{"to the second", prow, filed(90), GoStale, Nothing, 0},
		{"a second before", prow, filed(90 - 1.0/86400), Nothing, GoStale, 1.0 / 86400},
		{"a person wrote", prow, learned(filed(300), prow, words), Nothing, GoStale, 80},
		{"a comment of commands only", prow, learned(filed(300), prow, command), Nothing, GoStale, 80},
		{"a comment that only marks it", prow, learned(filed(300), prow, marks), GoStale, Nothing, -210},
		{"stale since 29 days", prow, learned(filed(300, Stale), prow, labelled(Stale, "ddbot", 29)), Nothing, GoRotten, 1},
		{"stale since 30 days", prow, learned(filed(300, Stale), prow, labelled(Stale, "ddbot", 30)), GoRotten, Nothing, 0},
		{"rotten since 30 days", prow, learned(filed(300, Rotten), prow, labelled(Stale, "ddbot", 60), labelled(Rotten, "ddbot", 30), unlabelled(Stale, "ddbot", 30)), GoClosed, Nothing, 0},
		{"both labels: the later stage", prow, learned(filed(300, Stale, Rotten), prow, labelled(Stale, "bob", 50), labelled(Rotten, "bob", 10)), Nothing, GoClosed, 20},
		{"activity before the label", prow, learned(filed(300, Stale), prow, person(Comment, 30), labelled(Stale, "bob", 29)), Nothing, GoRotten, 1},
		{"a second cycle", prow, learned(filed(900), prow, labelled(Stale, "ddbot", 500), person(Comment, 400), unlabelled(Stale, "ddbot", 400)), GoStale, Nothing, -310},
		{"taken off by command: a fresh clock", prow, learned(filed(900), prow, labelled(Stale, "ddbot", 100), unlabelled(Stale, "ddbot", 10)), Nothing, GoStale, 80},
		{"thawed: a fresh clock", prow, learned(filed(900), prow, labelled(Frozen, "bob", 800), unlabelled(Frozen, "bob", 20)), Nothing, GoStale, 70},
		{"reopened by the bot for a person", prow, learned(filed(900), prow, TimelineEvent{Kind: Reopen, At: ago(5), By: "ddbot", Own: true, Bot: true}), Nothing, GoStale, 85},
		{"label of others, never recorded: from first sight", prow, later(learned(filed(900, Rotten), prow, labelled(Rotten, "bob", 400)), now), Nothing, GoClosed, 30},
		{"label of others, older than can be seen", prow, later(filed(900, Rotten), ago(29)), Nothing, GoClosed, 1},
		{"our own label, books lost", prow, later(learned(filed(900, Rotten), prow, labelled(Rotten, "ddbot", 31)), now), GoClosed, Nothing, -1},
		{"label of others, known since before", prow, learned(filed(900, Rotten), prow, labelled(Rotten, "bob", 31)), GoClosed, Nothing, -1},
		{"activity since an old label, but older than the cut-off: no flapping", prow, learned(filed(900, Stale), prow, labelled(Stale, "ddbot", 200), person(Comment, 120)), GoRotten, Nothing, -170},
		{"activity after a label of others on the first run", prow, later(learned(filed(900, Rotten), prow, labelled(Rotten, "bob", 200), person(Edit, 3)), now), GoFresh, Nothing, -3},
		{"activity only delays", keep, learned(filed(900, Stale), keep, labelled(Stale, "ddbot", 40), person(Comment, 10)), Nothing, GoRotten, 20},
		{"no rotten stage", noRot, learned(filed(900, Stale), noRot, labelled(Stale, "ddbot", 31)), GoClosed, Nothing, -1},
		{"never stale", with(prow, func(p *Policy) { p.Stale = 0 }), filed(900), Nothing, Nothing, 0},
		{"never closed", with(prow, func(p *Policy) { p.Close = 0 }), learned(filed(900, Rotten), prow, labelled(Rotten, "ddbot", 31)), Nothing, Nothing, 0},
		{"never stale, but people wake what is labelled", with(prow, func(p *Policy) { p.Stale = 0 }), learned(filed(900, Stale), prow, labelled(Stale, "bob", 200), person(Comment, 120)), GoFresh, Nothing, -120},
		{"active is no stage", prow, filed(91, Active), GoStale, Nothing, -1},
	} {
		v := Next(c.policy, c.issue, now)
		if v.Action != c.want || v.Then != c.then || (v.When.IsZero() != (c.want == Nothing && c.then == Nothing)) {
			t.Errorf("%s: %+v, want %q then %q", c.name, v, c.want, c.then)
		}
		if !v.When.IsZero() && v.When.Sub(ago(-c.when)).Abs() > time.Second {
			t.Errorf("%s: when %v, want %v", c.name, v.When, ago(-c.when))
		}
		if v.Why == "" {
			t.Errorf("%s: no reason", c.name)
		}
	}
}

func TestExempt(t *testing.T) {
	old := func(change func(*Issue)) *Issue {
		i := learned(filed(900, Rotten, "kind/dd"), prow, labelled(Rotten, "ddbot", 400))
		change(i)
		return i
	}
	none := func(*Policy) {}
	week := 7 * day
	for _, c := range []struct {
		name   string
		policy func(*Policy)
		issue  func(*Issue)
		why    string
	}{
		{"frozen", none, func(i *Issue) { i.Labels = append(i.Labels, Frozen) }, "it is frozen (lifecycle/frozen)"},
		{"closed", none, func(i *Issue) { i.State = issue.Closed }, "it is closed"},
		{"pinned", none, func(i *Issue) { i.Pinned = true }, "it is pinned"},
		{"locked", none, func(i *Issue) { i.Locked = true }, "its conversation is locked"},
		{"pull request", none, func(i *Issue) { i.PullRequest = true }, "it is a pull request, and those do not go stale here"},
		{"unknown", none, func(i *Issue) { i.Unknown = true }, "GitHub returned only part of its history"},
		{"label", func(p *Policy) { p.Exempt.Labels = []string{"kind/*"} }, func(*Issue) {}, "it has the exempt label kind/dd"},
		{"milestone", func(p *Policy) { p.Exempt.Milestones = []string{"*"} }, func(i *Issue) { i.Milestone = "2026 Q3" }, "it has the exempt milestone 2026 Q3"},
		{"assignee", func(p *Policy) { p.Exempt.Assignees = []string{"Carol"} }, func(i *Issue) { i.Assignees = []string{"dave", "carol"} }, "it has the exempt assignee carol"},
		{"start date", func(p *Policy) { p.Start = ago(800) }, func(*Issue) {}, "it was filed before 2024-03-23"},
		{"diligence", func(p *Policy) { p.Exempt.Diligence = true }, func(i *Issue) { i.Labels = append(i.Labels, "dd/status/in-voting") }, "it is an application in the foundation's care (kind/dd), which no clock touches"},
		{"rule", func(p *Policy) { p.Rules = []Rule{{Labels: []string{"KIND/dd"}, Exempt: true}} }, func(*Issue) {}, "a rule for KIND/dd exempts it"},
		{"the first rule that fits counts", func(p *Policy) {
			p.Rules = []Rule{{Milestones: []string{"v1"}, Exempt: true}, {Labels: []string{"kind/dd"}, Close: new(time.Duration)}, {Labels: []string{"kind/dd"}, Close: &week}}
		}, func(*Issue) {}, "automatic closing is off for this repository (closeAfter turns it on)"},
	} {
		p := with(prow, c.policy)
		if v := Next(p, old(c.issue), now); v.Action != Nothing || v.Why != c.why {
			t.Errorf("%s: %+v, want nothing because %s", c.name, v, c.why)
		}
		if v := Next(prow, old(func(*Issue) {}), now); v.Action != GoClosed {
			t.Fatalf("without it: %+v", v)
		}
	}
}

func TestRulePeriods(t *testing.T) {
	short := 10 * day
	p := with(prow, func(p *Policy) { p.Rules = []Rule{{Labels: []string{"needs-*"}, Stale: &short}} })
	if v := Next(p, filed(11, "needs-information"), now); v.Action != GoStale || !strings.Contains(v.Why, "10 days") {
		t.Errorf("%+v", v)
	}
	if v := Next(p, filed(11), now); v.Action != Nothing {
		t.Errorf("%+v", v)
	}
}

// TestLearnTwice: webhooks and the sweep tell the same thing, in any order.
func TestLearnTwice(t *testing.T) {
	hs := []TimelineEvent{person(Comment, 50), labelled(Stale, "ddbot", 40), person(Comment, 30), unlabelled(Stale, "ddbot", 30)}
	once := learned(filed(300), prow, hs...)
	again := learned(once.Clone(), prow, hs...)
	for _, h := range hs {
		again.Learn(prow, h)
	}
	if Next(prow, once, now) != Next(prow, again, now) || !again.ClearedAt.Equal(once.ClearedAt) || again.Last[Comment] != once.Last[Comment] {
		t.Errorf("%+v\n%+v", once, again)
	}
}

// TestOnlyMarks: who marks an issue as stale is not at work on it; every other command is work.
func TestOnlyMarks(t *testing.T) {
	for text, want := range map[string]bool{
		"/lifecycle stale":                        true,
		"/Lifecycle/Rotten\r\n":                   true,
		"> hello\n\n/lifecycle stale\n":           true,
		"<!-- note -->\n/lifecycle stale":         true,
		"/lifecycle stale\n/dd done all":          false,
		"/lifecycle frozen":                       false,
		"/lifecycle stail":                        false,
		"/remove-lifecycle stale":                 false,
		"/dd done technical.1":                    false,
		"/lgtm\n\n  /assign @bob\r\n":             false,
		"/close\nthanks":                          false,
		"thanks":                                  false,
		"":                                        false,
		"```\n/lifecycle stale\n```":              false,
		"/remove-lifecycle stale\n\nOn Mon, X:\n": false,
	} {
		if got := OnlyMarks(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestEnough(t *testing.T) {
	for _, c := range []struct {
		name   string
		issue  *Issue
		oldest float64
		want   bool
	}{
		{"only bots, all younger than the cut-off", learned(filed(300), prow, robot(Comment, 5)), 20, false},
		{"only bots, back to the cut-off", learned(filed(300), prow, robot(Comment, 5)), 91, true},
		{"a person", learned(filed(300), prow, person(Comment, 5)), 20, true},
		{"stale, and the label's line is there", learned(filed(300, Stale), prow, labelled(Stale, "ddbot", 10)), 20, true},
		{"stale, and it is not", learned(filed(300, Stale), prow, robot(Comment, 5)), 20, false},
	} {
		if got := prow.Enough(c.issue, ago(c.oldest), now); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestSchedule(t *testing.T) {
	text := func(p Policy, i *Issue) string {
		var out []string
		for _, s := range Schedule(p, i, now) {
			out = append(out, string(s.Action)+" "+s.At.Sub(now).Round(time.Hour).String())
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		name  string
		issue *Issue
		want  string
	}{
		{"young", filed(80), "stale 240h0m0s, rotten 960h0m0s, close 1680h0m0s"},
		{"overdue", filed(800), "stale 0s, rotten 720h0m0s, close 1440h0m0s"},
		{"stale", learned(filed(300, Stale), prow, labelled(Stale, "ddbot", 20)), "rotten 240h0m0s, close 960h0m0s"},
		{"woken", learned(filed(300, Stale), prow, labelled(Stale, "ddbot", 20), person(Comment, 10)), "unstale 0s, stale 1920h0m0s, rotten 2640h0m0s, close 3360h0m0s"},
		{"rotten", learned(filed(300, Rotten), prow, labelled(Rotten, "ddbot", 31)), "close 0s"},
		{"frozen", filed(300, Frozen), ""},
	} {
		if got := text(prow, c.issue); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
