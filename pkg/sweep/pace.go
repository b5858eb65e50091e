package sweep

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/store"
)

// Limits are how many writes a sweep causes at most. GitHub asks for one second between writes, and for no more than 80
// requests a minute and 500 an hour that make content (docs.github.com, "Best practices for using the REST API" and
// "Rate limits for the REST API"). Labels are counted, too.
type Limits struct{ PerSecond, PerMinute, PerHour int }

// DefaultLimits are GitHub's.
var DefaultLimits = Limits{PerSecond: 1, PerMinute: 80, PerHour: 500}

// Pacer keeps the pace. Work is handed out at it, so that the queue never fills with what must wait, and commands of
// people go before. What was handed out in the last hour is remembered in the store, for a restart.
type Pacer struct {
	Limits Limits
	Store  store.Records
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error // nil sleeps

	mu     sync.Mutex
	loaded bool
	given  []time.Time // one for each write, in order; the last ones may lie ahead

	sending sync.Mutex
	sent    time.Time
}

// errSpent says that the next write must wait for longer than a sweep should.
var errSpent = errors.New("the hour's writes are used up")

// patience is how long a sweep waits for its turn.
const patience = 2 * time.Minute

const paceID = "writes"

// Wait waits until so many writes are allowed, and counts them.
func (p *Pacer) Wait(ctx context.Context, writes int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.loaded {
		given, _, err := load[[]time.Time](ctx, p.Store, paceKind, paceID)
		if err != nil {
			return err
		}
		p.given, p.loaded = given, true
	}
	now := p.Now()
	p.given = slices.DeleteFunc(p.given, func(t time.Time) bool { return !t.After(now.Add(-time.Hour)) })
	at := p.next(now, writes)
	if at.Sub(now) > patience {
		return errSpent
	}
	for n := range writes {
		p.given = append(p.given, at.Add(time.Duration(n)*p.gap()))
	}
	r, err := record(paceKind, paceID, p.given)
	if err == nil {
		err = p.Store.PutAll(ctx, r)
	}
	if err != nil {
		return err
	}
	return p.sleep(ctx, at.Sub(now))
}

// next is the first moment at which so many writes fit into each of the windows.
func (p *Pacer) next(now time.Time, writes int) time.Time {
	at := now
	if n := len(p.given); n > 0 {
		at = maxTime(at, p.given[n-1].Add(p.gap()))
	}
	for _, w := range []struct {
		limit int
		long  time.Duration
	}{{p.Limits.PerMinute, time.Minute}, {p.Limits.PerHour, time.Hour}} {
		// The write that must have left the window before the last of ours comes in.
		if n := len(p.given) + writes - w.limit - 1; w.limit > 0 && n >= 0 {
			at = maxTime(at, p.given[min(n, len(p.given)-1)].Add(w.long))
		}
	}
	return at
}

func maxTime(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func (p *Pacer) gap() time.Duration { return time.Second / time.Duration(max(p.Limits.PerSecond, 1)) }

func (p *Pacer) sleep(ctx context.Context, d time.Duration) error {
	switch {
	case d <= 0:
		return nil
	case p.Sleep != nil:
		return p.Sleep(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// turn waits until the last write of the sweep is long enough ago.
func (p *Pacer) turn(ctx context.Context) error {
	p.sending.Lock()
	defer p.sending.Unlock()
	now := p.Now()
	at := now
	if !p.sent.IsZero() {
		at = maxTime(now, p.sent.Add(p.gap()))
	}
	p.sent = at
	return p.sleep(ctx, at.Sub(now))
}

// Wrap gives GitHub with a pause between writes; it is engine.Engine's Paced.
func (p *Pacer) Wrap(gh engine.GitHub) engine.GitHub { return &paced{gh, p} }

// paced is GitHub whose writes wait for their turn.
type paced struct {
	engine.GitHub
	pacer *Pacer
}

func (g *paced) EditIssue(ctx context.Context, ref issue.Ref, e plan.Edit) (issue.Snapshot, error) {
	if err := g.pacer.turn(ctx); err != nil {
		return issue.Snapshot{}, err
	}
	return g.GitHub.EditIssue(ctx, ref, e)
}

func (g *paced) AddLabels(ctx context.Context, ref issue.Ref, labels []string) ([]string, error) {
	if err := g.pacer.turn(ctx); err != nil {
		return nil, err
	}
	return g.GitHub.AddLabels(ctx, ref, labels)
}

func (g *paced) RemoveLabel(ctx context.Context, ref issue.Ref, label string) error {
	if err := g.pacer.turn(ctx); err != nil {
		return err
	}
	return g.GitHub.RemoveLabel(ctx, ref, label)
}

func (g *paced) CreateComment(ctx context.Context, ref issue.Ref, body string) (int64, error) {
	if err := g.pacer.turn(ctx); err != nil {
		return 0, err
	}
	return g.GitHub.CreateComment(ctx, ref, body)
}

func (g *paced) EditComment(ctx context.Context, ref issue.Ref, id int64, body string) error {
	if err := g.pacer.turn(ctx); err != nil {
		return err
	}
	return g.GitHub.EditComment(ctx, ref, id, body)
}
