package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// receiver pairs ddbot with the bare server: 20,000 deliveries of 2 KB from 64 senders.
func (b *bench) receiver() {
	self, err := os.Executable()
	if err != nil {
		log.Fatal(err)
	}
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
		limit := start(self, "bare")
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

// idle measures from sending the webhook to the edit's arrival at GitHub, one at a time.
func (b *bench) idle() {
	head("webhook to edit sent, idle", "p50, ms", "p99, ms", "calls before the edit", "their bare round trips, ms", "p50 over them, ms")
	servers := slices.DeleteFunc(b.servers(), func(s server) bool { return strings.HasPrefix(s.name, prowHook) })
	type figures struct{ p50, p99, calls, trips, over series }
	fs := make([]figures, len(servers))
	for range b.rounds {
		for i, s := range servers {
			p50, p99, calls, trip := idle(s)
			f := &fs[i]
			f.p50, f.p99, f.calls = append(f.p50, ms(p50)), append(f.p99, ms(p99)), append(f.calls, calls)
			f.trips, f.over = append(f.trips, calls*ms(trip)), append(f.over, ms(p50)-calls*ms(trip))
		}
	}
	for i, s := range servers {
		f := fs[i]
		row(s.name, f.p50.text("%.1f"), f.p99.text("%.1f"), fmt.Sprintf("%.0f", f.calls.median()), f.trips.text("%.1f"), f.over.text("%.1f"))
	}
}

func idle(s server) (p50, p99 time.Duration, calls float64, trip time.Duration) {
	g, url, stopGitHub := serveGitHub()
	defer stopGitHub()
	p, stop := s.begin(url)
	defer stop()
	took := idleTimes(g, p, "idle", 60)
	return took[len(took)/2], took[len(took)*99/100], float64(g.reads.Load()), roundTrip(url)
}

// idleTimes sends n comments one after the other, and gives the times until the edit came, sorted; the first ten are left out.
func idleTimes(g *github, p *process, run string, n int) []time.Duration {
	var took []time.Duration
	for i := range n {
		g.calls.Store(0)
		g.body.Store("- [ ] It scales.\n")
		r := request(p.addr, fmt.Sprintf("%s-%d-%d", run, time.Now().UnixNano(), i), small(1, "/dd done all"))
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
	return took
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
