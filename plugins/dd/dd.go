// Package dd is the heart of ddbot: slash commands that tick, untick and document the items of the due-diligence
// checklist in an issue's body, for people who may not edit that body.
package dd

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// Plugin owns /dd done, undo, note, status and help.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "dd" }

// Help says what it is for.
func (Plugin) Help() string {
	return "Ticks and documents the items of the checklist in the issue's description."
}

// Options are the plugin's options.
type Options struct {
	// Welcome has a first comment say how it works, under an application that has just been opened.
	Welcome bool `yaml:"welcome"`
	// Items are rules for single items: who may tick them, and when.
	Items []ItemRule `yaml:"items"`
}

// Options gives the defaults.
func (Plugin) Options() any { return &Options{Welcome: true} }

// Handle welcomes; without a command nothing happens to the list.
func (Plugin) Handle(in plugin.Input) ([]plan.Effect, error) { return welcome(in) }

var applicants = []plugin.Role{plugin.Applicant, plugin.Maintainer}

// Commands are the verbs. How items are named is told in package checklist.
func (Plugin) Commands(options any) []plugin.Command {
	ticks := applicants
	if o, ok := options.(*Options); ok {
		ticks = o.tickers()
	}
	return []plugin.Command{
		{
			Name: "dd done", Like: []string{"tick", "check", "complete", "completed", "finish", "resolve", "answer", "evidence", "mark", "yes"},
			Usage: "/dd done ITEM[, ITEM…] [evidence or note]", Who: ticks, Tracks: true, Text: true, Run: onFresh(done),
			Help:     "Ticks an item, or all open items of a section; text after it, or below, is kept under the item.",
			Examples: []string{"/dd done technical", "/dd done technical.3 https://example.com/scale-tests", `/dd done "code of conduct", users.1`},
		},
		{
			Name: "dd undo", Like: []string{"untick", "uncheck", "reopen", "revert", "reset", "remove", "open", "not-done"},
			Usage: "/dd undo ITEM[, ITEM…] [reason]", Who: ticks, Tracks: true, Text: true, Run: onFresh(undo),
			Help:     "Removes the tick; the reason is kept under the item.",
			Examples: []string{"/dd undo technical.3", "/dd undo users.1 the reference withdrew"},
		},
		{
			Name: "dd note", Like: []string{"comment", "add", "text", "document", "link", "reply", "edit", "update"},
			Usage: "/dd note ITEM[, ITEM…] text|--replace text|--remove", Who: applicants, Tracks: true, Text: true, Run: onFresh(note),
			Help:     "Keeps a note or evidence under an item without ticking it; replaces or removes the notes that I wrote there.",
			Examples: []string{"/dd note project.6 https://example.com/adding-committers", "/dd note context.2 --replace see the comparison in our docs", "/dd note users.1 --remove"},
		},
		{
			Name: "dd status", Like: []string{"progress", "summary", "report", "show", "todo", "missing", "stage", "state", "overview", "left"},
			Usage: "/dd status [SECTION]", Who: []plugin.Role{plugin.Anyone}, Run: onFresh(status),
			Help:     "Shows progress by section, the open items, and those without evidence.",
			Examples: []string{"/dd status", "/dd status governance"},
		},
		{
			Name: "dd items", Like: []string{"list", "sections", "checklist", "refs", "names"},
			Usage: "/dd items [SECTION]", Who: []plugin.Role{plugin.Anyone}, Run: onFresh(items),
			Help:     "Lists all items with the names by which commands address them.",
			Examples: []string{"/dd items", "/dd items technical"},
		},
		{
			Name: "dd help", Like: []string{"commands", "usage", "man", "how", "info", "about"},
			Usage: "/dd help [command]", Who: []plugin.Role{plugin.Anyone}, Run: help,
			Help:     "Lists the commands, or explains one.",
			Examples: []string{"/dd help", "/dd help done"},
		},
	}
}

// onFresh has a command decide on the description as it is, and not on one from before ddbot's own last edit: or what seems to
// be so already would be left as it is, and thanked for.
func onFresh(run func(plugin.Input, plugin.Args) ([]plan.Effect, error)) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		if in.MayLag {
			return []plan.Effect{plan.Read{}}, nil
		}
		return run(in, a)
	}
}

func done(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	return tick(in, a, true, noteLine)
}

func undo(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	return tick(in, a, false, undoneLine)
}

// tick sets the boxes of what the arguments name. Of a section only those items get the note whose box really changes.
func tick(in plugin.Input, a plugin.Args, to bool, line func(text, by string) string) ([]plan.Effect, error) {
	list, matches, text, err := resolve(in, a)
	if err != nil {
		return nil, err
	}
	matches, left, err := allowed(in, a, list, matches, to)
	if err != nil {
		return nil, err
	}
	var stands []checklist.Op
	var refs []string
	ops := replaced(in, list)
	for _, m := range matches {
		for _, item := range m.Items {
			if item.Checked == to && (m.Whole || !to) {
				stands = append(stands, checklist.Op{Kind: checklist.OpTick, Key: item.Key, To: to})
				if text != "" && slices.ContainsFunc(ops, func(op checklist.Op) bool { return op.Key == item.Key }) {
					ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: item.Key, Text: line(text, a.By.Login)}) // in place of what goes
				}
				continue // more evidence for one ticked item is kept; there is no reason for what is not undone
			}
			ops = append(ops, checklist.Op{Kind: checklist.OpTick, Key: item.Key, To: to})
			if to { // why it was undone is over
				ops = append(ops, unnote(list, item, isUndone)...)
			}
			refs = append(refs, item.Ref)
			if text != "" {
				ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: item.Key, Text: line(text, a.By.Login)})
			}
		}
	}
	effects := append(standing(stands), leftOut(left)...)
	if len(ops) == 0 && text != "" && !a.Below && !keeps(in.Issue.Body, matches, line(text, a.By.Login)) {
		return effects, textNowhere(a, matches, to)
	}
	if len(ops) == 0 {
		return effects, nil // all is so already
	}
	verb := "untick "
	if to {
		verb = "tick "
	}
	effects = append(effects, edit(in, a, ops, verb, refs, noted(text))...)
	if like := lookalikes(list, matches); to && len(like) > 0 {
		effects = append(effects, plan.Reply{Text: textLookalikes(like)})
	}
	return effects, nil
}

// lookalikes are the lines that look like boxes and are none, where somebody means all that there is.
func lookalikes(list *checklist.List, matches []checklist.Match) []checklist.Lookalike {
	if !slices.ContainsFunc(matches, func(m checklist.Match) bool { return m.Whole && len(m.Items) == len(list.Items()) }) {
		return nil
	}
	return list.Lookalikes()
}

// edit makes the effects of operations on items. What cannot be edited safely is left out and named, unless that is all.
func edit(in plugin.Input, a plugin.Args, ops []checklist.Op, verb string, refs []string, noted string) []plan.Effect {
	do, refused, err := checklist.Doable(in.Issue.Body, ops...)
	if err != nil || len(refused) == 0 {
		return []plan.Effect{plan.Checklist{Ops: ops, What: verb + strings.Join(refs, ", ") + noted}}
	}
	left := make([]string, len(refused))
	for i, r := range refused {
		left[i] = r.Item.Ref
	}
	refs = slices.DeleteFunc(refs, func(ref string) bool { return slices.Contains(left, ref) })
	return []plan.Effect{
		plan.Checklist{Ops: do, What: verb + strings.Join(refs, ", ") + noted},
		plan.Reply{Text: textLeftOut(a, left)},
	}
}

// standing says of what is so already that it stands.
func standing(ops []checklist.Op) []plan.Effect {
	if len(ops) == 0 {
		return nil
	}
	return []plan.Effect{plan.Stands{Effect: plan.Checklist{Ops: ops, What: "boxes"}}}
}

// keeps tells whether the text stands under the items already: the command was carried out before.
func keeps(body string, matches []checklist.Match, line string) bool {
	var ops []checklist.Op
	for _, m := range matches {
		for _, item := range m.Items {
			ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: item.Key, Text: line})
		}
	}
	with, err := checklist.Apply(body, ops...)
	return err == nil && with == body
}

func noted(text string) string {
	if text == "" {
		return ""
	}
	return " with a note"
}

// resolve finds the items of the checklist that the arguments name, and the text after them, that on the lines below included.
func resolve(in plugin.Input, a plugin.Args) (*checklist.List, []checklist.Match, string, error) {
	if ref, _ := checklist.SplitRef(a.Rest); ref == "" {
		return nil, nil, "", textItemMissing(a)
	}
	list, err := parse(in)
	if err != nil {
		return nil, nil, "", err
	}
	ref, text := list.SplitRef(a.Rest)
	matches, err := list.Resolve(ref)
	if err != nil {
		return nil, nil, "", textResolve(a, list, err)
	}
	if refs := list.Listed(ref, text); len(refs) > 0 {
		return nil, nil, "", textCommas(a, ref, refs)
	}
	if checklist.Beside(text) {
		if meant := besideMeant(list, a, matches, text); meant != "" {
			return nil, nil, "", textBeside(a, text, meant)
		}
	}
	return list, matches, withBelow(a, text), nil
}

// besideMeant is what may have been meant by a number or a word like "section" behind an item; "" if there is no such item: then it is a note.
func besideMeant(list *checklist.List, a plugin.Args, matches []checklist.Match, text string) string {
	meant := list.Meant(a.Rest)
	if number := digits.FindString(text); meant == "" && number != "" {
		name, _ := ordinal(strings.TrimSuffix(matches[len(matches)-1].Ref, "/*"))
		meant = name + "." + number
	}
	if _, err := list.Resolve(meant); err != nil {
		return ""
	}
	return meant
}

var digits = regexp.MustCompile(`\d+`)

// withBelow is the text of a command: what follows the items on its line, and what stands below it.
func withBelow(a plugin.Args, text string) string {
	return strings.TrimSpace(separator.ReplaceAllString(text, "") + "\n" + a.Text)
}

// separator is what people write between an item and the text about it.
var separator = regexp.MustCompile(`^[-–—:]+[ \t]+`)

func parse(in plugin.Input) (*checklist.List, error) {
	list, err := checklist.Parse(in.Issue.Body)
	if refused, ok := errors.AsType[*checklist.RefusedError](err); ok {
		return nil, textCannotRead(refused)
	}
	if err == nil && len(list.Items()) == 0 {
		return nil, textNoItems(list.Lookalikes())
	}
	return list, err
}
