package githubsim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/githubsim/openapicheck"
)

const (
	owner, name = "kubevirt", "community"
	repoName    = owner + "/" + name
	bot         = "ddbot[bot]"
)

var ctx = context.Background()

// world is a simulator with a repository, people in every role, and a server in front of it.
type world struct {
	*githubsim.Sim
	t   *testing.T
	url string
}

func newWorld(t *testing.T, opts githubsim.Options) *world {
	t.Helper()
	s := githubsim.New(opts)
	for _, login := range []string{"alice", "stranger"} {
		s.AddUser(login)
	}
	s.AddRepo(repoName, "owner")
	for _, grant := range [][2]string{{"tina", "triage"}, {"wanda", "write"}, {"mia", "maintain"}, {"rick", "read"}} {
		s.SetRole(repoName, grant[0], grant[1])
	}
	s.AddLabel(repoName, "kind/bug", "lifecycle/stale", "help wanted")
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &world{Sim: s, t: t, url: server.URL}
}

// client acts as somebody; every request and answer is held against GitHub's description.
func (w *world) client(login string) *github.Client {
	w.t.Helper()
	return w.clientWith(w.Token(login))
}

func (w *world) clientWith(token string) *github.Client {
	w.t.Helper()
	c, err := github.NewClient(&http.Client{Transport: openapicheck.Open(w.t).Transport(w.t, nil)}).WithAuthToken(token).WithEnterpriseURLs(w.url, w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) drain() {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := w.Drain(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// status gives the HTTP status of an answer, or of the refusal.
func status(rs *github.Response, err error) int {
	var refused *github.ErrorResponse
	if errors.As(err, &refused) {
		return refused.Response.StatusCode
	}
	if rs == nil {
		return 0
	}
	return rs.StatusCode
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func wantList(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// say writes values side by side.
func say(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }
