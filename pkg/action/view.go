package action

import (
	"context"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/stale"
)

// view is GitHub as the engine sees it in an Action: what one reading of the issue has told is not asked for again, until
// something was written.
type view struct {
	*github.Client
	thread *github.Thread
	known  bool                               // nothing was written since the thread was read
	undone func(at int, c github.Change) bool // what is not to be seen, while an earlier plan is looked for; nil is nothing
	edits  []fact.Edit                        // as they were read after that; nil if they were not
}

// Self gives the login without asking: a workflow's token may not ask.
func (v *view) Self(context.Context) (string, error) { return v.KnownSelf(), nil }

// KnownSelf is engine.GitHub's.
func (v *view) KnownSelf() string {
	if v.thread != nil {
		return v.thread.Self
	}
	return v.Client.KnownSelf()
}

// Comments is engine.GitHub's.
func (v *view) Comments(ctx context.Context, ref issue.Ref) ([]event.Comment, error) {
	if !v.known || v.thread.Cut {
		all, err := v.Client.Comments(ctx, ref)
		v.thread.NameSelf(all...) // what it is known by may be too old for the thread
		return all, err
	}
	out := make([]event.Comment, len(v.thread.Comments))
	for i, c := range v.thread.Comments {
		out[i] = c.Comment
	}
	return out, nil
}

// Edits is engine.GitHub's.
func (v *view) Edits(ctx context.Context, ref issue.Ref) ([]fact.Edit, error) {
	switch {
	case v.known:
		return v.thread.Edits, nil
	case v.edits != nil:
		return v.edits, nil
	}
	return v.Client.Edits(ctx, ref)
}

// OwnActions is engine.GitHub's.
func (v *view) OwnActions(ctx context.Context, s issue.Snapshot, since time.Time) ([]stale.TimelineEvent, error) {
	if !v.known {
		return v.Client.OwnActions(ctx, s, since)
	}
	var out []stale.TimelineEvent
	for _, c := range v.thread.Changes {
		if !c.Own || c.At.Before(since) {
			continue
		}
		h := stale.TimelineEvent{Kind: stale.KindOf(c.Kind), At: c.At, By: c.By, Own: true}
		h.Label, _ = event.Event{Kind: c.Kind}.Label()
		out = append(out, h)
	}
	for _, e := range v.thread.Edits {
		if e.Own && !e.At.Before(since) {
			out = append(out, stale.TimelineEvent{Kind: stale.Edit, At: e.At, By: e.By, Own: true})
		}
	}
	return out, nil
}

// Labelings is engine.GitHub's.
func (v *view) Labelings(ctx context.Context, ref issue.Ref) ([]fact.Labeling, error) {
	if !v.known {
		return v.Client.Labelings(ctx, ref)
	}
	var out []fact.Labeling
	for at, c := range v.thread.Changes {
		if on, ok := c.Kind.(event.Labeled); ok && (v.undone == nil || !v.undone(at, c)) {
			out = append(out, fact.Labeling{Label: on.Label, By: c.By, At: c.At})
		}
	}
	return out, nil
}

// OwnComment is engine.GitHub's. The thread does not tell who edited a comment last, so one that was edited is asked for.
func (v *view) OwnComment(ctx context.Context, ref issue.Ref, marker string) (fact.Status, error) {
	if v.known && !v.thread.Cut && v.thread.Issue.Ref.Number == ref.Number && issue.SameLogin(ref.FullName(), v.thread.Issue.Ref.FullName()) {
		for _, c := range v.thread.Comments {
			if c.Own && plan.MarkedBy(marker)(c.Body) && !c.Others {
				return fact.Status{ID: c.ID, Body: c.Body}, nil
			}
		}
		if !slices.ContainsFunc(v.thread.Comments, func(c github.ThreadComment) bool { return c.Own && c.Others }) {
			return fact.Status{}, nil
		}
	}
	return v.Client.OwnComment(ctx, ref, marker)
}

// File is engine.GitHub's.
func (v *view) File(ctx context.Context, ref issue.Ref, path string) ([]byte, bool, error) {
	if v.thread != nil && issue.SameLogin(ref.FullName(), v.thread.Issue.Ref.FullName()) {
		if text, ok := v.thread.Files[path]; ok {
			return text, text != nil, nil
		}
	}
	return v.Client.File(ctx, ref, path)
}
