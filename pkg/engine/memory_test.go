package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// TestFewCalls: what a comment costs, call by call. On a first delivery nobody asks GitHub whether it was answered before.
func TestFewCalls(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct{ as, text, want string }{
		{"bob", "Words.", ""},
		{"bob", "/dd status", "POST issues/{issue_number}/comments"},
		{"alice", "/dd done part.1", "GET issues/{issue_number}, PATCH issues/{issue_number}, POST issues/comments/{comment_id}/reactions"},
		{"alice", "/dd done part.1", "GET issues/{issue_number}, POST issues/comments/{comment_id}/reactions"},
		{"bob", "/kind bug", "GET labels, POST issues/{issue_number}/labels, POST issues/comments/{comment_id}/reactions"},
	} {
		r.after(time.Hour)
		r.comment(c.as, c.text)
		r.deliver()
		r.sim.ResetCalls()
		if err := r.handle(); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, x := range r.sim.Calls() {
			_, at, _ := strings.Cut(x.Path, "{repo}/")
			got = append(got, x.Method+" "+at)
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %s, want %s", c.text, s, c.want)
		}
		r.settle()
	}
	if strings.Contains(r.log.String(), "level=warn") {
		t.Errorf("nothing is wrong, but the log tells\n%s", &r.log)
	}
}

// again queues a delivery of the past under another GUID.
func (r *rig) again(prefix string, which func(githubsim.Delivery) bool) {
	r.Helper()
	for _, d := range r.sim.Deliveries() {
		if which(d) {
			r.queue(queue.Delivery{GUID: prefix + d.GUID, Event: d.Event, Payload: d.Payload})
		}
	}
}

// TestAnsweredVersions: a comment that got its command by an edit was handled as edited: found as missed it is not handled again, while
// a new version of it, delivered, is.
func TestAnsweredVersions(t *testing.T) {
	r := newRig(t)
	id := r.comment("bob", "Words.")
	r.settle()
	r.after(time.Minute)
	r.sim.EditComment(id, "bob", "/dd status")
	r.settle()
	if n := len(r.said()); n != 1 {
		t.Fatalf("%d answers", n)
	}
	r.writes()
	for _, d := range r.sim.Deliveries() { // as the list of comments shows it today
		if d.Event == "issue_comment" && d.Action == "created" {
			text := strings.Replace(string(d.Payload), `"body":"Words."`, `"body":"/dd status"`, 1)
			r.queue(queue.Delivery{GUID: "catchup-" + d.GUID, Event: d.Event, Payload: []byte(text)})
		}
	}
	r.settle()
	if n := len(r.said()); n != 1 {
		t.Errorf("found as missed, it is answered again: %d answers", n)
	}
	r.after(time.Minute)
	r.sim.EditComment(id, "bob", "/dd status part\n/kind bug")
	r.settle()
	if n := len(r.said()); n != 2 || !r.sim.Issue(r.ref).HasLabel("kind/bug") {
		t.Errorf("a new version: %d answers", n)
	}
}

// TestOpenedBefore: the text of an issue that was answered by a reaction to the issue is not run again by a database that forgot it.
func TestOpenedBefore(t *testing.T) {
	r := newRig(t)
	r.ref = r.sim.OpenIssue(repo, "alice", "Another", "/dd done part\n\n## Part\n\n- [ ] One holds\n")
	r.settle()
	if i := r.sim.Issue(r.ref); !strings.Contains(i.Body, "[x] One") || len(i.Reactions) != 1 {
		t.Fatalf("%+v\n%s", i.Reactions, i.Body)
	}
	r.sim.EditBody(r.ref, "alice", strings.Replace(r.sim.Issue(r.ref).Body, "[x]", "[ ]", 1))
	r.settle()
	if err := r.db.Purge(t.Context(), r.now().Add(time.Second), engine.Perishable...); err != nil {
		t.Fatal(err)
	}
	r.writes()
	for _, d := range r.sim.Deliveries() {
		if d.Event == "issues" && d.Action == "opened" {
			if err := r.db.PutAll(t.Context(), queue.Record{Kind: queue.RecordAsked, ID: "again-" + d.GUID, Data: []byte("1")}); err != nil {
				t.Fatal(err)
			}
		}
	}
	r.again("again-", func(d githubsim.Delivery) bool { return d.Event == "issues" && d.Action == "opened" })
	r.settle()
	if got := r.writes(); got != "" {
		t.Errorf("it writes %s", got)
	}
}

// TestNewestWordIsRemembered: an older comment that is delivered after a newer one was carried out changes nothing of what that said.
func TestNewestWordIsRemembered(t *testing.T) {
	r := newRig(t)
	r.sim.SetMode(githubsim.Drop)
	for _, text := range []string{"/kind bug", "/remove-kind bug"} {
		r.comment("bob", text)
		r.after(10 * time.Second)
	}
	lost := slices.DeleteFunc(r.sim.Deliveries(), func(d githubsim.Delivery) bool { return d.Event != "issue_comment" })
	for _, d := range slices.Backward(lost) {
		r.queue(queue.Delivery{GUID: d.GUID, Event: d.Event, Payload: d.Payload})
		if err := r.handle(); err != nil {
			t.Fatal(err)
		}
		r.start()
	}
	if got := r.sim.Issue(r.ref).Labels; strings.Join(got, " ") != "kind/dd" {
		t.Errorf("labels %v", got)
	}
}

// TestOldPageTakesBackAll: all that ddbot wrote within ten minutes and a save took back is named, and the newest edit is not all.
func TestOldPageTakesBackAll(t *testing.T) {
	r := newRig(t)
	page := r.sim.Issue(r.ref).Body
	for _, item := range []string{"part.1", "part.2"} {
		r.comment("bob", "/dd done "+item)
		r.settle()
		r.after(time.Minute)
	}
	r.start() // it does not know who it is
	r.sim.EditBody(r.ref, "alice", page+"\nMore.\n")
	r.settle()
	if got := r.said(); len(got) != 1 || !strings.Contains(got[0], "One holds") || !strings.Contains(got[0], "Two holds") {
		t.Errorf("it says %q", got)
	}
}

// TestRaceSeenByAnother: the event of an edit that overwrote a person's is handled by a process that does not know yet who it is. An
// account without "[bot]" looks like a person's: only GitHub can say that it is ddbot's. Where GitHub may not be asked, that edit is
// a person's, and is not touched.
func TestRaceSeenByAnother(t *testing.T) {
	for _, c := range []struct {
		name, self string
		forbidden  bool
		back       bool // what alice wrote is put back
	}{
		{"a bot", bot, false, true},
		{"a machine user", "toc-robot", false, true},
		{"a machine user that may not ask who it is", "toc-robot", true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRigAs(t, c.self)
			r.comment("bob", "/dd done part.1")
			r.deliver()
			raced := false
			r.sim.Before(func(x githubsim.Call) {
				if x.As == c.self && x.Method == "PATCH" && !raced {
					raced = true
					r.sim.EditBody(r.ref, "alice", r.sim.Issue(r.ref).Body+"\nAlice wrote this.\n")
				}
			})
			if err := r.handle(); err != nil {
				t.Fatal(err)
			}
			r.start()
			if c.forbidden {
				r.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, Match: `^GET /user$`, As: c.self})
			}
			r.settle()
			want := map[bool]int{true: 1, false: 0}[c.back]
			if body := r.sim.Issue(r.ref).Body; !strings.Contains(body, "[x] One") || strings.Count(body, "Alice wrote this.") != want {
				t.Errorf("the description:\n%s", body)
			}
		})
	}
}

// TestWhoIsNotAsked: who ddbot is GitHub is asked only where that decides something: not for an edit where ddbot has written nothing, and
// not for one that did just what ddbot did.
func TestWhoIsNotAsked(t *testing.T) {
	for name, happens := range map[string]func(r *rig){
		"ddbot wrote nothing": func(r *rig) { r.sim.EditBody(r.ref, "alice", r.sim.Issue(r.ref).Body+"\nMore.\n") },
		"ddbot's own edit": func(r *rig) {
			r.comment("bob", "/dd done part.1")
			r.deliver()
			if err := r.handle(); err != nil {
				r.Fatal(err)
			}
		},
	} {
		r := newRig(t)
		r.settle()
		happens(r)
		r.start()
		r.sim.ResetCalls()
		r.settle()
		if n := len(r.sim.Calls()); n > 0 {
			t.Errorf("%s: %d calls, the first is %s %s", name, n, r.sim.Calls()[0].Method, r.sim.Calls()[0].Path)
		}
	}
}

// TestNoticeUnanswered: a change of ddbot's own notice that got no answer is made again: twice is once.
func TestNoticeUnanswered(t *testing.T) {
	r := newRig(t)
	for n, text := range []string{"First.", "Second."} {
		r.settings = plugin.DefaultSettings([]plugin.Plugin{act{event.Is[event.Labeled], []plan.Effect{plan.Notice{Key: "news", Text: text}}}})
		r.sim.RemoveLabel(r.ref, "bob", "kind/dd")
		r.sim.AddLabels(r.ref, "bob", "kind/dd")
		if n == 1 {
			r.fail(githubsim.CutBefore, `^PATCH .*/issues/comments/`)
			r.rests()
			r.start()
		}
		r.settle()
		if got := r.said(); len(got) != 1 || !strings.HasPrefix(got[0], text) {
			t.Errorf("it says %q", got)
		}
	}
}

// tells is a plugin that writes down whether the issue is tracked.
type tells struct {
	act
	tracked *[]bool
}

func (p tells) Handle(in plugin.Input) ([]plan.Effect, error) {
	if event.Is[event.CommentCreated](in.Event.Kind) {
		*p.tracked = append(*p.tracked, in.Tracked)
	}
	return nil, nil
}

// TestTrackedIsRemembered: a /dd command that succeeded makes the issue one that ddbot looks after, also for the next process.
func TestTrackedIsRemembered(t *testing.T) {
	r := newRig(t)
	var tracked []bool
	r.settings = plugin.DefaultSettings(append(r.settings.Catalog.Plugins, tells{tracked: &tracked}))
	r.sim.RemoveLabel(r.ref, "bob", "kind/dd")
	r.settle()
	for _, text := range []string{"Words.", "/dd done part.1", "Words."} {
		tracked = nil
		r.comment("bob", text)
		r.settle()
		r.start()
		if want := fmt.Sprint(text != "Words." || strings.Contains(r.sim.Issue(r.ref).Body, "[x]")); len(tracked) == 0 || fmt.Sprint(tracked[len(tracked)-1]) != want {
			t.Errorf("%s: tracked %v, want %s", text, tracked, want)
		}
	}
}

// TestTroubleUnanswered: an answer that is there only because of what GitHub refused is a comment like any: without an answer it is looked
// for, and not written twice.
func TestTroubleUnanswered(t *testing.T) {
	r := newRig(t)
	r.sim.Fault(githubsim.Fault{Kind: githubsim.Says, Status: 422, Body: `{"message":"Validation Failed"}`, Match: postLabels, As: bot})
	r.fail(githubsim.CutAfter, postComment)
	r.comment("bob", "/kind bug")
	r.rests()
	r.start()
	r.settle()
	if got := r.said(); len(got) != 1 || !strings.Contains(got[0], "GitHub refused to add labels") {
		t.Errorf("it says %q", got)
	}
}

// TestOwnAccount: whoever gives ddbot a token of their own account is told in the log, once, why their commands do nothing.
func TestOwnAccount(t *testing.T) {
	r := newRig(t)
	r.comment("bob", "/dd done part.1") // from its answer ddbot knows who it is
	r.settle()
	if strings.Contains(r.log.String(), "acts as the same account") {
		t.Errorf("said of another's:\n%s", &r.log)
	}
	for range 2 {
		r.comment(bot, "/dd done part.2")
		r.settle()
	}
	if n := strings.Count(r.log.String(), "acts as the same account"); n != 1 || strings.Contains(r.sim.Issue(r.ref).Body, "[x] Two") {
		t.Errorf("said %d times:\n%s", n, &r.log)
	}
}

// TestToldOncePerPerson: who mistypes a command is told once an hour, on whichever issue, by whichever process.
func TestToldOncePerPerson(t *testing.T) {
	r := newRig(t)
	for n, c := range []struct {
		as    string
		later time.Duration
		want  int
	}{{"bob", 0, 1}, {"bob", time.Minute, 1}, {"alice", 0, 2}, {"bob", time.Hour, 3}} {
		r.after(c.later)
		r.start()
		r.comment(c.as, "/ddone part.1")
		r.settle()
		if got := r.said(); len(got) != c.want {
			t.Errorf("%d: it says %q", n, got)
		}
	}
}

// TestOlderPayload: for a minute after ddbot wrote to an issue a payload may show it as it was before: what is asked for is done then,
// though it seems to be so already. Later what the payload shows counts.
func TestOlderPayload(t *testing.T) {
	for later, want := range map[time.Duration]bool{30 * time.Second: true, 2 * time.Minute: false} {
		r := newRig(t)
		r.comment("bob", "/kind bug")
		r.settle()
		r.after(later)
		r.writes()
		r.comment("bob", "/remove-kind bug")
		r.spoil = func(d *queue.Delivery) {
			d.Payload = []byte(strings.ReplaceAll(string(d.Payload), `"name":"kind/bug"`, `"name":"kind/dd"`))
		}
		if err := r.handle(); err != nil {
			t.Fatal(err)
		}
		if got := r.writes(); strings.Contains(got, "DELETE") != want {
			t.Errorf("%v later: %s", later, got)
		}
	}
}

// TestLostWords: a comment without a command that was lost, and is asked for once more, is heard: it cannot have been answered.
func TestLostWords(t *testing.T) {
	r := newRig(t)
	r.settle()
	var heard string
	r.settings = plugin.DefaultSettings([]plugin.Plugin{learns{got: &heard, ask: func(*fact.Set) (any, error) { return "heard", nil }}})
	r.sim.SetMode(githubsim.Drop)
	r.comment("bob", "Words.")
	for _, d := range r.sim.Deliveries() {
		if d.Event == "issue_comment" {
			if err := r.db.PutAll(t.Context(), queue.Record{Kind: queue.RecordAsked, ID: d.GUID, Data: []byte("1")}); err != nil {
				t.Fatal(err)
			}
			r.queue(queue.Delivery{GUID: d.GUID, Event: d.Event, Payload: d.Payload})
		}
	}
	r.settle()
	if heard != "heard" {
		t.Errorf("it is not heard\n%s", &r.log)
	}
}
