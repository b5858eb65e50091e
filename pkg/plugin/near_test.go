package plugin

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/plan"
)

type many struct{}

func (many) Name() string                        { return "many" }
func (many) Help() string                        { return "" }
func (many) Handle(Input) ([]plan.Effect, error) { return nil, nil }
func (many) Commands(any) []Command {
	var out []Command
	for name := range strings.SplitSeq("dd done,dd help,lifecycle,remove-lifecycle,close,reopen,assign,unassign,cc,uncc,help,good-first-issue,"+
		"remove-good-first-issue,kind,remove-kind,area,label,remove-label,sig,milestone,retitle,priority,triage", ",") {
		usage := map[string]string{"close": "/close [completed|not-planned|duplicate]", "reopen": "/reopen"}[name]
		out = append(out, Command{Name: name, Usage: usage})
	}
	return out
}

// TestNear: what is almost a command of ours is found; words of other bots, paths and prose are left alone.
func TestNear(t *testing.T) {
	c := NewCatalog([]Plugin{many{}}, nil, "")
	for line, want := range map[string]string{
		"remove-lifecyle rotten":         "/remove-lifecycle rotten",
		"assing @bob":                    "/assign @bob",
		"re-open":                        "/reopen",
		"dd-done technical":              "/dd done technical",
		"dd_done technical":              "/dd done technical",
		"dddone":                         "/dd done",
		"good first issue":               "/good-first-issue",
		"goodfirstissue":                 "/good-first-issue",
		"remove good first issue please": "/remove-good-first-issue please",
		"remove lifecycle stale":         "/remove-lifecycle stale",
		"colse":                          "/close",
		"closed":                         "/close",
		"lable bug":                      "/label bug",
		"mielstone v1":                   "/milestone v1",
		"remove-lifecyle/stale":          "/remove-lifecycle stale",
		"un-assign":                      "/unassign",
		"unlabel bug":                    "/remove-label bug",
		"unlable bug":                    "/remove-label bug",
		"rm-kind x":                      "/remove-kind x",
		"unassing @bob":                  "/unassign @bob",
		"remvoe-label bug":               "/remove-label bug",
		"cloes this":                     "/close",
		"colse not-planned":              "/close not-planned",
		"re-open please":                 "/reopen",
		"lifecycle-frozen":               "/lifecycle frozen",
		"kind-bug":                       "/kind bug",
		"help-wanted":                    "/help wanted",
		"ddone technical":                "/dd done technical",
		"ddhelp":                         "/dd help",
		"unclose":                        "",
		"unretitle":                      "",

		"vote": "", "votes": "", "cancel-vote": "", "check-vote": "", "vote-close": "", "remove-hold": "", "lgtm": "", "retest": "",
		"hold": "", "approve": "", "cherry-pick main": "", "test all": "", "retest-required": "", "check-cla": "", "tag infra": "", "toc": "",
		"status approved": "", "refine x": "", "pair": "",

		"etc/passwd is a file": "", "cd foo": "", "home/user/x": "", "tmp": "", "usr/bin/env": "", "hello": "", "users": "", "api/v1/areas": "", "sighs": "",
		"signed": "",
	} {
		first, rest, _ := strings.Cut(line, " ")
		if got := c.Near(strings.Split(first, "/"), rest, []string{"refine", "pai*"}); got != want {
			t.Errorf("%q: got %q, want %q", line, got, want)
		}
	}
}
