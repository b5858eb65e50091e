package githubsim_test

import (
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

func TestPermission(t *testing.T) {
	w := newWorld(t, githubsim.Options{App: &githubsim.App{}})
	w.AddRole("release-lead", "triage")
	w.SetRole(repoName, "lea", "release-lead")
	w.AddOrgMember("kubevirt", "mem")
	c := w.client(bot)
	for login, expect := range map[string]string{
		"owner": "admin admin", "mia": "write maintain", "wanda": "write write", "tina": "read triage", "rick": "read read",
		"lea": "read release-lead", "mem": "read read", "stranger": "read read",
	} {
		p, rs, err := c.Repositories.GetPermissionLevel(ctx, owner, name, login)
		ok(t, err)
		var raw struct {
			RoleName string `json:"role_name"`
		}
		rq, _ := c.NewRequest("GET", rs.Request.URL.String(), nil)
		_, err = c.Do(ctx, rq, &raw)
		ok(t, err)
		want(t, login, p.GetPermission()+" "+raw.RoleName, expect)
	}
	_, rs, err := c.Repositories.GetPermissionLevel(ctx, owner, name, "ghost")
	want(t, "nobody of that name", status(rs, err), 404)
	_, rs, err = w.client("rick").Repositories.GetPermissionLevel(ctx, owner, name, "mia")
	want(t, "asked without push access", status(rs, err), 403)
	for login, is := range map[string]bool{"tina": true, "mem": true, "stranger": false, "ghost": false} {
		got, _, err := c.Repositories.IsCollaborator(ctx, owner, name, login)
		ok(t, err)
		want(t, login, got, is)
	}
	w.SetPrivate(repoName, true)
	p, _, err := c.Repositories.GetPermissionLevel(ctx, owner, name, "stranger")
	ok(t, err)
	want(t, "a stranger in a private repository", p.GetPermission(), "none")
}

func TestTeamsAndMembers(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.AddTeam("cncf/toc", "tom", "alice")
	c := w.client(bot)
	m, _, err := c.Teams.GetTeamMembershipBySlug(ctx, "cncf", "toc", "TOM")
	ok(t, err)
	want(t, "state", m.GetState(), "active")
	_, rs, err := c.Teams.GetTeamMembershipBySlug(ctx, "cncf", "toc", "rick")
	want(t, "not in the team", status(rs, err), 404)
	is, _, err := c.Organizations.IsMember(ctx, "cncf", "alice")
	ok(t, err)
	want(t, "member", is, true)
	is, _, err = c.Organizations.IsMember(ctx, "cncf", "rick")
	ok(t, err)
	want(t, "no member", is, false)
	list, _, err := c.Teams.ListTeamMembersBySlug(ctx, "cncf", "toc", nil)
	ok(t, err)
	want(t, "members", len(list), 2)
	om, _, err := c.Organizations.GetOrgMembership(ctx, "owner-of-nothing", "cncf")
	if err == nil {
		t.Errorf("a membership of nobody: %v", om)
	}
}

func TestRepository(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.AddFile(repoName, "docs/OWNERS", "approvers: [mia]\n")
	w.AddFile(repoName, "docs/sub/x.md", "x")
	w.AddMilestone(repoName, "v1")
	c := w.client("wanda")
	r, _, err := c.Repositories.Get(ctx, owner, name)
	ok(t, err)
	want(t, "repository", say(r.GetFullName(), r.GetDefaultBranch(), r.GetPermissions()["push"], r.GetPermissions()["admin"]), "kubevirt/community main true false")
	f, _, _, err := c.Repositories.GetContents(ctx, owner, name, "docs/OWNERS", nil)
	ok(t, err)
	text, err := f.GetContent()
	ok(t, err)
	want(t, "content", text, "approvers: [mia]\n")
	_, dir, _, err := c.Repositories.GetContents(ctx, owner, name, "docs", nil)
	ok(t, err)
	want(t, "folder", say(len(dir), dir[0].GetName(), dir[1].GetType()), "2 OWNERS dir")
	_, _, rs, err := c.Repositories.GetContents(ctx, owner, name, "OWNERS", nil)
	want(t, "no file", status(rs, err), 404)
	ms, _, err := c.Issues.ListMilestones(ctx, owner, name, nil)
	ok(t, err)
	want(t, "milestones", ms[0].GetTitle(), "v1")
	me, _, err := c.Users.Get(ctx, "")
	ok(t, err)
	want(t, "me", me.GetLogin(), "wanda")
	limits, _, err := c.RateLimit.Get(ctx)
	ok(t, err)
	want(t, "limit", limits.GetCore().Limit, 5000)
}

func TestApp(t *testing.T) {
	key, app := newKey(t)
	w := newWorld(t, githubsim.Options{App: app})
	asApp := w.clientWith(signed(t, key))
	a, _, err := asApp.Apps.Get(ctx, "")
	ok(t, err)
	want(t, "slug", a.GetSlug(), "ddbot")
	in, _, err := asApp.Apps.FindRepositoryInstallation(ctx, owner, name)
	ok(t, err)
	list, _, err := asApp.Apps.ListInstallations(ctx, nil)
	ok(t, err)
	want(t, "installations", list[0].GetID(), in.GetID())
	token, _, err := asApp.Apps.CreateInstallationToken(ctx, in.GetID(), nil)
	ok(t, err)
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	c := w.clientWith(token.GetToken())
	comment, _, err := c.Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: github.String("hi")})
	ok(t, err)
	want(t, "author", comment.GetUser().GetLogin(), bot)
	w.Clock().Advance(61 * time.Minute)
	_, rs, err := c.Issues.Get(ctx, owner, name, ref.Number)
	want(t, "an hour later", status(rs, err), 401)
	other, _ := newKey(t)
	_, rs, err = w.clientWith(signed(t, other)).Apps.Get(ctx, "")
	want(t, "signed by another key", status(rs, err), 401)
}

func TestRateLimit(t *testing.T) {
	w := newWorld(t, githubsim.Options{RateLimit: 3})
	c := w.client(bot)
	for n := range 3 {
		_, rs, err := c.Repositories.Get(ctx, owner, name)
		ok(t, err)
		want(t, "remaining", rs.Rate.Remaining, 2-n)
	}
	rq, _ := c.NewRequest("GET", "repos/"+repoName, nil)
	rs, err := c.BareDo(ctx, rq)
	if _, is := err.(*github.RateLimitError); !is {
		t.Errorf("the fourth call: %v %v", rs, err)
	}
	w.Clock().Advance(time.Hour)
	_, _, err = w.client(bot).Repositories.Get(ctx, owner, name)
	ok(t, err)
	want(t, "calls", len(w.Calls()), 5)
	want(t, "call", w.Calls()[0].Path, "GET /repos/{owner}/{repo}")
}
