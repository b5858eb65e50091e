package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"
)

// server is one of those that are compared.
type server struct {
	name  string
	begin func(github string) (p *process, stop func())
}

const prowHook = "Prow's hook"

// servers are ddbot, another ddbot and Prow's hook, as far as they are given.
func (b *bench) servers() []server {
	of := func(binary string) func(string) (*process, func()) {
		return func(github string) (*process, func()) { return b.serve(binary, "", github) }
	}
	out := []server{{"ddbot, SQLite", of(b.binary)}}
	if b.other != "" {
		out = append(out, server{"the other ddbot, SQLite", of(b.other)})
	}
	if b.postgres != "" {
		out = append(out, server{"ddbot, PostgreSQL", func(github string) (*process, func()) {
			url, drop := b.database()
			p, stop := b.serve(b.binary, url, github)
			return p, func() { stop(); drop() }
		}})
	}
	if b.hook != "" {
		of := func(plugins string) func(string) (*process, func()) {
			return func(github string) (*process, func()) { return b.prow(plugins, github) }
		}
		out = append(out, server{prowHook + ", the same plugins", of(counterparts)}, server{prowHook + ", lifecycle alone", of("lifecycle")})
	}
	return out
}

const eventCount = 1000

// figures are those of one server over all rounds.
type figures struct {
	quietCPU, staleCPU  series // ms of CPU for each comment
	effects8, effects64 series // s until all effects are made
	acked, p99          series
	memory              series
}

// events sends 1,000 comments on 1,000 issues, without and with a command, and waits for all effects.
func (b *bench) events() {
	servers := b.servers()
	fs := make([]figures, len(servers))
	quiet := payloads(eventCount, 9000, "Thank you, that is fine with me.")
	stale, again := payloads(eventCount, 9000, "/lifecycle stale"), payloads(eventCount, 9000, "/lifecycle stale")
	for round := range b.rounds {
		for i, s := range servers {
			g, url, stopGitHub := serveGitHub()
			p, stop := s.begin(url)
			f := &fs[i]
			before := p.cpu()
			load(p.addr, fmt.Sprint("quiet", round), quiet, 8)
			p.settle()
			f.quietCPU = append(f.quietCPU, (p.cpu()-before)/eventCount)
			before = p.cpu()
			seconds, _, _ := effects(g, p, fmt.Sprint("eight", round), stale, 8)
			p.settle()
			f.staleCPU = append(f.staleCPU, (p.cpu()-before)/eventCount)
			f.effects8 = append(f.effects8, seconds)
			seconds, rate, p99 := effects(g, p, fmt.Sprint("many", round), again, 64)
			f.effects64 = append(f.effects64, seconds)
			f.acked, f.p99 = append(f.acked, rate), append(f.p99, ms(p99))
			p.settle()
			f.memory = append(f.memory, p.rss())
			stop()
			stopGitHub()
		}
	}
	head("1,000 comments of 9 KB on 1,000 issues", "CPU a comment without a command, ms", "CPU a `/lifecycle stale`, ms", "until all effects are made, 8 senders, s",
		"64 senders, s", "acknowledged a second, 64", "p99 of that, ms", "memory after it, MB")
	for i, s := range servers {
		f := fs[i]
		row(s.name, f.quietCPU.text("%.2f"), f.staleCPU.text("%.2f"), f.effects8.text("%.1f"), f.effects64.text("%.1f"), f.acked.text("%.0f"), f.p99.text("%.0f"), f.memory.text("%.0f"))
	}
}

// effects sends comments and waits until each has had its effect at GitHub.
func effects(g *github, p *process, run string, bodies [][]byte, senders int) (seconds, rate float64, p99 time.Duration) {
	g.mu.Lock()
	clear(g.labels)
	g.mu.Unlock()
	begin := time.Now()
	rate, _, p99 = load(p.addr, run, bodies, senders)
	for end := begin.Add(3 * time.Minute); g.labelled() < len(bodies); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			log.Fatalf("bench: %d of %d effects after three minutes", g.labelled(), len(bodies))
		}
	}
	return time.Since(begin).Seconds(), rate, p99
}

// serve starts ddbot. Without a store it is a SQLite file of its own.
func (b *bench) serve(binary, store, github string) (*process, func()) {
	dir, err := os.MkdirTemp("", "ddbot-bench-")
	if err != nil {
		log.Fatal(err)
	}
	if store == "" {
		store = "sqlite:" + filepath.Join(dir, "ddbot.db")
	}
	p := start(binary, "serve", "--listen", "127.0.0.1:0", "--store", store, "--github-url", github)
	p.dir = dir
	return p, func() { p.stop(); _ = os.RemoveAll(dir) }
}
