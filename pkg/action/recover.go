package action

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

// A run that was killed has perhaps edited, labelled or closed the issue, and not answered. To plan anew would find nothing left
// to do, and answer so; or find that what allowed it has gone. But a plan depends on nothing but the issue and what waited, and
// GitHub shows both as they were: the versions of the description, and each of our changes. So the plan is made again on the
// issue as it was, known by what took effect, and finished like one that was saved.

// maxBases bounds the versions of the description on which a plan is tried: a person may have edited it between the killed run's
// reading and its writing.
const maxBases = 4

// recover finishes what an earlier run began, and gives what is left of what waits. What that run had in hand was the first of
// it, with what it has answered already.
func (r *run) recover(ctx context.Context, waiting []due) (left []due, err error) {
	pending := open(waiting)
	since := pending[0].at
	if r.DryRun || !r.begun(since) {
		return pending, nil
	}
	all := map[int][]plan.Request{} // the plan of all that waits, by what may have been
	for n := len(waiting); n > 0; n-- {
		if len(open(waiting[:n])) == 0 {
			break
		}
		b := &batch{in: r.in, key: waiting[0].Key, deliveries: deliveries(waiting[:n])}
		for i, was := range r.earlier(since) {
			r.gh.undone = was.undone
			requests, data, err := r.engine.Sketch(ctx, b, was.issue)
			r.gh.undone = nil
			if err != nil {
				return nil, err
			}
			if n == len(waiting) {
				all[i] = requests
			}
			if proven := len(pending) < len(waiting) && onlyAnswers(requests); !proven && !r.was(requests, all[i], was) {
				continue
			}
			r.batch = b
			r.planned(requests)
			b.plan = &queue.Plan{Data: data, Done: r.answers(requests), SavedAt: was.at, Unnoted: true}
			return open(waiting[n:]), r.work(ctx, b)
		}
	}
	return pending, nil
}

// answers gives the answers of a plan that are on the issue, as done: nobody is to get a reply and a reaction because the issue looks
// different by now. A reaction tells nothing of commands that came by an edit.
func (r *run) answers(requests []plan.Request) map[int][]byte {
	done := map[int][]byte{}
	for i, q := range requests {
		if q.Kind != plan.SendAnswer {
			continue
		}
		id := q.Answer.ID
		reacted := slices.ContainsFunc(r.gh.thread.Comments, func(c github.ThreadComment) bool {
			return !c.Answered.IsZero() && id == fmt.Sprintf("c%d", c.ID)
		})
		if reacted || r.replied(plan.MarkedBy(plan.ReplyMarker(id))) {
			done[i] = []byte("{}")
		}
	}
	return done
}

// onlyAnswers tells whether a plan changes nothing: if one of them was sent, it was this plan.
func onlyAnswers(requests []plan.Request) bool {
	return !slices.ContainsFunc(requests, func(q plan.Request) bool { return q.Kind != plan.SendAnswer })
}

// begun tells whether we have done anything to the issue since. GitHub takes seconds to start a run, so what we did in the very
// second of a comment was for another.
func (r *run) begun(since time.Time) bool {
	t := r.gh.thread
	return slices.ContainsFunc(t.Edits, func(e fact.Edit) bool { return e.Own && e.At.After(since) }) ||
		slices.ContainsFunc(t.Changes, func(c github.Change) bool { return c.Own && c.At.After(since) }) ||
		slices.ContainsFunc(t.Comments, func(c github.ThreadComment) bool {
			return c.Own && c.CreatedAt.After(since) || c.Answered.After(since)
		})
}

// past is the issue as it may have been when a killed run read it, and the first thing that it then did: it wrote a description,
// changed something else, or if neither is known wrote a comment.
type past struct {
	issue  issue.Snapshot
	at     time.Time
	wrote  *string
	change *github.Change
	undone func(at int, c github.Change) bool // our changes since
}

// earlier gives what may have been, the oldest first: what came later may belong to another run, or put right what an edit overwrote.
// Descriptions are changed before anything else.
func (r *run) earlier(since time.Time) (out []past) {
	t := r.gh.thread
	for i, e := range slices.Backward(t.Edits) {
		if !e.Own || e.Text == nil || !e.At.After(since) {
			continue
		}
		for _, base := range t.Edits[i+1 : min(len(t.Edits), i+1+maxBases)] {
			if base.Text != nil {
				undone := func(_ int, c github.Change) bool { return c.Own && !c.At.Before(e.At) }
				as := t.Before(undone)
				as.Body = *base.Text
				out = append(out, past{issue: as, at: e.At, wrote: e.Text, undone: undone})
			}
		}
	}
	for n, c := range t.Changes {
		if c.Own && c.At.After(since) {
			undone := func(at int, c github.Change) bool { return c.Own && at >= n }
			out = append(out, past{issue: t.Before(undone), at: c.At, change: &t.Changes[n], undone: undone})
		}
	}
	return append(out, past{issue: t.Issue, at: since})
}

// was tells whether a plan is that of the killed run: what was done first is in it, and all that we have changed since. What not even
// the plan of all that waits explains was done by another program with our account, where the description shows whose plan it was.
func (r *run) was(requests, all []plan.Request, p past) bool {
	switch {
	case len(requests) == 0:
		return false
	case p.wrote != nil:
		if e := requests[0].Edit; e == nil || e.Body == nil || *e.Body != *p.wrote || !r.whole(*e, p.at) {
			return false
		}
	case p.change != nil:
		if e := requests[0].Edit; e != nil && (e.Body != nil || !r.whole(*e, p.at)) || !explained(requests, *p.change) {
			return false
		}
	default:
		return slices.ContainsFunc(requests, r.noticed)
	}
	return !slices.ContainsFunc(r.gh.thread.Changes, func(c github.Change) bool {
		another := p.wrote != nil && !explained(all, c) // a description is proof enough
		return c.Own && !c.At.Before(p.at) && !another && !explained(requests, c)
	})
}

// whole tells whether all that an edit changes beside the description was changed by us since: an edit is made whole or not at all,
// so if part of it is missing, the killed run had fewer commands in hand.
func (r *run) whole(e plan.Edit, since time.Time) bool {
	did := func(is func(event.Kind) bool) bool {
		return slices.ContainsFunc(r.gh.thread.Changes, func(c github.Change) bool {
			return c.Own && !c.At.Before(since) && is(c.Kind)
		})
	}
	return (e.Title == nil || did(event.Is[event.Edited])) &&
		(e.State == nil || did(stateChange(*e.State))) &&
		(e.Milestone == nil || did(event.Is[event.Milestoned]) || did(event.Is[event.Demilestoned]))
}

func stateChange(to string) func(event.Kind) bool {
	if to == issue.Closed {
		return event.Is[event.Closed]
	}
	return event.Is[event.Reopened]
}

// explained tells whether a change is one that the plan makes.
func explained(requests []plan.Request, c github.Change) bool {
	return slices.ContainsFunc(requests, func(q plan.Request) bool {
		switch k := c.Kind.(type) {
		case event.Labeled:
			return q.Kind == plan.AddLabel && issue.HasLabel(q.Labels, k.Label)
		case event.Unlabeled:
			return q.Kind == plan.RemoveLabel && issue.HasLabel(q.Labels, k.Label) || q.Kind == plan.AddLabel && plan.MatchAny(q.Exclusive, k.Label)
		case event.Assigned:
			return q.Kind == plan.AddAssignees && issue.HasLogin(q.Logins, k.Assignee)
		case event.Unassigned:
			return q.Kind == plan.RemoveAssignees && issue.HasLogin(q.Logins, k.Assignee)
		case event.Closed:
			return q.Edit != nil && q.Edit.State != nil && *q.Edit.State == issue.Closed
		case event.Reopened:
			return q.Edit != nil && q.Edit.State != nil && *q.Edit.State == issue.Open
		case event.Edited:
			return q.Edit != nil && q.Edit.Title != nil
		}
		return q.Edit != nil && q.Edit.Milestone != nil // Milestoned, Demilestoned
	})
}

// noticed tells whether a request is a notice that was written, as it is to read: one with the same key may be older.
func (r *run) noticed(q plan.Request) bool {
	return q.Kind == plan.WriteNotice && r.replied(func(body string) bool {
		return body == plan.Comment(q.Notice.Text, plan.Marker(q.Notice.Key))
	})
}

// How often the history is asked for an edit that has just been made, and how far apart: it may come a moment later.
const (
	looks     = 3
	lookApart = time.Second
)

// maxChecks bounds the checks of one run: what puts an edit right is an edit, too.
const maxChecks = 3

// edited is engine.Engine.Edited: it looks in the history of the description whether an edit of ours has overwritten a person's,
// and puts that right. GitHub sends no event for what a workflow's own token does. What puts it right is an edit, too, and looked
// at after it.
func (r *run) edited(ctx context.Context, key string, records []queue.Record) error {
	if err := r.in.PutAll(ctx, records...); err != nil || r.checking {
		return err
	}
	r.checking = true
	defer func() { r.checking = false }()
	for range maxChecks {
		if left, err := r.check(ctx, key); err != nil || !left {
			return err
		}
	}
	return nil
}

// check looks at what we wrote and have not looked at. left tells that there was something.
func (r *run) check(ctx context.Context, key string) (left bool, err error) {
	wrote, told, err := engine.Unchecked(ctx, r.in, key)
	if err != nil || len(wrote) == 0 {
		return false, err
	}
	sum := sha256.Sum256([]byte(strings.Join(wrote, "\x00"))) // the same check has the same name in another run
	d := queue.Delivery{GUID: fmt.Sprintf("check-%x", sum[:8]), Key: key, Event: payload.OwnEvent, ReceivedAt: r.Now()}
	if r.replied(plan.MarkedBy(plan.ReplyMarker(event.Event{Kind: event.Check{}, Delivery: d.GUID}.ID()))) {
		return false, r.in.PutAll(ctx, told...)
	}
	if r.gh.edits, err = r.history(ctx, wrote); err != nil {
		return false, err
	}
	r.gh.known = false
	if d.Payload, err = payload.OwnPayload(event.Check{}, r.gh.thread.Issue, 0); err != nil {
		return false, err
	}
	return true, r.work(ctx, &batch{in: r.in, key: key, deliveries: []queue.Delivery{d}})
}

// history reads the versions of the description until all that we wrote is among them.
func (r *run) history(ctx context.Context, wrote []string) (edits []fact.Edit, err error) {
	missing := func(text string) bool {
		return !slices.ContainsFunc(edits, func(e fact.Edit) bool { return e.Text != nil && *e.Text == text })
	}
	for n := 1; ; n++ {
		edits, err = r.gh.Client.Edits(ctx, r.gh.thread.Issue.Ref)
		switch {
		case err != nil:
			if err = r.rest(ctx, err); err != nil {
				return nil, err
			}
		case n >= looks || !slices.ContainsFunc(wrote, missing):
			return edits, nil
		default:
			if err := r.Sleep(ctx, lookApart); err != nil {
				return nil, err
			}
		}
	}
}
