package template

import (
	"regexp"
	"strings"
)

// Tracker is a kind of text made from an application's template: the same questions for the project's own repository.
const Tracker = "tracker"

var (
	repoField  = regexp.MustCompile(`(?i)^(project repo(?:\(s\)|s|sitory|sitories)?:\s*)\$URL\s*$`)
	bareReview = regexp.MustCompile(`^\[ \] I have reviewed`)
	heading1   = regexp.MustCompile(`^#\s`)
)

// Begin writes an application from its template, for a project: its name and repository filled in, links that work in an issue of
// any repository, the front matter left out. A tracker leaves out what is for the application alone. Repo is OWNER/NAME, or empty.
func Begin(v *Version, kind, project, repo string) string {
	text := v.Text[v.Outline().Front:]
	if kind == Tracker {
		text = trackerOf(v, text, project)
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.ReplaceAll(strings.TrimRight(line, "\n"), "$PROJECT", project)
		if m := repoField.FindStringSubmatch(line); m != nil && repo != "" {
			line = m[1] + "https://github.com/" + repo
		}
		b.WriteString(v.Absolute(line) + "\n")
	}
	return strings.TrimLeft(b.String(), "\n")
}

// trackerOf begins with a title of its own and goes on with the first box that asks something of the project.
func trackerOf(v *Version, text, project string) string {
	level := map[string]string{Incubation: "incubation", Graduation: "graduation"}[v.Level]
	head := "# " + project + ": the way to " + level + "\n\n"
	switch {
	case v.URL() != "":
		head += "The questions are those of the [application](" + v.URL() + ") as of " + v.Date + ".\n\n"
	case strings.Contains(v.Path, "://"):
		head += "The questions are those of the [application](" + v.Path + ").\n\n"
	}
	var b strings.Builder
	started := false
	for line := range strings.Lines(text) {
		if !started && !strings.HasPrefix(line, "## ") {
			continue
		}
		started = true
		if heading1.MatchString(line) || bareReview.MatchString(line) {
			continue
		}
		b.WriteString(line)
	}
	if !started { // a template without sections
		return head + text
	}
	return head + b.String()
}
