package demo

import (
	"regexp"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/ddbot/ddbot/pkg/story"
)

// parseStory makes a script of a story. What a test expects of the bot is seen here.
func parseStory(a *txtar.Archive) (*Script, error) {
	known := make([]*regexp.Regexp, len(verbs))
	for i, v := range verbs {
		known[i] = v.pattern
	}
	told, err := story.Parse(a, known)
	if err != nil {
		return nil, err
	}
	s := &Script{Seed: seedOf(told)}
	for _, st := range told.Steps {
		var one step
		for _, do := range st.Actions {
			one.add(do)
		}
		s.steps = append(s.steps, one)
	}
	s.Seed.Unopened = strings.HasSuffix(s.steps[0].title, " opens")
	return s, nil
}

// seedOf is what a story begins with.
func seedOf(told *story.Story) Seed {
	h := told.Header
	s := Seed{
		Repo: "acme/toc", Author: "alice", Title: "Move to incubation", Body: told.Body, Files: told.Files, Config: told.Config,
		Labels: h.List("labels"), RepoLabels: h.List("repo-labels"), Assignees: h.List("assignees"), Milestones: h.List("milestones"),
		Milestone: h["milestone"], State: h["state"], Pull: h["pull"] == "yes",
	}
	for name, to := range map[string]*string{"repo": &s.Repo, "author": &s.Author, "title": &s.Title} {
		if h[name] != "" {
			*to = h[name]
		}
	}
	for _, role := range story.Roles {
		for _, login := range h.List(role) {
			s.People = append(s.People, Person{Login: login, Role: role})
		}
	}
	return s
}

// add adds an action to the step.
func (s *step) add(a story.Action) {
	s.title = strings.TrimPrefix(s.title+", "+a.Text, ", ")
	if a.Data != "" {
		s.text = strings.TrimPrefix(s.text+"\n"+a.Data, "\n")
	}
	for _, v := range verbs {
		if m := v.pattern.FindStringSubmatch(a.Text); m != nil {
			s.acts = append(s.acts, act{a.Before, func(w *World) error { return v.do(w, m, a.Data) }})
			return
		}
	}
}
