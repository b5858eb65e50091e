package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const stale = `[{"name":"kind/dd"},{"name":"lifecycle/stale"}]`

// github answers just enough at once, and notes when a write came.
type github struct {
	away    time.Duration // what each answer takes
	patched chan time.Time
	body    atomic.Value
	reads   atomic.Int64 // calls before the last edit
	calls   atomic.Int64 // since that

	mu     sync.Mutex
	labels map[string]bool // issues that got a label
}

func (g *github) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(g.away)
	w.Header().Set("Content-Type", "application/json")
	path := strings.TrimPrefix(r.URL.Path, "/api/v3")
	parts := strings.Split(strings.Trim(path, "/"), "/") // repos acme toc issues 1 labels
	if g.calls.Add(1); r.Method == http.MethodPatch {
		g.reads.Store(g.calls.Load() - 1)
	}
	switch {
	case r.Method == http.MethodPatch:
		at := time.Now()
		var in struct{ Body string }
		_ = json.NewDecoder(r.Body).Decode(&in)
		g.body.Store(in.Body)
		select {
		case g.patched <- at:
		default:
		}
		g.issue(w, parts)
	case strings.HasSuffix(path, "/reactions"):
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id":1,"content":"+1","user":{"login":"ddbot[bot]"}}`)
	case len(parts) == 6 && parts[5] == "labels": // an issue's
		g.mu.Lock()
		if r.Method == http.MethodPost {
			g.labels[parts[4]] = true
		}
		labels := `[{"name":"kind/dd"}]`
		if g.labels[parts[4]] {
			labels = stale
		}
		g.mu.Unlock()
		_, _ = io.WriteString(w, labels)
	case len(parts) == 4 && parts[3] == "labels": // the repository's
		_, _ = io.WriteString(w, stale)
	case len(parts) == 5 && parts[3] == "issues":
		g.issue(w, parts)
	case path == "/graphql": // no comments
		_, _ = io.WriteString(w, `{"data":{"viewer":{"login":"ddbot"},"repository":{"issueOrPullRequest":{"comments":{"pageInfo":{"hasNextPage":false},"nodes":[]}}}}}`)
	case path == "/user":
		_, _ = io.WriteString(w, `{"login":"ddbot","name":"ddbot"}`)
	default:
		_, _ = io.WriteString(w, `[]`)
	}
}

func (g *github) issue(w http.ResponseWriter, parts []string) {
	body, _ := g.body.Load().(string)
	text, _ := json.Marshal(body)
	_, _ = fmt.Fprintf(w, `{"number":%s,"body":%s,"state":"open","user":{"login":"alice"},"repository_url":"http://x/repos/acme/toc"}`, parts[len(parts)-1], text)
}

// labelled tells how many issues have got a label.
func (g *github) labelled() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.labels)
}

func serveGitHub() (*github, string, func()) {
	g := &github{patched: make(chan time.Time, 1), labels: map[string]bool{}}
	g.body.Store(description)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	srv := &http.Server{Handler: g}
	go func() { _ = srv.Serve(l) }()
	return g, "http://" + l.Addr().String(), func() { _ = srv.Close() }
}

// roundTrip is what one read of the stand-in for GitHub takes, p50, on an idle connection.
func roundTrip(url string) time.Duration {
	var took []time.Duration
	for range 50 {
		begin := time.Now()
		call(http.MethodGet, url, "")
		took = append(took, time.Since(begin))
		time.Sleep(20 * time.Millisecond)
	}
	slices.Sort(took)
	return took[len(took)/2]
}
