package githubsim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

func TestComments(t *testing.T) {
	w := newWorld(t, githubsim.Options{App: &githubsim.App{}})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	c := w.client(bot)
	mine, rs, err := c.Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: github.String("one")})
	ok(t, err)
	want(t, "created", rs.StatusCode, 201)
	want(t, "author", mine.GetUser().GetLogin()+" "+mine.GetUser().GetType(), "ddbot[bot] Bot")
	theirs := w.Comment(ref, "alice", "two\r\n/dd done")
	_, rs, err = c.Issues.EditComment(ctx, owner, name, mine.GetID(), &github.IssueComment{Body: github.String("uno")})
	want(t, "edit one's own", status(rs, err), 200)
	_, rs, err = w.client("tina").Issues.EditComment(ctx, owner, name, theirs, &github.IssueComment{Body: github.String("x")})
	want(t, "triage edits another's", status(rs, err), 403)
	for what, body := range map[string]string{"empty": " \n", "long": strings.Repeat("x", 65537)} {
		_, rs, err = c.Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: &body})
		want(t, what, status(rs, err), 422)
	}
	w.Clock().Advance(time.Hour)
	w.EditComment(mine.GetID(), bot, "eins")
	list, _, err := c.Issues.ListComments(ctx, owner, name, ref.Number, nil)
	ok(t, err)
	want(t, "list", say(list[0].GetBody(), list[1].GetBody()), "eins two\r\n/dd done")
	since := w.Clock().Now()
	all, _, err := c.Issues.ListComments(ctx, owner, name, 0, &github.IssueListCommentsOptions{Since: &since, Sort: github.String("updated"), Direction: github.String("asc")})
	ok(t, err)
	want(t, "of the repository, since", len(all), 1)
	rs, err = c.Issues.DeleteComment(ctx, owner, name, theirs)
	want(t, "delete", status(rs, err), 204)
	_, rs, err = c.Issues.GetComment(ctx, owner, name, theirs)
	want(t, "a deleted comment", status(rs, err), 404)
}

func TestLockedIssue(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	w.Lock(ref, "wanda", "")
	for as, code := range map[string]int{"alice": 403, "tina": 403, "wanda": 201, bot: 201} {
		_, rs, err := w.client(as).Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: github.String("x")})
		want(t, as, status(rs, err), code)
	}
}

func TestReactions(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	id := w.Comment(ref, "alice", "/dd done")
	c := w.client(bot)
	first, rs, err := c.Reactions.CreateIssueCommentReaction(ctx, owner, name, id, "+1")
	want(t, "new", status(rs, err), 201)
	second, rs, err := c.Reactions.CreateIssueCommentReaction(ctx, owner, name, id, "+1")
	want(t, "again", status(rs, err), 200)
	want(t, "the same one", second.GetID(), first.GetID())
	_, rs, err = w.client("alice").Reactions.CreateIssueCommentReaction(ctx, owner, name, id, "+1")
	want(t, "by another person", status(rs, err), 201)
	_, rs, err = c.Reactions.CreateIssueCommentReaction(ctx, owner, name, id, "thumbs")
	want(t, "no reaction", status(rs, err), 422)
	list, _, err := c.Reactions.ListIssueCommentReactions(ctx, owner, name, id, nil)
	ok(t, err)
	want(t, "list", len(list), 2)
	rs, err = w.client("alice").Reactions.DeleteIssueCommentReaction(ctx, owner, name, id, first.GetID())
	want(t, "delete another's", status(rs, err), 403)
	rs, err = c.Reactions.DeleteIssueCommentReaction(ctx, owner, name, id, first.GetID())
	want(t, "delete", status(rs, err), 204)
	got, _, err := c.Issues.GetComment(ctx, owner, name, id)
	ok(t, err)
	want(t, "count", got.GetReactions().GetPlusOne(), 1)
	_, rs, err = c.Reactions.CreateIssueReaction(ctx, owner, name, ref.Number, "eyes")
	want(t, "on the issue", status(rs, err), 201)
	onIssue, _, err := c.Reactions.ListIssueReactions(ctx, owner, name, ref.Number, nil)
	ok(t, err)
	want(t, "on the issue", onIssue[0].GetContent(), "eyes")
}

func TestLabels(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	c := w.client(bot)
	names := func(list []*github.Label) (out []string) {
		for _, l := range list {
			out = append(out, l.GetName())
		}
		return out
	}
	got, _, err := c.Issues.AddLabelsToIssue(ctx, owner, name, ref.Number, []string{"KIND/Bug", "brand new", "kind/bug"})
	ok(t, err)
	wantList(t, "the full list, in the repository's spelling", names(got), "kind/bug", "brand new")
	_, _, err = c.Issues.GetLabel(ctx, owner, name, "brand new")
	ok(t, err)
	rs, err := c.Issues.RemoveLabelForIssue(ctx, owner, name, ref.Number, "Kind/BUG")
	want(t, "remove", status(rs, err), 200)
	rs, err = c.Issues.RemoveLabelForIssue(ctx, owner, name, ref.Number, "kind/bug")
	want(t, "remove what is not there", status(rs, err), 404)
	got, _, err = c.Issues.ReplaceLabelsForIssue(ctx, owner, name, ref.Number, []string{"help wanted"})
	ok(t, err)
	wantList(t, "replaced", names(got), "help wanted")
	got, _, err = c.Issues.ListLabelsByIssue(ctx, owner, name, ref.Number, nil)
	ok(t, err)
	wantList(t, "listed", names(got), "help wanted")
	got, _, err = c.Issues.ListLabels(ctx, owner, name, nil)
	ok(t, err)
	wantList(t, "of the repository", names(got), "kind/bug", "lifecycle/stale", "help wanted", "brand new")
	_, rs, err = c.Issues.CreateLabel(ctx, owner, name, &github.Label{Name: github.String("HELP wanted"), Color: github.String("ff0000")})
	want(t, "create one that is there", status(rs, err), 422)
	_, rs, err = c.Issues.CreateLabel(ctx, owner, name, &github.Label{Name: github.String("dd/ready"), Color: github.String("00ff00")})
	want(t, "create", status(rs, err), 201)
}

func TestAssignees(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	w.Comment(ref, "stranger", "I can help")
	w.AddUser("outsider")
	var many []string
	for n := range 12 {
		many = append(many, fmt.Sprintf("dev%d", n))
		w.SetRole(repoName, many[n], "read")
	}
	c := w.client(bot)
	i, rs, err := c.Issues.AddAssignees(ctx, owner, name, ref.Number, append([]string{"nobody", "outsider", "stranger", "alice"}, many...))
	want(t, "add", status(rs, err), 201)
	want(t, "ten at most, without those who cannot be", say(len(i.Assignees), i.Assignees[0].GetLogin()), "10 stranger")
	i, rs, err = c.Issues.RemoveAssignees(ctx, owner, name, ref.Number, []string{"STRANGER", "nobody"})
	want(t, "remove", status(rs, err), 200)
	want(t, "left", len(i.Assignees), 9)
	for login, can := range map[string]bool{"dev1": true, "outsider": false, "nobody": false, "owner": true} {
		is, _, err := c.Issues.IsAssignee(ctx, owner, name, login)
		ok(t, err)
		want(t, login, is, can)
	}
}
