package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// resume finishes a plan that an earlier attempt began. A request that was sent without an answer is looked up before
// it is sent again. Once an edit took effect the plan must be resumed, not made anew: a new plan would find nothing left
// to do and its replies would be lost. again says that nothing took effect that a look can show, so planning anew is safe
// and better; w.books are then what the new plan must keep.
func (w *batchRun) resume(ctx context.Context, open *queue.Plan) (again bool, err error) {
	if err := json.Unmarshal(open.Data, &w.saved); err != nil {
		return false, fmt.Errorf("read the saved plan: %w", err)
	}
	if w.saved.Version > planVersion {
		return false, &queue.Snooze{For: newerRest, Reason: errNewer}
	}
	p := w.saved
	w.done = maps.Clone(open.Done)
	if w.done == nil {
		w.done = map[int][]byte{}
	}
	w.at(p.Ref, p.Installation, p.Paced)
	if p.Ahead {
		return true, w.begun(ctx)
	}
	for i := w.firstOpen(); i >= 0; i = w.firstOpen() {
		found, err := w.settled(ctx, i)
		if err != nil {
			return false, err
		}
		if !found && i == 0 && p.Requests[i].Kind == plan.EditIssue {
			// The edit may have been made all the same, and changed again since. Should the event say that it overwrote
			// somebody's, it must be known what it was.
			books, err := w.editRecords(p, w.Now().UTC())
			w.books = slices.Concat(p.Books, books)
			return true, err
		}
		if !open.Unnoted && i >= p.Together {
			break // they go in order, so none after it was sent
		}
		if !found {
			if err := w.sendOne(ctx, i); err != nil {
				return false, err
			}
		}
	}
	return false, w.carryOut(ctx)
}

// settled looks up whether a request took effect that may have been sent without an answer, and notes it before anything else is
// sent: whoever comes after us looks up the first one that is not noted.
func (w *batchRun) settled(ctx context.Context, i int) (bool, error) {
	res, found, err := w.lookUp(ctx, i)
	if err != nil {
		return false, fmt.Errorf("look up %s: %w", w.saved.Requests[i], err)
	}
	if found {
		return true, w.noteDone(ctx, i, res)
	}
	doubles, err := w.doubles(i)
	if err != nil || !doubles {
		return false, err
	}
	// GitHub may be busy with it still: a request does not die with its sender.
	if left := w.outages.settle(w.batch.Key(), w.Now()); left > 0 {
		return false, &queue.Snooze{For: left, Reason: errUnsettled}
	}
	return false, nil
}

// doubles tells whether the request writes a new comment or opens an issue: twice would be two. An answer does because of its text,
// or because of what went wrong before it.
func (w *batchRun) doubles(i int) (bool, error) {
	switch r := w.saved.Requests[i]; r.Kind {
	case plan.OpenAnother:
		return true, nil
	case plan.WriteNotice:
		return r.Notice.CommentID == 0, nil
	case plan.SendAnswer:
		before, err := readResults(w.done, i)
		return len(r.Answer.Text)+len(w.saved.troubles(*r.Answer, before)) > 0, err
	}
	return false, nil
}

var errUnsettled = errors.New("a comment or an issue was perhaps sent without an answer; looking once more before it is sent again")

// firstOpen is the request that may have been sent without an answer, -1 if all were answered. They go in order.
func (w *batchRun) firstOpen() int {
	for i := range w.saved.Requests {
		if _, ok := w.done[i]; !ok {
			return i
		}
	}
	return -1
}

// lookUp finds out whether a request that was sent without an answer took effect.
func (w *batchRun) lookUp(ctx context.Context, i int) (result, bool, error) {
	gh, p := w.gh, w.saved
	switch r := p.Requests[i]; r.Kind {
	case plan.OpenAnother:
		res, err := w.lookForMade(ctx, r.Open.Repo, r.Open.Key)
		return res, res.Number != 0, err
	case plan.EditIssue, plan.AddLabel, plan.RemoveLabel, plan.AddAssignees, plan.RemoveAssignees:
		now, err := gh.Issue(ctx, p.Ref)
		if err != nil {
			return result{}, false, err
		}
		found := satisfied(now, r)
		if found && r.Kind == plan.AddLabel {
			err = dropExcluded(ctx, gh, p.Ref, r, now.Labels)
		}
		if !found {
			found, err = w.tookEffectEarlier(ctx, now, r)
		}
		return result{}, found, err
	case plan.WriteNotice:
		if r.Notice.CommentID != 0 {
			return result{}, false, nil // an edit of our own comment can be sent twice
		}
		id, err := findOwn(ctx, gh, p.Ref, plan.MarkedBy(plan.Marker(r.Notice.Key)))
		return result{Comment: id}, id != 0, err
	case plan.SendAnswer:
		if comments, err := w.doubles(i); !comments || err != nil {
			return result{}, false, err // a reaction can be sent twice: GitHub keeps one
		}
		id, err := findOwn(ctx, gh, p.Ref, plan.MarkedBy(plan.ReplyMarker(r.Answer.ID)))
		return result{}, id != 0, err
	}
	return result{}, false, nil
}

// tookEffectEarlier tells whether a request took effect though nothing of it is to be seen: a person has changed the same thing since,
// and that counts. GitHub's history shows our hand. It dates by its own clock and does not say which of our requests it was,
// so where we have written to the issue shortly before, nothing can be told, and the request is made again.
func (w *batchRun) tookEffectEarlier(ctx context.Context, now issue.Snapshot, r plan.Request) (bool, error) {
	skew := 30 * time.Second
	if w.batch.Plan().Unnoted {
		skew = 0 // its time is GitHub's
	}
	saved := w.batch.Plan().SavedAt
	at, err := w.memory(ctx, recordWroteAt, w.batch.Key())
	if err != nil {
		return false, err
	}
	if last, bad := time.Parse(time.RFC3339Nano, string(at)); bad == nil && last.After(saved.Add(-2*skew)) || now.NodeID == "" {
		return false, nil
	}
	did, err := w.gh.OwnActions(ctx, now, saved.Add(-skew))
	if err != nil {
		w.log().WithError(err).Warn("Cannot see whether a request took effect; it is made again")
		return false, nil
	}
	return didSame(did, r), nil
}

// didSame tells whether what we did to an issue is what a request asks for.
func didSame(did []stale.TimelineEvent, r plan.Request) bool {
	done := func(k stale.Kind, label string) bool {
		return slices.ContainsFunc(did, func(h stale.TimelineEvent) bool {
			return h.Kind == k && issue.SameLabel(h.Label, label) && h.Text == "" // an edit of a comment has its text
		})
	}
	switch r.Kind {
	case plan.EditIssue:
		e := r.Edit
		return (e.Body != nil || e.Title != nil) && done(stale.Edit, "") ||
			e.State != nil && *e.State == issue.Closed && done(stale.Close, "") ||
			e.State != nil && *e.State == issue.Open && done(stale.Reopen, "")
	case plan.AddLabel:
		return !slices.ContainsFunc(r.Labels, func(l string) bool { return !done(stale.Label, l) })
	case plan.RemoveLabel:
		return done(stale.Unlabel, r.Labels[0])
	}
	return false
}

// satisfied tells whether the issue is as the request wants it.
func satisfied(s issue.Snapshot, r plan.Request) bool {
	switch r.Kind {
	case plan.EditIssue:
		e := r.Edit
		return (e.Body == nil || *e.Body == s.Body) && (e.Title == nil || *e.Title == s.Title) &&
			(e.State == nil || *e.State == s.State) && (e.Milestone == nil || e.MilestoneTitle == s.Milestone)
	case plan.AddLabel:
		return !slices.ContainsFunc(r.Labels, func(l string) bool { return !s.HasLabel(l) })
	case plan.RemoveLabel:
		return !s.HasLabel(r.Labels[0])
	case plan.AddAssignees:
		return !slices.ContainsFunc(r.Logins, func(l string) bool { return !s.HasAssignee(l) })
	case plan.RemoveAssignees:
		return !slices.ContainsFunc(r.Logins, s.HasAssignee)
	}
	return false
}

// readResults reads the answers of the first n requests.
func readResults(done map[int][]byte, n int) ([]result, error) {
	out := make([]result, n)
	for i := range out {
		if data, ok := done[i]; ok {
			if err := json.Unmarshal(data, &out[i]); err != nil {
				return nil, fmt.Errorf("read the answer of request %d: %w", i, err)
			}
		}
	}
	return out, nil
}

// findOwn gives the id of the bot's own comment that is marked so, 0 if there is none. Others' comments may carry a copy of
// a marker, and so may what the bot quotes.
func findOwn(ctx context.Context, gh GitHub, ref issue.Ref, marked func(body string) bool) (int64, error) {
	all, err := gh.Comments(ctx, ref)
	if errors.Is(err, github.ErrGone) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	self := ""
	for _, c := range all {
		if !marked(c.Body) {
			continue
		}
		if self == "" {
			if self, err = gh.Self(ctx); err != nil {
				return 0, err
			}
		}
		if issue.SameLogin(c.Author.Login, self) {
			return c.ID, nil
		}
	}
	return 0, nil
}
