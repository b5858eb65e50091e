package diligence

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// notReady closes the application, with all that is missing.
func notReady(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	reason := whole(a.Rest, a)
	if reason == "" {
		return nil, textNoText(a, "/dd not-ready the governance is not written down; please come back in six months")
	}
	list, err := parse(in)
	if err != nil {
		return nil, err
	}
	var open []checklist.Item
	for _, i := range list.Items() {
		if !i.Checked {
			open = append(open, i)
		}
	}
	o := plugin.Options[Options](in)
	effects := []plan.Effect{plan.Close{Reason: "not_planned"}, plan.Reply{Text: textNotReady(in, reason, open, s)}}
	if o.NotReady != "" {
		label, ok, err := in.Facts.Label(o.NotReady)
		if err != nil {
			return nil, err
		}
		if ok {
			effects = append(effects, plan.AddLabels{Labels: []string{label}})
		}
	}
	if s.Empty() {
		return effects, nil
	}
	return keep(in, s, id, effects...)
}

// another reads the other issue that a command names, and how it stands.
func another(in plugin.Input, a plugin.Args, example string) (to string, ref issue.Ref, e fact.Elsewhere, err error) {
	if a.Rest == "" {
		return "", ref, e, textNoText(a, example)
	}
	to, ok := target(in, a.Rest)
	ref, bad := issue.ParseRef(to)
	switch {
	case !ok || bad != nil:
		return "", ref, e, textNoTarget(a, a.Rest)
	case ref == in.Issue.Ref:
		return "", ref, e, textItself(a)
	}
	e, err = look(in, a, ref)
	return to, ref, e, err
}

// reapply takes over what an earlier application left open.
func reapply(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	to, ref, e, err := another(in, a, "/dd reapply #1757")
	if err != nil {
		return nil, err
	}
	known, err := in.Facts.StatusOf(ref)
	if err != nil {
		return nil, err
	}
	old, err := diligence.Parse(known.Body)
	if err != nil {
		return nil, textUnreadable(err)
	}
	if ok, err := mayTakeOver(in, a, e, old); err != nil || !ok {
		return nil, orElse(err, textNotTheirs(a, to))
	}
	then, err := checklist.Parse(e.Body)
	if err != nil {
		then = nil // the old description is no list that can be read: the rest is taken over
	}
	s = s.Import(old, to, now(in))
	left, ops := carried(in, then)
	more := []plan.Effect{plan.Reply{Text: textReapplied(to, old, len(ops), left)}}
	if len(ops) > 0 {
		more = append(more, plan.Checklist{Ops: ops, What: "evidence of " + to})
	}
	return keep(in, s, id, more...)
}

// mayTakeOver tells whether somebody may take over an application: who wrote both, who spoke for that one, sponsors and staff.
func mayTakeOver(in plugin.Input, a plugin.Args, e fact.Elsewhere, old diligence.State) (bool, error) {
	if issue.SameLogin(e.Author, in.Issue.Author) || issue.SameLogin(e.Author, a.By.Login) || issue.HasLogin(old.Team, a.By.Login) {
		return true, nil
	}
	return in.Can(a.By, plugin.Sponsor, plugin.Maintainer, plugin.Staff)
}

// carried are the notes of the earlier application under items that this one has, too, and the items that were open there.
func carried(in plugin.Input, then *checklist.List) (open []string, ops []checklist.Op) {
	list, err := parse(in)
	if err != nil || then == nil {
		return nil, nil
	}
	for _, old := range then.Items() {
		at, ok := sameItem(list, old)
		if !old.Checked {
			open = append(open, old.Text)
		}
		if !ok || !old.Checked {
			continue
		}
		for _, n := range old.Notes {
			if !contains(at.Notes, n) {
				ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: at.Key, Text: plan.Neutral(n)})
			}
		}
	}
	return open, ops
}

func contains(list []string, s string) bool {
	return slices.ContainsFunc(list, func(x string) bool { return strings.EqualFold(strings.TrimSpace(x), strings.TrimSpace(s)) })
}

// sameItem finds an item of another issue here: in the same section, else by its text, if that stands once.
func sameItem(list *checklist.List, other checklist.Item) (found checklist.Item, ok bool) {
	if i, ok := diligence.ItemOf(other).In(list); ok {
		return i, true
	}
	n := 0
	for _, i := range list.Items() {
		if i.Key.Text == other.Key.Text {
			found = i
			n++
		}
	}
	return found, n == 1
}

// tracks names the other issue about the same.
func tracks(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(a.Rest, "none") {
		s.Tracks, s.TracksBy, s.Other = "", "", diligence.Other{}
		return keep(in, s, id)
	}
	to, _, e, err := another(in, a, "/dd tracks kubevirt/community#307")
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(s.Tracks, to) {
		s.Other = diligence.Other{}
	}
	s.Tracks, s.TracksBy = to, a.By.Login
	s, ops, refs, err := taken(in, s, e, a.By)
	if err != nil {
		return nil, err
	}
	effects, err := keep(in, s, id)
	if err != nil || len(ops) == 0 {
		return effects, err
	}
	return append(effects, plan.Checklist{Ops: ops, What: "tick " + strings.Join(refs, ", ") + " as in " + to}), nil
}

// taken are the ticks that come over from the other issue, where the configuration has them go that way: each once, with the rights of
// who named that issue.
func taken(in plugin.Input, s diligence.State, e fact.Elsewhere, by event.User) (_ diligence.State, ops []checklist.Op, refs []string, err error) {
	other, bad := checklist.Parse(e.Body)
	if bad != nil {
		other = nil
	}
	count := diligence.Count(other)
	s.Other.State, s.Other.Done, s.Other.Total = e.State, count.Done, count.Total
	list, err := parse(in)
	if err != nil || other == nil || plugin.Options[Options](in).Tracks != "from" {
		return s, nil, nil, err
	}
	for _, theirs := range other.Items() {
		mine, ok := sameItem(list, theirs)
		if !ok || !theirs.Checked || mine.Checked || slices.Contains(s.Other.Took, shortID(mine)) {
			continue
		}
		if why, err := in.Bars(by, list, mine); err != nil || why != "" {
			if err != nil {
				return s, nil, nil, err
			}
			continue
		}
		s.Other.Took = append(slices.Clone(s.Other.Took), shortID(mine))
		ops = append(ops, checklist.Op{Kind: checklist.OpTick, Key: mine.Key, To: true})
		refs = append(refs, mine.Ref)
		for _, n := range theirs.Notes {
			if !contains(mine.Notes, n) {
				ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: mine.Key, Text: plan.Neutral(n)})
			}
		}
	}
	return s, ops, refs, nil
}

// shortID names an item shortly, for what is remembered of many.
func shortID(i checklist.Item) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\n%s\n%d", i.Key.Section, i.Key.Text, i.Key.Nth)))
	return hex.EncodeToString(sum[:4])
}
