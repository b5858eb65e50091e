package template

import (
	"strings"
	"testing"
)

// TestMigrateKeepsAdopters: the name of an adopter in a heading of which only a part is filled in is not lost.
func TestMigrateKeepsAdopters(t *testing.T) {
	v, ok := Newest(Application, Graduation)
	if !ok {
		t.Fatal("there is no template")
	}
	const form = "##### Adopter 1 - $COMPANY/$INDUSTRY"
	text := Begin(v, Application, "Foo", "foo/foo")
	if !strings.Contains(text, form) {
		t.Skipf("the newest template has no heading %q", form)
	}
	for _, heading := range []string{"##### Adopter 1 - Acme Bank/$INDUSTRY", "##### Adopter 1 - $COMPANY/Telecoms", "##### Adopter 1 - Acme Bank/Finance"} {
		o, err := Read(strings.Replace(text, form, heading, 1))
		if err != nil {
			t.Fatal(err)
		}
		m, err := Migrate(o, v, Versions())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.Text, heading) {
			t.Errorf("%q is lost", heading)
		}
	}
}

// TestMigrateTwice: words that somebody has put behind a criterion with a link stand there once, however often it is moved.
func TestMigrateTwice(t *testing.T) {
	v, ok := Newest(Application, Graduation)
	if !ok {
		t.Fatal("there is no template")
	}
	text, n := Begin(v, Application, "Foo", "foo/foo"), 0
	var lines []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "- [ ]") && strings.Contains(line, "](") {
			line = strings.TrimRight(line, "\n") + " Booked for May.\n"
			n++
		}
		lines = append(lines, line)
	}
	if n == 0 {
		t.Skip("no criterion of the newest template has a link")
	}
	for range 3 {
		o, err := Read(strings.Join(lines, ""))
		if err != nil {
			t.Fatal(err)
		}
		m, err := Migrate(o, v, Versions())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(m.Text, "Booked for May."); got != n {
			t.Fatalf("the words stand there %d times, not %d", got, n)
		}
		if want := strings.Count(strings.Join(lines, ""), "- [ ]"); strings.Count(m.Text, "- [ ]") != want {
			t.Fatalf("%d boxes, not %d", strings.Count(m.Text, "- [ ]"), want)
		}
		lines = []string{m.Text}
	}
	if strings.Count(lines[0], "Post Graduation only") > strings.Count(text, "Post Graduation only") {
		t.Error("a criterion's own words stand there twice")
	}
}
