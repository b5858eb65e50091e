package story

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

var known = []*regexp.Regexp{regexp.MustCompile(`^(\S+) comments$`), regexp.MustCompile(`^(\S+) closes(?: as (\S+))?$`), regexp.MustCompile(`^(\S+) pass(?:es)?$`)}

const whole = `A maintainer ticks a section.
-- issue.md --
author: alice
labels: kind/dd, x y,
crlf: yes

# Title

- [ ] one
-- config.yaml --
defaults: {}
-- file OWNERS --
approvers: [bob]
-- 1 bob comments --
/dd done all
-- 1 carol closes as completed before PATCH --
-- 1 plan --
dd  tick
-- 1 reply --
-- 2 90d pass --
`

func TestParse(t *testing.T) {
	s, err := Parse(txtar.Parse([]byte(whole)), known)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Header.List("labels"); len(got) != 2 || got[1] != "x y" || s.Header["author"] != "alice" || s.Header["title"] != "" {
		t.Errorf("%q", s.Header)
	}
	if s.Body != "# Title\n\n- [ ] one" || string(s.Config) != "defaults: {}\n" || s.Files["OWNERS"] != "approvers: [bob]\n" {
		t.Errorf("%q, %q, %q", s.Body, s.Config, s.Files)
	}
	if len(s.Steps) != 2 || len(s.Steps[0].Actions) != 2 || s.Steps[0].Actions[0] != (Action{Text: "bob comments", Data: "/dd done all"}) ||
		s.Steps[0].Actions[1] != (Action{Text: "carol closes as completed", Before: "PATCH"}) {
		t.Errorf("%+v", s.Steps)
	}
	if st := s.Steps[0]; string(st.Want["plan"].Data) != "dd  tick\n" || st.Want["reply"] == nil || st.Want["calls"] != nil || st.Last != 6 || s.Steps[1].No != "2" {
		t.Errorf("%+v", st)
	}
	crlf, err := Parse(txtar.Parse([]byte(strings.ReplaceAll(whole, "crlf: yes\n\n# Title", "crlf: no\r\n\r\n# Title"))), known)
	if err != nil || !strings.HasPrefix(crlf.Body, "# Title") {
		t.Errorf("%v", err)
	}
}

// TestMistyped: whatever is mistyped fails, with the line where it stands and what is allowed there.
func TestMistyped(t *testing.T) {
	for _, c := range []struct{ old, text, want string }{
		{"labels:", "lables:", `line 4: issue.md: the header "lables" is unknown; there are action, admin, assignees, author, crlf, forget, labels, maintain,`},
		{"labels:", "author:", `line 4: issue.md: the header "author" is there twice`},
		{"labels: kind/dd, x y,", "labels kind/dd", `line 4: issue.md: "labels kind/dd" is not a header; leave a blank line before the body`},
		{"crlf: yes", "crlf: true", `line 5: issue.md: the header "crlf" takes yes or no, not "true"`},
		{"crlf: yes", "repo: acme", `line 5: issue.md: the header "repo" takes owner/name, not "acme"`},
		{"crlf: yes", "state: close", `line 5: issue.md: the header "state" takes open or closed, not "close"`},
		{"-- config.yaml --", "-- config.yml --", `line 10: section "config.yml" is unknown: there are issue.md, config.yaml, "file PATH" and steps such as "1 bob comments"`},
		{"-- file OWNERS --", "-- OWNERS --", `line 12: section "OWNERS" is unknown`},
		{"bob comments", "bob coments", `line 14: section "1 bob coments": nothing is known of the action "bob coments"; there are the outputs plan, calls, diff, reply, and WHO comments, WHO closes [as REASON], WHO pass`},
		{"before PATCH", "before POST", `nothing is known of the action "carol closes as completed before POST"`},
		{"1 plan", "1 plans", `line 17: section "1 plans": nothing is known of the action "plans"`},
		{"1 plan", "1 plan before GET", `nothing is known of the action "plan"`},
		{"-- 2 90d", "-- 1 90d", `line 20: section "1 90d pass": it stands after the outputs of its step`},
		{"-- 1 reply --", "-- 1 plan --", `line 19: section "1 plan" is there twice`},
		{"-- 1 reply --", "-- 3 reply --", `line 19: section "3 reply": step 3 has an output and no action`},
		{"-- 2 90d pass --\n", "-- 2 90d pass --\n-- 1 bob comments --\n", `step 1 was there before`},
		{"-- 1 bob comments --", "-- 1 bob comments--", `line 14: "-- 1 bob comments--" is no section; one begins with a line such as "-- 1 bob comments --"`},
		{"-- 1 bob comments --", "--1 bob comments --", `line 14: "--1 bob comments --" is no section`},
		{"-- 1 bob comments --", "- 1 bob comments --", `line 14: "- 1 bob comments --" is no section`},
		{"-- 1 bob comments --", " -- 1 bob comments --", `line 14: "-- 1 bob comments --" is no section`},
		{"-- 1 bob comments --", "--- 1 bob comments ---", `is no section`},
		{"-- issue.md --", "-- issue.md -", `line 2: "-- issue.md -" is no section`},
		{"-- 1 bob comments --\n/dd done all\n-- 1 carol closes as completed before PATCH --\n-- 1 plan --\ndd  tick\n-- 1 reply --\n-- 2 90d pass --\n", "", `the story has no step`},
	} {
		text := strings.Replace(whole, c.old, c.text, 1)
		if text == whole {
			t.Fatal(c.old)
		}
		if _, err := Parse(txtar.Parse([]byte(text)), known); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

// TestNotMistyped: what Markdown has is no section.
func TestNotMistyped(t *testing.T) {
	for _, text := range []string{"---", "| -- | -- |", "- 1 item", "- 1 - one", "-- a dash --", "- [ ] 1 one --", "1. one"} {
		if _, err := Parse(txtar.Parse([]byte("-- issue.md --\nauthor: alice\n\n"+text+"\n-- 1 bob comments --\n")), known); err != nil && !strings.Contains(err.Error(), `"a dash" is unknown`) {
			t.Errorf("%q: %v", text, err)
		}
	}
}
