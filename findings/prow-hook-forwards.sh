#!/bin/sh
# sigs.k8s.io/prow v0.0.0-20240619181241-cfb8754e0459 (the newest that the module proxy serves; the same at a61940897 of August
# 2026), pkg/hook: what an external plugin sees when a forward does not go well.
# - After a cut connection hook sends the same *http.Request again, four times. Its body is used up, so net/http gives up before
#   the first byte: the plugin sees four connections with nothing in them. The guess was four requests with an empty body.
# - A 302 is followed by a GET with all headers of the delivery, its signature too, and without the body; hook takes a 200 to that
#   for a delivery ("Dispatched event"). The guess was that hook reports anything but a 2xx to its POST.
# - Repositories in plugins.yaml are compared with case: for "Acme" nothing of acme is forwarded, and nothing is said. The guess was
#   that they are compared as GitHub compares them.
#
# Needs Go 1.26 and network access; the first run compiles for two or three minutes. Runs in a temporary folder; prints what it
# saw; fails if that changes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'EOF'
module finding

go 1.26.0

require (
	github.com/sirupsen/logrus v1.9.0
	golang.org/x/tools v0.38.0 // v0.24.0, which Prow asks for, does not compile with Go 1.26
	sigs.k8s.io/prow v0.0.0-20240619181241-cfb8754e0459
)
EOF
cat >main.go <<'EOF'
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
	"sigs.k8s.io/prow/pkg/githubeventserver"
	"sigs.k8s.io/prow/pkg/hook"
	"sigs.k8s.io/prow/pkg/plugins"
)

// receiver counts what comes: connections with nothing in them, and requests.
type receiver struct {
	mu    sync.Mutex
	empty int
	seen  []string
}

func (r *receiver) serve(l net.Listener, answer func(n int) string) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			_ = c.SetReadDeadline(time.Now().Add(time.Second))
			first := make([]byte, 1<<16)
			n, _ := c.Read(first)
			r.mu.Lock()
			if n == 0 {
				r.empty++
			} else {
				line, _, _ := bytes.Cut(first[:n], []byte("\r\n"))
				_, body, _ := bytes.Cut(first[:n], []byte("\r\n\r\n"))
				delivery := bytes.Contains(first[:n], []byte("X-Github-Delivery: "))
				r.seen = append(r.seen, fmt.Sprintf("%s, body %v, delivery's headers %v", line, len(body) > 0, delivery))
			}
			count := len(r.seen)
			r.mu.Unlock()
			_, _ = io.WriteString(c, answer(count))
		}()
	}
}

func listen(answer func(n int) string) (*receiver, string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	r := &receiver{}
	go r.serve(l, answer)
	return r, "http://" + l.Addr().String()
}

const (
	fine   = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
	secret = "0123456789abcdef"
	body   = `{"action":"created","repository":{"full_name":"acme/toc","name":"toc","owner":{"login":"acme"}},"comment":{"body":"hello"}}`
)

func forward(endpoint string, at ...string) {
	external := map[string][]plugins.ExternalPlugin{}
	for _, place := range at {
		external[place] = []plugins.ExternalPlugin{{Name: "p", Endpoint: endpoint}}
	}
	agent := &plugins.ConfigAgent{}
	agent.Set(&plugins.Configuration{ExternalPlugins: external})
	s := &hook.Server{
		Plugins: agent, Metrics: githubeventserver.NewMetrics(), TokenGenerator: func() []byte { return []byte(secret) },
		RepoEnabled: func(string, string) bool { return true },
	}
	sign := func(h func() hash.Hash) string {
		mac := hmac.New(h, []byte(secret))
		mac.Write([]byte(body))
		return hex.EncodeToString(mac.Sum(nil))
	}
	r := httptest.NewRequest(http.MethodPost, "/hook", bytes.NewBufferString(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Event", "fork") // a kind that no plugin of Prow's own handles
	r.Header.Set("X-GitHub-Delivery", "d-1")
	r.Header.Set("X-Hub-Signature", "sha1="+sign(sha1.New)) // read by this version, SHA-256 by newer ones
	r.Header.Set("X-Hub-Signature-256", "sha256="+sign(sha256.New))
	s.ServeHTTP(httptest.NewRecorder(), r)
	s.GracefulShutdown()
	time.Sleep(50 * time.Millisecond)
}

func main() {
	var log bytes.Buffer
	logrus.SetOutput(&log)
	show := func(what string, r *receiver) {
		r.mu.Lock()
		defer r.mu.Unlock()
		said := "nothing"
		for _, words := range []string{"Dispatched event", "Error dispatching event"} {
			if bytes.Contains(log.Bytes(), []byte(words)) {
				said = words
			}
		}
		fmt.Printf("%s: %d requests, %d connections without a byte; hook's log: %s\n", what, len(r.seen), r.empty, said)
		for _, s := range r.seen {
			fmt.Println("  " + s)
		}
	}
	once, url := listen(func(n int) string {
		if n == 1 {
			return "" // the connection is cut after the first request was read
		}
		return fine
	})
	forward(url+"/hook", "acme")
	show("cut once", once)
	log.Reset()

	target, led := listen(func(int) string { return fine })
	redirect, url := listen(func(int) string {
		return "HTTP/1.1 302 Found\r\nLocation: " + led + "/login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
	})
	forward(url+"/hook", "acme")
	show("a 302", redirect)
	show("where it led", target)
	log.Reset()

	other, url := listen(func(int) string { return fine })
	forward(url+"/hook", "Acme", "Acme/toc", "acme/Toc")
	show("registered in another case", other)
}
EOF
go mod tidy >/dev/null 2>&1
go run . >seen
cat >expected <<'EOF'
cut once: 1 requests, 4 connections without a byte; hook's log: Error dispatching event
  POST /hook HTTP/1.1, body true, delivery's headers true
a 302: 1 requests, 0 connections without a byte; hook's log: Dispatched event
  POST /hook HTTP/1.1, body true, delivery's headers true
where it led: 1 requests, 0 connections without a byte; hook's log: Dispatched event
  GET /login HTTP/1.1, body false, delivery's headers true
registered in another case: 0 requests, 0 connections without a byte; hook's log: nothing
EOF
cat seen
diff expected seen
echo "as written down: sigs.k8s.io/prow v0.0.0-20240619181241-cfb8754e0459"
