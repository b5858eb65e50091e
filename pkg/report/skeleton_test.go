package report

import (
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/template"
)

// outlineOf lists headings and boxes; adopters and filled-in dates aside.
func outlineOf(t testing.TB, text string) []string {
	t.Helper()
	o, err := template.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range o.Parts {
		if p.Kind != template.Lead {
			out = append(out, strings.Repeat("#", p.Level)+p.Title)
		}
	}
	return out
}

// TestSkeletonOutline: whatever the application says, the skeleton has the headings and boxes of its template in their order,
// three lists of the summary beside, and nothing of it waits for words but as a TODO.
func TestSkeletonOutline(t *testing.T) {
	for _, v := range template.Versions() {
		if v.Kind != template.Report {
			continue
		}
		text := Skeleton(&v, Input{Project: "Sample", Level: v.Level})
		got := outlineOf(t, text)
		for _, want := range outlineOf(t, v.Text) {
			want = strings.NewReplacer("$PROJECT", "Sample", "$COMPANY/$INDUSTRY", "TODO", "DD-MMM-YYYY", "TODO").Replace(want)
			for len(got) > 0 && got[0] != want {
				if !strings.HasPrefix(got[0], "####") {
					t.Fatalf("%s: %q stands where the template has %q", v.Name(), got[0], want)
				}
				got = got[1:]
			}
			if len(got) == 0 {
				t.Fatalf("%s: %q is missing", v.Name(), want)
			}
			got = got[1:]
		}
		for _, f := range lintOf(t, text, Options{}) {
			if f.Kind != Todo && f.Kind != Unanswered {
				t.Errorf("%s: line %d: %s: %s", v.Name(), f.Line, f.Kind, f.Message)
			}
		}
	}
}

func TestSkeletonSays(t *testing.T) {
	v, _ := template.Newest(template.Report, template.Incubation)
	in := sampleInput(t, sampleApplication)
	in.Sponsors = []string{"@alice"}
	text := Skeleton(v, in)
	for _, want := range []string{
		"# Sample Incubation Due Diligence\n\n<!-- ddbot:header ", "- Link to [Incubation application issue](https://github.com/cncf/toc/issues/7)",
		"- Project Repo(s): https://github.com/sample/sample\n- Sponsors: @alice\n<!-- ddbot:end -->", // no $URL, no mail address
		"The project says:\n\n> The list is in [MAINTAINERS](https://github.com/sample/sample/blob/main/MAINTAINERS.md).\n<!-- ddbot:end -->\n\nTODO(@alice): say whether",
		"Tracking issues: [sample/sample#12](https://github.com/sample/sample/issues/12)", "TODO(@applicant): the application says nothing about this yet.",
		"#### Noteworthy Implementations", "](https://github.com/cncf/toc/blob/" + v.Commit + "/toc_subprojects/project-reviews-subproject/",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	boxed := sampleInput(t, "- [x] **Document the project's release process.**- [x] a\n  1. b\n")
	if got := Skeleton(v, boxed); !strings.Contains(got, "> - \\[x] a\n") || len(outlineOf(t, got)) != len(outlineOf(t, text)) {
		t.Error("an answer that begins like a box becomes one")
	}
	if in.Sentences = true; strings.Contains(Skeleton(v, in), "#### Noteworthy") {
		t.Error("headings that were not asked for")
	}
}

func FuzzSkeleton(f *testing.F) {
	v, _ := template.Newest(template.Report, template.Incubation)
	want := strings.Join(outlineOf(f, Skeleton(v, Input{Project: "A", Level: template.Incubation})), "\n")
	f.Add("- [x] **All subprojects, if any, are listed.** a\n\n# b\n")
	f.Add("Project Site: # x\n\n- [ ] Document the project's release process.\n```\n- [ ] c\n<!-- ddbot:end -->\n# d\n")
	f.Add("- [ ] Contributor ladder with multiple roles for contributors.\n  <details>\n\n  - e\n\n[x]: y\n===\n")
	f.Fuzz(func(t *testing.T, application string) {
		o, err := template.Read(application)
		if err != nil {
			return
		}
		got := Skeleton(v, Input{Project: "A", Level: template.Incubation, Application: o})
		if strings.Join(outlineOf(t, got), "\n") != want {
			t.Fatalf("%q changes the outline:\n%s", application, got)
		}
		for line := range strings.Lines(got) {
			if strings.HasPrefix(strings.TrimSpace(line), "/") {
				t.Fatalf("a line could be a command: %q", line)
			}
		}
	})
}
