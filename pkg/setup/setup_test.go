package setup_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/rights"
	"github.com/ddbot/ddbot/pkg/setup"
	"github.com/ddbot/ddbot/plugins"
)

var (
	public = github.Places{Web: "https://github.com", API: "https://api.github.com"}
	ghe    = github.Places{Web: "https://ghe.example", API: "https://ghe.example/api/v3"}
	needs  = []rights.Need{
		{Permission: "issues", Level: "write", Title: "Issues", Scope: "repo", Events: []string{"issues", "issue_comment"}},
		{Permission: "members", Level: "read", Title: "Members", Organization: true, Scope: "read:org", For: "asks for teams"},
	}
)

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		app              setup.App
		hook, name, says string
	}{
		{setup.App{GitHub: public, Hook: "https://dd.example.com"}, "https://dd.example.com/hook", "", ""},
		{setup.App{GitHub: public, Hook: "https://dd.example.com/deep/hook", Organization: "acme"}, "https://dd.example.com/deep/hook", "ddbot-acme", ""},
		{setup.App{GitHub: public, Hook: "https://dd.example.com", Organization: "twenty-seven-letters-and-m-more"}, "https://dd.example.com/hook", "ddbot-twenty-seven-letters-and-m-m", ""},
		{setup.App{GitHub: public, Hook: "https://93.184.215.14/"}, "https://93.184.215.14/hook", "", ""},
		{setup.App{GitHub: ghe, Hook: "http://10.1.2.3:8888"}, "http://10.1.2.3:8888/hook", "", ""},
		{setup.App{GitHub: ghe, Hook: "http://ddbot:8888/hook"}, "http://ddbot:8888/hook", "", ""},
		{setup.App{GitHub: public}, "", "", "--url https://ddbot.example.com/hook"},
		{setup.App{GitHub: public, Hook: "dd.example.com"}, "", "", "is not an address for webhooks"},
		{setup.App{GitHub: public, Hook: "https://dd.example.com/hook?x=y"}, "", "", "nothing else"},
		{setup.App{GitHub: public, Hook: "http://localhost:8888/hook"}, "", "", "does not reach localhost:8888"},
		{setup.App{GitHub: public, Hook: "http://10.1.2.3/hook"}, "", "", "does not reach 10.1.2.3"},
		{setup.App{GitHub: public, Hook: "http://[::1]/hook"}, "", "", "does not reach"},
		{setup.App{GitHub: public, Hook: "http://ddbot.ddbot.svc.cluster.local/hook"}, "", "", "does not reach"},
		{setup.App{GitHub: public, Hook: "https://dd.example.com", Organization: "a/b"}, "", "", "is not the name of an organisation"},
		{setup.App{GitHub: public, Hook: "https://dd.example.com", Name: strings.Repeat("a", 35)}, "", "", "34 at most"},
	} {
		c.app.Needs = needs
		got, err := c.app.Check()
		switch {
		case c.says != "":
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%+v: %v", c.app, err)
			}
		case err != nil || got.Hook != c.hook || got.Name != c.name:
			t.Errorf("%+v: %+v, %v", c.app, got, err)
		}
	}
	if _, err := (setup.App{GitHub: public, Hook: "https://dd.example.com"}).Check(); err == nil || !strings.Contains(err.Error(), "every plugin off") {
		t.Errorf("nothing is needed: %v", err)
	}
}

// TestManifest: it has the fields that GitHub documents, and asks for nothing but what is needed.
func TestManifest(t *testing.T) {
	got, err := json.Marshal(setup.App{Name: "dd", Hook: "https://dd.example.com/hook", Needs: needs}.Manifest("http://127.0.0.1:1/created"))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"name":"dd","url":"https://github.com/ddbot/ddbot","description":"Slash commands for promotion issues and their due-diligence checklists",` +
		`"hook_attributes":{"url":"https://dd.example.com/hook","active":true},"redirect_url":"http://127.0.0.1:1/created","public":false,` +
		`"default_permissions":{"issues":"write","members":"read"},"default_events":["issues","issue_comment"]}`
	if d := cmp.Diff(want, string(got)); d != "" {
		t.Error(d)
	}
}

// run is one setup, with a browser.
type run struct {
	t     *testing.T
	s     *setup.Setup
	url   string
	path  string
	state string
	codes []string // that were exchanged
}

func begin(t *testing.T, convert func(code string) (github.NewApp, error)) *run {
	t.Helper()
	r := &run{t: t}
	r.s = &setup.Setup{
		App:    setup.App{GitHub: ghe, Hook: "https://dd.example.com/hook", Organization: "acme", Needs: needs},
		Files:  setup.Files{Dir: filepath.Join(t.TempDir(), "new")},
		Random: bytes.NewReader(bytes.Repeat([]byte("0123456789abcdef"), 10)),
		Convert: func(_ context.Context, code string) (github.NewApp, error) {
			r.codes = append(r.codes, code)
			return convert(code)
		},
	}
	pages, path, err := r.s.Begin()
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(pages)
	t.Cleanup(server.Close)
	r.url, r.path = server.URL, path
	_, page := r.get(path)
	r.state = regexp.MustCompile(`state=([0-9a-f]{32})`).FindStringSubmatch(page)[1]
	return r
}

func (r *run) get(path string) (status int, body string) {
	r.t.Helper()
	res, err := http.Get(r.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

func (r *run) back(code string) (status int, body string) {
	return r.get("/created?code=" + code + "&state=" + r.state)
}

var app = github.NewApp{ID: 7, Slug: "dd", URL: "https://ghe.example/github-apps/dd", Owner: "acme", Key: []byte("KEY"), Secret: "SECRET"}

func TestDone(t *testing.T) {
	r := begin(t, func(string) (github.NewApp, error) { return app, nil })
	if status, page := r.get("/"); status != 404 {
		t.Errorf("who does not know the path sees %s", page)
	}
	status, page := r.get(r.path)
	if status != 200 || !strings.Contains(page, `action="https://ghe.example/organizations/acme/settings/apps/new?state=`+r.state) {
		t.Errorf("%d %s", status, page)
	}
	if !strings.Contains(page, r.url+"/created") {
		t.Error("GitHub is not told where we are")
	}
	status, page = r.back("c1")
	if status != 200 || strings.Contains(page, "KEY") || strings.Contains(page, "SECRET") {
		t.Errorf("%d %s", status, page)
	}
	for _, want := range []string{"https://ghe.example/github-apps/dd/installations/new", "--app-id 7", "--github-url https://ghe.example/api/v3"} {
		if !strings.Contains(page, want) {
			t.Errorf("the last page does not have %s", want)
		}
	}
	next := <-r.s.Finished()
	dir := r.s.Files.Dir
	for name, want := range map[string]string{"app-id": "7\n", "app-key.pem": "KEY", "webhook-secret": "SECRET\n"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(data) != want {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Errorf("%v %v", entries, err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v %v", e.Name(), info.Mode(), err)
		}
	}
	if _, err := config.NewSource(filepath.Join(dir, "ddbot.yaml"), plugins.All(), config.SourceOptions{Now: nowhen}); err != nil {
		t.Error(err)
	}
	if text := next.Text(); !strings.Contains(text, next.Start()) || !strings.Contains(text, next.Install()) || strings.Contains(text, "SECRET") {
		t.Error(text)
	}
	// Once is enough, whatever the browser does.
	for _, path := range []string{r.path, "/created?code=c2&state=" + r.state} {
		if status, page := r.get(path); status != 200 || !strings.Contains(page, "The App is created") {
			t.Errorf("%s: %d %s", path, status, page)
		}
	}
	if len(r.codes) != 1 {
		t.Errorf("exchanged %v", r.codes)
	}
}

// TestTrouble: each way to fail says what to do, and nothing is written.
func TestTrouble(t *testing.T) {
	for _, c := range []struct {
		name, state string
		err         error
		status      int
		says        []string
		codes       int
	}{
		{"a state of others", "x", nil, 403, []string{"did not begin here", "not used"}, 0},
		{"no state", "", nil, 403, []string{"printed in the terminal"}, 0},
		{"a code that is used up", "good", github.ErrGone, 410, []string{"counts once, and for an hour", "https://ghe.example/organizations/acme/settings/apps", "Begin again"}, 1},
		{"a proxy's page", "good", fmt.Errorf("%w: with status 200 came what is not GitHub's", github.ErrUnavailable), 502, []string{"could not be asked at https://ghe.example/api/v3: with status 200", "Reload"}, 1},
		{"nobody answers", "good", fmt.Errorf("%w: %w", github.ErrUnavailable, &url.Error{Op: "Post", URL: "https://ghe.example/c1", Err: errors.New("connection refused")}), 502, []string{"at https://ghe.example/api/v3: connection refused. Reload"}, 1},
		{"refused", "good", github.ErrInvalid, 502, []string{"GitHub refused the code"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := begin(t, func(string) (github.NewApp, error) { return github.NewApp{}, c.err })
			if c.state != "good" {
				r.state = c.state
			}
			status, page := r.back("c1")
			if status != c.status || len(r.codes) != c.codes {
				t.Errorf("%d, exchanged %v", status, r.codes)
			}
			for _, want := range c.says {
				if !strings.Contains(page, want) {
					t.Errorf("the page does not say %q:\n%s", want, page)
				}
			}
			if entries, err := os.ReadDir(r.s.Files.Dir); err != nil || len(entries) != 0 {
				t.Errorf("%v %v", entries, err)
			}
			if err := r.s.Stopped(); !strings.Contains(err.Error(), "nothing is written") {
				t.Error(err)
			}
		})
	}
}

// TestAgain: after an outage the same code counts.
func TestAgain(t *testing.T) {
	fail := true
	r := begin(t, func(string) (github.NewApp, error) {
		if fail {
			return github.NewApp{}, github.ErrUnavailable
		}
		return app, nil
	})
	if status, _ := r.back("c1"); status != 502 {
		t.Error(status)
	}
	fail = false
	if status, page := r.back("c1"); status != 200 {
		t.Error(status, page)
	}
}

// TestKeptInMind: what GitHub gave once is not lost because a file could not be written.
func TestKeptInMind(t *testing.T) {
	quiet := app
	quiet.Secret = ""
	r := begin(t, func(string) (github.NewApp, error) { return quiet, nil })
	inTheWay := filepath.Join(r.s.Files.Dir, "app-id")
	if err := os.WriteFile(inTheWay, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	status, page := r.back("c1")
	if status != 500 || !strings.Contains(page, "app-id") || !strings.Contains(page, "reload") {
		t.Errorf("%d %s", status, page)
	}
	if err := r.s.Stopped(); !strings.Contains(err.Error(), "before the key of dd was written") {
		t.Error(err)
	}
	secret, err := os.ReadFile(filepath.Join(r.s.Files.Dir, "webhook-secret"))
	if data, readErr := os.ReadFile(inTheWay); err != nil || readErr != nil || string(data) != "mine" || len(secret) != 41 {
		t.Errorf("%q %q %v %v", data, secret, err, readErr)
	}
	if err := os.Remove(inTheWay); err != nil {
		t.Fatal(err)
	}
	if status, page = r.back("c1"); status != 200 || len(r.codes) != 1 || !strings.Contains(page, "Set the webhook") {
		t.Errorf("%d, exchanged %v: %s", status, r.codes, page)
	}
	again, err := os.ReadFile(filepath.Join(r.s.Files.Dir, "webhook-secret"))
	if err != nil || string(again) != string(secret) {
		t.Errorf("the secret has changed: %v", err)
	}
}

// TestNotOverwritten: what is in the way is found before anybody goes to GitHub.
func TestNotOverwritten(t *testing.T) {
	for _, name := range []string{"app-id", "app-key.pem", "webhook-secret", "ddbot.yaml"} {
		dir := t.TempDir()
		if err := os.Symlink("nowhere", filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		err := setup.Files{Dir: dir}.Check()
		if err == nil || !strings.Contains(err.Error(), name+" is there already") || !strings.Contains(err.Error(), "--out") {
			t.Errorf("%s: %v", name, err)
		}
		if err := (setup.Files{Dir: dir, Config: "mine.yaml"}).Check(); (err == nil) != (name == "ddbot.yaml") {
			t.Errorf("%s, with a configuration of one's own: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (setup.Files{Dir: file}).Check(); err == nil || !strings.Contains(err.Error(), "--out") {
		t.Errorf("a file for a folder: %v", err)
	}
}

func TestStart(t *testing.T) {
	n := setup.Next{App: app, Files: setup.Files{Dir: "it's here", Config: "my.yaml"}, GitHub: public}
	want := `ddbot serve --config my.yaml --store 'sqlite:it'\''s here/ddbot.db' --webhook-secret-file 'it'\''s here/webhook-secret' --app-id 7 --app-key-file 'it'\''s here/app-key.pem'`
	if got := n.Start(); got != want {
		t.Errorf("\n%s\n%s", got, want)
	}
}

func TestTokenSteps(t *testing.T) {
	text := setup.App{GitHub: ghe, Hook: "https://dd.example.com/hook", Needs: needs}.TokenSteps(setup.Files{Dir: "."})
	for _, want := range []string{
		"Repository    Issues         read and write", "Organization  Members        read", "read:org   asks for teams", "repo ",
		"https://ghe.example/OWNER/REPOSITORY/settings/hooks/new", "Events        Issues, Issue comments",
		"ddbot serve --store sqlite:ddbot.db --webhook-secret-file webhook-secret --github-token-file github-token --github-url https://ghe.example/api/v3",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func nowhen() time.Time { return time.Time{} }
