package criteria

import (
	"testing"
)

func TestHash(t *testing.T) {
	// The hashes of cncf/toc 4acc1dcf's templates, as published in the facts of the project.
	for text, want := range map[string]string{
		"Clear and discoverable project governance documentation.": "ee9a84569f66",
		"Roadmap  change process\tis documented":                   "2c7ed5b5afac",
		"All subprojects, if any, are listed.":                     "7a7d8af70361",
	} {
		if got := Hash(text); got != want {
			t.Errorf("Hash(%q) = %s, not %s", text, got, want)
		}
	}
	if Normalize(" -- Café №1: a_b ") != "café 1 a b" {
		t.Errorf("Normalize: %q", Normalize(" -- Café №1: a_b "))
	}
}

// TestIdentify: rewordings that no template has, in the manner of those that were made in 2026.
func TestIdentify(t *testing.T) {
	for text, want := range map[string]string{
		"Clear, discoverable and current documentation of project governance.":                                    "gov-doc",
		"The process for changing the roadmap is documented":                                                      "roadmap-change",
		"Contributor ladder with multiple roles, which must have produced external maintainers":                   "ladder",
		"Document a maintainer lifecycle (roles, onboarding, offboarding, emeritus status)":                       "lifecycle",
		"Achieve the OpenSSF Best Practices passing badge":                                                        "badge",
		"Document list of current maintainers, including names, contact information, responsibility, affiliation": "maintainers",
		"Public list of adopters, which may indicate their adoption level":                                        "adopters",
	} {
		if got, score, _ := Identify(text); got != want {
			t.Errorf("Identify(%q) = %q (%.2f), not %q", text, got, score, want)
		}
	}
	for _, text := range []string{"", "Buy milk", "Project has a yearly health check by staff", "Mechanism for balance between organisations"} {
		if id, score, ok := Identify(text); ok {
			t.Errorf("Identify(%q) = %q (%.2f), and it is none of those known", text, id, score)
		}
	}
}

// TestLeaveOneOut: a wording that is taken away is found by its sisters, and never taken for another criterion.
func TestLeaveOneOut(t *testing.T) {
	k := load()
	for i := range k.wordings {
		w := &k.wordings[i]
		if other, score := k.nearest(w.bag, w); score >= sameness && other.id != w.id {
			t.Errorf("%q (%s) would be taken for %s at %.2f", w.text, w.id, other.id, score)
		}
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add("Roadmap change process is documented.")
	f.Fuzz(func(t *testing.T, text string) {
		_, score, _ := Identify(text)
		if score < 0 || score > 1.0001 {
			t.Errorf("similarity %v", score)
		}
		if Normalize(Normalize(text)) != Normalize(text) {
			t.Errorf("Normalize(%q) is not stable", text)
		}
	})
}
