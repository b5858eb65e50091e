package dd

import (
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// help lists what the reader can use here, the checklist's commands first; or explains one command.
func help(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	name := strings.TrimLeft(strings.ToLower(a.Rest), "/")
	if name == "" {
		first, others, err := sorted(in, a.By)
		if err != nil {
			return nil, err
		}
		return []plan.Effect{plan.Reply{Text: textHelp(first, others)}}, nil
	}
	name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '/' || r == '\t' }), " ")
	for _, full := range []string{name, "dd " + name} {
		if cmds := in.Catalog.Help(full); len(cmds) > 0 {
			return []plan.Effect{plan.Reply{Text: textHelpFor(cmds)}}, nil
		}
	}
	return nil, textNoSuchCommand(in.Catalog, a.Rest)
}

// sorted parts the commands into those of the checklist and the due diligence that the reader may use, and all others. What is
// for pull requests is not shown on an issue.
func sorted(in plugin.Input, by event.User) (first, others []plugin.Command, err error) {
	for _, cmd := range in.Catalog.Help("") {
		if cmd.PullOnly && !in.Issue.PullRequest {
			continue
		}
		if !strings.HasPrefix(cmd.Name, "dd ") {
			others = append(others, cmd)
			continue
		}
		may, err := in.Can(by, cmd.Who...)
		if err == nil && may && cmd.May != nil {
			may, err = cmd.May(in, by)
		}
		if err != nil {
			return nil, nil, err
		}
		if may {
			first = append(first, cmd)
		} else {
			others = append(others, cmd)
		}
	}
	return first, others, nil
}

// welcome says in three lines how it works, under an application that has just been opened.
func welcome(in plugin.Input) ([]plan.Effect, error) {
	if !event.Is[event.Opened](in.Event.Kind) || !plugin.Options[Options](in).Welcome || !in.Tracked || in.Issue.PullRequest || in.Issue.State != issue.Open {
		return nil, nil
	}
	list, err := parse(in)
	if err != nil {
		return nil, nil //nolint:nilerr // there is no list to explain
	}
	if slices.ContainsFunc(list.Items(), isOpen) {
		return []plan.Effect{plan.Notice{Key: "welcome", Text: textWelcome(list.Items())}}, nil
	}
	return nil, nil
}
