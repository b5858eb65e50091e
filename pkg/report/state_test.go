package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/template"
)

func TestRoundTrip(t *testing.T) {
	for _, text := range []string{
		"", "# A\n- [X] b\n", "A *b*\n=====\r\ntext\r\n* [ ] **c** d\r\n\r\nbelow\r\n# E #\r\n", "> - [ ] quoted\n> text\n\n# x\n",
		"- [ ] no heading\n  - [x] nested\n\n##### Adopter 1 - A/B\n\ntext\n###### deeper\nmore\n", "    code\n# a \\#\n", "#\ta\n- [ ] b\n  # in\n",
	} {
		if err := RoundTrip(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, v := range template.Versions() {
		if err := RoundTrip(v.Text); err != nil {
			t.Errorf("%s: %v", v.Name(), err)
		}
	}
}

// TestRoundTripReal reads a clone of cncf/toc, whose path $DDBOT_TOC names.
func TestRoundTripReal(t *testing.T) {
	dir := os.Getenv("DDBOT_TOC")
	if dir == "" {
		t.Skip("$DDBOT_TOC names no clone of cncf/toc")
	}
	files, _ := filepath.Glob(filepath.Join(dir, "projects/*/*.md"))
	n := 0
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(data), "] ") {
			continue
		}
		n++
		if err := RoundTrip(string(data)); err != nil {
			t.Errorf("%s: %v", f, err)
		}
	}
	t.Logf("%d files", n)
}

func FuzzRoundTrip(f *testing.F) {
	f.Add("# A\n- [x] b\n\nc\n## D\n- [ ] e: f\n  - g\n")
	f.Add("a\n-\n* [ ] b\n> c\n\n##### Adopter 1 - x\n")
	f.Fuzz(func(t *testing.T, s string) {
		if _, err := template.Read(unix(s)); err != nil {
			return
		}
		st, err := Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		_ = st.Text()
	})
}

func TestAdopters(t *testing.T) {
	o, err := template.Read("# A\n#### Adoption\n\nFive talked.\n\n##### Firm & Co\n\nOne.\n###### Usage\nTwo.\n##### Adopter 2: Shop/Retail\nThree.\n## End\nFour.\n##### Not one\n")
	if err != nil {
		t.Fatal(err)
	}
	got := Adopters(o)
	if len(got) != 2 || got[0].Number != 0 || got[0].Name != "Firm & Co" || !strings.Contains(got[0].Text, "Two.") ||
		got[1].Number != 2 || got[1].Name != "Shop/Retail" || strings.Contains(got[1].Text, "Four") {
		t.Errorf("%+v", got)
	}
}
