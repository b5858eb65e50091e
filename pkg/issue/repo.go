package issue

import "strings"

// Repo names a repository.
type Repo struct {
	Owner string `json:"owner"`
	Name  string `json:"name"`
}

// String gives owner/name.
func (r Repo) String() string { return r.Owner + "/" + r.Name }

// Ref names it where an issue is expected; the number is 0.
func (r Repo) Ref() Ref { return Ref{Owner: r.Owner, Repo: r.Name} }

// ParseRepo reads owner/name. Of what is not that, owner is what stands before the first slash; ok is false then.
func ParseRepo(s string) (r Repo, ok bool) {
	r.Owner, r.Name, ok = strings.Cut(s, "/")
	return r, ok && r.Owner != "" && r.Name != "" && !strings.Contains(r.Name, "/") && !strings.Contains(s, "#")
}
