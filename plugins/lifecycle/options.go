package lifecycle

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
)

// Options are what an operator can set, for an organisation or a repository. A period of 0d is for ever.
type Options struct {
	StaleAfter  plugin.Duration `yaml:"staleAfter"`  // without a person's activity
	RottenAfter plugin.Duration `yaml:"rottenAfter"` // from lifecycle/stale on; 0d: there is no such stage
	CloseAfter  plugin.Duration `yaml:"closeAfter"`  // from lifecycle/rotten on; 0d, the default: nothing is closed by a clock
	CloseReason string          `yaml:"closeReason"` // completed, not_planned or duplicate

	StartDate    Date   `yaml:"startDate"` // issues filed before are left alone
	PullRequests bool   `yaml:"pullRequests"`
	Exempt       Exempt `yaml:"exempt"`
	Rules        []Rule `yaml:"rules"`

	UnstaleOnActivity     bool     `yaml:"unstaleOnActivity"`
	ReopenOnAuthorComment bool     `yaml:"reopenOnAuthorComment"`
	Activity              Activity `yaml:"activity"`
	Bots                  []string `yaml:"bots"` // people's accounts that are automation; globs

	Limit Limit  `yaml:"limit"`
	Texts Texts  `yaml:"texts"`
	Help  string `yaml:"help"` // address of the command help, for the texts
}

// Exempt says which issues no clock runs for. Labels, milestones and assignees are globs: "*" is any.
type Exempt struct {
	Labels     []string `yaml:"labels"`
	Milestones []string `yaml:"milestones"`
	Assignees  []string `yaml:"assignees"`
	Pinned     bool     `yaml:"pinned"`
	Diligence  bool     `yaml:"diligence"` // applications in the foundation's care: kind/dd, dd/…
}

// Rule sets other periods, or exempts, for issues with one of the labels or milestones. The first that fits counts.
type Rule struct {
	Labels      []string         `yaml:"labels,omitempty"`
	Milestones  []string         `yaml:"milestones,omitempty"`
	StaleAfter  *plugin.Duration `yaml:"staleAfter,omitempty"`
	RottenAfter *plugin.Duration `yaml:"rottenAfter,omitempty"`
	CloseAfter  *plugin.Duration `yaml:"closeAfter,omitempty"`
	Exempt      bool             `yaml:"exempt,omitempty"`
}

// Activity says what of people counts beside their comments and reopening.
type Activity struct {
	Edits     bool `yaml:"edits"`   // of description, title, comments
	Changes   bool `yaml:"changes"` // assignees, milestone, closing
	Labels    bool `yaml:"labels"`  // those of the life cycle never count
	Reactions bool `yaml:"reactions"`
}

// Limit bounds one sweep by what it does, not by what it looks at. 0 is no limit.
type Limit struct {
	FirstSweep int `yaml:"firstSweep"` // over a repository: what nobody has looked after may hold surprises
	PerSweep   int `yaml:"perSweep"`
	PerOwner   int `yaml:"perOwner"` // the owner of an issue is its first assignee, else its author
}

// Options gives the defaults: Prow's periods of 90 and 30 days, and no closing. An application is never touched.
func (Plugin) Options() any {
	return &Options{
		StaleAfter: 90 * plugin.Day, RottenAfter: 30 * plugin.Day, CloseReason: "not_planned",
		Exempt: Exempt{Pinned: true, Diligence: true}, UnstaleOnActivity: true,
		Activity: Activity{Edits: true, Changes: true, Labels: true}, Limit: Limit{FirstSweep: 10},
		Texts: defaultTexts, Help: "https://github.com/ddbot/ddbot#commands",
	}
}

// Pulls tells whether pull requests go stale, too.
func (Plugin) Pulls(options any) bool { return options.(*Options).PullRequests }

// Policy is the options as pkg/stale wants them.
func (o *Options) Policy() stale.Policy {
	p := stale.Policy{
		Periods: stale.Periods{
			Stale: time.Duration(o.StaleAfter), Rotten: time.Duration(o.RottenAfter), Close: time.Duration(o.CloseAfter),
		},
		Exempt: stale.Exempt{
			Labels: o.Exempt.Labels, Milestones: o.Exempt.Milestones, Assignees: o.Exempt.Assignees,
			Pinned: o.Exempt.Pinned, Diligence: o.Exempt.Diligence,
		},
		Start: time.Time(o.StartDate), Pulls: o.PullRequests, KeepLabel: !o.UnstaleOnActivity, Bots: o.Bots,
		Counts: map[stale.Kind]bool{
			stale.Edit: o.Activity.Edits, stale.Change: o.Activity.Changes, stale.Label: o.Activity.Labels,
			stale.Reaction: o.Activity.Reactions,
		},
		First: o.Limit.FirstSweep, PerSweep: o.Limit.PerSweep, PerOwner: o.Limit.PerOwner,
	}
	for _, r := range o.Rules {
		p.Rules = append(p.Rules, stale.Rule{
			Labels: r.Labels, Milestones: r.Milestones, Exempt: r.Exempt,
			Stale: (*time.Duration)(r.StaleAfter), Rotten: (*time.Duration)(r.RottenAfter), Close: (*time.Duration)(r.CloseAfter),
		})
	}
	return p
}

// Validate finds what cannot be meant.
func (o *Options) Validate() []error {
	var errs []error
	if !slices.Contains([]string{"completed", "not_planned", "duplicate"}, o.CloseReason) {
		errs = append(errs, plugin.FieldErrorf("closeReason", "%q is not a reason: write completed, not_planned or duplicate", o.CloseReason))
	}
	for n, r := range o.Rules {
		at := fmt.Sprintf("rules[%d]", n)
		if len(r.Labels)+len(r.Milestones) == 0 {
			errs = append(errs, plugin.FieldErrorf(at, "a rule needs labels or milestones"))
		}
		if !r.Exempt && r.StaleAfter == nil && r.RottenAfter == nil && r.CloseAfter == nil {
			errs = append(errs, plugin.FieldErrorf(at, "a rule needs a period or exempt: true"))
		}
	}
	if o.Limit.FirstSweep < 0 || o.Limit.PerSweep < 0 || o.Limit.PerOwner < 0 {
		errs = append(errs, plugin.FieldErrorf("limit", "a limit is a whole number; 0 is no limit"))
	}
	if !strings.HasPrefix(o.Help, "https://") && !strings.HasPrefix(o.Help, "http://") {
		errs = append(errs, plugin.FieldErrorf("help", "%q is not an address: it begins with https://", o.Help))
	}
	return append(errs, o.Texts.validate()...)
}

// Date is a day, written 2026-01-31; empty for none.
type Date time.Time

// UnmarshalText reads a day.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = Date{}
		return nil
	}
	t, err := time.Parse(stale.Day, string(b))
	if err != nil {
		return fmt.Errorf("%q is not a day: write for example 2026-01-31", b)
	}
	*d = Date(t)
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (d Date) MarshalText() ([]byte, error) {
	if time.Time(d).IsZero() {
		return nil, nil
	}
	return []byte(time.Time(d).Format(stale.Day)), nil
}
