package demo

import "sync"

// bell tells everybody who listens that something has changed.
type bell struct {
	mu    sync.Mutex
	times int
	next  chan struct{} // closed by the next ring
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.times++
	if b.next != nil {
		close(b.next)
		b.next = nil
	}
}

// heard gives how often it rang, and a channel that is closed when it rings again.
func (b *bell) heard() (times int, again <-chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.next == nil {
		b.next = make(chan struct{})
	}
	return b.times, b.next
}
