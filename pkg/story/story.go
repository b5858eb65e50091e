// Package story reads stories: what people do at an issue, step by step, as one txtar file. Tests play them (package scripttest),
// and so does `ddbot demo --script`. What is mistyped is an error that names the line and what is allowed: a story that is not read
// as it was meant would prove nothing.
//
//	A maintainer ticks a section.
//	-- issue.md --
//	author: alice
//	write: bob
//	labels: kind/dd
//
//	## Technical
//	- [ ] It scales.
//	-- 1 bob comments --
//	/dd done technical
//	-- 1 plan --
//	…
//
// The header of issue.md knows: repo, title, author, labels, repo-labels, assignees, milestone, milestones, state, crlf
// (yes: tests also run the story with CRLF), pull (yes), and a list of logins for each permission (admin, maintain, write,
// triage, read), action (no, and why: the story is not played by the GitHub Action), regular (yes: a sweep also hands out what is
// looked at each day or week), and forget (yes: the story is also played by a bot that loses its database before each step). Other
// inputs are "config.yaml" and "file PATH" for files of the repository.
//
// A step's actions all happen before the bot looks; "before GET", "before PATCH" or "before PUT" (of a file) at the end of an action
// lets it happen just before the bot's request of that kind. Outputs (plan, calls, diff, reply) stand after the actions of their step.
package story

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Story is one story as it was read.
type Story struct {
	Archive *txtar.Archive
	Header  Header
	Body    string
	Config  []byte // nil: there is none
	Files   map[string]string
	Steps   []*Step
}

// Step is what happens between two looks of the bot.
type Step struct {
	No      string
	Actions []Action
	Want    map[string]*txtar.File // the outputs
	Last    int                    // index of the step's last section in the archive
}

// Action is one thing that happens.
type Action struct {
	Text   string // "bob comments"
	Before string // "GET" or "PATCH", or ""
	Data   string
}

// Outputs are the sections that tell what the bot made of a step.
var Outputs = []string{"plan", "calls", "diff", "reply"}

// IsOutput tells whether a section of that name is one of them.
func IsOutput(section string) bool {
	m := stepName.FindStringSubmatch(section)
	return m != nil && m[3] == "" && slices.Contains(Outputs, m[2])
}

// Roles are the headers that name people by their permission, the strongest first.
var Roles = []string{"admin", "maintain", "write", "triage", "read"}

// Header is the header of issue.md.
type Header map[string]string

// headers are the names that it knows, with the values that they take; nil is any.
var headers = map[string][]string{
	"repo": nil, "title": nil, "author": nil, "labels": nil, "repo-labels": nil, "assignees": nil, "milestone": nil, "milestones": nil,
	"admin": nil, "maintain": nil, "write": nil, "triage": nil, "read": nil,
	"action": nil, "state": {"open", "closed"}, "crlf": {"yes", "no"}, "pull": {"yes", "no"},
	"regular": {"yes", "no"}, "forget": {"yes", "no"},
}

// List gives the parts of a header that is a list.
func (h Header) List(name string) []string { return List(h[name]) }

// List splits a list at its commas.
func List(s string) []string {
	var out []string
	for v := range strings.SplitSeq(s, ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

var (
	stepName  = regexp.MustCompile(`^(\d+) (.+?)(?: before (GET|PATCH|PUT))?$`)
	blankLine = regexp.MustCompile(`\r?\n\r?\n`)
	// mistyped is a line that was meant as the beginning of a section and is none.
	mistyped = regexp.MustCompile(`^[ \t]*(?:-{2,3} *(?:issue\.md|config\.yaml|file \S+|\d+ [^|]+?) *-{1,3}|- *(?:issue\.md|config\.yaml|file \S+|\d+ [^|]+?) *-{2,3})\s*$`)
)

// Parse reads a story. known are the patterns of what can happen, for whole actions.
func Parse(a *txtar.Archive, known []*regexp.Regexp) (*Story, error) {
	s := &Story{Archive: a, Header: Header{}, Files: map[string]string{}}
	line := 1
	if err := noneMistyped(a.Comment, line); err != nil {
		return nil, err
	}
	line += bytes.Count(a.Comment, []byte("\n"))
	seen := map[string]bool{}
	for i := range a.Files {
		f := &a.Files[i]
		if m := stepName.FindStringSubmatch(f.Name); seen[f.Name] && (m == nil || IsOutput(f.Name)) {
			return nil, fmt.Errorf("line %d: section %q is there twice", line, f.Name)
		}
		seen[f.Name] = true
		err := s.section(i, f, line, known)
		if err == nil {
			err = noneMistyped(f.Data, line+1)
		}
		if err != nil {
			return nil, err
		}
		line += 1 + bytes.Count(f.Data, []byte("\n"))
	}
	if len(s.Steps) == 0 {
		return nil, fmt.Errorf("the story has no step, such as \"1 bob comments\"")
	}
	return s, nil
}

// section reads one section, which begins at a line of the file.
func (s *Story) section(i int, f *txtar.File, line int, known []*regexp.Regexp) error {
	path, isFile := strings.CutPrefix(f.Name, "file ")
	m := stepName.FindStringSubmatch(f.Name)
	switch {
	case f.Name == "issue.md":
		return s.ReadIssue(string(f.Data), line+1)
	case f.Name == "config.yaml":
		s.Config = f.Data
	case isFile:
		s.Files[path] = string(f.Data)
	case m == nil:
		return fmt.Errorf("line %d: section %q is unknown: there are issue.md, config.yaml, \"file PATH\" and steps such as \"1 bob comments\"", line, f.Name)
	default:
		if err := s.step(i, m, f, known); err != nil {
			return fmt.Errorf("line %d: section %q: %w", line, f.Name, err)
		}
	}
	return nil
}

// ReadIssue reads issue.md: headers, a blank line, the body. line is where it begins in its file.
func (s *Story) ReadIssue(text string, line int) error {
	head, body := text, ""
	if m := blankLine.FindStringIndex(text); m != nil {
		head, body = text[:m[0]], text[m[1]:]
	}
	s.Body = strings.TrimSuffix(body, "\n")
	for l := range strings.Lines(head) {
		name, value, ok := strings.Cut(strings.TrimSpace(l), ":")
		value = strings.TrimSpace(value)
		values, known := headers[name]
		_, twice := s.Header[name]
		switch {
		case !ok:
			return fmt.Errorf("line %d: issue.md: %q is not a header; leave a blank line before the body", line, strings.TrimSpace(l))
		case !known:
			return fmt.Errorf("line %d: issue.md: the header %q is unknown; there are %s", line, name, strings.Join(sorted(headers), ", "))
		case twice:
			return fmt.Errorf("line %d: issue.md: the header %q is there twice", line, name)
		case values != nil && !slices.Contains(values, value):
			return fmt.Errorf("line %d: issue.md: the header %q takes %s, not %q", line, name, strings.Join(values, " or "), value)
		case name == "repo" && !isRepo(value):
			return fmt.Errorf("line %d: issue.md: the header \"repo\" takes owner/name, not %q", line, value)
		}
		s.Header[name] = value
		line++
	}
	return nil
}

func isRepo(name string) bool {
	_, ok := issue.ParseRepo(name)
	return ok
}

// step reads a section of a step: its number, what it is, and when.
func (s *Story) step(i int, m []string, f *txtar.File, known []*regexp.Regexp) error {
	if len(s.Steps) == 0 || s.Steps[len(s.Steps)-1].No != m[1] {
		if slices.ContainsFunc(s.Steps, func(st *Step) bool { return st.No == m[1] }) {
			return fmt.Errorf("step %s was there before; its sections stand together", m[1])
		}
		s.Steps = append(s.Steps, &Step{No: m[1], Want: map[string]*txtar.File{}})
	}
	st := s.Steps[len(s.Steps)-1]
	st.Last = i
	switch {
	case IsOutput(f.Name):
		if len(st.Actions) == 0 {
			return fmt.Errorf("step %s has an output and no action", m[1])
		}
		st.Want[m[2]] = f
		return nil
	case len(st.Want) > 0:
		return fmt.Errorf("it stands after the outputs of its step")
	case !slices.ContainsFunc(known, func(p *regexp.Regexp) bool { return p.MatchString(m[2]) }):
		return fmt.Errorf("nothing is known of the action %q; there are the outputs %s, and %s", m[2], strings.Join(Outputs, ", "), usage(known))
	}
	st.Actions = append(st.Actions, Action{Text: m[2], Before: m[3], Data: strings.TrimSuffix(string(f.Data), "\n")})
	return nil
}

// noneMistyped looks for beginnings of sections that are none.
func noneMistyped(data []byte, line int) error {
	for l := range bytes.Lines(data) {
		if mistyped.Match(l) {
			return fmt.Errorf("line %d: %q is no section; one begins with a line such as \"-- 1 bob comments --\"", line, strings.TrimSpace(string(l)))
		}
		line++
	}
	return nil
}

// usage writes patterns as people read them.
func usage(known []*regexp.Regexp) string {
	plain := strings.NewReplacer("^", "", "$", "", `(?: as (\S+))?`, " [as REASON]", `(?: (\d+))?`, " [N]", "(?:es)?", "", `(\S+/\S+)`, "ORG/NAME", `(\S+)`, "WHO", "(.+)", "NAME")
	var out []string
	for _, p := range known {
		out = append(out, plain.Replace(p.String()))
	}
	return strings.Join(out, ", ")
}

func sorted(m map[string][]string) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}
