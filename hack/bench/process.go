package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// bare is the limit: HMAC and 202, nothing stored. Given the address of a GitHub, it reads an issue there and edits it for each delivery,
// whatever it says.
func bare(github ...string) {
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
		for _, url := range github {
			go func() {
				call(http.MethodGet, url, "")
				call(http.MethodPatch, url, `{"body":"Edited."}`)
			}()
		}
	})))
}

// call asks the stand-in for GitHub for its issue.
func call(method, url, body string) {
	r, _ := http.NewRequest(method, url+"/repos/acme/toc/issues/1", strings.NewReader(body))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
}

// self is the path of this program.
func self() string {
	path, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
	return path
}

func sign(body []byte) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(body)
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

// process is a server under measurement.
type process struct {
	cmd   *exec.Cmd
	addr  string
	dir   string // what it writes is there
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

// cpu is the CPU time that it has taken, in ms.
func (p *process) cpu() float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	var user, system float64
	_, _ = fmt.Sscan(fields[11], &user)
	_, _ = fmt.Sscan(fields[12], &system)
	return (user + system) * 10 // a hundredth of a second each
}

// settle waits until the process does next to nothing.
func (p *process) settle() {
	for last := -1.0; ; time.Sleep(300 * time.Millisecond) {
		now := p.cpu()
		if now-last < 20 {
			return
		}
		last = now
	}
}

// database makes a database for one process.
func (b *bench) database() (url string, drop func()) {
	name := fmt.Sprintf("bench_%d", time.Now().UnixNano())
	b.admin("CREATE DATABASE " + name)
	i := strings.LastIndexByte(b.postgres, '/')
	return b.postgres[:i+1] + name, func() { b.admin("DROP DATABASE " + name + " WITH (FORCE)") }
}

func (b *bench) admin(query string) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, b.postgres)
	if err != nil {
		log.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, query); err != nil {
		log.Fatal(err)
	}
}
