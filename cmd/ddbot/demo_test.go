//go:build !nodemo

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/demo"
	"github.com/ddbot/ddbot/pkg/stale"
)

// openDemo starts the whole demo and gives the address of its page.
func openDemo(t *testing.T) string {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	d, err := startDemo(t.Context(), demo.DefaultSeed(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	page := httptest.NewServer(d.world.Page())
	t.Cleanup(func() {
		page.CloseClientConnections()
		page.Close()
		if err := d.stop(); err != nil {
			t.Error(err)
		}
		if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "ddbot-demo-*")); len(left) > 0 {
			t.Errorf("the demo left %v behind", left)
		}
	})
	return page.URL
}

// send posts and gives the answer; header is a name and a value, or nothing.
func send(t *testing.T, url, body string, header ...string) (int, string) {
	t.Helper()
	rq, err := http.NewRequest(http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	rq.Header.Set("Content-Type", "application/json")
	if len(header) == 2 {
		rq.Header.Set(header[0], header[1])
	}
	return answerOf(t, rq)
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	rq, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	code, text := answerOf(t, rq)
	if code != http.StatusOK {
		t.Fatalf("GET %s: %d %s", url, code, text)
	}
	return text
}

func answerOf(t *testing.T, rq *http.Request) (int, string) {
	t.Helper()
	rs, err := http.DefaultClient.Do(rq)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Body.Close()
	text, err := io.ReadAll(rs.Body)
	if err != nil {
		t.Fatal(err)
	}
	return rs.StatusCode, string(text)
}

func stateOf(t *testing.T, url string) (s demo.State) {
	t.Helper()
	if err := json.Unmarshal([]byte(fetch(t, url+"/api/state")), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDemo: through the page's API, the simulated GitHub, signed webhooks and the real server with its database.
func TestDemo(t *testing.T) {
	url := openDemo(t)
	if s := stateOf(t, url); s.Total != 49 || s.Done != 0 || s.Title != "[Incubation] Tidewater" {
		t.Fatalf("%d of %d done in %q at the beginning", s.Done, s.Total, s.Title)
	}
	if n := strings.Count(fetch(t, url), `<input type="checkbox"`); n != 49 {
		t.Errorf("the page has %d boxes", n)
	}

	if code, text := send(t, url+"/api/comment", `{"as":"alice","body":"/dd done technical"}`); code != http.StatusOK {
		t.Fatalf("%d %s", code, text)
	}
	s := stateOf(t, url)
	if s.Done != 12 || s.Last.Ticked != 12 || s.SinceLast != 3 {
		t.Errorf("%d boxes ticked, %+v, %d calls", s.Done, s.Last, s.SinceLast)
	}
	for _, i := range s.Items {
		if want := strings.HasPrefix(i.Ref, "technical."); i.Checked != want {
			t.Errorf("%s: ticked is %v", i.Ref, i.Checked)
		}
	}
	page := fetch(t, url)
	if n := strings.Count(page, ` checked=""`); n != 12 {
		t.Errorf("the page has %d ticked boxes", n)
	}
	if !strings.Contains(page, "👍") {
		t.Error("the page does not show the reaction")
	}

	send(t, url+"/api/comment", `{"as":"mallory","body":"/dd done users"}`)
	s = stateOf(t, url)
	if s.Done != 12 || len(s.Last.Replies) != 1 || !strings.Contains(s.Last.Replies[0], "@mallory") {
		t.Errorf("a stranger: %d ticked, %+v", s.Done, s.Last)
	}
}

func TestDemoBoxes(t *testing.T) {
	url := openDemo(t)
	if code, text := send(t, url+"/api/tick", `{"as":"bob","ref":"users.2","checked":true}`); code != http.StatusOK {
		t.Fatalf("%d %s", code, text)
	}
	s := stateOf(t, url)
	line := 0
	for _, i := range s.Items {
		if i.Ref == "users.2" && i.Checked {
			line = i.Line
		}
	}
	if s.Done != 1 || line == 0 {
		t.Fatalf("%d ticked, %v", s.Done, s.Items)
	}
	data, _ := json.Marshal(map[string]any{"as": "alice", "line": line, "checked": false})
	if send(t, url+"/api/tick", string(data)); stateOf(t, url).Done != 0 {
		t.Error("alice could not take the tick off again")
	}
	code, text := send(t, url+"/api/tick", `{"as":"mallory","ref":"users.2","checked":true}`)
	if code != http.StatusForbidden || !strings.Contains(text, "GitHub refuses") || stateOf(t, url).Done != 0 {
		t.Errorf("a stranger who ticks: %d %s", code, text)
	}
}

// TestDemoClock: no clock touches an application, and the page says why.
func TestDemoClock(t *testing.T) {
	url := openDemo(t)
	before := stateOf(t, url).Clock
	for _, days := range []string{"1", "90", "30", "30"} {
		if code, text := send(t, url+"/api/clock", `{"days":`+days+`}`); code != http.StatusOK {
			t.Fatalf("%d %s", code, text)
		}
		s := stateOf(t, url)
		if s.State != "open" || slices.ContainsFunc(s.Labels, stale.IsLabel) || !strings.Contains(s.Summary, "in the foundation's care") {
			t.Errorf("another %s days: %s, %v; %s", days, s.State, s.Labels, s.Summary)
		}
	}
	if d := stateOf(t, url).Clock.Sub(before).Round(time.Hour); d != 151*24*time.Hour {
		t.Errorf("%v went by", d)
	}
	send(t, url+"/api/comment", `{"as":"alice","body":"/close"}`)
	send(t, url+"/api/clock", `{"days":30}`)
	if s := stateOf(t, url); s.State != "closed" || !strings.Contains(s.Summary, "Nothing changed") {
		t.Errorf("closed: %s, %v; %s", s.State, s.Labels, s.Summary)
	}
	send(t, url+"/api/comment", `{"as":"alice","body":"/lifecycle stale"}`)
	send(t, url+"/api/comment", `{"as":"alice","body":"/reopen\n/dd done technical.1"}`)
	if s := stateOf(t, url); s.Done != 1 || s.State != "open" || slices.Contains(s.Labels, "lifecycle/stale") {
		t.Errorf("reopened: %s, %v; %s", s.State, s.Labels, s.Summary)
	}
}

func TestDemoRefuses(t *testing.T) {
	url := openDemo(t)
	const comment = `{"as":"alice","body":"/dd done technical"}`
	for _, tc := range []struct {
		what, path, body string
		header           []string
		code             int
		say              string
	}{
		{"another site", "/api/comment", comment, []string{"Origin", "https://evil.example"}, 403, "cross-origin"},
		{"another site, by fetch metadata", "/api/comment", comment, []string{"Sec-Fetch-Site", "cross-site"}, 403, "cross-origin"},
		{"a form", "/api/comment", comment, []string{"Content-Type", "text/plain"}, 415, "Content-Type"},
		{"no JSON", "/api/comment", "hello", nil, 400, "read the request"},
		{"a field that is none", "/api/comment", `{"who":"alice"}`, nil, 400, "unknown field"},
		{"an impossible login", "/api/comment", `{"as":"a b","body":"x"}`, nil, 400, "cannot be a login"},
		{"an empty comment", "/api/comment", `{"as":"alice","body":""}`, nil, 422, "GitHub refuses"},
		{"no box", "/api/tick", `{"as":"alice","line":1}`, nil, 400, "no box in line 1"},
		{"many boxes", "/api/tick", `{"as":"alice","ref":"technical"}`, nil, 400, "more than one"},
		{"time back", "/api/clock", `{"days":-1}`, nil, 400, "forward only"},
		{"too much time", "/api/clock", `{"days":900000000000}`, nil, 400, "forward only"},
	} {
		if code, text := send(t, url+tc.path, tc.body, tc.header...); code != tc.code || !strings.Contains(text, tc.say) {
			t.Errorf("%s: %d %s", tc.what, code, text)
		}
	}
	if s := stateOf(t, url); s.Done != 0 || len(s.Comments) != 0 {
		t.Errorf("something happened: %d ticked, %v", s.Done, s.Comments)
	}
}

func TestDemoStranger(t *testing.T) {
	url := openDemo(t)
	send(t, url+"/api/comment", `{"as":"nobody-known","body":"<img src=x onerror=alert(1)><script>alert(2)</script>\n\n- [ ] mine"}`)
	page := fetch(t, url)
	if strings.Contains(page, "onerror") || strings.Contains(page, "alert(2)") {
		t.Error("a comment can bring its own script")
	}
	if !strings.Contains(page, `<input type="checkbox" disabled=""`) {
		t.Error("the box of a comment is not shown, or can be clicked")
	}
}

// TestDemoEvents: an open page hears of a change without asking.
func TestDemoEvents(t *testing.T) {
	url := openDemo(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	rq, _ := http.NewRequestWithContext(ctx, http.MethodGet, url+"/api/events", nil)
	rs, err := http.DefaultClient.Do(rq)
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Body.Close()
	first := make([]byte, 64)
	if _, err := rs.Body.Read(first); err != nil {
		t.Fatal(err)
	}
	send(t, url+"/api/comment", `{"as":"carol","body":"hello"}`)
	second := make([]byte, 64)
	if _, err := rs.Body.Read(second); err != nil || !bytes.HasPrefix(second, []byte("data: ")) || bytes.Equal(first, second) {
		t.Errorf("%q, then %q, %v", first, second, err)
	}
}

// runDemo runs the subcommand.
func runDemo(t *testing.T, ctx context.Context, in string, arguments ...string) (string, error) {
	t.Helper()
	cmd := root()
	var out bytes.Buffer
	cmd.SetIn(strings.NewReader(in))
	cmd.SetOut(&out)
	cmd.SetArgs(append([]string{"demo"}, arguments...))
	err := cmd.ExecuteContext(ctx)
	return out.String(), err
}

func TestDemoScript(t *testing.T) {
	for _, file := range []string{"list.txt", "story.txtar"} {
		t.Run(file, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			out, err := runDemo(t, t.Context(), "", "--script", filepath.Join("testdata", "demo", file))
			if err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", "demo", file+".golden")
			if os.Getenv("UPDATE") != "" {
				if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), out); d != "" {
				t.Errorf("the output differs (-golden +now; UPDATE=1 writes it):\n%s", d)
			}
			if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "ddbot-demo-*")); len(left) > 0 {
				t.Errorf("the demo left %v behind", left)
			}
		})
	}
}

// TestDemoConfig: the demo follows a configuration, a server's and a repository's own: commands, words, labels of groups.
func TestDemoConfig(t *testing.T) {
	own := "preset: checklist\nprefix: promote\nplugins:\n  stage:\n    groups:\n      phase: {clears: [\"phase/*\"], values: [{name: review, label: phase/review}]}\n" +
		"roles: {sponsor: {users: [carol]}}\n"
	for name, text := range map[string]string{"own": own, "server": "defaults:\n" + below(own)} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			file := filepath.Join(t.TempDir(), "ddbot.yaml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			script := "alice: /promote done technical.1\nalice: /dd done technical.2\nalice: /promote help\nbob: /promote phase review\n"
			out, err := runDemo(t, t.Context(), script, "--config", file, "--script", "-")
			if err != nil || strings.Contains(out, "`/dd ") || !strings.Contains(out, "`/promote done ITEM") || strings.Count(out, "+ - [x]") != 1 || !strings.Contains(out, "phase/review") {
				t.Errorf("%v\n%s", err, out)
			}
			seed, _, err := demoSeed(demo.DefaultSeed(), file)
			if err != nil || !slices.Contains(seed.Examples, "/promote status") {
				t.Error(err, seed.Examples)
			}
		})
	}
	file := filepath.Join(t.TempDir(), "ddbot.yaml")
	if err := os.WriteFile(file, []byte("preset: chekclist\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := runDemo(t, t.Context(), "", "--config", file); err == nil {
		t.Error(out)
	}
}

func TestDemoScriptErrors(t *testing.T) {
	for script, say := range map[string]string{
		"":                                    "nothing happens in it",
		"alice: hi\nwho knows":                `line 2: "who knows" is neither`,
		"+soon":                               `"soon" is no time to pass`,
		"-- issue.md --\nauthor alice\n":      `"author alice" is not a header`,
		"-- issue.md --\ncolour: red\n\nbody": `the header "colour" is unknown`,
		"-- notes --\nx\n":                    `section "notes" is unknown`,
		"-- 1 bob sings --\n":                 `nothing is known of the action "bob sings"`,
		"-- issue.md --\nauthor: alice\n\nx":  "no step",
	} {
		t.Run(say, func(t *testing.T) {
			_, err := runDemo(t, t.Context(), script, "--script", "-")
			var exit *exitError
			if !errors.As(err, &exit) || exit.code != exitUsage || !strings.Contains(err.Error(), say) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestDemoCommand: the command as people start it, and stop it.
func TestDemoCommand(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	cmd := root()
	cmd.SetOut(writer)
	cmd.SetArgs([]string{"demo", "--listen", "127.0.0.1:0"})
	done := make(chan error, 1)
	go func() { done <- cmd.ExecuteContext(ctx) }()
	said := make([]byte, 1024)
	n, _ := reader.Read(said)
	url, _, _ := strings.Cut(strings.TrimPrefix(string(said[:n]), "ddbot demo: "), "\n")
	if n := strings.Count(fetch(t, url), `<input type="checkbox"`); n != 49 {
		t.Errorf("the page at %s has %d boxes", url, n)
	}
	_, err := runDemo(t, t.Context(), "", "--listen", strings.TrimPrefix(url, "http://"))
	if err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("a port that is taken: %v", err)
	}
	// A page that is open must not hold the end up.
	rs, err := http.Get(url + "/api/events")
	if err != nil {
		t.Fatal(err)
	}
	defer rs.Body.Close()
	start := time.Now()
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("it took %v to stop", took)
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "ddbot-demo-*")); len(left) > 0 {
		t.Errorf("the demo left %v behind", left)
	}
}
