package sweep

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
	"github.com/ddbot/ddbot/pkg/stale"
)

// act finds who is due and hands them out, part by part: read once more, then into the queue at the pace.
func (r *run) act(ctx context.Context) error {
	due := r.due()
	total := len(due)
	spent := &spending{run: r, byOwner: map[string]int{}}
	for len(due) > 0 {
		chunk, rest := spent.choose(due, chunkOf(total))
		due = rest
		if len(chunk) == 0 {
			break
		}
		if err := r.spare(); err != nil {
			return err
		}
		texts, err := r.verify(ctx, nodes(chunk), true)
		if err != nil {
			return err
		}
		if r.readOnly {
			r.leaveAlone(append(slices.Clone(chunk), due...))
			return nil
		}
		for n, b := range chunk {
			r.progress("handled", total-len(due)-len(spent.left)-len(chunk)+n, total)
			switch err := r.handle(ctx, spent, b, texts); {
			case errors.Is(err, errSpent):
				r.leave(append(slices.Clone(chunk[n:]), due...), err.Error())
				return nil
			case err != nil:
				return err
			}
		}
	}
	r.leave(spent.left, "")
	if r.DryRun || r.Tell {
		r.tellRest()
	}
	return nil
}

// leaveAlone leaves an archived repository as it is: nothing in it can be changed. The operator hears it once.
func (r *run) leaveAlone(due []*stale.Issue) {
	r.leave(due, "the repository is archived, so nothing in it can be changed")
	if _, told := r.archived.LoadOrStore(issue.FoldLogin(r.Repo.FullName()), true); !told {
		r.Log.WithField("repository", r.Repo.FullName()).Info("The repository is archived; it is left alone")
	}
}

// due gives the issues for which something is to be done: those that are to be freed first, then the longest overdue.
func (r *run) due() []*stale.Issue {
	type entry struct {
		i *stale.Issue
		v stale.Verdict
	}
	var es []entry
	for _, b := range r.books {
		if v := stale.Next(r.policy, b, r.Now()); v.Action != stale.Nothing {
			es = append(es, entry{b, v})
		}
	}
	slices.SortFunc(es, func(a, b entry) int {
		if fresh := a.v.Action == stale.GoFresh; fresh != (b.v.Action == stale.GoFresh) {
			return map[bool]int{true: -1, false: 1}[fresh]
		}
		return cmp.Or(a.v.When.Compare(b.v.When), cmp.Compare(a.i.Ref.Number, b.i.Ref.Number))
	})
	out := make([]*stale.Issue, len(es))
	for n, e := range es {
		out[n] = e.i
	}
	return out
}

func nodes(is []*stale.Issue) []string {
	ids := make([]string, len(is))
	for n, i := range is {
		ids[n] = i.NodeID
	}
	return ids
}

// spending counts actions against the limits. Taking a label off is none.
type spending struct {
	*run
	total   int
	byOwner map[string]int
	left    []*stale.Issue
}

// owner is whose attention an action costs.
func owner(i *stale.Issue) string {
	if len(i.Assignees) > 0 {
		return issue.FoldLogin(i.Assignees[0])
	}
	return issue.FoldLogin(i.Author)
}

func (s *spending) allows(i *stale.Issue, more int, byOwner map[string]int) bool {
	p, limit := s.policy, s.limit()
	return (limit == 0 || s.total+more < limit) &&
		(p.PerOwner == 0 || s.byOwner[owner(i)]+byOwner[owner(i)] < p.PerOwner)
}

// verifications is into how many parts what is due is cut at least. Each is read once more just before it is handed out: at
// one write a second the last of a hundred would be read minutes before.
const (
	verifications = 3
	few           = 5 // are handed out within seconds
)

func chunkOf(total int) int { return min(step, max(few, (total+verifications-1)/verifications)) }

// choose takes the next issues that the limits leave room for. What must wait does not stand in the way of others.
func (s *spending) choose(due []*stale.Issue, size int) (chunk, rest []*stale.Issue) {
	more, byOwner := 0, map[string]int{}
	for n, i := range due {
		if len(chunk) == size {
			return chunk, append(rest, due[n:]...)
		}
		if stale.Next(s.policy, i, s.Now()).Action == stale.GoFresh {
			chunk = append(chunk, i)
			continue
		}
		if !s.allows(i, more, byOwner) {
			// Those before it may turn out not to be due: then there is room again.
			if len(chunk) > 0 && s.allows(i, 0, nil) {
				rest = append(rest, i)
			} else {
				s.left = append(s.left, i)
			}
			continue
		}
		more++
		byOwner[owner(i)]++
		chunk = append(chunk, i)
	}
	return chunk, rest
}

// handle decides about one issue as it was just read.
func (r *run) handle(ctx context.Context, spent *spending, b *stale.Issue, texts map[int]string) error {
	body, read := texts[b.Ref.Number]
	v := stale.Next(r.policy, b, r.Now())
	f := Finding{Issue: b.Ref, Title: b.Title, Verdict: v, Outcome: Kept}
	switch {
	case !read && r.books[b.Ref.Number] == nil:
		f.Verdict = stale.Verdict{Why: "it was closed or has gone meanwhile"}
	case v.Action == stale.Nothing || !r.scope(b.Snapshot):
		f.Verdict.Action = stale.Nothing
	case v.Action != stale.GoFresh && !spent.allows(b, 0, nil):
		f.Outcome = Left
	case r.DryRun:
		f.Outcome = Would
	default:
		newer, err := r.changed(ctx, b)
		if err != nil {
			return err
		}
		if newer {
			f.Verdict = stale.Verdict{Why: "somebody changed it meanwhile"}
			break
		}
		if f.GUID, err = r.handOut(ctx, b, v, body); err != nil {
			return err
		}
		f.Outcome = Handed
	}
	if v.Action != stale.GoFresh && (f.Outcome == Handed || f.Outcome == Would) {
		spent.total++
		spent.byOwner[owner(b)]++
	}
	r.report.Findings = append(r.report.Findings, f)
	return nil
}

// changed tells whether a webhook has told of something newer than what was read.
func (r *run) changed(ctx context.Context, b *stale.Issue) (bool, error) {
	now, found, err := load[stale.Issue](ctx, r.Store, stale.BookKind, event.Key(b.RepoID, b.Ref.Number))
	return found && now.UpdatedAt.After(b.UpdatedAt), err
}

// handOut puts one issue into the queue, when the pace allows.
func (r *run) handOut(ctx context.Context, b *stale.Issue, v stale.Verdict, body string) (guid string, err error) {
	if err := r.Pacer.Wait(ctx, r.writes(b, v.Action)); err != nil {
		return "", err
	}
	found, err := json.Marshal(b)
	if err != nil {
		return "", fmt.Errorf("write down what was found of %v: %w", b.Ref, err)
	}
	s := b.Snapshot
	s.Body = body
	raw, err := payload.OwnPayload(event.Due{Found: found}, s, r.Installation)
	if err != nil {
		return "", err
	}
	key := event.Key(b.RepoID, b.Ref.Number)
	guid = fmt.Sprintf("due-%s-%s-%d", key, v.Action, r.started.UnixNano())
	_, err = r.Store.Receive(ctx, queue.Delivery{
		GUID: guid, Key: key, Event: payload.OwnEvent, Payload: raw, ReceivedAt: r.Now(),
	})
	return guid, err
}

// writes is what the action costs: its label or its close with its comment, which is one write but for the first one (see
// engine.Writer), and the labels that make room.
func (r *run) writes(b *stale.Issue, a stale.Action) int {
	there, both := 0, 1
	if r.Apart || !r.acted[a] {
		both = 2
	}
	r.acted[a] = true
	for _, l := range stale.Labels {
		if b.HasLabel(l) {
			there++
		}
	}
	switch a {
	case stale.GoFresh:
		return there
	case stale.GoClosed:
		return both
	}
	return both + there
}

func (r *run) leave(is []*stale.Issue, why string) {
	for _, b := range is {
		v := stale.Next(r.policy, b, r.Now())
		if why != "" {
			v.Why += "; " + why
		}
		r.report.Findings = append(r.report.Findings, Finding{Issue: b.Ref, Title: b.Title, Verdict: v, Outcome: Left})
	}
}

// tellRest says of every other issue why nothing happens to it.
func (r *run) tellRest() {
	told := map[int]bool{}
	for _, f := range r.report.Findings {
		told[f.Issue.Number] = true
	}
	var rest []Finding
	for n, b := range r.books {
		if !told[n] {
			rest = append(rest, Finding{Issue: b.Ref, Title: b.Title, Verdict: stale.Next(r.policy, b, r.Now()), Outcome: Kept})
		}
	}
	slices.SortFunc(rest, func(a, b Finding) int { return cmp.Compare(a.Issue.Number, b.Issue.Number) })
	r.report.Findings = append(r.report.Findings, rest...)
}
