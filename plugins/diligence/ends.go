package diligence

import (
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/diligence"
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

// reapply takes over what an earlier application left open.
func reapply(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	if a.Rest == "" {
		return nil, textNoText(a, "/dd reapply #1757")
	}
	to, ok := target(in, a.Rest)
	ref, bad := issue.ParseRef(to)
	if !ok || bad != nil || ref == in.Issue.Ref {
		return nil, textNoTarget(a, a.Rest)
	}
	e, err := look(in, a, ref)
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
	then, err := checklist.Parse(e.Body)
	if err != nil {
		then = nil // the old description is no list that can be read: the rest is taken over
	}
	s = s.Import(old, to)
	left, ops := carried(in, then)
	more := []plan.Effect{plan.Reply{Text: textReapplied(to, old, len(ops), left)}}
	if len(ops) > 0 {
		more = append(more, plan.Checklist{Ops: ops, What: "evidence of " + to})
	}
	return keep(in, s, id, more...)
}

// carried are the notes of the earlier application under items that this one has, too, and the items that were open there.
func carried(in plugin.Input, then *checklist.List) (open []string, ops []checklist.Op) {
	list, err := parse(in)
	if err != nil || then == nil {
		return nil, nil
	}
	for _, old := range then.Items() {
		at := sameItem(list, old)
		if !old.Checked {
			open = append(open, old.Text)
		}
		if at == nil || !old.Checked {
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

func sameItem(list *checklist.List, other checklist.Item) *checklist.Item {
	fold := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }
	for _, i := range list.Items() {
		if fold(i.Text) == fold(other.Text) {
			return &i
		}
	}
	return nil
}

// tracks names the other issue about the same.
func tracks(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	s, id, err := state(in)
	if err != nil {
		return nil, err
	}
	if strings.EqualFold(a.Rest, "none") {
		s.Tracks, s.TracksBy = "", ""
		return keep(in, s, id)
	}
	if a.Rest == "" {
		return nil, textNoText(a, "/dd tracks kubevirt/community#307")
	}
	to, ok := target(in, a.Rest)
	ref, bad := issue.ParseRef(to)
	if !ok || bad != nil || ref == in.Issue.Ref {
		return nil, textNoTarget(a, a.Rest)
	}
	e, err := look(in, a, ref)
	if err != nil {
		return nil, err
	}
	s.Tracks, s.TracksBy = to, a.By.Login
	effects, err := keep(in, s, id)
	if err != nil {
		return nil, err
	}
	ops, refs, err := taken(in, e.Body, to)
	if err != nil || len(ops) == 0 {
		return effects, err
	}
	return append(effects, plan.Checklist{Ops: ops, What: "tick " + strings.Join(refs, ", ") + " as in " + to}), nil
}

// taken are the ticks that come over from the other issue, where the configuration has them go that way.
func taken(in plugin.Input, body, to string) (ops []checklist.Op, refs []string, err error) {
	if plugin.Options[Options](in).Tracks != "from" {
		return nil, nil, nil
	}
	other, bad := checklist.Parse(body)
	list, err := parse(in)
	if bad != nil || err != nil {
		return nil, nil, err
	}
	for _, theirs := range other.Items() {
		mine := sameItem(list, theirs)
		if mine == nil || !theirs.Checked || mine.Checked {
			continue
		}
		ops = append(ops, checklist.Op{Kind: checklist.OpTick, Key: mine.Key, To: true})
		refs = append(refs, mine.Ref)
		for _, n := range theirs.Notes {
			if !contains(mine.Notes, n) {
				ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: mine.Key, Text: plan.Neutral(n)})
			}
		}
	}
	return ops, refs, nil
}
