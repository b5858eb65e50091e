package engine_test

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/diligence"
)

const postIssue = `^POST /repos/\{owner\}/\{repo\}/issues$`

// opens is a rig in which a finding becomes an issue of the project.
func opens(t *testing.T) *rig {
	r := newRig(t)
	r.sim.AddRepo("foo/foo", "owner")
	r.settings = plugin.DefaultSettings([]plugin.Plugin{dd.Plugin{}, diligence.Plugin{}})
	r.settings.Options["diligence"].(*diligence.Options).Findings.Open = true
	r.sim.EditBody(r.ref, "alice", "Project Repo: https://github.com/foo/foo\n\n- [ ] One holds\n")
	r.sim.SetRole(repo, "bob", "maintain")
	r.settle()
	r.writes()
	r.comment("bob", "/dd finding the roadmap is a year old --file")
	return r
}

// filed are the issues of the project, with what was said about them.
func (r *rig) filed() (n int, said string) {
	return len(r.sim.Issues("foo/foo")), strings.Join(r.said(), "\n")
}

// TestAhead: an issue that a reply names is opened before the rest is planned, once, whichever way the answer to it gets lost.
func TestAhead(t *testing.T) {
	for name, kind := range map[string]githubsim.Kind{
		"nothing": 0, "500": githubsim.Status500Before, "502 after it was opened": githubsim.Status502After, "cut": githubsim.CutBefore,
		"cut after it was opened": githubsim.CutAfter,
	} {
		t.Run(name, func(t *testing.T) {
			r := opens(t)
			r.deliver()
			key := r.key
			if kind != 0 {
				r.fail(kind, postIssue)
				r.after(r.rests())
				r.start()                      // another process goes on
				if n, _ := r.filed(); n == 0 { // what was perhaps opened is looked for once more, a little later
					r.after(r.rests())
				}
			}
			r.deliver()
			r.key = key // GitHub has told of the issue that was opened, too
			r.settle()
			n, said := r.filed()
			if n != 1 || strings.Count(said, "github.com/foo/foo/issues/1)") != 2 { // in the status comment and in the answer
				t.Errorf("%d issues:\n%s\n%s", n, said, &r.log)
			}
			if i := r.sim.Issue(issue.Ref{Owner: "foo", Repo: "foo", Number: 1}); !strings.Contains(i.Body, "finding F1 of https://github.com/acme/toc/issues/1") {
				t.Error(i.Body)
			}
		})
	}
}

// TestAheadRefused: what GitHub does not allow elsewhere ends nothing here.
func TestAheadRefused(t *testing.T) {
	for name, f := range map[string]githubsim.Fault{
		"forbidden": {Kind: githubsim.Forbidden}, "gone": {Kind: githubsim.NotFound}, "archived": {Kind: githubsim.Says, Status: 403, Body: `{"message":"Repository was archived so is read-only."}`},
		"invalid": {Kind: githubsim.Says, Status: 422, Body: `{"message":"Validation Failed"}`},
	} {
		t.Run(name, func(t *testing.T) {
			r := opens(t)
			f.Match, f.Repo, f.As = postIssue, "foo/foo", bot
			r.sim.Fault(f)
			r.settle()
			if n, said := r.filed(); n != 0 || !strings.Contains(said, "GitHub does not let me open an issue in `foo/foo`") || !strings.Contains(said, "/issues/new?") {
				t.Errorf("%d issues:\n%s", n, said)
			}
		})
	}
}

// TestAheadDry: a dry run says what would be made, and makes nothing.
func TestAheadDry(t *testing.T) {
	r := opens(t)
	r.engine.DryRun = true
	r.settle()
	if n, _ := r.filed(); n != 0 || r.writes() != "" || !strings.Contains(r.log.String(), "dry run, not sent: POST issue in foo/foo") {
		t.Errorf("%d issues; %s", n, &r.log)
	}
}
