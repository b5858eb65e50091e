package sweep

import (
	"context"
	"fmt"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// Explanation is why an issue is where it is in its life, and what comes next.
type Explanation struct {
	Issue   *stale.Issue
	Policy  stale.Policy
	Tracked bool // the sweep looks after it
	Verdict stale.Verdict
	Steps   []stale.Step // what comes if nobody does anything
}

// Explain reads one issue and says what a sweep would do with it, now and next. It writes nothing.
func (s *Sweeper) Explain(ctx context.Context, ref issue.Ref, o Request) (*Explanation, error) {
	o.Repo = ref
	r, err := s.begin(ctx, o)
	if err != nil {
		return nil, err
	}
	id, err := r.gh.RepoID(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", ref.FullName(), err)
	}
	read, err := r.gh.Issue(ctx, ref)
	if err != nil {
		return nil, fmt.Errorf("read %v: %w", ref, err)
	}
	r.cursor.RepoID = id
	key := event.Key(id, ref.Number)
	b, found, err := load[*stale.Issue](ctx, r.Store, stale.BookKind, key)
	if err != nil {
		return nil, err
	}
	if !found {
		b = &stale.Issue{FirstSeen: r.started}
	}
	b.Snapshot = read
	_, tracked, err := load[int](ctx, r.Store, trackedKind, key)
	if err != nil {
		return nil, err
	}
	r.tracked[ref.Number] = tracked
	if read.State == issue.Open {
		hs, err := r.gh.Histories(ctx, ref, []string{read.NodeID}, r.reading(map[string]*stale.Issue{read.NodeID: b}, false))
		if err != nil {
			return nil, fmt.Errorf("read the history of %v: %w", ref, err)
		}
		if b.Unknown = hs[0] == nil || hs[0].Gone; !b.Unknown {
			r.take(b, hs[0])
		}
	}
	return &Explanation{
		Issue: b, Policy: r.policy, Tracked: r.scope(b.Snapshot),
		Verdict: stale.Next(r.policy, b, r.Now()), Steps: stale.Schedule(r.policy, b, r.Now()),
	}, nil
}
