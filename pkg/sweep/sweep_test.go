package sweep_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// TestTricky is the table of pkg/stale over the wire: the sweep alone, no webhook came.
func TestTricky(t *testing.T) {
	r := newRig(t)
	r.options.Activity.Reactions = true
	r.options.Bots = []string{"carol"}
	r.sim.SetRole(repoName, "carol", "triage")
	type tricky struct {
		name  string
		late  func(issue.Ref) // shortly before the sweep
		stale bool            // it carries the label for 31 days then
		want  string
	}
	commented, buried := map[issue.Ref]int64{}, map[issue.Ref]int64{} // the first comment; one that is far from the last
	cases := []tricky{
		{"a bot commented lately", func(i issue.Ref) { r.sim.Comment(i, "renovate[bot]", "Rebased.") }, false, "stale"},
		{"a bot edited its old comment", func(i issue.Ref) { r.sim.EditComment(commented[i], "renovate[bot]", "Edited.") }, false, "stale"},
		{"a person commented", func(i issue.Ref) { r.sim.Comment(i, "bob", "Here.") }, false, ""},
		{"a person gave commands only", func(i issue.Ref) { r.sim.Comment(i, "bob", "/lgtm") }, false, ""},
		{"a person only marked it", func(i issue.Ref) { r.sim.Comment(i, "bob", "/lifecycle stale") }, false, "stale"},
		{"a bot added a label", func(i issue.Ref) { r.label(i, "renovate[bot]", "area/x") }, true, "rotten"},
		{"automation on a User account commented", func(i issue.Ref) { r.sim.Comment(i, "carol", "Automatic.") }, true, "rotten"},
		{"the author edited the body", func(i issue.Ref) { r.sim.EditBody(i, "alice", "More text.") }, true, ""},
		{"ddbot edited the body after the author", func(i issue.Ref) {
			r.sim.EditBody(i, "alice", "More text.")
			r.after(time.Second)
			r.sim.EditBody(i, bot, "More text, ticked.")
		}, true, ""},
		{"ddbot edited the body six times after the author", func(i issue.Ref) {
			for n, by := range []string{"alice", bot, bot, bot, bot, bot, bot} {
				r.after(time.Second)
				r.sim.EditBody(i, by, fmt.Sprintf("Text %d.", n))
			}
		}, false, ""},
		{"a person edited a comment below twenty of bots", func(i issue.Ref) { r.sim.EditComment(buried[i], "bob", "Edited.") }, false, ""},
		{"a bot edited a comment below twenty of bots", func(i issue.Ref) { r.sim.EditComment(buried[i], "renovate[bot]", "Edited.") }, false, "stale"},
		{"closed and reopened by a person", func(i issue.Ref) { r.sim.Close(i, "bob", ""); r.sim.Reopen(i, "bob") }, true, ""},
		{"a person reacted", func(i issue.Ref) { r.sim.ReactIssue(i, "bob", "heart") }, true, ""},
		{"a person reacted to a comment", func(i issue.Ref) { r.sim.React(commented[i], "bob", "heart") }, true, ""},
		{"the bot reacted", func(i issue.Ref) { r.sim.ReactIssue(i, bot, "heart") }, true, "rotten"},
		{"a person changed another label", func(i issue.Ref) { r.label(i, "bob", "area/x") }, true, ""},
		{"frozen", func(i issue.Ref) { r.label(i, "bob", stale.Frozen) }, true, "stale frozen"},
		{"pinned", func(i issue.Ref) { r.sim.Pin(i, "owner") }, true, "stale"},
	}
	var refs []issue.Ref
	for range cases {
		ref := r.issue()
		refs = append(refs, ref)
		commented[ref] = r.sim.Comment(ref, "renovate[bot]", "Hello.")
	}
	for n, c := range cases {
		if strings.Contains(c.name, "below twenty") {
			buried[refs[n]] = r.sim.Comment(refs[n], "bob", "Words.")
			for range 20 {
				r.sim.Comment(refs[n], "renovate[bot]", "Rebased.")
			}
		}
	}
	r.after(100 * day)
	for n, c := range cases {
		if c.stale {
			r.label(refs[n], bot, stale.Stale)
		}
	}
	r.after(31 * day)
	for n, c := range cases {
		c.late(refs[n])
	}
	r.after(time.Hour)
	r.sweep()
	for n, c := range cases {
		r.want(c.name, refs[n], c.want)
	}
	r.calls()
	r.sweep()
	for n, c := range cases {
		r.want("again: "+c.name, refs[n], c.want)
	}
	if c := r.calls(); c.writes != 0 {
		t.Errorf("the second sweep writes: %+v", c)
	}
}

// TestFirstRun: labels from before ddbot start their clock now; its own are its own, though the store was lost.
func TestFirstRun(t *testing.T) {
	r := newRig(t)
	theirs, ours, many := r.issue(), r.issue(), r.issue()
	r.after(100 * day)
	r.label(theirs, "bob", stale.Rotten)
	r.label(ours, bot, stale.Rotten)
	r.label(many, bot, stale.Rotten)
	for n := range 40 { // bots push the label's line out of what is read at first
		r.after(time.Minute)
		r.sim.Comment(many, "renovate[bot]", fmt.Sprint("Rebased again: ", n))
	}
	r.after(31 * day)
	r.sweep()
	r.want("theirs", theirs, "rotten")
	r.want("ours", ours, "rotten closed")
	r.want("behind many lines", many, "rotten closed")
	r.after(31 * day)
	r.sweep()
	r.want("theirs, a month later", theirs, "rotten closed")
}

// TestCycles: two cycles without any webhook; each step has a comment of its own, since an edited one notifies nobody.
func TestCycles(t *testing.T) {
	r := newRig(t)
	ref := r.issue()
	for cycle := range 2 {
		for n, want := range []string{"stale", "rotten"} {
			r.after([]time.Duration{91 * day, 31 * day}[n])
			r.sweep()
			r.want("cycle", ref, want)
		}
		if cycle == 0 {
			r.after(day)
			r.sim.Comment(ref, "alice", "Still wanted.")
			r.sweep()
			r.want("woken", ref, "")
		}
	}
	r.after(31 * day)
	r.sweep()
	r.want("the end", ref, "rotten closed")
	var own []githubsim.Comment
	for _, c := range r.sim.Comments(ref) {
		if c.Author == bot {
			own = append(own, c)
		}
	}
	var told []string
	for _, c := range own {
		_, state, _ := strings.Cut(strings.SplitN(c.Body, ".", 2)[0], "is now ")
		told = append(told, state)
		if len(c.Edits) > 0 {
			t.Errorf("edited: %+v", c)
		}
	}
	if want := "stale rotten stale rotten closed"; strings.Join(told, " ") != want {
		t.Errorf("comments about %v, want %s", told, want)
	}
}

// TestPartial: GitHub answers in part. What is unknown is left alone, and read again at the next sweep.
func TestPartial(t *testing.T) {
	r := newRig(t)
	var refs []issue.Ref
	for range 130 {
		refs = append(refs, r.issue())
	}
	r.after(30 * day)
	r.sweep()
	r.after(50 * day)
	for _, ref := range refs[:30] {
		r.after(time.Second)
		r.sim.Comment(ref, "bob", "Wanted.")
	}
	r.after(15 * day)
	heal := r.sim.Fault(githubsim.Fault{Kind: githubsim.GraphQLPartial, Match: "graphql"})
	report := r.sweep()
	heal()
	count := func() (wrong, done int) {
		for n, ref := range refs {
			switch stage := r.stage(ref); {
			case n < 30 && stage != "":
				wrong++
			case stage == "stale":
				done++
			}
		}
		return wrong, done
	}
	wrong, done := count()
	if wrong > 0 || done == 0 || done == 100 || report.Unknown == 0 {
		t.Errorf("%d wrong, %d done, %d unknown", wrong, done, report.Unknown)
	}
	r.after(time.Hour)
	if r.sweep().Unknown != 0 {
		t.Error("still unknown")
	}
	if wrong, done := count(); wrong > 0 || done != 100 {
		t.Errorf("afterwards %d wrong, %d done", wrong, done)
	}
}

// TestPageShift: while the list is read, issues change and move to its end; none is missed, and closing moves nothing.
func TestPageShift(t *testing.T) {
	r := newRig(t)
	r.tracked = plugin.DefaultTracked // where all are tracked they are not listed first
	var refs []issue.Ref
	for range 130 {
		refs = append(refs, r.issue())
		r.label(refs[len(refs)-1], "bob", "kind/dd")
	}
	r.after(91 * day)
	r.sweeper.Pacer.Limits = sweep.Limits{PerSecond: 1000}
	moved := 0
	cancel := r.sim.Before(func(c githubsim.Call) {
		if c.Path == "GET /repos/{owner}/{repo}/issues" && strings.Contains(c.URL, "state=open") && moved < 40 {
			for range 10 { // on the first pages, by a bot: still due
				r.sim.Comment(refs[moved], "renovate[bot]", "Rebased.")
				moved++
			}
		}
	})
	r.sweep()
	cancel()
	if moved < 20 {
		t.Fatalf("%d were moved", moved)
	}
	for _, ref := range refs {
		if got := r.stage(ref); got != "stale" {
			t.Fatalf("%v: %q", ref, got)
		}
	}
}

// TestCrowded: hundreds of issues changed in the same second, where time does not order them.
func TestCrowded(t *testing.T) {
	r := newRig(t)
	for range 350 {
		r.sim.OpenIssue(repoName, "alice", "An issue", "Text.")
	}
	if got := r.sweep(); got.Open != 350 {
		t.Errorf("%d open", got.Open)
	}
	r.calls()
	r.sim.Comment(r.ref(7), "bob", "Still in that second.")
	r.sim.Close(r.ref(8), "bob", "")
	if got := r.sweep(); got.Open != 349 {
		t.Errorf("%d open", got.Open)
	}
	r.after(time.Hour)
	r.sweep()
	r.calls()
	r.sweep()
	if c := r.calls(); c.reads != 0 || c.unchanged != 1 {
		t.Errorf("an idle sweep: %+v", c)
	}
}

// TestSameSecond: the time of a change has only seconds, so a change in the second of the last reading does not show in it.
func TestSameSecond(t *testing.T) {
	r := newRig(t)
	ref := r.issue()
	r.sweep()
	r.label(ref, "bob", stale.Stale)
	if got := r.sweep(); got.Changed != 1 {
		t.Errorf("%+v", got)
	}
}

// TestVerify: people act between the sweep's reading and its deed; what they did wins.
func TestVerify(t *testing.T) {
	r := newRig(t)
	spoken, closed, kept, gone := r.issue(), r.issue(), r.issue(), r.issue()
	r.sweep()
	r.after(91 * day)
	asked := 0
	cancel := r.sim.Before(func(c githubsim.Call) {
		if c.Path == "POST /graphql" {
			if asked++; asked == 1 {
				r.sim.Comment(spoken, "alice", "Wait!")
				r.sim.Close(closed, "alice", "")
				r.sim.Delete(gone, "owner")
			}
		}
	})
	report := r.sweep()
	cancel()
	r.want("spoken", spoken, "")
	r.want("closed", closed, "closed")
	r.want("kept", kept, "stale")
	if report.Count(stale.GoStale, sweep.Handed) != 1 || report.Count(stale.Nothing, sweep.Kept) != 3 {
		t.Errorf("%+v", report.Findings)
	}
}

// TestDeleted: what is not there any more does not count, whether the store knew it or not.
func TestDeleted(t *testing.T) {
	for _, full := range []bool{false, true} {
		r := newRig(t)
		ref := r.issue()
		r.after(80 * day)
		id := r.sim.Comment(ref, "bob", "Spam.")
		r.sweep()
		r.after(12 * day)
		r.sim.DeleteComment(id, "owner")
		r.sweep(func(o *sweep.Request) { o.Full = full })
		r.want(fmt.Sprintf("deleted, full %v", full), ref, "stale")
	}
}

// TestLateWord: what is due is read again part by part, so that a word of a person is heard that comes while others wait
// for their turn.
func TestLateWord(t *testing.T) {
	r := newRig(t)
	var refs []issue.Ref
	for range 30 {
		refs = append(refs, r.issue())
	}
	r.sweep()
	r.after(91 * day)
	last, written := refs[len(refs)-1], 0
	cancel := r.sim.Before(func(c githubsim.Call) {
		if c.Mutates("addLabelsToLabelable") || c.Path == "POST /repos/{owner}/{repo}/issues/{issue_number}/labels" {
			if written++; written == 15 {
				r.sim.Comment(last, "bob", "Wait!")
			}
		}
	})
	r.sweep()
	cancel()
	r.want("spoken meanwhile", last, "")
	r.want("another", refs[0], "stale")
}

// TestPace: one write a second, five hundred an hour, also after a restart.
func TestPace(t *testing.T) {
	r := newRig(t)
	r.sweeper.Pacer.Limits = sweep.Limits{PerSecond: 1, PerMinute: 10, PerHour: 30}
	for range 50 {
		r.issue()
	}
	r.after(91 * day)
	report := r.sweep()
	c := r.calls()
	if done, left := report.Count(stale.GoStale, sweep.Handed), report.Count(stale.GoStale, sweep.Left); c.writes != 30 || done != 29 || left != 21 {
		t.Errorf("%d writes, %d done, %d left", c.writes, done, left)
	}
	for n := range c.at {
		if n > 0 && c.at[n].Sub(c.at[n-1]) < time.Second {
			t.Errorf("writes %d and %d within a second", n-1, n)
		}
		if n >= 10 && c.at[n].Sub(c.at[n-10]) < time.Minute-2*time.Second { // from handing out to sending it is a second or two
			t.Errorf("writes %d to %d within a minute", n-10, n)
		}
	}
	again := &sweep.Pacer{Limits: r.sweeper.Pacer.Limits, Store: r.db, Now: r.sim.Clock().Now, Sleep: r.pass}
	if err := again.Wait(context.Background(), 2); err == nil {
		t.Error("a restart forgets the hour")
	}
	r.after(time.Hour)
	if report := r.sweep(); report.Count(stale.GoStale, sweep.Handed) != 21 {
		t.Errorf("an hour later: %d", report.Count(stale.GoStale, sweep.Handed))
	}
}

// TestLimits counts actions: what must be left alone uses nothing up, and taking a label off is none.
func TestLimits(t *testing.T) {
	r := newRig(t)
	r.options.Limit.PerSweep, r.options.Limit.PerOwner = 4, 3
	woken := r.issue()
	for range 10 {
		r.issue()
	}
	r.after(91 * day)
	r.label(woken, bot, stale.Stale)
	for n := 2; n <= 5; n++ { // the oldest: bots and people made them look different since
		r.sim.Comment(r.ref(n), "bob", "Wanted.")
	}
	r.sim.Assign(r.ref(10), "bob", "bob")
	r.sim.Assign(r.ref(11), "renovate[bot]", "bob")
	r.after(time.Hour)
	r.sim.Comment(woken, "alice", "Here.")
	report := r.sweep()
	r.want("woken", woken, "")
	if got := report.Count(stale.GoStale, sweep.Handed); got != 4 {
		t.Errorf("%d actions: %+v", got, report.Findings)
	}
	r.want("alice's third", r.ref(8), "stale")
	r.want("alice's fourth", r.ref(9), "")
	r.want("bob's, to whom a bot gave it", r.ref(11), "stale")
}

// TestDryRun finds everything, says why, and changes nothing, neither there nor here.
func TestDryRun(t *testing.T) {
	r := newRig(t)
	old, frozen := r.issue(), r.issue(stale.Frozen)
	r.label(frozen, "bob", stale.Frozen)
	r.after(91 * day)
	young := r.issue()
	report := r.sweep(func(o *sweep.Request) { o.DryRun = true })
	got := map[int]string{}
	for _, f := range report.Findings {
		got[f.Issue.Number] = fmt.Sprintf("%s %s: %s", f.Outcome, f.Verdict.Action, f.Verdict.Why)
	}
	for ref, want := range map[issue.Ref]string{
		old:    "dry run stale: no person was active for 90 days: it was filed on 2026-01-05",
		frozen: "kept : it is frozen (lifecycle/frozen)",
		young:  "kept : it was filed on 2026-04-06, and an issue goes stale after 90 days without a person's activity",
	} {
		if got[ref.Number] != want {
			t.Errorf("%v: %q, want %q", ref, got[ref.Number], want)
		}
	}
	if c := r.calls(); c.writes != 0 {
		t.Errorf("%+v", c)
	}
	r.want("old", old, "")
}

// TestScope: without All only what carries a label, or had a /dd command, is looked at, and read.
func TestScope(t *testing.T) {
	r := newRig(t)
	r.tracked = plugin.DefaultTracked
	labelled, commanded, other := r.issue(), r.issue(), r.issue()
	r.after(time.Hour)
	r.label(labelled, "bob", "kind/dd")
	key := event.Key(r.sim.Issue(commanded).RepoID, commanded.Number)
	if err := r.db.PutAll(context.Background(), queue.Record{Kind: "tracked", ID: key, Data: []byte("1")}); err != nil {
		t.Fatal(err)
	}
	r.after(91 * day)
	if report := r.sweep(); report.Open != 2 || report.Changed != 2 {
		t.Errorf("%+v", report)
	}
	r.want("labelled", labelled, "stale")
	r.want("commanded", commanded, "stale")
	r.want("other", other, "")
	r.sweep(func(o *sweep.Request) { o.All = true })
	r.want("other, looked at but not in the engine's scope", other, "")
	r.tracked.All = true
	r.after(time.Second)
	r.sweep()
	r.want("other, in scope", other, "stale")
}

// TestDatabaseLost: with another store everything is as before.
func TestDatabaseLost(t *testing.T) {
	r := newRig(t)
	ref := r.issue()
	r.after(91 * day)
	r.sweep()
	r.want("first", ref, "stale")
	r.after(31 * day)
	r.open("sqlite:" + filepath.Join(t.TempDir(), "new.db"))
	r.sweep()
	r.want("with a new store", ref, "rotten")
	comments := 0
	for _, c := range r.sim.Comments(ref) {
		if c.Author == bot {
			comments++
		}
	}
	if comments != 2 {
		t.Errorf("%d comments, want one for each step", comments)
	}
}
