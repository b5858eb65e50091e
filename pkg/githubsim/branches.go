package githubsim

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
)

// tip finds a branch; nil if there is none.
func (r *repo) tip(name string) *tree {
	if name == r.defaultBranch {
		return &r.tree
	}
	return r.branches[name]
}

func (t *tree) clone() *tree { return &tree{maps.Clone(t.files), slices.Clone(t.commits)} }

func (r *repo) refJSON(name, sha string) object {
	return object{
		"ref": "refs/heads/" + name, "node_id": "REF_" + sha, "url": r.api() + "/git/refs/heads/" + name,
		"object": object{"type": "commit", "sha": sha, "url": r.api() + "/git/commits/" + sha},
	}
}

func (s *Sim) getRef(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	name, isBranch := strings.CutPrefix(rq.vars["ref"], "heads/")
	t := r.tip(name)
	switch {
	case !isBranch:
		return problem(unsupported("a ref that is no branch"))
	case r.head() == "":
		return problem(refuse(409, "Git Repository is empty."))
	case t == nil:
		return problem(notFound())
	}
	return ok(r.refJSON(name, t.head()))
}

// mayPush is for who writes to branches. GitHub hides from others that it could be done.
func (s *Sim) mayPush(rq *request) (*repo, error) {
	r, err := s.theRepo(rq)
	if err == nil && !s.can(rq.actor, r, "write") {
		err = notFound()
	}
	return r, err
}

func (s *Sim) postRef(rq *request) (reply, error) {
	r, err := s.mayPush(rq)
	if err != nil {
		return problem(err)
	}
	var in struct{ Ref, SHA string }
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	name, isBranch := strings.CutPrefix(in.Ref, "refs/heads/")
	from := r.treeOf(in.SHA)
	switch {
	case !isBranch:
		return problem(refuse(422, "Reference name must start with 'refs/' and have at least two slashes."))
	case from == nil:
		return problem(refuse(422, "Object does not exist"))
	case r.tip(name) != nil:
		return problem(refuse(422, "Reference already exists"))
	}
	r.branches[name] = from.clone()
	return created(r.refJSON(name, in.SHA))
}

// treeOf finds the branch whose newest commit it is.
func (r *repo) treeOf(sha string) *tree {
	for _, t := range append(sorted(r.branches), &r.tree) {
		if sha != "" && t.head() == sha {
			return t
		}
	}
	return nil
}

// putContents writes a file. Who replaces one must know what is there.
func (s *Sim) putContents(rq *request) (reply, error) {
	r, err := s.mayPush(rq)
	if err != nil {
		return problem(err)
	}
	var in struct{ Message, Content, Branch, SHA string }
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	content, err := base64.StdEncoding.DecodeString(in.Content)
	if err != nil || in.Message == "" {
		return problem(refuse(422, "Invalid request.\n\n\"message\" and Base64 \"content\" must be supplied."))
	}
	if in.Branch == "" {
		in.Branch = r.defaultBranch
	}
	t, name := r.tip(in.Branch), strings.Trim(rq.vars["path"], "/")
	if t == nil {
		return problem(refuse(404, "Branch %s not found", in.Branch))
	}
	was := t.files[name]
	switch {
	case was != nil && in.SHA == "":
		return problem(refuse(422, "Invalid request.\n\n\"sha\" wasn't supplied."))
	case was != nil && in.SHA != was.sha, was == nil && in.SHA != "":
		return problem(refuse(409, "%s does not match %s", name, in.SHA))
	}
	c := t.write(name, content, gitCommit{at: s.now(), by: rq.actor.user, text: in.Message})
	git := r.commitJSON(c)
	commit := git["commit"].(object)
	commit["sha"], commit["node_id"], commit["html_url"], commit["parents"] = c.sha, git["node_id"], git["html_url"], []any{}
	status := 201
	if was != nil {
		status = 200
	}
	return reply{status: status, body: object{"content": r.entry("file", name, c.file.sha, len(content)), "commit": commit}}, nil
}

// Commit puts a file on a branch as somebody.
func (s *Sim) Commit(repoName, branch, as, path, content string) {
	do(s, as, func(a actor) (struct{}, error) {
		t := s.mustRepo(repoName).tip(branch)
		if t == nil {
			return struct{}{}, refuse(404, "Branch %s not found", branch)
		}
		t.write(path, []byte(content), gitCommit{at: s.now(), by: a.user})
		return struct{}{}, nil
	})
}

// File is a file on a branch as it is now, "" if there is none.
func (s *Sim) File(repoName, branch, path string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.mustRepo(repoName).tip(branch); t != nil && t.files[path] != nil {
		return string(t.files[path].content)
	}
	return ""
}

// DeleteBranch deletes a branch.
func (s *Sim) DeleteBranch(repoName, branch string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.mustRepo(repoName).branches, branch)
}

// Branch is a copy of a branch: what its files hold, and who made its commits, oldest first.
type Branch struct {
	Name  string
	Files map[string]string
	By    []string
}

// Branches gives the branches of a repository beside its default one, by name.
func (s *Sim) Branches(repoName string) []Branch {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.mustRepo(repoName)
	var out []Branch
	for _, name := range slices.Sorted(maps.Keys(r.branches)) {
		b := Branch{Name: name, Files: map[string]string{}}
		for path, f := range r.branches[name].files {
			b.Files[path] = string(f.content)
		}
		for n, c := range r.branches[name].commits {
			if n >= len(r.commits) || r.commits[n].sha != c.sha {
				b.By = append(b.By, c.by.login)
			}
		}
		out = append(out, b)
	}
	return out
}
