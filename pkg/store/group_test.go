package store

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
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

// TestMerged: what comes while a transaction is under way is made in as few as can be: the receipts together, before the work that waits,
// and then that together.
func TestMerged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		var ran, commits []string
		g := newGroup(&plainEngine{
			begin: func(context.Context, bool) (begun, error) {
				ran = nil
				return begun{
					commit:   func(context.Context) error { <-goOn; commits = append(commits, strings.Join(ran, " ")); return nil },
					rollback: func(context.Context) error { return nil },
				}, nil
			},
			shut: func() error { return nil },
		})
		var all sync.WaitGroup
		wants := func(c care, name string) {
			all.Go(func() {
				if err := g.join(t.Context(), c, func(context.Context, tx) error { ran = append(ran, name); return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		wants(work, "first")
		synctest.Wait() // it is under way
		for range 3 {
			wants(work, "work")
			wants(receipt, "receipt")
		}
		synctest.Wait() // they wait
		close(goOn)
		all.Wait()
		if err := g.close(); err != nil {
			t.Error(err)
		}
		if got, want := strings.Join(commits, "; "), "first; receipt receipt receipt; work work work"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

// TestWhoFails: of transactions that are made together each has its own error and no other's, and they come to an end though two of them
// fail after each other.
func TestWhoFails(t *testing.T) {
	after := func(name string) func([]string) bool {
		return func(before []string) bool { return slices.Contains(before, name) }
	}
	never, always := func([]string) bool { return false }, func([]string) bool { return true }
	for _, c := range []struct {
		name  string
		fails map[string]func(before []string) bool // of a, b and c
		want  string
	}{
		{"nobody", map[string]func([]string) bool{"a": never, "b": never, "c": never}, "done: a b c; failed:"},
		{"one", map[string]func([]string) bool{"a": never, "b": always, "c": never}, "done: a c; failed: b"},
		{"all", map[string]func([]string) bool{"a": always, "b": always, "c": always}, "done:; failed: a b c"},
		{"each because of the one before it", map[string]func([]string) bool{"a": never, "b": after("a"), "c": after("b")}, "done: c b a; failed:"},
		{"two because of each other", map[string]func([]string) bool{"a": after("b"), "b": after("a"), "c": never}, "done: a c; failed: b"},
	} {
		var ran, done, failed []string
		g := &group{plainEngine: &plainEngine{begin: func(context.Context, bool) (begun, error) {
			ran = nil
			return begun{
				commit:   func(context.Context) error { done = ran; return nil },
				rollback: func(context.Context) error { return nil },
			}, nil
		}}}
		var ms []*member
		for _, name := range []string{"a", "b", "c"} {
			ms = append(ms, &member{ctx: t.Context(), done: make(chan struct{}), f: func(context.Context, tx) error {
				if c.fails[name](ran) {
					return errors.New(name)
				}
				ran = append(ran, name)
				return nil
			}})
		}
		g.commit(slices.Clone(ms))
		for n, m := range ms {
			<-m.done
			if m.err != nil {
				failed = append(failed, m.err.Error())
				if want := string(rune('a' + n)); m.err.Error() != want {
					t.Errorf("%s: %s has the error of %v", c.name, want, m.err)
				}
			}
		}
		got := strings.Join(append([]string{"done:"}, done...), " ") + strings.Join(append([]string{"; failed:"}, failed...), " ")
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestCloseWaits: what is under way when the store is closed is made before the database shuts, and what comes after is refused.
func TestCloseWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		goOn := make(chan struct{})
		shut := false
		g := newGroup(&plainEngine{
			begin: func(context.Context, bool) (begun, error) {
				return begun{
					commit: func(context.Context) error {
						<-goOn
						if shut {
							return errors.New("the database is shut")
						}
						return nil
					},
					rollback: func(context.Context) error { return nil },
				}, nil
			},
			shut: func() error { shut = true; return nil },
		})
		nothing := func(context.Context, tx) error { return nil }
		var both sync.WaitGroup
		both.Go(func() {
			if err := g.inTx(t.Context(), nothing); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait() // it is under way
		both.Go(func() {
			if err := g.close(); err != nil {
				t.Error(err)
			}
		})
		synctest.Wait() // closing waits for it
		close(goOn)
		both.Wait()
		if err := g.inTx(t.Context(), nothing); !errors.Is(err, errClosed) || !shut {
			t.Errorf("after closing: %v", err)
		}
	})
}

// TestWhatIsFlushed: what must be durable is flushed, also right after what need not be and together with it; how work ended alone is not.
func TestWhatIsFlushed(t *testing.T) {
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "db"), Options{Now: time.Now, Log: logrus.New()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	g, ok := db.engine.(*group)
	if !ok {
		t.Fatalf("%T", db.engine)
	}
	const normal, full = 1, 2 // sqlite.org/pragma.html#pragma_synchronous
	for _, c := range []struct {
		name  string
		cares []care
		want  int
	}{
		{"at first", []care{work}, full}, {"how work ended", []care{ending}, normal}, {"a receipt after it", []care{receipt}, full},
		{"two ends", []care{ending, ending}, normal}, {"an end and a plan", []care{ending, work}, full}, {"a plan again", []care{work}, full},
	} {
		var ms []*member
		got := 0
		for _, one := range c.cares {
			ms = append(ms, &member{ctx: t.Context(), care: one, done: make(chan struct{}), f: func(ctx context.Context, t tx) error {
				return t.row(ctx, []any{&got}, "PRAGMA synchronous -- "+c.name) // prepared, it would know what was so then
			}})
		}
		g.commit(ms)
		for _, m := range ms {
			if m.err != nil {
				t.Error(m.err)
			}
		}
		if got != c.want {
			t.Errorf("%s: synchronous is %d, want %d", c.name, got, c.want)
		}
	}
}
