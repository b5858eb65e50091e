// Package guard speaks up when an issue is closed while items of its checklist are open, as happened to KubeVirt's
// promotion issue when a pull request that said "Fixes" was merged.
package guard

import (
	"slices"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/template"
)

// Plugin owns no command.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "guard" }

// Help says what it is for.
func (Plugin) Help() string {
	return "Says so, or reopens once, when a tracked issue is closed while items of its checklist are open."
}

// Action is what happens.
type Action string

// The actions.
const (
	Warn   Action = "warn"   // one comment for each closing
	Reopen Action = "reopen" // open it again, once for an issue, and ask
	Allow  Action = "allow"  // nothing
)

// Options are the plugin's options.
type Options struct {
	// OnClose is what happens when a tracked issue is closed with open items, by a merged pull request or by a person:
	// warn, reopen or allow. An issue is reopened once; whoever closes it again meant it. Closing it with /close is no
	// accident either: then reopen says no more than warn does. Closing it as not planned or as a duplicate says why.
	OnClose Action `yaml:"onClose"`
	// Decided are labels (globs) that say that the application has been decided on: closing it then is the end and no accident.
	Decided []string `yaml:"decided"`
}

// Options warn, unless the vote has passed or the due diligence is complete (labels of cncf/toc).
func (Plugin) Options() any {
	return &Options{OnClose: Warn, Decided: []string{"gitvote/passed", "dd/status/complete"}}
}

// Validate finds an action that there is not.
func (o *Options) Validate() []error {
	errs := plugin.ValidateGlobs("decided", o.Decided)
	switch o.OnClose {
	case Warn, Reopen, Allow:
		return errs
	}
	return append(errs, plugin.FieldErrorf("onClose", "%q is not one of %s, %s and %s", o.OnClose, Warn, Reopen, Allow))
}

// Commands are none.
func (Plugin) Commands(any) []plugin.Command { return nil }

// Handle looks at closings.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) {
	o := plugin.Options[Options](in)
	command, closed := closing(in)
	if !closed || !in.Tracked || in.Issue.PullRequest || o.OnClose == Allow || meant(in.Issue, o.Decided) {
		return nil, nil
	}
	list, err := checklist.Parse(in.Issue.Body)
	if err != nil {
		return nil, nil //nolint:nilerr // no list that anybody could count
	}
	c := count(list)
	switch {
	case c.done == c.total:
		return nil, nil
	case command:
		// The comment with the command is answered anyway: this is its answer.
		return []plan.Effect{plan.Reply{Text: textWarn(in, c)}}, nil
	case o.OnClose == Reopen:
		return reopen(in, c)
	}
	at := in.Event.Issue.UpdatedAt
	if at.IsZero() {
		at = in.Event.Received
	}
	return once(in, "guard-"+at.UTC().Format("20060102T150405"), textWarn(in, c))
}

// meant tells whether the issue as it was closed says why open items do not matter.
func meant(s issue.Snapshot, decided []string) bool {
	return s.StateReason == "not_planned" || s.StateReason == "duplicate" ||
		slices.ContainsFunc(s.Labels, func(l string) bool { return plan.MatchAny(decided, l) })
}

// closing tells whether this event closed the issue, and whether a command to ddbot did: then GitHub's own event about it is
// ddbot's, and not looked at.
func closing(in plugin.Input) (command, closed bool) {
	if in.Issue.State != issue.Closed {
		return false, false
	}
	if _, ok := in.Event.Comment(); ok {
		return true, in.Before.State != issue.Closed
	}
	return false, event.Is[event.Closed](in.Event.Kind)
}

// reopen opens the issue and asks. The comment that asks is also the memory: it is there, so this was done.
func reopen(in plugin.Input, c counts) ([]plan.Effect, error) {
	effects, err := once(in, "guard-reopened", textReopened(in, c))
	if err != nil || effects == nil {
		return nil, err
	}
	return append([]plan.Effect{plan.Reopen{}}, effects...), nil
}

// once says a text in a comment of its own, unless that comment is there.
func once(in plugin.Input, key, text string) ([]plan.Effect, error) {
	id, err := in.Facts.Notice(key)
	if err != nil || id != 0 {
		return nil, err
	}
	return []plan.Effect{plan.Notice{Key: key, Text: text}}, nil
}

// counts are items; bare ones are done without evidence.
type counts struct{ done, total, bare int }

func count(list *checklist.List) counts {
	items := list.Items()
	c := counts{total: len(items)}
	for _, it := range items {
		if it.Checked {
			c.done++
			if !template.Said(list.Evidence(it)) {
				c.bare++
			}
		}
	}
	return c
}
