package decide

import (
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Contacts are the logins that a description names in its contacts field: in a line that begins with one of the labels and a colon
// ("Project points of contacts: @alice, Bob (@bob)"), or below a heading of that name, as GitHub's issue forms write it. What stands
// in lists, quotes and code is no field. Only @login and addresses of accounts count: a name is nobody's login.
func Contacts(body string, labels []string) (out []string) {
	in, fence := false, false
	for line := range strings.SplitSeq(strings.ReplaceAll(body, "\r", ""), "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "```") || strings.HasPrefix(strings.TrimSpace(line), "~~~") {
			fence = !fence
		}
		if fence {
			continue
		}
		if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			in = labeled(heading, labels)
			continue
		}
		field, value, ok := strings.Cut(line, ":")
		switch {
		case ok && labeled(field, labels):
			out = append(out, logins(value)...)
		case in && line != "" && !strings.ContainsAny(line[:1], ">- *\t<"):
			out = append(out, logins(line)...)
		}
	}
	return out
}

var reRepo = regexp.MustCompile(`https://github\.com/([A-Za-z0-9-]+/[A-Za-z0-9._-]+)`)

// ProjectRepo is the first repository that a description names as the project's ("Project Repo(s): https://github.com/foo/foo"), "" if
// it names none.
func ProjectRepo(body string) string {
	for line := range strings.Lines(body) {
		label, value, ok := strings.Cut(line, ":")
		if ok && strings.HasPrefix(strings.ToLower(label), "project repo") {
			if m := reRepo.FindStringSubmatch(value); m != nil {
				return strings.TrimSuffix(m[1], ".git")
			}
		}
	}
	return ""
}

func labeled(s string, labels []string) bool {
	s = strings.ToLower(strings.Trim(strings.TrimSpace(s), "*_: "))
	for _, l := range labels {
		if s == strings.ToLower(l) {
			return true
		}
	}
	return false
}

var reContact = regexp.MustCompile(`(?:^|[\s(,;/\[])@([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))|https://github\.com/([A-Za-z0-9](?:[A-Za-z0-9-]{0,38}))(?:$|[\s),;.\]])`)

func logins(s string) (out []string) {
	for _, m := range reContact.FindAllStringSubmatch(s, -1) {
		login := m[1] + m[2]
		if !issue.HasLogin(out, login) {
			out = append(out, login)
		}
	}
	return out
}
