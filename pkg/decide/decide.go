// Package decide turns what happened to an issue into what is to be done. It is pure: from events, the issue and facts to
// effects and requests. It asks who may, runs the plugins' commands, knows ddbot's own edits again, keeps the order of what
// people said, and ends loops. Package engine loads what it misses and does what it decides; `ddbot apply`, replays and tests
// run this same code.
package decide

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// RecordTracked is the kind of record that says that a /dd command has succeeded on an issue.
const RecordTracked = "tracked"

// Input is all that a decision depends on.
type Input struct {
	Events   []event.Event // of one issue, in the order in which they came
	Issue    issue.Snapshot
	MayLag   bool // see plan.Draft
	Facts    *fact.Set
	Now      time.Time
	Settings *plugin.Settings
	Self     string          // the bot's login, "" while it is not known
	Tracked  bool            // somebody's /dd command has succeeded here before
	Wrote    []BodyEdit      // what ddbot wrote into this body lately
	Answered map[string]bool // IDs of events that were handled before
	Said     plan.Said       // what people said lately, by part of the issue
	Brakes   Brakes
	NoEvents bool // nobody tells of ddbot's own edits: a Check looks them up at once
}

// PluginEffect is one effect and the plugin that wants it.
type PluginEffect struct {
	Plugin string
	Effect plan.Effect
}

// Decision is a plan, or what is missing to make one.
type Decision struct {
	Draft   *plan.Draft
	Effects []PluginEffect
	Missing []fact.Key // not empty: load these and plan again, the rest of the outcome is void
	Tracked bool
	Handled []string // IDs of the events that must not be handled twice
	Refused int      // commands that were refused or not understood
	Seen    []string // records of ddbot's own edits whose events have come
	Brakes  Brakes   // as they are to be remembered
	Braked  []string // what was not done because a bound was met, in words
	Alarm   string   // the one of them that is to be logged, "" for none
	Own     bool     // there are commands of a person whose account ddbot acts as: they are not obeyed
}

// planner is one run of Plan.
type planner struct {
	Input
	out  Decision
	done map[string]bool // events that this plan has handled already

	replaced []plugin.Args // see plugin.Input
	effects  int           // that there were when the event began
}

// Plan decides. The error is ours, never a person's: theirs are answered.
func Plan(s Input) (*Decision, error) {
	p := &planner{Input: s, out: Decision{Draft: plan.NewDraft(s.Issue), Tracked: s.Tracked, Brakes: s.Brakes}, done: map[string]bool{}}
	p.out.Draft.MayLag = s.MayLag
	maps.Copy(p.out.Draft.Said, s.Said)
	for _, e := range s.Events {
		p.byHand(e) // the issue as it was read shows all of it: no command from before may undo it
	}
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
	if event.Is[event.Check](e.Kind) {
		return p.check(e)
	}
	answer := plan.Answer{ID: e.ID(), Unlocated: e.ID() == ""}
	if e.ByHuman() && !p.bySelf(e.Sender) {
		answer.To = e.Sender.Login
	}
	if c, ok := e.Comment(); ok {
		answer.CommentID = c.ID
	}
	p.effects = len(p.out.Effects)
	p.out.Draft.Begin(answer)
	p.out.Draft.At(stampOf(e), false)
	if edit, ok := e.Kind.(event.Edited); ok {
		if done := p.edited(e, edit); done {
			return nil
		}
	}
	p.out.Own = p.out.Own || p.ownCommands(e)
	if p.bySelf(e.Sender) || event.Is[event.Arrived](e.Kind) {
		return nil // what was written, labelled and closed elsewhere is over
	}
	before := p.out.Draft.Issue.Clone()
	p.out.Draft.Saying(true)
	if err := p.commands(e, before); err != nil {
		return err
	}
	p.answeredTo(e)
	p.out.Draft.Saying(false) // what follows is nobody's word
	in := p.input(e, before)
	for _, pl := range p.Settings.Catalog.Plugins {
		effects, err := pl.Handle(p.given(pl, in))
		if err == nil && len(effects) > 0 && p.maybeSelf(e) {
			return p.askSelf() // nothing may follow from our own doing
		}
		if err == nil && !p.mayPutBack(pl.Name(), e, effects) {
			continue
		}
		if err := p.take(pl, "", effects, err); err != nil {
			return fmt.Errorf("plugin %s: %w", pl.Name(), err)
		}
		if len(effects) > 0 { // the next one sees it
			in = p.input(e, before)
		}
	}
	return nil
}

// stampOf is when an event happened, to be compared with others.
func stampOf(e event.Event) plan.Stamp {
	s := plan.Stamp{At: e.At()}
	if c, ok := e.Comment(); ok {
		s.Seq = c.ID
	}
	return s
}

// byHand takes in what somebody did by hand. While it is not known who ddbot is, it may be its own doing.
func (p *planner) byHand(e event.Event) {
	if p.maybeSelf(e) || p.bySelf(e.Sender) {
		return
	}
	var h plan.Happened
	switch k := e.Kind.(type) {
	case event.Labeled:
		h.Label = k.Label
	case event.Unlabeled:
		h.Label = k.Label
	case event.Assigned:
		h.Assignee = k.Assignee
	case event.Unassigned:
		h.Assignee = k.Assignee
	case event.Closed, event.Reopened:
		h.State = true
	case event.Milestoned, event.Demilestoned:
		h.Mile = true
	case event.Edited:
		h.Title, h.Old, h.New = k.OldTitle != nil, k.OldBody, &e.Issue.Body
	default:
		return
	}
	p.out.Draft.At(stampOf(e), true)
	p.out.Draft.Note(h)
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
	return issue.SameLogin(p.self(), u.Login)
}

// maybeSelf tells whether the event may be our own doing, in this process or another, and we have not asked yet who we are.
func (p *planner) maybeSelf(e event.Event) bool {
	return p.Self == "" && !p.Facts.Has(fact.Key{Kind: fact.KindSelf}) && MayBeOwn(e)
}

func (p *planner) askSelf() error {
	p.out.Missing = append(p.out.Missing, fact.Key{Kind: fact.KindSelf})
	return nil
}

// MayBeOwn tells whether an event can be ddbot's own doing, for who does not know ddbot's login. Its comments and the issues that it
// opens carry a marker; of everything else an event shows the sender only.
func MayBeOwn(e event.Event) bool {
	switch e.Kind.(type) {
	case event.Opened:
		return plan.Marked(e.Issue.Body)
	case event.Own:
		return false
	}
	c, ok := e.Comment()
	return !ok || plan.Marked(c.Body)
}

// commands runs the commands that the event carries, in order.
func (p *planner) commands(e event.Event, before issue.Snapshot) error {
	cmds, by, err := Commands(e)
	if err != nil {
		p.unreadable(e, by, err)
		return nil
	}
	if len(cmds) > 0 && p.maybeSelf(e) {
		return p.askSelf()
	}
	if len(cmds) == 0 || !p.mayCommand(by) || !p.mayAnswer(by) {
		return p.near(e, by, nil, false)
	}
	p.answerTo(e, by)
	p.replaced = p.takenOut(e)
	defer func() { p.replaced = nil }()
	known := 0
	var unknown []command.Command
	for _, c := range cmds {
		m := p.Settings.Catalog.Lookup(c.Words, c.Rest)
		cmd := m.Command
		if c.Below && (cmd == nil || !cmd.Text) {
			continue // an edit changed what stands below it, which it does not read
		}
		if !m.Ours {
			unknown = append(unknown, c)
			continue
		}
		if known++; known > command.Limit {
			continue
		}
		if cmd == nil {
			p.refuse(textUnknownVerb(p.Settings.Catalog, c, m.Name, m.Args))
			continue
		}
		args := argsOf(c, m, by, e)
		if err := p.command(e, before, m.Plugin, cmd, args); err != nil {
			return fmt.Errorf("plugin %s: %s: %w", m.Plugin.Name(), m.Name, err)
		}
	}
	if known > command.Limit {
		p.refuse(textTooMany(known))
	}
	return p.near(e, by, unknown, known > 0)
}

// answerTo makes a person's text one that is answered, once.
func (p *planner) answerTo(e event.Event, by event.User) {
	p.out.Draft.Answer().To, p.out.Draft.Answer().By, p.out.Draft.Answer().ByID = by.Login, by.Login, by.ID
	if !slices.Contains(p.out.Handled, e.ID()) {
		p.out.Handled = append(p.out.Handled, e.ID())
	}
}

// argsOf gives a command what it reads.
func argsOf(c command.Command, m plugin.Match, by event.User, e event.Event) plugin.Args {
	args := plugin.Args{Command: c, Name: m.Name, Rest: m.Args, By: by}
	if _, comment := e.Comment(); !m.Command.Text || !comment { // what stands below a command in a description is the description
		args.Text = ""
	}
	return args
}

// takenOut gives the commands that an edit of a comment by its author took out: what they wrote may have to go.
func (p *planner) takenOut(e event.Event) (out []plugin.Args) {
	edit, ok := e.Kind.(event.CommentEdited)
	if !ok || edit.OldBody == nil {
		return nil
	}
	cmds, err := command.Added(edit.Comment.Body, *edit.OldBody)
	if err != nil {
		return nil // of what could not be read nothing was carried out
	}
	for _, c := range cmds {
		if m := p.Settings.Catalog.Lookup(c.Words, c.Rest); m.Command != nil {
			out = append(out, argsOf(c, m, edit.Comment.Author, e))
		}
	}
	return out
}

// unreadable answers a text in which commands cannot be told from other lines, if there could be any of ours.
func (p *planner) unreadable(e event.Event, by event.User, err error) {
	text, _, _ := e.Text()
	for _, c := range command.Lines(text) {
		if p.Settings.Catalog.Lookup(c.Words, c.Rest).Ours && p.mayCommand(by) && p.mayAnswer(by) {
			p.answerTo(e, by)
			p.refuse(textUnreadable(err))
			return
		}
	}
}

// ownCommands tells whether somebody wrote commands with the account that ddbot acts as. What ddbot writes carries a marker.
func (p *planner) ownCommands(e event.Event) bool {
	text, by, _ := e.Text()
	if !p.bySelf(by) || plan.Marked(text) {
		return false
	}
	cmds, _, err := Commands(e)
	return err == nil && slices.ContainsFunc(cmds, func(c command.Command) bool {
		return p.Settings.Catalog.Lookup(c.Words, c.Rest).Ours
	})
}

// mayCommand tells whether somebody's commands are run.
func (p *planner) mayCommand(by event.User) bool {
	return !p.bySelf(by) && !by.Nobody() && !by.Mute && (!by.Bot || issue.HasLogin(p.Settings.Bots, by.Login))
}

// Commands gives the commands that an event carries, and whose they are. On an edited comment those are the new ones,
// and only if its author did the edit: a person with write access can edit another's comment. So it is with an issue that
// somebody else opens: it was transferred.
func Commands(e event.Event) ([]command.Command, event.User, error) {
	text, by, ok := e.Text()
	if !ok {
		return nil, by, nil
	}
	switch k := e.Kind.(type) {
	case event.CommentEdited:
		if k.OldBody == nil || !e.Sender.Is(by) {
			return nil, by, nil
		}
		cmds, err := command.Added(*k.OldBody, text)
		return cmds, by, err
	case event.Opened:
		if !e.Sender.Is(by) {
			return nil, by, nil // whoever opened it, its author did not write it here
		}
	}
	cmds, err := command.Parse(text)
	return cmds, by, err
}

func (p *planner) command(e event.Event, before issue.Snapshot, pl plugin.Plugin, cmd *plugin.Command, args plugin.Args) error {
	allowed, err := p.can(args.By, cmd.Who...)
	if err == nil && !allowed {
		err = plugin.Userf("%s", textRefused(args, cmd, p.whoMay(cmd.Who)))
	}
	var effects []plan.Effect
	if err == nil {
		effects, err = cmd.Run(p.given(pl, p.input(e, before)), args)
	}
	if err == nil && cmd.Tracks && !p.out.Tracked {
		effects = append(effects, plan.Remember{Kind: RecordTracked, Data: []byte("1")})
	}
	missing, refused, said := len(p.out.Missing), p.out.Refused, len(p.out.Draft.Answer().Text)
	if err := p.take(pl, args.Line, effects, err); err != nil || len(p.out.Missing) > missing {
		return err
	}
	a := p.out.Draft.Answer()
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
		case plan.Reply, plan.Remember, plan.Stands:
		default:
			return false
		}
	}
	return true
}

// take folds what a plugin decided about a command's line, or about the event itself. A person's error becomes part of the
// answer, and what came with it is done all the same; a missing fact is noted; the rest is ours.
func (p *planner) take(pl plugin.Plugin, line string, effects []plan.Effect, err error) error {
	if _, told := errors.AsType[*plugin.UserError](err); err == nil || told {
		effects = p.spoken(effects)
		folded := p.out.Draft.Fold(effects)
		if folded == nil {
			for _, e := range effects {
				p.out.Effects = append(p.out.Effects, PluginEffect{pl.Name(), e})
			}
		}
		err = cmp.Or(folded, err)
	}
	if err == nil {
		return nil
	}
	if keys := fact.MissingKeys(err); len(keys) > 0 {
		p.out.Missing = append(p.out.Missing, keys...)
		return nil
	}
	var user *plugin.UserError
	var refused *checklist.RefusedError
	switch {
	case errors.Is(err, plugin.Silent):
		p.out.Refused++
	case errors.As(err, &user):
		p.out.Effects = append(p.out.Effects, PluginEffect{pl.Name(), plan.Reply{Text: p.Settings.Catalog.Say(user.Text)}})
		p.refuse(user.Text)
	case errors.As(err, &refused):
		p.refuse(textBodyRefused(line, refused))
	default:
		return err
	}
	return nil
}

// spoken has what is written name commands as people write them in this repository.
func (p *planner) spoken(effects []plan.Effect) []plan.Effect {
	if p.Settings.Catalog.Prefix() == plugin.Family {
		return effects
	}
	out := slices.Clone(effects)
	for i, e := range out {
		switch e := e.(type) {
		case plan.Reply:
			e.Text = p.Settings.Catalog.Say(e.Text)
			out[i] = e
		case plan.Notice:
			e.Text = p.Settings.Catalog.Say(e.Text)
			out[i] = e
		}
	}
	return out
}

// refuse answers what cannot be done.
func (p *planner) refuse(text string) {
	p.out.Refused++
	p.say(text)
}

func (p *planner) say(text string) {
	text = p.Settings.Catalog.Say(text)
	if a := p.out.Draft.Answer(); !slices.Contains(a.Text, text) { // what is so for twenty commands is said once
		a.Text = append(a.Text, text)
	}
}

// input is what plugins read, but for their own options.
func (p *planner) input(e event.Event, before issue.Snapshot) plugin.Input {
	now := p.out.Draft.Issue.Clone()
	in := plugin.Input{
		Event: e, Issue: now, Before: before, Facts: p.Facts, Now: p.Now,
		Tracked: p.tracked(now), Can: p.can, WhoIs: p.whoIs, Catalog: p.Settings.Catalog,
		MayLag: p.MayLag, Replaced: p.replaced, Status: p.status, Acted: len(p.out.Effects) > p.effects,
	}
	if keeper := p.Settings.Catalog.GuardOf(); keeper != nil {
		in.Guard = func() (plugin.Guard, plugin.Input) {
			return keeper.(plugin.Guard), p.given(keeper, in)
		}
	}
	if keeper := p.Settings.Catalog.ItemGuardOf(); keeper != nil {
		in.ItemGuard = func() (plugin.ItemGuard, plugin.Input) {
			return keeper.(plugin.ItemGuard), p.given(keeper, in)
		}
	}
	return in
}

func (p *planner) given(pl plugin.Plugin, in plugin.Input) plugin.Input {
	in.Options = p.Settings.Options[pl.Name()]
	return in
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
