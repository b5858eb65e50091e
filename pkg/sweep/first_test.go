package sweep_test

import (
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

// TestFirstSweep: the first sweep over a repository acts on ten issues, unless told otherwise; the next one on all.
func TestFirstSweep(t *testing.T) {
	for name, c := range map[string]struct {
		limit *int
		want  [2]int // stale after the first sweep, and after the second
	}{
		"by default":                  {nil, [2]int{10, 13}},
		"told to act on five":         {new(5), [2]int{5, 10}},
		"told that there is no limit": {new(0), [2]int{13, 13}},
	} {
		r := newRig(t)
		r.options.Limit.FirstSweep = 10
		var refs []issue.Ref
		for range 13 {
			refs = append(refs, r.issue())
		}
		r.after(91 * day)
		var got [2]int
		for n := range got {
			r.sweep(func(o *sweep.Request) { o.Limit = c.limit })
			got[n] = r.carrying(stale.Stale, refs)
		}
		if got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// carrying counts the issues with a label.
func (r *rig) carrying(label string, refs []issue.Ref) (n int) {
	for _, ref := range refs {
		if issue.HasLabel(r.sim.Issue(ref).Labels, label) {
			n++
		}
	}
	return n
}

// TestQueue: the TOC's queue, fifteen open applications whose stages come as they come, over 400 days with a sweep each week:
// with the defaults no clock touches any of them, and a tracker beside them goes stale, rotten, and stays open.
func TestQueue(t *testing.T) {
	r := newRig(t)
	r.options = lifecycle.Plugin{}.Options().(*lifecycle.Options)
	stages := []string{
		"dd/triage/needs-adopters", "dd/needs-triage", "dd/status/ready-for-assignment", "dd/status/in-progress", "dd/status/in-comment-period",
		"dd/status/in-voting", "dd/status/waiting",
	}
	r.sim.AddLabel(repoName, append(stages, "kind/dd", "level/incubation", "kind/enhancement")...)
	r.tracked = plugin.Tracked{Labels: []string{"kind/dd", "dd/*", "kind/enhancement"}}
	tracker := r.issue()
	r.label(tracker, "bob", "kind/enhancement")
	var queue []issue.Ref
	for n := range 15 {
		labels := []string{"kind/dd", "level/incubation"}
		if n > 0 { // the first one has only just been filed
			labels = append(labels, stages[n%len(stages)])
		}
		if n%5 == 4 {
			labels = append(labels[:0], stages[n%len(stages)]) // somebody forgot kind/dd
		}
		queue = append(queue, r.issue())
		r.sim.AddLabels(queue[n], "bob", labels...)
	}
	for week := range 57 {
		r.after(7 * day)
		ref, stage := queue[week%len(queue)], stages[week%len(stages)]
		if week%3 == 0 {
			r.label(ref, "bob", stage)
		}
		r.sweep()
	}
	r.after(time.Hour)
	for _, ref := range queue {
		r.want("application", ref, "")
		if n := len(r.sim.Comments(ref)); n > 0 {
			t.Errorf("%v has %d comments", ref, n)
		}
	}
	r.want("tracker", tracker, "rotten")
}
