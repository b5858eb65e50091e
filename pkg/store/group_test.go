package store

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestWorkIsNotStarved: where a flush takes long, work gets its turn after a second, and not only after so many receipts: it would give
// up what it has done.
func TestWorkIsNotStarved(t *testing.T) {
	var commits atomic.Int64
	slow := func(context.Context) error {
		time.Sleep(50 * time.Millisecond)
		commits.Add(1)
		return nil
	}
	g := newGroup(&plainEngine{
		begin: func(context.Context, bool) (begun, error) {
			return begun{commit: slow, rollback: func(context.Context) error { return nil }}, nil
		},
		shut: func() error { return nil },
	})
	over := make(chan struct{})
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				if err := g.run(t.Context(), receipt); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for commits.Load() < 2 { // the receipts flow
		time.Sleep(time.Millisecond)
	}
	before := commits.Load()
	if err := g.inTx(t.Context(), func(context.Context, tx) error { return nil }); err != nil {
		t.Error(err)
	}
	if n := commits.Load() - before; n > workTurn/2 {
		t.Errorf("work waited for %d commits", n)
	}
	close(over)
	senders.Wait()
	if err := g.close(); err != nil {
		t.Error(err)
	}
}
