package stale

import "time"

// Step is a change that comes if nobody does anything.
type Step struct {
	Action Action    `json:"action"`
	At     time.Time `json:"at"`
}

// Schedule gives all that comes, beginning with what is due now. It is empty where no clock runs.
func Schedule(p Policy, i *Issue, now time.Time) []Step {
	v := Next(p, i, now)
	action, at := v.Action, v.When
	if action == Nothing {
		action = v.Then
	}
	own, _ := p.For(i)
	var steps []Step
	for action != Nothing {
		at = later(at, now)
		steps = append(steps, Step{action, at})
		var period time.Duration
		switch {
		case action == GoFresh:
			_, last := own.lastWake(i)
			action, at, period = GoStale, last.At, own.Stale
		case action == GoStale && own.Rotten > 0:
			action, period = GoRotten, own.Rotten
		case action == GoStale || action == GoRotten:
			action, period = GoClosed, own.Close
		}
		if period == 0 || steps[len(steps)-1].Action == GoClosed {
			break
		}
		at = at.Add(period)
	}
	return steps
}

// LastActivity gives the last time that a person was active, with a sentence about it; ok is false where nothing is known.
func LastActivity(p Policy, i *Issue) (sentence string, m Moment, ok bool) {
	kind, m := p.lastActive(i)
	if m.At.IsZero() {
		return "", m, false
	}
	return what(kind, m), m, true
}
