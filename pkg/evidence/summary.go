package evidence

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/landscape"
)

// practice is something that projects have files for.
type practice struct {
	title string
	files *regexp.Regexp // of the path, lower case
}

// practices are told of the main repository, each with the file that shows it.
var practices = []practice{
	{"Dependency updates", re(`^\.github/dependabot\.ya?ml$|^(\.github/|\.gitlab/)?\.?renovate(rc)?(\.json5?)?$|^renovate\.json5?$`)},
	{"Static analysis", re(`^\.github/workflows/[^/]*(codeql|semgrep|gosec|sast)[^/]*\.ya?ml$|^\.golangci\.ya?ml$|^sonar-project\.properties$`)},
	{"OpenSSF Scorecard", re(`^\.github/workflows/[^/]*scorecards?[^/]*\.ya?ml$`)},
	{"Fuzzing", re(`(^|/)(fuzz|fuzzing)/|fuzz_test\.go$|^\.clusterfuzzlite/`)},
	{"SBOM", re(`(^|/)[^/]*(sbom|\.spdx\.|\.cdx\.|bom\.json)[^/]*$`)},
	{"Signing and provenance", re(`^\.github/workflows/[^/]*(sign|cosign|slsa|provenance)[^/]*\.ya?ml$|^cosign\.pub$|^\.goreleaser\.ya?ml$`)},
	{"Licence scanning", re(`^\.fossa\.ya?ml$|^\.github/workflows/[^/]*(fossa|license|licence)[^/]*\.ya?ml$|^\.snyk$`)},
}

// tests are kinds of tests by where they stand.
var tests = []practice{
	{"unit", re(`_test\.go$|(^|/)test_[^/]+\.py$|\.(test|spec)\.[jt]sx?$|(^|/)src/test/|_test\.(py|cc|cpp|rs)$`)},
	{"integration", re(`(^|/)(integration|integration[-_]tests?|tests?/integration)/`)},
	{"end to end", re(`(^|/)(e2e|end[-_]to[-_]end|conformance)/|e2e[^/]*\.ya?ml$`)},
	{"performance", re(`(^|/)(perf|performance|bench|benchmarks?|scale|load[-_]?tests?)/`)},
	{"failure", re(`(^|/)(chaos|disruption|litmus[a-z]*)/`)},
}

// summary is a section with the facts.
func (f *Facts) summary() string {
	lines := f.factLines()
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("## Facts, as of %s\n\n%s\n", day(f.Now), strings.Join(lines, "\n"))
}

// factLines lists facts with their dates and places, for people who write or read an application.
func (f *Facts) factLines() []string {
	lines := []string{}
	add := func(format string, args ...any) { lines = append(lines, "- "+inline(fmt.Sprintf(format, args...))) }
	if e := f.Landscape; e != nil {
		var steps []string
		for _, step := range []string{"accepted", landscape.Incubating, landscape.Graduated, landscape.Archived} {
			if at, ok := e.Dates[step]; ok {
				steps = append(steps, step+" "+day(at))
			}
		}
		add("Landscape: %s, %s.", e.Level, strings.Join(steps, ", "))
	}
	if v := licence(f, Item{}); v.result != Unclear {
		add("Licence: %s", v.why)
	}
	if v := cadence(f, Item{}); v.result != Unclear {
		add("Releases: %s", v.why)
	}
	if d, by := f.companies(); by != "" {
		add("Maintainers: %s Largest share %.0f %%.", diversity(d, by), 100*d.TopShare())
	}
	lines = append(lines, f.practiceLines()...)
	for _, r := range f.Releases {
		if v := signed(r); r.Asked && v != "" {
			add("Release %s of %s has %s.", r.Tag, day(r.At), v)
			break
		}
	}
	if id := f.BadgeID(); id != "" {
		level := "level not asked"
		if f.Badge != nil {
			level = f.Badge.Level
		}
		lines = append(lines, fmt.Sprintf("- OpenSSF badge: https://www.bestpractices.dev/projects/%s (%s).", id, level))
	}
	return lines
}

// practiceLines tell of files of the main repository.
func (f *Facts) practiceLines() []string {
	t := f.tree(f.Project.Main)
	if t == nil {
		return nil
	}
	workflows := 0
	first := make([]Entry, len(practices))
	kinds := make([]int, len(tests))
	for _, e := range t.Entries {
		lower := strings.ToLower(e.Path)
		if e.Dir || inForeign(lower) {
			continue
		}
		if path.Dir(lower) == ".github/workflows" {
			workflows++
		}
		for i, p := range practices {
			if first[i].Path == "" && p.files.MatchString(lower) {
				first[i] = e
			}
		}
		for i, k := range tests {
			if k.files.MatchString(lower) {
				kinds[i]++
			}
		}
	}
	var lines []string
	if workflows > 0 {
		lines = append(lines, fmt.Sprintf("- Workflows: [%d](https://github.com/%s/tree/%s/.github/workflows).", workflows, t.Repo, t.Commit))
	}
	var have []string
	for i, k := range tests {
		if kinds[i] > 0 {
			have = append(have, fmt.Sprintf("%s %d", k.title, kinds[i]))
		}
	}
	if len(have) > 0 {
		lines = append(lines, "- Tests, by files: "+strings.Join(have, ", ")+".")
	}
	for i, p := range practices {
		if first[i].Path != "" {
			lines = append(lines, fmt.Sprintf("- %s: [%s](%s).", p.title, inline(first[i].Path), t.URL(first[i])))
		}
	}
	return lines
}

// signed tells what of a release's artifacts shows that it was signed, or what is in it.
func signed(r Release) string {
	var found []string
	for _, m := range []practice{
		{"signatures", re(`\.(sig|asc|pem|sigstore|sigstore\.json)$`)}, {"provenance", re(`intoto\.jsonl|provenance|attestation`)},
		{"an SBOM", re(`sbom|\.spdx|\.cdx|bom\.json`)}, {"checksums", re(`checksums?|sha256`)},
	} {
		if slices.ContainsFunc(r.Assets, func(a string) bool { return m.files.MatchString(strings.ToLower(a)) }) {
			found = append(found, m.title)
		}
	}
	return strings.Join(found, ", ")
}
