package demo

import (
	_ "embed"
	"slices"

	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Seed is what a world begins with.
type Seed struct {
	Repo, Title, Author, Body string
	Labels                    []string // of the issue
	RepoLabels                []string // that exist beside those
	People                    []Person
	Files                     map[string]string // of the repository
	Config                    []byte            // of the bot; nil: everything is on
	Examples                  []string          // comments that the page offers; nil: Examples

	Assignees, Milestones []string
	Milestone, State      string
	Pull                  bool // a pull request
	Unopened              bool // the first step of a story opens it
}

//go:embed seed.md
var seedBody string

// DefaultSeed is the demo's own issue: an application for incubation with 49 items.
func DefaultSeed() Seed {
	return Seed{
		Repo: "example/toc", Title: "[Incubation] Tidewater", Author: "alice", Body: seedBody,
		Labels: []string{"kind/dd", "level/incubation", "toc", "triage/valid", "dd/status/in-progress"}, RepoLabels: repoLabels, People: people(),
	}
}

// plant makes the repository and opens the issue. Seeds come from files: what GitHub refuses is an error, not a bug.
func (w *World) plant() error {
	s := w.seed
	for _, p := range slices.Concat(s.People, []Person{{Login: s.Author}}) {
		if err := w.known(p.Login); err != nil {
			return err
		}
	}
	return w.sim.Try(func() {
		w.sim.AddUser(owner)
		w.sim.AddRepo(s.Repo, owner)
		w.sim.AddLabel(s.Repo, slices.Concat(s.Labels, s.RepoLabels)...)
		w.sim.SetRole(s.Repo, Bot, "write")
		for _, p := range s.People {
			w.sim.SetRole(s.Repo, p.Login, p.Role)
		}
		for _, m := range s.Milestones {
			w.sim.AddMilestone(s.Repo, m)
		}
		for path, content := range s.Files {
			w.sim.AddFile(s.Repo, path, content)
		}
		if !s.Unopened {
			w.open(s.Author)
		}
	})
}

// open opens the issue. Its author may lack the right to label it, so somebody else does that.
func (w *World) open(as string) {
	s := w.seed
	open := w.sim.OpenIssue
	if s.Pull {
		open = w.sim.OpenPull
	}
	w.ref = open(s.Repo, as, s.Title, s.Body)
	if len(s.Labels) > 0 {
		w.sim.AddLabels(w.ref, s.triager(), s.Labels...)
	}
	if len(s.Assignees) > 0 {
		for _, login := range s.Assignees {
			w.sim.AddUser(login)
		}
		w.sim.Assign(w.ref, owner, s.Assignees...)
	}
	if s.Milestone != "" {
		w.sim.SetMilestone(w.ref, owner, s.Milestone)
	}
	if s.State == issue.Closed {
		w.sim.Close(w.ref, s.Author, "completed")
	}
}

// triager is somebody who may label issues.
func (s Seed) triager() string {
	for _, p := range s.People {
		if p.Role != "read" {
			return p.Login
		}
	}
	return owner
}

// issue is the issue as it is, and false before it was opened.
func (w *World) issue() (i githubsim.Issue, ok bool) {
	if w.ref.Number == 0 {
		return i, false
	}
	return w.sim.Issue(w.ref), true
}
