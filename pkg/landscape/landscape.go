// Package landscape reads what the foundation keeps about its projects: the landscape (names, dates, repositories) and the
// lists of maintainers with their companies. Formats as of cncf/landscape 153d699 and cncf/foundation 7596c66.
package landscape

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// Levels of a project.
const (
	Sandbox    = "sandbox"
	Incubating = "incubating"
	Graduated  = "graduated"
	Archived   = "archived"
)

// Entry is a project of the foundation.
type Entry struct {
	Name     string
	Homepage string
	Level    string   // one of the levels
	Repos    []string // OWNER/NAME, the main one first; may be empty
	Org      string   // owner of its repositories, where one is named
	Names    []string // its names elsewhere: in CLOMonitor, in LFX
	// Dates by level: when the project got there. "accepted" is the day it joined.
	Dates map[string]time.Time
}

// item is an entry of the file as far as it is read. Dates are quoted, but not everywhere and not always of one form.
type item struct {
	Name            string `yaml:"name"`
	Homepage        string `yaml:"homepage_url"`
	Project         string `yaml:"project"`
	RepoURL         string `yaml:"repo_url"`
	Org             string `yaml:"project_org"`
	AdditionalRepos []struct {
		RepoURL string `yaml:"repo_url"`
	} `yaml:"additional_repos"`
	Extra map[string]yaml.Node `yaml:"extra"`
}

var (
	itemStart = regexp.MustCompile(`(?m)^( *)- item:[ \t]*\r?$`)
	isProject = regexp.MustCompile(`(?m)^ +project: *['"]?(sandbox|incubating|graduated|archived)`)
)

// Read gives the projects of landscape.yml. Of 2,500 items a tenth are projects; only these are decoded, one by one: the
// whole file as one YAML document takes half a second and 90 MB.
func Read(data []byte) ([]Entry, error) {
	text := string(data)
	starts := itemStart.FindAllStringSubmatchIndex(text, -1)
	if len(starts) == 0 {
		return nil, fmt.Errorf("this is no landscape.yml: there is no line \"- item:\" in it")
	}
	var entries []Entry
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		block := text[at[1]:end]
		if !isProject.MatchString(block) {
			continue
		}
		var it item
		if err := yaml.Unmarshal([]byte(ownLines(block, at[3]-at[2])), &it); err != nil {
			return nil, fmt.Errorf("landscape.yml, line %d: %w", strings.Count(text[:at[0]], "\n")+1, err)
		}
		if level := strings.ToLower(it.Project); level == Sandbox || level == Incubating || level == Graduated || level == Archived {
			entries = append(entries, it.entry(level))
		}
	}
	return entries, nil
}

// ownLines cuts a block where a line is indented less than the item's fields: there the next category begins.
func ownLines(block string, indent int) string {
	var b strings.Builder
	for line := range strings.Lines(block) {
		rest := strings.TrimLeft(line, " ")
		if n := len(line) - len(rest); strings.TrimSpace(rest) != "" && n <= indent {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

func (it item) entry(level string) Entry {
	e := Entry{Name: it.Name, Homepage: it.Homepage, Level: level, Org: lastSegment(it.Org), Dates: map[string]time.Time{}}
	urls := []string{it.RepoURL}
	for _, r := range it.AdditionalRepos {
		urls = append(urls, r.RepoURL)
	}
	for _, u := range urls {
		if repo := repoOf(u); repo != "" {
			e.Repos = append(e.Repos, repo)
		} else if e.Org == "" && strings.Contains(u, "github.com/") {
			e.Org = lastSegment(u)
		}
	}
	for key, node := range it.Extra {
		switch key {
		case "accepted", Incubating, Graduated, Archived:
			if at, err := time.Parse("2006-01-02", strings.TrimSpace(node.Value)); err == nil {
				e.Dates[key] = at
			}
		case "clomonitor_name", "lfx_slug":
			e.Names = append(e.Names, node.Value)
		}
	}
	return e
}

func lastSegment(u string) string {
	u = strings.TrimRight(u, "/")
	return u[strings.LastIndexByte(u, '/')+1:]
}

// repoOf gives OWNER/NAME of an address, "" if it is of something else.
func repoOf(address string) string {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || !strings.EqualFold(strings.TrimPrefix(u.Hostname(), "www."), "github.com") {
		return ""
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(parts) < 2 || parts[0] == "orgs" {
		return ""
	}
	return parts[0] + "/" + strings.TrimSuffix(parts[1], ".git")
}

// Since is when the project got to its level; zero where the landscape does not say.
func (e Entry) Since() time.Time {
	if e.Level == Sandbox {
		return e.Dates["accepted"]
	}
	return e.Dates[e.Level]
}

// Find looks for the project of a repository: by its repositories, then as the only one of its owner, then by name.
func Find(entries []Entry, repo string) (Entry, bool) {
	owner, name, _ := strings.Cut(repo, "/")
	var ofOwner, named []Entry
	for _, e := range entries {
		for _, r := range e.Repos {
			if strings.EqualFold(r, repo) {
				return e, true
			}
		}
		if e.Of(owner) {
			ofOwner = append(ofOwner, e)
		}
		if k := Key(e.Name); k != "" && (k == Key(name) || k == Key(owner)) {
			named = append(named, e)
		}
	}
	for _, found := range [][]Entry{ofOwner, named} {
		if len(found) == 1 {
			return found[0], true
		}
	}
	return Entry{}, false
}

// Of tells whether the project has repositories of that owner.
func (e Entry) Of(owner string) bool {
	if strings.EqualFold(e.Org, owner) {
		return true
	}
	for _, r := range e.Repos {
		if by, _, _ := strings.Cut(r, "/"); strings.EqualFold(by, owner) {
			return true
		}
	}
	return false
}

// Key makes names comparable: letters and digits, lower case.
func Key(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}
