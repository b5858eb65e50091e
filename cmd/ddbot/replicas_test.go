package main

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/store/pgtest"
)

// TestReplicas: three processes start at once on one empty database, and deliveries go to them in turn. One is killed at
// work: the others take over what it had, within 30 seconds (seven are meant); each command takes effect once, in order per issue.
func TestReplicas(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, githubsim.Options{Now: time.Now, RateLimit: 1_000_000})
	w.url = pgtest.Start(t).Database(t)
	c := &chorus{world: w, rng: rand.New(rand.NewPCG(1, 2))}
	for n := range 20 {
		c.issues = append(c.issues, w.sim.OpenIssue(repo, "alice", fmt.Sprintf("Issue %d", n), list, "kind/dd"))
	}
	replicas := []*world{w, w.another(), w.another()}
	var ready []func()
	for _, r := range replicas {
		ready = append(ready, r.begin())
	}
	for _, wait := range ready {
		wait()
	}
	w.connect()
	w.sim.Latency(50 * time.Millisecond) // so that each of them is at work
	for n := range 240 {
		if n == 120 {
			replicas[2].kill()
			replicas = replicas[:2]
		}
		w.sim.SetHookURL(w.hook, "http://"+replicas[n%len(replicas)].addr+"/hook")
		c.say(n)
		w.drain()
	}
	begin := time.Now()
	c.within(30*time.Second, "the work of the one that was killed is taken over", func() bool {
		time.Sleep(100 * time.Millisecond)
		return len(c.unanswered()) == 0
	})
	t.Logf("all is done %v after the last of the deliveries", time.Since(begin).Round(time.Second))
	c.settle()
	c.check()
}
