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
