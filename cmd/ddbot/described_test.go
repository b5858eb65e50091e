package main

import (
	"net/http/httptest"
	"testing"

	"github.com/ddbot/ddbot/pkg/githubsim/openapicheck"
)

// TestMainJobAsDescribed holds the program's requests, the simulator's answers and its webhooks against GitHub's own
// description of its API.
func TestMainJobAsDescribed(t *testing.T) {
	doc := openapicheck.Open(t)
	w := newWorld(t)
	w.api.Close()
	w.api = httptest.NewServer(doc.Middleware(t, w.sim))
	mainJob(w)
	for _, d := range w.sim.Deliveries() {
		if err := doc.Payload(d.Event, d.Action, d.Payload); err != nil {
			t.Error(err)
		}
	}
}
