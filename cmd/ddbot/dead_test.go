package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/worker"
)

func run(t *testing.T, args ...string) (out string, code int) {
	t.Helper()
	var b bytes.Buffer
	cmd := root()
	cmd.SetArgs(args)
	cmd.SetOut(&b)
	cmd.SetErr(&b)
	err := cmd.ExecuteContext(context.Background())
	var exit *exitError
	switch {
	case errors.As(err, &exit):
		code = exit.code
	case err != nil:
		code = exitFailure
	}
	if err != nil {
		b.WriteString(err.Error())
	}
	return b.String(), code
}

// TestDead: a delivery is given up by a process whose handler always fails; the command shows it and puts it back while
// the server runs on the same file, and the server does it.
func TestDead(t *testing.T) {
	w := newWorld(t)
	url := "sqlite:" + filepath.Join(w.dir, "ddbot.db")
	if out, code := run(t, "dead", "list", "--store", url); code != exitUsage || !strings.Contains(out, "no database") {
		t.Errorf("without a database: %d %s", code, out)
	}
	w.sim.SetMode(githubsim.Hold)
	w.start()
	w.connect()
	id := w.sim.Comment(w.ref, "alice", "/dd done technical")
	w.kill()
	giveUp(t, url, w)
	w.start()
	out, code := run(t, "dead", "list", "--store", url)
	if code != 0 || !strings.Contains(out, "issue_comment") || !strings.Contains(out, "always fails") {
		t.Fatalf("%d %s", code, out)
	}
	guid := strings.Fields(strings.Split(out, "\n")[1])[0]
	if out, code := run(t, "dead", "replay", "nonsense", "--store", url); code != exitUsage || !strings.Contains(out, "dead list") {
		t.Errorf("an unknown GUID: %d %s", code, out)
	}
	if out, code := run(t, "dead", "replay", guid, "--store", url); code != 0 {
		t.Fatalf("%d %s", code, out)
	}
	w.eventually("the replayed delivery is done", func() bool { return w.reacted(id) == 1 })
	w.settle()
	if out, _ := run(t, "dead", "list", "--store", url); out != "none\n" {
		t.Error(out)
	}
}

// giveUp stores the held deliveries and fails them until they are dead.
func giveUp(t *testing.T, url string, w *world) {
	t.Helper()
	log := logrus.New()
	log.SetLevel(logrus.PanicLevel)
	db, err := store.Open(context.Background(), url, store.Options{Now: time.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, d := range w.sim.Held() {
		if d.Event == "issue_comment" {
			_, err = db.Receive(context.Background(), queue.Delivery{
				GUID: d.GUID, Key: "gh:" + repoID(d.Payload) + "#1", Event: d.Event, Payload: d.Payload, ReceivedAt: time.Now(),
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	work, err := worker.Start(context.Background(), worker.Config{
		Store: db, Log: log, MaxAttempts: 2, Backoff: func(int) time.Duration { return time.Millisecond },
		Handle: func(context.Context, queue.Batch) error { return errors.New("always fails") },
	})
	if err != nil {
		t.Fatal(err)
	}
	w.eventually("the delivery is dead", func() bool {
		depth, err := db.Depth(context.Background())
		return err == nil && depth.Dead == 1
	})
	if err := work.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func repoID(payload []byte) string {
	_, rest, _ := strings.Cut(string(payload), `"repository":{`)
	_, rest, _ = strings.Cut(rest, `"id":`)
	return rest[:strings.IndexAny(rest, ",}")]
}

// atOnce is a worker that has nothing to do with what it gets, and says so before it is stored.
type atOnce struct{ t *testing.T }

func (atOnce) Reserve() bool { return true }
func (atOnce) Free()         {}
func (atOnce) Look()         {}
func (a atOnce) Take(c *store.Claim, w *store.Work) {
	if _, err := c.Ack(context.Background(), w, store.End{}); err != nil {
		a.t.Error(err)
	}
}

// TestReplayOfNothing: the payload of what came to nothing is not kept; who asks for it is told that, and where to find it.
func TestReplayOfNothing(t *testing.T) {
	url := "sqlite:" + filepath.Join(t.TempDir(), "ddbot.db")
	db, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) }, Log: logrus.New()})
	if err == nil {
		_, err = db.Join(t.Context(), 8, atOnce{t})
	}
	if err == nil {
		_, err = db.Admit(t.Context(), queue.Delivery{GUID: "72d3162e", Key: "gh:1#1", Event: "issue_comment", Payload: []byte("{}")})
	}
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	out, code := run(t, "replay", "72d3162e", "--store", url)
	if want := "72d3162e came on 2026-11-28 12:00:00 and to nothing: there was no command in it"; code != 0 || !strings.HasPrefix(out, want) || !strings.Contains(out, "--payload") {
		t.Errorf("%d %s", code, out)
	}
}
