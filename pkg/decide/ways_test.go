package decide

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// TestByHandFirst: what a person did by hand in the batch overrules a command from before it.
func TestByHandFirst(t *testing.T) {
	for _, c := range []struct {
		kind event.Kind
		part string
	}{
		{event.Closed{}, "state"},
		{event.Reopened{}, "state"},
		{event.Labeled{Label: "x"}, "label:x"},
		{event.Unlabeled{Label: "x"}, "label:x"},
		{event.Assigned{Assignee: "y"}, "assignee:y"},
		{event.Unassigned{Assignee: "y"}, "assignee:y"},
		{event.Milestoned{Milestone: "z"}, "milestone"},
		{event.Demilestoned{Milestone: "z"}, "milestone"},
		{event.Edited{OldTitle: new("x")}, "title"},
		{event.Locked{}, ""},
	} {
		s := situation(event.Event{Kind: c.kind, Issue: snapshot(), Sender: bob, Received: now})
		s.Self = self.Login
		if out := must(t, s); (len(out.Draft.Said) == 1) != (c.part != "") || c.part != "" && out.Draft.Said[c.part].At.IsZero() {
			t.Errorf("%s: said %v, want %q", c.kind, out.Draft.Said, c.part)
		}
		s.Events[0].Sender = self
		if out := must(t, s); len(out.Draft.Said) != 0 {
			t.Errorf("%s by ourselves: said %v", c.kind, out.Draft.Said)
		}
	}
}

// TestTracked: an issue is looked after by its label, by the configuration, or because a command succeeded.
func TestTracked(t *testing.T) {
	got := ""
	for _, c := range []struct {
		name   string
		change func(*Input)
		want   bool
	}{
		{"no", func(*Input) {}, false},
		{"by label", func(s *Input) { s.Issue.Labels = []string{"Kind/DD"} }, true},
		{"by another", func(s *Input) { s.Issue.Labels = []string{"kind/bug"} }, false},
		{"all", func(s *Input) { s.Settings.Tracked.All = true }, true},
		{"before", func(s *Input) { s.Tracked = true }, true},
	} {
		s := situation(comment(1, "bob", "hello"))
		s.Settings = plugin.DefaultSettings([]plugin.Plugin{asks{tracked: &got}})
		c.change(&s)
		must(t, s)
		if got != fmt.Sprint(c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// asks is a plugin that tells what it was given.
type asks struct {
	toy
	tracked *string
}

func (a asks) Handle(in plugin.Input) ([]plan.Effect, error) {
	*a.tracked = fmt.Sprint(in.Tracked)
	return nil, nil
}

// TestSilent: a command of which the person has been told before is neither done nor answered.
func TestSilent(t *testing.T) {
	s := situation(comment(1, "bob", "/mute x"))
	s.Settings = plugin.DefaultSettings([]plugin.Plugin{mute{}})
	if out := must(t, s); out.Refused != 1 || len(out.Draft.Requests()) != 0 {
		t.Errorf("refused %d, %v", out.Refused, plan.Texts(out.Draft.Requests()))
	}
	// An answer that was asked for is a reply and no thanks; what cannot be written into the description says why.
	s = situation(comment(1, "bob", "/tell\n/cut"))
	s.Settings = plugin.DefaultSettings([]plugin.Plugin{mute{}})
	s.Issue.Body = strings.Repeat("x", issueMax-10) + "\n\n- [ ] one\n"
	out := must(t, s)
	a := out.Draft.Answers[0]
	if a.Reaction != "" || len(a.OK) != 0 || len(a.Text) != 2 || a.Text[0] != "Told." || !strings.Contains(a.Text[1], "`/cut` did not change the description: ") {
		t.Errorf("%+v", a)
	}
}

const issueMax = 65536

// mute has a command that has nothing to say, one that only says, and one that cannot be done.
type mute struct{ toy }

func (mute) Commands(any) []plugin.Command {
	run := func(effects []plan.Effect, err error) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
		return func(plugin.Input, plugin.Args) ([]plan.Effect, error) { return effects, err }
	}
	cut := func(in plugin.Input, _ plugin.Args) ([]plan.Effect, error) {
		l, err := checklist.Parse(in.Issue.Body)
		if err != nil {
			return nil, err
		}
		op := checklist.Op{Kind: checklist.OpNote, Key: l.Items()[0].Key, Text: strings.Repeat("word ", 20)}
		return []plan.Effect{plan.Checklist{Ops: []checklist.Op{op}}}, nil
	}
	anyone := []plugin.Role{plugin.Anyone}
	return []plugin.Command{
		{Name: "mute", Usage: "/mute x", Who: anyone, Run: run(nil, plugin.Silent)},
		{Name: "tell", Usage: "/tell", Who: anyone, Run: run([]plan.Effect{plan.Reply{Text: "Told."}}, nil)},
		{Name: "cut", Usage: "/cut", Who: anyone, Run: cut},
	}
}

// TestOwnAccount: ddbot does not obey its own account, and says that somebody uses it.
func TestOwnAccount(t *testing.T) {
	for text, want := range map[string]bool{
		"/toy tick": true, "hello": false, "/close": false, "/toy tick\n\n" + plan.Marker("re=c1"): false,
	} {
		s := situation(comment(1, "Machine", text))
		s.Self = "machine"
		if out := must(t, s); out.Own != want || len(out.Draft.Requests()) != 0 {
			t.Errorf("%q: own %v, %v", text, out.Own, plan.Texts(out.Draft.Requests()))
		}
	}
}

// TestMayBeOwn: of what an event tells, only what a person must have written is surely not ddbot's.
func TestMayBeOwn(t *testing.T) {
	for want, kinds := range map[bool][]event.Kind{
		false: {event.Opened{}, event.Due{}, event.Check{}, event.Weekly{}, event.Daily{}},
		true:  {event.Closed{}, event.Labeled{}, event.Edited{}},
	} {
		for _, kind := range kinds {
			if got := MayBeOwn(event.Event{Kind: kind}); got != want {
				t.Errorf("%s: %v", kind, got)
			}
		}
	}
	for text, want := range map[string]bool{"hello": false, "hello\n\n" + plan.Marker("stale"): true} {
		if got := MayBeOwn(comment(1, "x", text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// replaced is a plugin that tells which commands an edit took out.
type replaced struct {
	toy
	got *[]string
}

func (r replaced) Commands(any) []plugin.Command {
	cmd := toy{}.Commands(nil)[0]
	cmd.Who, cmd.Run = []plugin.Role{plugin.Anyone}, func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		for _, old := range in.Replaced {
			*r.got = append(*r.got, old.Rest+" by "+old.By.Login)
		}
		return []plan.Effect{plan.Retitle{Title: a.Rest}}, nil
	}
	return []plugin.Command{cmd}
}

// TestReplaced: a command of an edited comment is told which ones of the same comment it stands for, and only then.
func TestReplaced(t *testing.T) {
	var got []string
	e := mended(1, "bob", "/toy name Old\n/toy name Older\nwords", "/toy name New")
	for _, c := range []struct {
		e    event.Event
		want string
	}{{e, "[Old by bob Older by bob]"}, {comment(1, "bob", "/toy name New"), "[]"}} {
		got = nil
		s := situation(c.e)
		s.Settings = plugin.DefaultSettings([]plugin.Plugin{replaced{got: &got}})
		must(t, s)
		if fmt.Sprint(got) != c.want {
			t.Errorf("%v, want %s", got, c.want)
		}
	}
}

// TestSameSecond: of two comments of one second the one with the greater id is the newer word.
func TestSameSecond(t *testing.T) {
	s := situation(comment(2, "alice", "/toy name Newer"), comment(1, "alice", "/toy name Older"))
	s.Facts.Put(fact.Key{Kind: fact.KindPermission, Arg: "alice"}, fact.Write)
	if out := must(t, s); out.Draft.Issue.Title != "Newer" {
		t.Errorf("the title is %s", out.Draft.Issue.Title)
	}
}

// TestTracksOnce: the first command that makes an issue one of ours is remembered, and no other.
func TestTracksOnce(t *testing.T) {
	for _, c := range []struct {
		text    string
		tracked bool
		want    int
	}{{"/toy name A", false, 1}, {"/toy name A\n/toy name B", false, 1}, {"/toy name A", true, 0}, {"/toy tick", false, 0}, {"/toy name", false, 0}} {
		s := situation(comment(1, "bob", c.text))
		s.Tracked = c.tracked
		s.Facts.Put(fact.Key{Kind: fact.KindPermission, Arg: "bob"}, fact.Write)
		if out := must(t, s); len(out.Draft.Records) != c.want {
			t.Errorf("%q, tracked %v: %v", c.text, c.tracked, out.Draft.Records)
		}
	}
}
