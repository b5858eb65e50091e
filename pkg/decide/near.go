package decide

import (
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/plan"
)

// recordNear is when a person was last told how a command is written; its record is about the person, not the issue.
const recordNear = "near"

// nearRest is how long a person is not told so again.
const nearRest = time.Hour

// near answers lines that were most likely meant as commands of ours and are none, all in one reply. unknown are the
// commands of the event that nobody here owns.
//
// Who was told a short time ago is not told again, unless commands ran: the line may have become a text of theirs.
func (p *planner) near(e event.Event, by event.User, unknown []command.Command, ran bool) error {
	misses := p.misses(e, unknown)
	if len(misses) == 0 || !p.mayCommand(by) || !p.mayAnswer(by) {
		return nil
	}
	if p.maybeSelf(e) {
		return p.askSelf()
	}
	last, err := p.Facts.RecordAbout(recordNear, by.Login)
	if missing := fact.MissingKeys(err); len(missing) > 0 {
		p.out.Missing = append(p.out.Missing, missing...)
		return nil
	}
	if err != nil {
		return err
	}
	if at, bad := time.Parse(time.RFC3339, string(last)); bad == nil && p.Now.Sub(at) < nearRest && !ran {
		return nil
	}
	p.answerTo(e, by)
	p.refuse(textNear(misses))
	return p.out.Draft.Fold([]plan.Effect{plan.Remember{Kind: recordNear, About: by.Login, Data: []byte(p.Now.UTC().Format(time.RFC3339))}})
}

// miss is a line and how it is written.
type miss struct{ line, right string }

func (p *planner) misses(e event.Event, unknown []command.Command) (out []miss) {
	c := p.Settings.Catalog
	for _, u := range unknown {
		if right := c.Near(u.Words, u.Rest, p.Settings.OtherCommands); right != "" && !isName(u) {
			out = append(out, miss{u.Line, right})
		}
	}
	shaped, err := shapedLines(e)
	if err != nil {
		return out // it has been said, if there was a command
	}
	for _, s := range shaped {
		right := c.Near(s.Words, s.Rest, p.Settings.OtherCommands)
		if m := c.Lookup(s.Words, s.Rest); m.Command != nil {
			right = c.Written(m.Name, strings.Fields(m.Args))
		}
		if right != "" {
			out = append(out, miss{s.Line, right})
		}
	}
	return out
}

// shapedLines gives the new lines of a comment that look like commands and are none. In a description they are mostly those
// of a template.
func shapedLines(e event.Event) ([]command.Command, error) {
	switch k := e.Kind.(type) {
	case event.CommentCreated:
		return command.Near(k.Comment.Body)
	case event.CommentEdited:
		if k.OldBody != nil && e.Sender.Is(k.Comment.Author) {
			return command.NearAdded(*k.OldBody, k.Comment.Body)
		}
	}
	return nil, nil
}

// isName tells whether a line is how some people sign: "/Lisa".
func isName(c command.Command) bool {
	return c.Rest == "" && len(c.Words) == 1 && len(c.Words[0]) <= 6 && len(c.Line) > 2 && c.Line[1] >= 'A' && c.Line[1] <= 'Z' && c.Line[2:] == c.Words[0][1:]
}
