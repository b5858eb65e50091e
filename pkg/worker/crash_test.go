package worker

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

const (
	crashURL   = "DDBOT_TEST_CRASH_URL" // makes this binary the child of TestCrash
	crashLog   = "DDBOT_TEST_CRASH_LOG"
	crashRound = "DDBOT_TEST_CRASH_ROUND"
)

// TestCrash kills a process with SIGKILL again and again while it receives and works, and then wants every delivery that
// was acknowledged to be done, each issue's in their order.
func TestCrash(t *testing.T) {
	if url := os.Getenv(crashURL); url != "" {
		crashChild(t, url)
		return
	}
	url, path := storetest.SQLite(t), filepath.Join(t.TempDir(), "handled")
	var acked []string
	const rounds = 3
	for round := range rounds {
		acked = append(acked, crash(t, url, path, round)...)
	}
	r := &rig{T: t, url: url, db: storetest.Open(t, url)}
	r.start(Config{Handle: handleToFile(path)})
	r.drained(0)

	text, err := os.ReadFile(path)
	r.must(err)
	handled, last, twice := map[string]bool{}, map[string]int64{}, 0
	for guid := range strings.Lines(string(text)) {
		guid = strings.TrimSpace(guid)
		if handled[guid] {
			twice++
			continue
		}
		handled[guid] = true
		d := r.lookup(guid)
		if d.Seq <= last[d.Key] {
			t.Errorf("%s of %s: seq %d after %d", guid, d.Key, d.Seq, last[d.Key])
		}
		last[d.Key] = d.Seq
		if d.Attempts > rounds {
			t.Errorf("%s has %d attempts after %d kills", guid, d.Attempts, rounds)
		}
	}
	for _, guid := range acked {
		if !handled[guid] {
			t.Errorf("%s was acknowledged and is lost", guid)
		}
	}
	t.Logf("%d acknowledged, %d handled, %d of them more than once, after %d kills", len(acked), len(handled), twice, rounds)
}

// crash runs the child until it has acknowledged some deliveries, kills it, and gives what it acknowledged.
func crash(t *testing.T, url, path string, round int) []string {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestCrash$")
	child.Env = append(os.Environ(), crashURL+"="+url, crashLog+"="+path, fmt.Sprintf("%s=%d", crashRound, round))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var acked, other []string
	for lines := bufio.NewScanner(out); lines.Scan(); { // to the end: what was acknowledged before the kill counts
		if guid, ok := strings.CutPrefix(lines.Text(), "acked "); ok {
			acked = append(acked, guid)
		} else {
			other = append(other, lines.Text())
		}
		if len(acked) == 200 {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil || len(acked) < 200 {
		t.Fatalf("the child ended by itself: %v\n%s", err, strings.Join(other, "\n"))
	}
	return acked
}

func crashChild(t *testing.T, url string) {
	r := &rig{T: t, url: url, db: storetest.Open(t, url)}
	r.start(Config{Handle: handleToFile(os.Getenv(crashLog))})
	var wg sync.WaitGroup
	for sender := range 8 {
		wg.Go(func() {
			for i := range 10_000 {
				guid := fmt.Sprintf("%s-%d-%d", os.Getenv(crashRound), sender, i)
				d := queue.Delivery{GUID: guid, Key: fmt.Sprintf("k%d", i%10), Payload: make([]byte, 2000)}
				receive := r.db.Receive
				if i%2 == 0 {
					receive = r.db.Admit
				}
				if _, err := receive(context.Background(), d); err != nil {
					t.Error(err)
				}
				fmt.Printf("acked %s\n", guid)
			}
		})
	}
	wg.Wait()
}

// handleToFile notes each delivery in a file, once a plan is saved, and takes its time so that kills hit it at work.
func handleToFile(path string) queue.Handler {
	return func(ctx context.Context, b queue.Batch) error {
		if b.Plan() == nil {
			if err := b.Save(ctx, []byte("plan")); err != nil {
				return err
			}
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer f.Close()
		for _, d := range b.Deliveries() {
			if _, err := fmt.Fprintln(f, d.GUID); err != nil {
				return err
			}
		}
		time.Sleep(3 * time.Millisecond)
		return nil
	}
}
