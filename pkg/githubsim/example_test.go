package githubsim_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// A person comments, the bot answers with a reaction over HTTP, and the test looks at what GitHub shows.
func Example() {
	sim := githubsim.New(githubsim.Options{})
	sim.AddUser("alice")
	sim.AddRepo("kubevirt/community", "owner")
	server := httptest.NewServer(sim)
	defer server.Close()

	ref := sim.OpenIssue("kubevirt/community", "alice", "Promotion", "- [ ] Code of conduct\n")
	id := sim.Comment(ref, "alice", "/dd done conduct")

	u := fmt.Sprintf("%s/repos/%s/issues/comments/%d/reactions", server.URL, ref.FullName(), id)
	rq, _ := http.NewRequest("POST", u, strings.NewReader(`{"content":"+1"}`))
	rq.Header.Set("Authorization", "Bearer "+sim.Token("ddbot[bot]"))
	rs, err := http.DefaultClient.Do(rq)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = rs.Body.Close()
	_ = sim.Drain(context.Background())

	fmt.Println(rs.StatusCode, sim.Issue(ref).Comments[0].Reactions)
	for _, call := range sim.Calls() {
		fmt.Println(call.Path, call.As)
	}
	// Output:
	// 201 [{ddbot[bot] +1}]
	// POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions ddbot[bot]
}
