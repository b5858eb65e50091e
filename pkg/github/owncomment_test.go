package github_test

import (
	"context"
	"net/http"
	"testing"
)

// TestElsewhere: what is looked at again costs nothing while nothing has changed; what has is seen.
func TestElsewhere(t *testing.T) {
	sim, client := simulated(t)
	ref := sim.OpenIssue("acme/toc", "alice", "I", "Text.", "kind/dd")
	last := func() int { calls := sim.Calls(); return calls[len(calls)-1].Status }
	for i, want := range []struct {
		state  string
		status int
	}{{"open", http.StatusOK}, {"open", http.StatusNotModified}, {"closed", http.StatusOK}, {"closed", http.StatusNotModified}} {
		if i == 2 {
			sim.Close(ref, "bob", "completed")
		}
		e, err := client.Elsewhere(context.Background(), ref)
		if err != nil || e.State != want.state || e.Title != "I" || e.Author != "alice" || last() != want.status {
			t.Errorf("look %d: %+v, %v, %d; want %v", i, e, err, last(), want)
		}
	}
	for i, want := range []bool{true, true, false} {
		if i == 2 {
			sim.SetPrivate("acme/toc", true)
		}
		if public, err := client.Public(context.Background(), ref); err != nil || public != want {
			t.Errorf("look %d: public: %v, %v", i, public, err)
		}
	}
	gone := ref
	gone.Number = 99
	if e, err := client.Elsewhere(context.Background(), gone); err != nil || e.State != "" {
		t.Errorf("an issue that is none: %+v, %v", e, err)
	}
}
