package githubsim

import (
	"crypto/sha1"
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

// AddRepo makes a public repository "owner/name". The owner is an organisation with these owners, unless it is the
// login of a known user.
func (s *Sim) AddRepo(fullName string, owners ...string) {
	owner, name, ok := strings.Cut(fullName, "/")
	if !ok || owner == "" || name == "" {
		panic(fmt.Sprintf("githubsim: a repository is owner/name: %q", fullName))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.repos[key(fullName)] != nil {
		panic(fmt.Sprintf("githubsim: repository %s is there already", fullName))
	}
	r := &repo{
		id: s.nextID(), owner: owner, name: name, createdAt: s.now(), defaultBranch: "main",
		roles: map[string]string{}, tree: tree{files: map[string]*file{}}, branches: map[string]*tree{}, issues: map[int]*issueState{},
	}
	if u := s.users[key(owner)]; u != nil {
		r.ownerUser = u
		for _, login := range owners {
			r.roles[key(s.addUser(login).login)] = "admin"
		}
	} else {
		r.org = s.addOrg(owner)
		for _, login := range owners {
			k := key(s.addUser(login).login)
			r.org.owners[k], r.org.members[k] = true, true
		}
	}
	s.repos[key(fullName)] = r
	s.repoByID[r.id] = r
}

// SetPrivate hides a repository from everybody without a role in it, or shows it again.
func (s *Sim) SetPrivate(fullName string, private bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustRepo(fullName).private = private
}

func (s *Sim) mustRepo(fullName string) *repo {
	r := s.repos[key(fullName)]
	if r == nil {
		panic(fmt.Sprintf("githubsim: there is no repository %q; AddRepo first", fullName))
	}
	return r
}

func (s *Sim) mustIssue(ref issue.Ref) *issueState {
	i := s.mustRepo(ref.FullName()).issues[ref.Number]
	if i == nil {
		panic(fmt.Sprintf("githubsim: there is no issue %s", ref))
	}
	if i.deleted {
		panic(refuse(410, "This issue was deleted"))
	}
	return i
}

// AddLabel defines labels in a repository. No webhook is sent: this is how the repository was found.
func (s *Sim) AddLabel(repoName string, names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.mustRepo(repoName)
	for _, name := range names {
		if r.label(name) == nil {
			r.labels = append(r.labels, &label{id: s.nextID(), name: name, color: "ededed"})
		}
	}
}

// label finds a label: letter case does not matter to GitHub.
func (r *repo) label(name string) *label {
	i := slices.IndexFunc(r.labels, func(l *label) bool { return strings.EqualFold(l.name, name) })
	if i < 0 {
		return nil
	}
	return r.labels[i]
}

// AddMilestone defines a milestone and gives its number.
func (s *Sim) AddMilestone(repoName, title string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.mustRepo(repoName)
	m := &milestone{id: s.nextID(), number: len(r.milestones) + 1, title: title, createdAt: s.now()}
	r.milestones = append(r.milestones, m)
	return m.number
}

func (r *repo) milestone(number int) *milestone {
	if number < 1 || number > len(r.milestones) {
		return nil
	}
	return r.milestones[number-1]
}

// AddFile puts a file on the default branch, or replaces it.
func (s *Sim) AddFile(repoName, path, content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustRepo(repoName).write(strings.Trim(path, "/"), []byte(content), gitCommit{at: s.now()})
}

func newFile(content []byte) *file {
	blob := append(fmt.Appendf(nil, "blob %d\x00", len(content)), content...)
	return &file{content: content, sha: fmt.Sprintf("%x", sha1.Sum(blob))}
}
