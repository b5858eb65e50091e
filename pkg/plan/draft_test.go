package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/issue"
)

func before() issue.Snapshot {
	return issue.Snapshot{
		Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: 1}, Title: "Old", State: issue.Open, Body: base,
		Labels: []string{"kind/dd", "lifecycle/stale"}, Assignees: []string{"ann"}, Milestone: "v1",
	}
}

// TestRequests: what effects come to, in the order in which it is sent. What is so already is not asked for.
func TestRequests(t *testing.T) {
	for _, c := range []struct {
		name    string
		effects []Effect
		want    string
	}{
		{"nothing", nil, ""},
		{"a title", []Effect{Retitle{"New"}}, "PATCH issue title"},
		{"the same title", []Effect{Retitle{"Old"}}, ""},
		{"there and back", []Effect{Retitle{"New"}, Retitle{"Old"}}, ""},
		{"one edit for all", []Effect{Close{"completed"}, Milestone{"v2", 2}, Retitle{"New"}, Checklist{Ops: []checklist.Op{tick(t, "one")}}}, "PATCH issue title+body+state+milestone"},
		{"closed", []Effect{Close{"not_planned"}}, "PATCH issue state"},
		{"open already", []Effect{Reopen{}}, ""},
		{"no milestone", []Effect{Milestone{}}, "PATCH issue milestone"},
		{"a label", []Effect{AddLabels{Labels: []string{"kind/bug"}}}, "POST labels kind/bug"},
		{"a label in other letters", []Effect{AddLabels{Labels: []string{"Kind/DD"}}}, ""},
		{"on and off", []Effect{AddLabels{Labels: []string{"kind/bug"}}, RemoveLabels{Labels: []string{"KIND/BUG"}}}, ""},
		{"off", []Effect{RemoveLabels{Labels: []string{"Kind/dd", "kind/bug"}}}, "DELETE label kind/dd"},
		{"alone in its group", []Effect{AddLabels{Labels: []string{"lifecycle/frozen"}, Exclusive: []string{"lifecycle/*"}}}, "POST labels lifecycle/frozen; DELETE label lifecycle/stale"},
		{"the second of a group wins", []Effect{
			AddLabels{Labels: []string{"lifecycle/frozen"}, Exclusive: []string{"lifecycle/*"}}, AddLabels{Labels: []string{"lifecycle/rotten"}, Exclusive: []string{"lifecycle/*"}},
		}, "POST labels lifecycle/rotten; DELETE label lifecycle/stale"},
		{"another goes by itself", []Effect{
			AddLabels{Labels: []string{"lifecycle/frozen"}, Exclusive: []string{"lifecycle/*"}}, RemoveLabels{Labels: []string{"kind/dd"}},
		}, "POST labels lifecycle/frozen; DELETE label lifecycle/stale; DELETE label kind/dd"},
		{"people", []Effect{Assign{[]string{"bob", "ANN"}}, Unassign{[]string{"Ann"}}}, "POST assignees bob; DELETE assignees ann"},
		{"reviews", []Effect{Review{[]string{"Bob", "acme/x"}, true}, Review{[]string{"carol"}, false}}, "POST reviewers acme/x, bob; DELETE reviewers carol"},
		{"a notice is said last, and once", []Effect{Notice{Key: "k", Text: "a"}, Reply{"b"}, Notice{Key: "k", Text: "c", CommentID: 7}, Retitle{"New"}}, "PATCH issue title; PATCH comment (notice k); POST comment"},
		{"a new notice", []Effect{Notice{Key: "k", Text: "a"}}, "POST comment (notice k)"},
		{"only read", []Effect{Read{}}, ""},
		{"so already", []Effect{Stands{Retitle{"New"}}}, ""},
		{"remembered", []Effect{Remember{Kind: "a"}}, ""},
	} {
		w := NewDraft(before())
		w.Begin(Answer{ID: "c1", By: "bob"})
		if err := w.Fold(c.effects); err != nil {
			t.Fatal(c.name, err)
		}
		if got := strings.Join(Texts(w.Requests()), "; "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if fmt.Sprint(w.Before) != fmt.Sprint(before()) {
			t.Errorf("%s: the issue as read has changed", c.name)
		}
	}
}

// TestEdit: a PATCH holds what changes and nothing else.
func TestEdit(t *testing.T) {
	w := NewDraft(before())
	_ = w.Fold([]Effect{Close{"duplicate"}, Milestone{}})
	e := w.Requests()[0].Edit
	if *e.State != issue.Closed || *e.StateReason != "duplicate" || *e.Milestone != 0 || e.MilestoneTitle != "" || e.Title != nil || e.Body != nil {
		t.Errorf("%+v", e)
	}
	w = NewDraft(before())
	w.Before.State, w.Issue.State = issue.Closed, issue.Closed
	_ = w.Fold([]Effect{Reopen{}, Milestone{"v2", 2}})
	if e = w.Requests()[0].Edit; *e.State != issue.Open || e.StateReason != nil || *e.Milestone != 2 || e.MilestoneTitle != "v2" {
		t.Errorf("%+v", e)
	}
}

// TestMayLag: a snapshot that may be older than our own last write is not trusted to say that nothing is to do.
func TestMayLag(t *testing.T) {
	for _, c := range []struct {
		effect Effect
		want   string
	}{
		{Retitle{"Old"}, "PATCH issue title"},
		{Reopen{}, "PATCH issue state"},
		{Milestone{"v1", 1}, "PATCH issue milestone"},
		{AddLabels{Labels: []string{"kind/dd"}}, "POST labels kind/dd"},
		{RemoveLabels{Labels: []string{"kind/bug"}}, "DELETE label kind/bug"},
		{Assign{[]string{"ann"}}, "POST assignees ann"},
		{Unassign{[]string{"bob"}}, "DELETE assignees bob"},
		{Review{[]string{"carol"}, true}, "POST reviewers carol"},
	} {
		w := NewDraft(before())
		w.Before.Reviews, w.Issue.Reviews = map[string]bool{"carol": true}, map[string]bool{"carol": true}
		w.MayLag = true
		if got := strings.Join(Texts(w.Requests()), "; "); got != "PATCH issue state" && got != "POST reviewers carol" {
			t.Errorf("nothing was asked for, and it wants %s", got)
		}
		_ = w.Fold([]Effect{c.effect})
		if got := strings.Join(Texts(w.Requests()), "; "); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s, want %s", c.effect, got, c.want)
		}
	}
}

// TestWhoAsked: a label's request tells whose command it is, and who must hear where it does not go as planned.
func TestWhoAsked(t *testing.T) {
	w := NewDraft(before())
	w.Begin(Answer{ID: "c1", By: "bob", ByID: 7})
	_ = w.Fold([]Effect{AddLabels{Labels: []string{"a"}}})
	w.Begin(Answer{ID: "c2", By: "carol"})
	_ = w.Fold([]Effect{AddLabels{Labels: []string{"b"}}, AddLabels{Labels: []string{"lifecycle/frozen"}, Exclusive: []string{"lifecycle/*"}, Spare: []string{"lifecycle/active"}}})
	w.Begin(Answer{})
	_ = w.Fold([]Effect{AddLabels{Labels: []string{"c"}}})
	r := w.Requests()[0]
	if got := fmt.Sprint(r.AskedBy, r.AskedByID, r.For, r.Labels, r.Drop, r.Spare, r.Exclusive); got !=
		"map[a:bob b:carol lifecycle/frozen:carol] map[a:7] [c1 c2] [a b lifecycle/frozen c] [lifecycle/stale] [lifecycle/active] [lifecycle/*]" {
		t.Error(got)
	}
	w = NewDraft(before())
	w.Begin(Answer{ID: "c1"})
	_ = w.Fold([]Effect{Review{[]string{"bob"}, true}, Review{[]string{"carol"}, false}, Assign{[]string{"bob"}}, Unassign{[]string{"ann"}}, Retitle{"x"}, RemoveLabels{[]string{"kind/dd"}}})
	for _, r := range w.Requests() {
		if fmt.Sprint(r.For) != "[c1]" {
			t.Errorf("%s is for %v", r, r.For)
		}
	}
	// One of the group that is said to stay stays.
	w = NewDraft(before())
	_ = w.Fold([]Effect{AddLabels{Labels: []string{"lifecycle/frozen"}, Exclusive: []string{"lifecycle/*"}}, AddLabels{Labels: []string{"Lifecycle/Stale"}}})
	if r = w.Requests()[0]; !issue.HasLabel(r.Keep, "lifecycle/stale") || len(r.Drop) > 0 {
		t.Errorf("%+v", r)
	}
}

// TestAllOrNone: effects of which one is not possible change nothing.
func TestAllOrNone(t *testing.T) {
	w := NewDraft(before())
	w.Begin(Answer{ID: "c1"})
	gone := tick(t, "one")
	gone.Key.Text = "nothing like it"
	err := w.Fold([]Effect{
		Retitle{"New"}, AddLabels{Labels: []string{"a"}}, Assign{[]string{"bob"}}, Reply{"a"}, Notice{Key: "k"}, Remember{Kind: "r"},
		Stands{Checklist{Ops: []checklist.Op{gone}}},
	})
	if err == nil || len(w.Requests()) != 0 || len(w.Answers[0].Text)+len(w.Notices)+len(w.Records) != 0 || w.NeedsRead() {
		t.Errorf("%v; %v", err, Texts(w.Requests()))
	}
	_ = w.Fold([]Effect{Remember{Kind: "a", Data: []byte("1")}, Remember{Kind: "a", About: "bob"}, Remember{Kind: "a", Data: []byte("2")}})
	if len(w.Records) != 2 || string(w.Records[1].Data) != "2" {
		t.Errorf("%+v", w.Records)
	}
}

// TestNeedsRead: a plan acts on the description as it is now, not as a payload showed it.
func TestNeedsRead(t *testing.T) {
	for _, c := range []struct {
		effect Effect
		want   bool
	}{
		{Retitle{"x"}, false}, {AddLabels{Labels: []string{"a"}}, false}, {Reply{"x"}, false}, {Notice{Key: "k"}, false},
		{Read{}, true}, {Checklist{}, true}, {Checklist{Ops: []checklist.Op{tick(t, "one")}}, true}, {Rebase{Base: base, Lost: base, Sent: base}, true},
	} {
		w := NewDraft(before())
		_ = w.Fold([]Effect{c.effect})
		if w.NeedsRead() != c.want {
			t.Errorf("%s: %v", c.effect, !c.want)
		}
		late := NewDraft(before())
		late.Said["state"] = Stamp{At: time.Unix(10, 0)}
		late.At(Stamp{At: time.Unix(5, 0)}, true)
		_ = late.Fold([]Effect{c.effect})
		if _, reply := c.effect.(Reply); late.NeedsRead() == reply {
			t.Errorf("%s, late: %v", c.effect, reply)
		}
	}
}

// TestStrings: an effect on one line, as logs and stories show it.
func TestStrings(t *testing.T) {
	long := strings.Repeat("é", 70)
	for _, c := range []struct {
		effect Effect
		want   string
		kind   string
	}{
		{Checklist{What: "tick a.1"}, "body: tick a.1", "checklist"},
		{Read{}, "read the issue", "read"},
		{Stands{Reopen{}}, "so already: reopen", "stands"},
		{Retitle{`a "b"`}, `title: "a \"b\""`, "retitle"},
		{AddLabels{Labels: []string{"a", "b"}, Exclusive: []string{"x/*", "y"}}, "label + a, b (alone among x/*, y)", "addlabels"},
		{RemoveLabels{Labels: []string{"a"}}, "label - a", "removelabels"},
		{Assign{[]string{"a", "b"}}, "assign a, b", "assign"},
		{Unassign{[]string{"a"}}, "unassign a", "unassign"},
		{Review{[]string{"a"}, true}, "review + a", "review"},
		{Review{[]string{"a"}, false}, "review - a", "review"},
		{Close{"completed"}, "close as completed", "close"},
		{Milestone{"v1", 1}, `milestone "v1"`, "milestone"},
		{Reply{long}, `reply "` + strings.Repeat("é", 59) + `…"`, "reply"},
		{Notice{Key: "k", Text: strings.Repeat("é", 60)}, `notice k "` + strings.Repeat("é", 60) + `"`, "notice"},
		{Remember{Kind: "k", Data: []byte("v")}, "remember k v", "remember"},
		{Rebase{}, "body: put back what a person wrote meanwhile", "rebase"},
	} {
		if got := c.effect.String(); got != c.want || KindOf(c.effect) != c.kind {
			t.Errorf("%q of kind %q, want %q of kind %q", got, KindOf(c.effect), c.want, c.kind)
		}
	}
	if got := (Request{Kind: SendAnswer, Answer: &Answer{Reaction: "+1"}}).String(); got != "POST reaction +1" {
		t.Error(got)
	}
}

// TestMatch: globs of labels go by whole names, in any letter case; * stands for slashes, too.
func TestMatch(t *testing.T) {
	for _, c := range []struct {
		glob, label string
		want        bool
	}{
		{"dd/*", "DD/status/waiting", true}, {"dd/*", "add/x", false}, {"dd/*", "dd/", true}, {"kind/dd", "Kind/DD", true}, {"kind", "kind/dd", false},
		{"a?c", "abc", true}, {"a?c", "ac", false}, {"[", "[", false}, {"*", "any thing", true},
	} {
		if got := MatchAny([]string{"never", c.glob}, c.label); got != c.want {
			t.Errorf("%q, %q: %v", c.glob, c.label, got)
		}
	}
}
