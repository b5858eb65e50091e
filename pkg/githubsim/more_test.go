package githubsim_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// The library that apps use to get their tokens works, and asks for one token only.
func TestInstallationTransport(t *testing.T) {
	key, app := newKey(t)
	w := newWorld(t, githubsim.Options{App: app, Now: time.Now})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	tr, err := ghinstallation.New(http.DefaultTransport, app.ID, app.InstallationID, text)
	ok(t, err)
	tr.BaseURL = w.url + "/api/v3"
	c, err := github.NewClient(&http.Client{Transport: tr}).WithEnterpriseURLs(w.url, w.url)
	ok(t, err)
	for range 2 {
		got, _, err := c.Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: github.String("hi")})
		ok(t, err)
		want(t, "author", got.GetUser().GetLogin(), bot)
	}
	want(t, "calls", len(w.Calls()), 3)
}

func TestBodiesThatGitHubCannotRead(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.OpenIssue(repoName, "alice", "Promotion", "text")
	for body, code := range map[string]int{
		`{"title":`:                 400,
		`{"title":7}`:               422,
		`{"labels":[7]}`:            422,
		`{"type":"Bug"}`:            501, // GitHub has it, the simulator does not: not to be passed over
		`{"state":null,"body":"x"}`: 200,
	} {
		rq, _ := http.NewRequest("PATCH", w.url+"/repos/"+repoName+"/issues/1", strings.NewReader(body))
		rq.Header.Set("Authorization", "token "+w.Token(bot))
		rs, err := http.DefaultClient.Do(rq)
		ok(t, err)
		_ = rs.Body.Close()
		want(t, body, rs.StatusCode, code)
	}
	want(t, "unknown", len(w.Unknown()), 1)
}

func TestRepositoryOfAPerson(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.AddBot("dependabot[bot]")
	w.AddRepo("alice/tool")
	ref := w.OpenIssue("alice/tool", "alice", "Mine", "")
	w.Comment(ref, "dependabot[bot]", "bump")
	i, _, err := w.client(bot).Issues.Get(ctx, "alice", "tool", 1)
	ok(t, err)
	want(t, "association", i.GetAuthorAssociation(), "OWNER")
	r, _, err := w.client("alice").Repositories.Get(ctx, "alice", "tool")
	ok(t, err)
	want(t, "owner", say(r.GetOwner().GetType(), r.GetPermissions()["admin"]), "User true")
	c, _, err := w.client(bot).Issues.ListComments(ctx, "alice", "tool", 1, nil)
	ok(t, err)
	want(t, "a bot", c[0].GetUser().GetType(), "Bot")
}

// What cannot be delivered is in the log as GitHub has it, and Drain gives up when it is told to.
func TestReceiverThatDoesNotAnswer(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, rq *http.Request) {
		select {
		case <-release:
		case <-rq.Context().Done():
		}
	}))
	defer server.Close()
	defer close(release)
	w := newWorld(t, githubsim.Options{Client: &http.Client{Timeout: 100 * time.Millisecond}})
	w.AddHook(githubsim.Hook{URL: "http://127.0.0.1:1/hook"})
	w.AddHook(githubsim.Hook{URL: server.URL})
	short, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	if err := w.Drain(short); err == nil {
		t.Error("Drain did not give up")
	}
	w.drain()
	log := w.Deliveries()
	want(t, "refused", log[0].StatusCode, 502)
	want(t, "too slow", log[1].StatusCode, 504)
}

func TestGraphQLClosers(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	ref := w.OpenIssue(repoName, "alice", "Promotion", "")
	w.Merge(w.OpenPull(repoName, "alice", "Fix", "Fixes kubevirt/community#1"), "mia")
	w.Reopen(ref, "tina")
	w.CloseByCommit(ref, "wanda", "6dcb09b5b57875f334f61aebed695e2e4193db5e")
	w.Reopen(ref, "tina")
	w.Close(ref, "alice", "not_planned")
	got := w.ask(`query($with: Boolean = true) { repository(owner: """kubevirt""", name: "community") {
		nameWithOwner @include(if: $with)
		issue(number: 1) { stateReason author { login } milestone { title } editor { login } lastEditedAt
			timelineItems(first: 9, itemTypes: [CLOSED_EVENT]) { nodes { ... on ClosedEvent {
				actor { login } stateReason closer { __typename ... on PullRequest { number state } ... on Commit { oid } } } } } }
		pullRequest(number: 2) { merged closedAt comments(first: 1) { nodes { body } pageInfo { endCursor } } }
	} viewer { __typename login } }`, nil)
	want(t, "answer", got, `{"data":{"repository":{"issue":{"author":{"login":"alice"},"editor":null,"lastEditedAt":null,"milestone":null,`+
		`"stateReason":"NOT_PLANNED","timelineItems":{"nodes":[`+
		`{"actor":{"login":"mia"},"closer":{"__typename":"PullRequest","number":2,"state":"MERGED"},"stateReason":"COMPLETED"},`+
		`{"actor":{"login":"wanda"},"closer":{"__typename":"Commit","oid":"6dcb09b5b57875f334f61aebed695e2e4193db5e"},"stateReason":"COMPLETED"},`+
		`{"actor":{"login":"alice"},"closer":null,"stateReason":"NOT_PLANNED"}]}},"nameWithOwner":"kubevirt/community",`+
		`"pullRequest":{"closedAt":"2026-01-05T09:00:00Z","comments":{"nodes":[],"pageInfo":{"endCursor":null}},"merged":true}},`+
		`"viewer":{"__typename":"Bot","login":"ddbot"}}}`)
	want(t, "unknown", len(w.Unknown()), 0)
}
