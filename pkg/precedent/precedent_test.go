package precedent

import (
	"strings"
	"testing"
)

func TestExamples(t *testing.T) {
	for text, want := range map[string]string{"roadmap": "Public roadmap", "Clear and discoverable project governance documentation.": "Governance is written down and can be found", "code of conduct adoption": ""} {
		if p := Examples(text); want != "" && (!p.Known || p.Title != want || len(p.Accepted) < 3) {
			t.Errorf("%s: %+v", text, p)
		}
	}
	p := Examples("zzz")
	if p.Known {
		t.Errorf("%+v", p)
	}
	for _, a := range Index() {
		if len(a.SHA) != 12 || a.Project == "" || len(a.Date) != 10 || strings.Count(a.Repo, "/") != 1 || a.Path == "" {
			t.Errorf("%+v", a)
		}
	}
}
