package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/web"
	"github.com/ddbot/ddbot/plugins"
)

// inbox is a queue of some depth, or one that does not answer.
type inbox struct {
	queue.Inbox
	err error
}

func (i *inbox) Depth(context.Context) (queue.Depth, error) {
	return queue.Depth{Pending: 3, Dead: 1}, i.err
}

func serve(t *testing.T, text string) (handler http.Handler, box *inbox, file string) {
	log := logrus.New()
	log.Out = io.Discard
	file = filepath.Join(t.TempDir(), "ddbot.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := config.NewSource(file, plugins.All(), config.SourceOptions{Log: log, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	go source.Watch(ctx)
	box = &inbox{}
	say := func(s string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, s) })
	}
	handler = web.Handler(web.Options{
		Hook: say("hook"), Metrics: say("metrics"), Store: box, Config: source,
	})
	return handler, box, file
}

func TestPages(t *testing.T) {
	handler, box, file := serve(t, "defaults: {}\n")
	get := func(path string) (int, string) {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		return w.Code, w.Body.String()
	}
	if code, page := get("/"); code != 200 || !strings.Contains(page, "/dd done ITEM") || !strings.Contains(page, "3 deliveries waiting, 1 given up") {
		t.Errorf("the start page: %d\n%s", code, page)
	}
	for path, want := range map[string]string{"/healthz": "ok\n", "/metrics": "metrics", "/readyz": "ok\n", "/hook": "hook", "/hook/": "hook"} {
		if code, got := get(path); code != 200 || got != want {
			t.Errorf("%s: %d %q", path, code, got)
		}
	}
	if code, _ := get("/nothing"); code != 404 {
		t.Errorf("an unknown page: %d", code)
	}
	// A broken file leaves it ready, and says so.
	if err := os.WriteFile(file, []byte("defaults: 7\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		code, got := get("/readyz?verbose")
		if code == 200 && strings.Contains(got, "[-] config: the file is broken") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d %q", code, got)
		}
	}
	// A store that does not answer does not.
	box.err = errors.New("no disk")
	if code, got := get("/readyz"); code != 503 || !strings.Contains(got, "store") {
		t.Errorf("without a store: %d %q", code, got)
	}
	if code, page := get("/"); code != 200 || !strings.Contains(page, "does not answer") {
		t.Errorf("the start page without a store: %d %s", code, page)
	}
}

// TestProwHelp: Prow's hook asks with the repositories and reads names in upper case, at the plugin's address and below. It is told
// what is on in these; Deck takes the texts for HTML.
func TestProwHelp(t *testing.T) {
	const text = "mode: external\nonly: [acme/*, other/x]\n" +
		"repos: {acme/toc: {plugins: {assign: true, stage: {who: {roles: [staff]}}}}}\norgs: {other: {plugins: {dd: false, evidence: false}}}\n"
	handler, _, _ := serve(t, text)
	for _, c := range []struct {
		name, body string
		config     map[string]string // by repository: a word of what is said; with ! it is not said
		usages     []string          // begin with these; with ! none does
	}{
		{"one", `[{"Org":"acme","Repo":"toc"}]`, map[string]string{"acme/toc": "assign"}, []string{"/dd done", "/assign", "!/close"}},
		{"several, one twice", `[{"Org":"acme","Repo":"x"},{"Org":"Other","Repo":"X"},{"Org":"acme","Repo":"x"}]`,
			map[string]string{"acme/x": "dd, ", "Other/X": "!dd, "}, []string{"/dd done", "!/assign"}},
		{"left alone", `[{"Org":"nobody","Repo":"x"}]`, map[string]string{"nobody/x": "alone"}, []string{"!/"}},
		{"an organisation that Prow could not ask about", `[{"Org":"acme","Repo":""}]`, map[string]string{"acme/": ""}, nil},
		{"none", `[]`, map[string]string{"": "dd, "}, []string{"/dd done", "!/assign"}},
		{"null", `null`, map[string]string{"": "dd, "}, []string{"/dd done"}},
		{"nothing", ``, map[string]string{"": "dd, "}, []string{"/dd done"}},
	} {
		for _, path := range []string{"/help", "/hook/help"} {
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, path, strings.NewReader(c.body)))
			var help struct {
				Description string
				Config      map[string]string
				Commands    []struct{ Usage, Description, WhoCanUse string }
			}
			if err := json.Unmarshal(w.Body.Bytes(), &help); err != nil || w.Code != http.StatusOK || help.Description == "" || len(help.Config) != len(c.config) {
				t.Fatalf("%s: %d %v %+v", c.name, w.Code, err, help)
			}
			for repo, want := range c.config {
				word, not := strings.CutPrefix(want, "!")
				if got, ok := help.Config[repo]; !ok || strings.Contains(got, word) == not {
					t.Errorf("%s: %s: %q", c.name, repo, got)
				}
			}
			seen := map[string]bool{}
			for _, cmd := range help.Commands {
				if !strings.HasPrefix(cmd.Usage, "/") || cmd.Description == "" || cmd.WhoCanUse == "" || seen[cmd.Usage] || strings.Contains(cmd.Description, "`") {
					t.Errorf("%s: %+v", c.name, cmd)
				}
				seen[cmd.Usage] = true
			}
			for _, usage := range c.usages {
				begin, not := strings.CutPrefix(usage, "!")
				some := slices.ContainsFunc(slices.Collect(maps.Keys(seen)), func(u string) bool { return strings.HasPrefix(u, begin) })
				if some == not {
					t.Errorf("%s: %q is there: %v", c.name, begin, some)
				}
			}
		}
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/help", strings.NewReader(`{"Org":"acme"}`)))
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "list of repositories") {
		t.Errorf("no list: %d %s", w.Code, w.Body)
	}
}
