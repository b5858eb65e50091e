// Package engine turns what happened to an issue into what is to be done, and does it. Plan is pure: from events, the
// issue and facts to requests. Work is the rest: load facts, read fresh where the plan edits, save the plan, carry it
// out, resume it after a crash. The server, `ddbot apply`, replays and tests run this same code.
package engine

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Situation is all that a plan depends on.
type Situation struct {
	Events   []event.Event // of one issue, in the order in which they came
	Issue    issue.Snapshot
	Doubtful bool // see plan.Work
	Facts    *fact.Set
	Now      time.Time
	Settings *plugin.Settings
	Self     string          // the bot's login, "" while it is not known
	Tracked  bool            // somebody's /dd command has succeeded here before
	Wrote    []Wrote         // what ddbot wrote into this body lately
	Answered map[string]bool // IDs of events that were handled before
}

// Planned is one effect and the plugin that wants it.
type Planned struct {
	Plugin string
	Effect plan.Effect
}

// Outcome is a plan, or what is missing to make one.
type Outcome struct {
	Work    *plan.Work
	Effects []Planned
	Missing []fact.Key // not empty: load these and plan again, the rest of the outcome is void
	Tracked bool
	Handled []string // IDs of the events that must not be handled twice
	Refused int      // commands that were refused or not understood
}

// planner is one run of Plan.
type planner struct {
	Situation
	out  Outcome
	done map[string]bool // events that this plan has handled already
}

// Plan decides. The error is ours, never a person's: theirs are answered.
func Plan(s Situation) (*Outcome, error) {
	p := &planner{Situation: s, out: Outcome{Work: plan.NewWork(s.Issue), Tracked: s.Tracked}, done: map[string]bool{}}
	p.out.Work.Doubtful = s.Doubtful
	for _, e := range s.Events {
		if err := p.event(e); err != nil {
			return nil, fmt.Errorf("plan %s: %w", e.Kind, err)
		}
	}
	return &p.out, nil
}

func (p *planner) event(e event.Event) error {
	if id := e.ID(); id != "" {
		// The same happening may even come twice in one batch, with two GUIDs: from GitHub and forwarded by Prow's hook.
		if p.Answered[id] || p.done[id] {
			return nil
		}
		p.done[id] = true
	}
	answer := plan.Answer{ID: e.ID(), Unlocated: e.ID() == ""}
	if e.ByHuman() && !p.bySelf(e.Sender) {
		answer.To = e.Sender.Login
	}
	if e.Comment != nil {
		answer.CommentID = e.Comment.ID
	}
	p.out.Work.Begin(answer)
	if e.Kind == event.Edited {
		if done := p.edited(e); done {
			return nil
		}
	}
	if p.bySelf(e.Sender) || e.Kind == event.Arrived {
		return nil // what was written, labelled and closed elsewhere is over
	}
	before := p.out.Work.Issue.Clone()
	if err := p.commands(e, before); err != nil {
		return err
	}
	for _, pl := range p.Settings.Catalog.Plugins {
		effects, err := pl.Handle(p.input(pl, e, before))
		if err == nil && len(effects) > 0 && p.unsure(e) {
			return p.askSelf() // nothing may follow from our own doing
		}
		if err := p.take(pl, "", effects, err); err != nil {
			return fmt.Errorf("plugin %s: %w", pl.Name(), err)
		}
	}
	return nil
}

// self is the bot's login, "" while it is not known.
func (p *planner) self() string {
	if p.Self != "" {
		return p.Self
	}
	asked, _ := p.Facts.Self()
	return asked
}

func (p *planner) bySelf(u event.User) bool {
	self := p.self()
	return self != "" && strings.EqualFold(u.Login, self)
}

// unsure tells whether the event may be our own doing, in this process or another, and we have not asked yet who we are.
func (p *planner) unsure(e event.Event) bool {
	return p.Self == "" && !p.Facts.Has(fact.Key{Kind: fact.KindSelf}) && MayBeOwn(e)
}

func (p *planner) askSelf() error {
	p.out.Missing = append(p.out.Missing, fact.Key{Kind: fact.KindSelf})
	return nil
}

// MayBeOwn tells whether an event can be ddbot's own doing, for who does not know ddbot's login. Its comments carry a
// marker; of everything else an event shows the sender only.
func MayBeOwn(e event.Event) bool {
	switch {
	case e.Kind == event.Opened, e.Kind == event.Due:
		return false
	case e.Comment != nil:
		return plan.Marked(e.Comment.Body)
	}
	return true
}

// commands runs the commands that the event carries, in order.
func (p *planner) commands(e event.Event, before issue.Snapshot) error {
	cmds, by, err := Commands(e)
	if err != nil {
		p.unreadable(e, by, err)
		return nil
	}
	if len(cmds) > 0 && p.unsure(e) {
		return p.askSelf()
	}
	if len(cmds) == 0 || !p.heard(by) {
		return nil
	}
	p.out.Work.Answer().To, p.out.Work.Answer().By = by.Login, by.Login
	p.out.Handled = append(p.out.Handled, e.ID())
	known := 0
	for _, c := range cmds {
		pl, cmd, name, rest, ours := p.Settings.Catalog.Lookup(c.Words, c.Rest)
		if !ours {
			continue
		}
		if known++; known > command.Limit {
			continue
		}
		if cmd == nil {
			p.refuse(textUnknownVerb(p.Settings.Catalog, c, name, rest))
			continue
		}
		args := plugin.Args{Command: c, Name: name, Rest: rest, By: by}
		if err := p.command(e, before, pl, cmd, args); err != nil {
			return fmt.Errorf("plugin %s: %s: %w", pl.Name(), name, err)
		}
	}
	if known > command.Limit {
		p.refuse(textTooMany(known))
	}
	return nil
}

// unreadable answers a text in which commands cannot be told from other lines, if there could be any of ours.
func (p *planner) unreadable(e event.Event, by event.User, err error) {
	text, _, _ := e.Text()
	for _, c := range command.Lines(text) {
		if _, _, _, _, ours := p.Settings.Catalog.Lookup(c.Words, c.Rest); ours && p.heard(by) {
			p.out.Work.Answer().To, p.out.Work.Answer().By = by.Login, by.Login
			p.out.Handled = append(p.out.Handled, e.ID())
			p.refuse(textUnreadable(err))
			return
		}
	}
}

// heard tells whether somebody's commands are run.
func (p *planner) heard(by event.User) bool {
	return !p.bySelf(by) && (!by.Bot || issue.HasFold(p.Settings.Bots, by.Login))
}

// Commands gives the commands that an event carries, and whose they are. On an edited comment those are the new ones,
// and only if its author did the edit: a person with write access can edit another's comment. So it is with an issue that
// somebody else opens: it was transferred.
func Commands(e event.Event) ([]command.Command, event.User, error) {
	text, by, ok := e.Text()
	if !ok {
		return nil, by, nil
	}
	if e.Kind == event.CommentEdited {
		if e.OldBody == nil || !strings.EqualFold(e.Sender.Login, by.Login) {
			return nil, by, nil
		}
		cmds, err := command.Added(*e.OldBody, text)
		return cmds, by, err
	}
	if e.Kind == event.Opened && !strings.EqualFold(e.Sender.Login, by.Login) {
		return nil, by, nil // whoever opened it, its author did not write it here
	}
	cmds, err := command.Parse(text)
	return cmds, by, err
}

func (p *planner) command(e event.Event, before issue.Snapshot, pl plugin.Plugin, cmd *plugin.Command, args plugin.Args) error {
	allowed, err := p.can(args.By.Login, cmd.Who...)
	if err == nil && !allowed {
		err = plugin.Userf("%s", textRefused(args, cmd))
	}
	var effects []plan.Effect
	if err == nil {
		effects, err = cmd.Run(p.input(pl, e, before), args)
	}
	if err == nil && cmd.Tracks && !p.out.Tracked {
		effects = append(effects, plan.Remember{Kind: recordTracked, Data: []byte("1")})
	}
	missing, refused, said := len(p.out.Missing), p.out.Refused, len(p.out.Work.Answer().Text)
	if err := p.take(pl, args.Line, effects, err); err != nil || len(p.out.Missing) > missing {
		return err
	}
	a := p.out.Work.Answer()
	if p.out.Refused > refused || len(a.Text) > said && onlyReplies(effects) {
		return nil // a refusal, or an answer that was asked for
	}
	p.out.Tracked = p.out.Tracked || cmd.Tracks
	if len(a.Text) == said { // else it has told itself what it did
		a.OK = append(a.OK, plan.Quote(args.Line))
	}
	a.Reaction = "+1"
	return nil
}

func onlyReplies(effects []plan.Effect) bool {
	for _, e := range effects {
		switch e.(type) {
		case plan.Reply, plan.Remember:
		default:
			return false
		}
	}
	return true
}

// take folds what a plugin decided about a command's line, or about the event itself. A person's error becomes part of the
// answer; a missing fact is noted; the rest is ours.
func (p *planner) take(pl plugin.Plugin, line string, effects []plan.Effect, err error) error {
	if err == nil {
		err = p.out.Work.Fold(effects)
	}
	if err == nil {
		for _, e := range effects {
			p.out.Effects = append(p.out.Effects, Planned{pl.Name(), e})
		}
		return nil
	}
	if keys := fact.MissingKeys(err); len(keys) > 0 {
		p.out.Missing = append(p.out.Missing, keys...)
		return nil
	}
	var user *plugin.UserError
	var refused *checklist.RefusedError
	switch {
	case errors.As(err, &user):
		p.out.Effects = append(p.out.Effects, Planned{pl.Name(), plan.Reply{Text: user.Text}})
		p.refuse(user.Text)
	case errors.As(err, &refused):
		p.refuse(textBodyRefused(line, refused))
	default:
		return err
	}
	return nil
}

// refuse answers what cannot be done.
func (p *planner) refuse(text string) {
	p.out.Refused++
	p.say(text)
}

func (p *planner) say(text string) {
	if a := p.out.Work.Answer(); !slices.Contains(a.Text, text) { // what is so for twenty commands is said once
		a.Text = append(a.Text, text)
	}
}

func (p *planner) input(pl plugin.Plugin, e event.Event, before issue.Snapshot) plugin.Input {
	now := p.out.Work.Issue.Clone()
	return plugin.Input{
		Event: e, Issue: now, Before: before, Facts: p.Facts, Now: p.Now,
		Tracked: p.tracked(now), Options: p.Settings.Options[pl.Name()], Can: p.can, Catalog: p.Settings.Catalog,
		Doubtful: p.Doubtful,
	}
}

func (p *planner) tracked(s issue.Snapshot) bool {
	if p.out.Tracked || p.Settings.Tracked.All {
		return true
	}
	for _, l := range s.Labels {
		if plan.MatchAny(p.Settings.Tracked.Labels, l) {
			return true
		}
	}
	return false
}
