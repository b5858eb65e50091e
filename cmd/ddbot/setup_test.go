package main

import (
	"bufio"
	"bytes"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

// person goes through the pages of set-up and of GitHub.
type person interface {
	create(page, name string) // from the address that is printed to the last page
	install()                 // from there
}

// TestSetup: from nothing to a server that answers, as the App that the pages made, in a repository that is not public: with the
// permissions of the manifest and no others.
func TestSetup(t *testing.T) {
	for _, c := range []struct {
		name   string
		person func(*testing.T) person
	}{
		{"by HTTP", func(t *testing.T) person { return &poster{t: t} }},
		{"in Chromium", func(t *testing.T) person { return &clicker{&tab{t, chromium(t)}} }},
	} {
		t.Run(c.name, func(t *testing.T) { setUp(t, c.person(t)) })
	}
}

func setUp(t *testing.T, p person) {
	w := newWorldWith(t, githubsim.Options{})
	for _, login := range []string{"alice", "carol"} {
		w.sim.SetRole(repo, login, "read")
	}
	w.sim.SetPrivate(repo, true)
	w.sim.AddFile(repo, "OWNERS", "approvers:\n- carol\n")
	w.sim.SignIn("owner")
	// The address that GitHub knows is that of a proxy, as in life: where the server listens shows when it has started.
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: w.addr})
	}})
	defer front.Close()
	dir := filepath.Join(w.dir, "app")

	words, done := runSetup(t, p, "--github-url", w.api.URL, "--organization", "acme", "--url", front.URL, "--out", dir, "--listen", "127.0.0.1:0")
	if len(words) < 3 || words[1] != "serve" {
		t.Fatalf("no command to start the server in\n%s", done)
	}
	w.args = words[2:]
	startAsPrinted(t, w)
	p.install()
	said := func(ref issue.Ref, as, body string) {
		id := w.sim.Comment(ref, as, body)
		w.eventually(body, func() bool {
			for _, c := range w.sim.Comments(ref) {
				if c.ID == id {
					return len(c.Reactions) == 1 && c.Reactions[0].User == "acme-dd[bot]"
				}
			}
			return false
		})
	}
	said(w.ref, "carol", "/dd done technical") // by OWNERS, which takes the right to contents
	if body := w.sim.Issue(w.ref).Body; strings.Count(body, "[x]") != 2 {
		t.Errorf("the description is\n%s", body)
	}
	said(w.ref, "alice", "/kind bug")
	said(w.sim.OpenPull(repo, "alice", "a change", "text"), "alice", "/cc @bob")
	w.drain()
	for _, call := range w.sim.Calls() {
		if call.As == "acme-dd[bot]" && (call.Status == 403 || call.Status == 501) {
			t.Errorf("%s: %d", call.Path, call.Status)
		}
	}
	// Exactly: what the manifest asked for was used, all of it and to the level that it has.
	want := map[string]string{"issues": "write", "pull_requests": "write", "contents": "read", "metadata": "read"}
	if d := cmp.Diff(want, w.sim.Used()); d != "" {
		t.Error(d)
	}
	if strings.Contains(w.log.String(), "lacks the permission") || strings.Contains(w.log.String(), "not subscribed") {
		t.Error(w.log)
	}
}

// runSetup runs the program, lets somebody go through the pages, and gives the words of the command that starts the server.
func runSetup(t *testing.T, p person, flags ...string) (start []string, printed string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"setup"}, flags...)...)
	cmd.Env = append(os.Environ(), "DDBOT_TEST_MAIN=1")
	var trouble bytes.Buffer
	cmd.Stderr = &trouble
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	page := regexp.MustCompile(`http://\S+`).FindString(first)
	if err != nil || page == "" {
		t.Fatalf("%q %v %s", first, err, &trouble)
	}
	p.create(page, "acme-dd")
	rest, err := io.ReadAll(lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, &trouble)
	}
	for line := range strings.Lines(string(rest)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "ddbot" {
			start = words
		}
	}
	return start, string(rest)
}

// startAsPrinted starts the server by what ddbot setup printed.
func startAsPrinted(t *testing.T, w *world) {
	t.Helper()
	for i, a := range w.args {
		if a == "--store" {
			w.url = w.args[i+1]
		}
	}
	w.start()
}

// poster is somebody without a browser.
type poster struct {
	t    *testing.T
	last string // address of the page to install the App at
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]+)"`)
	formValue  = regexp.MustCompile(`name="(manifest|id)" value="([^"]*)"`)
	installAt  = regexp.MustCompile(`href="([^"]+/installations/new)"`)
)

// page gives what is at an address, or what comes of a form.
func (p *poster) page(res *http.Response, err error) (text string, at *url.URL) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	data, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil || res.StatusCode != http.StatusOK {
		p.t.Fatalf("%v %d %s", err, res.StatusCode, data)
	}
	return string(data), res.Request.URL
}

func (p *poster) submit(text string, at *url.URL, more url.Values) (string, *url.URL) {
	p.t.Helper()
	to, err := at.Parse(html.UnescapeString(formAction.FindStringSubmatch(text)[1]))
	if err != nil {
		p.t.Fatal(err)
	}
	m := formValue.FindStringSubmatch(text)
	more.Set(m[1], html.UnescapeString(m[2]))
	return p.page(http.PostForm(to.String(), more))
}

func (p *poster) create(page, name string) {
	text, at := p.page(http.Get(page))
	text, at = p.submit(text, at, url.Values{})
	text, _ = p.submit(text, at, url.Values{"name": {name}})
	p.last = installAt.FindStringSubmatch(text)[1]
}

func (p *poster) install() { p.page(http.PostForm(p.last, nil)) }

// clicker is somebody with a browser.
type clicker struct{ *tab }

func (c *clicker) create(page, name string) {
	c.do(chromedp.Navigate(page), chromedp.WaitVisible(chromedp.CSS(`form button`)))
	c.pictures("setup-1-ask")
	c.do(
		chromedp.Click(chromedp.CSS(`form button`)), chromedp.WaitVisible(chromedp.CSS(`input[name=name]`)),
		chromedp.SetValue(chromedp.CSS(`input[name=name]`), name), chromedp.Click(chromedp.CSS(`form button`)),
		chromedp.WaitVisible(chromedp.CSS(`a.button`)),
	)
	c.pictures("setup-2-done")
}

func (c *clicker) install() {
	c.do(
		chromedp.Click(chromedp.CSS(`a.button`)), chromedp.WaitVisible(chromedp.CSS(`form button`)),
		chromedp.Click(chromedp.CSS(`form button`)), chromedp.WaitVisible(chromedp.CSS(`.installed`)),
	)
}
