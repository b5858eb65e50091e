package sweep_test

import (
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// TestFirstSweepReadsOnce: where all issues are tracked, the first sweep reads them as it lists them: a call for each hundred. What
// changes meanwhile is seen, and so is what was closed before.
func TestFirstSweepReadsOnce(t *testing.T) {
	r := newRig(t)
	var refs []issue.Ref
	for range 310 {
		refs = append(refs, r.issue())
	}
	r.after(91 * day)
	woken := refs[0] // on the first page, when that was read already
	reads := 0
	defer r.sim.Before(func(c githubsim.Call) {
		if c.Path != "POST /graphql" {
			return
		}
		if reads++; reads == 3 {
			r.sim.Comment(woken, "bob", "Still wanted.")
		}
	})()
	r.sim.ResetCalls()
	report := r.sweep(func(o *sweep.Request) { o.DryRun = true })
	// Its id, the pages, what changed meanwhile, which is read; nearly all of them are due, and are read once more for that.
	if n := len(r.sim.Calls()); n > 1+4+1+1+4 || report.Open != 310 {
		t.Errorf("%d calls for %d issues", n, report.Open)
	}
	found := map[int]string{}
	for _, f := range report.Findings {
		found[f.Issue.Number] = f.Outcome
	}
	if found[woken.Number] != sweep.Kept || found[refs[1].Number] != sweep.Would || len(found) != 310 {
		t.Errorf("%d findings; who commented meanwhile is %q, the others %q", len(found), found[woken.Number], found[refs[1].Number])
	}
	r.sim.Close(refs[5], "owner", "")
	r.after(time.Hour)
	full := r.sweep(func(o *sweep.Request) { o.DryRun, o.Full = true, true })
	if full.Open != 309 {
		t.Errorf("%d open when all is read again", full.Open)
	}
}

// TestFirstSweepInPart: where GitHub does not give all issues at once they are listed first; what stays unknown is left alone, and
// read at the next sweep.
func TestFirstSweepInPart(t *testing.T) {
	r := newRig(t)
	var refs []issue.Ref
	for range 130 {
		refs = append(refs, r.issue())
	}
	r.after(91 * day)
	r.sim.Comment(refs[0], "bob", "Wanted.")
	heal := r.sim.Fault(githubsim.Fault{Kind: githubsim.GraphQLPartial, Match: "graphql"})
	report := r.sweep()
	heal()
	if report.Open != 130 || report.Unknown == 0 || r.stage(refs[0]) != "" {
		t.Errorf("%d open, %d unknown, the one with a comment is %q", report.Open, report.Unknown, r.stage(refs[0]))
	}
	r.after(time.Hour)
	if report := r.sweep(); report.Unknown != 0 || r.stage(refs[0]) != "" || r.stage(refs[129]) != "stale" {
		t.Errorf("afterwards %d unknown, %q and %q", report.Unknown, r.stage(refs[0]), r.stage(refs[129]))
	}
}
