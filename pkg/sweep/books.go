package sweep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// Kinds of records beside stale.BookKind. All of it can be read from GitHub again.
const (
	cursorKind  = "sweep"   // by repository: how far its changes were read
	paceKind    = "pace"    // when work was handed out lately
	trackedKind = "tracked" // the engine's: a /dd command has succeeded on the issue
)

// cursor is how far a repository's changes were read.
type cursor struct {
	RepoID int64     `json:"repo_id"`
	Since  time.Time `json:"since"`
	ETag   string    `json:"etag,omitempty"`
	Scope  string    `json:"scope,omitempty"` // what was looked after then; a wider one needs a new list
	Swept  bool      `json:"swept,omitempty"` // a sweep has come to its end here
}

func load[T any](ctx context.Context, s queue.Reader, kind, id string) (v T, found bool, err error) {
	r, err := s.Get(ctx, kind, id)
	if errors.Is(err, queue.ErrNotFound) {
		return v, false, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Data, &v)
	}
	if err != nil {
		return v, false, fmt.Errorf("read record %s %s: %w", kind, id, err)
	}
	return v, true, nil
}

func record(kind, id string, v any) (queue.Record, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return queue.Record{}, fmt.Errorf("write record %s %s: %w", kind, id, err)
	}
	return queue.Record{Kind: kind, ID: id, Data: data}, nil
}

// page gives the record of an issue's book; the description does not belong there.
func page(i *stale.Issue) (queue.Record, error) {
	i.Body = ""
	return record(stale.BookKind, event.Key(i.RepoID, i.Ref.Number), i)
}

// inScope tells whether the sweep may look after an issue: only tracked issues are touched.
func inScope(t plugin.Tracked, labels []string, tracked bool) bool {
	if t.All || tracked {
		return true
	}
	for _, l := range labels {
		if plan.MatchAny(t.Labels, l) {
			return true
		}
	}
	return false
}

// Seen is engine.Engine's hook. It keeps the books up to date from webhooks, so that a sweep finds little that it does not know: it changes books that are there, opens one with a new issue and closes them with theirs;
// of an issue that was in nobody's books the sweep is to read the whole history.
func Seen(ctx context.Context, m queue.Reader, events []event.Event, self string, s *plugin.Settings) ([]queue.Record, error) {
	policy, ok := policyOf(s)
	if !ok {
		return nil, nil
	}
	var out []queue.Record
	ev := events[len(events)-1]
	i, known, err := load[*stale.Issue](ctx, m, stale.BookKind, ev.Key())
	if err != nil {
		return nil, err
	}
	was := known
	for _, ev := range events {
		switch ev.Kind.(type) {
		case event.Own:
			continue
		case event.Opened:
			i, known = &stale.Issue{Snapshot: ev.Issue, FirstSeen: ev.Issue.CreatedAt}, true
		case event.Closed, event.Transferred, event.Deleted:
			i, known = nil, false
		}
		if known {
			note(i, policy, ev, self)
		}
	}
	switch {
	case !known && was:
		return append(out, queue.Record{Kind: stale.BookKind, ID: ev.Key()}), nil
	case !known && ev.Issue.State == issue.Open:
		// Nothing is known of it: the sweep shall read its history.
		i = &stale.Issue{Snapshot: ev.Issue, FirstSeen: ev.Received, Unknown: true}
	case !known:
		return out, nil
	}
	if !was {
		_, tracked, err := load[int](ctx, m, trackedKind, ev.Key())
		if err != nil || !inScope(s.Tracked, i.Labels, tracked) {
			return out, err
		}
	}
	r, err := page(i)
	return append(out, r), err
}

// note writes one event down.
func note(i *stale.Issue, p stale.Policy, ev event.Event, self string) {
	if !ev.Issue.UpdatedAt.Before(i.UpdatedAt) {
		i.Snapshot = ev.Issue
	}
	switch ev.Kind.(type) {
	case event.Pinned:
		i.Pinned = true
	case event.Unpinned:
		i.Pinned = false
	}
	if self == "" && decide.MayBeOwn(ev) {
		i.Unknown = true // the next sweep reads who it was
		return
	}
	if h, ok := stale.FromEvent(ev, issue.SameLogin(self, ev.Sender.Login)); ok {
		i.Learn(p, h)
	}
}
