package dd

import (
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// note keeps a text under items, in place of those that are there or beside them, or removes those.
func note(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	list, matches, text, err := resolve(in, a)
	if err != nil {
		return nil, err
	}
	flag, text := cutFlag(text)
	switch {
	case text == "" && flag != "remove":
		return nil, textNoteMissing(a)
	case text != "" && flag == "remove":
		return nil, textRemoveTakesNothing(a)
	}
	ops := replaced(in, list)
	var refs []string
	var settled []checklist.Key
	removed := 0
	for _, m := range matches {
		if m.Whole && len(m.Items) > 1 {
			return nil, textNoteNeedsItem(m)
		}
		for _, item := range m.Items {
			if flag != "" {
				gone := unnote(list, item, isOwn)
				removed += len(gone)
				ops = append(ops, gone...)
				settled = append(settled, item.Key)
			}
			if text != "" {
				ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: item.Key, Text: noteLine(text, a.By.Login)})
			}
			refs = append(refs, item.Ref)
		}
	}
	if flag == "remove" && removed == 0 && len(ops) == 0 {
		return []plan.Effect{plan.Stands{Effect: plan.Checklist{What: "notes", Settles: settled}}}, textNoNotes(a, refs)
	}
	verb := map[string]string{"": "note under ", "replace": "replace the notes under ", "remove": "remove the notes under "}[flag]
	effects := edit(in, a, ops, verb, refs, "")
	if c, ok := effects[0].(plan.Checklist); ok {
		c.Settles = settled
		effects[0] = c
	}
	return effects, nil
}

// flags are how /dd note is told to mend what is there. Some editors make one long dash of two.
var flags = regexp.MustCompile(`(?i)^(?:--|—|–)(remove|replace)(?:\s+|$)`)

func cutFlag(text string) (flag, rest string) {
	if m := flags.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1]), strings.TrimSpace(text[len(m[0]):])
	}
	return "", text
}

// own is what ddbot's notes look like, whoever they are from: noteLine and undoneLine.
var own = regexp.MustCompile(`(?s)^\*\*(?:Note|Evidence|Undone):\*\* .* — [\w.-]+(?:\[bot\])?$`)

func isOwn(note string) bool { return own.MatchString(note) }

func isUndone(note string) bool { return isOwn(note) && strings.HasPrefix(note, "**Undone:**") }

// unnote removes the notes under an item that are to go.
func unnote(list *checklist.List, item checklist.Item, goes func(string) bool) (ops []checklist.Op) {
	for _, n := range list.Bullets(item) {
		if goes(n) {
			ops = append(ops, checklist.Op{Kind: checklist.OpUnnote, Key: item.Key, Text: n})
		}
	}
	return ops
}

// replaced removes what commands wrote that an edit of their comment took out or changed: the new text stands for the old one.
func replaced(in plugin.Input, list *checklist.List) (ops []checklist.Op) {
	lines := map[string]func(text, by string) string{"dd done": noteLine, "dd note": noteLine, "dd undo": undoneLine}
	for _, a := range in.Replaced {
		line := lines[a.Name]
		if line == nil {
			continue
		}
		ref, text := list.SplitRef(a.Rest)
		matches, err := list.Resolve(ref)
		if err != nil {
			continue // it was not understood then, either
		}
		_, text = cutFlag(withBelow(a, text))
		if text == "" {
			continue
		}
		for _, m := range matches {
			for _, item := range m.Items {
				op := checklist.Op{Kind: checklist.OpUnnote, Key: item.Key, Text: line(text, a.By.Login)}
				if without, err := checklist.Apply(in.Issue.Body, op); err == nil && without != in.Issue.Body {
					ops = append(ops, op)
				}
			}
		}
	}
	return ops
}
