package action

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tidwall/gjson"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// due is something that is to be done.
type due struct {
	queue.Delivery
	at       time.Time
	id       int64     // of the comment, 0 for none
	answered time.Time // it is here to be planned again only, see recover.go
}

// open leaves out what is answered.
func open(list []due) []due {
	return slices.DeleteFunc(slices.Clone(list), func(d due) bool { return !d.answered.IsZero() })
}

func deliveries(list []due) []queue.Delivery {
	out := make([]queue.Delivery, len(list))
	for i, d := range list {
		out[i] = d.Delivery
	}
	return out
}

// waiting gives what nobody has answered on the issue, oldest first, and the run's own event, which may be one of them.
func (r *run) waiting(ctx context.Context, ref issue.Ref, s *plugin.Settings, own *queue.Delivery) ([]due, error) {
	t := r.gh.thread
	var out []due
	take := func(x github.Written, answered time.Time) error {
		id := fmt.Sprintf("c%d", x.ID)
		if x.ID == 0 {
			id = fmt.Sprintf("i%d", ref.Number)
		}
		if answered.IsZero() {
			answered = r.repliedAt(plan.Answers(id))
		}
		if r.Now().Sub(x.CreatedAt) > textFor || !commands(x, s) {
			return nil
		}
		if answered.IsZero() {
			if ok, err := r.untouched(ctx, ref, x); err != nil || !ok {
				return err
			}
		}
		comment := &x.Comment
		if x.ID == 0 {
			comment = nil
		}
		// What a comment may do can depend on how the issue looked when it was written.
		then := t.Before(func(_ int, c github.Change) bool { return c.Own && c.At.After(x.CreatedAt) })
		name, raw, err := payload.Written(then, comment)
		if err != nil {
			return err
		}
		out = append(out, due{at: x.CreatedAt, id: x.ID, answered: answered, Delivery: queue.Delivery{
			GUID: "found-" + id, Key: r.key(own), Event: name, Payload: raw, ReceivedAt: r.Now(),
		}})
		return nil
	}
	opened := github.Written{Number: ref.Number, Comment: event.Comment{
		NodeID: t.Issue.NodeID, Body: t.Issue.Body, Author: event.AuthorOf(t.Issue), CreatedAt: t.Issue.CreatedAt, UpdatedAt: t.Issue.UpdatedAt,
	}}
	if err := take(opened, t.Answered); err != nil {
		return nil, err
	}
	for _, c := range t.Comments {
		if c.Own {
			continue
		}
		if err := take(github.Written{Number: ref.Number, Comment: c.Comment}, c.Answered); err != nil {
			return nil, err
		}
	}
	if own != nil {
		out = r.withOwn(out, own)
	}
	slices.SortStableFunc(out, func(a, b due) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.id, b.id)) })
	return together(out), nil
}

// together leaves out what was answered before the first that is not answered was written: no run had both in hand.
func together(list []due) []due {
	pending := open(list)
	if len(pending) == 0 {
		return nil
	}
	return slices.DeleteFunc(list, func(d due) bool { return !d.answered.IsZero() && !d.answered.After(pending[0].at) })
}

func (r *run) key(own *queue.Delivery) string {
	if own != nil {
		return own.Key
	}
	s := r.gh.thread.Issue
	return event.Key(s.RepoID, s.Ref.Number)
}

// commands tells whether a text has commands of ours that its author may give.
func commands(x github.Written, s *plugin.Settings) bool {
	if x.Author.Nobody() || x.Author.Bot && !issue.HasLogin(s.Bots, x.Author.Login) {
		return false
	}
	cmds, err := command.Parse(x.Body)
	return err == nil && slices.ContainsFunc(cmds, func(c command.Command) bool { return s.Catalog.Lookup(c.Words, c.Rest).Ours })
}

// repliedAt is when we wrote a comment that is marked so, zero for never.
func (r *run) repliedAt(marked func(string) bool) time.Time {
	for _, c := range r.gh.thread.Comments {
		if c.Own && marked(c.Body) {
			return c.CreatedAt
		}
	}
	return time.Time{}
}

func (r *run) replied(marked func(string) bool) bool { return !r.repliedAt(marked).IsZero() }

// untouched tells whether a text is all its author's: whoever may write here can edit it, and a command runs with its author's
// rights. It costs a query where the text was edited.
func (r *run) untouched(ctx context.Context, ref issue.Ref, x github.Written) (bool, error) {
	edited := len(r.gh.thread.Edits) > 0
	if x.ID != 0 {
		edited = slices.ContainsFunc(r.gh.thread.Comments, func(c github.ThreadComment) bool { return c.ID == x.ID && c.Edited })
	}
	if !edited {
		return true, nil
	}
	ok, err := r.gh.Untouched(ctx, ref, x, r.gh.thread.Self)
	if err == nil && !ok {
		r.report.note("A text with a command was edited by somebody else, so it is not carried out: " + cmp.Or(x.URL, ref.String()))
	}
	return ok, err
}

// withOwn adds the run's own event. That of a text which waits takes its place; what was answered, has gone, or is too old is left
// out: the run was started once more.
func (r *run) withOwn(out []due, own *queue.Delivery) []due {
	ev, ok, err := payload.Decode(own.Event, own.Payload)
	if err != nil || !ok {
		return out
	}
	d := due{Delivery: *own, at: ev.At()}
	age := r.Now().Sub(d.at)
	c, ok := ev.Comment()
	if !ok {
		opened := event.Is[event.Opened](ev.Kind)
		switch {
		case age > eventFor:
			r.report.note(fmt.Sprintf("This happened on %s, more than a day ago; nothing is done about it any more.", d.at.Format(time.DateOnly)))
			return out
		case opened && (!r.gh.thread.Answered.IsZero() || r.replied(plan.Answers(ev.ID()))):
			return out
		case opened:
			out = slices.DeleteFunc(out, func(o due) bool { return o.id == 0 })
		}
		d.id = 0
		return append(out, d)
	}
	d.id = c.ID
	if i := slices.IndexFunc(out, func(o due) bool { return o.id == d.id && o.answered.IsZero() }); i >= 0 {
		out[i].Delivery = d.Delivery
		out[i].at = d.at
		return out
	}
	switch i := slices.IndexFunc(r.gh.thread.Comments, func(c github.ThreadComment) bool { return c.ID == d.id }); {
	case age > textFor:
		r.report.note(fmt.Sprintf("This was written on %s, more than 30 days ago; it is not carried out any more.", d.at.Format(time.DateOnly)))
	case i < 0 && (age > eventFor || event.Is[event.CommentDeleted](ev.Kind)):
	case r.replied(plan.MarkedBy(plan.ReplyMarker(ev.ID()))):
	case i >= 0 && r.answered(r.gh.thread.Comments[i], ev):
	default:
		return append(out, d)
	}
	return out
}

// answered tells whether we have reacted to that version of a comment. GitHub keeps the first of our reactions, so that of a
// comment which got more commands by an edit tells nothing: for a day these are taken for unanswered.
func (r *run) answered(c github.ThreadComment, ev event.Event) bool {
	if edit, ok := ev.Kind.(event.CommentEdited); ok && !c.Answered.After(edit.Comment.UpdatedAt) {
		return !c.Answered.IsZero() && r.Now().Sub(edit.Comment.UpdatedAt) > eventFor
	}
	return !c.Answered.IsZero()
}

// forked tells whether the event is a pull request's from a fork: its runs get a token that may only read. A fork that was deleted is
// null.
func forked(raw []byte) bool {
	p := gjson.ParseBytes(raw)
	head, base := p.Get("pull_request.head.repo"), p.Get("repository.full_name").Str
	return head.Exists() && base != "" && !issue.SameLogin(head.Get("full_name").Str, base)
}
