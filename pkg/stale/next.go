package stale

import (
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Action is what is to be done with an issue.
type Action string

// The actions. GoFresh takes stale and rotten off.
const (
	Nothing  Action = ""
	GoStale  Action = "stale"
	GoRotten Action = "rotten"
	GoClosed Action = "close"
	GoFresh  Action = "unstale"
)

// Verdict is what to do now, or what comes next.
type Verdict struct {
	Action Action
	Why    string
	Then   Action    // with nothing to do now: what comes at When, "" for nothing ever
	When   time.Time // when that is, or since when the action is due
}

// Next decides about an issue. Exempt and frozen win over everything.
func Next(p Policy, i *Issue, now time.Time) Verdict {
	if why := exemptReason(p, i); why != "" {
		return Verdict{Why: why}
	}
	p, exempt := p.For(i)
	if exempt != nil {
		return Verdict{Why: whyRule(exempt)}
	}
	stage := i.Stage()
	if stage == Rotten && i.Put[Rotten].Own && i.Put[Stale].Own && i.HasLabel(Stale) {
		stage = Stale // ours is never beside ours: the step was not finished
	}
	if stage == "" {
		return p.fresh(i, now)
	}
	put := i.Put[stage].At
	if put.IsZero() {
		put = i.FirstSeen
	}
	kind, last := p.lastWake(i)
	if !p.KeepLabel && last.At.After(later(put, p.cutOff(now))) {
		return Verdict{Action: GoFresh, When: last.At, Why: whyFresh(stage, put, kind, last)}
	}
	return p.staged(i, stage, last.At, now)
}

// exemptReason gives why no clock runs for the issue, whatever its stage; "" if one does.
func exemptReason(p Policy, i *Issue) string {
	switch {
	case i.Unknown:
		return whyUnknown()
	case i.State != issue.Open:
		return whyClosed()
	case i.HasLabel(Frozen):
		return whyFrozen()
	case i.PullRequest && !p.Pulls:
		return whyPull()
	case i.Locked:
		return whyLocked()
	case i.CreatedAt.Before(p.Start):
		return whyStart(p.Start)
	case i.Pinned && p.Exempt.Pinned:
		return whyPinned()
	}
	if l := matchOne(p.Exempt.Labels, i.Labels); l != "" {
		return whyLabel(l)
	}
	if l := matchOne(diligence, i.Labels); l != "" && p.Exempt.Diligence {
		return whyDiligence(l)
	}
	if m := matchOne(p.Exempt.Milestones, milestone(i)); m != "" {
		return whyMilestone(m)
	}
	if a := matchOne(p.Exempt.Assignees, i.Assignees); a != "" {
		return whyAssignee(a)
	}
	return ""
}

// fresh is for an issue without a stage: its clock starts when a person was last active, or when it was freed.
func (p Policy) fresh(i *Issue, now time.Time) Verdict {
	kind, from := p.lastActive(i)
	for _, o := range []struct {
		kind Kind
		at   time.Time
	}{{"filed", i.CreatedAt}, {"freed", i.ClearedAt}, {Reopen, i.Reopened}} {
		if o.at.After(from.At) {
			kind, from = o.kind, Moment{At: o.at}
		}
	}
	if p.Stale == 0 {
		return Verdict{Why: whyNever(GoStale)}
	}
	due := from.At.Add(p.Stale)
	if now.Before(due) {
		return Verdict{Then: GoStale, When: due, Why: whyNotYet(kind, from, p.Stale)}
	}
	return Verdict{Action: GoStale, When: due, Why: whyStale(kind, from, p.Stale)}
}

// lastWake is the last thing that can take a stage's label off.
func (p Policy) lastWake(i *Issue) (Kind, Moment) {
	kind, last := p.lastActive(i)
	if i.Reopened.After(last.At) {
		return Reopen, Moment{At: i.Reopened}
	}
	return kind, last
}

// cutOff is before which activity is of no use: the issue would be stale again at once.
func (p Policy) cutOff(now time.Time) time.Time {
	if p.Stale == 0 {
		return time.Time{}
	}
	return now.Add(-p.Stale)
}

// staged is for an issue with a stage's label on which nobody was active since.
func (p Policy) staged(i *Issue, stage string, active, now time.Time) Verdict {
	from := i.clock(stage)
	if p.KeepLabel {
		from = later(from, active)
	}
	then, period := GoRotten, p.Rotten
	if stage == Rotten || period == 0 {
		then, period = GoClosed, p.Close
	}
	if period == 0 {
		return Verdict{Why: whyNever(then)}
	}
	due := from.Add(period)
	if now.Before(due) {
		return Verdict{Then: then, When: due, Why: whyWaits(stage, from, i.Put[stage].At, period)}
	}
	return Verdict{Action: then, When: due, Why: whyDue(stage, from, period)}
}

// clock is when the stage's clock started: with its label. A label that somebody else put on before we first saw the
// issue starts its clock then, so that old labels close nothing on the first run.
func (i *Issue) clock(stage string) time.Time {
	m := i.Put[stage]
	if m.Own && !m.At.IsZero() {
		return m.At
	}
	return later(m.At, i.FirstSeen)
}
