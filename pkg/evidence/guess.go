package evidence

import (
	"regexp"
	"strings"
)

var repoLine = regexp.MustCompile(`(?im)^[\s*_-]*project\s+repo(?:sitory|\(s\)|s)?[^:\n]*:(.*)$`)

var anyRepo = regexp.MustCompile(`https?://github\.com/[\w.-]+/[\w.-]+`)

// GuessProject gives the main repository that an application names: the first on its line "Project Repo(s):", "" if there is
// none.
func GuessProject(body string) string {
	for _, m := range repoLine.FindAllStringSubmatch(body, 3) {
		if at := placeOf(trimEnd(anyRepo.FindString(m[1]))); at != nil {
			return at.Repo
		}
	}
	return ""
}

func trimEnd(s string) string { return strings.TrimRight(s, ".,;)") }

// GuessLevel tells which level an application is for by its headings; Incubation where they do not say.
func GuessLevel(body string) string {
	for line := range strings.Lines(body) {
		if l := strings.ToLower(line); strings.HasPrefix(l, "#") || strings.HasPrefix(l, "title:") {
			switch {
			case strings.Contains(l, "graduation"):
				return Graduation
			case strings.Contains(l, "incubation"):
				return Incubation
			}
		}
	}
	return Incubation
}
