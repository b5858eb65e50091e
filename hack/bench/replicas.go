package main

import (
	"fmt"
	"sync"
	"time"
)

// away is how far off GitHub is here: with more processes than cores it is its answers that work waits for, as it is in earnest.
const away = 100 * time.Millisecond

// replicas compares one process on PostgreSQL with three that share it.
func (b *bench) replicas() {
	if b.postgres == "" {
		return
	}
	bodies := payloads(eventCount, 9000, "/lifecycle stale")
	counts := []int{1, 3}
	rates := make([]series, len(counts))
	for round := range b.rounds {
		for i, n := range counts {
			rates[i] = append(rates[i], b.settled(n, fmt.Sprint("replicas", round), bodies))
		}
	}
	head(fmt.Sprintf("processes on PostgreSQL, GitHub %v off", away), "settled events a second", "to one process")
	for i, n := range counts {
		row(fmt.Sprint(n), rates[i].text("%.0f"), fmt.Sprintf("%.2f", rates[i].median()/rates[0].median()))
	}
}

// settled is how many comments a second n processes settle, each of which receives a part of them.
func (b *bench) settled(n int, run string, bodies [][]byte) float64 {
	g, url, stopGitHub := serveGitHub()
	defer stopGitHub()
	g.away = away
	store, drop := b.database()
	defer drop()
	var ps []*process
	for range n {
		p, stop := b.serve(b.binary, store, url)
		defer stop()
		ps = append(ps, p)
	}
	begin := time.Now()
	var senders sync.WaitGroup
	for i, p := range ps {
		senders.Go(func() { load(p.addr, fmt.Sprint(run, "-", i), bodies[i*len(bodies)/n:(i+1)*len(bodies)/n], 8) })
	}
	senders.Wait()
	ps[0].drained()
	return float64(len(bodies)) / time.Since(begin).Seconds()
}
