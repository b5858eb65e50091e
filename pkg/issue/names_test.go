package issue

import "testing"

func TestLogins(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"kim", "KIM", true},
		{"octo-cat", "Octo-Cat", true},
		{"dependabot[bot]", "Dependabot[bot]", true},
		{"\u212aim", "kim", false}, // Kelvin sign
		{"kim", "\u212aim", false},
		{"bo\u017fs", "boss", false}, // long s
		{"\u0130an", "ian", false},   // dotted capital I
		{"\u00c4nn", "\u00e4nn", false},
		{"", "", false},
		{"", "kim", false},
		{"kim ", "kim", false},
	} {
		if got := SameLogin(c.a, c.b); got != c.same {
			t.Errorf("SameLogin(%q, %q) = %v", c.a, c.b, got)
		}
		if got := HasLogin([]string{"x", c.a}, c.b); got != c.same {
			t.Errorf("HasLogin(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func TestLabels(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"kind/bug", "Kind/BUG", true},
		{"\u00c4rger", "\u00e4rger", true},
		{"\u0416", "\u0436", true},
		{"bo\u017fs", "boss", false},
		{"bug", "bug ", false},
	} {
		if got := SameLabel(c.a, c.b); got != c.same {
			t.Errorf("SameLabel(%q, %q) = %v", c.a, c.b, got)
		}
		if got := FoldLabel(c.a) == FoldLabel(c.b); got != c.same {
			t.Errorf("the keys of %q and %q: %v", c.a, c.b, got)
		}
	}
}
