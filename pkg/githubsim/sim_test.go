package githubsim_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

const repoName = "kubevirt/community"

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
	for login, role := range map[string]string{"tina": "triage", "wanda": "write", "mia": "maintain", "rick": "read"} {
		s.SetRole(repoName, login, role)
	}
	s.AddLabel(repoName, "kind/bug", "lifecycle/stale", "help wanted")
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return &world{Sim: s, t: t, url: server.URL}
}

// client acts as somebody.
func (w *world) client(login string) *github.Client {
	w.t.Helper()
	return w.clientWith(w.Token(login))
}

func (w *world) clientWith(token string) *github.Client {
	w.t.Helper()
	c, err := github.NewClient(&http.Client{}).WithAuthToken(token).WithEnterpriseURLs(w.url, w.url)
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
