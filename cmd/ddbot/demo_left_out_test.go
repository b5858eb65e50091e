package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestServerLinksNoSimulator: what make build and the Dockerfile make holds no simulated GitHub, no page that plays people, and
// none of what only these need. (go run ./cmd/ddbot demo has it all.)
func TestServerLinksNoSimulator(t *testing.T) {
	linked := func(tags string) string {
		out, err := exec.Command("go", "list", "-deps", "-tags", tags, ".").Output()
		if err != nil {
			t.Fatalf("go list -tags %s: %v", tags, err)
		}
		return string(out)
	}
	server, whole := linked("nodemo"), linked("")
	for _, p := range []string{"ddbot/pkg/githubsim", "ddbot/pkg/demo", "gqlparser", "bluemonday"} {
		if strings.Contains(server, p) || !strings.Contains(whole, p) {
			t.Errorf("%s: linked into the server %v, into the whole %v", p, strings.Contains(server, p), strings.Contains(whole, p))
		}
	}
}
