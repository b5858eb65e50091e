package scripttest

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// sweepStore is the story's inbox as a sweep sees it.
type sweepStore struct{ *inbox }

func (s sweepStore) Receive(_ context.Context, d queue.Delivery) (bool, error) {
	return s.receive(d), nil
}

func (s sweepStore) PutAll(_ context.Context, rs ...queue.Record) error {
	for _, r := range rs {
		s.put(r)
	}
	return nil
}

// sweep puts what is due into the queue, as the server does every hour. It is not what a story kills: its work is in the
// queue afterwards.
func (w *world) sweep() error {
	hub, err := github.New(github.Options{URL: w.api.URL, Token: "bot-token", Now: w.sim.Clock().Now})
	if err != nil {
		return err
	}
	log := logrus.New()
	log.Out = io.Discard
	s := &sweep.Sweeper{
		Store: sweepStore{w.inbox}, Client: func(id int64) sweep.GitHub { return hub.Client(id) }, Now: w.sim.Clock().Now, Log: log, Weekly: w.script.Header["regular"] == "yes",
		Settings: func(context.Context, issue.Ref, int64) (*plugin.Settings, error) {
			return Settings(w.script.Config, w.plugins, w.repo)
		},
		Pacer: &sweep.Pacer{
			Limits: sweep.DefaultLimits, Store: sweepStore{w.inbox}, Now: w.sim.Clock().Now,
			Sleep: func(context.Context, time.Duration) error {
				return errors.New("a sweep of one issue waits for nothing")
			},
		},
	}
	_, err = s.Sweep(context.Background(), sweep.Request{Repo: w.ref})
	return err
}
