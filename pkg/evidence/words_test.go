package evidence

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/criteria"
	"github.com/ddbot/ddbot/pkg/landscape"
)

// TestItems: where the criterion ends, and that a template's own sentences are nobody's answer.
func TestItems(t *testing.T) {
	items, err := Items("- [x] **Roadmap change process is documented.** see [it](https://github.com/a/b/blob/main/R.md)\r\n" +
		"- [ ] **Due Diligence Review.**\r\n\r\nCompletion of this due diligence document, resolution of concerns raised, and more.\r\n" +
		"- [ ] **Document Security Self-Assessment.** The completed self-assessment must be available in `cncf/toc` under `x`.\n" +
		"- [ ] plain\n\n  https://example.org/x\n")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, it := range items {
		got = append(got, fmt.Sprint(it.Line, " ", it.Criterion, " ", it.Text, " ", it.Evidence != "", " ", len(it.Links)))
	}
	want := "1 roadmap-change Roadmap change process is documented. true 1, 2 dd-review Due Diligence Review. false 0, " +
		"5 self-assessment Document Security Self-Assessment. The completed self-assessment must be available in cncf/toc under x. false 0, 6 plain true 1"
	if s := strings.ReplaceAll(strings.Join(got, ", "), "6  plain", "6 plain"); s != want {
		t.Error(s)
	}
	if items[0].SHA != criteria.Hash("Roadmap change process is documented.") {
		t.Error(items[0].SHA)
	}
}

func TestPlaceOf(t *testing.T) {
	for address, want := range map[string]string{
		"https://github.com/a/b":                            "{a/b  }",
		"https://github.com/a/b.git":                        "{a/b  }",
		"https://github.com/a/b/blob/main/x%20y.md#top":     "{a/b main x y.md}",
		"https://github.com/a/b/tree/v1.0/docs/":            "{a/b v1.0 docs}",
		"https://raw.githubusercontent.com/a/b/main/x/y.md": "{a/b main x/y.md}",
		"https://github.com/orgs/a/teams/b":                 "<nil>",
		"https://github.com/a":                              "<nil>",
		"https://github.com/a/b/issues/1":                   "<nil>",
		"https://example.org/a/b/blob/main/x":               "<nil>",
		"mailto:a@b":                                        "<nil>",
		"https://github.com/a/b/blob/main/%zz":              "<nil>",
	} {
		got := "<nil>"
		if p := placeOf(address); p != nil {
			got = fmt.Sprint(*p)
		}
		if got != want {
			t.Errorf("%s: %s, not %s", address, got, want)
		}
	}
}

func TestListed(t *testing.T) {
	for text, want := range map[string]string{
		"| Maintainer | GitHub ID | Affiliation |\n|---|---|---|\n| Ann B | [ann](https://github.com/ann) | **Acme** |\n\n## Emeritus\n| Maintainer | GitHub ID | Affiliation |\n|---|---|---|\n| Old | @old | X |\n": "true [{Ann B Acme ann}]",
		"| Name | Employer | Responsibilities |\n| --- | --- | --- |\n| [Bob C](https://github.com/bobc) | Red Hat | All |\n":                                                                                         "true [{Bob C Red Hat bobc}]",
		"* Ann (@ann)\n* Bob (@bob)\n": "false [{  ann} {  bob}]",
		"nobody\n":                     "false []",
	} {
		people, whole := listed(text)
		if got := fmt.Sprint(whole, " ", people); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}

// TestComment: nothing of others takes effect in what ddbot writes.
func TestComment(t *testing.T) {
	f := facts("acme/tool", map[string]string{"acme/tool/docs/@evil [x](y) #1.md": "# Governance"})
	results := []Result{
		{Item: Item{Text: "@everybody look at #12 and <b>", Checked: true}, Result: NotMet, Claim: true, Why: "/close this. ![x](y) [a](b) `c`"},
		{Item: Item{Text: "B", Evidence: "x"}, Result: Met, Why: "ok", Candidates: []Candidate{{Repo: "acme/tool", Path: "a](b) @c.md", URL: "https://github.com/x"}}},
	}
	got := Comment(results, f)
	for _, bad := range []string{"@everybody", "#12", "<b>", "\n/", " @c.md", "![x](y)", "[a](b)", "`c`"} {
		if strings.Contains(got, bad) {
			t.Errorf("the comment holds %q:\n%s", bad, got)
		}
	}
	if strings.Index(got, "something does not fit") > strings.Index(got, "Found where it is expected") {
		t.Errorf("claims come first:\n%s", got)
	}
}

func TestDraft(t *testing.T) {
	f := facts("acme/tool", map[string]string{"acme/tool/ROADMAP.md": "# Roadmap", "cncf/toc/projects/tool/tech-review/2026-02-03.md": "# General Technical Review"})
	f.Landscape = &landscape.Entry{Name: "Tool", Level: landscape.Incubating, Homepage: "https://tool.example"}
	template := "---\nname: x\n---\n# $PROJECT Application\n\nProject Repo(s): $URL\nProject Site:  $URL\nPoints of contact: $NAME\n\n" +
		"- [ ] **Complete a [General Technical Review (GTR)](../x.md).**\n  - Revised on DD-MMM-YYYY, see $LINK.\n\n<!-- (Project assertion goes here) --> \n\n" +
		"## More of $PROJECT\n\n- [ ] **Document and maintain a public roadmap or other forward looking planning document or tracking mechanism.**\n\n" +
		"- [ ] **Clear and discoverable project governance documentation.**\n\n<!-- (Project assertion goes here) -->\n\n## End\n\nlast\n"
	items, err := Items(template)
	if err != nil {
		t.Fatal(err)
	}
	got := Draft(template, Check(Unfilled(items), f), f)
	for _, want := range []string{
		"# Tool Application", "Project Repo(s): https://github.com/acme/tool\nProject Site:  https://tool.example", "Points of contact: TODO",
		"Revised on 2026-02-03, see https://github.com/cncf/toc/blob/aaaa", "## More of Tool", "  - [ROADMAP.md in acme/tool](https://github.com/acme/tool/blob/aaaa",
		"- TODO: There is no governance document", "## End\n\nlast", "### Hours: something to write\n\n- Governance is written down and can be found:",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the draft lacks %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "$") || strings.Contains(got, "[x]") || strings.HasPrefix(got, "---") {
		t.Errorf("placeholders, ticks or front matter:\n%s", got)
	}
	if again, err := Items(got); err != nil || len(again) != 3 {
		t.Errorf("the draft has %d boxes, %v", len(again), err)
	}
}

// TestBuiltIn: every criterion of a level has a check, a box and an effort.
func TestBuiltIn(t *testing.T) {
	for _, level := range []string{Incubation, Graduation} {
		for _, it := range BuiltInItems(level) {
			if c, ok := criteria.Named(it.Criterion); !ok || c.Title != it.Text || checkFor(it.Criterion) == nil {
				t.Errorf("%s: %+v", level, it)
			}
		}
	}
	for _, id := range criteria.IDs() {
		if checkFor(id) == nil {
			t.Errorf("no check for %s", id)
		}
	}
}

// TestOwnProjectLeftOut: what a project's own document says is no habit of others.
func TestOwnProjectLeftOut(t *testing.T) {
	all := habitsWithout(Project{Main: "nobody/nothing"})
	without := habitsWithout(Project{Main: "kyverno/kyverno"})
	if fmt.Sprint(all["gov-doc"]) == fmt.Sprint(without["gov-doc"]) {
		t.Error("the project's own document counts")
	}
}

func FuzzItems(f *testing.F) {
	f.Add("- [x] **A** see https://github.com/a/b/blob/main/x.md\n\n$LINK\n")
	f.Fuzz(func(t *testing.T, body string) {
		items, err := Items(body)
		if err != nil {
			return
		}
		fx := facts("acme/tool", map[string]string{"acme/tool/README.md": "x"})
		results := Check(items, fx)
		for _, line := range strings.Split(Comment(results, fx)+Draft(body, results, fx), "\n") {
			if strings.HasPrefix(strings.TrimSpace(line), "/") {
				t.Errorf("a line begins with /: %q", line)
			}
		}
		listed(body)
		entries(body)
	})
}
