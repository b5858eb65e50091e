package github_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

var toc = issue.Ref{Owner: "acme", Repo: "toc", Number: 1}

func simulated(t *testing.T) (*githubsim.Sim, *github.Client) {
	sim := githubsim.New(githubsim.Options{Bot: "ddbot[bot]", BotToken: "t"})
	api := httptest.NewServer(sim)
	t.Cleanup(api.Close)
	for _, who := range []string{"alice", "bob"} {
		sim.AddUser(who)
	}
	sim.AddBot("renovate[bot]")
	sim.AddRepo("acme/toc", "owner")
	sim.SetRole("acme/toc", "bob", "write")
	sim.SetRole("acme/toc", "renovate[bot]", "write")
	hub, err := github.New(github.Options{URL: api.URL, Token: "t", Now: sim.Clock().Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if u := sim.Unknown(); len(u) > 0 {
			t.Errorf("the simulator does not know %v", u)
		}
	})
	return sim, hub.Client(0)
}

// TestHistories reads everything that can happen, of issues and of pull requests.
func TestHistories(t *testing.T) {
	sim, client := simulated(t)
	sim.AddMilestone("acme/toc", "v1")
	for _, ref := range []issue.Ref{sim.OpenIssue("acme/toc", "alice", "I", "Text."), sim.OpenPull("acme/toc", "renovate[bot]", "P", "Text.")} {
		var id int64
		for _, do := range []func(){
			func() { id = sim.Comment(ref, "bob", "Words.") },
			func() { sim.EditComment(id, "renovate[bot]", "Other words.") },
			func() { sim.AddLabels(ref, "ddbot[bot]", "a/b") },
			func() { sim.RemoveLabel(ref, "bob", "a/b") },
			func() { sim.Assign(ref, "bob", "bob") },
			func() { sim.SetMilestone(ref, "bob", "v1") },
			func() { sim.EditTitle(ref, "bob", "New") },
			func() { sim.EditBody(ref, "bob", "New text.") },
			func() { sim.EditBody(ref, "ddbot[bot]", "Ticked.") },
			func() { sim.ReactIssue(ref, "bob", "heart") },
			func() { sim.Close(ref, "bob", "") },
			func() { sim.Reopen(ref, "bob") },
		} {
			sim.Clock().Advance(time.Minute)
			do()
		}
		want := sim.Issue(ref)
		hs, err := client.Histories(context.Background(), toc, []string{want.NodeID}, github.Reading{Bodies: true})
		if err != nil {
			t.Fatal(err)
		}
		h := hs[0]
		if got := h.Issue; got.Author != want.Author || got.Body != "Ticked." || got.Milestone != "v1" || got.RepoID != want.RepoID ||
			got.PullRequest != want.PullRequest || !got.UpdatedAt.Equal(want.UpdatedAt) || got.State != issue.Open || !slices.Equal(got.Assignees, want.Assignees) {
			t.Errorf("%+v, want %+v", got, want.Snapshot)
		}
		var lines []string
		for _, x := range h.Timeline {
			lines = append(lines, fmt.Sprintf("%s %s bot=%v own=%v %s", x.Kind, x.By, x.Bot, x.Own, x.Label))
		}
		expected := []string{
			"comment bob bot=false own=false ", "edit renovate bot=true own=false ", "label ddbot bot=true own=true a/b",
			"unlabel bob bot=false own=false a/b", "change bob bot=false own=false ", "change bob bot=false own=false ",
			"edit bob bot=false own=false ", "edit bob bot=false own=false ", "edit ddbot bot=true own=true ",
			"reaction bob bot=false own=false ", "close bob bot=false own=false ", "reopen bob bot=false own=false ",
		}
		if !slices.Equal(lines, expected) || h.Timeline[0].ID != id {
			t.Errorf("%q", lines)
		}
	}
}

// TestHistoriesOlder reads further back where what comes at once is not enough.
func TestHistoriesOlder(t *testing.T) {
	sim, client := simulated(t)
	ref := sim.OpenIssue("acme/toc", "alice", "I", "Text.")
	for n := range 250 {
		sim.Clock().Advance(time.Minute)
		sim.Comment(ref, "renovate[bot]", fmt.Sprint(n))
	}
	for _, back := range []int{15, 115, 250} {
		hs, err := client.Histories(context.Background(), toc, []string{sim.Issue(ref).NodeID}, github.Reading{
			Enough: func(h *github.History) bool { return len(h.Timeline) >= back },
		})
		if err != nil || len(hs[0].Timeline) != back || hs[0].Timeline[0].Text != fmt.Sprint(250-back) || hs[0].Oldest.IsZero() != (back == 250) {
			t.Errorf("%v: %d lines, first %+v", err, len(hs[0].Timeline), hs[0].Timeline[0])
		}
	}
}

// TestHistoriesPartial: halves are asked for again, and what never comes is nil; what is gone is told.
func TestHistoriesPartial(t *testing.T) {
	sim, client := simulated(t)
	var ids []string
	for range 100 {
		ids = append(ids, sim.Issue(sim.OpenIssue("acme/toc", "alice", "I", "Text.")).NodeID)
	}
	sim.Delete(issue.Ref{Owner: "acme", Repo: "toc", Number: 3}, "owner")
	count := func() (known, gone int) {
		hs, err := client.Histories(context.Background(), toc, ids, github.Reading{})
		if err != nil {
			t.Fatal(err)
		}
		for n, h := range hs {
			switch {
			case h == nil:
			case h.Gone:
				gone++
			case h.Issue.Ref.Number != n+1:
				t.Errorf("%d is %d", n+1, h.Issue.Ref.Number)
			default:
				known++
			}
		}
		return known, gone
	}
	sim.ResetCalls()
	if known, gone := count(); known != 99 || gone != 1 || len(sim.Calls()) != 1 {
		t.Errorf("%d known, %d gone, %d calls", known, gone, len(sim.Calls()))
	}
	sim.Fault(githubsim.Fault{Kind: githubsim.GraphQLPartial, Match: "graphql"})
	sim.ResetCalls()
	if known, _ := count(); known < 80 || known > 95 || len(sim.Calls()) != 3 { // 50, 25 and 12 or 13 in three queries
		t.Errorf("%d known, %d calls", known, len(sim.Calls()))
	}
	// A query that GitHub cannot answer at all is made smaller, too.
	sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, Match: "graphql", Times: 1})
	if known, _ := count(); known < 70 {
		t.Errorf("%d known after a 502", known)
	}
}

// TestListIssues: the same listing again is free, a change is seen, and a limit is an error with a time.
func TestListIssues(t *testing.T) {
	sim, client := simulated(t)
	for range 250 {
		sim.OpenIssue("acme/toc", "alice", "I", "Text.")
		sim.Clock().Advance(time.Second)
	}
	ctx := context.Background()
	all, err := client.ListIssues(ctx, toc, github.Listing{State: "all"})
	if err != nil || len(all.Issues) != 250 || all.ETag == "" {
		t.Fatalf("%d, %q, %v", len(all.Issues), all.ETag, err)
	}
	next := github.Listing{State: "all", Since: all.Since, ETag: all.ETag}
	if again, err := client.ListIssues(ctx, toc, next); err != nil || !again.Unchanged {
		t.Errorf("%+v, %v", again, err)
	}
	sim.Comment(toc, "bob", "Words.")
	changed, err := client.ListIssues(ctx, toc, next)
	if err != nil || changed.Unchanged || !slices.ContainsFunc(changed.Issues, func(s issue.Snapshot) bool { return s.Ref == toc }) {
		t.Errorf("%+v, %v", changed, err)
	}
	sim.Fault(githubsim.Fault{Kind: githubsim.PrimaryLimit, RetryAfter: time.Hour})
	if _, err := client.ListIssues(ctx, toc, next); !github.IsRateLimit(err) {
		t.Errorf("%v", err)
	}
	if _, err := client.Histories(ctx, toc, []string{"x"}, github.Reading{}); !github.IsRateLimit(err) {
		t.Errorf("%v", err)
	}
}
