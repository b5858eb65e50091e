package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const smallList = "### Technical\r\n\r\n- [ ] It scales.\r\n- [x] It is documented.\r\n"

// TestApply: the contract of apply, as a script sees it.
func TestApply(t *testing.T) {
	body := filepath.Join(t.TempDir(), "issue.md")
	if err := os.WriteFile(body, []byte(smallList), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name  string
		args  []string
		code  int
		check func(t *testing.T, a applied)
	}{
		{"author by default", []string{"--as", "alice", "/dd done technical"}, 0, func(t *testing.T, a applied) {
			if want := strings.Replace(smallList, "[ ]", "[x]", 1); a.Body != want || !slices.Equal(a.Reactions, []string{"+1"}) {
				t.Errorf("%q %v", a.Body, a.Reactions)
			}
			if want := []string{"PATCH issue body", "POST reaction +1"}; !slices.Equal(a.Requests, want) {
				t.Errorf("requests %q", a.Requests)
			}
		}},
		{"stranger", []string{"--as", "mallory", "--author", "alice", "/dd done technical"}, exitRefused, func(t *testing.T, a applied) {
			if a.Body != smallList || len(a.Replies) != 1 {
				t.Errorf("%q %q", a.Body, a.Replies)
			}
		}},
		{"half understood", []string{"--as", "alice", "/dd done technical\n/dd dnoe users"}, exitRefused, func(t *testing.T, a applied) {
			if a.Body == smallList || !strings.Contains(a.Replies[0], "/dd done") {
				t.Errorf("%q %q", a.Body, a.Replies)
			}
		}},
		{"labels that exclude each other", []string{"--as", "bob", "--role", "anyone", "--labels", "lifecycle/stale,kind/dd", "/lifecycle frozen"}, 0,
			func(t *testing.T, a applied) {
				want := []string{"POST labels lifecycle/frozen", "DELETE label lifecycle/stale", "POST reaction +1"}
				if !slices.Equal(a.Requests, want) || !slices.Equal(a.Labels, []string{"kind/dd", "lifecycle/frozen"}) {
					t.Errorf("%q %q", a.Requests, a.Labels)
				}
			}},
		{"anyone closes what was stale before", []string{"--as", "mallory", "--role", "anyone", "--labels", "lifecycle/stale", "/close"}, 0,
			func(t *testing.T, a applied) {
				if a.State != "closed" {
					t.Errorf("%s %q", a.State, a.Replies)
				}
			}},
		{"anyone closes what is stale only now", []string{"--as", "mallory", "--role", "anyone", "/lifecycle stale\n/close"}, exitRefused,
			func(t *testing.T, a applied) {
				if a.State != "open" || !slices.Equal(a.Labels, []string{"lifecycle/stale"}) {
					t.Errorf("%s %q", a.State, a.Labels)
				}
			}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			out, code := run(t, append([]string{"apply", "--json", "--body", body}, tc.args...)...)
			var a applied
			if err := json.Unmarshal([]byte(out), &a); err != nil || code != tc.code {
				t.Fatalf("exit code %d, want %d: %v\n%s", code, tc.code, err, out)
			}
			tc.check(t, a)
		})
	}
}

// TestWrongCalls: what is wrong with a call is said, with exit code 2.
func TestWrongCalls(t *testing.T) {
	dir := t.TempDir()
	body, empty := filepath.Join(dir, "issue.md"), filepath.Join(dir, "token")
	for f, text := range map[string]string{body: smallList, empty: "\n"} {
		if err := os.WriteFile(f, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("WEBHOOK_SECRET", "s")
	t.Setenv("GITHUB_TOKEN", "t")
	for _, tc := range []struct{ call, says string }{
		{"apply --body " + body + " --as alice /dd done technical", `put it in quotes, "/dd done technical"`},
		{"apply --body missing.md --as alice x", "missing.md"},
		{"apply --body " + body + " --as alice --role king x", "--role is one of"},
		{"items missing.md", "missing.md"},
		{"dead replay x --store sqlite:" + filepath.Join(dir, "none.db"), "no database"},
		{"dead foo", "foo"},
		{"serve --store mysql:x", "sqlite:PATH"},
		{"serve --workers 0", "--workers"},
		{"serve --github-token-file " + empty, "no GitHub token"},
		{"serve --app-id 1", "go together"},
		{"sweep --repo nonsense", "nonsense"},
		{"nonsense", "nonsense"},
	} {
		if out, code := run(t, strings.Fields(tc.call)...); code != exitUsage || !strings.Contains(out, tc.says) {
			t.Errorf("ddbot %s: exit code %d, %s", tc.call, code, out)
		}
	}
}
