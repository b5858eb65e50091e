package report

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/template"
)

const sampleApplication = `# Sample Incubation Application

Project Repo(s): https://github.com/sample/sample
Project Site: $URL
Project points of contacts: Ann, ann@sample.example

## Governance and Maintainers

### Required

- [x] **Document complete list of current maintainers, including names, contact information, domain of responsibility, and affiliation.**

<!-- (Project assertion goes here) -->
The list is in [MAINTAINERS](https://github.com/sample/sample/blob/main/MAINTAINERS.md).

- [ ] **All subprojects, if any, are listed.**

<!-- (Project assertion goes here) -->

## Engineering Principles

### Required

- [x] **Document the project's release process.** See https://github.com/sample/sample/issues/12.
`

func sampleInput(t *testing.T, application string) Input {
	t.Helper()
	o, err := template.Read(application)
	if err != nil {
		t.Fatal(err)
	}
	return Input{
		Project: "Sample", Level: template.Incubation, Repo: "sample/sample", Issue: "https://github.com/cncf/toc/issues/7", Application: o,
	}
}

func sampleReport(t *testing.T) string {
	t.Helper()
	v, _ := template.Newest(template.Report, template.Incubation)
	return Skeleton(v, sampleInput(t, sampleApplication))
}

func mustFill(t *testing.T, text string, in Input) *Filled {
	t.Helper()
	f, err := Fill(text, in)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return f
}

func TestFillTwice(t *testing.T) {
	report := sampleReport(t)
	in := sampleInput(t, sampleApplication)
	if got := mustFill(t, report, in); got.Text != report || got.Written != 0 {
		t.Fatal("a fresh skeleton changes")
	}
	in = sampleInput(t, strings.Replace(sampleApplication, "The list is in", "Our list of ten is in", 1))
	in.Sponsors = []string{"alice", "@bob"}
	once := mustFill(t, report, in)
	if !strings.Contains(once.Text, "> Our list of ten") || !strings.Contains(once.Text, "TODO(@alice, @bob): say whether") || len(once.Conflicts) > 0 {
		t.Fatalf("%+v\n%s", once.Conflicts, once.Text)
	}
	if twice := mustFill(t, once.Text, in); twice.Text != once.Text {
		t.Error("the second time changes something")
	}
}

// TestFillFresh: a skeleton that was just made is up to date, nested criteria and pinned links included.
func TestFillFresh(t *testing.T) {
	for _, v := range template.Versions() {
		if v.Kind != template.Report {
			continue
		}
		application := strings.ReplaceAll(cleanReport(t, v.Level, "Sample"), "  - [x] ", "  - [x] In other words: ") // boxes of their own
		application = strings.ReplaceAll(application, "says so.", "says so, as does https://github.com/sample/sample/blob/main/file9.md and [it](https://github.com/cncf/toc/issues/12).")
		in := sampleInput(t, application)
		in.Level = v.Level
		report := Skeleton(&v, in)
		if got := mustFill(t, report, in); got.Text != report || len(got.Conflicts) > 0 {
			t.Errorf("%s: a fresh skeleton changes", v.Name())
		}
	}
}

func TestFillKeepsEdits(t *testing.T) {
	report := sampleReport(t)
	edited := strings.Replace(report, "> The list is in", "> (As Ann told us.) The list is in", 1)
	if edited == report {
		t.Fatal("no block to edit")
	}
	if got := mustFill(t, edited, sampleInput(t, sampleApplication)); got.Text != edited || len(got.Conflicts) != 0 {
		t.Errorf("nothing new, and yet %+v", got.Conflicts)
	}
	got := mustFill(t, edited, sampleInput(t, strings.Replace(sampleApplication, "The list", "A list", 1)))
	if got.Text != edited || len(got.Conflicts) != 1 || !strings.Contains(got.Conflicts[0].Mine, "A list") || !strings.Contains(got.Conflicts[0].Theirs, "As Ann") {
		t.Errorf("%+v", got.Conflicts)
	}
	at := strings.Index(report, "> The list is in")
	noEnd := report[:at] + strings.Replace(report[at:], blockEnd+"\n", "", 1)
	got = mustFill(t, noEnd, sampleInput(t, strings.Replace(sampleApplication, "The list", "A list", 1)))
	if got.Text != noEnd || len(got.Conflicts) != 1 || !strings.Contains(got.Conflicts[0].Why, "mark at the end") {
		t.Errorf("a block without an end: %+v", got.Conflicts)
	}
}

func TestFillByHand(t *testing.T) {
	const report = "# Sample Incubation Due Diligence\r\n\r\n## Governance and Maintainers\r\n\r\n### Required\r\n\r\n" +
		"- [ ] **Document complete list of current maintainers, including names, contact information, domain of responsibility, and affiliation.**\r\n\r\n" +
		"<!-- (TOC Evaluation goes here) --> \r\n\r\n- [x] **All subprojects, if any, are listed.**\r\n\r\nThere are none.\r\n" +
		"- [ ] **Document the project's release process.**\r\nI have looked, and it is fine.\r\n"
	in := sampleInput(t, sampleApplication)
	got := mustFill(t, report, in)
	if !strings.Contains(got.Text, "-->\r\nThe project says:\r\n\r\n> The list is in") || strings.Contains(strings.ReplaceAll(got.Text, "\r\n", ""), "\n") {
		t.Errorf("%q", got.Text)
	}
	if strings.Contains(got.Text, "issues/12") {
		t.Error("a block was put where a person has written")
	}
	if again := mustFill(t, got.Text, in); again.Text != got.Text {
		t.Error("the second time changes something")
	}
	without := blocksRemoved(got.Text)
	for _, line := range strings.Split(report, "\r\n") {
		if !strings.Contains(without, line) {
			t.Errorf("%q is gone", line)
		}
	}
}

// TestFillFacts: a call that asks for no facts keeps those that are there.
func TestFillFacts(t *testing.T) {
	report := sampleReport(t)
	in := sampleInput(t, sampleApplication)
	const sha = "0123456789abcdef0123456789abcdef01234567"
	in.Pin = func(u string) (string, bool) {
		return strings.Replace(u, "/main/", "/"+sha+"/", 1), strings.Contains(u, "/main/")
	}
	line := in.Application.Boxes()[0].Line
	in.Checks = map[int]Check{line: {Result: "met", Why: "3 maintainers of 2 companies.", Links: []Named{{"a[b]", "https://a.example"}}}}
	in.Questions = map[int][]Question{line: {{By: "ann", Text: "Who <b>is</b>\nnew?", URL: "https://q.example"}}}
	with := mustFill(t, report, in).Text
	for _, want := range []string{"- met: 3 maintainers of 2 companies. ([a\\[b\\]](https://a.example))", "- [Who &lt;b>is&lt;/b> new? (ann)](https://q.example)", sha} {
		if !strings.Contains(with, want) {
			t.Errorf("%q is missing in\n%s", want, with)
		}
	}
	if got := mustFill(t, with, sampleInput(t, sampleApplication)); got.Text != with {
		t.Error("facts are lost where none were asked for")
	}
	in.Checks, in.Questions = map[int]Check{}, map[int][]Question{}
	if got := mustFill(t, with, in); strings.Contains(got.Text, "3 maintainers") || strings.Contains(got.Text, "q.example") {
		t.Error("old facts stay")
	}
}

// blocksRemoved is a report without what stands between intact marks.
func blocksRemoved(text string) string {
	all := blocks(text, 0, len(text))
	for i := len(all) - 1; i >= 0; i-- {
		if b := all[i]; !b.broken && !b.isTouched() {
			text = text[:b.start] + text[b.end:]
		}
	}
	return text
}

// TestFillRandom: whatever people do to a report between two runs stays.
func TestFillRandom(t *testing.T) {
	runs := 1000
	if testing.Short() {
		runs = 60
	}
	base := sampleReport(t)
	r := rand.New(rand.NewPCG(13, 2026))
	for run := range runs {
		text, tokens := base, []string(nil)
		for n := range 1 + r.IntN(4) {
			text, tokens = personEdits(r, text, tokens, fmt.Sprintf("Person-%d-%d", run, n))
		}
		application := sampleApplication
		for range r.IntN(3) {
			application = projectEdits(r, application, run)
		}
		in := sampleInput(t, application)
		if r.IntN(3) == 0 {
			in.Sponsors = []string{"alice"}
		}
		got, err := Fill(text, in)
		if err != nil {
			t.Fatalf("run %d: %v", run, err)
		}
		at := 0
		for _, token := range tokens { // each once
			if strings.Count(got.Text, token) != strings.Count(text, token) {
				t.Fatalf("run %d: %s is lost", run, token)
			}
		}
		for _, line := range strings.SplitAfter(blocksRemoved(text), "\n") {
			line = strings.Replace(line, "TODO(@sponsor)", "TODO(@alice)", 1)
			next := strings.Index(strings.ReplaceAll(got.Text[at:], "TODO(@sponsor)", "TODO(@alice)"), line)
			if next < 0 && strings.TrimSpace(line) != "" {
				t.Fatalf("run %d: the line %q is gone", run, line)
			}
		}
		again, err := Fill(got.Text, in)
		if err != nil || again.Text != got.Text {
			t.Fatalf("run %d: the second time changes something: %v", run, err)
		}
	}
}

func personEdits(r *rand.Rand, text string, tokens []string, token string) (string, []string) {
	lines := strings.SplitAfter(text, "\n")
	i := r.IntN(len(lines))
	switch r.IntN(8) {
	case 0, 1: // a line of their own, anywhere: in a block, too
		lines[i] = token + " has looked.\n" + lines[i]
	case 2: // words in a line
		if at := strings.Index(lines[i], " "); at > 0 && !strings.HasPrefix(lines[i], "#") {
			lines[i] = lines[i][:at] + " " + token + lines[i][at:]
		} else {
			return text, tokens
		}
	case 3: // a line less
		return strings.Join(append(lines[:i:i], lines[i+1:]...), ""), alive(tokens, lines[i])
	case 4: // a tick
		return strings.Replace(text, "- [ ]", "- [x]", 1+r.IntN(2)), tokens
	case 5: // a mark is damaged
		return strings.Replace(text, blockEnd+"\n", "", 1), tokens
	case 6: // an editor that writes CRLF
		return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n"), tokens
	case 7: // a TODO is done
		text = strings.Replace(text, "TODO(@sponsor): "+judgement, token+" says yes.", 1)
	}
	if joined := strings.Join(lines, ""); strings.Contains(joined, token) {
		text = joined
	}
	if strings.Contains(text, token) {
		tokens = append(tokens, token)
	}
	return text, tokens
}

func alive(tokens []string, gone string) []string {
	var out []string
	for _, t := range tokens {
		if !strings.Contains(gone, t) {
			out = append(out, t)
		}
	}
	return out
}

func projectEdits(r *rand.Rand, text string, run int) string {
	switch r.IntN(3) {
	case 0:
		return strings.Replace(text, "The list", fmt.Sprintf("The list of run %d", run), 1)
	case 1:
		return strings.Replace(text, "listed.**\n\n", "listed.**\n\nThere is one, `x`.\n> # a heading in a quote\n\n", 1)
	}
	return strings.Replace(text, "issues/12", fmt.Sprintf("issues/%d", run), 1)
}

func FuzzFill(f *testing.F) {
	f.Add("# A\n- [ ] **All subprojects, if any, are listed.**\n", "- [x] All subprojects, if any, are listed.\n\nYes: <!-- x")
	f.Add("- [ ] **Document the project's release process.**\n<!-- ddbot:answer 0123456789ab -->\nx\n<!-- ddbot:end -->\n", "- [ ] Document the project's release process.\n```\n# y\n")
	f.Fuzz(func(t *testing.T, report, application string) {
		o, err := template.Read(application)
		if err != nil {
			return
		}
		in := Input{Project: "A", Level: template.Incubation, Application: o, Sponsors: []string{"a"}}
		once, err := Fill(report, in)
		if err != nil {
			return
		}
		twice, err := Fill(once.Text, in)
		if err != nil || twice.Text != once.Text {
			t.Fatalf("twice is not once: %v\n%q\n%q", err, once.Text, twice.Text)
		}
	})
}
