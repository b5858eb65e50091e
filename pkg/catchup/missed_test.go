package catchup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/registry"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/store/storetest"
	"github.com/ddbot/ddbot/pkg/webhook"
)

const (
	repo = "acme/toc"
	bot  = "ddbot[bot]"
)

// rig is a Catchup between a simulated GitHub with a webhook, and a real store behind the real receiver. Nobody works on what is
// stored: it is what the tests look at.
type rig struct {
	testing.TB
	*Catchup
	sim  *githubsim.Sim
	db   *store.DB
	ref  issue.Ref
	hook int64
	log  bytes.Buffer
	hits map[string]int // what was counted
}

// newRig has the bot in a role: an admin may read the log of deliveries.
func newRig(t testing.TB, role string) *rig {
	t.Helper()
	r := &rig{TB: t, sim: githubsim.New(githubsim.Options{Bot: bot, BotToken: "bot-token"}), hits: map[string]int{}}
	api := httptest.NewServer(r.sim)
	t.Cleanup(api.Close)
	r.sim.AddUser("owner")
	r.sim.AddRepo(repo, "owner")
	for _, login := range []string{"alice", "bob"} {
		r.sim.AddUser(login)
	}
	r.sim.SetRole(repo, "bob", "write")
	r.sim.SetRole(repo, bot, role)
	hub, err := github.New(github.Options{URL: api.URL, Token: "bot-token", Now: r.now})
	if err != nil {
		t.Fatal(err)
	}
	r.db = storetest.OpenAt(t, storetest.SQLite(t), r.now)
	log := logrus.New()
	log.Out = &r.log
	r.Catchup = &Catchup{Store: r.db, Hub: hub, Now: r.now, Log: log, Count: func(source string, n int) { r.hits[source] += n }}
	h, err := webhook.New(webhook.Options{
		Secrets: webhook.Secrets{webhook.Everywhere: {[]byte("s3cret")}}, Now: r.now, Log: storetest.Quiet(), Inbox: webhook.InboxFunc(r.Receive),
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	r.hook = r.sim.AddHook(githubsim.Hook{URL: srv.URL + "/hook", Secret: "s3cret", Repo: repo})
	r.ref = r.sim.OpenIssue(repo, "alice", "Move up", "- [ ] one\n") // its event brings the repository
	r.deliver()
	return r
}

func (r *rig) now() time.Time { return r.sim.Clock().Now() }

func (r *rig) after(d time.Duration) { r.sim.Clock().Advance(d) }

func (r *rig) deliver() {
	r.Helper()
	if err := r.sim.Drain(r.Context()); err != nil {
		r.Fatal(err)
	}
}

// lose has people act while nothing arrives.
func (r *rig) lose(f func()) {
	r.sim.SetMode(githubsim.Drop)
	f()
	r.deliver()
	r.sim.SetMode(githubsim.Deliver)
}

func (r *rig) run() {
	r.Helper()
	if err := r.Run(r.Context()); err != nil {
		r.Fatal(err)
	}
	r.deliver()
}

// waiting are the texts of the comments that wait, and the bodies of new issues, in order.
func (r *rig) waiting() (out []string) {
	r.Helper()
	c, err := r.db.Claim(r.Context(), r.key(), 8)
	if err != nil {
		r.Fatal(err)
	}
	w, err := c.Next(r.Context())
	if err = errors.Join(err, c.Release(r.Context(), 0)); err != nil {
		r.Fatal(err)
	}
	if w == nil {
		return nil
	}
	for _, d := range w.Deliveries() {
		ev, ok, err := payload.Decode(d.Event, d.Payload)
		if err != nil || !ok {
			r.Fatal(ok, err)
		}
		if text, _, ok := ev.Text(); ok && !event.Is[event.Opened](ev.Kind) {
			out = append(out, text)
		}
	}
	return out
}

func (r *rig) key() string { return event.Key(r.sim.Issue(r.ref).RepoID, r.ref.Number) }

func (r *rig) wants(what string, texts ...string) {
	r.Helper()
	if got := r.waiting(); !slices.Equal(got, texts) {
		r.Errorf("%s: %q wait, want %q\n%s", what, got, texts, &r.log)
	}
}

// TestLog: GitHub's log of deliveries tells what did not arrive, and GitHub is asked for that once more, the oldest first. What did is
// left alone, and so is what ddbot has no use for.
func TestLog(t *testing.T) {
	r := newRig(t, "admin")
	r.sim.Comment(r.ref, "bob", "/dd arrived")
	r.deliver()
	r.lose(func() {
		for n := range 3 {
			r.after(time.Minute)
			r.sim.Comment(r.ref, "bob", fmt.Sprint("/dd missed ", n))
		}
		r.sim.ReactIssue(r.ref, "bob", "heart")
	})
	r.run()
	r.wants("after the first look", "/dd arrived", "/dd missed 0", "/dd missed 1", "/dd missed 2")
	if r.hits["redelivery"] != 3 || len(r.hits) != 1 {
		t.Errorf("counted %v", r.hits)
	}
	r.after(time.Hour)
	r.run()
	r.wants("after the second", "/dd arrived", "/dd missed 0", "/dd missed 1", "/dd missed 2")
	if r.hits["redelivery"] != 3 {
		t.Errorf("asked for again: %v", r.hits)
	}
}

// TestTexts: without the right to that log the comments are listed, and those with commands that nobody answered are queued.
func TestTexts(t *testing.T) {
	r := newRig(t, "write")
	answered := int64(0)
	r.lose(func() {
		r.after(time.Minute)
		r.sim.Comment(r.ref, "bob", "/dd missed")
		r.sim.Comment(r.ref, "bob", "Words.")
		r.sim.AddBot("other[bot]")
		r.sim.Comment(r.ref, "other[bot]", "/dd of a bot")
		r.after(time.Minute)
		answered = r.sim.Comment(r.ref, "bob", "/dd answered")
		forged := r.sim.Comment(r.ref, "alice", "Words.")
		r.after(time.Minute)
		r.sim.EditComment(forged, "bob", "/dd forged")
		mended := r.sim.Comment(r.ref, "alice", "/dd menedd")
		r.after(time.Minute)
		r.sim.EditComment(mended, "alice", "/dd mended")
	})
	err := r.db.PutAll(t.Context(), queue.Record{Kind: "answered", ID: fmt.Sprintf("%s/c%d", r.key(), answered), Data: []byte("1")})
	if err != nil {
		t.Fatal(err)
	}
	r.run()
	r.wants("after the first look", "/dd missed", "/dd mended")
	if r.hits["comment"] != 2 || !strings.Contains(r.log.String(), "it is not run") {
		t.Errorf("counted %v\n%s", r.hits, &r.log)
	}
	r.run()
	r.wants("after the second", "/dd missed", "/dd mended")
	if r.hits["comment"] != 2 {
		t.Errorf("queued again: %v", r.hits)
	}
}

// TestOverlap: clocks differ and deliveries are under way: what is ten minutes older than the last look is looked at again, and no more.
func TestOverlap(t *testing.T) {
	r := newRig(t, "write")
	seen := r.now()
	for _, c := range []struct {
		source string
		data   string
		want   time.Time
		bad    bool
	}{
		{"none", "", seen.Add(-24 * time.Hour), false},
		{"known", seen.Format(time.RFC3339), seen.Add(-10 * time.Minute), false},
		{"with a line end", seen.Format(time.RFC3339) + "\n", seen.Add(-10 * time.Minute), false},
		{"broken", "yesterday", time.Time{}, true},
	} {
		if c.data != "" {
			if err := r.db.PutAll(t.Context(), queue.Record{Kind: recordSeen, ID: c.source, Data: []byte(c.data)}); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := r.since(t.Context(), c.source); (err != nil) != c.bad || !c.bad && !got.Equal(c.want) {
			t.Errorf("%s: since %v, %v, want %v", c.source, got, err, c.want)
		}
	}
	for _, c := range []struct {
		name string
		ago  time.Duration
		want []string
	}{{"within ten minutes", 9 * time.Minute, []string{"/dd late"}}, {"before", 11 * time.Minute, nil}} {
		r := newRig(t, "write")
		r.run()
		r.lose(func() { r.sim.Comment(r.ref, "bob", "/dd late") })
		until := r.now().Add(c.ago)
		if err := r.saw(t.Context(), fmt.Sprintf("comments/%d", r.sim.Issue(r.ref).RepoID), until); err != nil {
			t.Fatal(err)
		}
		r.after(c.ago)
		r.run()
		r.wants(c.name, c.want...)
	}
}

// TestAskApart: a delivery that fails again and again is asked for five times, counted once in five minutes, and then left alone.
func TestAskApart(t *testing.T) {
	r := newRig(t, "admin")
	d := github.HookDelivery{GUID: "g"}
	asked := func() string {
		ok, err := r.ask(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		rec, _ := r.db.Get(t.Context(), queue.RecordAsked, "g")
		return fmt.Sprint(ok, " ", string(rec.Data))
	}
	for n, c := range []struct {
		later time.Duration
		want  string
	}{
		{0, "true 1"}, {0, "true 1"}, {askApart - time.Second, "true 1"}, {time.Second, "true 2"}, {askApart, "true 3"}, {askApart, "true 4"},
		{askApart, "true 5"}, {0, "false 5"}, {time.Hour, "false 5"},
	} {
		r.after(c.later)
		if got := asked(); got != c.want {
			t.Errorf("%d: %s, want %s", n, got, c.want)
		}
	}
}

// TestMissed: what the log says of a delivery that came several times, and what of it is worth asking for.
func TestMissed(t *testing.T) {
	r := newRig(t, "admin")
	if _, err := r.db.Receive(t.Context(), queue.Delivery{GUID: "stored", Key: "k", Event: "issues", Payload: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	at := func(n int) time.Time { return r.now().Add(time.Duration(n) * time.Minute) }
	missed, err := r.missed(t.Context(), []github.HookDelivery{
		{ID: 9, GUID: "late", At: at(5), Event: "issue_comment", Action: "created"},
		{ID: 1, GUID: "twice", At: at(3), Event: "issues", Action: "labeled"},
		{ID: 2, GUID: "twice", At: at(1), Event: "issues", Action: "labeled"},
		{ID: 3, GUID: "second try", At: at(1), Event: "issues", Action: "labeled"},
		{ID: 4, GUID: "second try", At: at(2), Event: "issues", Action: "labeled", OK: true},
		{ID: 5, GUID: "stored", At: at(1), Event: "issues", Action: "opened"},
		{ID: 6, GUID: "of no use", At: at(1), Event: "push", Action: ""},
		{ID: 7, GUID: "in another database", At: at(4), Event: "issue_comment", Action: "created", OK: true},
		{ID: 8, GUID: "in another database, no text", At: at(4), Event: "issues", Action: "closed", OK: true},
	})
	var got []string
	for _, d := range missed {
		got = append(got, fmt.Sprint(d.GUID, " ", d.ID))
	}
	if want := "twice 2, in another database 7, late 9"; err != nil || strings.Join(got, ", ") != want {
		t.Errorf("%s, %v, want %s", strings.Join(got, ", "), err, want)
	}
}

// TestNote: a repository is remembered with its own hook, and written once an hour; what is not from GitHub is not remembered.
func TestNote(t *testing.T) {
	r := newRig(t, "write")
	known := func() (out registry.Repo) {
		t.Helper()
		rs, err := registry.All(t.Context(), r.db, 0)
		if err != nil || len(rs) != 1 {
			t.Fatalf("%+v, %v", rs, err)
		}
		return rs[0]
	}
	if got := known(); got.HookID != r.hook || got.Ref().FullName() != repo {
		t.Errorf("%+v", got)
	}
	env := payload.Envelope{RepoID: known().ID, Owner: "acme", Repo: "new-name", Installation: 7}
	if err := r.Note(t.Context(), http.Header{}, payload.Envelope{}); err != nil {
		t.Fatal(err)
	}
	if err := r.Note(t.Context(), http.Header{}, env); err != nil {
		t.Fatal(err)
	}
	if got := known(); got.Name != "new-name" || got.Installation != 7 || got.HookID != 0 {
		t.Errorf("%+v", got)
	}
	gone := registry.Repo{ID: env.RepoID}
	for _, c := range []struct {
		later time.Duration
		again bool
	}{{noteAgain - time.Second, false}, {time.Second, true}} {
		if err := registry.Put(t.Context(), r.db, gone); err != nil {
			t.Fatal(err)
		}
		r.after(c.later)
		if err := r.Note(t.Context(), http.Header{}, env); err != nil {
			t.Fatal(err)
		}
		if again := known().Name == "new-name"; again != c.again {
			t.Errorf("%v later: written again %v", c.later, again)
		}
	}
}

// TestTrouble: a repository that is gone is forgotten, an outage of one does not keep it from the others, a rate limit puts it all off.
func TestTrouble(t *testing.T) {
	r := newRig(t, "write")
	if err := registry.Put(t.Context(), r.db, registry.Repo{ID: 99, Repo: issue.Repo{Owner: "acme", Name: "gone"}}); err != nil {
		t.Fatal(err)
	}
	r.lose(func() { r.sim.Comment(r.ref, "bob", "/dd missed") })
	over := r.sim.Fault(githubsim.Fault{Kind: githubsim.PrimaryLimit, RetryAfter: 20 * time.Minute, As: bot})
	var rest *queue.Snooze
	if err := r.Run(t.Context()); !errors.As(err, &rest) || rest.For != 20*time.Minute {
		t.Errorf("limited: %v", err)
	}
	over()
	r.after(20 * time.Minute)
	over = r.sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, As: bot, Match: "/issues/comments$"})
	if err := r.Run(t.Context()); err == nil || errors.As(err, &rest) || !strings.Contains(err.Error(), "catch up with acme/toc") {
		t.Errorf("down: %v", err)
	}
	over()
	r.run()
	r.wants("when all is over", "/dd missed")
	if rs, err := registry.All(t.Context(), r.db, 0); err != nil || len(rs) != 1 {
		t.Errorf("%+v, %v", rs, err)
	}
	if err := r.db.PutAll(t.Context(), queue.Record{Kind: "source", ID: "98", Data: []byte("{")}); err != nil {
		t.Fatal(err)
	}
	if err := r.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "read record source 98") {
		t.Errorf("a broken record: %v", err)
	}
}

// TestStart waits until what it asked for has come.
func TestStart(t *testing.T) {
	r := newRig(t, "admin")
	r.lose(func() { r.sim.Comment(r.ref, "bob", "/dd missed") })
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.wants("when it returns", "/dd missed")
	r.lose(func() { r.sim.Comment(r.ref, "bob", "/dd more") })
	r.sim.SetMode(githubsim.Hold)
	ctx, cancel := context.WithCancel(t.Context())
	r.Count = func(string, int) { cancel() } // it was asked for, and does not come
	if err := r.Start(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestOnlyLog: who may read the log and not ask for anything lists the comments.
func TestOnlyLog(t *testing.T) {
	r := newRig(t, "admin")
	r.lose(func() {
		r.after(time.Minute)
		r.sim.Comment(r.ref, "bob", "/dd missed")
	})
	r.sim.Fault(githubsim.Fault{Kind: githubsim.Forbidden, As: bot, Match: "/attempts$"})
	r.run()
	r.wants("by the list", "/dd missed")
	if r.hits["comment"] != 1 || r.hits["redelivery"] != 0 {
		t.Errorf("counted %v", r.hits)
	}
}
