package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// receiver pairs ddbot with the bare server: 20,000 deliveries of 2 KB from 64 senders.
func (b *bench) receiver() {
	bodies := make([][]byte, 20_000)
	for i := range bodies {
		bodies[i] = small(1+i%1000, "no command")
	}
	_, url, stopGitHub := serveGitHub() // Prow's hook asks it who it is, and does not start without an answer
	defer stopGitHub()
	servers := b.servers()
	var bareRate series
	type figures struct{ ratio, rate, p99, memory, ready series }
	fs := make([]figures, len(servers))
	for round := range b.rounds {
		limit := start(self(), "bare")
		most, _, _ := load(limit.addr, "bare", bodies, 64)
		limit.stop()
		bareRate = append(bareRate, most)
		for i, s := range servers {
			p, stop := s.begin(url)
			time.Sleep(500 * time.Millisecond)
			f := &fs[i]
			f.memory, f.ready = append(f.memory, p.rss()), append(f.ready, ms(p.ready))
			rate, _, p99 := load(p.addr, fmt.Sprint("run", round), bodies, 64)
			stop()
			f.ratio, f.rate, f.p99 = append(f.ratio, rate/most), append(f.rate, rate), append(f.p99, ms(p99))
		}
	}
	head("receiver, 64 senders, 2 KB", "ratio to a bare server ("+bareRate.text("%.0f")+"/s)", "a second", "p99, ms", "memory idle, MB", "start to ready, ms")
	for i, s := range servers {
		f := fs[i]
		row(s.name, f.ratio.text("%.2f"), f.rate.text("%.0f"), f.p99.text("%.0f"), f.memory.text("%.0f"), f.ready.text("%.0f"))
	}
}

// disk is what 1,000 deliveries leave: while the process runs, with the write-ahead log, and after a clean stop.
func (b *bench) disk() {
	head("on disk after 1,000 deliveries", "while running, with WAL, MB", "after a clean stop, KB each")
	for _, size := range []int{9000, 7000} {
		bodies := payloads(eventCount, size, "/lifecycle stale")
		for _, s := range b.servers() {
			if !strings.Contains(s.name, "SQLite") {
				continue
			}
			g, url, stopGitHub := serveGitHub()
			p, stop := s.begin(url)
			effects(g, p, "disk", bodies, 8)
			p.settle()
			running := p.disk()
			_ = p.cmd.Process.Signal(syscall.SIGTERM)
			_ = p.cmd.Wait()
			row(fmt.Sprintf("%s, %d KB", s.name, size/1000), fmt.Sprintf("%.1f", running/1e6), fmt.Sprintf("%.1f", p.disk()/1e3/eventCount))
			stop()
			stopGitHub()
		}
	}
}

// disk is the size of what the process has written, in bytes.
func (p *process) disk() (n float64) {
	files, _ := filepath.Glob(filepath.Join(p.dir, "*"))
	for _, f := range files {
		if info, err := os.Stat(f); err == nil {
			n += float64(info.Size())
		}
	}
	return n
}

// backlog sends 10,000 deliveries over 1,000 issues and waits until all are handled.
func (b *bench) backlog() {
	_, url, stopGitHub := serveGitHub()
	defer stopGitHub()
	bodies := make([][]byte, 10_000)
	for i := range bodies {
		bodies[i] = small(1+i%1000, "/dd done all")
	}
	head("10,000 deliveries with a command over 1,000 issues", "until all are handled, s", "memory after that, MB")
	for _, s := range b.servers() {
		if strings.HasPrefix(s.name, prowHook) {
			continue
		}
		p, stop := s.begin(url)
		begin := time.Now()
		load(p.addr, "backlog", bodies, 64)
		p.drained()
		row(s.name, fmt.Sprintf("%.1f", time.Since(begin).Seconds()), fmt.Sprintf("%.0f", p.rss()))
		stop()
	}
}

// drained waits until nothing waits in ddbot's queue.
func (p *process) drained() {
	for {
		res, err := http.Get("http://" + p.addr + "/metrics")
		if err != nil {
			log.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if strings.Contains(string(text), "\nddbot_queue_pending 0\n") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}
