package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

// World is a simulated GitHub with one issue, and the bot that looks after it.
type World struct {
	sim   *githubsim.Sim
	seed  Seed
	ref   issue.Ref
	bot   Server
	calls callLog
	bell  bell
	busy  atomic.Bool
	last  atomic.Pointer[Change]

	mu       sync.Mutex // one action at a time
	comments []int64    // that people wrote, for stories that name them by number
	due      bool       // this action ends with a sweep
}

// Server is the bot as the world sees it.
type Server struct {
	// Hook is where it receives webhooks, signed with Secret.
	Hook, Secret string
	// Waiting tells how many deliveries it has not finished.
	Waiting func(ctx context.Context) (int, error)
	// Sweep does what is due by the clock, and says why nothing is.
	Sweep func(ctx context.Context) (why string, err error)
}

// NewWorld makes a world. now nil is a clock that stands still, for output that is always the same.
func NewWorld(seed Seed, now func() time.Time) (*World, error) {
	w := &World{sim: githubsim.New(githubsim.Options{Now: now, Bot: Bot}), seed: seed}
	if err := w.plant(); err != nil {
		return nil, fmt.Errorf("seed the issue: %w", err)
	}
	w.sim.After(func(c githubsim.Call) {
		if c.As == Bot {
			w.calls.add(c)
			w.bell.ring()
		}
	})
	return w, nil
}

// API is GitHub's API, as the bot with Token sees it.
func (w *World) API() http.Handler { return w.sim }

// Token is the bot's.
func (w *World) Token() string { return w.sim.Token(Bot) }

// Now is the time in this world; the bot has to live by it, too.
func (w *World) Now() time.Time { return w.sim.Clock().Now() }

// Ref is the issue.
func (w *World) Ref() issue.Ref { return w.ref }

// Connect sends GitHub's webhooks to the bot from now on.
func (w *World) Connect(ctx context.Context, s Server) error {
	w.bot = s
	w.sim.AddHook(githubsim.Hook{URL: s.Hook, Secret: s.Secret})
	return w.settle(ctx)
}

// patience is how long the bot may take for one action.
const patience = 30 * time.Second

// errBusy says that the bot goes on in its own time.
var errBusy = errors.New("the bot is not done yet")

// do lets somebody act, waits until the bot has done what follows from it, and gives what changed. An error of act is
// given back as it is.
func (w *World) do(ctx context.Context, what string, act func() error) (Change, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.setBusy(true)
	defer w.setBusy(false)
	before := w.look()
	w.calls.mark()
	w.due = false
	var failed error
	var why string
	if err := w.sim.Try(func() { failed = act() }); err != nil {
		failed = err
	}
	if failed == nil && w.due && w.bot.Sweep != nil {
		w.bell.ring()
		why, failed = w.bot.Sweep(ctx)
		if i, ok := w.issue(); ok && why == "" && i.State == issue.Closed {
			why = "it is closed"
		}
	}
	err := w.settle(ctx)
	c := before.until(w.look())
	c.What, c.Why, c.Calls, c.Refused = what, why, w.calls.marked(), refusal(failed)
	if errors.Is(err, errBusy) {
		c.Late, err = true, nil
	}
	w.last.Store(&c)
	return c, errors.Join(failed, err)
}

func (w *World) setBusy(busy bool) {
	w.busy.Store(busy)
	w.bell.ring()
}

// settle waits until every webhook was delivered and the bot has finished with all of them. A write of the bot's raises
// its webhook before it is answered, so when nothing waits and no delivery was added meanwhile, nothing is under way.
func (w *World) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		n := len(w.sim.Deliveries())
		if err := w.sim.Drain(ctx); err != nil {
			return overdue(ctx, err)
		}
		waiting, err := w.bot.Waiting(ctx)
		if err != nil {
			return overdue(ctx, err)
		}
		if waiting == 0 && len(w.sim.Deliveries()) == n {
			return nil
		}
		select {
		case <-ctx.Done():
			return overdue(ctx, ctx.Err())
		case <-time.After(pause):
		}
	}
}

func overdue(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return errBusy
	}
	return fmt.Errorf("wait for the bot: %w", err)
}
