package store

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
)

const (
	groupMax = 64 // bounds how many wait for each other
	workTurn = 64 // work waits for that many commits at most while deliveries wait to be stored,

	workWait = time.Second // and no longer than that: who could not write down for five seconds how his work ended gives it up

	lingerFor = 2 * time.Millisecond
	lingerMax = 32
	flood     = 8 // receipts in a commit

	yields = 3 // measured: fewer leave commits small, more gain nothing
)

// group merges transactions that are asked for while one is under way into the next one, each whole or not at all. With
// SQLite every transaction is a flush of its own and there is one at a time: merged, many cost little more than one, and
// a delivery waits for one transaction before it can be stored, not for those of all workers. (PostgreSQL does this itself.)
type group struct {
	*plainEngine
	queue   chan *member
	urgent  chan *member // receipts go first: GitHub waits for them, and what waits meanwhile is handled together
	works   atomic.Int64 // how many others were asked for and are not made
	closing chan struct{}
	closed  chan struct{}
}

// member is a transaction that wants to be part of one.
type member struct {
	ctx  context.Context
	f    func(context.Context, tx) error
	care care
	err  error
	done chan struct{} // closed when err is set
	// first tells that it was moved to the beginning once, so that its error is its own.
	first bool
}

var errClosed = errors.New("the store is closed")

func newGroup(e *plainEngine) *group {
	g := &group{plainEngine: e, queue: make(chan *member), urgent: make(chan *member), closing: make(chan struct{}), closed: make(chan struct{})}
	go g.work()
	return g
}

// inTx waits for its turn as long as ctx allows; once it is f's turn, it waits for the end.
func (g *group) inTx(ctx context.Context, f func(context.Context, tx) error) error {
	return g.join(ctx, work, f)
}

func (g *group) run(ctx context.Context, c care, steps ...step) error {
	return g.join(ctx, c, func(ctx context.Context, t tx) error { return runSteps(ctx, t, steps) })
}

func (g *group) exec(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = g.inTx(ctx, func(ctx context.Context, t tx) (err error) {
		n, err = t.exec(ctx, query, args...)
		return err
	})
	return n, err
}

func (g *group) join(ctx context.Context, c care, f func(context.Context, tx) error) error {
	m := &member{ctx: ctx, f: f, care: c, done: make(chan struct{})}
	queue := g.queue
	if c == receipt {
		queue = g.urgent
	} else {
		g.works.Add(1)
		defer g.works.Add(-1)
	}
	select {
	case queue <- m:
		<-m.done
		return m.err
	case <-ctx.Done():
		return ctx.Err()
	case <-g.closing:
		return errClosed
	}
}

func (g *group) shared() bool { return false }

func (g *group) close() error {
	close(g.closing)
	<-g.closed
	return g.plainEngine.close()
}

func (g *group) work() {
	defer close(g.closed)
	turn := time.NewTimer(workWait)
	defer turn.Stop()
	for kept, flow := 0, 0; ; kept++ {
		ms := take(nil, g.urgent, groupMax)
		select {
		case <-turn.C:
			kept = workTurn
		default:
		}
		if len(ms) == 0 {
			var m *member
			select {
			case <-g.closing:
				return
			case m = <-g.urgent:
			case m = <-g.queue:
			}
			ms, kept = []*member{m}, workTurn
		}
		ms = g.gather(ms, kept >= workTurn, flow)
		if flow = len(ms); kept >= workTurn {
			kept = 0
			turn.Reset(workWait)
		}
		g.commit(ms)
	}
}

// gather takes the receipts that wait, and the work, if it is its turn. Where there were several just now, whoever can run does
// so first: a commit for many costs little more than one for few, and nobody waits for it while there is nothing to do. While only
// receipts come, or many of them, it also waits a moment for those that are on their way through the network.
func (g *group) gather(ms []*member, work bool, flow int) []*member {
	if !work && (flow > flood || flow > 1 && g.works.Load() == 0) {
		enough := time.After(lingerFor)
		for len(ms) < min(flow, lingerMax) { // as many as before
			select {
			case m := <-g.urgent:
				ms = take(append(ms, m), g.urgent, groupMax)
			case <-enough:
				return ms
			}
		}
	}
	for n := 0; ; n++ {
		ms = take(ms, g.urgent, groupMax)
		if work {
			ms = take(ms, g.queue, 2*groupMax)
		}
		if flow <= 1 || n == yields {
			return ms
		}
		runtime.Gosched()
	}
}

// take takes what waits, until there are n.
func take(ms []*member, queue <-chan *member, n int) []*member {
	for len(ms) < n {
		select {
		case m := <-queue:
			ms = append(ms, m)
		default:
			return ms
		}
	}
	return ms
}

// commit runs the members in one transaction, which is flushed if one of them asks for that. Who fails has its own error and the others start again without it: that is
// rare, and savepoints would cost each of them two statements.
func (g *group) commit(ms []*member) {
	for len(ms) > 0 {
		failed := -1
		flushed := slices.ContainsFunc(ms, func(m *member) bool { return m.care != ending })
		err := g.within(context.Background(), flushed, func(ctx context.Context, t tx) error {
			for i, m := range ms {
				// Not to be cancelled: SQLite rolls the whole transaction back when a statement is interrupted.
				if err := m.f(context.WithoutCancel(m.ctx), t); err != nil {
					failed = i
					return err
				}
			}
			return nil
		})
		if failed < 0 {
			for _, m := range ms {
				m.end(err)
			}
			return
		}
		m := ms[failed]
		ms = slices.Delete(ms, failed, failed+1)
		if failed > 0 && !m.first {
			// Was it because of one before it, which may yet fail itself?
			m.first = true
			ms = slices.Insert(ms, 0, m)
			continue
		}
		m.end(err)
	}
}

func (m *member) end(err error) {
	m.err = err
	close(m.done)
}
