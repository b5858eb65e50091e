package command

import (
	"slices"
	"testing"
)

// TestNear: lines that look like commands and are none are found, with what they would be; others are not.
func TestNear(t *testing.T) {
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"/close.\n/close!\n/close?\n/close,\n/dd:done x\n/dd.done x.", []string{"close|", "close|", "close|", "close|", "dd/done|x", "dd/done|x"}},
		{"- /close\n* /dd done x\n1. /a\n+ [ ] /b\n- [x] /c", []string{"close|", "dd|done x", "a|", "b|", "c|"}},
		{"Please /close\n\npls, /dd done x!\n\nPLEASE: /kind bug", []string{"close|", "dd|done x", "kind|bug"}},
		{"**/close**\n\n_/reopen_\n\n@ddbot /close\n\n@ddbot[bot], please /a b", []string{"close|", "reopen|", "close|", "a|b"}},
		{"请 /close\n\n• /reopen", []string{"close|", "reopen|"}},
		{"/close\n/dd done x.\n/lifecycle: frozen", nil},
		{"`/close!`\n```\n/close!\n```\n> - /close\n\n    /close!\n\n<!-- - /close -->", nil},
		{"- see https://example.com/close\n- a/b\nPlease see /close\n- and/or\n- //x\n- /\n- /1", nil},
		{"/close!\n\nOn 2 Feb 2026, Carol wrote:\n\nPlease /reopen", []string{"close|"}},
	} {
		got, err := Near(tc.text)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(lines(got), tc.want) {
			t.Errorf("%q: got %q, want %q", tc.text, lines(got), tc.want)
		}
	}
	if got, err := NearAdded("- /close", "- /close\n- /reopen"); err != nil || !slices.Equal(lines(got), []string{"reopen|"}) {
		t.Errorf("got %q %v", lines(got), err)
	}
}
