package github_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// onSim is the client of a bot on a simulated GitHub with one issue, and what was asked.
func onSim(t *testing.T) (*githubsim.Sim, *github.Client, issue.Ref, *[]string) {
	t.Helper()
	sim := githubsim.New(githubsim.Options{Bot: "ddbot[bot]", BotToken: "bot-token"})
	api := httptest.NewServer(sim)
	t.Cleanup(api.Close)
	for login, role := range map[string]string{"ann": "write", "bob": "triage", "ddbot[bot]": "write"} {
		if sim.AddUser("owner"); role == "write" && login == "ann" {
			sim.AddRepo("acme/toc", "owner")
		}
	}
	for login, role := range map[string]string{"ann": "write", "bob": "triage", "ddbot[bot]": "write"} {
		if login != "ddbot[bot]" {
			sim.AddUser(login)
		}
		sim.SetRole("acme/toc", login, role)
	}
	sim.AddLabel("acme/toc", "a", "b/c d")
	sim.AddMilestone("acme/toc", "v1")
	ref := sim.OpenIssue("acme/toc", "ann", "Title", "first")
	calls := &[]string{}
	hub, err := github.New(github.Options{URL: api.URL, Token: "bot-token", Now: sim.Clock().Now, UserAgent: "ddbot test", Observe: func(c github.Call) {
		*calls = append(*calls, fmt.Sprintf("%s %s %d", c.Method, c.Route, c.Status))
		if c.Remaining < 0 {
			t.Errorf("what remains of the limit was not seen: %+v", c)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return sim, hub.Client(0), ref, calls
}

// TestClient: each call does what it says and no more, and gives what GitHub then shows.
func TestClient(t *testing.T) {
	sim, c, ref, calls := onSim(t)
	ctx := t.Context()
	is := func(what string, got, want any, err error) {
		t.Helper()
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, %v, want %v", what, got, err, want)
		}
	}
	if c.KnownSelf() != "" {
		t.Error("nobody has told who we are")
	}
	self, err := c.Self(ctx)
	is("self", self+" "+c.KnownSelf(), "ddbot[bot] ddbot[bot]", err)
	all, err := c.AddLabels(ctx, ref, []string{"a", "b/c d"})
	is("labels", all, "[a b/c d]", err)
	is("a label off", sim.Issue(ref).Labels, "[a b/c d]", c.RemoveLabel(ctx, ref, "not there"))
	err = c.RemoveLabel(ctx, ref, "b/c d")
	is("a label off", sim.Issue(ref).Labels, "[a]", err)
	who, err := c.AddAssignees(ctx, ref, []string{"ann", "bob"})
	is("assignees", who, "[ann bob]", err)
	err = c.RemoveAssignees(ctx, ref, []string{"ann", "nobody"})
	is("unassigned", sim.Issue(ref).Assignees, "[bob]", err)
	got, err := c.EditIssue(ctx, ref, plan.Edit{Body: new("second"), State: new("closed"), StateReason: new("not_planned"), Milestone: new(1)})
	is("edited", got.Body+" "+got.State+" "+got.StateReason+" "+got.Milestone+" "+got.Title, "second closed not_planned v1 Title", err)
	got, err = c.EditIssue(ctx, ref, plan.Edit{Title: new("New"), Milestone: new(0)})
	is("edited", got.Body+" "+got.Milestone+" "+got.Title, "second  New", err)
	read, err := c.Issue(ctx, ref)
	is("read", read.Title+" "+read.Author, "New ann", err)
	id, err := c.CreateComment(ctx, ref, "hello")
	is("a comment", sim.Comments(ref)[0].Body, "hello", err)
	err = c.EditComment(ctx, ref, id, "hello again")
	is("a comment", sim.Comments(ref)[0].Body, "hello again", err)
	for range 2 {
		err = errors.Join(c.React(ctx, ref, id, "+1"), c.React(ctx, ref, 0, "heart"))
	}
	is("reactions", len(sim.Comments(ref)[0].Reactions)+len(sim.Issue(ref).Reactions), 2, err)
	hers := sim.Comment(ref, "ann", "mine")
	sim.React(hers, "bob", "+1")
	for _, x := range []struct {
		comment int64
		want    bool
	}{{id, true}, {0, true}, {hers, false}, {12345, false}} {
		did, err := c.Reacted(ctx, ref, x.comment)
		is(fmt.Sprint("reacted to ", x.comment), did, x.want, err)
	}
	cs, err := c.Comments(ctx, ref)
	is("comments", len(cs), 2, err)
	for login, want := range map[string]fact.Level{"ann": fact.Write, "bob": fact.Triage, "owner": fact.Admin, "nobody": fact.None} {
		l, err := c.Permission(ctx, ref, login)
		is(login, l, want, err)
	}
	names, err := c.Labels(ctx, ref)
	is("the repository's labels", names, "[a b/c d]", err)
	ms, err := c.Milestones(ctx, ref)
	is("milestones", ms, "[{v1 1}]", err)
	sim.AddFile("acme/toc", "OWNERS", "approvers: [ann]\n")
	file, found, err := c.File(ctx, ref, "OWNERS")
	is("a file", fmt.Sprint(string(file), found), "approvers: [ann]\ntrue", err)
	_, found, err = c.File(ctx, ref, "NOTHING")
	is("no file", found, false, err)
	ls, err := c.Labelings(ctx, ref)
	is("labelings", len(ls), 2, err)
	edits, err := c.Edits(ctx, ref)
	is("edits", fmt.Sprint(len(edits), *edits[0].Text, edits[0].Own, *edits[1].Text, edits[1].By), "2secondtruefirstann", err)
	if !slices.Contains(*calls, "DELETE /repos/{owner}/{repo}/issues/{number}/labels/{label} 200") || !slices.Contains(*calls, "GET /repos/{owner}/{repo}/contents/{path} 404") {
		t.Errorf("observed %q", *calls)
	}
}

// TestTeams: that a team cannot be seen is another answer than that somebody is not in it.
func TestTeams(t *testing.T) {
	sim, c, ref, _ := onSim(t)
	sim.AddTeam("acme/leads", "ann", "ddbot[bot]")
	for _, x := range []struct {
		team, login string
		want, gone  bool
	}{
		{"acme/leads", "ann", true, false}, {"acme/leads", "bob", false, false}, {"acme/secret", "bob", false, true}, {"acme/leads", "bob", false, false},
		{"", "nobody", false, false},
	} {
		in, err := c.TeamMember(t.Context(), ref, x.team, x.login)
		if in != x.want || errors.Is(err, github.ErrGone) != x.gone || err != nil && !x.gone {
			t.Errorf("%s in %q: %v, %v", x.login, x.team, in, err)
		}
	}
}

// TestMoved: an issue that was transferred is gone; a repository that was renamed goes on under its new name.
func TestMoved(t *testing.T) {
	sim, c, ref, _ := onSim(t)
	sim.AddRepo("acme/other", "owner")
	sim.SetRole("acme/other", "ddbot[bot]", "write")
	sim.Transfer(ref, "owner", "acme/other")
	if _, err := c.Issue(t.Context(), ref); !errors.Is(err, github.ErrGone) {
		t.Errorf("transferred: %v", err)
	}
	if _, err := c.EditIssue(t.Context(), ref, plan.Edit{Title: new("x")}); !errors.Is(err, github.ErrGone) {
		t.Errorf("an edit of one that was transferred: %v", err)
	}
}

// TestWritten: comments and new issues since a time, with whether anybody else has touched them, and the payload that GitHub would have
// sent.
func TestWritten(t *testing.T) {
	sim, c, ref, _ := onSim(t)
	sim.Clock().Advance(time.Hour)
	since := sim.Clock().Now()
	ids := []int64{sim.Comment(ref, "bob", "mine"), sim.Comment(ref, "bob", "mine, mended"), sim.Comment(ref, "bob", "mine, and hers")}
	sim.Clock().Advance(time.Minute)
	sim.EditComment(ids[1], "bob", "mine, mended so")
	sim.EditComment(ids[2], "ann", "hers")
	sim.OpenIssue("acme/toc", "bob", "Another", "text")
	cs, err := c.CommentsSince(t.Context(), ref, since)
	if err != nil || len(cs) != 3 {
		t.Fatalf("%d, %v", len(cs), err)
	}
	opened, err := c.OpenedSince(t.Context(), ref, since)
	if err != nil || len(opened) != 1 || opened[0].Number != 2 || opened[0].ID != 0 {
		t.Fatalf("%+v, %v", opened, err)
	}
	for _, w := range append(cs, opened...) {
		ok, err := c.Untouched(t.Context(), ref, w, "ddbot[bot]")
		if want := w.ID != ids[2]; err != nil || ok != want {
			t.Errorf("%d %q: %v, %v", w.ID, w.Body, ok, err)
		}
		name, payload, err := c.Payload(t.Context(), ref, 7, 9, w)
		if want := map[bool]string{true: "issues", false: "issue_comment"}[w.ID == 0]; err != nil || name != want || !strings.Contains(string(payload), `"installation":{"id":9}`) {
			t.Errorf("%d: %s, %v, %s", w.ID, name, err, payload)
		}
	}
}

// TestTokenFile: a token in a file may be exchanged while ddbot runs; within a minute it is not read again.
func TestTokenFile(t *testing.T) {
	sim := githubsim.New(githubsim.Options{Bot: "ddbot[bot]", BotToken: "new-token"})
	api := httptest.NewServer(sim)
	defer api.Close()
	sim.AddUser("owner")
	sim.AddRepo("acme/toc", "owner")
	file := filepath.Join(t.TempDir(), "token")
	now := time.Unix(1_000_000, 0)
	hub, err := github.New(github.Options{URL: api.URL, TokenFile: file, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	ask := func() error {
		_, err := hub.Client(0).Labels(t.Context(), issue.Ref{Owner: "acme", Repo: "toc", Number: 1})
		return err
	}
	if err := ask(); err == nil || !strings.Contains(err.Error(), "read the GitHub token") {
		t.Errorf("no file: %v", err)
	}
	write := func(token string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("old-token\n")
	if err := ask(); !errors.Is(err, github.ErrUnauthorized) {
		t.Errorf("a wrong one: %v", err)
	}
	write("new-token\n")
	if now = now.Add(time.Minute); ask() == nil {
		t.Error("it is read again within a minute")
	}
	now = now.Add(time.Second)
	if err := ask(); err != nil {
		t.Errorf("exchanged: %v", err)
	}
}

// TestRoute: few different values, whatever names and numbers a path holds.
func TestRoute(t *testing.T) {
	for path, want := range map[string]string{
		"/repos/a/b/issues/12":                    "/repos/{owner}/{repo}/issues/{number}",
		"/repos/a/b/issues/12/labels/kind%2Fbug":  "/repos/{owner}/{repo}/issues/{number}/labels/{label}",
		"/repos/a/b/labels":                       "/repos/{owner}/{repo}/labels",
		"/repos/a/b/collaborators/ann/permission": "/repos/{owner}/{repo}/collaborators/{login}/permission",
		"/repos/a/b/contents/docs/x.md":           "/repos/{owner}/{repo}/contents/{path}",
		"/orgs/acme/teams/leads/memberships/ann":  "/orgs/{name}/teams/{name}/memberships/{login}",
		"/orgs/acme/memberships/ann":              "/orgs/{name}/memberships/{login}",
		"/graphql":                                "/graphql",
		"/user":                                   "/user",
		"/repos/a/b/issues/comments/99/reactions": "/repos/{owner}/{repo}/issues/comments/{number}/reactions",
		"/app/installations/7/access_tokens":      "/app/installations/{number}/access_tokens",
	} {
		if got := github.Route(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}
