package report

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/template"
)

// TestBlockers: what blocks stands at its criterion while it is open, in the list of the summary always, and in the head where it belongs
// to no criterion.
func TestBlockers(t *testing.T) {
	v, _ := template.Newest(template.Report, template.Incubation)
	in := sampleInput(t, sampleApplication)
	line := in.Application.Boxes()[1].Line
	in.Blockers = []Blocker{}
	none := Skeleton(v, in)
	in.Blockers = []Blocker{
		{Name: "F1", Text: "the list is a year old", By: "sam", Line: line, Tracked: Named{"sample/sample#4", "https://github.com/sample/sample/issues/4"}},
		{Name: "F2", Text: "nobody answers <mail>", Line: 4711},
		{Name: "F3", Text: "no licence", Resolved: "2026-01-05"},
	}
	const at = "Open blocking findings:\n\n- F1: the list is a year old (sam), [sample/sample#4](https://github.com/sample/sample/issues/4)\n"
	const head = "- Open blocking finding F2: nobody answers &lt;mail>\n<!-- ddbot:end -->"
	const list = "- Open: F1: the list is a year old (sam), [sample/sample#4](https://github.com/sample/sample/issues/4)\n- Open: F2: nobody answers &lt;mail>\n- Resolved on 2026-01-05: F3: no licence\n<!-- ddbot:end -->\n\nTODO(@sponsor): which blocking"
	filled := mustFill(t, none, in).Text
	for name, text := range map[string]string{"skeleton": Skeleton(v, in), "filled": filled, "filled where no list was": mustFill(t, sampleReport(t), in).Text} {
		for _, want := range []string{at, head, list} {
			if strings.Count(text, want) != 1 {
				t.Errorf("%s has not once %q", name, want)
			}
		}
		if again := mustFill(t, text, in); again.Text != text {
			t.Errorf("%s: to fill twice is not to fill once", name)
		}
		asked := in
		if asked.Blockers = nil; mustFill(t, text, asked).Text != text {
			t.Errorf("%s: a call that knows no findings takes them away", name)
		}
		solved := in
		solved.Blockers = []Blocker{}
		for _, b := range in.Blockers {
			b.Resolved = "2026-01-06"
			solved.Blockers = append(solved.Blockers, b)
		}
		after := mustFill(t, text, solved).Text
		if strings.Contains(after, "Open blocking") || strings.Contains(after, "- Open: ") || strings.Count(after, "- Resolved on 2026-01-06: F") != 3 {
			t.Errorf("%s: what is resolved still stands there", name)
		}
	}
	if !strings.Contains(none, "No blocking finding is known.") || strings.Contains(sampleReport(t), "No blocking") {
		t.Error("nothing is known")
	}
	mine := strings.Replace(sampleReport(t), "#### Blockers (Previously Raised, Now Resolved)\n", "#### Blockers\n\nNone were raised.\n", 1)
	if text := mustFill(t, mine, in).Text; strings.Contains(text, "- Open: F1") || !strings.Contains(text, at) {
		t.Error("a list was put where a person has written")
	}
}
