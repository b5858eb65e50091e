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

// Handle does nothing: without a command nothing happens to the list.
func (Plugin) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

var applicants = []plugin.Role{plugin.Author, plugin.Maintainer}

// Commands are the verbs. How items are named is told in package checklist.
func (Plugin) Commands() []plugin.Command {
	return []plugin.Command{
		{
			Name: "dd done", Usage: "/dd done ITEM[, ITEM…] [evidence or note]", Who: applicants, Tracks: true, Run: onFresh(done),
			Help:     "Ticks an item, or all open items of a section; text after it is kept under the item.",
			Examples: []string{"/dd done technical", "/dd done technical.3 https://example.com/scale-tests", `/dd done "code of conduct", users.1`},
		},
		{
			Name: "dd undo", Usage: "/dd undo ITEM[, ITEM…] [reason]", Who: applicants, Tracks: true, Run: onFresh(undo),
			Help:     "Takes the tick off again; the reason is kept under the item.",
			Examples: []string{"/dd undo technical.3", "/dd undo users.1 the reference withdrew"},
		},
		{
			Name: "dd note", Usage: "/dd note ITEM[, ITEM…] text", Who: applicants, Tracks: true, Run: onFresh(note),
			Help:     "Keeps a note or evidence under an item without ticking it.",
			Examples: []string{"/dd note context.2 see the comparison in our docs", "/dd note project.6 https://example.com/adding-committers"},
		},
		{
			Name: "dd status", Usage: "/dd status", Who: []plugin.Role{plugin.Anyone}, Run: onFresh(status), Takes: noArguments,
			Help:     "Shows how far the checklist is, by section, and what has no evidence yet.",
			Examples: []string{"/dd status"},
		},
		{
			Name: "dd help", Usage: "/dd help [command]", Who: []plugin.Role{plugin.Anyone}, Run: help,
			Help:     "Lists the commands, or explains one.",
			Examples: []string{"/dd help", "/dd help done"},
		},
	}
}

// onFresh has a command decide on the description as it is, and not on one from before ddbot's own last edit: or what seems to
// be so already would be left as it is, and thanked for.
func onFresh(run func(plugin.Input, plugin.Args) ([]plan.Effect, error)) func(plugin.Input, plugin.Args) ([]plan.Effect, error) {
	return func(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
		if in.Doubtful {
			return []plan.Effect{plan.Read{}}, nil
		}
		return run(in, a)
	}
}

func noArguments(rest string) bool { return rest == "" }

func done(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	return tick(in, a, true, noteLine)
}

func undo(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	return tick(in, a, false, undoneLine)
}

// tick sets the boxes of what the arguments name. Of a section only those items get the note whose box really changes.
func tick(in plugin.Input, a plugin.Args, to bool, line func(text, by string) string) ([]plan.Effect, error) {
	matches, text, err := resolve(in, a)
	if err != nil {
		return nil, err
	}
	var ops []checklist.Op
	var refs []string
	for _, m := range matches {
		for _, item := range m.Items {
			if item.Checked == to && (m.Whole || !to) {
				continue // more evidence for one ticked item is kept; there is no reason for what is not undone
			}
			ops = append(ops, checklist.Op{Kind: checklist.OpTick, Key: item.Key, To: to})
			refs = append(refs, item.Ref)
			if text != "" {
				ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: item.Key, Text: line(text, a.By.Login)})
			}
		}
	}
	if len(ops) == 0 && text != "" && !keeps(in.Issue.Body, matches, line(text, a.By.Login)) {
		return nil, textNowhere(a, matches, to)
	}
	if len(ops) == 0 {
		return nil, nil // all is so already
	}
	verb := "untick "
	if to {
		verb = "tick "
	}
	return []plan.Effect{plan.Checklist{Ops: ops, What: verb + strings.Join(refs, ", ") + noted(text)}}, nil
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

func note(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	matches, text, err := resolve(in, a)
	if err != nil {
		return nil, err
	}
	if text == "" {
		return nil, textNoteMissing(a)
	}
	var ops []checklist.Op
	var refs []string
	for _, m := range matches {
		if m.Whole && len(m.Items) > 1 {
			return nil, textNoteNeedsItem(m)
		}
		for _, item := range m.Items {
			ops = append(ops, checklist.Op{Kind: checklist.OpNote, Key: item.Key, Text: noteLine(text, a.By.Login)})
			refs = append(refs, item.Ref)
		}
	}
	return []plan.Effect{plan.Checklist{Ops: ops, What: "note under " + strings.Join(refs, ", ")}}, nil
}

// resolve finds the items that the arguments name, and the text after them.
func resolve(in plugin.Input, a plugin.Args) ([]checklist.Match, string, error) {
	if ref, _ := checklist.SplitRef(a.Rest); ref == "" {
		return nil, "", textItemMissing(a)
	}
	list, err := parse(in)
	if err != nil {
		return nil, "", err
	}
	ref, text := list.SplitRef(a.Rest)
	matches, err := list.Resolve(ref)
	if err != nil {
		return nil, "", textResolve(a, list, err)
	}
	if refs := list.Listed(text); len(refs) > 0 {
		return nil, "", textCommas(a, ref, refs)
	}
	if number.MatchString(text) {
		return nil, "", textNumber(a, matches, text)
	}
	return matches, separator.ReplaceAllString(text, ""), nil
}

// separator is what people write between an item and the text about it.
var separator = regexp.MustCompile(`^[-–—:]+[ \t]+`)

// number is a text that is no note: somebody means items by their numbers.
var number = regexp.MustCompile(`(?i)^(#?\d+|[\s,&–-]|\band\b)*#?\d$`)

func parse(in plugin.Input) (*checklist.List, error) {
	list, err := checklist.Parse(in.Issue.Body)
	if refused, ok := errors.AsType[*checklist.RefusedError](err); ok {
		return nil, textCannotRead(refused)
	}
	if err == nil && len(list.Items()) == 0 {
		return nil, textNoItems()
	}
	return list, err
}

func status(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	if a.Rest != "" {
		return nil, textStatusArguments(a)
	}
	stages := slices.DeleteFunc(slices.Clone(in.Issue.Labels), func(l string) bool { return !plan.MatchAny([]string{"dd/*"}, l) })
	list, err := parse(in)
	if _, none := errors.AsType[*plugin.UserError](err); none && len(stages) > 0 {
		return nil, textAndStages(err, stages)
	}
	if err != nil {
		return nil, err
	}
	return []plan.Effect{plan.Reply{Text: textStatus(list, stages)}}, nil
}

func help(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	name := strings.TrimLeft(strings.ToLower(a.Rest), "/")
	if name == "" {
		return []plan.Effect{plan.Reply{Text: textHelp(in.Catalog)}}, nil
	}
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '/' || r == '\t' }), " ")
	for _, full := range []string{name, "dd " + name} {
		if cmds := in.Catalog.Help(full); len(cmds) > 0 {
			return []plan.Effect{plan.Reply{Text: textHelpFor(cmds)}}, nil
		}
	}
	return nil, textNoSuchCommand(in.Catalog, a.Rest)
}
