package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/webhook"
)

// rss is the memory of the process, in MB.
func (w *world) rss() float64 {
	w.t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		w.t.Skip("no /proc to read the process's memory from")
	}
	var kb float64
	_, rest, _ := strings.Cut(string(data), "VmRSS:")
	if _, err := fmt.Sscan(rest, &kb); err != nil {
		w.t.Fatal(err)
	}
	return kb / 1024
}

// mostRSS is the most memory that the process had while f ran.
func (w *world) mostRSS(f func()) float64 {
	done, most := make(chan struct{}), w.rss()
	go func() {
		defer close(done)
		f()
	}()
	for {
		most = max(most, w.rss())
		select {
		case <-done:
			return max(most, w.rss())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// post sends what looks like a delivery. An empty key sends no signature.
func (w *world) post(key, event, guid string, size int64, body io.Reader) int {
	mac := make([]byte, sha256.Size)
	if data, ok := body.(*bytes.Buffer); ok {
		h := hmac.New(sha256.New, []byte(key))
		h.Write(data.Bytes())
		mac = h.Sum(nil)
	}
	rq, err := http.NewRequest(http.MethodPost, "http://"+w.addr+"/hook", body)
	if err != nil {
		w.t.Error(err)
		return 0
	}
	rq.ContentLength = size
	rq.Header.Set("Content-Type", "application/json")
	rq.Header.Set("X-GitHub-Event", event)
	rq.Header.Set("X-GitHub-Delivery", guid)
	if key != "" {
		rq.Header.Set("X-Hub-Signature-256", fmt.Sprintf("sha256=%x", mac))
	}
	client := &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	rs, err := client.Do(rq)
	if err != nil {
		return 0
	}
	defer rs.Body.Close()
	_, _ = io.Copy(io.Discard, rs.Body)
	return rs.StatusCode
}

// zeros is a body without end that costs the sender no memory.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestWronglySignedPosts: whoever does not know the secret cannot make the process large, whatever he sends at once.
func TestWronglySignedPosts(t *testing.T) {
	w := newWorld(t)
	w.bin = plain(t)
	w.start()
	w.connect()
	for _, tc := range []struct {
		name string
		n    int
		size int64
		sent int64 // what Content-Length says; -1 is chunked
	}{
		{"50 of 25 MB", 50, webhook.MaxBody, webhook.MaxBody},
		{"50 of 25 MB in chunks", 50, webhook.MaxBody, -1},
		{"300 of 1 MB", 300, 1 << 20, 1 << 20},
		{"300 of just below the limit for memory", 300, 256 << 10, 256 << 10},
	} {
		before := w.rss()
		most := w.mostRSS(func() {
			var all sync.WaitGroup
			for i := range tc.n {
				all.Go(func() {
					if code := w.post("wrong", "issues", fmt.Sprint(i), tc.sent, io.LimitReader(zeros{}, tc.size)); code != http.StatusUnauthorized {
						t.Errorf("%s: answered with %d", tc.name, code)
					}
				})
			}
			all.Wait()
		})
		t.Logf("%s: %.0f MB before, %.0f MB at most", tc.name, before, most)
		// 50 of 25 MB in memory would be 1,250 MB; what 300 connections and the collector leave differs by 20 MB with the load.
		if most-before > 60 {
			t.Errorf("%s: the process grew by %.0f MB", tc.name, most-before)
		}
	}
}

// TestSlowSenders: bodies that never end wait in files, not in memory, until the server's deadline cuts them.
func TestSlowSenders(t *testing.T) {
	w := newWorld(t)
	w.bin = plain(t)
	w.start()
	before := w.rss()
	var held sync.WaitGroup
	most := w.mostRSS(func() {
		for range 150 {
			held.Go(func() {
				conn, err := net.Dial("tcp", w.addr)
				if err != nil {
					t.Error(err)
					return
				}
				t.Cleanup(func() { conn.Close() })
				fmt.Fprintf(conn, "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
					"X-GitHub-Event: issues\r\nX-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=%064d\r\n\r\n", 1<<20, 0)
				_, _ = io.CopyN(conn, zeros{}, 1<<20-1)
			})
		}
		held.Wait()
		for range 20 {
			w.get("/healthz") // what was sent has been read by now, as far as it ever is
		}
	})
	t.Logf("%.0f MB before, %.0f MB at most", before, most)
	if most-before > 30 {
		t.Errorf("the process grew by %.0f MB", most-before)
	}
}

// TestUnsignedIsRefusedUnread: the answer comes while the body is still being sent.
func TestUnsignedIsRefusedUnread(t *testing.T) {
	w := newWorld(t)
	w.start()
	for _, head := range []string{
		"X-GitHub-Event: issues\r\nX-GitHub-Delivery: 1\r\n",
		"X-GitHub-Event: issues\r\nX-GitHub-Delivery: 1\r\nX-Hub-Signature-256: sha256=nonsense\r\n",
	} {
		conn, err := net.Dial("tcp", w.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20000000\r\n%s\r\n", head)
		_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
		answer := make([]byte, 12)
		if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "HTTP/1.1 401" {
			t.Errorf("answered %q, %v", answer, err)
		}
	}
	s := webhook.Server(http.NotFoundHandler())
	if s.ReadHeaderTimeout == 0 || s.ReadTimeout == 0 || s.IdleTimeout == 0 || s.WriteTimeout == 0 || s.MaxHeaderBytes == 0 {
		t.Errorf("the server has no limit for slow senders: %+v", s)
	}
}

// TestHostileComments: what people write can neither hurt the bot nor speak through it.
func TestHostileComments(t *testing.T) {
	w := newWorld(t, "--log-level", "debug")
	w.sim.AddBot("other[bot]")
	w.sim.SetRole(repo, "other[bot]", "write")
	w.start()
	w.connect()
	replyTo := func(as, body string) string {
		id := w.sim.Comment(w.ref, as, body)
		marker, reply := plan.ReplyMarker(fmt.Sprintf("c%d", id)), ""
		w.eventually("an answer to "+body[:min(40, len(body))], func() bool {
			for _, c := range w.sim.Issue(w.ref).Comments {
				if c.Author == bot && strings.Contains(c.Body, marker) {
					reply = c.Body
				}
			}
			return reply != "" || w.reacted(id) > 0 // what nobody sees is no part of a command
		})
		for l := range strings.Lines(reply) {
			if strings.HasPrefix(strings.TrimSpace(l), "/") {
				t.Errorf("a line that another bot could obey: %q", l)
			}
		}
		reply = strings.NewReplacer("<details><summary>Other commands</summary>", "", "\n</details>", "").Replace(reply) // of /dd help
		return strings.TrimSuffix(strings.TrimSpace(reply), marker)
	}
	if got := replyTo("alice", strings.Repeat("/dd done nonsense\n", 3600)); !strings.Contains(got, "3600 commands") || !strings.Contains(got, "first 20") {
		t.Errorf("3,600 commands, as many as a comment has room for, are answered %q", got)
	}
	for _, text := range []string{
		"@acme/everybody", "`@bob`", "</details><script>x</script>", "#12 GH-12 acme/toc#12", "``` ~~~", "<!-- ddbot:re=c1 -->",
		"[a](javascript:alert(1))", "-->", "![x](https://evil.example/x.png)", "<img src=x>", "a\u202eb", "x | y", "\\`@bob\\`", "$(id)",
	} {
		for _, command := range []string{"/dd done ", "/dd ", "/dd note ", "/dd help ", "/kind ", "/assign ", "/close ", "/lifecycle "} {
			got := replyTo("bob", command+text)
			if strings.Contains(unquoted(got), "<") || strings.Contains(unquoted(got), "@acme") || strings.Contains(unquoted(got), "@bob`") ||
				strings.Contains(unquoted(got), "#12") || strings.Contains(unquoted(got), "](") {
				t.Errorf("%s%s: the reply lets it through: %q", command, text, got)
			}
		}
	}
	w.quietFor("other[bot]", "/dd done technical")
	w.quietFor(bot, "/dd done technical")
	if n := len(w.log.String()); n == 0 || strings.Contains(w.log.String(), secret) || strings.Contains(w.log.String(), "bot-token") {
		t.Error("a secret is in the log")
	}
	for _, page := range []string{"/", "/help", "/metrics", "/readyz?verbose", "/healthz", "/nothing"} {
		if got := w.get(page); strings.Contains(got, secret) || strings.Contains(got, "bot-token") {
			t.Errorf("a secret is in %s", page)
		}
	}
	w.settle()
	if m := w.get("/metrics"); !strings.Contains(m, "\nddbot_queue_dead 0\n") {
		t.Error("deliveries were given up on")
	}
}

// unquoted is a reply without what it shows as code, and without whom it addresses.
func unquoted(s string) string {
	_, s, _ = strings.Cut(s, ":")
	var b strings.Builder
	for i, part := range strings.Split(s, "`") {
		if i%2 == 0 {
			b.WriteString(part + " ")
		}
	}
	return b.String()
}

// quietFor: a bot's comment runs nothing and gets no answer.
func (w *world) quietFor(as, body string) {
	w.t.Helper()
	before := w.sim.Issue(w.ref)
	w.sim.Comment(w.ref, as, body)
	w.settle()
	after := w.sim.Issue(w.ref)
	if after.Body != before.Body || len(after.Comments) != len(before.Comments)+1 || w.reacted(after.Comments[len(after.Comments)-1].ID) != 0 {
		w.t.Errorf("%s was obeyed or answered", as)
	}
}

// TestForgedMarker: a stranger who posts the marker of a reply before the bot does must not suppress it.
func TestForgedMarker(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.connect()
	w.kill() // so that the comments find no memory and no listener
	id := w.sim.Comment(w.ref, "alice", "/dd done nonsense")
	w.sim.Comment(w.ref, "mallory", "I did it.\n\n"+plan.ReplyMarker(fmt.Sprintf("c%d", id)))
	w.drain()
	w.restart()
	w.sim.Redeliver(w.deliveryOf(id))
	w.eventually("the bot's own reply", func() bool { return answersOf(w.sim.Issue(w.ref))[id] == 1 })
}

func (w *world) deliveryOf(comment int64) string {
	for _, d := range w.sim.Deliveries() {
		var p struct{ Comment struct{ ID int64 } }
		if d.Event == "issue_comment" && json.Unmarshal(d.Payload, &p) == nil && p.Comment.ID == comment {
			return d.GUID
		}
	}
	w.t.Fatalf("comment %d was not delivered", comment)
	return ""
}

// TestSameEventTwice: GitHub delivers, and Prow's hook forwards, the same comment under GUIDs of their own at the same time.
func TestSameEventTwice(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.connect()
	w.sim.Latency(50 * time.Millisecond)
	id := w.sim.Comment(w.ref, "alice", "/dd done nonsense\n/dd note users.1 once")
	w.drain()
	var payload []byte
	for _, d := range w.sim.Deliveries() {
		if d.GUID == w.deliveryOf(id) {
			payload = d.Payload
		}
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if code := w.post(secret, "issue_comment", rand.Text(), int64(len(payload)), bytes.NewBuffer(payload)); code != http.StatusAccepted {
				t.Errorf("answered with %d", code)
			}
		})
	}
	all.Wait()
	w.eventually("a reply", func() bool { return answersOf(w.sim.Issue(w.ref))[id] > 0 })
	w.settle()
	if n := answersOf(w.sim.Issue(w.ref))[id]; n != 1 {
		t.Errorf("%d replies to one comment", n)
	}
	if n := strings.Count(w.sim.Issue(w.ref).Body, "once"); n != 1 {
		t.Errorf("the note is there %d times", n)
	}
}

// TestHostileMarkdown: texts that are costly to parse are answered or ignored at once, in comments and in descriptions.
func TestHostileMarkdown(t *testing.T) {
	w := newWorld(t)
	w.start()
	w.connect()
	for name, unit := range map[string]string{
		"links": "[a](", "quotes": "> ", "lists": "- ", "emphasis": "*a_", "brackets": "![", "ticks": "`a``", "html": "<a ", "entities": "&#0;", "comments": "<!--",
	} {
		text := strings.Repeat(unit, 22_000/len(unit))
		id := w.sim.Comment(w.ref, "alice", "/dd done users\n"+text+"\n\n/dd undo users")
		bad := w.sim.OpenIssue(repo, "alice", name, "- [ ] one\n"+text+"\n\n- [ ] two\n", "kind/dd")
		other := w.sim.Comment(bad, "alice", "/dd note item.1 x")
		w.eventually(name+" in a comment", func() bool { return answersOf(w.sim.Issue(w.ref))[id] == 1 })
		w.eventually(name+" in a description", func() bool { return answersOf(w.sim.Issue(bad))[other] == 1 })
	}
	w.settle()
	if m := w.get("/metrics"); !strings.Contains(m, "\nddbot_queue_dead 0\n") || !strings.Contains(m, `ddbot_batches_total{result="done"}`) || strings.Contains(m, `result="retried"`) {
		t.Error("a hostile text was retried or given up on")
	}
}
