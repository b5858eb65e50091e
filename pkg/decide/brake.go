package decide

import (
	"maps"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// Two bots can keep each other busy for ever: one removes a label that the other puts back, or each answers the other. So
// what ddbot does because of a bot's doing is bounded on each issue. Machine users look like people, so what is put back
// because of people has a bound, too, which nobody meets by hand.

// brakeFor is the time in which a bound counts.
const brakeFor = time.Hour

// The bounds: how often ddbot puts something back, and how many answers in a row it gives to bots.
const (
	putBacksBot    = 2
	putBacksPerson = 20
	answersBot     = 5
)

// Brakes is what is remembered of an issue for its bounds.
type Brakes struct {
	PutBacks map[string][]time.Time `json:"put_backs,omitempty"` // by plugin
	Answers  int                    `json:"answers,omitempty"`   // so many to bots, in a row
	Answered time.Time              `json:"answered,omitzero"`   // the last of them
	Told     time.Time              `json:"told,omitzero"`       // when it was last logged that a bound was met
}

func (b Brakes) Same(o Brakes) bool {
	return maps.EqualFunc(b.PutBacks, o.PutBacks, slices.Equal) && b.Answers == o.Answers && b.Answered.Equal(o.Answered) && b.Told.Equal(o.Told)
}

// putsBack tells whether an event is one after which ddbot may put something back: nobody has written anything.
func putsBack(k event.Kind) bool {
	switch k.(type) {
	case event.CommentCreated, event.CommentEdited, event.CommentDeleted, event.Opened, event.Edited, event.Own:
		return false
	}
	return true
}

// mayPutBack counts what follows from an event, and tells whether it may still be done.
func (p *planner) mayPutBack(plugin string, e event.Event, effects []plan.Effect) bool {
	if !putsBack(e.Kind) || onlyReplies(effects) {
		return true
	}
	most := putBacksPerson
	if !e.ByHuman() && !onlyStatus(effects) {
		most = putBacksBot
	}
	b := &p.out.Brakes
	lately := slices.DeleteFunc(slices.Clone(b.PutBacks[plugin]), func(t time.Time) bool { return p.Now.Sub(t) >= brakeFor })
	if len(lately) >= most {
		p.brake(e.Sender.Login + " and ddbot (" + plugin + ") undo each other's changes")
		return false
	}
	b.PutBacks = maps.Clone(b.PutBacks) // the situation's own stays as it is
	if b.PutBacks == nil {
		b.PutBacks = map[string][]time.Time{}
	}
	b.PutBacks[plugin] = append(lately, p.Now)
	return true
}

// onlyStatus tells whether nothing changes but the status comment: that undoes nothing of a bot's, and says what the bot has done.
func onlyStatus(effects []plan.Effect) bool {
	return onlyReplies(slices.DeleteFunc(slices.Clone(effects), func(e plan.Effect) bool {
		n, ok := e.(plan.Notice)
		return ok && n.Key == fact.StatusKey
	}))
}

// mayAnswer tells whether somebody's commands are still answered: a person's always are.
func (p *planner) mayAnswer(by event.User) bool {
	b := &p.out.Brakes
	if !p.isBot(by) || b.Answers < answersBot || p.Now.Sub(b.Answered) >= brakeFor {
		return true
	}
	p.brake(by.Login + " and ddbot answer each other")
	return false
}

func (p *planner) isBot(u event.User) bool { return u.Bot || issue.HasLogin(p.Settings.Bots, u.Login) }

// answeredTo counts answers to bots in a row, to whichever: three can keep each other busy, too. What a person says ends the row.
func (p *planner) answeredTo(e event.Event) {
	c, ok := e.Comment()
	b := &p.out.Brakes
	switch {
	case !ok:
	case !p.isBot(c.Author):
		b.Answers, b.Answered = 0, time.Time{}
	case len(p.out.Draft.Answer().Text) > 0:
		if p.Now.Sub(b.Answered) >= brakeFor {
			b.Answers = 0
		}
		b.Answers++
		b.Answered = p.Now
	}
}

func (p *planner) brake(why string) {
	p.out.Braked = append(p.out.Braked, why)
	if p.Now.Sub(p.out.Brakes.Told) >= brakeFor {
		p.out.Brakes.Told = p.Now
		p.out.Alarm = why
	}
}
