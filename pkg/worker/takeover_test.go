package worker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store/pgtest"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

const (
	replicaURL = "DDBOT_TEST_REPLICA_URL" // makes this binary a child of TestTakeOver
	replicaLog = "DDBOT_TEST_REPLICA_LOG"
	replicaOff = "DDBOT_TEST_REPLICA_OFF" // by how much its clock is wrong
)

// TestTakeOver: three processes, whose clocks differ by up to 50 seconds, work on one PostgreSQL. Again and again one of them is killed at work
// and another takes its place (DDBOT_TEST_KILLS says how often). Each time what it had in hand is done by the others; nothing is lost, and each issue's deliveries are done
// in their order. How long that takes is logged: seven seconds are meant; what fails is a minute, for this machine may be slow.
func TestTakeOver(t *testing.T) {
	if url := os.Getenv(replicaURL); url != "" {
		replicaChild(t, url)
		return
	}
	t.Parallel()
	const most = time.Minute
	kills := 3
	if n, err := strconv.Atoi(os.Getenv("DDBOT_TEST_KILLS")); err == nil {
		kills = n
	}
	url, path := pgtest.Start(t).Database(t), filepath.Join(t.TempDir(), "handled")
	r := &rig{T: t, url: url, db: storetest.Open(t, url)}
	replicas := make([]*exec.Cmd, 3)
	for i := range replicas {
		replicas[i] = replica(t, url, path, i)
	}
	sent := 0
	send := func(n int) {
		for range n {
			r.give1(fmt.Sprintf("k%d", sent%40), sent)
			sent++
		}
	}
	var longest time.Duration
	for n := range kills {
		send(60)
		time.Sleep(700 * time.Millisecond) // all have something in hand
		dead := replicas[n%3]
		if err := dead.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = dead.Wait()
		begin := time.Now()
		for end := begin.Add(most); r.depth().Pending > 0; time.Sleep(20 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("kill %d: %+v wait still", n+1, r.depth())
			}
		}
		longest = max(longest, time.Since(begin))
		replicas[n%3] = replica(t, url, path, n)
	}
	r.inOrder(path, sent)
	t.Logf("%d deliveries, %d kills; the longest time until all was done was %v", sent, kills, longest.Round(100*time.Millisecond))
}

func (r *rig) give1(key string, n int) {
	r.Helper()
	_, err := r.db.Receive(context.Background(), queue.Delivery{GUID: fmt.Sprintf("%s/%d", key, n), Key: key})
	r.must(err)
}

// inOrder wants all to be in the file, those of each key in their order; what a killed one did may be there twice.
func (r *rig) inOrder(path string, sent int) {
	r.Helper()
	text, err := os.ReadFile(path)
	r.must(err)
	handled, last := map[string]bool{}, map[string]int64{}
	for guid := range strings.Lines(string(text)) {
		guid = strings.TrimSpace(guid)
		if handled[guid] {
			continue
		}
		handled[guid] = true
		d := r.lookup(guid)
		if d.Seq <= last[d.Key] {
			r.Errorf("%s: seq %d after %d", guid, d.Seq, last[d.Key])
		}
		last[d.Key] = d.Seq
	}
	if len(handled) != sent {
		r.Errorf("%d handled, %d sent", len(handled), sent)
	}
	if d := r.depth(); d.Dead != 0 {
		r.Errorf("%d were given up on", d.Dead)
	}
}

// replica starts a process that works and whose clock is wrong by n × 25 seconds.
func replica(t *testing.T, url, path string, n int) *exec.Cmd {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestTakeOver$")
	child.Env = append(os.Environ(), replicaURL+"="+url, replicaLog+"="+path, fmt.Sprintf("%s=%d", replicaOff, 25*(n%3)))
	out, err := child.StdinPipe() // its end is the test's
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = out.Close()
		_ = child.Process.Kill()
		_ = child.Wait()
	})
	return child
}

func replicaChild(t *testing.T, url string) {
	var off int
	_, _ = fmt.Sscan(os.Getenv(replicaOff), &off)
	now := func() time.Time { return time.Now().Add(time.Duration(off) * time.Second) }
	r := &rig{T: t, url: url, db: storetest.OpenAt(t, url, now)}
	note := handleToFile(os.Getenv(replicaLog))
	r.start(Config{Handle: func(ctx context.Context, b queue.Batch) error {
		time.Sleep(800 * time.Millisecond)
		return note(ctx, b)
	}})
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// TestCutOff: a replica whose signs of life do not get through stops working before others take its work over, and goes on when they do.
func TestCutOff(t *testing.T) {
	t.Parallel()
	url := pgtest.Start(t).Database(t)
	r := &rig{T: t, url: url, db: storetest.Open(t, url)}
	var cut atomic.Bool
	stopped, went := make(chan struct{}), make(chan struct{})
	var first atomic.Bool
	w := r.start(Config{Workers: 1, Handle: func(ctx context.Context, b queue.Batch) error {
		if first.Swap(true) {
			return r.note(ctx, b)
		}
		cut.Store(true)
		close(went)
		<-ctx.Done()
		close(stopped)
		return ctx.Err()
	}, beat: func(ctx context.Context) error {
		if cut.Load() {
			return errors.New("cut off")
		}
		return nil
	}})
	r.give("k", 1)
	<-went
	<-stopped
	r.give("k", 2) // it takes nothing new
	if w.Reserve() {
		t.Error("a place of one that is cut off")
	}
	cut.Store(false)
	r.drained(0)
	if a := r.lookup("k/1").Attempts; a > 1 {
		t.Errorf("%d attempts", a)
	}
}
