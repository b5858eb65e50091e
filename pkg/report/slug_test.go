package report

import "testing"

// TestSlug: what github-slugger 2.0.0 makes of these.
func TestSlug(t *testing.T) {
	for title, want := range map[string]string{
		"C++ & Go": "c--go", "A — B": "a--b", "FAQ's": "faqs", "1. Foo/Bar": "1-foobar", "under_score": "under_score", "Release v1.2.3 (2026)": "release-v123-2026",
		"日本語 見出し": "日本語-見出し", "Straße": "straße", "½ done ²": "-done-", "Ⅳ Roman": "ⅳ-roman", "हिन्दी शीर्षक": "हिन्दी-शीर्षक", "cafe\u0301": "cafe\u0301", "a  b": "a--b",
	} {
		if got := slug(title); got != want {
			t.Errorf("%q is %q, want %q", title, got, want)
		}
	}
}
