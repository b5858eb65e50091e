package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/webhook/webhooktest"
)

// TestSweepLeavesOthers: a sweep that shares a server's database does its own work there and nobody else's.
func TestSweepLeavesOthers(t *testing.T) {
	w := newSweepWorld(t, 200*day)
	due, wanted := w.sim.OpenIssue(repo, "alice", "Old", "Text."), w.sim.OpenIssue(repo, "alice", "Old, too", "Text.")
	w.sim.AddLabels(due, "bob", "kind/dd")
	w.sim.AddLabels(wanted, "bob", "kind/dd", stale.Frozen)
	w.sim.Clock().Advance(200 * day)
	log := logrus.New()
	log.Out = io.Discard
	path := "sqlite:" + filepath.Join(w.dir, "server.db")
	db, err := store.Open(t.Context(), path, store.Options{Now: time.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	stop := webhooktest.Connect(t, w.sim, time.Now, db.Receive)
	w.sim.Comment(wanted, "alice", "/retitle New")
	if err := w.sim.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	got, _ := w.sweep("--store", path, "--config", w.file("ddbot.yaml", eager))
	if got[due.Number].Outcome != "done" || !w.sim.Issue(due).HasLabel(stale.Stale) {
		t.Errorf("the sweep's own work: %+v", got)
	}
	if title := w.sim.Issue(wanted).Title; !strings.HasPrefix(title, "Old") {
		t.Errorf("the sweep carried out a person's command: %q", title)
	}
	db, err = store.Open(t.Context(), path, store.Options{Now: time.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if d, err := db.Depth(t.Context()); err != nil || d.Pending == 0 || d.Dead != 0 {
		t.Errorf("the command does not wait: %+v, %v", d, err)
	}
}
