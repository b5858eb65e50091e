// Package issue holds an issue as a value: where it is and what it looked like when somebody read it.
// Pull requests are issues here too, as they are in GitHub's API.
package issue

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Ref names one issue of one repository.
type Ref struct {
	Owner  string
	Repo   string
	Number int
}

// String gives the form that GitHub links: owner/repo#12.
func (r Ref) String() string { return r.FullName() + "#" + strconv.Itoa(r.Number) }

// FullName gives owner/repo.
func (r Ref) FullName() string { return r.Owner + "/" + r.Repo }

// ParseRef reads owner/repo#12.
func ParseRef(s string) (Ref, error) {
	name, num, ok := strings.Cut(s, "#")
	repo, ok2 := ParseRepo(name)
	n, err := strconv.Atoi(num)
	if !ok || !ok2 || err != nil || n < 1 {
		return Ref{}, fmt.Errorf("%q is not an issue: write owner/repo#12", s)
	}
	return Ref{repo.Owner, repo.Name, n}, nil
}

// States of an issue.
const (
	Open   = "open"
	Closed = "closed"
)

// Snapshot is an issue at one moment. It is a value: Clone before changing its slices.
type Snapshot struct {
	Ref         Ref
	RepoID      int64  `json:",omitzero"`
	NodeID      string `json:",omitzero"`
	Title       string `json:",omitzero"`
	Body        string `json:",omitzero"`
	Author      string `json:",omitzero"` // login, empty for an account that is gone
	AuthorID    int64  `json:",omitzero"` // 0 where it is not known
	AuthorIsBot bool   `json:",omitzero"`
	// AuthorIsMute says that nobody writes as the author: see event.User.
	AuthorIsMute bool     `json:",omitzero"`
	State        string   `json:",omitzero"` // Open or Closed
	StateReason  string   `json:",omitzero"` // completed, not_planned, duplicate, reopened or empty
	Labels       []string `json:",omitzero"`
	Assignees    []string `json:",omitzero"`
	Milestone    string   `json:",omitzero"` // its title, empty for none
	Locked       bool     `json:",omitzero"`
	PullRequest  bool     `json:",omitzero"`
	// Reviews is what is known of requests for reviews of a pull request, by login or org/team in lower case. What is
	// not in it is not known: most payloads do not tell.
	Reviews   map[string]bool `json:",omitzero"`
	CreatedAt time.Time       `json:",omitzero"`
	UpdatedAt time.Time       `json:",omitzero"`
}

// Clone copies the snapshot with slices of its own.
func (s Snapshot) Clone() Snapshot {
	s.Labels = slices.Clone(s.Labels)
	s.Assignees = slices.Clone(s.Assignees)
	s.Reviews = maps.Clone(s.Reviews)
	return s
}

// HasLabel compares as GitHub does: letter case does not matter.
func (s Snapshot) HasLabel(name string) bool { return HasLabel(s.Labels, name) }

// HasAssignee compares as GitHub does: letter case does not matter.
func (s Snapshot) HasAssignee(login string) bool { return HasLogin(s.Assignees, login) }
