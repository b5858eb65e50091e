package decide

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// toy is a plugin with one command for maintainers and one for anyone, and a handler that answers closings.
type toy struct{ handled *int }

func (toy) Name() string { return "toy" }
func (toy) Help() string { return "A toy." }
func (toy) Commands(any) []plugin.Command {
	title := func(_ plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		if a.Rest == "" {
			return nil, plugin.Userf("`/%s` needs words.", a.Name)
		}
		return []plan.Effect{plan.Retitle{Title: a.Rest}}, nil
	}
	return []plugin.Command{
		{Name: "toy name", Usage: "/toy name WORDS", Who: []plugin.Role{plugin.Maintainer}, Run: title, Tracks: true},
		{Name: "toy tick", Usage: "/toy tick", Who: []plugin.Role{plugin.Anyone}, Run: func(in plugin.Input, _ plugin.Args) ([]plan.Effect, error) {
			l, err := checklist.Parse(in.Issue.Body)
			if err != nil {
				return nil, err
			}
			op := checklist.Op{Kind: checklist.OpTick, Key: l.Items()[0].Key, To: true}
			return []plan.Effect{plan.Checklist{Ops: []checklist.Op{op}, What: "tick"}}, nil
		}},
	}
}

func (t toy) Handle(in plugin.Input) ([]plan.Effect, error) {
	if t.handled != nil {
		*t.handled++
	}
	if event.Is[event.Closed](in.Event.Kind) {
		return []plan.Effect{plan.Reopen{}}, nil
	}
	return nil, nil
}

func situation(es ...event.Event) Input {
	return Input{
		Events: es, Issue: es[len(es)-1].Issue, Facts: &fact.Set{}, Now: now,
		Settings: plugin.DefaultSettings([]plugin.Plugin{toy{}}),
	}
}

func snapshot() issue.Snapshot {
	return issue.Snapshot{
		Ref: issue.Ref{Owner: "acme", Repo: "toc", Number: 1}, RepoID: 1, Author: "alice", State: issue.Open, Title: "Old",
		Body: "- [ ] one\r\n- [ ] two\r\n", UpdatedAt: now,
	}
}

func comment(id int64, by, text string) event.Event {
	return commentBy(id, event.User{Login: by}, text)
}

func commentBy(id int64, by event.User, text string) event.Event {
	c := event.Comment{ID: id, Body: text, Author: by, CreatedAt: now, UpdatedAt: now}
	return event.Event{Kind: event.CommentCreated{Comment: c}, Issue: snapshot(), Sender: by, Received: now}
}

// mended is a comment that said something else before.
func mended(id int64, by, old, text string) event.Event {
	e := comment(id, by, text)
	c, _ := e.Comment()
	e.Kind = event.CommentEdited{Comment: c, OldBody: &old}
	return e
}

func must(t *testing.T, s Input) *Decision {
	t.Helper()
	out, err := Plan(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestAskBeforeRefusing: what is not known is asked for and is never a no; each look-up is asked only where those before it
// say no.
func TestAskBeforeRefusing(t *testing.T) {
	s := situation(comment(1, "bob", "/toy name New"))
	var asked []string
	for range 5 {
		out := must(t, s)
		if len(out.Missing) == 0 {
			break
		}
		for _, k := range out.Missing {
			asked = append(asked, k.String())
			s.Facts.Put(k, map[fact.Kind]any{fact.KindPermission: fact.Read, fact.KindOwners: fact.Owners{Approvers: []string{"BOB"}}}[k.Kind])
		}
	}
	if got := strings.Join(asked, ", "); got != "permission bob, owners" {
		t.Errorf("asked for %s", got)
	}
	if out := must(t, s); out.Refused != 0 || out.Draft.Issue.Title != "New" || !out.Tracked {
		t.Errorf("an approver is refused: %+v", out.Draft.Answers)
	}
	s.Facts.Put(fact.Key{Kind: fact.KindOwners}, fact.Owners{})
	out := must(t, s)
	if out.Refused != 1 || out.Tracked || len(out.Draft.Requests()) != 1 || !strings.Contains(out.Draft.Answers[0].Text[0], "maintainers") {
		t.Errorf("a stranger is not refused: %+v", out.Draft.Requests())
	}
}

// TestPure: a plan changes nothing that it is given, and comes out the same again.
func TestPure(t *testing.T) {
	s := situation(comment(1, "bob", "/toy tick\n/toy name\n/toy nam x"), comment(2, "bob", "/toy tick"))
	before := fmt.Sprintf("%+v %+v", s.Issue, s.Events)
	must(t, s) // what is missing is put in; a plan that misses something is one, too
	s.Facts.Put(fact.Key{Kind: fact.KindPermission, Arg: "bob"}, fact.Write)
	first, second := must(t, s), must(t, s)
	a, _ := json.Marshal(first.Draft.Requests())
	b, _ := json.Marshal(second.Draft.Requests())
	if string(a) != string(b) || fmt.Sprintf("%+v %+v", s.Issue, s.Events) != before {
		t.Errorf("two plans of one situation:\n%s\n%s", a, b)
	}
	// Two comments wait: one edit, an answer for each. The first tells of two mistakes and of what was done.
	rs := first.Draft.Requests()
	if len(rs) != 3 || rs[0].Kind != plan.EditIssue || *rs[0].Edit.Body != "- [x] one\r\n- [ ] two\r\n" {
		t.Fatalf("requests: %v", plan.Texts(rs))
	}
	if text := rs[1].Answer.ReplyText(nil); !strings.Contains(text, "`/toy name` needs words") || !strings.Contains(text, "Did you mean `/toy name`?") ||
		!strings.Contains(text, "Done: `/toy tick`.") {
		t.Errorf("the answer is %q", text)
	}
	if rs[2].Answer.Reaction != "+1" || rs[2].Answer.CommentID != 2 {
		t.Errorf("the second comment is answered %+v", rs[2].Answer)
	}
}

// TestOnce: one happening that came twice, or was answered before, has one effect.
func TestOnce(t *testing.T) {
	n := 0
	s := situation(comment(1, "bob", "/toy tick"), comment(1, "bob", "/toy tick"))
	s.Settings = plugin.DefaultSettings([]plugin.Plugin{toy{&n}})
	if out := must(t, s); len(out.Draft.Requests()) != 2 || n != 1 {
		t.Errorf("%v, handled %d times", plan.Texts(out.Draft.Requests()), n)
	}
	s.Answered = map[string]bool{"c1": true}
	if out := must(t, s); len(out.Draft.Requests()) != 0 || n != 1 {
		t.Errorf("answered before, and yet %v", plan.Texts(out.Draft.Requests()))
	}
}

// TestWhoseCommand: bots run nothing unless they are named; an edited comment runs only what its author added.
func TestWhoseCommand(t *testing.T) {
	bot := commentBy(1, other, "/toy tick")
	edited := func(sender string) event.Event {
		e := mended(1, "bob", "/toy tikc", "/toy tick")
		e.Sender.Login = sender
		return e
	}
	for name, c := range map[string]struct {
		e    event.Event
		bots []string
		runs bool
	}{
		"a bot": {bot, nil, false}, "a bot that may": {bot, []string{"Other[bot]"}, true},
		"mended by its author": {edited("Bob"), nil, true}, "edited by another": {edited("carol"), nil, false},
	} {
		s := situation(c.e)
		s.Settings.Bots = c.bots
		if got := len(must(t, s).Draft.Requests()) > 0; got != c.runs {
			t.Errorf("%s: runs %v", name, got)
		}
	}
}

// TestOurselves: before anything follows from what may be our own doing, we ask who we are.
func TestOurselves(t *testing.T) {
	closed := event.Event{Kind: event.Closed{}, Issue: snapshot(), Sender: event.User{Login: "machine"}}
	closed.Issue.State = issue.Closed
	own := comment(3, "machine", "/toy tick\n\n"+plan.Marker("re=c1"))
	for name, e := range map[string]event.Event{"closed": closed, "a command in our words": own} {
		s := situation(e)
		out := must(t, s)
		if len(out.Missing) != 1 || out.Missing[0].Kind != fact.KindSelf {
			t.Fatalf("%s: missing %v", name, out.Missing)
		}
		s.Facts.Put(out.Missing[0], "Machine")
		if out := must(t, s); len(out.Missing)+len(out.Draft.Requests()) != 0 {
			t.Errorf("%s: we react to ourselves: %v", name, plan.Texts(out.Draft.Requests()))
		}
	}
	s := situation(comment(3, "carol", "words"))
	if out := must(t, s); len(out.Missing) != 0 {
		t.Errorf("a plain comment asks for %v", out.Missing)
	}
}

// broken fails in its handler.
type broken struct{ toy }

var errBroken = errors.New("broken")

func (broken) Handle(plugin.Input) ([]plan.Effect, error) { return nil, errBroken }

// TestOurErrors: a plugin's own failure is nobody's mistake: it fails the whole event and names the plugin.
func TestOurErrors(t *testing.T) {
	s := situation(comment(1, "bob", "hello"))
	s.Settings = plugin.DefaultSettings([]plugin.Plugin{broken{}})
	if _, err := Plan(s); !errors.Is(err, errBroken) || !strings.Contains(err.Error(), "plugin toy") {
		t.Errorf("the error is %v", err)
	}
}

// TestOpenedByAnother: an issue that was transferred here is opened by whoever did that, and its text may be anybody's.
func TestOpenedByAnother(t *testing.T) {
	s := snapshot()
	s.Body = "/toy name New"
	for by, want := range map[string]int{"alice": 1, "Alice": 1, "bob": 0} {
		cmds, _, err := Commands(event.Event{Kind: event.Opened{}, Issue: s, Sender: event.User{Login: by}})
		if err != nil || len(cmds) != want {
			t.Errorf("opened by %s: %d commands, want %d (%v)", by, len(cmds), want, err)
		}
	}
}
