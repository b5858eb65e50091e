package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"
)

var (
	stepName  = regexp.MustCompile(`^(\d+) (.+?)(?: before (GET|PATCH))?$`)
	blankLine = regexp.MustCompile(`\r?\n\r?\n`)
	outputs   = []string{"plan", "calls", "diff", "reply"} // what a test expects; here it is seen
	roles     = []string{"admin", "maintain", "write", "triage", "read"}
)

func parseStory(a *txtar.Archive) (*Script, error) {
	s := &Script{Seed: Seed{Repo: "acme/toc", Author: "alice", Title: "Move to incubation", Files: map[string]string{}}}
	no := ""
	for _, f := range a.Files {
		path, isFile := strings.CutPrefix(f.Name, "file ")
		m := stepName.FindStringSubmatch(f.Name)
		switch {
		case f.Name == "issue.md":
			if err := s.Seed.readIssue(string(f.Data)); err != nil {
				return nil, err
			}
		case f.Name == "config.yaml":
			s.Seed.Config = f.Data
		case isFile:
			s.Seed.Files[path] = string(f.Data)
		case m == nil:
			return nil, fmt.Errorf("section %q is unknown: there are issue.md, config.yaml, \"file PATH\" and steps such as \"1 bob comments\"", f.Name)
		case slices.Contains(outputs, m[2]):
		default:
			if m[1] != no {
				no, s.steps = m[1], append(s.steps, step{})
			}
			if err := s.steps[len(s.steps)-1].add(m[2], m[3], strings.TrimSuffix(string(f.Data), "\n")); err != nil {
				return nil, fmt.Errorf("section %q: %w", f.Name, err)
			}
		}
	}
	if len(s.steps) == 0 {
		return nil, fmt.Errorf("the story has no step, such as \"1 bob comments\"")
	}
	s.Seed.Unopened = strings.HasSuffix(s.steps[0].title, " opens")
	return s, nil
}

// readIssue reads issue.md: headers, a blank line, the body.
func (s *Seed) readIssue(text string) error {
	head, body := text, ""
	if m := blankLine.FindStringIndex(text); m != nil {
		head, body = text[:m[0]], text[m[1]:]
	}
	s.Body = strings.TrimSuffix(body, "\n")
	for line := range strings.Lines(head) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch {
		case !ok:
			return fmt.Errorf("issue.md: %q is not a header; leave a blank line before the body", line)
		case slices.Contains(roles, name):
			for _, login := range list(value) {
				s.People = append(s.People, Person{Login: login, Role: name})
			}
		default:
			if err := s.header(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Seed) header(name, value string) error {
	texts := map[string]*string{"repo": &s.Repo, "title": &s.Title, "author": &s.Author, "milestone": &s.Milestone, "state": &s.State}
	lists := map[string]*[]string{"labels": &s.Labels, "repo-labels": &s.RepoLabels, "assignees": &s.Assignees, "milestones": &s.Milestones}
	switch {
	case texts[name] != nil:
		*texts[name] = value
	case lists[name] != nil:
		*lists[name] = list(value)
	case name == "pull":
		s.Pull = value == "yes"
	case name == "crlf": // asks a test to run twice
	default:
		return fmt.Errorf("issue.md: the header %q is unknown", name)
	}
	return nil
}

func list(s string) []string {
	var out []string
	for v := range strings.SplitSeq(s, ",") {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// add adds what a section says to the step.
func (s *step) add(text, before, data string) error {
	for _, v := range verbs {
		m := v.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		s.title = strings.TrimPrefix(s.title+", "+text, ", ")
		if data != "" {
			s.text = strings.TrimPrefix(s.text+"\n"+data, "\n")
		}
		s.acts = append(s.acts, act{before, func(w *World) error { return v.do(w, m, data) }})
		return nil
	}
	return fmt.Errorf("the demo does not know how to play %q", text)
}
