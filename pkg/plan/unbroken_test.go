package plan

import "testing"

// TestUnbroken: no blank stands before a slash, but for the one that makes a bullet.
func TestUnbroken(t *testing.T) {
	for text, want := range map[string]string{
		"use `/close` or /reopen":            "use\u00a0`/close` or\u00a0/reopen",
		"- `/close`\n  1. /x **/y** \\/z":    "- `/close`\n  1. /x\u00a0**/y**\u00a0\\/z",
		"`please /close`, a / b, https://x/": "`please\u00a0/close`, a\u00a0/ b, https://x/",
		"no slash here":                      "no slash here",
	} {
		if got := Unbroken(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
