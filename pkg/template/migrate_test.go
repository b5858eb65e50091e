package template

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// filledText is a version as people fill it, with a word of its own at each place.
func filledText(v *Version) (text string, tokens []string) {
	token := func(what string) string {
		s := fmt.Sprintf("tok%s%dx", what, len(tokens))
		tokens = append(tokens, s)
		return s
	}
	o := v.Outline()
	var b strings.Builder
	for i, p := range o.Parts {
		head, body := o.Head(p), o.Body(p)
		switch p.Kind {
		case Lead:
			continue
		case Heading:
			head = strings.NewReplacer("$PROJECT", "Sample", "$COMPANY/$INDUSTRY", "Firm").Replace(head)
			for strings.Contains(body, "$URL") {
				body = strings.Replace(body, "$URL", "https://a.example/"+token("url"), 1)
			}
			if strings.Contains(body, "_\n") {
				body = "\n\nSomething " + token("prose") + " was written.\n\n"
			}
		case Box:
			if i%2 == 0 {
				head = strings.Replace(head, "[ ]", "[x]", 1)
			}
			switch i % 4 {
			case 0:
				body = strings.Replace(body, "goes here) -->", "goes here) -->\nAn answer of "+token("answer")+".\n- more "+token("more"), 1)
			case 1:
				body = " In line " + token("line") + body
			case 2:
				body = strings.NewReplacer("DD-MMM-YYYY", "12-MAR-2026", "$LINK", "https://a.example/"+token("link")).Replace(body)
			}
		}
		b.WriteString(head + body)
	}
	text = b.String()
	var kept []string
	for _, t := range tokens {
		if strings.Contains(text, t) {
			kept = append(kept, t)
		}
	}
	return text, kept
}

func mustMigrate(t *testing.T, old *Outline, to *Version) *Migration {
	t.Helper()
	m, err := Migrate(old, to, Versions())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMigrateOpen: code that is not closed hides nothing of the new template, and what would is refused.
func TestMigrateOpen(t *testing.T) {
	to, _ := Newest(Application, Incubation)
	const criterion = "# Sample Incubation Application\n\n- [x] **All subprojects, if any, are listed.**\n\n  "
	old, _ := Read(criterion + "```\n  code\n\n- [ ] **Contributor ladder with multiple roles for contributors.**\n")
	if m := mustMigrate(t, old, to); !strings.Contains(m.Text, "```\n  code\n  ```\n") {
		t.Errorf("the code is not closed: %s", m.Text)
	}
	old, _ = Read(strings.TrimRight(criterion, " ") + "<!-- never closed\n")
	if _, err := Migrate(old, to, Versions()); err == nil || !strings.Contains(err.Error(), "would be hidden") {
		t.Errorf("an open comment: %v", err)
	}
	old, _ = Read(strings.Replace(criterion, "listed.**", "listed.****There are none.", 1))
	if m := mustMigrate(t, old, to); !strings.Contains(m.Text, "There are none.") {
		t.Error("words behind a criterion whose bold is broken are lost")
	}
}

// TestMigrateLosesNothing: every word that people wrote is there once, every tick where its criterion is, from each version.
func TestMigrateLosesNothing(t *testing.T) {
	all := Versions()
	for i := range all {
		v := &all[i]
		to, _ := Newest(v.Kind, v.Level)
		text, tokens := filledText(v)
		for _, text := range []string{text, strings.ReplaceAll(text, "\n", "\r\n")} {
			old, err := Read(text)
			if err != nil {
				t.Fatal(err)
			}
			m := mustMigrate(t, old, to)
			for _, token := range tokens {
				if n := strings.Count(m.Text, token); n != 1 {
					t.Errorf("%s: %s is there %d times", v.Name(), token, n)
				}
			}
			after, err := Read(m.Text)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range Compare(old, after) {
				switch {
				case c.Old != nil && c.New == nil:
					t.Errorf("%s: the box %q is lost", v.Name(), c.Old.Title)
				case c.Old == nil && c.New.Checked:
					t.Errorf("%s: the new box %q is ticked", v.Name(), c.New.Title)
				case c.Old != nil && c.Old.Checked != c.New.Checked:
					t.Errorf("%s: the tick of %q", v.Name(), c.Old.Title)
				}
			}
			for _, b := range to.Outline().Boxes() {
				if !strings.Contains(unix(m.Text), "**"+strings.TrimSuffix(strings.Split(b.Title, ".")[0], " ")[:8]) && strings.Contains(to.Outline().Head(b), "**"+b.Title[:8]) {
					t.Errorf("%s: the new box %q is missing", v.Name(), b.Title)
				}
			}
			again := mustMigrate(t, after, to)
			if again.Text != m.Text {
				t.Errorf("%s: to migrate twice is not once:\n%s", v.Name(), firstDifference(m.Text, again.Text))
			}
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d: %q became %q", i+1, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines became %d", len(x), len(y))
}

var blanks = regexp.MustCompile(`\s+`)

// TestMigrateSame: an untouched version moved to itself is itself.
func TestMigrateSame(t *testing.T) {
	for _, v := range Versions() {
		m := mustMigrate(t, v.Outline(), &v)
		got, want := blanks.ReplaceAllString(m.Text, " "), blanks.ReplaceAllString(v.Text, " ")
		if got != want || m.Left != 0 {
			t.Errorf("%s: %d left, %s", v.Name(), m.Left, firstDifference(v.Text, m.Text))
		}
	}
}

func TestMigrateOwnThings(t *testing.T) {
	to, _ := Newest(Application, Incubation)
	const text = "A note on top.\n\n# Sample Incubation Application\n\n## Governance and Maintainers\n\n### Required\n\n" +
		"- [x] **All subprojects, if any, are listed.** There are none.\n\n#### By hand\n\nA word here.\n\n- [x] Feed the penguins daily.\n  They are fed.\n\n## Weather\n\nIt rains.\n"
	old, _ := Read(text)
	m := mustMigrate(t, old, to)
	for _, want := range []string{"A note on top.\n\n# Review", "are listed.** There are none.", "#### By hand\n\nA word here.", "## " + LeftTitle, "- [x] Feed the penguins daily.\n  They are fed.", "### Weather\n\nIt rains."} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if m.Left != 2 {
		t.Errorf("%d left", m.Left)
	}
}

// TestMigrateAdopters: people's adopters take the place of the template's, whatever their headings are.
func TestMigrateAdopters(t *testing.T) {
	to, _ := Newest(Report, Incubation)
	for _, heading := range []string{"##### Adopter 1 - Firm/Retail", "##### Firm"} {
		text := strings.ReplaceAll(to.Text[:strings.Index(to.Text, "##### Adopter 1")], "$PROJECT", "Sample") + heading + "\n\nThey use it.\n\n###### Usage\n\nA lot.\n"
		old, err := Read(text)
		if err != nil {
			t.Fatal(err)
		}
		m := mustMigrate(t, old, to)
		if strings.Contains(m.Text, "$COMPANY") || strings.Contains(m.Text, LeftTitle) || !strings.Contains(m.Text, heading+"\n\nThey use it.\n\n###### Usage\n\nA lot.") {
			t.Errorf("%s: %s", heading, m.Text[strings.Index(m.Text, "#### Adoption"):])
		}
	}
}

func FuzzMigrate(f *testing.F) {
	f.Add("# A Incubation Application\nProject Site: x\n- [x] **All subprojects, if any, are listed.** a\n\n## B\nc\n- [ ] d\n")
	f.Add("---\na: b\n---\nlead\n##### Adopter 1 - x\ny\n<!-- z -->\n- [x] w\n> # q\n")
	to, _ := Newest(Application, Incubation)
	f.Fuzz(func(t *testing.T, s string) {
		old, err := Read(s)
		if err != nil {
			return
		}
		m, err := Migrate(old, to, Versions())
		if err != nil {
			return
		}
		for line := range strings.Lines(unix(s)) {
			if w := strings.TrimSpace(line); strings.HasPrefix(w, "said:") && !strings.Contains(unix(m.Text), w) {
				t.Fatalf("%q is lost of %q", w, s)
			}
		}
	})
}
