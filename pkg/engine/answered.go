package engine

import (
	"context"
	"errors"

	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Answered tells whether the memory knows that an event was handled. The same comment may arrive in several ways, with
// several GUIDs: by a webhook, forwarded by Prow's hook, redelivered, found by looking for what was missed.
func Answered(ctx context.Context, m Memory, key string, ev event.Event) (bool, error) {
	_, err := m.Get(ctx, recordAnswered, key+"/"+ev.ID())
	if errors.Is(err, queue.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// AnsweredAny tells the same of any version of a comment: one that got its command by an edit was handled as edited.
func AnsweredAny(ctx context.Context, m Memory, key string, ev event.Event) (bool, error) {
	known, err := Answered(ctx, m, key, ev)
	if known || err != nil {
		return known, err
	}
	versions, err := m.List(ctx, recordAnswered, key+"/"+ev.ID()+"-", 1)
	return len(versions) > 0, err
}

// answered asks the memory, and for an event that was made up for also GitHub: on a new database the bot's own reactions
// and replies are what tells that a comment was handled.
func (w *batchRun) answered(ctx context.Context, ev event.Event) (bool, error) {
	look, marked := Answered, plan.MarkedBy(plan.ReplyMarker(ev.ID()))
	if ev.Catchup {
		look, marked = AnsweredAny, plan.Answers(ev.ID())
	}
	known, err := look(ctx, w.mem, w.batch.Key(), ev)
	if known || err != nil {
		return known, err
	}
	if !ev.Catchup {
		asked, err := w.memory(ctx, queue.RecordAsked, ev.Delivery)
		if asked == nil || err != nil {
			return false, err
		}
	}
	if cmds, _, _ := decide.Commands(ev); len(cmds) == 0 {
		return false, nil
	}
	// A reaction does not tell which version of an edited comment it is for; the marker of a reply does.
	if !event.Is[event.CommentEdited](ev.Kind) {
		c, _ := ev.Comment() // its id is 0 for the issue itself
		did, err := w.gh.Reacted(ctx, w.ref, c.ID)
		if did || err != nil && !errors.Is(err, github.ErrGone) {
			return did, err
		}
	}
	id, err := findOwn(ctx, w.gh, w.ref, marked)
	return id != 0, err
}
