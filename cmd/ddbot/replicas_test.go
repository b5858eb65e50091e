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
// work, or as many as DDBOT_TEST_KILLS says, one after the other, and another one starts in its place. The others take over what it had, within
// a minute (seven seconds are meant); each command takes effect once, in order per issue.
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
	kills, n := number("DDBOT_TEST_KILLS", 1), 0
	say := func(most int) {
		for range most {
			w.sim.SetHookURL(w.hook, "http://"+replicas[n%3].addr+"/hook")
			c.say(n)
			w.drain()
			n++
		}
	}
	say(90)
	for kill := range kills {
		say(30)
		dead := replicas[2-kill%3]
		dead.kill()
		dead.start()
	}
	say(30)
	begin := time.Now()
	c.within(time.Minute, "the work of those that were killed is taken over", func() bool {
		time.Sleep(100 * time.Millisecond)
		return len(c.unanswered()) == 0
	})
	t.Logf("%d comments, %d kills; all is done %v after the last of the deliveries", n, kills, time.Since(begin).Round(time.Second))
	c.settle()
	c.check()
}
