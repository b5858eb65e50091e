package githubsim_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/githubsim/openapicheck"
)

const secret = "s3cret"

// receiver is a webhook receiver that checks every payload: signature, go-github's types, GitHub's description.
type receiver struct {
	t      *testing.T
	doc    *openapicheck.Doc
	url    string
	mu     sync.Mutex
	events []received
	answer int
}

type received struct {
	guid, name, action string
	event              any
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{t: t, doc: openapicheck.Open(t), answer: 202}
	server := httptest.NewServer(r)
	t.Cleanup(server.Close)
	r.url = server.URL
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, rq *http.Request) {
	raw, err := github.ValidatePayload(rq, []byte(secret))
	if err != nil {
		r.t.Errorf("signature: %v", err)
	}
	name := github.WebHookType(rq)
	event, err := github.ParseWebHook(name, raw)
	if err != nil {
		r.t.Errorf("%s: %v", name, err)
	}
	var head struct {
		Action string `json:"action"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		r.t.Error(err)
	}
	if err := r.doc.Payload(name, head.Action, raw); err != nil {
		r.t.Error(err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, received{github.DeliveryID(rq), name, head.Action, event})
	w.WriteHeader(r.answer)
	_, _ = io.WriteString(w, "thanks")
}

func (r *receiver) take() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.events
	r.events = nil
	return out
}

func names(list []received) (out []string) {
	for _, e := range list {
		out = append(out, e.name+"."+e.action)
	}
	return out
}

// hooked gives a world with a receiver; the ping is over.
func hooked(t *testing.T, opts githubsim.Options) (*world, *receiver) {
	w, r := newWorld(t, opts), newReceiver(t)
	w.AddHook(githubsim.Hook{URL: r.url, Secret: secret})
	w.drain()
	wantList(t, "ping", names(r.take()), "ping.")
	return w, r
}

func TestWebhooksOfEverything(t *testing.T) {
	w, r := hooked(t, githubsim.Options{App: &githubsim.App{}})
	w.AddRepo("kubevirt/kubevirt")
	w.AddMilestone(repoName, "v1")
	ref := w.OpenIssue(repoName, "tina", "Promotion", "text", "kind/bug")
	id := w.Comment(ref, "alice", "hello")
	w.EditComment(id, "wanda", "hello there")
	w.DeleteComment(id, "alice")
	w.AddLabels(ref, "tina", "new")
	w.RemoveLabel(ref, "tina", "new")
	w.Assign(ref, "tina", "rick")
	w.Unassign(ref, "tina", "rick")
	w.SetMilestone(ref, "tina", "v1")
	w.SetMilestone(ref, "tina", "")
	w.EditBody(ref, "tina", "text 2")
	w.EditTitle(ref, "tina", "Title 2")
	w.Close(ref, "tina", "not_planned")
	w.Reopen(ref, "tina")
	w.Lock(ref, "wanda", "spam")
	w.Unlock(ref, "wanda")
	w.Pin(ref, "wanda")
	w.Unpin(ref, "wanda")
	w.Delete(w.Transfer(ref, "owner", "kubevirt/kubevirt"), "owner")
	w.drain()
	got := r.take()
	wantList(t, "events", names(got), "issues.opened", "issues.labeled", "issue_comment.created", "issue_comment.edited",
		"issue_comment.deleted", "label.created", "issues.labeled", "issues.unlabeled", "issues.assigned", "issues.unassigned",
		"issues.milestoned", "issues.demilestoned", "issues.edited", "issues.edited", "issues.closed", "issues.reopened",
		"issues.locked", "issues.unlocked", "issues.pinned", "issues.unpinned", "issues.transferred", "issues.opened", "issues.deleted")
	edited := got[3].event.(*github.IssueCommentEvent)
	want(t, "edited comment", edited.GetChanges().GetBody().GetFrom()+"|"+edited.GetComment().GetBody(), "hello|hello there")
	want(t, "sender and author", edited.GetSender().GetLogin()+" "+edited.GetComment().GetUser().GetLogin(), "wanda alice")
	want(t, "installation", edited.GetInstallation().GetID(), 815)
	body := got[12].event.(*github.IssuesEvent)
	want(t, "edited body", body.GetChanges().GetBody().GetFrom()+"|"+body.GetIssue().GetBody(), "text|text 2")
	title := got[13].event.(*github.IssuesEvent)
	want(t, "edited title", title.GetChanges().GetTitle().GetFrom(), "Promotion")
	want(t, "closed", got[14].event.(*github.IssuesEvent).GetIssue().GetStateReason(), "not_planned")
	want(t, "label", got[7].event.(*github.IssuesEvent).GetLabel().GetName(), "new")
}

// A pull request raises pull_request events where an issue raises issues events; its comments are issue comments.
func TestWebhooksOfPullRequests(t *testing.T) {
	w, r := hooked(t, githubsim.Options{App: &githubsim.App{}})
	ref := w.OpenPull(repoName, "tina", "Fix", "text", "kind/bug")
	w.RemoveLabel(ref, "tina", "kind/bug")
	w.Assign(ref, "tina", "rick")
	w.Unassign(ref, "tina", "rick")
	w.EditBody(ref, "tina", "text 2")
	w.Comment(ref, "alice", "hello")
	w.Close(ref, "tina", "")
	w.Reopen(ref, "tina")
	w.Merge(ref, "mia")
	w.drain()
	got := r.take()
	wantList(t, "events", names(got), "pull_request.opened", "pull_request.labeled", "pull_request.unlabeled",
		"pull_request.assigned", "pull_request.unassigned", "pull_request.edited", "issue_comment.created",
		"pull_request.closed", "pull_request.reopened", "pull_request.closed")
	want(t, "comment on a pull request", got[6].event.(*github.IssueCommentEvent).GetIssue().IsPullRequest(), true)
	want(t, "merged", got[9].event.(*github.PullRequestEvent).GetPullRequest().GetMerged(), true)
}

// The bot's own writes come back as webhooks, with the person's text that was overwritten in changes.
func TestOwnWritesComeBack(t *testing.T) {
	w, r := hooked(t, githubsim.Options{App: &githubsim.App{}})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "one")
	c := w.client(bot)
	cancel := w.Before(func(call githubsim.Call) {
		if call.Method == "PATCH" {
			w.EditBody(ref, "alice", "one and a half")
		}
	})
	_, _, err := c.Issues.Edit(ctx, owner, name, ref.Number, &github.IssueRequest{Body: github.String("two")})
	ok(t, err)
	cancel()
	w.drain()
	got := r.take()
	wantList(t, "events", names(got), "issues.opened", "issues.edited", "issues.edited")
	last := got[2].event.(*github.IssuesEvent)
	want(t, "sender", last.GetSender().GetLogin()+" "+last.GetSender().GetType(), "ddbot[bot] Bot")
	want(t, "what was overwritten", last.GetChanges().GetBody().GetFrom(), "one and a half")
}

func TestModes(t *testing.T) {
	w, r := hooked(t, githubsim.Options{Seed: 3})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "one")
	w.drain()
	r.take()

	w.SetMode(githubsim.Hold)
	for _, text := range []string{"1", "2", "3", "4", "5"} {
		w.Comment(ref, "alice", text)
	}
	w.drain()
	want(t, "held", len(w.Held()), 5)
	want(t, "delivered meanwhile", len(r.take()), 0)
	w.Reorder()
	w.Flush()
	w.drain()
	var order string
	for _, e := range r.take() {
		order += e.event.(*github.IssueCommentEvent).GetComment().GetBody()
	}
	if len(order) != 5 || order == "12345" {
		t.Errorf("reordered: %s", order)
	}

	w.SetMode(githubsim.Duplicate)
	w.Comment(ref, "alice", "twice")
	w.drain()
	twice := r.take()
	want(t, "duplicates", say(len(twice), twice[0].guid == twice[1].guid), "2 true")

	w.SetMode(githubsim.Drop)
	w.Comment(ref, "alice", "lost")
	w.drain()
	want(t, "dropped", len(r.take()), 0)
	log := w.Deliveries()
	lost := log[len(log)-1]
	want(t, "status of a dropped one", lost.StatusCode, 504)
	w.SetMode(githubsim.Deliver)
	w.Redeliver(lost.GUID)
	w.drain()
	again := r.take()
	want(t, "redelivered", say(len(again), again[0].guid == lost.GUID), "1 true")
	log = w.Deliveries()
	want(t, "second attempt", say(log[len(log)-1].Attempt, log[len(log)-1].StatusCode), "2 202")
}

func TestDeliveriesAPI(t *testing.T) {
	key, app := newKey(t)
	w, r := hooked(t, githubsim.Options{App: app})
	hook := w.AddHook(githubsim.Hook{URL: r.url, Secret: secret, Repo: repoName, Events: []string{"issues"}})
	w.drain()
	r.take()
	r.answer = 500
	ref := w.OpenIssue(repoName, "alice", "Promotion", "one")
	w.Comment(ref, "alice", "x") // for the app only
	w.drain()
	r.answer = 202
	for range 5 {
		w.Comment(ref, "alice", "y")
	}
	w.drain()
	r.take()

	asApp := w.clientWith(signed(t, key))
	var ids []int64
	opts := &github.ListCursorOptions{PerPage: 3}
	for pages := 1; ; pages++ {
		list, rs, err := asApp.Apps.ListHookDeliveries(ctx, opts)
		ok(t, err)
		for _, d := range list {
			ids = append(ids, d.GetID())
		}
		if rs.Cursor == "" {
			want(t, "pages", pages, 3)
			break
		}
		opts.Cursor = rs.Cursor
	}
	want(t, "deliveries of the app", len(ids), 8)
	first, _, err := asApp.Apps.GetHookDelivery(ctx, ids[6])
	ok(t, err)
	want(t, "the one that failed", say(first.GetEvent(), first.GetAction(), first.GetStatusCode()), "issues opened 500")
	payload, err := first.ParseRequestPayload()
	ok(t, err)
	want(t, "its payload", payload.(*github.IssuesEvent).GetIssue().GetTitle(), "Promotion")
	_, _, err = asApp.Apps.RedeliverHookDelivery(ctx, ids[6])
	if _, accepted := err.(*github.AcceptedError); !accepted {
		t.Errorf("redeliver: %v", err)
	}
	w.drain()
	wantList(t, "redelivered", names(r.take()), "issues.opened")

	ofRepo, _, err := w.client("owner").Repositories.ListHookDeliveries(ctx, owner, name, hook, nil)
	ok(t, err)
	want(t, "deliveries of the repository's hook", len(ofRepo), 2)
	hooks, _, err := w.client("owner").Repositories.ListHooks(ctx, owner, name, nil)
	ok(t, err)
	want(t, "hooks", hooks[0].GetID(), hook)
	_, rs, err := w.client("wanda").Repositories.ListHooks(ctx, owner, name, nil)
	want(t, "hooks for a writer", status(rs, err), 404)
}

// Two runs with the same seed do exactly the same.
func TestDeterministic(t *testing.T) {
	play := func() (out []githubsim.Delivery) {
		s := githubsim.New(githubsim.Options{Seed: 9})
		s.AddUser("alice")
		s.AddRepo(repoName, "owner")
		s.SetMode(githubsim.Drop)
		s.AddHook(githubsim.Hook{URL: "http://127.0.0.1:1", Secret: secret})
		ref := s.OpenIssue(repoName, "alice", "Promotion", "text")
		s.Clock().Advance(time.Hour)
		s.Comment(ref, "alice", "hello")
		return s.Deliveries()
	}
	a, b := play(), play()
	for n := range a {
		want(t, "guid", a[n].GUID, b[n].GUID)
		want(t, "payload", string(a[n].Payload), string(b[n].Payload))
	}
	want(t, "deliveries", len(a), 3)
}
