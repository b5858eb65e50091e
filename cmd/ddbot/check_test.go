package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/ddbot/ddbot/pkg/evidence/sourcetest"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

var updateCheck = flag.Bool("update-check", false, "write what ddbot check says into its stories")

// checkStory is a simulated organisation, an application, and what is known of each box.
type checkStory struct {
	file    string
	archive *txtar.Archive
	body    string
	world   sourcetest.World
}

func readStory(t *testing.T, file string) checkStory {
	t.Helper()
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := checkStory{file: file, archive: a}
	for _, f := range a.Files {
		if f.Name == "body.md" {
			s.body = filepath.Join(t.TempDir(), "body.md")
			if err := os.WriteFile(s.body, f.Data, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if parts := strings.SplitN(f.Name, "/", 3); len(parts) == 3 {
			s.world.Files = append(s.world.Files, sourcetest.File{Repo: parts[0] + "/" + parts[1], Path: parts[2], Text: string(f.Data)})
		}
	}
	s.world.Releases = []sourcetest.Release{
		{Repo: "acme/tool", Tag: "v1.0.0", At: time.Now().AddDate(0, -9, 0)}, {Repo: "acme/tool", Tag: "v1.1.0", At: time.Now().AddDate(0, -6, 0)},
		{Repo: "acme/tool", Tag: "v1.2.0", At: time.Now().AddDate(0, -3, 0)}, {Repo: "acme/tool", Tag: "v1.3.0-rc.1", At: time.Now().AddDate(0, -2, 0)},
	}
	if strings.Contains(file, "claims") {
		s.world.Releases = []sourcetest.Release{{Repo: "acme/tool", Tag: "v1.0.0", At: time.Now().AddDate(-2, 0, 0)}}
	}
	return s
}

// badges is bestpractices.dev with one badge.
func badges(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"badge_level":"passing"}`))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// runCheck gives what one call prints.
func runCheck(t *testing.T, args ...string) (out, errOut string, err error) {
	t.Helper()
	cmd := root()
	var o, e bytes.Buffer
	cmd.SetOut(&o)
	cmd.SetErr(&e)
	cmd.SetArgs(append([]string{"check"}, args...))
	err = cmd.ExecuteContext(t.Context())
	return o.String(), e.String(), err
}

var (
	anyDay    = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	readCount = regexp.MustCompile(`(\d+) reads of GitHub`)
)

// told makes the lines of want.txt of the lines of --json. Days that depend on when the test runs are left out.
func told(t *testing.T, jsonl string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(jsonl) {
		var l checkLine
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		claim := ""
		if l.Claim {
			claim = " claim"
		}
		first := ""
		if len(l.Candidates) > 0 {
			first = " <" + l.Candidates[0].Repo + " " + l.Candidates[0].Path + ">"
		}
		why := l.Why
		if strings.Contains(why, "last on") || strings.Contains(why, "the last was") {
			why = anyDay.ReplaceAllString(why, "DAY")
		}
		fmt.Fprintf(&b, "%d %s%s: %s%s\n", l.Line, l.Result, claim, why, first)
	}
	return b.String()
}

// TestCheckStories: on a simulated organisation with known files each check gives the known answer, the same from GitHub,
// with a token and without, and from clones. A full check costs at most 25 reads.
func TestCheckStories(t *testing.T) {
	t.Setenv("GITHUB_TOKEN", "")
	files, err := filepath.Glob("testdata/check/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	badge := badges(t)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s := readStory(t, file)
			common := []string{"--body", s.body, "--project", "acme/tool", "--json", "--badge", "--badge-url", badge, "--cache", ""}
			hub := s.onGitHub(t, common)
			if clones := s.onClones(t, common); clones != hub {
				t.Errorf("clones say something else than GitHub:\n%s", difference(hub, clones))
			}
			i := slices.IndexFunc(s.archive.Files, func(f txtar.File) bool { return f.Name == "want.txt" })
			if *updateCheck {
				s.archive.Files[i].Data = []byte(hub)
				if err := os.WriteFile(file, txtar.Format(s.archive), 0o600); err != nil {
					t.Fatal(err)
				}
			} else if want := string(s.archive.Files[i].Data); want != hub {
				t.Errorf("%s", difference(want, hub))
			}
		})
	}
}

func (s checkStory) onGitHub(t *testing.T, common []string) string {
	t.Helper()
	now := time.Now().Add(-48 * time.Hour)
	sim := githubsim.New(githubsim.Options{Now: func() time.Time { return now }})
	s.world.Simulate(t, sim, func(d time.Duration) { now = now.Add(d) })
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	sim.AddUser("reader")
	token := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(token, []byte(sim.Token("reader")), 0o600); err != nil {
		t.Fatal(err)
	}
	var outs []string
	for name, more := range map[string][]string{"token": {"--github-token-file", token}, "anonymous": {"--budget", "59"}} {
		out, errOut, err := runCheck(t, append(append([]string{"--github-url", server.URL}, more...), common...)...)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, errOut)
		}
		reads, _ := strconv.Atoi(readCount.FindStringSubmatch(errOut + " 0 reads of GitHub")[1])
		if reads == 0 || name == "token" && reads > 25 {
			t.Errorf("%s: %d reads", name, reads)
		}
		t.Logf("%s: %d reads", name, reads)
		outs = append(outs, told(t, out))
	}
	if outs[0] != outs[1] {
		t.Errorf("with and without a token: %s", difference(outs[0], outs[1]))
	}
	for _, c := range sim.Calls() {
		if c.Method != "GET" && !strings.HasSuffix(c.Path, "/graphql") {
			t.Errorf("a check writes: %s", c.Path)
		}
	}
	return outs[0]
}

func (s checkStory) onClones(t *testing.T, common []string) string {
	t.Helper()
	args := common
	for _, c := range s.world.Clone(t) {
		args = append(args, "--clone", c)
	}
	out, errOut, err := runCheck(t, args...)
	if err != nil {
		t.Fatalf("%v\n%s", err, errOut)
	}
	return told(t, out)
}

// difference shows the lines that two texts do not share.
func difference(want, got string) string {
	var b strings.Builder
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, l := range w {
		if !slices.Contains(g, l) {
			b.WriteString("- " + l + "\n")
		}
	}
	for _, l := range g {
		if !slices.Contains(w, l) {
			b.WriteString("+ " + l + "\n")
		}
	}
	return b.String()
}
