package checklist

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// outcome writes what a reference resolves to in one line.
func outcome(l *List, ref string) string {
	m, err := l.Resolve(ref)
	var none *NotFoundError
	var many *AmbiguousError
	switch {
	case errors.As(err, &none):
		return "none"
	case errors.As(err, &many):
		var refs []string
		for _, c := range many.Candidates {
			refs = append(refs, c.Ref)
		}
		s := "many: "
		if many.Parent {
			s = "parent: "
		}
		return s + strings.Join(refs, " ")
	case err != nil:
		return err.Error()
	}
	var out []string
	for _, x := range m {
		s := x.Ref
		if x.Whole {
			s = fmt.Sprintf("%s=%s(%d)", x.Ref, x.Name, len(x.Items))
		} else if len(x.Items) > 1 {
			s = fmt.Sprintf("%s(%d)", x.Ref, len(x.Items))
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

type resolution struct{ ref, want string }

func checkResolutions(t *testing.T, l *List, cases []resolution) {
	t.Helper()
	for _, c := range cases {
		if got := outcome(l, c.ref); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.ref, got, c.want)
		}
	}
}

func TestResolveKubevirt(t *testing.T) {
	for _, name := range []string{"kubevirt-96.md", "kubevirt-96.crlf.md"} {
		checkResolutions(t, parse(t, readBody(t, name)), []resolution{
			{"technical", "technical=Technical(12)"},
			{"Technical", "technical=Technical(12)"},
			{"tech", "technical=Technical(12)"},
			{"tech.3", "technical.3"},
			{"technical.3-5", "technical.3-5(3)"},
			{"tech.3–5", "technical.3–5(3)"},
			{"technical.3-3", "technical.3"},
			{"users.1", "users.1"},
			{"con", "many: contributor context"},
			{"contributor-experience.2", "contributor.2"},
			{`"code of conduct"`, "project.9"},
			{`“Code of Conduct”`, "project.9"},
			{`"Does it have a code of conduct?"`, "project.9"},
			{`"licens"`, "many: technical.11 project.10"},
			{`"growing"`, "many: project.1 context.3"},
			{`"project > growing"`, "project.1"},
			{"technical.13", "none"}, {"technical.0", "none"}, {"technical.5-3", "none"}, {"technical.3-13", "none"},
			{"technical.3.1", "none"},
			{"growing", "none"}, {"code-of-conduct", "none"}, {"", "none"}, {"/", "none"}, {"...", "none"}, {`""`, "none"},
			{"some-example-questions", "parent: some/* technical project users contributor context other"},
			{"some/*", "some/*=Some example questions that will ideally need clear answers(42)"},
			{"some/technical.3", "technical.3"},
			{"some.13", "none"}, {"some.3", "many: technical.3 project.3 users.3 contributor.3 context.3 other.3"},
			{"all", "all=(49)"},
			{"all.8", "technical.1"},
			{`technical.3,users.1`, "technical.3, users.1"},
			{`technical.3, "code of conduct", context`, "technical.3, project.9, context=Context(5)"},
			{"technical.3,nothing", "none"},
			{"where-to-start", "where=Where to start(7)"},
		})
	}
}

func TestResolveTemplate(t *testing.T) {
	l := parse(t, readBody(t, "toc/template-incubation-application.md"))
	if n := len(l.Items()); n != 50 {
		t.Errorf("%d boxes, want 50", n)
	}
	checkResolutions(t, l, []resolution{
		{"required", "many: application/required governance/required contributors/required engineering/required security/required ecosystem/required"},
		{"gov/req.4", "governance/required.4"},
		{"governance-and-maintainers/required.4", "governance/required.4"},
		{`"code of conduct"`, "many: governance/required.4 governance/required.5"},
		{`"governance > cross-linked"`, "governance/required.5"},
		{`"governance review"`, "many: application/required.2 governance/suggested.1"},
		{"app/required.1", "application/required.1"},
		{"governance", "parent: governance/* governance/suggested governance/required"},
		{"governance/*", "governance/*=Governance and Maintainers(16)"},
		{"governance.11", "many: governance/suggested governance/required"},
		{"security.5", "none"}, {"security.1", "many: security/suggested.1 security/required.1"}, {"security.1-2", "none"},
		{"project-incubation-application", "parent: project/* incubation application-process/* governance/* contributors/* engineering/* security/* ecosystem"},
		{"project/gov/req.4", "governance/required.4"},
		{"ecosystem", "ecosystem=Ecosystem(4)"},
		{"suggested/required", "none"},
	})
}

func TestResolveNested(t *testing.T) {
	l := parse(t, "# Enhancement Description\n- One line\n- [ ] Alpha\n  - [ ] KEP update\n  - [ ] Code update\n  - [ ] Docs update\n- [ ] Beta\n  - [ ] Docs update\n- Stable\n  - [ ] Docs update\n")
	checkResolutions(t, l, []resolution{
		{"enhancement", "enhancement=Enhancement Description(7)"},
		{"enhancement.1", "enhancement.1"},
		{"enhancement.1.2", "enhancement.1.2"},
		{"enhancement.1.2-3", "enhancement.1.2-3(2)"},
		{"enhancement.1-2.3", "none"},
		{`"alpha > docs"`, "enhancement.1.3"},
		{`"stable > docs"`, "enhancement.3"},
		{`"docs"`, "many: enhancement.1.3 enhancement.2.1 enhancement.3"},
		{`"gamma > docs"`, "none"},
		{`"enhancement > beta > docs"`, "enhancement.2.1"},
	})
}

func TestResolveCaptions(t *testing.T) {
	pseudo := strings.Replace(readBody(t, "kubevirt-96.md"), "## Technical\n", "Technical\n", 1)
	l := parse(t, pseudo)
	checkResolutions(t, l, []resolution{
		{"technical", "technical=Technical(12)"},
		{"tech.3", "technical.3"},
		{"project", "project=Project(14)"},
		{"project.9", "project.9"},
		{"some-details-that-might-inform-the-above-include.1", "project.5"},
	})
	l = parse(t, "**Before you start:**\n- [ ] a\n- [ ] b\n\n<details>\n<summary>For <b>reviewers</b></summary>\n\n- [ ] c\n\n</details>\n\nNo caption here, as a second paragraph follows.\n\n---\n- [ ] d\n")
	checkResolutions(t, l, []resolution{
		{"before-you-start", "before=Before you start(2)"},
		{"before.2", "before.2"},
		{"for", "for-reviewers=For reviewers(1)"},
		{"no-caption", "none"},
		{`"d"`, "all.4"},
	})
}

// TestResolveSummaries: a list in a part that can be folded has the name that people see of that.
func TestResolveSummaries(t *testing.T) {
	for body, c := range map[string]resolution{
		"<details><summary>For <i>reviewers</i></summary>\n\n- [ ] a\n":                     {"for-reviewers", "for-reviewers=For reviewers(1)"},
		"<details><summary>For reviewers</summary> Read on.\n\n- [ ] a\n":                   {"for-reviewers", "for-reviewers=For reviewers(1)"},
		"<details><SUMMARY class=\"x\">For reviewers\n\n- [ ] a\n":                          {"for-reviewers", "for-reviewers=For reviewers(1)"},
		"<p><summary>First</summary><summary>For reviewers</summary></p>\n\n- [ ] a\n":      {"for-reviewers", "for-reviewers=For reviewers(1)"},
		"<details><summary\n\n- [ ] a\n":                                                    {"summary", "none"},
		"<details><summary>/close</summary>\n\n- [ ] a\n":                                   {"close", "none"},
		"<details><summary>For reviewers</summary>\n\nWords between.\n\nMore.\n\n- [ ] a\n": {"for-reviewers", "none"},
	} {
		checkResolutions(t, parse(t, body), []resolution{c})
	}
}

// TestResolveSentence: a sentence that happens to stand above a list names it as a whole only; its first words name nothing.
func TestResolveSentence(t *testing.T) {
	l := parse(t, "# A\n- [ ] a\n# B\n\nSome details that might inform you\n- [ ] b\n- [ ] c\n\nFew words\n- [ ] d\n")
	checkResolutions(t, l, []resolution{
		{"some-details-that-might-inform-you", "some-details-that-might-inform-you=Some details that might inform you(2)"},
		{"some-details-that-might-inform-you.2", "b.2"}, {"some", "none"}, {"some-details", "none"}, {"some.2", "none"},
		{`"few words"`, "few-words=Few words(1)"}, {`"b > few words"`, "few-words=Few words(1)"}, {`"few"`, "none"},
		{"few", "few-words=Few words(1)"}, {"b/few.1", "b.3"},
	})
}

// TestResolveDivided: a section with parts asks which is meant, its own items among the parts; one whose only part is a section is that.
func TestResolveDivided(t *testing.T) {
	l := parse(t, "# Alpha\n- [ ] a\n## Beta\n- [ ] b\n- [ ] c\n# Gamma\n## Delta\n- [ ] d\n- [ ] e\n")
	checkResolutions(t, l, []resolution{
		{"alpha", "parent: alpha/* beta"}, {"alpha/*", "alpha/*=Alpha(3)"}, {"beta", "beta=Beta(2)"}, {"alpha/beta", "beta=Beta(2)"},
		{"alpha.1", "alpha.1"}, {"alpha.2", "many: beta.1 beta.2"}, {"gamma", "gamma=Gamma(2)"}, {"gamma.2", "delta.2"}, {"gamma.3", "none"}, {"gamma/beta", "none"}, {"gamma/delta.1", "delta.1"},
	})
}

// TestDecorated: marks around a reference, and a number behind a slash, are understood well enough to offer what was meant.
func TestDecorated(t *testing.T) {
	l := parse(t, "# Users\n- [ ] a\n  - [ ] inner <!-- dd:inner -->\n- [ ] b\n# Other things\n- [ ] c\n")
	for ref, want := range map[string]string{
		"`users.1`": "users.1", "**users.1**": "users.1", "users.1.": "users.1", "users.1?": "users.1", "(users.2)": "users.2", "users/2": "users.2", "[users/2]": "users.2",
		"`users.1.1`": "users.1.1", "users.1.1.": "users.1.1", "**#inner**": "users.1.1", "`users`": "it is found", "users/3": "users", "/2": "",
	} {
		_, err := l.Resolve(ref)
		var got []string
		if none, ok := errors.AsType[*NotFoundError](err); ok {
			got = none.Suggestions
		} else if err == nil {
			got = []string{"it is found"}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %q", ref, err, want)
		}
	}
}

func TestResolveLevels(t *testing.T) {
	l := parse(t, "# Release\n- [ ] whole phrase\n- [ ] a whole phrase here\n# Release process\n- [ ] phrases, wholly\n# Security review\n- [ ] d\n# Securities\n- [ ] e\n# Security audit/Security, again\n- [ ] f\n")
	checkResolutions(t, l, []resolution{
		{"release", "release=Release(2)"},
		{"release-p", "release-process=Release process(1)"},
		{"rel", "many: release release-process"},
		{"security", "many: security-review security-audit"},
		{"securit", "many: security-review securities security-audit"},
		{"security-r", "security-review=Security review(1)"},
		{`"whole phrase"`, "release.1"},
		{`"a whole phrase"`, "release.2"},
		{`"phrase whol"`, "many: release.1 release.2 release-process.1"},
		{`"phrases"`, "release-process.1"},
	})
	l = parse(t, "# Release process\n- [ ] a\n# Released\n- [ ] b\n")
	checkResolutions(t, l, []resolution{{"release", "release=Release process(1)"}, {"releas", "many: release released"}})
}

func TestResolveAnchors(t *testing.T) {
	l := parse(t, "# Technical\n- [ ] a <!-- dd:Licence -->\n- [ ] b <!-- dd:twice -->\n- [ ] c <!-- dd:twice -->\n# Licence\n- [ ] d\n")
	checkResolutions(t, l, []resolution{
		{"#licence", "technical.1"},
		{"licence", "technical.1"}, // the id goes before the heading of that name
		{"licence.1", "licence.1"},
		{"licence/*", "licence/*=Licence(1)"},
		{"twice", "many: technical.2 technical.3"},
		{"#none", "none"},
	})
}

// Two sections of one path cannot be told apart by name. Their items still have addresses, and so do they.
func TestResolveTwins(t *testing.T) {
	l := parse(t, "# A\n## Twin\n- [ ] a\n## Twin\n- [ ] b\n- [ ] c\n# All\n- [ ] d\n# ??\n- [ ] e\n")
	checkResolutions(t, l, []resolution{
		{"twin", "many: a.1 a.2-3"},
		{"a.2-3", "a.2-3(2)"},
		{`"b"`, "a.2"}, {`"d"`, "all.4"}, {`"e"`, "all.5"},
	})
}

func TestErrorsReadWell(t *testing.T) {
	l := parse(t, readBody(t, "kubevirt-96.md"))
	for _, c := range []struct{ ref, want string }{
		{"con", `"con" fits more than one: "contributor" and "context". Please write one of these.`},
		{"tehcnical", `No checklist item or section is called "tehcnical". Did you mean "technical"?`},
		{"technical.13", `No checklist item or section is called "technical.13". "technical" has 12 items. Did you mean "technical.12"?`},
		{"technical.3.1", `No checklist item or section is called "technical.3.1". "technical.3" has no items below it.`},
		{"some", `"some" has sub-sections. Write "some/*" for all of it, or "technical", "project", "users", "contributor", "context" or "other".`},
		{"@bob<!--*`#12", `No checklist item or section is called "bob!--12".`},
	} {
		_, err := l.Resolve(c.ref)
		if err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.ref, err, c.want)
		}
	}
}

// Every Ref, and every candidate of an error, means just what it stands for.
func TestRefsResolve(t *testing.T) {
	for name, body := range realBodies(t) {
		checkRefs(t, name, parse(t, body))
	}
	for name, body := range hostile() {
		if l, err := Parse(body); err == nil && len(l.Items()) < 350 {
			checkRefs(t, name, l)
		}
	}
}

func checkRefs(t *testing.T, name string, l *List) {
	t.Helper()
	for _, it := range l.Items() {
		m, err := l.Resolve(it.Ref)
		if err != nil || len(m) != 1 || len(m[0].Items) != 1 || m[0].Whole || !reflect.DeepEqual(m[0].Items[0], it) {
			t.Fatalf("%s: %q resolves to %+v, %v; want %+v", name, it.Ref, m, err, it)
		}
		if ref, rest := SplitRef(it.Ref + " is done"); ref != it.Ref || rest != "is done" {
			t.Fatalf("%s: %q splits to %q, %q", name, it.Ref, ref, rest)
		}
	}
	for _, s := range l.names.headings {
		checkCandidates(t, name, l, s.title)
	}
}

// checkCandidates resolves what an ambiguous reference offers.
func checkCandidates(t *testing.T, name string, l *List, ref string) {
	t.Helper()
	_, err := l.Resolve(ref)
	var many *AmbiguousError
	if !errors.As(err, &many) {
		return
	}
	if len(many.Candidates) == 0 || len(many.Candidates) > maxCandidates || many.Total < len(many.Candidates) {
		t.Fatalf("%s: %q: %+v", name, ref, many)
	}
	for _, c := range many.Candidates {
		m, err := l.Resolve(c.Ref)
		if err != nil || len(m) != 1 || c.Count == 0 && len(m[0].Items) != 1 {
			t.Fatalf("%s: candidate %q of %q: %+v, %v", name, c.Ref, ref, m, err)
		}
	}
}

func TestSplitRef(t *testing.T) {
	for _, c := range []struct{ args, ref, rest string }{
		{"technical", "technical", ""},
		{"  technical.3  see https://example.org/a,b ", "technical.3", "see https://example.org/a,b"},
		{"technical.3\tsee", "technical.3", "see"},
		{`"code of conduct" it's here`, `"code of conduct"`, "it's here"},
		{`“code of conduct” here`, `“code of conduct”`, "here"},
		{`„code of conduct“ here`, `„code of conduct“`, "here"},
		{`"code, of" conduct`, `"code, of"`, "conduct"},
		{`"open quote`, `"open quote`, ""},
		{`"say "hello" loudly" here`, `"say "hello" loudly"`, "here"},
		{`"the "big" one", "x" here`, `"the "big" one","x"`, "here"},
		{`“say "hello" loudly” here`, `“say "hello" loudly”`, "here"},
		{`"ends with "hello"" here`, `"ends with "hello""`, "here"},
		{`"never "closed" here`, `"never "closed"`, "here"},
		{`"a b" see "c d"`, `"a b"`, `see "c d"`},
		{`«code of conduct» here`, `«code of conduct»`, "here"},
		{"a.1,b.2 text", "a.1,b.2", "text"},
		{"a.1, b.2 text", "a.1,b.2", "text"},
		{"a.1 , b.2, c.3-4 text", "a.1,b.2,c.3-4", "text"},
		{`a.1, "b c", #d text`, `a.1,"b c",#d`, "text"},
		{"technical, project", "technical,project", ""},
		{"technical, project, users", "technical,project,users", ""},
		{"technical, see the docs", "technical", "see the docs"},
		{"technical.3, https://example.org/v.3", "technical.3", "https://example.org/v.3"},
		{"technical.3, 3.5 is out", "technical.3", "3.5 is out"},
		{"technical,", "technical", ""},
		{",technical x", "technical", "x"},
		{"", "", ""}, {" , ", "", ""},
		{"gov/* all fine", "gov/*", "all fine"},
	} {
		if ref, rest := SplitRef(c.args); ref != c.ref || rest != c.rest {
			t.Errorf("%q: got %q, %q; want %q, %q", c.args, ref, rest, c.ref, c.rest)
		}
	}
}
