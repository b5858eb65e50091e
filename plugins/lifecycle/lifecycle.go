// Package lifecycle owns the life cycle of an issue: /lifecycle and /remove-lifecycle, /close and /reopen with the rights
// that Prow gives, the label that goes when a person comes back, and what the sweep found due. When something is due is
// decided in pkg/stale.
package lifecycle

import (
	"errors"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/command"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
)

// Plugin is Prow's lifecycle plugin and its stale → rotten → close periodics in one.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "lifecycle" }

// Help says what it is for.
func (Plugin) Help() string { return helpPlugin }

// Commands are Prow's, with /close completed and /close duplicate beside them.
func (Plugin) Commands(any) []plugin.Command {
	anyone := []plugin.Role{plugin.Anyone}
	return []plugin.Command{
		{
			Name: "lifecycle", Usage: "/lifecycle active|frozen|stale|rotten", Who: anyone, Run: setStage,
			Help: helpLifecycle, Examples: []string{"/lifecycle frozen", "/lifecycle stale"},
		},
		{
			Name: "remove-lifecycle", Usage: "/remove-lifecycle active|frozen|stale|rotten", Who: anyone, Run: removeStage,
			Help: helpRemove, Examples: []string{"/remove-lifecycle stale"},
		},
		{
			Name: "close", Usage: "/close [completed|not-planned|duplicate]", Who: anyone, WhoElse: helpWhoCloses, Run: closeIssue,
			Help: helpClose, Examples: []string{"/close", "/close not-planned", "/close duplicate"},
		},
		{
			Name: "reopen", Usage: "/reopen", Who: anyone, WhoElse: helpWhoReopens, Run: reopen,
			Help: helpReopen, Examples: []string{"/reopen"},
		},
	}
}

// words are the arguments of the two lifecycle commands and their labels.
var words = []string{"active", "frozen", "stale", "rotten"}

func label(a plugin.Args) (string, error) {
	word := strings.ToLower(a.Rest)
	if !slices.Contains(words, word) {
		return "", textWord(a, words)
	}
	return "lifecycle/" + word, nil
}

func setStage(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	l, err := label(a)
	if err != nil {
		return nil, err
	}
	if l == stale.Frozen && in.Issue.PullRequest {
		return nil, textFrozenPull()
	}
	return in.Set(a.By, []string{l}, stale.Labels)
}

// removeStage removes one label. A person who answers the mail about "stale" when the issue is rotten by now means the label
// that is there, and comes back as with any other comment.
func removeStage(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	l, err := label(a)
	if err != nil {
		return nil, err
	}
	if !in.Issue.HasLabel(l) && !in.MayLag {
		stage := stages(in.Issue)
		if wakes := plugin.Options[Options](in).UnstaleOnActivity; wakes && len(stage) > 0 && (l == stale.Stale || l == stale.Rotten) {
			return freshen(stage), nil
		}
		for _, other := range stale.Labels {
			if in.Issue.HasLabel(other) {
				return nil, textOther(l, other)
			}
		}
	}
	return in.Unset(a.By, []string{l})
}

// reasons are GitHub's state reasons by the word that people write.
var reasons = map[string]string{
	"": "completed", "completed": "completed", "not-planned": "not_planned", "duplicate": "duplicate",
}

func closeIssue(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	word := strings.ToLower(strings.ReplaceAll(a.Rest, "_", "-"))
	reason, ok := reasons[word]
	if !ok {
		return nil, textReason(a, []string{"completed", "not-planned", "duplicate"})
	}
	if in.Issue.PullRequest && word != "" {
		return nil, textPullReason(word)
	}
	may, err := mayClose(in, a.By)
	if err != nil {
		return nil, err
	}
	if !may {
		return nil, textMayNotClose(in.Before)
	}
	if in.Issue.State == issue.Closed && word != "" && in.Issue.StateReason != reason && !in.MayLag {
		return nil, textClosedAs(in.Issue.StateReason)
	}
	return []plan.Effect{plan.Close{Reason: reason}}, nil
}

// owners may close and reopen: the author and collaborators. Prow asks GitHub's collaborators endpoint, which also says
// yes to members who may only read; here a collaborator is who has triage permission, as GitHub itself has it.
var owners = []plugin.Role{plugin.Author, plugin.Reviewer}

// mayClose gives Prow's rights (pkg/plugins/lifecycle/close.go): the author, a collaborator, anyone on an issue that is
// stale or rotten. Unlike there, the label must have been there before this comment and be of somebody else's making,
// or anyone could close anything in two steps.
func mayClose(in plugin.Input, who event.User) (bool, error) {
	if ok, err := in.Can(who, owners...); ok || err != nil {
		return ok, err
	}
	for _, l := range []string{stale.Stale, stale.Rotten} {
		// Before holds what earlier comments of the same batch asked for, the event's own issue does not.
		if !in.Before.HasLabel(l) || !in.Event.Issue.HasLabel(l) {
			continue
		}
		all, err := in.Facts.Labelings()
		if err != nil {
			return false, err
		}
		if by, ok := lastOf(all, l); ok && !who.Is(by) {
			return true, nil
		}
	}
	return false, nil
}

func lastOf(all []fact.Labeling, label string) (by event.User, ok bool) {
	for _, l := range all {
		if issue.SameLabel(l.Label, label) {
			by, ok = event.User{Login: l.By, ID: l.ByID}, true
		}
	}
	return by, ok
}

// reopen also starts fresh clocks: what was stale before it was closed would be closed again at the next sweep.
func reopen(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	if a.Rest != "" {
		return nil, textNothingAfter(a)
	}
	ok, err := in.Can(a.By, owners...)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, textMayNotReopen(in.Before)
	}
	return append([]plan.Effect{plan.Reopen{}}, freshen(stages(in.Issue))...), nil
}

// stages are the labels of stages that an issue carries.
func stages(s issue.Snapshot) []string {
	return slices.DeleteFunc([]string{stale.Stale, stale.Rotten}, func(l string) bool { return !s.HasLabel(l) })
}

// freshen takes labels of stages off and ends the cycle.
func freshen(labels []string) []plan.Effect {
	effects := []plan.Effect{plan.Remember{Kind: stale.ActionKind}}
	if len(labels) > 0 {
		effects = append(effects, plan.RemoveLabels{Labels: labels})
	}
	return effects
}

// Handle decides about what is due and about people who come back.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	if !in.Tracked {
		return nil, nil
	}
	switch k := in.Event.Kind.(type) {
	case event.Due:
		return due(in, k)
	case event.Reopened:
		return reopened(in)
	}
	return awake(in)
}

// reopened forgets that the sweep closed it: whoever closes it now is somebody else.
func reopened(in plugin.Input) ([]plan.Effect, error) {
	effects, err := awake(in)
	if err != nil || len(effects) > 0 {
		return effects, err
	}
	r, err := recall(in)
	if err != nil || r == nil || r.Action != stale.GoClosed {
		return nil, err
	}
	return freshen(nil), nil
}

// awake takes the label off when a person comes back, and may reopen what ddbot closed.
func awake(in plugin.Input) ([]plan.Effect, error) {
	o := plugin.Options[Options](in)
	h, ok := stale.FromEvent(in.Event, false)
	if !ok || !o.Policy().IsActivity(h) || in.Issue.HasLabel(stale.Frozen) || decidesItself(in) {
		return nil, nil
	}
	if in.Issue.State == issue.Closed {
		return comeback(in, o)
	}
	if !o.UnstaleOnActivity {
		return nil, nil
	}
	labels := stages(in.Issue)
	r, err := recall(in)
	if err != nil {
		return nil, err
	}
	// The payload may be older than the sweep's label: the person wrote while that was on its way.
	if r != nil && in.MayLag && !h.At.After(r.At) {
		if l := "lifecycle/" + string(r.Action); stale.IsLabel(l) && !slices.Contains(labels, l) {
			labels = append(labels, l)
		}
	}
	if len(labels) == 0 {
		return nil, nil
	}
	return freshen(labels), nil
}

// comeback reopens an issue that the sweep closed when its author has something to say.
func comeback(in plugin.Input, o *Options) ([]plan.Effect, error) {
	byAuthor := in.Event.Sender.Is(event.AuthorOf(in.Issue))
	if !o.ReopenOnAuthorComment || !event.Is[event.CommentCreated](in.Event.Kind) || !byAuthor {
		return nil, nil
	}
	r, err := recall(in)
	if err != nil || r == nil || r.Action != stale.GoClosed {
		return nil, err
	}
	return append([]plan.Effect{plan.Reopen{}}, freshen(stages(in.Issue))...), nil
}

// decidesItself tells whether the event's text carries a command of this plugin that says what the issue's life is to be:
// then that decides, and not that somebody wrote something. So the e-mail reply with /remove-lifecycle stale on top does one
// thing. What was mistyped decides nothing: it is a comment like any other.
func decidesItself(in plugin.Input) bool {
	text, _, ok := in.Event.Text()
	if !ok {
		return false
	}
	cmds, err := command.Parse(text)
	if err != nil {
		return false // the engine has said so
	}
	return slices.ContainsFunc(cmds, func(c command.Command) bool {
		switch name, args := c.Words[0], strings.Join(append(slices.Clone(c.Words[1:]), c.Rest), " "); name {
		case "lifecycle", "remove-lifecycle":
			return slices.Contains(words, strings.ToLower(strings.TrimSpace(args)))
		case "close", "reopen":
			return true
		}
		return false
	})
}

// errBroken is for what only a mistake of ours can cause.
var errBroken = errors.New("cannot read what the sweep found")
