package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"slices"
	"strings"
	"time"
)

// idle measures from sending the webhook to the edit's arrival at GitHub, one at a time, by turns with a bare server that makes the same
// calls: it shows what the ways take.
func (b *bench) idle() {
	head("webhook to edit sent, idle", "p50, ms", "p99, ms", "calls before the edit", "their bare round trips, ms", "p50 over them, ms",
		"p50 over a bare server that makes the same calls, ms")
	servers := append([]server{{"a bare server", func(github string) (*process, func()) {
		p := start(self(), "bare", github)
		return p, p.stop
	}}}, slices.DeleteFunc(b.servers(), func(s server) bool { return strings.HasPrefix(s.name, prowHook) })...)
	type figures struct{ p50, p99, calls, trips, over, overBare series }
	fs := make([]figures, len(servers))
	for range b.rounds {
		took, calls, trip := idleByTurns(servers)
		bare := took[0][len(took[0])/2]
		for i := range servers {
			p50, p99 := took[i][len(took[i])/2], took[i][len(took[i])*99/100]
			f := &fs[i]
			f.p50, f.p99, f.calls = append(f.p50, ms(p50)), append(f.p99, ms(p99)), append(f.calls, calls[i])
			f.trips, f.over = append(f.trips, calls[i]*ms(trip)), append(f.over, ms(p50)-calls[i]*ms(trip))
			f.overBare = append(f.overBare, ms(p50-bare))
		}
	}
	for i, s := range servers {
		f := fs[i]
		row(s.name, f.p50.text("%.1f"), f.p99.text("%.1f"), fmt.Sprintf("%.0f", f.calls.median()), f.trips.text("%.1f"), f.over.text("%.1f"), f.overBare.text("%.1f"))
	}
}

// idleByTurns gives the times of each server, sorted, the calls that it made before the edit, and a round trip.
func idleByTurns(servers []server) (took [][]time.Duration, calls []float64, trip time.Duration) {
	took, calls = make([][]time.Duration, len(servers)), make([]float64, len(servers))
	gs, ps := make([]*github, len(servers)), make([]*process, len(servers))
	for i, s := range servers {
		g, url, stopGitHub := serveGitHub()
		defer stopGitHub()
		p, stop := s.begin(url)
		defer stop()
		gs[i], ps[i] = g, p
		trip = roundTrip(url)
	}
	for n := range 60 {
		for i := range servers {
			if t := idleOne(gs[i], ps[i], fmt.Sprintf("idle-%d", n)); n >= 10 { // warm
				took[i] = append(took[i], t)
			}
		}
	}
	for i := range servers {
		slices.Sort(took[i])
		calls[i] = float64(gs[i].reads.Load())
	}
	return took, calls, trip
}

// idleTimes sends n comments one after the other, and gives the times until the edit came, sorted; the first ten are left out.
func idleTimes(g *github, p *process, run string, n int) []time.Duration {
	var took []time.Duration
	for i := range n {
		took = append(took, idleOne(g, p, fmt.Sprintf("%s-%d", run, i)))
	}
	took = took[10:] // warm
	slices.Sort(took)
	return took
}

// idleOne sends a comment, gives the time until the edit came, and rests.
func idleOne(g *github, p *process, name string) time.Duration {
	g.calls.Store(0)
	g.body.Store(description)
	r := request(p.addr, fmt.Sprintf("%s-%d", name, time.Now().UnixNano()), small(1, "/dd done all"))
	begin := time.Now()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		log.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body) // the connection is used again, as GitHub does
	_ = res.Body.Close()
	defer time.Sleep(100 * time.Millisecond)
	select {
	case at := <-g.patched:
		return at.Sub(begin)
	case <-time.After(20 * time.Second):
		log.Fatal("bench: no edit came")
		return 0
	}
}
