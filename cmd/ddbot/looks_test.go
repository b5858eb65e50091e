package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// TestLooks: what is wrong between GitHub and ddbot shows at the start, and readiness does not depend on it.
func TestLooks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		fault *githubsim.Fault
		says  string
		sign  string
	}{
		{"all is well", nil, "GitHub takes us", "[+] github: we are " + bot},
		{"a wrong token", &githubsim.Fault{Kind: githubsim.Unauthorized401}, "does not take the token", "[-] github: GitHub does not take the token"},
		{"GitHub is away", &githubsim.Fault{Kind: githubsim.Status502Before}, "does not answer at", "[-] github: GitHub does not answer"},
		{"a proxy in between", &githubsim.Fault{Kind: githubsim.Says, Status: 200, Body: "<html>"}, "does not answer at", "[-] github: GitHub does not answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			if c.fault != nil {
				w.sim.Fault(*c.fault)
			}
			w.start()
			w.eventually("the log says so", func() bool { return strings.Contains(w.log.String(), c.says) })
			ready := w.get("/readyz?verbose")
			if !strings.HasPrefix(ready, "ok\n") || !strings.Contains(ready, c.sign) {
				t.Errorf("/readyz?verbose says\n%s", ready)
			}
			if !strings.Contains(w.log.String(), `"commit":`) || !strings.Contains(w.get("/metrics"), "ddbot_build_info{commit=") {
				t.Error("the start line or the metrics do not name the commit")
			}
		})
	}
}

// TestWrongRepository: a repository that the configuration names and the token does not see.
func TestWrongRepository(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	file := filepath.Join(w.dir, "ddbot.yaml")
	if err := os.WriteFile(file, []byte("repos: {acme/nothing: {}}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.args = append(w.args, "--config", file)
	w.start()
	w.eventually("the log says so", func() bool { return strings.Contains(w.log.String(), "acme/nothing cannot be seen") })
}
