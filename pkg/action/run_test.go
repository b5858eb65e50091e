package action_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/action"
	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/engine"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/plugins/dd"
	"github.com/ddbot/ddbot/plugins/label"
)

const repo, bot = "acme/toc", "github-actions[bot]"

// runs is a repository in which no workflow has run yet, with an issue and its list.
type runs struct {
	testing.TB
	sim      *githubsim.Sim
	api      string
	ref      issue.Ref
	settings *plugin.Settings
	ctx      context.Context // of the next run
}

func newRuns(t testing.TB) *runs {
	t.Helper()
	r := &runs{TB: t, sim: githubsim.New(githubsim.Options{Bot: bot, BotToken: "bot-token"}), ctx: t.Context()}
	r.settings = plugin.DefaultSettings([]plugin.Plugin{dd.Plugin{}, label.Plugin{}})
	api := httptest.NewServer(r.sim)
	t.Cleanup(api.Close)
	r.api = api.URL
	r.sim.AddUser("owner")
	r.sim.AddRepo(repo, "owner")
	r.sim.AddUser("alice")
	r.sim.SetRole(repo, bot, "write")
	r.sim.AddLabel(repo, "kind/dd", "kind/bug")
	r.ref = r.sim.OpenIssue(repo, "alice", "Move up", "- [ ] One holds\n- [ ] Two holds\n")
	r.sim.AddLabels(r.ref, "owner", "kind/dd")
	return r
}

// run is one run of the workflow.
func (r *runs) run(event, payload string) (*action.Report, error) {
	r.Helper()
	now := r.sim.Clock().Now
	hub, err := github.New(github.Options{URL: r.api, Token: "bot-token", Now: now})
	if err != nil {
		r.Fatal(err)
	}
	log := logrus.New()
	log.Out = io.Discard
	at, err := issue.ParseRef(repo + "#1")
	if err != nil {
		r.Fatal(err)
	}
	return action.Run(r.ctx, action.Options{
		Event: event, Payload: []byte(payload), Repo: at, Hub: hub, Now: now, Log: log,
		Settings: func(context.Context, engine.Files, issue.Ref) (*plugin.Settings, error) { return r.settings, nil },
		Sleep: func(ctx context.Context, d time.Duration) error {
			r.sim.Clock().Advance(d)
			return ctx.Err()
		},
	})
}

// TestSchedule: a scheduled run carries out what no run has answered: of the last two days, and not what may be in the hands of its
// own run. Asked for a dry run it says what it would do.
func TestSchedule(t *testing.T) {
	for _, c := range []struct {
		name, payload string
		age           time.Duration
		done, told    bool
	}{
		{"an hour old", "{}", time.Hour, true, true},
		{"its own run may be under way", "{}", 10 * time.Minute, false, false},
		{"three days old", "{}", 72 * time.Hour, false, false},
		{"a dry run", `{"inputs":{"dry-run":"true"}}`, time.Hour, false, true},
		{"a dry run, by a box", `{"inputs":{"dry-run":true}}`, time.Hour, false, true},
		{"no dry run", `{"inputs":{"dry-run":"false"}}`, time.Hour, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuns(t)
			r.sim.Comment(r.ref, "alice", "/dd done all.1")
			r.sim.Clock().Advance(c.age)
			for range 2 { // twice is once
				report, err := r.run("schedule", c.payload)
				if err != nil {
					t.Fatal(err)
				}
				if told := strings.Contains(strings.Join(report.Did, "\n"), "PATCH issue body"); told != c.told {
					t.Errorf("it tells of %q", report.Did)
				}
				c.told = c.told && !c.done
			}
			if i := r.sim.Issue(r.ref); strings.Contains(i.Body, "[x] One") != c.done || (len(i.Comments[0].Reactions) == 1) != c.done {
				t.Errorf("reactions %v, the description:\n%s", i.Comments[0].Reactions, i.Body)
			}
		})
	}
}

// TestNothingDone: where a run may not, or has nothing to do, the summary says why, and nothing is written.
func TestNothingDone(t *testing.T) {
	const comment = `{"action":"created","issue":{"number":1},"comment":{"id":1,"body":"/dd done all.1","user":{"login":"alice"}},"repository":{"full_name":"acme/toc"}}`
	for _, c := range []struct {
		name, event, payload string
		setup                func(*runs)
		want                 string
	}{
		{"another event", "push", `{}`, nil, "Nothing to do for push"},
		{"a fork", "pull_request", `{"action":"opened","pull_request":{"number":1,"head":{"repo":{"full_name":"x/toc","fork":true}},"base":{"repo":{"full_name":"acme/toc"}}},"repository":{"full_name":"acme/toc"}}`, nil, "comes from a fork"},
		{"an archived repository", "issue_comment", comment, func(r *runs) { r.sim.Archive(repo, true) }, "is archived"},
		{"an issue that is gone", "issue_comment", comment, func(r *runs) { r.sim.Delete(r.ref, "owner") }, "gone or has moved"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuns(t)
			if c.setup != nil {
				c.setup(r)
			}
			report, err := r.run(c.event, c.payload)
			if err != nil || !strings.Contains(report.Markdown(), c.want) {
				t.Errorf("%v\n%s", err, report.Markdown())
			}
			for _, x := range r.sim.Calls() {
				if x.Changes() {
					t.Errorf("it writes: %s", x.Path)
				}
			}
		})
	}
}

// TestPatience: a run waits for a GitHub that is down for a moment; after minutes, and with a token that does not count, it fails, and
// says what to do.
func TestPatience(t *testing.T) {
	const all = "^(POST /graphql|PATCH .*)$"
	for _, c := range []struct {
		name  string
		fault githubsim.Fault
		want  string // of what is said, "" where it succeeds
	}{
		{"down for a moment", githubsim.Fault{Kind: githubsim.Status502Before, Match: all, Times: 3}, ""},
		{"down for long", githubsim.Fault{Kind: githubsim.Status502Before, Match: all}, "GitHub does not answer"},
		{"a limit", githubsim.Fault{Kind: githubsim.PrimaryLimit, RetryAfter: time.Hour, Match: all}, "GitHub wants no more requests for now"},
		{"a token that does not count", githubsim.Fault{Kind: githubsim.Unauthorized401}, "GITHUB_TOKEN: ${{ github.token }}"},
		{"not allowed", githubsim.Fault{Kind: githubsim.Forbidden, Match: "^PATCH"}, "permissions: {issues: write, contents: read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRuns(t)
			r.sim.Comment(r.ref, "alice", "/dd done all.1")
			r.sim.Clock().Advance(time.Hour)
			start := r.sim.Clock().Now()
			c.fault.As = bot
			r.sim.Fault(c.fault)
			_, err := r.run("schedule", "{}")
			if (err != nil) != (c.want != "") || strings.Contains(r.sim.Issue(r.ref).Body, "[x] One") == (err != nil) {
				t.Errorf("it ends with %v", err)
			}
			if err != nil && !strings.Contains(action.Explain(err), c.want) {
				t.Errorf("it says %q, want %q", action.Explain(err), c.want)
			}
			if waited := r.sim.Clock().Now().Sub(start); waited > 10*time.Minute {
				t.Errorf("it waits for %v", waited)
			}
		})
	}
}

// TestExplain: what nobody else has a word for is said as it is, and a run that was ended is told that nothing is lost.
func TestExplain(t *testing.T) {
	for want, err := range map[string]error{
		"the disk is full":                      errors.New("the disk is full"),
		"The next one carries out what it left": fmt.Errorf("read: %w", context.Canceled),
		"Correct " + config.OverrideFile:        fmt.Errorf("%w: line 3", config.ErrOwnFile),
	} {
		if got := action.Explain(err); !strings.Contains(got, want) {
			t.Errorf("%v: %s", err, got)
		}
	}
}
