package githubsim_test

import (
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// TestPublishing: the way of a file from a branch to a pull request, as somebody who may write goes it, and what GitHub says to who errs on it.
func TestPublishing(t *testing.T) {
	const branch, path = "ddbot/report", "docs/report.md"
	w := newWorld(t, githubsim.Options{})
	w.AddFile(repoName, "README.md", "Hello.")
	c, reader := w.client("wanda"), w.client("rick")
	head, _, err := c.Git.GetRef(ctx, owner, name, "heads/main")
	ok(t, err)
	sha := head.GetObject().GetSHA()
	ref := func(c *github.Client, branch, sha string) int {
		_, rs, err := c.Git.CreateRef(ctx, owner, name, &github.Reference{Ref: github.String("refs/heads/" + branch), Object: &github.GitObject{SHA: &sha}})
		return status(rs, err)
	}
	put := func(c *github.Client, branch, sha, text string) int {
		o := &github.RepositoryContentFileOptions{Message: github.String("Report"), Content: []byte(text), Branch: &branch}
		if sha != "" {
			o.SHA = &sha
		}
		_, rs, err := c.Repositories.CreateFile(ctx, owner, name, path, o)
		return status(rs, err)
	}
	pull := func(c *github.Client, head, base string) int {
		_, rs, err := c.PullRequests.Create(ctx, owner, name, &github.NewPullRequest{Title: github.String("Report"), Head: &head, Base: &base})
		return status(rs, err)
	}

	want(t, "a reader makes a branch", ref(reader, branch, sha), 404)
	want(t, "from what is not there", ref(c, branch, "6dcb09b5b57875f334f61aebed695e2e4193db5e"), 422)
	want(t, "a branch", ref(c, branch, sha), 201)
	want(t, "the same once more", ref(c, branch, sha), 422)
	_, rs, err := c.Git.GetRef(ctx, owner, name, "heads/other")
	want(t, "another branch", status(rs, err), 404)

	want(t, "nothing on it to pull", pull(c, branch, "main"), 422)
	want(t, "a reader writes", put(reader, branch, "", "One."), 404)
	want(t, "to a branch that is not there", put(c, "other", "", "One."), 404)
	want(t, "with a name for what is not there", put(c, branch, sha, "One."), 409)
	want(t, "a file", put(c, branch, "", "One."), 201)
	want(t, "again, without its name", put(c, branch, "", "Two."), 422)
	want(t, "again, with a wrong name", put(c, branch, sha, "Two."), 409)
	f, _, _, err := c.Repositories.GetContents(ctx, owner, name, path, &github.RepositoryContentGetOptions{Ref: branch})
	ok(t, err)
	want(t, "again", put(c, branch, f.GetSHA(), "Two."), 200)
	want(t, "the file", w.File(repoName, branch, path), "Two.")
	want(t, "the file on main", w.File(repoName, "main", path), "")

	want(t, "a reader opens a pull request", pull(reader, branch, "main"), 403)
	want(t, "from a branch that is not there", pull(c, "other", "main"), 422)
	want(t, "into one that is not there", pull(c, branch, "other"), 422)
	want(t, "a pull request", pull(c, branch, "main"), 201)
	want(t, "one more from the same branch", pull(c, branch, "main"), 422)
	for head, n := range map[string]int{owner + ":" + branch: 1, owner + ":other": 0, "": 1} {
		list, _, err := c.PullRequests.List(ctx, owner, name, &github.PullRequestListOptions{Head: head, Base: "main"})
		ok(t, err)
		want(t, "pull requests from "+head, len(list), n)
	}
	list, _, err := c.PullRequests.List(ctx, owner, name, &github.PullRequestListOptions{State: "closed"})
	ok(t, err)
	want(t, "closed ones", len(list), 0)

	w.Commit(repoName, branch, "mia", "docs/more.md", "More.")
	branches := w.Branches(repoName)
	want(t, "the branches", len(branches), 1)
	want(t, "what was done on it", say(branches[0].Name, branches[0].By, branches[0].Files["docs/more.md"]), "ddbot/report [wanda wanda mia] More.")
	w.DeleteBranch(repoName, branch)
	want(t, "branches that are left", len(w.Branches(repoName)), 0)
}

// TestReviewers: who is asked for a review, and whom GitHub does not take: all of a call, or nothing.
func TestReviewers(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	pull := w.OpenPull(repoName, "rick", "A change", "")
	promotion := w.OpenIssue(repoName, "alice", "Promotion", "")
	c := w.client("tina")
	ask := func(number int, who ...string) int {
		_, rs, err := c.PullRequests.RequestReviewers(ctx, owner, name, number, github.ReviewersRequest{Reviewers: who})
		return status(rs, err)
	}
	want(t, "a collaborator", ask(pull.Number, "Wanda", "mia"), 201)
	want(t, "asked already", ask(pull.Number, "wanda"), 201)
	want(t, "a stranger among them", ask(pull.Number, "tina", "stranger"), 422)
	want(t, "the author", ask(pull.Number, "rick"), 422)
	want(t, "for an issue", ask(promotion.Number, "wanda"), 404)
	_, rs, err := c.PullRequests.RequestReviewers(ctx, owner, name, pull.Number, github.ReviewersRequest{TeamReviewers: []string{"none"}})
	want(t, "a team that is not there", status(rs, err), 422)
	rs, err = c.PullRequests.RemoveReviewers(ctx, owner, name, pull.Number, github.ReviewersRequest{Reviewers: []string{"WANDA"}})
	want(t, "asked no more", status(rs, err), 200)
	_, rs, err = w.client("stranger").PullRequests.RequestReviewers(ctx, owner, name, pull.Number, github.ReviewersRequest{Reviewers: []string{"tina"}})
	want(t, "asked by a stranger", status(rs, err), 403)
	p, _, err := c.PullRequests.Get(ctx, owner, name, pull.Number)
	ok(t, err)
	want(t, "who is asked", say(len(p.RequestedReviewers), p.RequestedReviewers[0].GetLogin()), "1 mia")
}

// TestGit: commits, the tree, files and releases, as REST and as GraphQL give them. A repository without files has none of it.
func TestGit(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	c := w.client(bot)
	_, rs, err := c.Repositories.ListCommits(ctx, owner, name, nil)
	want(t, "commits of an empty repository", status(rs, err), 409)
	_, rs, err = c.Git.GetTree(ctx, owner, name, "HEAD", true)
	want(t, "its tree", status(rs, err), 409)
	want(t, "its branch", w.ask(`{repository(owner:"kubevirt",name:"community"){defaultBranchRef{name} object(expression:"HEAD:docs/a.md"){oid}}}`, nil),
		`{"data":{"repository":{"defaultBranchRef":null,"object":null}}}`)

	for _, f := range [][2]string{{"docs/a.md", "One."}, {"docs/sub/b.md", "Two."}, {"docs/a.md", "Three."}, {"docsmore.md", "Four."}} {
		w.AddFile(repoName, f[0], f[1])
		w.Clock().Advance(time.Hour)
	}
	commits := func(path string) (out []string) {
		list, _, err := c.Repositories.ListCommits(ctx, owner, name, &github.CommitsListOptions{Path: path})
		ok(t, err)
		for _, x := range list {
			out = append(out, x.GetCommit().GetMessage()+" "+x.GetCommit().GetAuthor().GetDate().UTC().Format("15:04"))
		}
		return out
	}
	wantList(t, "commits", commits(""), "Change docsmore.md 12:00", "Change docs/a.md 11:00", "Change docs/sub/b.md 10:00", "Change docs/a.md 09:00")
	wantList(t, "of a folder", commits("docs"), "Change docs/a.md 11:00", "Change docs/sub/b.md 10:00", "Change docs/a.md 09:00")
	wantList(t, "of a file", commits("docs/sub/b.md"), "Change docs/sub/b.md 10:00")

	tree, _, err := c.Git.GetTree(ctx, owner, name, "HEAD", true)
	ok(t, err)
	var got []string
	sha := ""
	for _, e := range tree.Entries {
		got = append(got, e.GetType()+" "+e.GetPath())
		if e.GetPath() == "docs/a.md" {
			sha = e.GetSHA()
		}
	}
	wantList(t, "the tree", got, "tree docs", "blob docs/a.md", "tree docs/sub", "blob docs/sub/b.md", "blob docsmore.md")
	blob, _, err := c.Git.GetBlob(ctx, owner, name, sha)
	ok(t, err)
	want(t, "a file", say(blob.GetSize(), blob.GetEncoding(), blob.GetContent()), "6 base64 VGhyZWUu")
	_, rs, err = c.Git.GetBlob(ctx, owner, name, "6dcb09b5b57875f334f61aebed695e2e4193db5e")
	want(t, "no such file", status(rs, err), 404)
	_, rs, err = c.Git.GetTree(ctx, owner, name, "6dcb09b5b57875f334f61aebed695e2e4193db5e", true)
	want(t, "no such tree", status(rs, err), 404)

	w.AddRelease(repoName, "v1.0.0", w.Clock().Now(), "sbom.json")
	w.AddRelease(repoName, "v0.9.0", w.Clock().Now().Add(-time.Hour))
	w.AddRelease(repoName, "v1.1.0-rc.1", w.Clock().Now().Add(time.Hour))
	releases, _, err := c.Repositories.ListReleases(ctx, owner, name, nil)
	ok(t, err)
	got = nil
	for _, r := range releases {
		got = append(got, say(r.GetTagName(), r.GetPrerelease(), len(r.Assets)))
	}
	wantList(t, "releases, the newest first", got, "v1.1.0-rc.1 true 0", "v1.0.0 false 1", "v0.9.0 false 0")

	want(t, "GraphQL", w.ask(`{repository(owner:"kubevirt",name:"community"){defaultBranchRef{name target{...on Commit{history(first:2,path:"docs"){totalCount nodes{committedDate}}}}}
		file:object(expression:"HEAD:docs/a.md"){__typename ...on Blob{text}} folder:object(expression:"main:docs"){__typename}
		none:object(expression:"HEAD:other"){__typename} elsewhere:object(expression:"other:docs/a.md"){__typename} commit:object(expression:"HEAD"){__typename}
		named:object(oid:"`+sha+`"){...on Blob{text}} releases(first:1,orderBy:{field:CREATED_AT,direction:DESC}){nodes{tagName isPrerelease}}}}`, nil),
		`{"data":{"repository":{"commit":{"__typename":"Commit"},"defaultBranchRef":{"name":"main","target":{"history":{"nodes":[`+
			`{"committedDate":"2026-01-05T11:00:00Z"},{"committedDate":"2026-01-05T10:00:00Z"}],"totalCount":3}}},"elsewhere":null,`+
			`"file":{"__typename":"Blob","text":"Three."},"folder":{"__typename":"Tree"},"named":{"text":"Three."},"none":null,`+
			`"releases":{"nodes":[{"isPrerelease":true,"tagName":"v1.1.0-rc.1"}]}}}}`)
}
