package githubsim_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

func TestPatchIssue(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.AddMilestone(repoName, "v1")
	ref := w.OpenIssue(repoName, "alice", "Promotion", "- [ ] a\r\n")
	c := w.client("wanda")
	edit := func(rq *github.IssueRequest) (*github.Issue, int) {
		i, rs, err := c.Issues.Edit(ctx, owner, name, ref.Number, rq)
		return i, status(rs, err)
	}
	w.Clock().Advance(time.Hour)
	i, code := edit(&github.IssueRequest{Title: github.String("New"), Body: github.String("- [x] a\r\n"), Milestone: github.Int(1)})
	want(t, "status", code, 200)
	want(t, "body", i.GetBody(), "- [x] a\r\n")
	want(t, "milestone", i.GetMilestone().GetTitle(), "v1")
	want(t, "updated_at", i.GetUpdatedAt().Time, w.Clock().Now())
	for _, reason := range []string{"completed", "not_planned", "duplicate"} {
		i, code = edit(&github.IssueRequest{State: github.String("closed"), StateReason: github.String(reason)})
		want(t, "close", say(code, i.GetState(), i.GetStateReason(), i.GetClosedBy().GetLogin()), "200 closed "+reason+" wanda")
		i, _ = edit(&github.IssueRequest{State: github.String("open")})
		want(t, "reopen", i.GetState()+" "+i.GetStateReason(), "open reopened")
	}
	for what, rq := range map[string]*github.IssueRequest{
		"state":     {State: github.String("shut")},
		"reason":    {State: github.String("closed"), StateReason: github.String("bored")},
		"title":     {Title: github.String(" ")},
		"body":      {Body: github.String(strings.Repeat("é", 65537))},
		"milestone": {Milestone: github.Int(7)},
		"label":     {Labels: &[]string{strings.Repeat("x", 51)}},
	} {
		_, code := edit(rq)
		want(t, what, code, 422)
	}
	_, code = edit(&github.IssueRequest{Body: github.String(strings.Repeat("é", 65536))})
	want(t, "the longest body", code, 200)
	_, code = edit(&github.IssueRequest{Labels: &[]string{"kind/bug"}, Assignees: &[]string{"tina", "nobody"}})
	want(t, "sets", code, 200)
	got := w.Issue(ref)
	wantList(t, "labels", got.Labels, "kind/bug")
	wantList(t, "assignees", got.Assignees, "tina")
	want(t, "unknown calls", len(w.Unknown()), 0)
}

func TestRights(t *testing.T) {
	w := newWorld(t, githubsim.Options{App: &githubsim.App{}})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "text")
	patch := func(as string, rq *github.IssueRequest) int {
		_, rs, err := w.client(as).Issues.Edit(ctx, owner, name, ref.Number, rq)
		return status(rs, err)
	}
	body, closed, open := &github.IssueRequest{Body: github.String("x")}, &github.IssueRequest{State: github.String("closed")}, &github.IssueRequest{State: github.String("open")}
	want(t, "a stranger edits", patch("stranger", body), 403)
	want(t, "triage edits", patch("tina", body), 403)
	want(t, "the author edits", patch("alice", body), 200)
	want(t, "the bot edits", patch(bot, &github.IssueRequest{Body: github.String("y")}), 200)
	want(t, "a stranger closes", patch("stranger", closed), 403)
	want(t, "triage closes", patch("tina", closed), 200)
	want(t, "the author reopens what another closed", patch("alice", open), 403)
	want(t, "triage reopens", patch("tina", open), 200)
	want(t, "the author closes", patch("alice", closed), 200)
	want(t, "the author reopens", patch("alice", open), 200)
	_, rs, err := w.client("stranger").Issues.AddLabelsToIssue(ctx, owner, name, ref.Number, []string{"kind/bug"})
	want(t, "a stranger labels", status(rs, err), 403)
	_, rs, err = w.clientWith("wrong").Issues.Get(ctx, owner, name, ref.Number)
	want(t, "a wrong token", status(rs, err), 401)
	rs2, err := http.Post(w.url+"/repos/"+repoName+"/issues", "application/json", strings.NewReader(`{"title":"x"}`))
	ok(t, err)
	want(t, "without a token", rs2.StatusCode, 401)

	w.SetPrivate(repoName, true)
	_, rs, err = w.client("stranger").Issues.Get(ctx, owner, name, ref.Number)
	want(t, "a private repository", status(rs, err), 404)
	if err := w.Try(func() { w.EditBody(ref, "stranger", "z") }); err == nil {
		t.Error("a stranger could edit")
	}
	i, _, err := w.client("rick").Issues.Create(ctx, owner, name, &github.IssueRequest{Title: github.String("Mine"), Labels: &[]string{"kind/bug"}})
	ok(t, err)
	want(t, "labels from a reader are dropped", len(i.Labels), 0)
}

func TestListIssues(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	for n := range 130 {
		w.Clock().Advance(time.Minute)
		ref := w.OpenIssue(repoName, "tina", fmt.Sprint(n), "", map[bool][]string{true: {"kind/bug"}}[n%2 == 0]...)
		if n%5 == 0 {
			w.Close(ref, "tina", "")
		}
	}
	c := w.client(bot)
	count := func(opts github.IssueListByRepoOptions) (numbers []int, calls int) {
		opts.PerPage = 50
		for {
			list, rs, err := c.Issues.ListByRepo(ctx, owner, name, &opts)
			ok(t, err)
			calls++
			for _, i := range list {
				numbers = append(numbers, i.GetNumber())
			}
			if rs.NextPage == 0 {
				return numbers, calls
			}
			opts.Page = rs.NextPage
		}
	}
	all, calls := count(github.IssueListByRepoOptions{State: "all", Sort: "updated", Direction: "asc"})
	want(t, "all", say(len(all), calls, all[0], all[129]), "130 3 1 130")
	open, _ := count(github.IssueListByRepoOptions{})
	want(t, "open, newest first", say(len(open), open[0]), "104 130")
	bugs, _ := count(github.IssueListByRepoOptions{State: "all", Labels: []string{"KIND/bug"}})
	want(t, "labelled", len(bugs), 65)
	since, _ := count(github.IssueListByRepoOptions{State: "all", Since: w.Clock().Now().Add(-2 * time.Minute)})
	want(t, "since, this second too", len(since), 3)
	_, rs, err := c.Issues.ListByRepo(ctx, owner, name, &github.IssueListByRepoOptions{ListOptions: github.ListOptions{Page: 9}})
	ok(t, err)
	want(t, "last page before page 9", rs.PrevPage, 4)
}

func TestPageShift(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	for range 60 {
		w.OpenIssue(repoName, "tina", "x", "")
	}
	c := w.client("tina")
	first, _, err := c.Issues.ListByRepo(ctx, owner, name, nil)
	ok(t, err)
	for _, i := range first {
		_, _, err := c.Issues.Edit(ctx, owner, name, i.GetNumber(), &github.IssueRequest{State: github.String("closed")})
		ok(t, err)
	}
	second, _, err := c.Issues.ListByRepo(ctx, owner, name, &github.IssueListByRepoOptions{ListOptions: github.ListOptions{Page: 2}})
	ok(t, err)
	want(t, "what closing while paging leaves on page 2", len(second), 0)
}

func TestNotModified(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	get := func(tag string) *http.Response {
		rq, _ := http.NewRequest("GET", w.url+"/repos/"+repoName+"/issues", nil)
		rq.Header.Set("Authorization", "Bearer "+w.Token(bot))
		rq.Header.Set("If-None-Match", tag)
		rs, err := http.DefaultClient.Do(rq)
		ok(t, err)
		_ = rs.Body.Close()
		return rs
	}
	first := get("")
	again := get(first.Header.Get("ETag"))
	want(t, "unchanged", again.StatusCode, 304)
	want(t, "cost of a 304", again.Header.Get("X-RateLimit-Remaining"), first.Header.Get("X-RateLimit-Remaining"))
	w.ReactIssue(ref, "rick", "+1")
	want(t, "a reaction shows", get(first.Header.Get("ETag")).StatusCode, 200)
	want(t, "changed", get(first.Header.Get("ETag")).Header.Get("X-RateLimit-Remaining"), "4997")
}

func TestConditionalWriteIsRefused(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	rq, _ := http.NewRequest("PATCH", fmt.Sprintf("%s/repos/%s/issues/%d", w.url, repoName, ref.Number), strings.NewReader(`{"body":"x"}`))
	rq.Header.Set("Authorization", "Bearer "+w.Token("alice"))
	rq.Header.Set("If-Match", `"x"`)
	rs, err := http.DefaultClient.Do(rq)
	ok(t, err)
	want(t, "If-Match", rs.StatusCode, 400)
	want(t, "body", w.Issue(ref).Body, "")
}

// Everything moves updated_at but reactions and mentions elsewhere.
func TestUpdatedAt(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	id := w.Comment(ref, "rick", "hello")
	for _, step := range []struct {
		name  string
		do    func()
		moves bool
	}{
		{"comment", func() { w.Comment(ref, bot, "hi") }, true},
		{"edited comment", func() { w.EditComment(id, "rick", "hello!") }, true},
		{"same text again", func() { w.EditComment(id, "rick", "hello!") }, false},
		{"label", func() { w.AddLabels(ref, "tina", "kind/bug") }, true},
		{"same label again", func() { w.AddLabels(ref, "tina", "KIND/BUG") }, false},
		{"unlabel", func() { w.RemoveLabel(ref, "tina", "Kind/Bug") }, true},
		{"assign", func() { w.Assign(ref, "tina", "rick") }, true},
		{"unassign", func() { w.Unassign(ref, "tina", "rick") }, true},
		{"body", func() { w.EditBody(ref, "alice", "text") }, true},
		{"title", func() { w.EditTitle(ref, "alice", "Title") }, true},
		{"reaction", func() { w.React(id, "alice", "heart") }, false},
		{"reaction on the issue", func() { w.ReactIssue(ref, "alice", "eyes") }, false},
		{"mention", func() { w.OpenIssue(repoName, "rick", "Other", "see #1") }, false},
		{"close", func() { w.Close(ref, "alice", "not_planned") }, true},
		{"close again", func() { w.Close(ref, "alice", "completed") }, false},
		{"reopen", func() { w.Reopen(ref, "alice") }, true},
		{"lock", func() { w.Lock(ref, "wanda", "spam") }, true},
		{"unlock", func() { w.Unlock(ref, "wanda") }, true},
		{"deleted comment", func() { w.DeleteComment(id, "rick") }, true},
	} {
		before := w.Issue(ref).UpdatedAt
		w.Clock().Advance(time.Minute)
		step.do()
		want(t, step.name, w.Issue(ref).UpdatedAt.After(before), step.moves)
	}
}

func TestTransferAndDelete(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.AddRepo("kubevirt/kubevirt")
	w.AddLabel("kubevirt/kubevirt", "Kind/Bug")
	ref := w.OpenIssue(repoName, "tina", "Promotion", "text", "kind/bug", "help wanted")
	w.Comment(ref, "alice", "hello")
	to := w.Transfer(ref, "owner", "kubevirt/kubevirt")
	c := w.client(bot)
	i, rs, err := c.Issues.Get(ctx, owner, name, ref.Number)
	ok(t, err)
	want(t, "followed", rs.Request.URL.Path, fmt.Sprintf("/api/v3/repositories/%d/issues/1", w.Issue(to).RepoID))
	want(t, "labels that the new repository has", len(i.Labels), 1)
	want(t, "comments", i.GetComments(), 1)
	l, _, err := c.Issues.ListLabelsByIssue(ctx, owner, name, ref.Number, nil)
	ok(t, err)
	want(t, "labels, followed", len(l), 1)
	_, rs, err = c.Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: github.String("x")})
	want(t, "comment on a transferred issue", status(rs, err), 404)
	w.Delete(to, "owner")
	_, rs, err = c.Issues.Get(ctx, "kubevirt", "kubevirt", to.Number)
	want(t, "a deleted issue", status(rs, err), 410)
}

func TestTimeline(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "tina", "Promotion", "text", "kind/bug")
	w.RemoveLabel(ref, "tina", "kind/bug")
	w.AddMilestone(repoName, "v1")
	w.SetMilestone(ref, "tina", "v1")
	w.SetMilestone(ref, "tina", "")
	w.Assign(ref, "tina", "rick")
	w.EditTitle(ref, "tina", "Other")
	w.Comment(ref, "alice", "hello")
	w.Lock(ref, "wanda", "off-topic")
	w.Pin(ref, "wanda")
	pull := w.OpenPull(repoName, "alice", "Fix", "Fixes #1")
	w.Merge(pull, "mia")
	w.Reopen(ref, "tina")
	w.CloseByCommit(ref, "wanda", "6dcb09b5b57875f334f61aebed695e2e4193db5e")

	c := w.client(bot)
	lines, _, err := c.Issues.ListIssueTimeline(ctx, owner, name, ref.Number, nil)
	ok(t, err)
	var kinds []string
	for _, l := range lines {
		kinds = append(kinds, l.GetEvent())
	}
	wantList(t, "timeline", kinds, "labeled", "unlabeled", "milestoned", "demilestoned", "assigned", "renamed", "commented", "locked",
		"pinned", "cross-referenced", "closed", "reopened", "closed")
	events, _, err := c.Issues.ListIssueEvents(ctx, owner, name, ref.Number, nil)
	ok(t, err)
	want(t, "events without comments and references", len(events), 11)
	merged := events[8]
	want(t, "closed by the merge", say(merged.GetEvent(), merged.GetActor().GetLogin(), len(merged.GetCommitID())), "closed mia 40")
	want(t, "by commit", events[10].GetCommitID(), "6dcb09b5b57875f334f61aebed695e2e4193db5e")
	p, _, err := c.Issues.Get(ctx, owner, name, pull.Number)
	ok(t, err)
	want(t, "a pull request", say(p.IsPullRequest(), p.GetState()), "true closed")
	pr, _, err := c.PullRequests.Get(ctx, owner, name, pull.Number)
	ok(t, err)
	want(t, "merged", say(pr.GetMerged(), pr.GetMergedBy().GetLogin(), pr.GetMergeCommitSHA() == merged.GetCommitID()), "true mia true")
}

func TestUnknownCallsAreErrors(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	for _, call := range []string{"/repos/kubevirt/community/stargazers", "/repos/kubevirt/community/issues?assignee=alice"} {
		rs, err := http.Get(w.url + call)
		ok(t, err)
		want(t, call, rs.StatusCode, 501)
	}
	want(t, "noted", len(w.Unknown()), 2)
	w.Serve("GET /repos/kubevirt/community/stargazers", 200, []string{})
	rs, err := http.Get(w.url + "/repos/kubevirt/community/stargazers")
	ok(t, err)
	want(t, "served", rs.StatusCode, 200)
	want(t, "no more noted", len(w.Unknown()), 2)
}
