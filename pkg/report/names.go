package report

import (
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/landscape"
	"github.com/ddbot/ddbot/pkg/template"
)

var applicationTitle = regexp.MustCompile(`(?im)^#\s+(.+?)\s+(?:incubation|incubating|graduation)\s+application\s*#*\s*$`)

// ProjectName guesses how people write a project's name: as the title of its application has it, as the foundation's landscape
// has it, or as its repository is called.
func ProjectName(repo, application string) string {
	if m := applicationTitle.FindStringSubmatch(unix(application)); m != nil && len(template.Placeholders(m[1])) == 0 {
		return strings.TrimSpace(m[1])
	}
	owner, name, isRepo := strings.Cut(repo, "/")
	if !isRepo {
		owner, name = "", repo
	}
	var ofOwner []string
	for _, p := range knownProjects() {
		if landscape.Key(p.name) == landscape.Key(name) {
			if !isRepo && strings.ContainsAny(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ ") {
				return name // as the caller writes it
			}
			return p.name
		}
		if isRepo && strings.EqualFold(p.owner, owner) {
			ofOwner = append(ofOwner, p.name)
		}
	}
	if isRepo && len(ofOwner) == 1 {
		return ofOwner[0]
	}
	return name
}
