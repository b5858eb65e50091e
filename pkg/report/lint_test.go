package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/template"
)

const aCommit = "0123456789abcdef0123456789abcdef01234567"

// cleanReport is a made-up report with which nothing is wrong.
func cleanReport(t testing.TB, level, project string) string {
	t.Helper()
	v, _ := template.Newest(template.Report, level)
	var b strings.Builder
	adopter := 0
	for i, p := range v.Outline().Parts {
		head := v.Outline().Head(p)
		switch p.Kind {
		case template.Heading:
			head = strings.ReplaceAll(strings.TrimSpace(head), "$PROJECT", project)
			if strings.Contains(head, "$COMPANY") {
				adopter++
				fmt.Fprintf(&b, "##### Adopter %d - Firm %d/Retail\n\nThey have used number %d of it in production for years and like it well. They approved this text.\n\nMarch 2026\n\n", adopter, adopter, adopter)
				continue
			}
			b.WriteString(head + "\n\n")
			if p.Level == 1 {
				b.WriteString("- Link to [application issue](https://github.com/cncf/toc/issues/4711)\n\n")
			}
		case template.Box:
			head = strings.NewReplacer("](../", "](https://github.com/cncf/toc/blob/"+aCommit+"/", "](sandbox.", "](https://sandbox.", "DD-MMM-YYYY", "12-MAR-2026").Replace(head)
			b.WriteString(strings.Replace(head, "[ ]", "[x]", 1) + "\n\n")
			if p.Depth() == 0 {
				fmt.Fprintf(&b, "We have seen this for question %d and the file at [the place](https://github.com/sample/sample/blob/%s/file%d.md) says so.\n\n", i, aCommit, i)
			}
		}
	}
	return b.String()
}

func lintOf(t testing.TB, text string, o Options) []Finding {
	t.Helper()
	d, err := Read("report.md", text)
	if err != nil {
		t.Fatal(err)
	}
	return Lint(d, o)
}

func TestLintClean(t *testing.T) {
	for _, level := range []string{template.Incubation, template.Graduation} {
		for _, text := range []string{cleanReport(t, level, "Sample"), strings.ReplaceAll(cleanReport(t, level, "Sample"), "\n", "\r\n")} {
			d, err := Read("projects/sample/sample-dd.md", text)
			if err != nil {
				t.Fatal(err)
			}
			c := &Corpus{}
			c.Add(d)
			for _, f := range Lint(d, Options{Strict: true, Corpus: c, Number: 4711, Project: "sample/sample"}) {
				t.Errorf("%s: line %d: %s: %s", level, f.Line, f.Kind, f.Message)
			}
		}
	}
}

func TestLintPlanted(t *testing.T) {
	clean := cleanReport(t, template.Graduation, "Sample")
	const anchor = "We have seen this for question"
	answer := func(s string) func(string) string { // in place of the answer to the release process
		return func(text string) string {
			at := strings.Index(text, "release process and guidelines")
			at += strings.Index(text[at:], anchor)
			return text[:at] + s + "\n\n" + text[at:]
		}
	}
	swap := func(old, new string) func(string) string {
		return func(text string) string { return strings.Replace(text, old, new, 1) }
	}
	for _, tt := range []struct {
		name   string
		kind   Kind
		plant  func(string) string
		at     string // what stands on the line that is found
		option Options
	}{
		{"slot", TemplateText, answer("<!-- (TOC Evaluation goes here) -->"), "TOC Evaluation", Options{}},
		{"slot of the project", TemplateText, answer("<!-- (Project assertion goes here) --> and it is well done"), "Project assertion", Options{}},
		{"slot of another template", TemplateText, answer("<!-- Verdict goes here -->"), "Verdict", Options{}},
		{"instruction", TemplateText, answer("_If the Adopting organization needs to remain anonymous, stating the industry vertical is sufficient._"), "Adopting organization", Options{}},
		{"alternatives", TemplateText, answer("The project [has/has not] completed the criteria."), "has/has", Options{}},
		{"slot without marks", TemplateText, answer("(TOC Evaluation goes here)"), "TOC Evaluation", Options{}},
		{"alternatives, half filled", TemplateText, answer("[The TOC has found the criteria for Graduation satisfied/ The TOC's evaluation shows a needed focus]."), "has found", Options{}},
		{"name that is not known", OtherProject, answer("Barproject's governance is written down."), "Barproject", Options{}},
		{"project that is not known", OtherProject, answer("The Barproject project maintains a list."), "Barproject", Options{}},
		{"at home", DeadLink, answer("See http://localhost:8080/x."), "localhost", Options{}},
		{"field", Unapproved, swap("They approved this text.", "Approved by the adopter: no"), "Adopter 1", Options{}},
		{"$PROJECT", Placeholder, answer("The governance of $PROJECT is fine."), "$PROJECT", Options{}},
		{"$PROJECT in code", Placeholder, answer("It is at `projects/$PROJECT/tech-review/2026-01-01.md`."), "$PROJECT", Options{}},
		{"$LINK", Placeholder, answer("It can be found at $LINK."), "$LINK", Options{}},
		{"date", Placeholder, answer("It was revised on DD-MMM-YYYY."), "DD-MMM", Options{}},
		{"month", Placeholder, swap("March 2026", "MONTH YEAR"), "MONTH YEAR", Options{}},
		{"title", OtherProject, swap("# Sample Graduation", "# Karmada Graduation"), "# Karmada", Options{Project: "Sample"}},
		{"summary", OtherProject, swap("Summary for Sample", "Summary for Karmada"), "Summary for", Options{}},
		{"text", OtherProject, answer("The Karmada project has a good record here."), "Karmada", Options{}},
		{"sentence of the template", OtherProject, answer("Ann Example conducted the due diligence of Barproject who applied for Graduation."), "Barproject", Options{}},
		{"folder of nobody we know", OtherProject, answer("See [this](https://github.com/cncf/toc/blob/" + aCommit + "/projects/barproject/a.md)."), "projects/barproject", Options{}},
		{"number without a link", WrongNumber, answer("This was said in application cncf/toc#1365."), "1365", Options{}},
		{"genitive", OtherProject, answer("Karmada's governance is documented well."), "Karmada's", Options{}},
		{"told", OtherProject, answer("Kyverno has completed an independent security audit."), "Kyverno", Options{}},
		{"told of what all speak of", OtherProject, answer("OpenTelemetry has undergone a third-party audit."), "OpenTelemetry", Options{}},
		{"told in code", OtherProject, answer("`Kyverno` has published its roadmap."), "Kyverno", Options{}},
		{"found of", OtherProject, answer("The TOC finds that **Kyverno** meets the criteria."), "Kyverno", Options{}},
		{"its people", OtherProject, answer("The [Kyverno](https://kyverno.io) maintainers follow a documented release process."), "Kyverno", Options{}},
		{"habit", OtherProject, answer("Kyverno uses the best practices badge."), "Kyverno", Options{}},
		{"number", OtherProject, answer("Kyverno has 120 contributors from 30 companies."), "Kyverno", Options{}},
		{"thing of", OtherProject, answer("All of it is in the charter of Kyverno."), "Kyverno", Options{}},
		{"thing", OtherProject, answer("See the Kyverno contributing guidelines."), "Kyverno", Options{}},
		{"told where others may be named", OtherProject, func(text string) string {
			at := strings.Index(text, "## Engineering")
			at += strings.Index(text[at:], anchor)
			return text[:at] + "Kyverno has documented its goals. " + text[at:]
		}, "Kyverno has", Options{}},
		{"folder in code", OtherProject, answer("It stands in `projects/kyverno/tech-review/2026-01-01.md`."), "projects/kyverno", Options{}},
		{"repository in code", OtherProject, answer("The files of `karmada-io/community` say so."), "karmada-io", Options{}},
		{"repository", OtherProject, answer("See [this](https://github.com/karmada-io/community/blob/" + aCommit + "/a.md)."), "karmada-io", Options{}},
		{"folder", OtherProject, answer("See [this](https://github.com/cncf/toc/blob/" + aCommit + "/projects/karmada/a.md)."), "projects/karmada", Options{}},
		{"number in the text", WrongNumber, answer("This was said in the [application](https://github.com/cncf/toc/issues/1365)."), "1365", Options{}},
		{"number in the head", WrongNumber, swap("issues/4711", "issues/4712"), "4712", Options{Number: 4711}},
		{"number of what is reviewed", WrongNumber, answer("During the review of application #1365 this was said."), "1365", Options{}},
		{"number, linked and reviewed", WrongNumber, answer("The [application](https://github.com/cncf/toc/issues/1365) is under review."), "1365", Options{}},
		{"unpinned", UnpinnedLink, answer("See [it](https://github.com/sample/sample/blob/main/a.md)."), "blob/main", Options{}},
		{"dead", DeadLink, answer("See <https://dead.example/x>."), "dead.example", Options{State: func(u string) LinkState {
			return map[bool]LinkState{true: Dead}[strings.Contains(u, "dead")]
		}}},
		{"no such file", DeadLink, answer("See [it](interview.md)."), "interview.md", Options{Exists: func(string) (bool, bool) { return false, true }}},
		{"no such heading", DeadLink, answer("See [it](#nowhere-at-all)."), "#nowhere", Options{}},
		{"no scheme", MalformedLink, answer("See [it](sandbox.cncf.io)."), "sandbox.cncf.io)", Options{}},
		{"no address", MalformedLink, answer("See [it]()."), "[it]()", Options{}},
		{"blank", MalformedLink, answer("See [it] (https://a.example/b)."), "[it]", Options{}},
		{"not closed", MalformedLink, answer("See [it](https://a.example/b"), "[it]", Options{}},
		{"not closed, with words", MalformedLink, answer("See [it](https://a.example/b and more."), "[it]", Options{}},
		{"not closed, with a link", MalformedLink, answer("See [it](https://a.example/b and [that](https://a.example/c)."), "[it]", Options{}},
		{"file, not closed", MalformedLink, answer("See [it](docs/release.md and more."), "[it]", Options{}},
		{"text not closed", MalformedLink, answer("See [it(https://a.example/b) there."), "[it(", Options{}},
		{"no definition", MalformedLink, answer("See [it][nowhere] there."), "[it][nowhere]", Options{}},
		{"no definition, short", MalformedLink, answer("See [the file][] there."), "[the file][]", Options{}},
		{"one slash", MalformedLink, answer("See [it](https:/a.example/b)."), "[it]", Options{}},
		{"login", LoginLink, answer("See https://sample.slack.com/archives/C0123/p45."), "slack.com", Options{}},
		{"settings", LoginLink, answer("See https://github.com/sample/sample/settings/branches there."), "/settings", Options{}},
		{"editor", LoginLink, answer("See [it](https://github.com/sample/sample/edit/main/OWNERS.md)."), "/edit/", Options{}},
		{"form", LoginLink, answer("See [it](https://github.com/sample/sample/security/advisories/new)."), "/advisories/new", Options{}},
		{"own drive", LoginLink, answer("See [it](https://drive.google.com/drive/u/0/my-drive)."), "my-drive", Options{}},
		{"login, looked up", LoginLink, answer("See https://docs.example/d/1."), "docs.example", Options{State: func(u string) LinkState {
			return map[bool]LinkState{true: Walled}[strings.Contains(u, "docs.")]
		}}},
		{"invisible", HiddenLink, answer("See https://github.com/sample/sam\u200bple/issues/1 there."), "issues/1 ", Options{}},
		{"invisible, escaped", HiddenLink, answer("See [it](https://a.example/b%E2%80%8B)."), "a.example", Options{}},
		{"unanswered", Unanswered, func(text string) string { return unsaid(text, "[ ]") }, "Contributor ladder", Options{}},
		{"ticked", TickedEmpty, func(text string) string { return unsaid(text, "[x]") }, "Contributor ladder", Options{}},
		{"order", HeadingOrder, func(text string) string {
			a, b, c := strings.Index(text, "## Engineering"), strings.Index(text, "## Security"), strings.Index(text, "## Ecosystem")
			return text[:a] + text[b:c] + text[a:b] + text[c:]
		}, "", Options{}},
		{"level", HeadingOrder, swap("## Security", "# Security"), "# Security", Options{}},
		{"twice", HeadingOrder, swap("### Final Assessment", "### Adoption Evaluation\n\ntext\n\n### Final Assessment"), "", Options{}},
		{"number of an adopter", AdopterNumber, swap("Adopter 3", "Adopter 2"), "", Options{}},
		{"refused", Unapproved, swap("They approved this text.", "This adopter has not approved the summary yet."), "Adopter 1", Options{}},
		{"pending", Unapproved, swap("They approved this text.", "Approval is pending."), "Adopter 1", Options{}},
		{"others approved", Unapproved, swap("They approved this text.", ""), "Adopter 1", Options{}},
		{"strict", Unapproved, func(s string) string { return strings.ReplaceAll(s, "They approved this text.", "") }, "Adopter 1", Options{Strict: true}},
		{"no summary", Unanswered, func(s string) string {
			at := strings.Index(s, "They have used number 2")
			return s[:at] + s[at+strings.Index(s[at:], "\n"):]
		}, "Adopter 2", Options{}},
		{"todo", Todo, answer("TODO: look again."), "TODO", Options{}},
		{"missing", MissingPart, swap("## Security\n", ""), "", Options{Strict: true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := tt.plant(clean)
			if text == clean {
				t.Fatal("nothing was planted")
			}
			var kinds []Kind
			hit := false
			for _, f := range lintOf(t, text, tt.option) {
				kinds = append(kinds, f.Kind)
				on := strings.Split(text, "\n")[min(f.Line, strings.Count(text, "\n"))-1]
				hit = hit || f.Kind == tt.kind && strings.Contains(on, tt.at)
			}
			if !hit {
				t.Errorf("not found, only %v", kinds)
			}
			for _, k := range kinds {
				if k != tt.kind && (tt.kind != MissingPart || k != HeadingOrder) { // what stood below the heading is another section's now
					t.Errorf("%s was not planted", k)
				}
			}
		})
	}
}

// unsaid takes the answer to one criterion away.
func unsaid(text, box string) string {
	at := strings.Index(text, "- [x] **Contributor ladder")
	from := at + strings.Index(text[at:], "\n")
	to := from + strings.Index(text[from:], "###")
	return text[:at] + "- " + box + text[at+5:from] + "\n\n" + text[to:]
}

func TestLintCopied(t *testing.T) {
	const copied = "Maintainers meet on the second Tuesday of every month in a room above the bakery in Ulm."
	plant := func(s, with string) string { return strings.Replace(s, "We have seen", with+" We have seen", 1) }
	a, err := Read("a.md", plant(cleanReport(t, template.Incubation, "Sample"), copied))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Read("b.md", plant(cleanReport(t, template.Graduation, "Other"), copied))
	if err != nil {
		t.Fatal(err)
	}
	c := &Corpus{}
	c.Add(a)
	c.Add(b)
	var got []Kind
	for _, f := range Lint(a, Options{Corpus: c}) {
		got = append(got, f.Kind)
	}
	if !slices.Contains(got, CopiedText) {
		t.Errorf("%v", got)
	}
}

// TestPublished: sentences are known by their hashes, and the table is what it is made of.
func TestPublished(t *testing.T) {
	d, err := Read("a.md", cleanReport(t, template.Incubation, "Sample"))
	if err != nil {
		t.Fatal(err)
	}
	project, hashes, _ := strings.Cut(Row(d), "\t")
	if project != "sample" || len(strings.Fields(hashes)) < 20 {
		t.Errorf("%q has %d sentences", project, len(strings.Fields(hashes)))
	}
	if n := len(Published().by); n < 1000 {
		t.Errorf("%d sentences are known", n)
	}
	c := &Corpus{}
	c.Add(d)
	if both := c.With(Published()); len(both.by) != len(c.by)+len(Published().by) {
		t.Errorf("%d and %d sentences are %d", len(c.by), len(Published().by), len(both.by))
	}
}

func TestReadNoReport(t *testing.T) {
	for _, text := range []string{"", "# Notes\n- [ ] milk\n", "# Sample Due Diligence\nno boxes", "\x00- [ ] "} {
		if _, err := Read("x", text); err == nil {
			t.Errorf("%q is a report", text)
		}
	}
}

func TestRulesAreWhole(t *testing.T) {
	for _, r := range Rules {
		if r.About == "" || r.Severity != Error && r.Severity != Warning {
			t.Errorf("%+v", r)
		}
	}
}

func FuzzLint(f *testing.F) {
	f.Add(cleanReport(f, template.Incubation, "Sample")[:2000])
	f.Add("# A Due Diligence\n- [x] b <!-- \n[a](b c) [d](#e)\n```\n##### Adopter 2\n")
	f.Add("# A Due Diligence\n\n[application](https://github.com/cncf/toc/issues/1)\r\r[application](https://github.com/cncf/toc/issues/2)\n")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Read("projects/x/y.md", s)
		if err != nil {
			return
		}
		c := &Corpus{}
		c.Add(d)
		lines := strings.Count(s, "\n") + strings.Count(s, "\r") + 1
		for _, x := range Lint(d, Options{Strict: true, Corpus: c}) {
			if x.Line < 1 || x.Line > lines || strings.ContainsAny(x.Message, "\n\r") {
				t.Fatalf("%+v", x)
			}
		}
	})
}
