package fact

import (
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

// StatusKey is the key of the notice that is the status comment.
const StatusKey = "status"

// Status is the bot's status comment on the issue.
type Status struct {
	ID   int64  // 0 if there is none
	Body string // as the bot last wrote it, whoever has edited it since
	// Edited says that somebody else has: what stands there now counts for nothing.
	Edited bool
}

// Status is the bot's status comment.
func (s *Set) Status() (Status, error) { return get[Status](s, Key{Kind: KindStatus}) }

// Elsewhere is how another issue or pull request stands.
type Elsewhere struct {
	State  string // open, closed or merged; "" where we may not see it
	Title  string
	Body   string
	Author string
	Labels []string
}

// Elsewhere is how the issue or pull request owner/repo#n stands.
func (s *Set) Elsewhere(ref issue.Ref) (Elsewhere, error) {
	return get[Elsewhere](s, Key{KindElsewhere, strings.ToLower(ref.String())})
}

// Reads tells whether somebody may read another repository; "" is everybody.
func (s *Set) Reads(ref issue.Ref, login string) (bool, error) {
	return get[bool](s, Key{KindReads, strings.ToLower(ref.FullName()) + " " + issue.FoldLogin(login)})
}

// StatusOf is the bot's status comment on another issue.
func (s *Set) StatusOf(ref issue.Ref) (Status, error) {
	return get[Status](s, Key{KindStatus, strings.ToLower(ref.String())})
}

// Application is one open issue with its status comment.
type Application struct {
	Issue  issue.Snapshot
	Status Status
}

// Applications are the open issues of the repository with a label.
func (s *Set) Applications(label string) ([]Application, error) {
	return get[[]Application](s, Key{KindApplications, issue.FoldLabel(label)})
}

// ProjectPeople are the logins that a project's own repositories name as its maintainers: those of maintainers.yaml in its .project
// repository, else the approvers of OWNERS in the repository itself.
func (s *Set) ProjectPeople(project issue.Repo) ([]string, error) {
	return get[[]string](s, Key{KindProject, strings.ToLower(project.String())})
}

// Mentions are the pull requests, here and elsewhere, that mention the issue, the oldest first.
func (s *Set) Mentions() ([]issue.Ref, error) { return get[[]issue.Ref](s, Key{Kind: KindMentions}) }
