package template

import (
	"strings"
	"testing"
)

func TestVersions(t *testing.T) {
	all := Versions()
	if len(all) < 50 {
		t.Fatalf("%d versions", len(all))
	}
	for i := range all {
		v := &all[i]
		if len(v.Commit) != 40 || len(v.Date) != 10 || len(v.Outline().Boxes()) < 40 {
			t.Errorf("%s: commit %q, %d boxes", v.Name(), v.Commit, len(v.Outline().Boxes()))
		}
		m := Recognize(v.Outline(), all, "", "")[0]
		if m.Version.Hash != v.Hash || !m.Exact {
			t.Errorf("%s is taken for %s", v.Name(), m.Version.Name())
		}
	}
}

func TestFind(t *testing.T) {
	v, _ := Newest(Report, Graduation)
	for _, tt := range []struct{ name, kind, want string }{
		{v.Hash, "", v.Hash}, {v.Hash[:6], "", v.Hash}, {v.Commit, Report, v.Hash}, {"ffffffff", "", "no known template"}, {"", "", "no known"},
	} {
		got, err := Find(tt.name, tt.kind, "")
		switch {
		case err != nil && !strings.Contains(err.Error(), tt.want), err == nil && got.Hash != tt.want:
			t.Errorf("Find(%q) = %v, %v", tt.name, got, err)
		}
	}
	if _, err := Find("56477dd4", "", ""); err == nil || !strings.Contains(err.Error(), "may be") {
		t.Errorf("a commit that changed all four: %v", err)
	}
}

func TestRecognizeEdited(t *testing.T) {
	v, _ := Newest(Report, Incubation)
	text := strings.ReplaceAll(v.Text, "$PROJECT", "Sample")
	text = strings.ReplaceAll(text, "<!-- (TOC Evaluation goes here) -->", "All of this is well done.")
	text = strings.ReplaceAll(text, "Roadmap change process is documented.", "The roadmap's change process is well documented.")
	o, err := Read(text)
	if err != nil {
		t.Fatal(err)
	}
	m := Recognize(o, Versions(), "", "")[0]
	if m.Version.Hash != v.Hash || m.Exact || m.Missing != 0 || m.Extra != 0 {
		t.Errorf("%s, %+v", m.Version.Name(), m)
	}
}

// TestRecognizePart: of a text with few criteria, which all versions have, nobody knows which it was made from. It is the newest, of
// the level that the title names, and it is said that there are others.
func TestRecognizePart(t *testing.T) {
	const part = "## Engineering Principles\n\n### Required\n\n- [x] **Roadmap change process is documented.**\n\n## Security\n\n### Required\n\n" +
		"- [ ] **Clearly defined and discoverable process to report security issues.**\n- [ ] **A documented security self-assessment.**\n"
	for _, level := range []string{Incubation, Graduation} {
		for _, title := range []string{"# Sample: we want to move to " + level + "\n\n", "---\nlabels: level/" + level + "\n---\n# Sample\n\n"} {
			o, err := Read(title + part)
			if err != nil {
				t.Fatal(err)
			}
			for _, kind := range []string{Application, Report} {
				want, _ := Newest(kind, level)
				m := Recognize(o, Versions(), kind, "")[0]
				if m.Version.Hash != want.Hash || m.Tied < 10 || m.Boxes != 3 {
					t.Errorf("%s of %s and %d others, with %d boxes", m.Version.Name(), want.Name(), m.Tied, m.Boxes)
				}
			}
		}
	}
}

// TestRecognizeWhole: what a whole text lacks tells its version, however old that is.
func TestRecognizeWhole(t *testing.T) {
	for i := range Versions() {
		v := &Versions()[i]
		o, err := Read(v.Text + "\nAnd this we say.\n")
		if err != nil {
			t.Fatal(err)
		}
		m := Recognize(o, Versions(), "", "")[0]
		if got, want := m.Version.Outline().Boxes(), v.Outline().Boxes(); len(got) != len(want) || m.Version.Date < v.Date {
			t.Errorf("%s is taken for %s", v.Name(), m.Version.Name())
		}
	}
}

func TestCompare(t *testing.T) {
	a, _ := Read("# S\n## Suggested\n- [ ] Document the roadmap change process.\n- [ ] Contributor ladder with multiple roles for contributors.\n- [ ] Feed the penguins daily.\n")
	b, _ := Read("# S\n## Suggested\n- [ ] The roadmap change process is documented.\n- [ ] Publish an annual health check.\n## Required\n- [ ] Contributor ladder with multiple roles for contributors.\n")
	var got []string
	for _, c := range Compare(a, b) {
		old, now := "", ""
		if c.Old != nil {
			old = c.Old.Title[:8]
		}
		if c.New != nil {
			now = c.New.Title[:8]
		}
		got = append(got, string(c.Kind)+" "+old+">"+now)
	}
	want := "reworded Document>The road, new >Publish , moved Contribu>Contribu, gone Feed the>"
	if strings.Join(got, ", ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, ", "), want)
	}
}

// TestCompareUnknown: criteria that no known template has are paired by similarity.
func TestCompareUnknown(t *testing.T) {
	a, _ := Read("- [ ] Feed the penguins every single day at noon.\n- [ ] Paint the fence of the garden green.\n")
	b, _ := Read("- [ ] The penguins are fed at noon every single day.\n- [ ] Water the lemon tree.\n")
	var got []string
	for _, c := range Compare(a, b) {
		got = append(got, string(c.Kind))
	}
	if strings.Join(got, " ") != "reworded gone new" {
		t.Errorf("%v", got)
	}
}

func TestTitle(t *testing.T) {
	for _, tt := range []struct {
		template, text string
		fits           bool
	}{
		{"$PROJECT Incubation Due Diligence", "KServe Incubation Due Diligence", true},
		{"$PROJECT Incubation Due Diligence", "KServe Graduation Due Diligence", false},
		{"Adopter 1 - $COMPANY/$INDUSTRY", "Adopter 12: Acme", true},
		{"Required", "Required ", true},
		{"Required", "Not Required", false},
		{"Incubation Evaluation Summary for $PROJECT", "Incubation Evaluation Summary for A B", true},
	} {
		if got := NewTitle(tt.template).Fits(NewTitle(tt.text)); got != tt.fits {
			t.Errorf("%q fits %q: %v", tt.template, tt.text, got)
		}
	}
}
