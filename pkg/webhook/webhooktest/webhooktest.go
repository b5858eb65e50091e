// Package webhooktest connects the simulated GitHub with a real receiver.
package webhooktest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/webhook"
)

// Connect sends all webhooks of sim to a receiver in front of an inbox, until stop is called or the test has ended.
func Connect(t testing.TB, sim *githubsim.Sim, now func() time.Time, inbox func(context.Context, queue.Delivery) (fresh bool, err error)) (stop func()) {
	t.Helper()
	const secret = "s3cret"
	log := logrus.New()
	log.Out = io.Discard
	h, err := webhook.New(webhook.Options{
		Secrets: webhook.Secrets{webhook.Everywhere: {[]byte(secret)}}, Now: now, Log: log,
		Inbox: webhook.InboxFunc(func(r *http.Request, _ payload.Envelope, d queue.Delivery) (bool, error) {
			return inbox(r.Context(), d)
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	sim.AddHook(githubsim.Hook{URL: srv.URL + "/hook", Secret: secret})
	return srv.Close
}
