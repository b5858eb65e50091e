package stale

import (
	"fmt"
	"strings"
	"time"
)

// All reasons, in words. Each can stand after "because".

// Day is how dates are written.
const Day = "2006-01-02"

// Days gives a period in days, and in hours where it is no whole day.
func Days(d time.Duration) string {
	switch {
	case d == 24*time.Hour:
		return "1 day"
	case d%(24*time.Hour) == 0:
		return fmt.Sprintf("%d days", d/(24*time.Hour))
	}
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

var did = map[Kind]string{
	Comment: "commented", Edit: "edited", Change: "changed something", Label: "changed a label", Reaction: "reacted",
	Reopen: "reopened it",
}

// what says what happened last.
func what(k Kind, m Moment) string {
	day := m.At.UTC().Format(Day)
	switch {
	case k == "filed":
		return "it was filed on " + day
	case k == "freed":
		return "its lifecycle label was taken off on " + day
	case k == Reopen && m.By == "":
		return "it was reopened on " + day
	case m.By == "":
		return "somebody " + did[k] + " on " + day
	}
	return m.By + " " + did[k] + " on " + day
}

func whyNotYet(k Kind, m Moment, period time.Duration) string {
	return fmt.Sprintf("%s, and an issue goes stale after %s without a person's activity", what(k, m), Days(period))
}

func whyStale(k Kind, m Moment, period time.Duration) string {
	return fmt.Sprintf("no person was active for %s: %s", Days(period), what(k, m))
}

func whyFresh(stage string, put time.Time, k Kind, m Moment) string {
	return fmt.Sprintf("%s, after %s was put on on %s", what(k, m), stage, put.UTC().Format(Day))
}

func whyWaits(stage string, from, put time.Time, period time.Duration) string {
	s := fmt.Sprintf("it carries %s, and the next stage comes %s later", stage, Days(period))
	if put.Before(from) {
		return s + "; the clock started on " + from.UTC().Format(Day) + ", later than the label"
	}
	return s + "; the label came on " + from.UTC().Format(Day)
}

func whyDue(stage string, from time.Time, period time.Duration) string {
	return fmt.Sprintf("it carries %s since %s, and no person was active for %s", stage, from.UTC().Format(Day), Days(period))
}

func whyNever(a Action) string {
	return map[Action]string{
		GoStale: "issues do not go stale here", GoRotten: "stale issues do not rot here", GoClosed: "automatic closing is off for this repository (closeAfter turns it on)",
	}[a]
}

func whyUnknown() string       { return "GitHub did not tell its whole history this time" }
func whyClosed() string        { return "it is closed" }
func whyFrozen() string        { return "it is frozen (" + Frozen + ")" }
func whyPull() string          { return "it is a pull request, and those do not go stale here" }
func whyLocked() string        { return "its conversation is locked" }
func whyPinned() string        { return "it is pinned" }
func whyLabel(l string) string { return "its label " + l + " is exempt" }
func whyDiligence(l string) string {
	return "it is an application in the foundation's care (" + l + "), which no clock touches"
}
func whyMilestone(m string) string { return "its milestone " + m + " is exempt" }
func whyAssignee(a string) string  { return "its assignee " + a + " is exempt" }
func whyStart(t time.Time) string  { return "it was filed before " + t.UTC().Format(Day) }

func whyRule(r *Rule) string {
	return "a rule for " + strings.Join(append(append([]string{}, r.Labels...), r.Milestones...), ", ") + " exempts it"
}
