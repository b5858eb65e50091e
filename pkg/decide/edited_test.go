package decide

import (
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

const (
	listBase = "- [ ] one\n- [ ] two\n\nText.\n"
	listSent = "- [x] one\n- [ ] two\n\nText.\n"
)

// wroteOne is ddbot's edit that ticked the first item, some time ago.
func wroteOne(t *testing.T, ago time.Duration) BodyEdit {
	t.Helper()
	l, err := checklist.Parse(listBase)
	if err != nil {
		t.Fatal(err)
	}
	op := checklist.Op{Kind: checklist.OpTick, Key: l.Items()[0].Key, To: true}
	return BodyEdit{Base: listBase, Sent: listSent, Ops: []checklist.Op{op}, At: now.Add(-ago), ID: "w1"}
}

// editedBody is the event of an edit of the body.
func editedBody(sender event.User, old, body string) event.Event {
	e := event.Event{Kind: event.Edited{OldBody: &old}, Issue: snapshot(), Sender: sender, Received: now}
	e.Issue.Body = body
	return e
}

var (
	self  = event.User{Login: "ddbot[bot]", Bot: true}
	other = event.User{Login: "other[bot]", Bot: true}
	bob   = event.User{Login: "bob"}
)

// TestOldPage: a person's save that takes back what ddbot wrote within the last ten minutes was most likely made from an old page,
// and they are told; later, or by a single click, they meant it.
func TestOldPage(t *testing.T) {
	oldPage := strings.Replace(listBase, "Text.", "Better text.", 1)
	for _, c := range []struct {
		name string
		ago  time.Duration
		by   event.User
		body string
		want bool
	}{
		{"at once", 0, bob, oldPage, true},
		{"after ten minutes", 10 * time.Minute, bob, oldPage, true},
		{"later than that", 10*time.Minute + time.Second, bob, oldPage, false},
		{"one line, as a click does", 0, bob, listBase, false},
		{"what ddbot wrote is there still", 0, bob, strings.Replace(listSent, "Text.", "Better text.", 1), false},
		{"the item went", 0, bob, "- [ ] two\n\nBetter text.\n", false},
		{"lines more", 0, bob, listBase + "More.\n", true},
	} {
		s := situation(editedBody(c.by, listSent, c.body))
		s.Self, s.Wrote = self.Login, []BodyEdit{wroteOne(t, c.ago)}
		out := must(t, s)
		var said string
		if len(out.Draft.Answers) > 0 {
			said = strings.Join(out.Draft.Answers[0].Text, "\n")
		}
		if got := strings.Contains(said, "Your last edit reverted changes"); got != c.want {
			t.Errorf("%s: told %v: %q", c.name, got, said)
		}
		if c.want && (!strings.Contains(said, "`tick all.1 one`") || out.Draft.Answers[0].To != "bob" || len(out.Handled) != 1) {
			t.Errorf("%s: it says %q to %q, handled %v", c.name, said, out.Draft.Answers[0].To, out.Handled)
		}
	}
}

// TestOwnEdit: the event of ddbot's own edit leads to nothing, unless it shows that a person's text was overwritten: that is put back.
func TestOwnEdit(t *testing.T) {
	theirs := strings.Replace(listBase, "Text.", "Their text.", 1)
	for _, c := range []struct {
		name      string
		by        event.User
		old, body string
		want      string // the description then
		handled   int    // by plugins
	}{
		{"as planned", self, listBase, listSent, listSent, 0},
		{"as planned, by whom it may be", bob, listBase, listSent, listSent, 0},
		{"written twice", self, listSent, listSent, listSent, 0},
		{"it overwrote somebody's", self, theirs, listSent, strings.Replace(listSent, "Text.", "Their text.", 1), 0},
		{"another edit of ours", self, theirs, theirs + "x", theirs + "x", 0},
		{"another bot with our text", other, theirs, listSent, strings.Replace(listSent, "Text.", "Their text.", 1), 0},
		{"a person with our text", bob, theirs, listSent, listSent, 1},
	} {
		n := 0
		s := situation(editedBody(c.by, c.old, c.body))
		s.Settings = plugin.DefaultSettings([]plugin.Plugin{toy{&n}})
		s.Self, s.Wrote = self.Login, []BodyEdit{wroteOne(t, 0)}
		s.Wrote[0].Unseen = true
		out := must(t, s)
		if out.Draft.Issue.Body != c.want || n != c.handled {
			t.Errorf("%s: handled %d times; %q, want %q", c.name, n, out.Draft.Issue.Body, c.want)
		}
		if own := c.handled == 0 && c.body == listSent; own != (len(out.Seen) == 1) {
			t.Errorf("%s: seen %v", c.name, out.Seen)
		}
		if rebased := c.want != c.body; rebased != (len(out.Handled) == 1) {
			t.Errorf("%s: handled %v", c.name, out.Handled)
		}
	}
	title := editedBody(bob, "", listSent)
	title.Kind = event.Edited{OldTitle: new("Old")}
	s := situation(title)
	s.Self, s.Wrote = self.Login, []BodyEdit{wroteOne(t, 0)}
	if out := must(t, s); len(out.Draft.Requests()) != 0 {
		t.Errorf("another title: %v", plan.Texts(out.Draft.Requests()))
	}
}

// TestCheck: an edit whose event did not come within a minute is looked up in the history, and what it overwrote is put back.
func TestCheck(t *testing.T) {
	theirs := strings.Replace(listBase, "Text.", "Their text.", 1)
	version := func(by string, text string) fact.Edit {
		return fact.Edit{By: by, Own: by == self.Login, Text: &text}
	}
	gone := fact.Edit{By: "bob"}
	for _, c := range []struct {
		name   string
		ago    time.Duration
		unseen bool
		edits  []fact.Edit // newest first
		seen   bool
		back   bool
	}{
		{"too early", time.Minute - time.Nanosecond, true, []fact.Edit{version(self.Login, listSent), version("bob", theirs)}, false, false},
		{"it has come", time.Hour, false, []fact.Edit{version(self.Login, listSent), version("bob", theirs)}, false, false},
		{"as planned", time.Minute, true, []fact.Edit{version(self.Login, listSent), version("bob", listBase)}, true, false},
		{"somebody's", time.Minute, true, []fact.Edit{version(self.Login, listSent), version("bob", theirs)}, true, true},
		{"somebody's, and edits since", time.Minute, true, []fact.Edit{version("bob", "x"), version(self.Login, listSent), version("bob", theirs), version("bob", listBase)}, true, true},
		{"written twice", time.Minute, true, []fact.Edit{version(self.Login, listSent), version(self.Login, listSent), version("bob", theirs)}, true, false},
		{"a person wrote the same text", time.Minute, true, []fact.Edit{version("bob", listSent), version("carol", theirs)}, true, false},
		{"an account that is gone", time.Minute, true, []fact.Edit{version("", listSent), version("bob", theirs)}, true, true},
		{"the version is deleted", time.Minute, true, []fact.Edit{gone, version("bob", theirs)}, true, false},
		{"the one before it is deleted", time.Minute, true, []fact.Edit{version(self.Login, listSent), gone}, true, false},
		{"the one before it is not shown", time.Minute, true, []fact.Edit{version(self.Login, listSent)}, true, false},
		{"nothing", time.Minute, true, nil, true, false},
	} {
		e := event.Event{Kind: event.Check{}, Issue: snapshot(), Received: now, Delivery: "d"}
		e.Issue.Body = listSent
		s := situation(e)
		w := wroteOne(t, c.ago)
		w.Unseen = c.unseen
		s.Self, s.Wrote = self.Login, []BodyEdit{w}
		if out := must(t, s); (len(out.Missing) == 1) != c.seen {
			t.Errorf("%s: asks for %v", c.name, out.Missing)
		}
		s.Facts.Put(fact.Key{Kind: fact.KindEdits}, c.edits)
		out := must(t, s)
		if back := strings.Contains(out.Draft.Issue.Body, "Their text."); back != c.back || (len(out.Seen) == 1) != c.seen || (len(out.Handled) == 1) != c.back {
			t.Errorf("%s: put back %v, seen %v, handled %v", c.name, back, out.Seen, out.Handled)
		}
		if c.back && !strings.Contains(out.Draft.Issue.Body, "[x] one") {
			t.Errorf("%s: %q", c.name, out.Draft.Issue.Body)
		}
	}
}
