// Package example answers what the TOC accepted for a criterion before.
package example

import (
	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/precedent"
)

// Plugin owns /dd example.
type Plugin struct{}

// Name is the plugin's name in the configuration.
func (Plugin) Name() string { return "example" }

// Help says what it is for.
func (Plugin) Help() string { return "Shows what the TOC accepted as evidence for a criterion before." }

// Handle does nothing: without a command nobody asked.
func (Plugin) Handle(plugin.Input) ([]plan.Effect, error) { return nil, nil }

// Commands is the one.
func (Plugin) Commands(any) []plugin.Command {
	return []plugin.Command{{
		Name: "dd example", Like: []string{"examples", "precedent", "accepted", "sample", "hint"},
		Usage: "/dd example ITEM", Who: []plugin.Role{plugin.Anyone}, Run: example,
		Help:     "Shows what the TOC accepted as evidence for an item before.",
		Examples: []string{"/dd example governance.2", `/dd example "public roadmap"`},
	}}
}

// most is how many precedents a reply shows.
const most = 12

func example(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	if a.Rest == "" {
		return nil, textWhich()
	}
	text := a.Rest
	if list, err := checklist.Parse(in.Issue.Body); err == nil {
		if found, err := list.Resolve(a.Rest); err == nil {
			if len(found) != 1 || len(found[0].Items) != 1 {
				return nil, textOne(found)
			}
			text = found[0].Items[0].Text
		}
	}
	p := precedent.Examples(text)
	if !p.Known {
		return nil, textNone(text, p.Near)
	}
	return []plan.Effect{plan.Reply{Text: p.Text(most)}}, nil
}
