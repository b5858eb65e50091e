package diligence

import (
	"strings"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

// queue shows all open applications.
func queue(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	label := strings.TrimSpace(a.Rest)
	if label == "" {
		label = "kind/dd"
	}
	all, err := in.Facts.Applications(label)
	if err != nil {
		return nil, err
	}
	o := plugin.Options[Options](in)
	rows := diligence.Queue(all, o.Rules(), o.Labels, now(in))
	return []plan.Effect{plan.Reply{Text: textQueue(label, rows)}}, nil
}
