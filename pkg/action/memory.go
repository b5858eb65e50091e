package action

import (
	"context"
	"fmt"
	"slices"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/decide"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

// remember makes the records that the server would have of the issue: that a /dd command has succeeded on it, and who asked for
// the labels that ddbot put on. Commands that we answered with a reaction, or named as done in a reply,
// succeeded. Who asked for a label is the author of
// the last such command before it.
func (r *run) remember(ctx context.Context, s *plugin.Settings, own *queue.Delivery) error {
	t, key := r.gh.thread, r.key(own)
	var records []queue.Record
	var succeeded []github.ThreadComment
	for _, c := range t.Comments {
		if c.Own || c.Answered.IsZero() && !r.replied(did(c.ID)) {
			continue
		}
		if cmds, err := command.Parse(c.Body); err != nil || len(cmds) == 0 {
			continue
		}
		succeeded = append(succeeded, c)
		if tracks(c.Body, s) {
			records = append(records, queue.Record{Kind: decide.RecordTracked, ID: key, Data: []byte("1")})
		}
	}
	for _, ch := range t.Changes {
		on, ok := ch.Kind.(event.Labeled)
		if !ok || !ch.Own {
			continue
		}
		for _, c := range slices.Backward(succeeded) {
			if c.CreatedAt.After(ch.At) {
				continue
			}
			asked, err := engine.AskedForLabel(key, on.Label, c.Author.Login, ch.At)
			if err != nil {
				return err
			}
			records = append(records, asked)
			break
		}
	}
	return r.in.PutAll(ctx, records...)
}

// did gives a test for replies that tell of a command of a comment that it was carried out.
func did(comment int64) func(string) bool {
	answers := plan.Answers(fmt.Sprintf("c%d", comment))
	return func(body string) bool { return answers(body) && plan.TellsDone(body) }
}

// tracks tells whether a text has a command that makes its issue tracked.
func tracks(text string, s *plugin.Settings) bool {
	cmds, err := command.Parse(text)
	return err == nil && slices.ContainsFunc(cmds, func(x command.Command) bool {
		m := s.Catalog.Lookup(x.Words, x.Rest)
		return m.Command != nil && m.Command.Tracks
	})
}
