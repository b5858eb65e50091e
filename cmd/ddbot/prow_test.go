package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// The requests in testdata/prow are those that Prow's own code sent (kubernetes-sigs/prow @ a61940897, pkg/hook and
// pkg/pluginhelp/hook, run with Go 1.26.8 on 2026-11-28), as they came in, byte for byte. forward.http is a comment on the issue
// of newWorld, signed with its secret; redirected.http is what came to the address to which a 302 led; help.http asks for a
// plugin that is registered for acme and for acme/toc.

func recorded(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "prow", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// play sends the bytes of a request as they are.
func (w *world) play(raw []byte) (code int, answer string) {
	w.t.Helper()
	c, err := net.Dial("tcp", w.addr)
	if err != nil {
		w.t.Error(err)
		return 0, ""
	}
	defer c.Close()
	_, _ = c.Write(raw)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		w.t.Errorf("no answer: %v", err)
		return 0, ""
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

// TestProwForward plays what Prow's hook sends. Registered for the organisation and the repository it sends everything twice, at
// the same time.
func TestProwForward(t *testing.T) {
	forward := recorded(t, "forward.http")
	w := newWorldWith(t, githubsim.Options{Now: func() time.Time { return time.Date(2026, 11, 28, 3, 0, 0, 0, time.UTC) }})
	w.args = []string{"--config", write(t, "ddbot.yaml", "mode: external\n")}
	w.sim.AddHook(githubsim.Hook{URL: "http://127.0.0.1:1/hook"}) // it has an id, as it had when this was recorded
	comment := w.sim.Comment(w.ref, "alice", "/dd done technical")
	if !bytes.Contains(forward, fmt.Appendf(nil, `"id":%d,"issue_url"`, comment)) {
		t.Fatalf("the recorded comment is not %d: record it again", comment)
	}
	w.start()
	var answers sync.Map
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			code, text := w.play(forward)
			if code != http.StatusAccepted {
				t.Errorf("answered with %d %s", code, text)
			}
			answers.Store(strings.TrimSpace(text), true)
		})
	}
	all.Wait()
	for _, want := range []string{"queued", "duplicate"} {
		if _, ok := answers.Load(want); !ok {
			t.Errorf("neither is answered as %s", want)
		}
	}
	w.eventually("the command is carried out", func() bool { return w.reacted(comment) == 1 })
	w.settle()
	if body := w.sim.Issue(w.ref).Body; strings.Count(body, "[x]") != 2 || len(w.sim.Issue(w.ref).Comments) != 1 {
		t.Errorf("%s\n%s", body, w.comments())
	}
	if !strings.Contains(w.log.String(), "mode external, left to Prow: lifecycle, label, assign, milestone, retitle, help-wanted") {
		t.Errorf("the log does not say whose the commands are:\n%s", w.log)
	}
	w.broken(forward)
}

// broken are forwards that did not come whole: each is refused in words, and is in the log once.
func (w *world) broken(forward []byte) {
	w.t.Helper()
	head, body, _ := bytes.Cut(forward, []byte("\r\n\r\n"))
	_, given, _ := strings.Cut(string(head), "X-Hub-Signature-256: sha256=")
	given = given[:sha256.Size*2]
	empty := hmac.New(sha256.New, []byte(secret))
	swap := func(length int, signature string, body string) []byte {
		s := strings.Replace(string(head), fmt.Sprintf("Content-Length: %d", len(forward)-len(head)-4), fmt.Sprintf("Content-Length: %d", length), 1)
		return []byte(strings.Replace(s, given, signature, 1) + "\r\n\r\n" + body)
	}
	redirected := bytes.Replace(recorded(w.t, "redirected.http"), []byte("GET /login"), []byte("GET /hook"), 1)
	for _, c := range []struct {
		name string
		raw  []byte
		code int
		says string
	}{
		{"nothing, and a signature that is right for it", swap(0, hex.EncodeToString(empty.Sum(nil)), ""), 400, "the webhook has no body"},
		{"nothing, with the signature of what was lost", swap(0, given, ""), 400, "the webhook has no body"},
		{"another signature", swap(len(body), strings.Repeat("0", 64), string(body)), 401, "the signature is wrong"},
		{"what a redirect leaves", redirected, 405, "a redirect on the way made a GET of this one"},
	} {
		for range 3 {
			if code, text := w.play(c.raw); code != c.code || !strings.Contains(text, c.says) {
				w.t.Errorf("%s: %d %s", c.name, code, text)
			}
		}
		w.eventually("the log says: "+c.says, func() bool { return strings.Contains(w.log.String(), c.says) })
		if n := strings.Count(w.log.String(), c.says); n != 1 {
			w.t.Errorf("%s: the log says it %d times", c.name, n)
		}
	}
}

// TestProwHelp plays Prow's question and reads the answer as Prow does, but strictly.
func TestProwHelp(t *testing.T) {
	w := newWorld(t)
	w.args = []string{"--config", write(t, "ddbot.yaml", "mode: external\nrepos: {acme/other: {plugins: {label: true}}}\n")}
	w.start()
	begin := time.Now()
	code, text := w.play(recorded(t, "help.http"))
	if code != http.StatusOK || time.Since(begin) > time.Second {
		t.Fatalf("%d after %s: %s", code, time.Since(begin), text)
	}
	// pluginhelp.PluginHelp and pluginhelp.Command of Prow.
	var help struct {
		Description string
		Config      map[string]string
		Snippet     string `json:",omitempty"`
		Events      []string
		Commands    []struct {
			Usage       string
			Featured    bool
			Description string
			Examples    []string
			WhoCanUse   string
		}
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&help); err != nil {
		t.Fatal(err)
	}
	var usages []string
	for _, c := range help.Commands {
		usages = append(usages, c.Usage)
		if c.Description == "" || c.WhoCanUse == "" || len(c.Examples) == 0 {
			t.Errorf("%+v", c)
		}
	}
	all := strings.Join(usages, "\n")
	for cmd, want := range map[string]bool{"/dd done": true, "/dd/status": true, "/label": true, "/close": false, "/assign": false, "/retitle": false} {
		if got := strings.Contains("\n"+all, "\n"+cmd); got != want {
			t.Errorf("%s is there %v, want %v", cmd, got, want)
		}
	}
	if n := strings.Count(all, "/dd done"); n != 1 {
		t.Errorf("/dd done is there %d times", n)
	}
	if c := help.Config; len(c) != 2 || strings.Contains(c["acme/toc"], "label") || !strings.Contains(c["acme/other"], "label") {
		t.Errorf("%v", c)
	}
}

// TestProwUnannounced: who forwards to a ddbot that does not know of it is told, once.
func TestProwUnannounced(t *testing.T) {
	w := newWorld(t)
	w.start()
	forward := recorded(t, "forward.http")
	for range 3 {
		w.play(forward)
	}
	w.eventually("a word in the log", func() bool { return strings.Contains(w.log.String(), "does not say `mode: external`") })
	if n := strings.Count(w.log.String(), "does not say `mode: external`"); n != 1 {
		t.Errorf("it says so %d times", n)
	}
}

// prowHook forwards as Prow's hook does, but tries once: 200 to GitHub at once, then one request for each time that the plugin is
// registered, with all headers and a User-Agent of its own.
type prowHook struct {
	mu  sync.Mutex
	to  []string
	got int
	all sync.WaitGroup
}

func (p *prowHook) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got++
	for _, to := range p.to {
		req, _ := http.NewRequest(http.MethodPost, to, bytes.NewReader(body))
		req.Header = r.Header.Clone()
		req.Header.Set("User-Agent", "ProwHook")
		p.all.Go(func() {
			if res, err := http.DefaultClient.Do(req); err == nil {
				_ = res.Body.Close()
			}
		})
	}
}

func (p *prowHook) forward(to ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.to = to
}

// TestBesideProw: ddbot is registered twice, leaves Prow's commands to it, sees what Prow does, and after an outage finds what it
// missed without having GitHub deliver to Prow again, though its rights would do.
func TestBesideProw(t *testing.T) {
	w := newWorldAt(t, time.Now)
	w.sim.AddUser("prow")
	w.sim.SetRole(repo, "prow", "write")
	w.sim.SetRole(repo, bot, "admin") // may read the log of deliveries, and ask for them again
	w.args = []string{"--config", write(t, "ddbot.yaml", "mode: external\n")}
	w.start()
	prow := &prowHook{}
	srv := httptest.NewServer(prow)
	t.Cleanup(srv.Close)
	w.sim.AddHook(githubsim.Hook{URL: srv.URL + "/hook", Secret: secret, Repo: repo})
	on := "http://" + w.addr + "/hook"
	prow.forward(on, on)

	first := w.sim.Comment(w.ref, "alice", "/dd done technical.1")
	w.eventually("the first command", func() bool { return w.reacted(first) == 1 })
	w.settle()
	before := len(w.calls())
	for _, c := range []string{"/lifecycle stale", "/kind bug", "/remove-kind bug", "/assign @bob", "/milestone v1", "/retitle X", "/help", "/close", "/lifecycle  frozen", "/clsoe", "/lgtm", "/retest"} {
		w.sim.Comment(w.ref, "alice", c)
	}
	w.sim.AddLabels(w.ref, "prow", "lifecycle/stale")
	w.drain()
	prow.all.Wait()
	w.settle()
	if n := len(w.calls()); n != before {
		t.Errorf("Prow's commands cost ddbot %d calls: %v\n%s", n-before, w.calls()[before:], w.comments())
	}

	w.sim.Close(w.ref, "prow", "completed")
	w.eventually("the guard speaks up when Prow closes", func() bool { return strings.Contains(w.lastComment(), "1 of 3 items done") })
	w.settle()

	w.kill()
	missed := w.sim.Comment(w.ref, "alice", "/dd done technical.2")
	w.drain()
	prow.all.Wait()
	w.listen = w.addr
	w.start()
	w.eventually("what was missed is done", func() bool { return w.reacted(missed) == 1 })
	w.settle()
	for _, d := range w.sim.Deliveries() {
		if d.Redelivery {
			t.Errorf("GitHub delivers %s to Prow again", d.GUID)
		}
	}
	if !strings.Contains(w.log.String(), "Queued a text with a command that had been missed") {
		t.Errorf("the log does not say what was missed:\n%s", w.log)
	}
	if n := strings.Count(w.sim.Issue(w.ref).Body, "[x]"); n != 2 {
		t.Errorf("%d boxes are ticked:\n%s", n, w.sim.Issue(w.ref).Body)
	}
}
