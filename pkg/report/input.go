package report

import (
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/template"
)

// Input is all that a report is made from. Only Project and Level are needed.
type Input struct {
	Project  string // its name as people write it
	Level    string // template.Incubation or Graduation
	Repo     string // OWNER/NAME of its main repository
	Issue    string // address of the application
	Sponsors []string
	// Application is the text in which the project applies, nil if there is none yet.
	Application *template.Outline
	Checks      map[int]Check      // what facts say, by the line of the application's box
	Questions   map[int][]Question // what was asked and is not answered, by the same
	Linked      map[int][]Linked   // what people have tied to it elsewhere, by the same
	Blockers    []Blocker          // what reviewers have found that blocks the project; nil where nobody has looked
	// Pin gives the permanent address of a file, and false where it is not known. It may be nil.
	Pin func(address string) (string, bool)
	// Sentences writes the summary as the template's sentences ask, without headings for the lists.
	Sentences bool
}

// Check is what facts say about a criterion.
type Check struct {
	Result string // "met", "not-met", "found" or "unknown"
	Why    string // sentences, plain text
	Links  []Named
}

// Named is an address with a text.
type Named struct{ Text, URL string }

// Question is one that is not answered.
type Question struct{ By, Text, URL string }

// Blocker is a finding that blocks.
type Blocker struct {
	Name     string // "F2"
	Text, By string
	Line     int    // of the application's box, 0 if it is about the whole
	Resolved string // the day, empty while it is open
	Tracked  Named  // the issue that it was filed as, if any
}

// Linked is an issue or pull request elsewhere, and how it stands.
type Linked struct {
	Named
	State string // "open", "closed", "merged"; empty where it is not known
}

// sponsor is who is to judge.
func (in *Input) sponsor() string {
	if len(in.Sponsors) == 0 {
		return "@sponsor"
	}
	names := make([]string, len(in.Sponsors))
	for i, s := range in.Sponsors {
		names[i] = "@" + strings.TrimPrefix(s, "@")
	}
	return strings.Join(names, ", ")
}

func (in *Input) todo(text string) string { return "TODO(" + in.sponsor() + "): " + text }

// levelName is the level as titles have it.
func (in *Input) levelName() string {
	if in.Level == template.Graduation {
		return "Graduation"
	}
	return "Incubation"
}

var (
	anyComment = regexp.MustCompile(`(?s)<!--.*?(?:-->|\z)`)
	anyURL     = regexp.MustCompile("https?://[^\\s<>\"'`\\])]+")
	tracking   = regexp.MustCompile(`(?i)^https?://(?:www\.)?github\.com/([\w.-]+/[\w.-]+)/(?:issues|pull)/(\d+)`)
)

// answer is what the application says about a box, in Markdown: without comments, without what the template says, pinned.
func (in *Input) answer(p template.Part) string {
	o := in.Application
	if len(o.Evidence(p)) == 0 {
		return ""
	}
	var lines []string
	for line := range strings.Lines(unix(anyComment.ReplaceAllString(o.Body(p), ""))) {
		line = strings.TrimRight(line, " \t\n")
		if !template.KnownSlots().IsLine(line) && !template.IsFormLine(line) {
			lines = append(lines, line)
		}
	}
	text := strings.Trim(strings.Join(dedented(lines), "\n"), "\n")
	return blankLines.ReplaceAllString(in.pinned(text), "\n\n")
}

var blankLines = regexp.MustCompile(`\n{3,}`)

// dedented takes away the indentation that all lines have; the first stands behind the criterion.
func dedented(lines []string) []string {
	least := -1
	for i, l := range lines {
		if n := len(l) - len(strings.TrimLeft(l, " ")); l != "" && i > 0 && (least < 0 || n < least) {
			least = n
		}
	}
	for i, l := range lines {
		if i == 0 {
			lines[i] = strings.TrimSpace(l)
		} else {
			lines[i] = l[min(max(least, 0), len(l)):]
		}
	}
	return lines
}

// pinned makes the addresses in a text permanent where that can be.
func (in *Input) pinned(text string) string {
	if in.Pin == nil {
		return text
	}
	return anyURL.ReplaceAllStringFunc(text, func(u string) string {
		stop := strings.TrimRight(u, ".,;:!?*_")
		if pin, ok := in.Pin(stop); ok {
			return pin + u[len(stop):]
		}
		return u
	})
}

// tracked gives the issues and pull requests that a text links, as OWNER/NAME#N, without the application.
func (in *Input) tracked(text string) []Named {
	var out []Named
	seen := map[string]bool{}
	for _, u := range anyURL.FindAllString(text, -1) {
		m := tracking.FindStringSubmatch(u)
		if m == nil || seen[m[0]] || strings.EqualFold(m[0], in.Issue) {
			continue
		}
		seen[m[0]] = true
		out = append(out, Named{m[1] + "#" + m[2], m[0]})
	}
	return out
}
