package diligence

import (
	"strings"

	"github.com/ddbot/ddbot/pkg/diligence"
	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
)

const (
	applications = "kind/dd" // the label of an application
	queueKey     = "queue"   // of the comment in which the table is kept
)

// queue shows all open applications.
func queue(in plugin.Input, a plugin.Args) ([]plan.Effect, error) {
	label := strings.TrimSpace(a.Rest)
	if label == "" {
		label = applications
	}
	rows, err := waiting(in, label)
	if err != nil {
		return nil, err
	}
	return []plan.Effect{plan.Reply{Text: textQueue(label, rows)}}, nil
}

func waiting(in plugin.Input, label string) ([]diligence.Row, error) {
	all, err := in.Facts.Applications(label)
	if err != nil {
		return nil, err
	}
	o := plugin.Options[Options](in)
	return diligence.Queue(all, o.Rules(), o.Labels, now(in)), nil
}

// keepsQueue tells whether the table is kept in this issue, and is to be written now.
func keepsQueue(in plugin.Input) bool {
	label := plugin.Options[Options](in).QueueLabel
	if label == "" || !issue.HasLabel(in.Issue.Labels, label) || in.Issue.State != issue.Open {
		return false
	}
	e := in.Event
	return event.Is[event.Daily](e.Kind) || event.Is[event.Opened](e.Kind) || e.PutOn(label)
}

// keepQueue writes the table into one comment of this issue, if it reads differently.
func keepQueue(in plugin.Input) ([]plan.Effect, error) {
	rows, err := waiting(in, applications)
	if err != nil {
		return nil, err
	}
	id, err := in.Facts.Notice(queueKey)
	if err != nil {
		return nil, err
	}
	return []plan.Effect{plan.Notice{Key: queueKey, CommentID: id, Text: textKeptQueue(applications, rows, now(in))}}, nil
}
