package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

// openNumbers reads all open issues, and tells in how many calls.
func openNumbers(t *testing.T, sim *githubsim.Sim, client *github.Client) (found map[int]*github.History, calls int, err error) {
	t.Helper()
	found = map[int]*github.History{}
	sim.ResetCalls()
	err = client.OpenIssues(t.Context(), toc, github.Reading{}, func(hs []*github.History) error {
		for _, h := range hs {
			if found[h.Issue.Ref.Number] != nil {
				t.Errorf("%d comes twice", h.Issue.Ref.Number)
			}
			found[h.Issue.Ref.Number] = h
		}
		return nil
	})
	return found, len(sim.Calls()), err
}

// TestOpenIssues: every open issue comes once with what happened to it, pull requests only cost a call where there are any, and what
// GitHub cannot answer at once is asked for in smaller pages.
func TestOpenIssues(t *testing.T) {
	sim, client := simulated(t)
	for n := range 250 {
		ref := sim.OpenIssue("acme/toc", "alice", fmt.Sprint(n+1), "Text.")
		sim.Clock().Advance(time.Second)
		sim.Comment(ref, "bob", "Words.")
	}
	sim.Close(issue.Ref{Owner: "acme", Repo: "toc", Number: 7}, "owner", "")
	found, calls, err := openNumbers(t, sim, client)
	if err != nil || len(found) != 249 || found[7] != nil || calls != 3 {
		t.Errorf("%v: %d in %d calls", err, len(found), calls)
	}
	if h := found[250]; len(h.Timeline) != 1 || h.Timeline[0].By != "bob" || h.Issue.NodeID == "" || h.Issue.RepoID == 0 {
		t.Errorf("%+v", h)
	}
	pull := sim.OpenPull("acme/toc", "alice", "P", "Text.")
	sim.Fault(githubsim.Fault{Kind: githubsim.Status502Before, Match: "graphql", Times: 1})
	found, calls, err = openNumbers(t, sim, client)
	if err != nil || len(found) != 250 || !found[pull.Number].Issue.PullRequest || found[1].Issue.PullRequest || calls != 1+5+1 {
		t.Errorf("%v: %d in %d calls", err, len(found), calls)
	}
	stop := errors.New("no more")
	if err := client.OpenIssues(t.Context(), toc, github.Reading{}, func([]*github.History) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	sim.Fault(githubsim.Fault{Kind: githubsim.PrimaryLimit, RetryAfter: time.Minute})
	if _, calls, err := openNumbers(t, sim, client); !github.IsRateLimit(err) || calls != 1 {
		t.Errorf("%d calls: %v", calls, err)
	}
}

// TestOpenIssuesInPart: of what came in part only the issue counts; what did not come at all is an error, for nobody knows what it was.
func TestOpenIssuesInPart(t *testing.T) {
	sim, client := simulated(t)
	says := func(nodes, path string) {
		sim.Fault(githubsim.Fault{Kind: githubsim.Says, Match: "graphql", Times: 1, Status: http.StatusOK, Body: `{"data":{"viewer":{"login":"ddbot"},"repository":
			{"pullRequests":{"totalCount":0},"page":{"pageInfo":{"hasNextPage":false},"nodes":[` + nodes + `]}}},
			"errors":[{"message":"Something went wrong.","path":[` + path + `]}]}`})
	}
	node := func(n int) string {
		return fmt.Sprintf(`{"__typename":"Issue","id":"I_%d","number":%[1]d,"updatedAt":"2026-11-01T00:00:00Z"}`, n)
	}
	says(node(1)+","+node(2), `"repository","page","nodes",1,"timelineItems"`)
	found, _, err := openNumbers(t, sim, client)
	if err != nil || len(found) != 2 || found[1].Part || !found[2].Part {
		t.Errorf("%v: %+v", err, found)
	}
	says(node(1)+",null", `"repository","page","nodes",1`)
	if _, _, err := openNumbers(t, sim, client); !errors.Is(err, github.ErrPart) {
		t.Error(err)
	}
	says(node(1), `"repository"`)
	if _, _, err := openNumbers(t, sim, client); !errors.Is(err, github.ErrUnavailable) {
		t.Error(err)
	}
}
