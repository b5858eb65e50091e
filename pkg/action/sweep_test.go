package action_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
	"github.com/ddbot/ddbot/plugins/lifecycle"
)

// TestSweep: a scheduled run finds whose clock has run out, among the issues that have a tracked label and those on which a /dd command
// has succeeded, and does what follows, once. In a dry run it only tells.
func TestSweep(t *testing.T) {
	command := func(r *runs) {
		r.sim.RemoveLabel(r.ref, "owner", "kind/dd")
		d := r.event(func() { r.sim.Comment(r.ref, "alice", "/dd done all.1") })
		if _, err := r.run(d.Event, string(d.Payload)); err != nil {
			r.Fatal(err)
		}
	}
	for _, c := range []struct {
		name    string
		setup   func(*runs)
		payload string
		idle    int // days
		stale   bool
		told    string
	}{
		{"a label, and its time is over", func(*runs) {}, "{}", 91, true, "| #1 `Move up` | stale |"},
		{"a label, and it is not", func(*runs) {}, "{}", 89, false, "1 issue looked at, 0 with something to do"},
		{"a /dd command that succeeded", command, "{}", 91, true, "| #1 `Move up` | stale |"},
		{"neither", func(r *runs) { r.sim.RemoveLabel(r.ref, "owner", "kind/dd") }, "{}", 91, false, "0 issues looked at"},
		{"a /dd command that was refused", func(r *runs) {
			r.sim.RemoveLabel(r.ref, "owner", "kind/dd")
			d := r.event(func() { r.sim.Comment(r.ref, "alice", "/dd done all.7") })
			if _, err := r.run(d.Event, string(d.Payload)); err != nil {
				r.Fatal(err)
			}
		}, "{}", 91, false, "0 issues looked at"},
		{"a command on an issue that is gone", func(r *runs) { command(r); r.sim.Delete(r.ref, "owner") }, "{}", 91, false, "0 issues looked at"},
		{"a dry run", func(*runs) {}, `{"inputs":{"dry-run":"true"}}`, 91, false, "| #1 `Move up` | stale |"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuns(t)
			r.settings = plugin.DefaultSettings([]plugin.Plugin{dd.Plugin{}, label.Plugin{}, lifecycle.Plugin{}})
			if o, ok := r.settings.Options["lifecycle"].(*lifecycle.Options); ok {
				o.Exempt.Diligence = false
			}
			r.sim.AddLabel(repo, stale.Labels...)
			c.setup(r)
			gone := len(r.sim.Issues(repo)) == 0
			r.sim.Clock().Advance(time.Duration(c.idle) * 24 * time.Hour)
			report, err := r.run("schedule", c.payload)
			if err != nil || !strings.Contains(report.Markdown(), c.told) {
				t.Fatalf("%v; no %q in\n%s", err, c.told, report.Markdown())
			}
			if gone {
				return
			}
			if got := r.sim.Issue(r.ref).HasLabel("lifecycle/stale"); got != c.stale {
				t.Errorf("stale: %v\n%s", got, report.Markdown())
			}
			r.writes()
			r.sim.Clock().Advance(24 * time.Hour)
			if c.idle < 90 {
				return
			}
			if _, err := r.run("schedule", c.payload); err != nil || r.writes() > 0 {
				t.Errorf("the run of the next day writes once more, or fails: %v", err)
			}
		})
	}
}
