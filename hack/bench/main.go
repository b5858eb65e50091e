// Command bench measures ddbot as a whole process and prints the table of hack/bench.md: everything in one run on one
// machine, the receiver as a ratio to a bare net/http server that checks the HMAC and answers 202 without storing.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const secret = "bench"

func main() {
	log.SetFlags(0)
	if len(os.Args) == 2 && os.Args[1] == "bare" {
		bare()
		return
	}
	binary := flag.String("ddbot", "", "the ddbot binary")
	postgres := flag.String("postgres", "", "postgres:// URL of an empty database; skipped without")
	n := flag.Int("n", 20000, "deliveries of the receiver's measurement")
	flag.Parse()
	if *binary == "" {
		log.Fatal("bench: give the binary with -ddbot; hack/bench.sh does")
	}
	b := &bench{binary: *binary, n: *n}
	fmt.Printf("Machine: %d cores, %s. %s\n\n", runtime.NumCPU(), cpu(), runtime.Version())
	fmt.Print("| what | value | wanted |\n|---|---|---|\n")
	b.receiver()
	b.idle("SQLite", "", "≤ 30 ms")
	if *postgres != "" {
		b.idle("PostgreSQL", *postgres, "≤ 6 ms")
	} else {
		row("end to end on PostgreSQL", "not measured: no -postgres", "≤ 6 ms")
	}
	b.backlog()
}

func row(what, value, wanted string) { fmt.Printf("| %s | %s | %s |\n", what, value, wanted) }

func cpu() string {
	data, _ := os.ReadFile("/proc/cpuinfo")
	for l := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(l, "model name"); ok {
			return strings.TrimSpace(strings.TrimLeft(name, "\t :"))
		}
	}
	return runtime.GOARCH
}

// bare is the limit: HMAC and 202, nothing stored.
func bare() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, `{"address":%q}`+"\n", l.Addr())
	log.Fatal(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !hmac.Equal([]byte(sign(body)), []byte(r.Header.Get("X-Hub-Signature-256"))) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	})))
}

func sign(body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

type bench struct {
	binary string
	n      int
}

// process is a server under measurement.
type process struct {
	cmd   *exec.Cmd
	addr  string
	ready time.Duration
}

func start(name string, args ...string) *process {
	p := &process{cmd: exec.Command(name, args...)}
	p.cmd.Env = append(os.Environ(), "WEBHOOK_SECRET="+secret, "GITHUB_TOKEN=bench")
	out, err := p.cmd.StderrPipe()
	if err != nil {
		log.Fatal(err)
	}
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var l struct{ Address string }
		if json.Unmarshal(lines.Bytes(), &l) == nil && l.Address != "" {
			p.addr = l.Address
			break
		}
	}
	if p.addr == "" {
		log.Fatalf("%s does not start", name)
	}
	p.ready = time.Since(begin)
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return p
}

func (p *process) stop() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

// rss is the resident memory in MB.
func (p *process) rss() float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	for l := range strings.Lines(string(data)) {
		if kb, ok := strings.CutPrefix(l, "VmRSS:"); ok {
			var n float64
			_, _ = fmt.Sscan(kb, &n)
			return n / 1024
		}
	}
	return 0
}

func (b *bench) serve(store, github string) (*process, func()) {
	dir, err := os.MkdirTemp("", "ddbot-bench-")
	if err != nil {
		log.Fatal(err)
	}
	if store == "" {
		store = "sqlite:" + filepath.Join(dir, "ddbot.db")
	}
	p := start(b.binary, "serve", "--listen", "127.0.0.1:0", "--store", store, "--github-url", github)
	return p, func() { p.stop(); _ = os.RemoveAll(dir) }
}

// delivery is a signed comment of about 2 KB.
func delivery(addr, guid string, number int, comment string) *http.Request {
	now := time.Now().UTC().Format(time.RFC3339)
	issue := map[string]any{
		"number": number, "title": "Incubation", "body": "- [ ] It scales.\n" + strings.Repeat("text ", 300), "state": "open",
		"user": map[string]any{"login": "alice"}, "created_at": now, "updated_at": now,
	}
	body, _ := json.Marshal(map[string]any{
		"action": "created", "issue": issue, "sender": map[string]any{"login": "alice", "type": "User"},
		"comment":    map[string]any{"id": time.Now().UnixNano(), "body": comment, "user": map[string]any{"login": "alice"}, "created_at": now, "updated_at": now},
		"repository": map[string]any{"id": 1, "name": "toc", "full_name": "acme/toc", "owner": map[string]any{"login": "acme"}},
	})
	r, _ := http.NewRequest(http.MethodPost, "http://"+addr+"/hook", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-GitHub-Event", "issue_comment")
	r.Header.Set("X-GitHub-Delivery", guid)
	r.Header.Set("X-Hub-Signature-256", sign(body))
	return r
}

// load sends n deliveries with 64 senders and gives the rate and the times of the answers.
func load(addr, run string, n int, issues int, comment string) (perSecond float64, p50, p99 time.Duration) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	reqs := make([]*http.Request, n)
	for i := range reqs {
		reqs[i] = delivery(addr, fmt.Sprintf("%s-%d", run, i), 1+i%issues, comment)
	}
	took := make([]time.Duration, n)
	var next atomic.Int64
	var wg sync.WaitGroup
	begin := time.Now()
	for range 64 {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				t := time.Now()
				res, err := client.Do(reqs[i])
				if err != nil {
					log.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if res.StatusCode != http.StatusAccepted {
					log.Fatalf("answered %d", res.StatusCode)
				}
				took[i] = time.Since(t)
			}
		})
	}
	wg.Wait()
	perSecond = float64(n) / time.Since(begin).Seconds()
	slices.Sort(took)
	return perSecond, took[n/2], took[n*99/100]
}

// receiver pairs ddbot with the bare server, three times, and takes the medians.
func (b *bench) receiver() {
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	var ratios, rates []float64
	var p99s []time.Duration
	var idle, ready []float64
	for i := range 3 {
		limit := start(self, "bare")
		bareRate, _, _ := load(limit.addr, "bare", b.n, 1000, "no command")
		limit.stop()
		p, stop := b.serve("", "http://127.0.0.1:1")
		time.Sleep(500 * time.Millisecond)
		idle, ready = append(idle, p.rss()), append(ready, float64(p.ready.Milliseconds()))
		rate, _, p99 := load(p.addr, fmt.Sprint("run", i), b.n, 1000, "no command")
		stop()
		ratios, rates, p99s = append(ratios, rate/bareRate), append(rates, rate), append(p99s, p99)
	}
	slices.Sort(ratios)
	slices.Sort(rates)
	slices.Sort(p99s)
	slices.Sort(idle)
	slices.Sort(ready)
	row("acknowledged deliveries, durable, SQLite, 64 senders: ratio to a bare HTTP server", fmt.Sprintf("%.2f (%.2f–%.2f)", ratios[1], ratios[0], ratios[2]), "≥ 0.3")
	row("the same, a second", fmt.Sprintf("%.0f (%.0f–%.0f)", rates[1], rates[0], rates[2]), "")
	row("p99 of the acknowledgement under that load", p99s[1].Round(100*time.Microsecond).String(), "")
	row("memory idle", fmt.Sprintf("%.0f MB", idle[1]), "≤ 40 MB")
	row("start to ready", fmt.Sprintf("%.0f ms", ready[1]), "≤ 100 ms")
}

// github answers just enough at once, and notes when an edit came.
type github struct {
	patched chan time.Time
	body    atomic.Value
}

func (g *github) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
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
		fallthrough
	case r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/issues/"):
		body, _ := g.body.Load().(string)
		number := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		_, _ = fmt.Fprintf(w, `{"number":%s,"body":%s,"state":"open","user":{"login":"alice"},"repository_url":"http://x/repos/acme/toc"}`, number, quote(body))
	case strings.HasSuffix(r.URL.Path, "/reactions"):
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"id":1,"content":"+1","user":{"login":"ddbot[bot]"}}`)
	default:
		_, _ = io.WriteString(w, `[]`)
	}
}

func quote(s string) string { b, _ := json.Marshal(s); return string(b) }

func serveGitHub() (*github, string, func()) {
	g := &github{patched: make(chan time.Time, 1)}
	g.body.Store("- [ ] It scales.\n")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	srv := &http.Server{Handler: g}
	go func() { _ = srv.Serve(l) }()
	return g, "http://" + l.Addr().String(), func() { _ = srv.Shutdown(context.Background()) }
}

// idle measures from sending the webhook to the edit's arrival at GitHub, one at a time.
func (b *bench) idle(name, store, wanted string) {
	g, url, stopGitHub := serveGitHub()
	defer stopGitHub()
	p, stop := b.serve(store, url)
	defer stop()
	var took []time.Duration
	for i := range 60 {
		g.body.Store("- [ ] It scales.\n")
		r := delivery(p.addr, fmt.Sprintf("idle-%d-%d", time.Now().UnixNano(), i), 1, "/dd done all")
		begin := time.Now()
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			log.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body) // the connection is used again, as GitHub does
		_ = res.Body.Close()
		select {
		case at := <-g.patched:
			took = append(took, at.Sub(begin))
		case <-time.After(20 * time.Second):
			log.Fatal("bench: no edit came")
		}
		time.Sleep(100 * time.Millisecond)
	}
	took = took[10:] // warm
	slices.Sort(took)
	api := read(url)
	row("webhook to edit sent, idle, "+name+", p50 / p99",
		fmt.Sprintf("%.1f / %.1f ms; of that %.1f ms for the read of the issue", ms(took[len(took)/2]), ms(took[len(took)*99/100]), ms(api)),
		wanted+" and the read")
}

// read is what one read of the stand-in for GitHub takes, p50.
func read(url string) time.Duration {
	var took []time.Duration
	for range 50 {
		begin := time.Now()
		res, err := http.Get(url + "/repos/acme/toc/issues/1")
		if err != nil {
			log.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		_ = res.Body.Close()
		took = append(took, time.Since(begin))
		time.Sleep(20 * time.Millisecond) // idle, too
	}
	slices.Sort(took)
	return took[len(took)/2]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// backlog sends 10,000 deliveries over 1,000 issues and waits until all are handled.
func (b *bench) backlog() {
	_, url, stopGitHub := serveGitHub()
	defer stopGitHub()
	p, stop := b.serve("", url)
	defer stop()
	begin := time.Now()
	load(p.addr, "backlog", 10000, 1000, "/dd done all")
	for {
		res, err := http.Get("http://" + p.addr + "/metrics")
		if err != nil {
			log.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if strings.Contains(string(text), "\nddbot_queue_pending 0\n") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	row("10,000 deliveries with a command over 1,000 issues, until all are handled", time.Since(begin).Round(100*time.Millisecond).String(), "")
	row("memory after that", fmt.Sprintf("%.0f MB", p.rss()), "")
}
