package checklist

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestSuggestions: what an unknown reference most likely meant is offered: what is written most alike, of a right beginning what is
// below it, of a text what has most of its words. What is not like it at all is not offered, and never more than five.
func TestSuggestions(t *testing.T) {
	const groups = "# Guide\n## Alpha\n- [ ] One licence file\n- [ ] Two licence files here\n## Alphb\n- [ ] Third <!-- dd:third -->\n## Security\n- [ ] Fourth\n" +
		"## Documentation\n- [ ] Fifth\n"
	many := "# Guide\n"
	for i := range 9 {
		many += fmt.Sprintf("## Part %c%c\n- [ ] the word and item %d\n", 'a'+i, 'a'+i, i)
	}
	for _, c := range []struct{ name, body, ref, want string }{
		{"a letter is missing", groups, "secrity", "security"},
		{"a letter too many", groups, "securiity", "security"},
		{"another letter", groups, "securoty", "security"},
		{"two letters exchanged", groups, "seucrity", "security"},
		{"half of it is wrong", groups, "sxcxrxtx", "security"},
		{"more than half of it is wrong", groups, "sxxxrxxx", ""},
		{"two are as like", groups, "alphx", "alpha alphb"},
		{"the nearer one", groups, "documentatoin", "documentation"},
		{"an item that counts too far", groups, "alpha.3", "alpha.2"},
		{"an item of a misspelled section", groups, "secrity.1", "security.1"},
		{"an id", groups, "#thidr", "#third"},
		{"an id, in other letters", groups, "#THIDR", "#third"},
		{"below a right beginning", groups, "guide/nothing", "alpha alphb security documentation"},
		{"words of a text", groups, `"licence that"`, "alpha.1 alpha.2"},
		{"most of the words of a text", groups, `"licence here that"`, "alpha.2 alpha.1"},
		{"a section in quotes, with a word too many", groups, `"security that"`, "security"},
		{"a text that is like nothing", groups, `"qqqqqqqq"`, ""},
		{"five below a right beginning", many, "guide/nothing", "part-aa part-bb part-cc part-dd part-ee"},
		{"five by words", many, `"word missing"`, "part-aa.1 part-bb.1 part-cc.1 part-dd.1 part-ee.1"},
		{"five that are alike", many, "part-xx", "part-aa part-bb part-cc part-dd part-ee"},
		{"no sections at all", "- [ ] a\n", "security", ""},
		{"a short word", "# one\n- [ ] a\n# two\n- [ ] b\n", "twx", "two"},
		{"a word of five letters, two off", "# other\n- [ ] a\n# two\n- [ ] b\n", "oxxer", "other"},
		{"a short word, two letters off", "# one\n- [ ] a\n# two\n- [ ] b\n", "txx", ""},
	} {
		_, err := parse(t, c.body).Resolve(c.ref)
		none, ok := errors.AsType[*NotFoundError](err)
		if !ok || strings.Join(none.Suggestions, " ") != c.want {
			t.Errorf("%s: %s: got %v, want %q", c.name, c.ref, err, c.want)
		}
	}
}

// TestCandidates: of many things that a reference fits eight are named, and how many more there are.
func TestCandidates(t *testing.T) {
	body := ""
	for i := range 11 {
		body += fmt.Sprintf("## Part %c\n- [ ] the same words %d\n", 'a'+i, i)
	}
	l := parse(t, body)
	for _, c := range []struct{ ref, want string }{
		{`"same words"`, `"same words" fits more than one: "part-a.1", "part-b.1", "part-c.1", "part-d.1", "part-e.1", "part-f.1", "part-g.1" and "part-h.1" (and 3 more). Please write one of these.`},
		{"part", `"part" fits more than one: "part-a", "part-b", "part-c", "part-d", "part-e", "part-f", "part-g" and "part-h" (and 3 more). Please write one of these.`},
		{"part.1", `"part.1" fits more than one: "part-a.1", "part-b.1", "part-c.1", "part-d.1", "part-e.1", "part-f.1", "part-g.1" and "part-h.1" (and 3 more). Please write one of these.`},
	} {
		if _, err := l.Resolve(c.ref); err == nil || err.Error() != c.want {
			t.Errorf("%s:\n got %v\nwant %s", c.ref, err, c.want)
		}
	}
}

// TestTooMuch: what nobody writes is answered with a sentence of its own.
func TestTooMuch(t *testing.T) {
	l := parse(t, "# S\n- [ ] a\n- [ ] b\n")
	for ref, want := range map[string]string{
		strings.Repeat("s.1,", 100):            "",
		strings.Repeat("s.1,", 101):            "These are too many references at once.",
		strings.Repeat("x", 2001):              "It is too long.",
		"s.0":                                  "Items are counted from 1.",
		"s.2-1":                                "A range goes upwards, like 3-5.",
		"s.3":                                  `"s" has 2 items.`,
		"s.1.1":                                `"s.1" has no items below it.`,
		"":                                     "Please name an item or a section.",
		`"!"`:                                  "There are no words in it.",
		strings.Repeat("x", 70) + "<b>@alice*": `called "` + strings.Repeat("x", 60) + `...".`,
	} {
		_, err := l.Resolve(ref)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.20q: got %v, want %s", ref, err, want)
		}
	}
	if _, err := parse(t, "Words.\n").Resolve("all"); err == nil || !strings.Contains(err.Error(), "There is no checklist here.") {
		t.Errorf("no boxes: %v", err)
	}
}

// TestSectionsAndAreas: the sections in which items are counted, and the headings above these.
func TestSectionsAndAreas(t *testing.T) {
	for body, want := range map[string]string{
		twoAreas: "governance/required suggested contributors/required technical; governance contributors foo",
		"# Foo\n\n## A\n\n- [ ] a\n- [ ] b\n\n## B\n\n- [ ] c\n": "a b; foo",
		"# A\n- [ ] a\n# B\n- [ ] b\n":                           "a b; a b",
		"# Tech stack\n- [ ] a\n# Web site\n- [ ] b\n":           "tech web-site; tech web-site", // four letters say enough
		"- [ ] a\n": "all; all",
		"Words.\n":  "; ",
	} {
		l := parse(t, body)
		if got := strings.Join(l.Sections(), " ") + "; " + strings.Join(l.Areas(), " "); got != want {
			t.Errorf("%q:\n got %s\nwant %s", body, got, want)
		}
	}
}

// TestDistance: how many letters one has to change, add, leave out or exchange with the next.
func TestDistance(t *testing.T) {
	for words, want := range map[string]int{
		" ": 0, "a ": 1, " ab": 2, "done done": 0, "done dome": 1, "done don": 1, "done donee": 1, "done odne": 1, "done deno": 2, "abc cab": 2, "ä a": 1, "kitten sitting": 3,
	} {
		a, b, _ := strings.Cut(words, " ")
		if got := Distance(a, b); got != want || Distance(b, a) != want {
			t.Errorf("%q and %q: %d, want %d", a, b, got, want)
		}
	}
}

// TestQuoted: people forget the quotes around words of an item; as many words as name one are taken.
func TestQuoted(t *testing.T) {
	l := parse(t, "# S\n- [ ] The project has a code of conduct\n- [ ] The project has a licence\n- [ ] Done\n")
	for text, want := range map[string]string{
		"code of conduct": `"code of conduct"`, "code of conduct is in the docs": `"code of conduct"`, "`code of conduct`, see": `"code of conduct"`,
		"the project has": `"the project has"`, "has a": "", "of": "", "unknown words": "", "": "", "licence.": `"licence"`, "done": `"done"`,
	} {
		if got := l.Quoted(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// TestIssues: a list of issues is addressed by their numbers.
func TestIssues(t *testing.T) {
	l := parse(t, "# S\n- [ ] #12\n- [ ] Fix a/b#13, then (#14).\n- [ ] #15\n# T\n- [ ] #15 again\n")
	checkResolutions(t, l, []resolution{
		{"#12", "s.1"}, {"a/b#13", "s.2"}, {"A/B#13", "s.2"}, {"#14", "s.2"}, {"#13", "none"}, {"#15", "many: s.3 t.1"}, {"#1", "none"},
	})
}

// TestNumberAlone: where there is one list without parts a number says all.
func TestNumberAlone(t *testing.T) {
	checkResolutions(t, parse(t, "- [ ] a\n- [ ] b\n- [ ] c\n"), []resolution{{"2", "all.2"}, {"2-3", "all.2-3(2)"}, {"2–3", "all.2–3(2)"}, {"4", "none"}, {"12345", "none"}})
	checkResolutions(t, parse(t, "# S\n- [ ] a\n- [ ] b\n"), []resolution{{"2", "s.2"}})
	checkResolutions(t, parse(t, "# S\n- [ ] a\n- [ ] b\n# T\n- [ ] c\n"), []resolution{{"2", "none"}})
}
