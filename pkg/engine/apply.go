package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

// result is what is noted of a request that was answered.
type result struct {
	Trouble string `json:"trouble,omitempty"` // told to those who asked for it
	Comment int64  `json:"comment,omitempty"` // id of a notice
	Number  int    `json:"number,omitempty"`  // of an issue or pull request that was opened
	silent  error  // why nothing could be said
}

// carryOut sends the requests that have no answer yet, in order, and stages what is to be remembered.
func (w *batchRun) carryOut(ctx context.Context) error {
	requests := w.saved.Requests
	results, err := readResults(w.done, len(requests))
	if err != nil {
		return err
	}
	if w.fresh && w.saved.Together > 0 {
		if err := w.sendTogether(ctx, results); err != nil {
			return err
		}
	}
	for i := range requests {
		if _, ok := w.done[i]; ok {
			continue
		}
		if results[i], err = w.sendNext(ctx, i, results[:i]); err != nil {
			return err
		}
		if i == len(requests)-1 {
			if err := w.edited(ctx, i, results[i]); err != nil {
				return err
			}
			break // the acknowledgement says that it is done
		}
		if w.needsNote(i, results[i]) {
			if err := w.noteDone(ctx, i, results[i]); err != nil {
				return err
			}
		}
	}
	return w.remember(results)
}

// needsNote tells whether what follows depends on the answer of request i, and on that it was given. A reaction alone, which is sent
// twice without harm, does not: who finds the plan open looks up the request before it, as after a kill one moment earlier. That is a
// commit less for nearly every command.
func (w *batchRun) needsNote(i int, res result) bool {
	next := w.saved.Requests[i+1]
	bare := i+2 == len(w.saved.Requests) && next.Kind == plan.SendAnswer && len(next.Answer.Text) == 0
	return !bare || res.Trouble != "" || res.Comment != 0 || w.Edited != nil
}

// sendNext sends a request.
func (w *batchRun) sendNext(ctx context.Context, i int, before []result) (result, error) {
	r := w.saved.Requests[i]
	res, err := w.send(ctx, r, before)
	if err != nil {
		return res, fmt.Errorf("%s: %w", r, err)
	}
	w.strange(r, res)
	return res, nil
}

// strange tells the operator what was strange about an answer.
func (w *batchRun) strange(r plan.Request, res result) {
	if res.silent != nil {
		w.log().WithError(res.silent).
			Warn("GitHub did not let ddbot answer there: is the issue locked, the comment deleted, or does the token lack the right to comment?")
	}
	if res.Trouble != "" {
		w.log().Warnf("GitHub did not do it: %s: %s", r, res.Trouble)
	}
}

// sendOne sends a request of a plan whose answers nobody noted, and notes this one.
func (w *batchRun) sendOne(ctx context.Context, i int) error {
	before, err := readResults(w.done, i)
	if err != nil {
		return err
	}
	res, err := w.sendNext(ctx, i, before)
	if err != nil {
		return err
	}
	return w.noteDone(ctx, i, res)
}

// noteDone writes down that a request was answered.
func (w *batchRun) noteDone(ctx context.Context, i int, res result) error {
	data, err := json.Marshal(res)
	if err == nil {
		err = w.batch.Done(ctx, i, data)
	}
	if err != nil {
		return fmt.Errorf("note the answer of request %d: %w", i, err)
	}
	w.done[i] = data
	return w.edited(ctx, i, res)
}

// edited has an edit looked at of which no event will tell.
func (w *batchRun) edited(ctx context.Context, i int, res result) error {
	r := w.saved.Requests[i]
	if w.Edited == nil || r.Kind != plan.EditIssue || r.Edit.Body == nil || res.Trouble != "" {
		return nil
	}
	records, err := w.editRecords(w.saved, w.Now().UTC())
	if err != nil {
		return err
	}
	return w.Edited(ctx, w.batch.Key(), records)
}

// send does one request. An error means that it must be tried again; what GitHub refuses for good is trouble, which the
// answer tells.
func (w *batchRun) send(ctx context.Context, r plan.Request, before []result) (result, error) {
	gh, p := w.gh, w.saved
	switch r.Kind {
	case plan.OpenAnother:
		return w.openAnother(ctx, *r.Open)
	case plan.PublishFile:
		return w.publish(ctx, *r.Publish)
	case plan.EditIssue:
		return sendEdit(ctx, gh, p.Ref, *r.Edit)
	case plan.AddLabel:
		return sendLabels(ctx, gh, p.Ref, r)
	case plan.RemoveLabel:
		return refusal("remove the label "+plan.Quote(r.Labels[0]), gh.RemoveLabel(ctx, p.Ref, r.Labels[0]))
	case plan.AddAssignees:
		all, err := gh.AddAssignees(ctx, p.Ref, r.Logins)
		if err != nil {
			return refusal("assign", err)
		}
		missing := slices.DeleteFunc(slices.Clone(r.Logins), func(l string) bool { return issue.HasLogin(all, l) })
		if len(missing) > 0 {
			return result{Trouble: textNotAssigned(missing)}, nil
		}
		return result{}, nil
	case plan.RemoveAssignees:
		return refusal("unassign", gh.RemoveAssignees(ctx, p.Ref, r.Logins))
	case plan.AddReviewers:
		return oneByOne(r.Logins, "ask %s for a review", func(who []string) error { return gh.AskReviewers(ctx, p.Ref, who, true) })
	case plan.RemoveReviewers:
		return oneByOne(r.Logins, "withdraw the request for a review from %s", func(who []string) error { return gh.AskReviewers(ctx, p.Ref, who, false) })
	case plan.WriteNotice:
		return w.sendWithLabels(ctx, *r.Notice, before)
	case plan.SendAnswer:
		return sendAnswer(ctx, gh, p.Ref, *r.Answer, p.troubles(*r.Answer, before))
	}
	return result{}, fmt.Errorf("unknown kind of request %q", r.Kind)
}

// troubles are what the answer must tell of the requests before it.
func (p savedPlan) troubles(a plan.Answer, before []result) (out []string) {
	for i, b := range before {
		if b.Trouble != "" && slices.Contains(p.Requests[i].For, a.ID) {
			out = append(out, b.Trouble)
		}
	}
	return out
}

// refusal turns GitHub's "this I will not do" and "there is no such thing" into trouble; other errors stay. That it does
// not allow us to is one of those: it is for the operator, who finds it among the dead letters and replays it.
func refusal(what string, err error) (result, error) {
	if errors.Is(err, github.ErrInvalid) || errors.Is(err, github.ErrGone) {
		return result{Trouble: textRefusedByGitHub(what, err)}, nil
	}
	return result{}, err
}

// oneByOne asks for all names at once, and where GitHub refuses that because of one of them, for each alone: those that it does
// not take are named. what has their place as %s.
func oneByOne(names []string, what string, ask func(names []string) error) (result, error) {
	err := ask(names)
	if len(names) < 2 || !errors.Is(err, github.ErrInvalid) && !errors.Is(err, github.ErrGone) {
		return refusal(fmt.Sprintf(what, quoteAll(names)), err)
	}
	var refused []string
	var why error
	for _, name := range names {
		switch err := ask([]string{name}); {
		case errors.Is(err, github.ErrInvalid), errors.Is(err, github.ErrGone):
			refused, why = append(refused, name), err
		case err != nil:
			return result{}, err
		}
	}
	return refusal(fmt.Sprintf(what, quoteAll(refused)), why)
}

func sendEdit(ctx context.Context, gh GitHub, ref issue.Ref, edit plan.Edit) (result, error) {
	got, err := gh.EditIssue(ctx, ref, edit)
	if errors.Is(err, github.ErrGone) {
		return result{}, err // the issue itself: nobody is left to tell
	}
	if err != nil {
		return refusal("change the issue", err)
	}
	if edit.Body != nil && got.Ref.Number != 0 && got.Body != *edit.Body {
		return result{Trouble: textDiffers()}, nil
	}
	return result{}, nil
}

// sendLabels adds labels; which exclusive ones must go is decided on the list that the call returns, not on a payload
// that may be older than our last write.
func sendLabels(ctx context.Context, gh GitHub, ref issue.Ref, r plan.Request) (result, error) {
	all, err := gh.AddLabels(ctx, ref, r.Labels)
	if err != nil {
		return refusal("add labels", err)
	}
	return labelsPut(ctx, gh, ref, r, all)
}

func labelsPut(ctx context.Context, gh GitHub, ref issue.Ref, r plan.Request, all []string) (result, error) {
	err := dropExcluded(ctx, gh, ref, r, all)
	return refusal("remove the labels that exclude "+plan.Quote(strings.Join(r.Labels, ", ")), err)
}

func dropExcluded(ctx context.Context, gh GitHub, ref issue.Ref, r plan.Request, all []string) error {
	for _, l := range all {
		spared := plan.MatchAny(r.Spare, l) && !issue.HasLabel(r.Drop, l)
		if plan.MatchAny(r.Exclusive, l) && !issue.HasLabel(r.Labels, l) && !issue.HasLabel(r.Keep, l) && !spared {
			if err := gh.RemoveLabel(ctx, ref, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// errNoLabel says why a notice was not written.
var errNoLabel = errors.New("GitHub did not take the label that the notice is about")

// sendWithLabels writes a notice, if the labels that say the same were taken; if it is refused they go again.
func (w *batchRun) sendWithLabels(ctx context.Context, n plan.Notice, before []result) (result, error) {
	gh, p := w.gh, w.saved
	var put []string
	for i, b := range before {
		r := p.Requests[i]
		about := slices.DeleteFunc(slices.Clone(n.Labels), func(l string) bool { return r.Kind != plan.AddLabel || !issue.HasLabel(r.Labels, l) })
		if len(about) > 0 && b.Trouble != "" {
			return result{silent: errNoLabel}, nil
		}
		put = append(put, about...)
	}
	res, err := sendNotice(ctx, gh, p.Ref, n, w.Edited != nil)
	if err != nil || res.silent == nil {
		return res, err
	}
	for _, l := range put {
		if err := gh.RemoveLabel(ctx, p.Ref, l); err != nil {
			return result{}, err
		}
	}
	return res, nil
}

// sendNotice writes a notice. unsure says that an attempt before this one may have, and nobody noted it.
func sendNotice(ctx context.Context, gh GitHub, ref issue.Ref, n plan.Notice, unsure bool) (result, error) {
	if n.CommentID == 0 && unsure {
		id, err := findOwn(ctx, gh, ref, plan.MarkedBy(plan.Marker(n.Key)))
		if id != 0 || err != nil {
			return result{Comment: id}, err
		}
	}
	body := plan.Comment(n.Text, plan.Marker(n.Key))
	if n.CommentID != 0 {
		err := gh.EditComment(ctx, ref, n.CommentID, body)
		if !errors.Is(err, github.ErrGone) {
			return quietly(result{Comment: n.CommentID}, err)
		}
		// Somebody deleted the comment: say it anew, unless an attempt before this one did.
		if id, err := findOwn(ctx, gh, ref, plan.MarkedBy(plan.Marker(n.Key))); id != 0 || err != nil {
			return quietly(result{Comment: id}, err)
		}
	}
	id, err := gh.CreateComment(ctx, ref, body)
	return quietly(result{Comment: id}, err)
}

func sendAnswer(ctx context.Context, gh GitHub, ref issue.Ref, a plan.Answer, trouble []string) (result, error) {
	if len(a.Text)+len(trouble) > 0 {
		_, err := gh.CreateComment(ctx, ref, a.ReplyBody(trouble))
		return quietly(result{}, err)
	}
	return quietly(result{}, gh.React(ctx, ref, a.CommentID, a.Reaction))
}

// quietly accepts that GitHub lets us say nothing here: on a locked issue, or where the comment was deleted meanwhile. The
// work itself is done. The log tells of it, as it may also be the operator's to put right.
func quietly(r result, err error) (result, error) {
	switch {
	case errors.Is(err, github.ErrForbidden), errors.Is(err, github.ErrInvalid), errors.Is(err, github.ErrGone):
		r.silent = err
		return r, nil
	}
	return r, err
}

// remember stages what a finished plan leaves behind.
func (w *batchRun) remember(results []result) error {
	b, p := w.batch, w.saved
	put := func(kind, id string, v any) error {
		data, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("remember %s: %w", kind, err)
		}
		b.Put(queue.Record{Kind: kind, ID: id, Data: data})
		return nil
	}
	key, now := b.Key(), w.Now().UTC()
	for _, id := range p.Answered {
		b.Put(queue.Record{Kind: recordAnswered, ID: key + "/" + id, Data: []byte("1")})
	}
	books := p.Books
	if w.Edited == nil { // else it has them already
		wrote, err := w.editRecords(p, now)
		if err != nil {
			return err
		}
		books = append(books, wrote...)
	}
	for _, r := range books {
		b.Put(r)
	}
	for _, r := range p.Records {
		id := key
		if r.About != "" {
			id = issue.FoldLogin(r.About)
		}
		b.Put(queue.Record{Kind: r.Kind, ID: id, Data: r.Data})
	}
	for i, r := range p.Requests {
		var err error
		switch {
		case r.Kind == plan.AddLabel:
			for _, l := range r.Labels {
				id := key + "/" + issue.FoldLabel(l)
				by := r.AskedBy[l]
				if by == "" {
					b.Put(queue.Record{Kind: recordLabeled, ID: id}) // nobody asked: forget who did before
					continue
				}
				err = errors.Join(err, put(recordLabeled, id, labeled{By: by, ByID: r.AskedByID[l], At: now}))
			}
		case r.Kind == plan.WriteNotice && results[i].Comment != 0:
			err = errors.Join(put(recordNotice, key+"/"+r.Notice.Key, results[i].Comment), rememberStatus(put, key, *r.Notice, results[i].Comment))
		}
		if err != nil {
			return err
		}
	}
	if slices.ContainsFunc(p.Requests, func(r plan.Request) bool { return r.Kind != plan.SendAnswer && r.Kind != plan.WriteNotice }) {
		b.Put(queue.Record{Kind: recordWroteAt, ID: key, Data: []byte(now.Format(time.RFC3339Nano))})
	}
	return nil
}

// rememberStatus keeps what the status comment says, so that it need not be read again.
func rememberStatus(put func(kind, id string, v any) error, key string, n plan.Notice, comment int64) error {
	if n.Key != fact.StatusKey {
		return nil
	}
	return put(recordStatus, key, fact.Status{ID: comment, Body: plan.Comment(n.Text, plan.Marker(n.Key))})
}

// editRecords are the records of a plan's edits of the body.
func (w *batchRun) editRecords(p savedPlan, now time.Time) (out []queue.Record, err error) {
	key, made := w.batch.Key(), now
	if open := w.batch.Plan(); open != nil && open.Unnoted {
		made = open.SavedAt // by GitHub's clock, in a run before this one
	}
	for _, r := range p.Requests {
		if r.Kind != plan.EditIssue || r.Edit.Body == nil {
			continue
		}
		data, err := json.Marshal(decide.BodyEdit{Base: p.Base, Sent: *r.Edit.Body, Ops: p.Ops, At: now, Made: made})
		if err != nil {
			return nil, fmt.Errorf("remember what was written to %s: %w", key, err)
		}
		sum := sha256.Sum256([]byte(*r.Edit.Body))
		id := key + "/" + now.Format("20060102T150405.000000000") + "-" + hex.EncodeToString(sum[:8])
		wait, err := json.Marshal(unseen{Ref: p.Ref, Installation: p.Installation, At: now})
		if err != nil {
			return nil, fmt.Errorf("remember what was written to %s: %w", key, err)
		}
		out = append(out, queue.Record{Kind: recordWrote, ID: id, Data: data}, queue.Record{Kind: recordUnseen, ID: id, Data: wait})
	}
	return out, nil
}

// AskedForLabel is the record of who had ddbot put a label on, for who knows it from elsewhere.
func AskedForLabel(key, label, by string, at time.Time) (queue.Record, error) {
	data, err := json.Marshal(labeled{By: by, At: at})
	return queue.Record{Kind: recordLabeled, ID: key + "/" + issue.FoldLabel(label), Data: data}, err
}

type labeled struct {
	By   string    `json:"by"`
	ByID int64     `json:"by_id,omitempty"`
	At   time.Time `json:"at"`
}
