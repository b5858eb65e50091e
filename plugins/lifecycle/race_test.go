package lifecycle

import (
	"context"
	"errors"
	"io"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/store"
	"github.com/ddbot/ddbot/pkg/webhook/webhooktest"
	"github.com/ddbot/ddbot/pkg/worker"
)

// TestExclusiveRace is a weak point of Prow: two exclusive commands 5 ms apart, with 100 ms latency of the
// API, left both labels in 9 of 10 trials. The second payload predates the first write. 100 trials, on as many issues.
func TestExclusiveRace(t *testing.T) {
	const trials = 100
	sim := githubsim.New(githubsim.Options{})
	api := httptest.NewServer(sim)
	t.Cleanup(api.Close)
	sim.AddUser("alice")
	sim.AddUser("bob")
	sim.AddRepo("acme/toc", "owner")
	sim.AddLabel("acme/toc", stale.Labels...)
	var refs []issue.Ref
	for range trials {
		refs = append(refs, sim.OpenIssue("acme/toc", "alice", "An issue", "Text.", stale.Active))
	}
	db := serve(t, sim, api.URL)
	sim.Latency(100 * time.Millisecond)
	var people sync.WaitGroup
	for _, ref := range refs {
		people.Go(func() {
			sim.Comment(ref, "alice", "/lifecycle stale")
			time.Sleep(5 * time.Millisecond)
			sim.Comment(ref, "bob", "/lifecycle rotten")
		})
	}
	people.Wait()
	for before := -1; before != len(sim.Deliveries()); { // those of the bot's own writes are deliveries, too
		before = len(sim.Deliveries())
		if err := sim.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		for d := (queue.Depth{Pending: 1}); d.Pending > 0; time.Sleep(5 * time.Millisecond) {
			var err error
			if d, err = db.Depth(context.Background()); err != nil || d.Dead > 0 {
				t.Fatalf("%+v, %v", d, err)
			}
		}
	}
	apart := 0
	for _, ref := range refs {
		i := sim.Issue(ref)
		if len(i.Labels) != 1 || i.Labels[0] != stale.Rotten {
			t.Errorf("%v: %v", ref, i.Labels)
		}
		for _, e := range i.Events {
			if e.Kind == "labeled" && e.What == stale.Stale {
				apart++ // both commands were carried out, one after the other
			}
		}
	}
	if apart == 0 {
		t.Error("in no trial the second command came after the first one's write: this tests nothing")
	}
}

// serve is the bot: receiver, store, worker, engine.
func serve(t *testing.T, sim *githubsim.Sim, url string) *store.DB {
	log := logrus.New()
	log.Out = io.Discard
	db, err := store.Open(context.Background(), "sqlite:"+filepath.Join(t.TempDir(), "race.db"), store.Options{Now: time.Now, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	hub, err := github.New(github.Options{URL: url, Token: sim.Token("ddbot[bot]"), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	settings := plugin.DefaultSettings([]plugin.Plugin{Plugin{}})
	e := &engine.Engine{
		Settings: func(context.Context, engine.Files, issue.Ref) (*plugin.Settings, error) { return settings, nil },
		Client:   func(id int64) engine.GitHub { return hub.Client(id) },
		Memory:   db, Now: time.Now, Log: log,
	}
	w, err := worker.Start(context.Background(), worker.Config{Store: db, Handle: e.Handle, Log: log, Workers: 32})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(w.Stop(context.Background()), db.Close()); err != nil {
			t.Error(err)
		}
	})
	webhooktest.Connect(t, sim, time.Now, db.Receive)
	return db
}
