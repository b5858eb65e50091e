package sweep

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Spacer sends the writes of what the sweep handed out one after another, with a gap between them, as GitHub asks for. The
// Pacer sees to it that few of them wait here at a time.
type Spacer struct {
	Gap time.Duration
	// Crowd is how many workers may stand in line here; 0 is all. Where GitHub is slow, more would be missing for people.
	Crowd int
	Now   func() time.Time
	Sleep func(ctx context.Context, d time.Duration) error // nil sleeps

	waiting atomic.Int32
	sending sync.Mutex
	sent    time.Time
}

var errBusy = errors.New("the sweep's writes stand in line")

// Wrap gives GitHub with spaced writes; it is engine.Engine's Paced.
func (s *Spacer) Wrap(gh engine.GitHub) engine.GitHub { return &spaced{gh, s} }

func turn[T any](ctx context.Context, s *Spacer, write func() (T, error)) (v T, err error) {
	defer s.waiting.Add(-1)
	if n := s.waiting.Add(1); s.Crowd > 0 && int(n) > s.Crowd {
		return v, &queue.Snooze{For: time.Duration(n) * s.Gap, Reason: errBusy}
	}
	s.sending.Lock()
	defer s.sending.Unlock()
	if !s.sent.IsZero() {
		if err := sleep(ctx, s.Sleep, s.sent.Add(s.Gap).Sub(s.Now())); err != nil {
			return v, err
		}
	}
	s.sent = s.Now()
	return write()
}

// spaced is GitHub whose writes wait for their turn.
type spaced struct {
	engine.GitHub
	*Spacer
}

func (g *spaced) EditIssue(ctx context.Context, ref issue.Ref, e plan.Edit) (issue.Snapshot, error) {
	return turn(ctx, g.Spacer, func() (issue.Snapshot, error) { return g.GitHub.EditIssue(ctx, ref, e) })
}

func (g *spaced) AddLabels(ctx context.Context, ref issue.Ref, labels []string) ([]string, error) {
	return turn(ctx, g.Spacer, func() ([]string, error) { return g.GitHub.AddLabels(ctx, ref, labels) })
}

func (g *spaced) RemoveLabel(ctx context.Context, ref issue.Ref, label string) error {
	_, err := turn(ctx, g.Spacer, func() (struct{}, error) { return struct{}{}, g.GitHub.RemoveLabel(ctx, ref, label) })
	return err
}

func (g *spaced) CreateComment(ctx context.Context, ref issue.Ref, body string) (int64, error) {
	return turn(ctx, g.Spacer, func() (int64, error) { return g.GitHub.CreateComment(ctx, ref, body) })
}

func (g *spaced) Together(ctx context.Context, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error) {
	return turn(ctx, g.Spacer, func() ([]plan.Outcome, error) { return g.GitHub.Together(ctx, s, rs) })
}

func (g *spaced) OpenIssue(ctx context.Context, repo issue.Ref, title, body string, labels []string) (int, error) {
	return turn(ctx, g.Spacer, func() (int, error) { return g.GitHub.OpenIssue(ctx, repo, title, body, labels) })
}

func (g *spaced) Publish(ctx context.Context, repo issue.Ref, p plan.Publish) (int, error) {
	return turn(ctx, g.Spacer, func() (int, error) { return g.GitHub.Publish(ctx, repo, p) })
}

func (g *spaced) EditComment(ctx context.Context, ref issue.Ref, id int64, body string) error {
	_, err := turn(ctx, g.Spacer, func() (struct{}, error) { return struct{}{}, g.GitHub.EditComment(ctx, ref, id, body) })
	return err
}
