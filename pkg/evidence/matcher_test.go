package evidence

import (
	"regexp"
	"testing"
)

// TestMatcher: phrases say the same as the pattern, on every pattern that is used.
func TestMatcher(t *testing.T) {
	texts := []string{"", "governance", "community membership", "the maintainers vote", "security release process", "who uses it", "users", "sub project list",
		"release process v2", "organisation and organization", "roadmap 2025", "every two weeks", "code of conduct", "code-of-conduct", "vs", "canvas", "a b", "readme",
		"two-factor", "steering committee", "project management", "xreadme", "audits", "audit", "laudits", "contributing guide", "how to contribute to it", "release"}
	check := func(name, pattern string, m *matcher) {
		p := regexp.MustCompile(pattern)
		for _, s := range texts {
			if m.MatchString(s) != p.MatchString(s) || (m.Count(s, 1) > 0) != p.MatchString(s) {
				t.Errorf("%s: %q in %q: %v", name, pattern, s, m.MatchString(s))
			}
		}
	}
	for _, pattern := range []string{`^users?$`, `\baudits?\b`, `organi[sz]ation`, `a|b(c|d)?e`, `x+`, `^(a|b)$|c`, `releas(e|ing) (process|plan)`, `\bvs\b|^why`} {
		check("plain", pattern, words(pattern))
	}
	for _, m := range patterns {
		m.pattern() // panics where it cannot be read
	}
	fast := 0
	for _, k := range kinds {
		if k.name != nil && k.name.pattern() == nil {
			fast++
		}
	}
	if fast < len(kinds)*3/4 {
		t.Errorf("only %d of %d kinds are looked for as phrases", fast, len(kinds))
	}
	if n := words(`vot(e|ing)`).Count("vote voting vote", 9); n != 3 {
		t.Error(n)
	}
}
