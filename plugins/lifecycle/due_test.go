package lifecycle

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/event"
	"github.com/ddbot/ddbot/pkg/fact"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
)

// TestDue: what the sweep found is acted on once, and only while nothing newer is known.
func TestDue(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	found := stale.Issue{
		Snapshot: issue.Snapshot{State: issue.Open, CreatedAt: now.AddDate(-1, 0, 0), UpdatedAt: now.AddDate(0, 0, -100)}, Read: now,
	}
	book := func(updated time.Time) stale.Issue {
		b := found
		b.UpdatedAt = updated
		return b
	}
	for _, c := range []struct {
		name   string
		last   *record
		book   any
		change func(*plugin.Input)
		acts   bool
	}{
		{"first", nil, nil, func(*plugin.Input) {}, true},
		{"acted long ago", &record{stale.GoStale, now.AddDate(0, 0, -200)}, nil, func(*plugin.Input) {}, true},
		{"acted since it was read", &record{stale.GoStale, now}, nil, func(*plugin.Input) {}, false},
		{"books as read", nil, book(found.UpdatedAt), func(*plugin.Input) {}, true},
		{"books are ahead", nil, book(now), func(*plugin.Input) {}, false},
		{"closed in the same batch", nil, nil, func(in *plugin.Input) { in.Issue.State = issue.Closed }, false},
		{"labelled in the same batch", nil, nil, func(in *plugin.Input) { in.Issue.Labels = []string{stale.Stale} }, false},
		{"something newer in the same batch", nil, nil, func(in *plugin.Input) { in.Issue.UpdatedAt = now }, false},
		{"not looked after", nil, nil, func(in *plugin.Input) { in.Tracked = false }, false},
	} {
		data, err := json.Marshal(found)
		if err != nil {
			t.Fatal(err)
		}
		facts := &fact.Set{}
		facts.Put(fact.Key{Kind: fact.KindRecord, Arg: stale.ActionKind}, encode(t, c.last))
		facts.Put(fact.Key{Kind: fact.KindRecord, Arg: stale.BookKind}, encode(t, c.book))
		in := plugin.Input{
			Event: event.Event{Kind: event.Due{Found: data}, Issue: found.Snapshot}, Issue: found.Snapshot, Before: found.Snapshot,
			Facts: facts, Now: now, Tracked: true, Options: Plugin{}.Options(),
		}
		c.change(&in)
		effects, err := Plugin{}.Handle(in)
		if err != nil || (len(effects) > 0) != c.acts {
			t.Errorf("%s: %v, %v", c.name, effects, err)
		}
	}
}

func encode(t *testing.T, v any) []byte {
	if r, ok := v.(*record); v == nil || ok && r == nil {
		return nil
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestOptions(t *testing.T) {
	if errs := (Plugin{}).Options().(*Options).Validate(); len(errs) > 0 {
		t.Error(errs)
	}
	for _, c := range []struct {
		change func(*Options)
		field  string
	}{
		{func(o *Options) { o.CloseReason = "done" }, "closeReason"},
		{func(o *Options) { o.Help = "here" }, "help"},
		{func(o *Options) { o.Limit.PerOwner = -1 }, "limit"},
		{func(o *Options) { o.Rules = []Rule{{Exempt: true}} }, "rules[0]"},
		{func(o *Options) { o.Rules = []Rule{{Labels: []string{"x"}}} }, "rules[0]"},
		{func(o *Options) { o.Texts.Stale = "{{.Idle" }, "texts.stale"},
		{func(o *Options) { o.Texts.Rotten = "{{.Nobody}}" }, "texts.rotten"},
		{func(o *Options) { o.Texts.Close = " \n" }, "texts.close"},
	} {
		o := Plugin{}.Options().(*Options)
		c.change(o)
		errs := o.Validate()
		if len(errs) != 1 || errs[0].(interface{ Field() string }).Field() != c.field {
			t.Errorf("%s: %v", c.field, errs)
		}
	}
	var d Date
	if d.UnmarshalText([]byte("2026-02-30")) == nil {
		t.Error("a day that is none")
	}
}
