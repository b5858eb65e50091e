package checklist

import (
	"errors"
	"strings"
	"testing"
)

const twoAreas = "# Foo\n\n## Governance and Maintainers\n\n### Required\n\n- [ ] **G1.**\n- [ ] **G2.**\n- [ ] **G3.**\n\n" +
	"## Contributors & Community\n\n### Suggested\n\n- [ ] **S1.**\n\n### Required\n\n- [ ] **C1.**\n- [ ] **C2.**\n\n## Technical\n- [ ] t\n- [ ] u\n- [ ] v\n"

// TestElements: an element of a list that is exactly a section or item is one, however many words it has.
func TestElements(t *testing.T) {
	l := parse(t, twoAreas)
	for _, c := range []struct{ args, ref, rest string }{
		{"Governance and Maintainers, Contributors and Community", "Governance and Maintainers,Contributors and Community", ""},
		{"Governance and Maintainers, Contributors & Community", "Governance and Maintainers,Contributors & Community", ""},
		{"Governance and Maintainers, Contributors and Community, technical.2", "Governance and Maintainers,Contributors and Community,technical.2", ""},
		{"technical, Governance and Maintainers all is there", "technical,Governance and Maintainers", "all is there"},
		{"Governance and Maintainers, https://a.example/x, y", "Governance and Maintainers", "https://a.example/x, y"},
		{"Governance and Maintainers, see the docs", "Governance and Maintainers", "see the docs"},
		{"Governance and Maintainers/Required, Contributors and Community/Suggested done", "Governance and Maintainers/Required,Contributors and Community/Suggested", "done"},
		{"technical.1; technical.2", "technical.1,technical.2", ""},
		{"technical.1; see docs", "technical.1", "see docs"},
		{"technical.1,\ngovernance/required.2", "technical.1,governance/required.2", ""},
		{"suggested, required", "suggested,required", ""},
		{`"G1", Governance and Maintainers`, `"G1",Governance and Maintainers`, ""},
	} {
		if ref, rest := l.SplitRef(c.args); ref != c.ref || rest != c.rest {
			t.Errorf("%q:\n got %q, %q\nwant %q, %q", c.args, ref, rest, c.ref, c.rest)
		}
	}
	for text, want := range map[string]string{
		"and Contributors and Community": "Contributors and Community", "and contributors": "contributors", "Contributors and Community": "Contributors and Community",
		"and contributors, technical.2": "contributors technical.2", "and contributors are told": "", "and": "", "contrib": "",
	} {
		if got := strings.Join(l.Listed("", text), " "); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	checkResolutions(t, l, []resolution{
		{"Governance & Maintainers", "governance=Governance and Maintainers(3)"},
		{"Contributors and Community", "parent: contributors/* suggested contributors/required"},
		{"Contributors and Community.1", "many: suggested.1 contributors/required.1"}, {"contributors.2", "none"},
		{"governance.2", "governance/required.2"}, // it has one part
		{"required", "many: governance/required contributors/required"},
		{"t", "none"}, {"te", "none"}, {"tec", "technical=Technical(3)"},
	})
}

// TestMeant: what is written in another way gets the right suggestion.
func TestMeant(t *testing.T) {
	l := parse(t, twoAreas)
	for args, want := range map[string]string{
		"the technical section": "technical", "section technical": "technical", "technical items": "technical", "technical 2": "technical.2", "technical #2": "technical.2",
		"technical item 2": "technical.2", "technical no. 2": "technical.2", "technical2": "technical.2", "technical-2": "technical.2", "technical/2": "technical.2",
		"technical:2": "technical.2", "technical[2]": "technical.2", "technical(2)": "technical.2", "technical.2.": "technical.2", "2 technical": "technical.2",
		"2nd of technical": "technical.2", "technical 2nd": "technical.2", "technical.1..2": "technical.1-2", "technical.1...2": "technical.1-2",
		"technical.1 - 2": "technical.1-2", "technical 1 to 2": "technical.1-2", "technical.1-technical.2": "technical.1-2", "technical.2-1": "technical.1-2",
		"technical.2-99": "technical.2-3", "technical.3-99": "technical.3", "items 1-2 of technical": "", "contributors required.2": "contributors/required.2",
		"contributors.required.2": "contributors/required.2", "contributors required": "contributors/required", "technical.9": "", "contributors 2": "", "item 3": "", "nothing": "",
		"the 2nd box of technical": "technical.2", "an item 2 in technical": "technical.2", "a point 2 of technical": "technical.2", "question 2 of technical": "technical.2",
		"step 2 of technical": "technical.2", "criterion 2 of technical": "technical.2", "task 2 of technical": "technical.2", "technical nr 2": "technical.2", "technical nr. 2": "technical.2",
		"technical number 2": "technical.2", "part technical no 2": "technical.2", "technical boxes 1-2": "technical.1-2", "technical points 1-2": "technical.1-2",
		"technical questions 1-2": "technical.1-2", "technical steps 1-2": "technical.1-2", "technical criteria 1-2": "technical.1-2", "technical tasks 1-2": "technical.1-2",
		"technical numbers 1-2": "technical.1-2", "sections technical": "technical", "technical 1 through 2": "technical.1-2", "technical 1 until 2": "technical.1-2",
		"technical 1–2": "technical.1-2", "technical 1—2": "technical.1-2",
		"see https://a.example/5": "", "": "", "technical.1 governance.2-3": "",
	} {
		if got := l.Meant(args); got != want {
			t.Errorf("%q: got %q, want %q", args, got, want)
		}
	}
	for ref, want := range map[string]string{
		"2": "governance/required.2 contributors/required.2 technical.2", "#2": "governance/required.2 contributors/required.2 technical.2",
		"3-99": "governance/required.3 technical.3", "2-3": "governance/required.2-3 contributors/required.2 technical.2-3", "9": "",
		"technical.1,2": "technical.2", "technical.1,3-99": "technical.3", "technical.1..2": "technical.1-2", "G2": "governance/required.2", "technical.2-99": "technical.2-3",
	} {
		_, err := l.Resolve(ref)
		none, ok := errors.AsType[*NotFoundError](err)
		if !ok || strings.Join(none.Suggestions, " ") != want {
			t.Errorf("%q: got %v, want %q", ref, err, want)
		}
	}
	if got := strings.Join(l.Numbered("item 3"), " "); got != "governance/required.3 technical.3" {
		t.Errorf("item 3: %s", got)
	}
	for text, want := range map[string]bool{
		"section": true, "item 3": true, "3": true, "#3, 4": true, "- 7": true, "to 7": true, "and 7": true, "3-5": true, "": false,
		"section 3 of the charter": false, "v1.2": false, "done": false, "items are listed": false,
	} {
		if got := Beside(text); got != want {
			t.Errorf("%q is no note: %v", text, got)
		}
	}
}

// TestLookalikes: lines that look like boxes and are none, with the reason.
func TestLookalikes(t *testing.T) {
	for _, c := range []struct{ body, want string }{
		{"[ ] I have <b>reviewed</b> it\n", "1 I have reviewed it: " + whyMarker},
		{"a\n\n[x] b\n[ ] c\n", "3 b: " + whyMarker + "; 4 c: " + whyMarker},
		{"-[ ] a\n", "1 a: " + whyBlank},
		{"- [] a\n- [  ] b\n- [ x ] c\n- [✓] d\n", "1 a: " + whyInside + "; 2 b: " + whyInside + "; 3 c: " + whyInside + "; 4 d: " + whyInside},
		{"- [ ]a\n", "1 a: " + whyBehind},
		{"• [ ] a\n", "1 a: " + whyMarker},
		{"– [ ] a\n\n— [x] b\n", "1 a: " + whyMarker + "; 3 b: " + whyMarker},
		{"<details>\n- [ ] a\n</details>\n", "2 a: " + whyHTML},
		{"- [ ] a\n<br>\n- [ ] b\n", "3 b: " + whyHTML},
		{"a\n\n    - [ ] b\n", "3 b: " + whyCode},
		{"a\n2. [ ] b\n", "2 b: " + whyGoesOn},
		{"- [ ] a\n  ---\n", "1 a: " + whyHeading},
		{"- [ ] a\n> - [ ] b\n1. [x] c\n", ""},
		{"```\n[ ] a\n```\n<!--\n[ ] b\n-->\n`[ ] c`\n", ""},
		{"[x](https://a.example)\n\n[x]: https://a.example\n\n- [ ](b)\n- [ ]: c\n- [ ] \n[ ]\n", ""},
		{"a [ ] b\n- \\[ ] c\n", ""},
	} {
		var got []string
		for _, a := range parse(t, c.body).Lookalikes() {
			got = append(got, strings.TrimSpace(strings.Join([]string{string(rune('0' + a.Line)), a.Text}, " "))+": "+a.Why)
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%q:\n got %s\nwant %s", c.body, s, c.want)
		}
	}
	l := parse(t, "[ ] I have reviewed the guide\n\n- [ ] a\n")
	for text, want := range map[string]int{`"I have reviewed"`: 1, "I have reviewed": 1, "guide": 1, "I": 0, "charter": 0, `"`: 0} {
		if got := len(l.LookalikesOf(text, text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
