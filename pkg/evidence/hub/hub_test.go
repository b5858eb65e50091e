package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

func simulated(t *testing.T) (*githubsim.Sim, string, string) {
	t.Helper()
	now := sourcetest.Start
	sim := githubsim.New(githubsim.Options{Now: func() time.Time { return now }})
	sourcetest.Example.Simulate(t, sim, func(d time.Duration) { now = now.Add(d) })
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	sim.AddUser("reader")
	return sim, server.URL, sim.Token("reader")
}

func TestSource(t *testing.T) {
	sim, base, token := simulated(t)
	for name, o := range map[string]Options{
		"token":     {URL: base, Token: token, Budget: 100},
		"anonymous": {URL: base, Budget: 100},
		"cached":    {URL: base, Token: token, Budget: 100, Cache: Dir(t.TempDir())},
	} {
		o.Now = func() time.Time { return sourcetest.Start }
		t.Run(name, func(t *testing.T) {
			source, err := New(o)
			if err != nil {
				t.Fatal(err)
			}
			sourcetest.Run(t, source)
		})
	}
	if unknown := sim.Unknown(); len(unknown) > 0 {
		t.Errorf("the simulator does not know %+v", unknown)
	}
}

// TestCache: what is named by its hash is not asked for again, what may change is asked for conditionally.
func TestCache(t *testing.T) {
	_, base, token := simulated(t)
	o := Options{URL: base, Token: token, Budget: 100, Cache: Dir(t.TempDir()), Now: time.Now}
	var reads []int
	for range 2 {
		s, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		if _, err := s.Repos(ctx, "acme"); err != nil {
			t.Fatal(err)
		}
		tree, err := s.Tree(ctx, "acme/tool")
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Read(ctx, []evidence.File{{Tree: tree, Path: "README.md"}})
		if err != nil || string(got[0].Data) != "# Tool\n" {
			t.Fatal(got, err)
		}
		reads = append(reads, s.Reads())
	}
	if fmt.Sprint(reads) != "[3 1]" {
		t.Errorf("reads of two runs: %v", reads)
	}
}

func TestBudget(t *testing.T) {
	_, base, token := simulated(t)
	s, err := New(Options{URL: base, Token: token, Budget: 1, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Repos(context.Background(), "acme"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Tree(context.Background(), "acme/tool"); !errors.Is(err, evidence.ErrBudget) || s.Reads() != 1 {
		t.Errorf("%v after %d reads", err, s.Reads())
	}
}

// TestLimit: the end of the anonymous limit names the way out; it never reads as "there is none".
func TestLimit(t *testing.T) {
	_, base, _ := simulated(t)
	s, err := New(Options{URL: base, Budget: 100, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	var limit *LimitError
	for range 70 {
		if _, err = s.Raw(context.Background(), "acme/tool", "README.md", 100); err != nil {
			break
		}
	}
	if !errors.As(err, &limit) || !limit.Anonymous || !strings.Contains(err.Error(), "$GITHUB_TOKEN") || errors.Is(err, evidence.ErrNoRepo) {
		t.Errorf("after %d reads: %v", s.Reads(), err)
	}
}

// TestTokenStays: a token goes to the API's host only, and failures are told apart.
func TestTokenStays(t *testing.T) {
	var got string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Get("Authorization") }))
	t.Cleanup(elsewhere.Close)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/repos/a/moved/contents/x":
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		case "/repos/a/down/contents/x":
			w.WriteHeader(http.StatusBadGateway)
		case "/repos/a/hidden/contents/x":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(api.Close)
	s, err := New(Options{URL: api.URL, Token: "secret", Budget: 10, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"moved": "another host", "down": "502", "hidden": "token", "none": "no such"} {
		_, err := s.Raw(context.Background(), "a/"+name, "x", 10)
		if err == nil || !strings.Contains(err.Error(), want) || errors.Is(err, evidence.ErrNoRepo) != (name == "none") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got != "" {
		t.Errorf("the token went elsewhere: %q", got)
	}
}
