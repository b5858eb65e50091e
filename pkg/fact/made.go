package fact

import "github.com/ddbot/ddbot/pkg/issue"

// Made is an issue that a plan opens (plan.OpenIssue). The zero value says that it is not there yet.
type Made struct {
	Number  int
	Refused string // why GitHub does not let us open it, in its own words
}

// MadeKey names the issue that is opened for a key in a repository.
func MadeKey(repo, key string) Key { return Key{KindMade, issue.FoldLogin(repo) + " " + key} }

// Made is our own issue for a key in owner/repo, as this plan or an earlier one has opened it.
func (s *Set) Made(repo, key string) (Made, error) { return get[Made](s, MadeKey(repo, key)) }

// File is a file of a repository on GitHub.
type File struct {
	Text  string
	Found bool
}

// FileKey names a file of owner/repo; ref is a branch, tag or commit.
func FileKey(repo, ref, path string) Key {
	return Key{KindFile, issue.FoldLogin(repo) + " " + ref + " " + path}
}

// File is a file as it is in a repository, of a few minutes ago perhaps.
func (s *Set) File(repo, ref, path string) (File, error) {
	return get[File](s, FileKey(repo, ref, path))
}

// Branch is a file on a branch of its own, and the pull request that was opened from it.
type Branch struct {
	Default string // the repository's default branch
	From    string // the newest commit there
	Exists  bool   // the branch
	File           // on the branch; where there is none, on the default branch
	SHA     string // git's name of its content
	Pull    int    // the newest pull request from what the branch holds, 0 if there is none
	State   string // its state: open, closed or merged
	Refused string // why GitHub does not let us read or write there, in its own words
}

// BranchKey names a file on a branch of owner/repo.
func BranchKey(repo, branch, path string) Key {
	return Key{KindBranch, issue.FoldLogin(repo) + " " + branch + " " + path}
}

// Branch is a file on a branch, as this plan or an earlier one has left it.
func (s *Set) Branch(repo, branch, path string) (Branch, error) {
	return get[Branch](s, BranchKey(repo, branch, path))
}

// LatestBy is the id of the latest comment of a login on the issue, 0 if there is none.
func (s *Set) LatestBy(login string) (int64, error) {
	return get[int64](s, Key{KindLatestBy, issue.FoldLogin(login)})
}
