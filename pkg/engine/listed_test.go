package engine

import (
	"slices"
	"testing"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// TestListed: what the engine and the sweep list over many issues has an index in the store.
func TestListed(t *testing.T) {
	for _, kind := range []string{recordUnseen, decide.RecordTracked, stale.BookKind} {
		if !slices.Contains(queue.Listed, kind) {
			t.Errorf("%q is not among %q", kind, queue.Listed)
		}
	}
}
