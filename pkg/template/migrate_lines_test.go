package template

import (
	"strings"
	"testing"
)

func migrated(t *testing.T, text string, to *Version, all []Version) string {
	t.Helper()
	old, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Migrate(old, to, all)
	if err != nil {
		t.Fatal(err)
	}
	after, err := Read(m.Text)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Migrate(after, to, all); err != nil || again.Text != m.Text {
		t.Errorf("to migrate twice is not once: %v, %s", err, firstDifference(m.Text, again.Text))
	}
	return m.Text
}

// TestMigrateKeepsAddresses: what people made of a template's relative links stays, in a criterion and below it.
func TestMigrateKeepsAddresses(t *testing.T) {
	was := "# Sample\n\n- [ ] Feed the [penguins](../a/penguins.md) daily at noon in their house.\n\nSee [the whole plan](../plan.md) for it.\n"
	for _, tt := range []struct{ name, now, text, want string }{
		{"the same place", was, "# Sample\n\n- [x] Feed the [penguins](https://github.com/cncf/toc/blob/main/a/penguins.md) daily at noon in their house.\n\nSee [the whole plan](https://github.com/cncf/toc/blob/main/plan.md) for it.\n", ""},
		{"another place", was, "# Sample\n\n- [x] Feed the [penguins](https://zoo.example/p) daily at noon in their house.\n\nSee [the whole plan](https://zoo.example/plan) for it.\n", ""},
		{"reworded", strings.Replace(was, "daily", "every day", 1), "# Sample\n\n- [x] Feed the [penguins](https://github.com/cncf/toc/blob/main/a/penguins.md) daily at noon in their house.\n\nSee [the whole plan](../plan.md) for it.\n",
			"# Sample\n\n- [x] Feed the [penguins](https://github.com/cncf/toc/blob/main/a/penguins.md) every day at noon in their house.\n\nSee [the whole plan](../plan.md) for it.\n"},
		{"the template's has changed", strings.NewReplacer("../a/penguins.md", "../b/penguins.md", "whole plan", "new plan").Replace(was), "# Sample\n\n- [x] Feed the [penguins](https://github.com/cncf/toc/blob/main/a/penguins.md) daily at noon in their house.\n\nSee [the whole plan](../plan.md) for it.\n",
			"# Sample\n\n- [x] Feed the [penguins](https://github.com/cncf/toc/blob/main/b/penguins.md) daily at noon in their house.\n\nSee [the new plan](../plan.md) for it.\n"},
		{"the template has both", was + "\nSee [that](https://github.com/cncf/toc/blob/main/plan.md).\n", strings.Replace(was, "[ ]", "[x]", 1) + "\nSee [that](https://github.com/cncf/toc/blob/main/plan.md).\n", ""},
		{"nothing", was, strings.Replace(was, "[ ]", "[x]", 1), ""},
	} {
		old, now := NewVersion(Application, Incubation, was), NewVersion(Application, Incubation, tt.now)
		if tt.want == "" {
			tt.want = tt.text
		}
		got := migrated(t, tt.text, &now, []Version{old, now})
		if blanks.ReplaceAllString(got, " ") != blanks.ReplaceAllString(tt.want, " ") {
			t.Errorf("%s:\n%s", tt.name, got)
		}
	}
}

// TestMigrateKeepsAddressesOfTemplates: the same with the TOC's own.
func TestMigrateKeepsAddressesOfTemplates(t *testing.T) {
	to, _ := Newest(Application, Incubation)
	const relative = "](../toc_subprojects/project-reviews-subproject/general-technical-questions.md)"
	for _, mine := range []string{"](https://github.com/cncf/toc/blob/main/toc_subprojects/project-reviews-subproject/general-technical-questions.md)", "](https://sample.example/gtr)"} {
		if !strings.Contains(to.Text, relative) {
			t.Skip("the newest template has no such link")
		}
		if got := migrated(t, strings.ReplaceAll(to.Text, relative, mine), to, Versions()); strings.Contains(got, relative) || !strings.Contains(got, mine) {
			t.Errorf("%s is lost", mine)
		}
	}
}

// TestMigrateKeepsLines: a line of a person's is theirs, though some template has the same one: elsewhere, or there, too.
func TestMigrateKeepsLines(t *testing.T) {
	to, _ := Newest(Application, Incubation)
	const line = "Completion of this due diligence document, resolution of concerns raised, and presented for public comment satisfies the Due Diligence Review criteria."
	const ladder = "- [ ] **Contributor ladder with multiple roles for contributors.**"
	for _, tt := range []struct {
		name, old, new, want string
		times                int
	}{
		{"elsewhere", ladder, ladder + "\n\n" + line + "\n", line, 2},
		{"twice", line, line + "\n\n" + line, line, 2},
		{"quoted", line, "> " + line + "\n\nSo it is.", "> " + line, 1},
		{"on top", "Project Repo(s):", line + "\n\nProject Repo(s):", line, 2},
		{"the template's own", line, line, line, 1},
		{"that of an older template", line, strings.Replace(line, "satisfies", "satisifies", 1), "satisifies", 0},
		{"below the one above", "- [ ] **Due Diligence Review.**\n", "", line, 1},
	} {
		if !strings.Contains(to.Text, tt.old) {
			t.Fatalf("%s: the newest template is another one", tt.name)
		}
		got := migrated(t, strings.Replace(to.Text, tt.old, tt.new, 1), to, Versions())
		if n := strings.Count(got, tt.want); n != tt.times || strings.Contains(got, LeftTitle) {
			t.Errorf("%s: it is there %d times", tt.name, n)
		}
	}
}

// TestMigrateReworded: a criterion that people reworded keeps its words once, however often it is moved.
func TestMigrateReworded(t *testing.T) {
	for _, bold := range []string{"", "**"} {
		const house = "- [ ] Water the lemon tree in the house.\n"
		box := func(words string) string { return bold + words + bold }
		was := NewVersion(Report, Incubation, "# Sample\n\n- [ ] "+box("Feed the [penguins](https://zoo.example/p) daily at noon in their house.")+"\n\n"+house)
		now := NewVersion(Report, Incubation, "# Sample\n\n- [ ] "+box("Feed the [penguins](https://zoo.example/p) every day at noon in their house.")+"\n\n"+house)
		mine := box("Feed all [penguins](https://zoo.example/p) daily at noon in their house.")
		got := migrated(t, "# Sample\n\n- [x] "+mine+"\n\nDone.\n\n"+house, &now, []Version{was, now})
		if !strings.Contains(got, " every day at noon in their house."+bold+" "+mine+"\n") || strings.Count(got, "penguins") != 2 {
			t.Error(got)
		}
	}
}
