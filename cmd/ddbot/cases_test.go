package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestCases plays the cases that people met (shared/cases beside the project) with `ddbot demo --script` and looks at the end.
// shows must be in the output, hides must not.
func TestCases(t *testing.T) {
	const cases = "../../../shared/cases"
	if _, err := os.Stat(cases); err != nil {
		t.Skip("shared/cases is not beside the project")
	}
	for name, c := range map[string]struct {
		shows, hides []string
		count        map[string]int
	}{
		"alive":              {hides: []string{"lifecycle/", "state: closed", "is now stale"}},
		"cc-one-wrong":       {shows: []string{"`nobody`"}, hides: []string{"`bob`"}},
		"loop":               {count: map[string]int{"POST /repos/acme/toc/issues/1/labels": 2}},
		"mail":               {shows: []string{"Nothing changed"}, hides: []string{"state: closed", "-- reply --"}},
		"multi":              {shows: []string{"with affiliations. — ines", "**Evidence:** replaced: see https://github.com/foo/community/blob/main/OWNERS"}},
		"owners-empty-group": {shows: []string{"+ - [x] A", "+1 on the comment of olga", "+1 on the comment of dora"}, hides: []string{"-- reply --"}},
		"restricted-by-exclusive": {
			shows: []string{"@stranger: `priority/critical` is for maintainers", "`lifecycle/frozen`"}, hides: []string{"+ labels:", "- labels:"},
		},
		"transfer-by-author": {shows: []string{"== 5 1h pass, alice transfers to acme/other ==\n-- summary --\nNothing changed · 0 API calls"}},
		"typo":               {shows: []string{"`/remove-lifecycle rotten`", "- labels: kind/dd, lifecycle/rotten\n+ labels: kind/dd"}, hides: []string{"state: closed"}},
	} {
		t.Run(name, func(t *testing.T) {
			out := play(t, filepath.Join(cases, name+".txtar"))
			for _, s := range c.shows {
				if !strings.Contains(out, s) {
					t.Errorf("the output has no %q:\n%s", s, out)
				}
			}
			for _, s := range c.hides {
				if strings.Contains(out, s) {
					t.Errorf("the output has %q:\n%s", s, out)
				}
			}
			for s, n := range c.count {
				if got := strings.Count(out, s); got != n {
					t.Errorf("%q is there %d times, want %d:\n%s", s, got, n, out)
				}
			}
		})
	}
	t.Run("mail-outlook", func(t *testing.T) {
		mail, err := os.ReadFile(filepath.Join(cases, "mail-outlook.txt"))
		if err != nil {
			t.Fatal(err)
		}
		story := filepath.Join(t.TempDir(), "mail.txtar")
		text := "-- issue.md --\nauthor: alice\nwrite: bob\nlabels: kind/dd\n\n- [ ] A\n-- 1 bob comments --\n" + string(mail)
		if err := os.WriteFile(story, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if out := play(t, story); !strings.Contains(out, "Nothing changed · 0 API calls") {
			t.Errorf("an outsider's quoted commands did something:\n%s", out)
		}
	})
}

var logLine = regexp.MustCompile(`(?m)^time=.*\n`)

// play gives what `ddbot demo --script` prints, without its log.
func play(t *testing.T, file string) string {
	t.Helper()
	var out bytes.Buffer
	cmd := root()
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SetArgs([]string{"demo", "--script", file})
	if err := cmd.Execute(); err != nil {
		t.Fatalf("%s: %v\n%s", file, err, out.String())
	}
	return logLine.ReplaceAllString(out.String(), "")
}
