package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/store"
)

// TestSoak: people comment on twenty issues without a pause while the server is killed again and again, at random moments
// and during its shutdown. In the end each command took effect once, in order per issue: what was acknowledged by itself,
// what met a dead server by redelivery or catch-up. DDBOT_TEST_KILLS sets how often, DDBOT_TEST_SEED how.
func TestSoak(t *testing.T) {
	kills, seed := number("DDBOT_TEST_KILLS", 20), uint64(number("DDBOT_TEST_SEED", 1))
	w := newWorldWith(t, githubsim.Options{Now: time.Now, RateLimit: 1_000_000})
	c := &chorus{world: w, rng: rand.New(rand.NewPCG(seed, 1))}
	for n := range 20 {
		c.issues = append(c.issues, w.sim.OpenIssue(repo, "alice", fmt.Sprintf("Issue %d", n), list, "kind/dd"))
	}
	c.role()
	w.start()
	w.connect()
	stop := make(chan struct{})
	var talking sync.WaitGroup
	talking.Go(func() { c.talk(stop) })
	begin := time.Now()
	for n := range kills {
		c.live()
		if n%4 == 3 {
			_ = w.cmd.Process.Signal(syscall.SIGTERM)
			c.pause(60 * time.Millisecond)
		}
		w.kill()
		c.pause(30 * time.Millisecond) // nobody listens for a moment
		c.role()
		w.restart()
	}
	close(stop)
	talking.Wait()
	w.drain()
	missed := c.redeliver()
	w.kill()
	w.sim.SetRole(repo, bot, "admin") // the last look finds what is missing still
	w.restart()
	c.settled()
	c.check()
	t.Logf("seed %d: %d kills in %v, %d comments, %d of them not acknowledged at first, %d events asked for again",
		seed, kills, time.Since(begin).Round(time.Second), len(c.said), c.late, missed)
}

func number(env string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(env)); err == nil {
		return n
	}
	return otherwise
}

// chorus is people who all talk at once.
type chorus struct {
	*world
	mu     sync.Mutex // of rng
	rng    *rand.Rand
	issues []issue.Ref
	said   []saying
	late   int
}

// saying is one comment with what it must come to.
type saying struct {
	id   int64
	ref  issue.Ref
	note string // that must be in the description, once
	tick string // what becomes of the box of the first item: "x" or " "
}

func (c *chorus) random(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rng.IntN(n)
}

func (c *chorus) pause(most time.Duration) { time.Sleep(time.Duration(c.random(int(most)))) }

// live lets the process make some calls, as many as chance wants, or wait a while for nothing.
func (c *chorus) live() {
	var made atomic.Int64
	defer c.sim.Before(func(call githubsim.Call) {
		if call.As == bot {
			made.Add(1)
		}
	})()
	most := int64(c.random(60))
	for end := time.Now().Add(3 * time.Second); made.Load() < most && time.Now().Before(end); {
		c.pause(2 * time.Millisecond)
	}
}

// role lets the bot read the log of deliveries at times, so that both kinds of catch-up have their turn.
func (c *chorus) role() {
	c.sim.SetRole(repo, bot, []string{"write", "admin"}[c.random(2)])
}

// talk comments until it is stopped.
func (c *chorus) talk(stop <-chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(10+c.random(50)) * time.Millisecond):
		}
		c.say(n)
	}
}

// say writes the nth comment.
func (c *chorus) say(n int) {
	s := saying{ref: c.issues[c.random(len(c.issues))]}
	as := []string{"alice", "bob"}[n%2]
	text := []string{"/close", "/reopen", "/kind bug", "/dd done tecnical", "/dd status"}[c.random(5)]
	switch c.random(9) {
	case 0, 1, 2:
		s.note = fmt.Sprintf("note%dz", n)
		text = "/dd note users.1 " + s.note
	case 3:
		s.tick, text = "x", "/dd done technical.1"
	case 4:
		s.tick, text = " ", "/dd undo technical.1"
	case 5:
		as, text = "mallory", "/dd done technical"
	case 6:
		s.note = fmt.Sprintf("note%dz", n)
		text = "/dd note technical.2 " + s.note + "\n/kind bug\n/dd done nonsense"
	}
	s.id = c.sim.Comment(s.ref, as, text)
	c.said = append(c.said, s)
}

// redeliver asks for half of what never met a listener, as a person would on GitHub's page. It gives how many those were.
func (c *chorus) redeliver() int {
	ok, asked := map[string]bool{}, 0
	for _, d := range c.sim.Deliveries() {
		ok[d.GUID] = ok[d.GUID] || d.StatusCode/100 == 2
	}
	for i, guid := range slices.Sorted(func(yield func(string) bool) {
		for guid, done := range ok {
			if !done && !yield(guid) {
				return
			}
		}
	}) {
		if i%2 == 0 {
			c.sim.Redeliver(guid)
			asked++
		}
	}
	c.drain()
	return asked
}

// settled waits until every comment has an answer and nothing is left to do.
func (c *chorus) settled() {
	c.within(3*time.Minute, "every comment has an answer", func() bool {
		time.Sleep(200 * time.Millisecond)
		return len(c.unanswered()) == 0
	})
	c.settle()
}

func (c *chorus) unanswered() (ids []int64) {
	for ref, said := range c.byIssue() {
		answers := answersOf(c.sim.Issue(ref))
		for _, s := range said {
			if answers[s.id] == 0 {
				ids = append(ids, s.id)
			}
		}
	}
	return ids
}

func (c *chorus) byIssue() map[issue.Ref][]saying {
	out := map[issue.Ref][]saying{}
	for _, s := range c.said {
		out[s.ref] = append(out[s.ref], s)
	}
	return out
}

// answersOf counts the bot's reactions and replies, by comment.
func answersOf(i githubsim.Issue) map[int64]int {
	out := map[int64]int{}
	for _, c := range i.Comments {
		for _, r := range c.Reactions {
			if r.User == bot {
				out[c.ID]++
			}
		}
		var id int64
		if _, marker, ok := strings.Cut(c.Body, strings.TrimSuffix(plan.ReplyMarker("c"), " -->")); ok && c.Author == bot {
			_, _ = fmt.Sscan(marker, &id)
			out[id]++
		}
	}
	return out
}

var noteText = regexp.MustCompile(`note\d+z`)

// check holds the end against what was said.
func (c *chorus) check() {
	prompt := c.prompt()
	for ref, said := range c.byIssue() {
		i := c.sim.Issue(ref)
		answers := answersOf(i)
		var order []string // notes of which the order is known
		tick, sure := "", true
		for _, s := range said {
			if answers[s.id] != 1 {
				c.t.Errorf("%v: comment %d has %d answers; log:\n%s", ref, s.id, answers[s.id], c.about(i, s.id))
			}
			if s.note != "" {
				if n := strings.Count(i.Body, s.note); n != 1 {
					c.t.Errorf("%v: %s is there %d times", ref, s.note, n)
				}
				if prompt[s.id] {
					order = append(order, s.note)
				}
			}
			if s.tick != "" {
				tick, sure = s.tick, sure && prompt[s.id]
			}
			if !prompt[s.id] {
				c.late++
			}
		}
		c.checkOrder(i, order)
		if tick != "" && sure && !strings.Contains(i.Body, "- ["+tick+"] It scales.") {
			c.t.Errorf("%v: the last command about the box was not the last to be carried out, want %q:\n%s", ref, tick, i.Body)
		}
	}
	if m := c.get("/metrics"); !strings.Contains(m, "\nddbot_queue_dead 0\n") {
		c.kill()
		db, err := store.Open(context.Background(), c.url, store.Options{Now: time.Now})
		if err != nil {
			c.t.Fatal(err)
		}
		defer db.Close()
		dead, err := db.Dead(context.Background())
		for _, d := range dead {
			c.t.Errorf("%s was given up on after %d attempts: %s", d.GUID, d.Attempts, d.LastError)
		}
		c.t.Errorf("deliveries were given up on (%v)", err)
	}
}

// about is what helps to understand a comment's fate.
func (c *chorus) about(i githubsim.Issue, id int64) string {
	var b strings.Builder
	for _, x := range i.Comments {
		if x.ID == id || strings.Contains(x.Body, fmt.Sprintf("re=c%d ", id)) {
			fmt.Fprintf(&b, "%s %s: %q %v\n", x.CreatedAt.Format("05"), x.Author, x.Body, x.Reactions)
		}
	}
	for _, d := range c.sim.Deliveries() {
		if strings.Contains(string(d.Payload), fmt.Sprintf(`"id":%d,`, id)) && d.Event == "issue_comment" {
			fmt.Fprintf(&b, "%s delivery %s %s attempt %d: %d\n", d.At.Format("05"), d.GUID, d.Action, d.Attempt, d.StatusCode)
		}
	}
	for l := range strings.Lines(c.log.String()) {
		if strings.Contains(l, fmt.Sprintf("#%d\"", i.Ref.Number)) || strings.Contains(l, fmt.Sprint(id)) {
			b.WriteString(l)
		}
	}
	return b.String()
}

// checkOrder: notes stand under each item in the order of their comments.
func (c *chorus) checkOrder(i githubsim.Issue, order []string) {
	at := map[string]int{}
	for n, note := range order {
		at[note] = n + 1
	}
	for part := range strings.SplitSeq(i.Body, "- [") {
		last := 0
		for _, note := range noteText.FindAllString(part, -1) {
			if at[note] != 0 {
				if at[note] < last {
					c.t.Errorf("%v: %s came too late:\n%s", i.Ref, note, i.Body)
				}
				last = cmp.Or(at[note], last)
			}
		}
	}
}

// prompt gives the comments whose first delivery was acknowledged: the order of those is the order of their comments.
func (c *chorus) prompt() map[int64]bool {
	out := map[int64]bool{}
	for _, d := range c.sim.Deliveries() {
		if d.Event != "issue_comment" || d.Attempt != 1 || d.StatusCode/100 != 2 {
			continue
		}
		var p struct{ Comment struct{ ID int64 } }
		if json.Unmarshal(d.Payload, &p) == nil {
			out[p.Comment.ID] = true
		}
	}
	return out
}
