package action

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/stale"
	"github.com/ddbot/ddbot/pkg/sweep"
)

// TestSummary: what people write stays in its cell of the job's summary, and long answers are cut to what they begin with.
func TestSummary(t *testing.T) {
	r := Report{Failed: "It failed.\nDo this.", Did: []string{"PATCH issue body"}}
	r.Rows = []Row{{
		Who: "bob", URL: "https://github.com/acme/toc/issues/1#issuecomment-2", Done: []string{"`/dd done a|b`", "`/dd done a\\|b`"},
		Said: []string{"2 of 3 items done.\n\n- one\n- two", "I do not know `<b>`, <b>."},
	}}
	r.Sweep = &sweep.Report{Open: 1, Findings: []sweep.Finding{{
		Issue: issue.Ref{Owner: "acme", Repo: "toc", Number: 1}, Title: "Two | `x` </td><b>\nthree", Verdict: stale.Verdict{Why: "a label <b> | x"},
	}}}
	got := r.Markdown()
	for _, want := range []string{
		"| [bob](https://github.com/acme/toc/issues/1#issuecomment-2) | `/dd done a\\|b`, `/dd done a\\|b` | 2 of 3 items done. … I do not know `<b>`, &lt;b>. |\n",
		"<summary>1 request to GitHub", "Sweep: 1 issue looked at", "| #1 `Two \\| 'x' </td><b> three` | none |", "| a label &lt;b> \\| x |\n",
		"**Failed.** It failed.\n\nDo this.\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains((&Report{Failed: "It failed."}).Markdown(), "nothing to do") {
		t.Error("a failed run says that there was nothing to do")
	}
}
