package scripttest

import (
	"context"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

// drainable is the stories' inbox as the suite of the real store wants it.
type drainable struct{ sweepStore }

func (d drainable) Drain(ctx context.Context, handle queue.Handler) error {
	return d.drain(ctx, handle)
}

// TestInbox: the inbox in memory, on which stories run by the thousand, keeps the rules of the real store.
func TestInbox(t *testing.T) {
	storetest.RunDrained(t, func(_ *testing.T, now func() time.Time) storetest.Drained {
		return drainable{sweepStore{newInbox(now)}}
	})
}
