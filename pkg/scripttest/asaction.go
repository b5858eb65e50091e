package scripttest

import (
	"context"
	"encoding/json"
	"io"
	"regexp"
	"time"

	"github.com/sirupsen/logrus"

	ddaction "github.com/ddbot/ddbot/pkg/action"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// A story is also played by the Action: one run for each event, which remembers nothing of the one before. Its end must be the
// server's, killed at each request as well. A story that needs a server's memory says so in its header: "action: no, because …".

// actions are the events for which GitHub would start a workflow, in order.
type workflow struct{ events []queue.Delivery }

func (f *workflow) receive(d queue.Delivery) {
	var p struct {
		Sender struct{ Login string } `json:"sender"`
	}
	_ = json.Unmarshal(d.Payload, &p)
	if p.Sender.Login != bot { // what a workflow's own token does starts none
		f.events = append(f.events, d)
	}
}

// startup is how long GitHub takes at least to start a run.
const startup = 3 * time.Second

// runs lets the Action handle what happened. A run that was killed is started once more, as a person does.
func (w *world) runs() {
	for len(w.workflow.events) > 0 {
		d := w.workflow.events[0]
		w.workflow.events = w.workflow.events[1:]
		w.sim.Clock().Advance(startup)
		w.runAction(d.Event, d.Payload)
		w.deliver()
	}
}

func (w *world) runAction(name string, payload []byte) {
	for range 5 {
		_, err := w.oneRun(name, payload)
		if w.kill.dead() {
			w.kill, w.died = w.kill.then, true
			continue
		}
		if err != nil {
			w.t.Errorf("run for %s: %v", name, err)
		}
		return
	}
	w.t.Errorf("run for %s: does not end", name)
}

func (w *world) oneRun(name string, payload []byte) (*ddaction.Report, error) {
	hub, err := github.New(github.Options{URL: w.api.URL, Token: "bot-token", Now: w.sim.Clock().Now, Transport: transport{w.kill}})
	if err != nil {
		w.t.Fatal(err)
	}
	settings, err := Settings(w.script.Config, w.plugins, w.repo)
	if err != nil {
		w.t.Fatal(err)
	}
	log := logrus.New()
	log.Out = io.Discard
	repo, err := issue.ParseRef(w.repo + "#1")
	if err != nil {
		w.t.Fatal(err)
	}
	return ddaction.Run(context.Background(), ddaction.Options{
		Event: name, Payload: payload, Repo: repo, Hub: hub, Now: w.sim.Clock().Now, Log: log,
		Settings: func(context.Context, engine.Files, issue.Ref) (*plugin.Settings, error) { return settings, nil },
		Sleep: func(_ context.Context, d time.Duration) error {
			if w.kill.dead() {
				return errKilled
			}
			w.sim.Clock().Advance(d)
			return nil
		},
	})
}

// reMarker is what names a text in the marker of an answer: ids differ from one world to another.
var reMarker = regexp.MustCompile(`ddbot:re=[a-z][0-9a-f-]+`)
