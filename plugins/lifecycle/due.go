package lifecycle

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
)

// record is what the plugin remembers of the sweep's last action on an issue. Without it everything works but the reopening by an author's comment.
type record struct {
	Action stale.Action `json:"action"`
	At     time.Time    `json:"at"`
}

func recall(in plugin.Input) (*record, error) {
	data, err := in.Facts.Record(stale.ActionKind)
	if err != nil || data == nil {
		return nil, err
	}
	var r record
	if err := json.Unmarshal(data, &r); err != nil {
		return nil, fmt.Errorf("read what was done last: %w", err)
	}
	return &r, nil
}

func remember(a stale.Action, now time.Time) (plan.Effect, error) {
	data, err := json.Marshal(record{a, now.UTC()})
	return plan.Remember{Kind: stale.ActionKind, Data: data}, err
}

// due acts on what the sweep found, if it still holds: on the issue as it was read just before, decided anew.
func due(in plugin.Input, d event.Due) ([]plan.Effect, error) {
	var found stale.Issue
	if err := json.Unmarshal(d.Found, &found); err != nil {
		return nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	if moved(in.Issue, in.Event.Issue) {
		return nil, nil // the next sweep looks again
	}
	r, err := recall(in)
	if err != nil || r != nil && !found.Read.After(r.At) {
		return nil, err // acted since: this is a second delivery of the same finding
	}
	known, err := in.Facts.Record(stale.BookKind)
	if err != nil {
		return nil, err
	}
	if newer(known, found.UpdatedAt) {
		return nil, nil
	}
	o := plugin.Options[Options](in)
	policy := o.Policy()
	v := stale.Next(policy, &found, in.Now)
	if v.Action == stale.Nothing {
		return nil, nil
	}
	return o.act(in, policy, &found, v)
}

// moved tells whether anything is known of the issue that is newer than what the sweep read.
func moved(now, read issue.Snapshot) bool {
	return now.UpdatedAt.After(read.UpdatedAt) || now.State != read.State ||
		slices.ContainsFunc(stale.Labels, func(l string) bool { return now.HasLabel(l) != read.HasLabel(l) })
}

// newer tells whether the books, which webhooks keep, are ahead of what the sweep read.
func newer(book []byte, read time.Time) bool {
	var b stale.Issue
	return book != nil && json.Unmarshal(book, &b) == nil && b.UpdatedAt.After(read)
}

// act is one step of the life cycle: the label or the close, and the comment about it.
func (o *Options) act(in plugin.Input, p stale.Policy, found *stale.Issue, v stale.Verdict) ([]plan.Effect, error) {
	if v.Action == stale.GoFresh {
		return freshen(stages(found.Snapshot)), nil
	}
	text, err := o.notice(p, found, v, in.Now)
	if err != nil {
		return nil, err
	}
	notice := plan.Notice{Key: stale.NoticeKey(v.When), Text: text}
	note, err := remember(v.Action, in.Now)
	if err != nil {
		return nil, err
	}
	var step plan.Effect
	switch v.Action {
	case stale.GoClosed:
		step = plan.Close{Reason: o.CloseReason}
	case stale.GoRotten:
		notice.Labels = []string{stale.Rotten}
		step = plan.AddLabels{Labels: notice.Labels, Exclusive: stale.Labels}
	default:
		notice.Labels = []string{stale.Stale}
		step = plan.AddLabels{Labels: notice.Labels, Exclusive: stale.Labels}
	}
	return []plan.Effect{step, notice, note}, nil
}
