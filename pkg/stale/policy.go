package stale

import (
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/plan"
)

// Policy is the rules of one repository. Lists of labels, milestones and logins are globs; letter case does not matter.
type Policy struct {
	Periods
	Exempt    Exempt
	Rules     []Rule
	Start     time.Time     // issues that were filed before it are left alone
	Pulls     bool          // pull requests go stale, too
	KeepLabel bool          // activity does not take the label off, it only delays the next stage
	Counts    map[Kind]bool // which of people's happenings are activity; comments and reopening always are
	Bots      []string      // people's accounts that are automation
	First     int           // actions of the first sweep over a repository at most; 0 is no limit
	PerSweep  int           // actions (not looked-at issues) of each sweep at most; 0 is no limit
	PerOwner  int           // of them for one owner of issues
}

// Periods are how long each stage lasts; 0 is for ever. Without Rotten there is no such stage, and Close counts from stale.
type Periods struct {
	Stale, Rotten, Close time.Duration
}

// Exempt says which issues no clock runs for.
type Exempt struct {
	Labels, Milestones, Assignees []string
	Pinned                        bool
	Diligence                     bool // an application in the foundation's care
}

// Rule changes periods, or exempts, where a label or the milestone of the issue matches. The first one that matches counts.
type Rule struct {
	Labels, Milestones   []string
	Stale, Rotten, Close *time.Duration
	Exempt               bool
}

// diligence are the labels of an application in cncf/toc (labels.yaml): what carries one is in the foundation's care.
var diligence = []string{"kind/dd", "dd/*"}

// For gives the policy that holds for one issue, and whether a rule exempts it.
func (p Policy) For(i *Issue) (own Policy, exempt *Rule) {
	for n := range p.Rules {
		r := &p.Rules[n]
		if matchOne(r.Labels, i.Labels) == "" && matchOne(r.Milestones, milestone(i)) == "" {
			continue
		}
		if r.Exempt {
			return p, r
		}
		for _, o := range []struct {
			to   *time.Duration
			from *time.Duration
		}{{&p.Stale, r.Stale}, {&p.Rotten, r.Rotten}, {&p.Close, r.Close}} {
			if o.from != nil {
				*o.to = *o.from
			}
		}
		return p, nil
	}
	return p, nil
}

// Human tells whether a person did it, as far as accounts tell.
func (p Policy) Human(h TimelineEvent) bool {
	return !h.Bot && !h.Own && !strings.HasSuffix(h.By, "[bot]") && matchOne(p.Bots, []string{h.By}) == ""
}

// activity gives the kind as which a happening is to be remembered. Whether that kind counts is asked later, so that a
// change of the configuration counts at once.
func (p Policy) activity(h TimelineEvent) (Kind, bool) {
	switch {
	case !p.Human(h) || IsLabel(h.Label):
		return "", false
	case h.Text != "" && OnlyMarks(h.Text):
		return "", false
	case h.Kind == Unlabel:
		return Label, true
	case h.Kind == Close:
		return Change, true
	}
	return h.Kind, true
}

// IsActivity tells whether a happening is activity of a person under this policy.
func (p Policy) IsActivity(h TimelineEvent) bool {
	kind, ok := p.activity(h)
	return ok && p.counts(kind)
}

func (p Policy) counts(k Kind) bool { return k == Comment || k == Reopen || p.Counts[k] }

// lastActive gives the last time that a person was active; zero where nothing is known.
func (p Policy) lastActive(i *Issue) (kind Kind, last Moment) {
	for k, m := range i.Last {
		if p.counts(k) && (m.At.After(last.At) || m.At.Equal(last.At) && k < kind) {
			kind, last = k, m
		}
	}
	return kind, last
}

// Enough tells whether what is known suffices for a decision, where the history was read back to oldest only.
func (p Policy) Enough(i *Issue, oldest, now time.Time) bool {
	own, _ := p.For(i)
	stage := i.Stage()
	_, marked := i.Put[stage]
	_, last := own.lastActive(i)
	switch {
	case stage != "":
		return marked // what is older than the label cannot take it off
	case !last.At.IsZero():
		return true // nothing older can be later
	}
	return oldest.Before(now.Add(-own.Stale))
}

func matchOne(globs, names []string) string {
	n := slices.IndexFunc(names, func(name string) bool { return plan.MatchAny(globs, name) })
	if n < 0 {
		return ""
	}
	return names[n]
}

func milestone(i *Issue) []string {
	if i.Milestone == "" {
		return nil
	}
	return []string{i.Milestone}
}
