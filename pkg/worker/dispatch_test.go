package worker

import (
	"fmt"
	"testing"

	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/store/storetest"
)

// TestFetch: no more is fetched than there are free places; who gets free tells of what is known to wait, and that is not looked for again
// until it has been taken, by us or by others.
func TestFetch(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	w := &Worker{c: Config{Workers: 2}, places: make(chan struct{}, 2), turns: make(chan turn, 8), wake: make(chan struct{}, 1), open: true, alive: true}
	var err error
	if w.replica, err = db.Join(t.Context(), 8, w); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if _, err := db.Receive(t.Context(), queue.Delivery{GUID: fmt.Sprint(i), Key: fmt.Sprint("k", i)}); err != nil {
			t.Fatal(err)
		}
	}
	waiting := 0
	fetch := func(turns, left int, more bool) {
		t.Helper()
		clearWake(w)
		next, err := w.fetch(t.Context(), &waiting)
		if err != nil || len(w.turns) != turns || waiting != left || w.more.Load() != more || (next == poll) != (left > 0) {
			t.Errorf("%d at work, %d wait, more: %v, next look in %v, %v", len(w.turns), waiting, w.more.Load(), next, err)
		}
	}
	free := func() {
		t.Helper()
		clearWake(w)
		if w.Free(); len(w.wake) != 1 {
			t.Error("who got free did not tell")
		}
	}
	fetch(2, 3, true)
	fetch(2, 3, true) // no place
	free()
	fetch(3, 2, true)
	if others, err := w.replica.Fetch(t.Context(), 2); err != nil || len(others) != 2 {
		t.Fatal(len(others), err)
	}
	free()
	fetch(3, 0, true)
	if n := len(w.places); n != 1 {
		t.Errorf("%d places are taken", n)
	}
	if next, err := w.fetch(t.Context(), &waiting); err != nil || waiting != 0 || w.more.Load() || next <= 0 {
		t.Errorf("%d wait, next look in %v, %v", waiting, next, err)
	}
}

func clearWake(w *Worker) {
	select {
	case <-w.wake:
	default:
	}
}
