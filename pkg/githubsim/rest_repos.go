package githubsim

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

func (s *Sim) getRepo(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	return ok(s.fullRepoJSON(rq.actor, r))
}

func (s *Sim) listMilestones(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	if rq.URL.Query().Get("state") == "closed" {
		return pages(nil) // the simulator's milestones are never closed
	}
	return pages(each(r.milestones, func(m *milestone) object { return s.milestoneJSON(r, m) }))
}

// checkCollaborator and getPermission are for those who may push, as on GitHub.
func (s *Sim) checkCollaborator(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	if !s.can(rq.actor, r, "write") {
		return problem(refuse(403, "Must have push access to view repository collaborators."))
	}
	if u := s.users[key(rq.vars["username"])]; u == nil || !s.collaborator(r, u) {
		return problem(notFound())
	}
	return noContent()
}

func (s *Sim) getPermission(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	if !s.can(rq.actor, r, "write") {
		return problem(refuse(403, "Must have push access to view collaborator permission."))
	}
	u := s.users[key(rq.vars["username"])]
	if u == nil {
		return problem(refuse(404, "%s is not a user", rq.vars["username"]))
	}
	name, base := s.role(r, u)
	// The permission knows four words only; maintain and triage show in role_name.
	permission := base
	switch base {
	case "maintain":
		permission = "write"
	case "triage":
		permission = "read"
	}
	who := s.userJSON(u)
	who["permissions"], who["role_name"] = permissions(base), name
	return ok(object{"permission": permission, "role_name": name, "user": who})
}

func (s *Sim) checkAssignee(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	if u := s.users[key(rq.vars["assignee"])]; u == nil || !s.assignable(r, nil, u) {
		return problem(notFound())
	}
	return noContent()
}

func (s *Sim) getContents(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	ref := rq.URL.Query().Get("ref")
	name := strings.Trim(rq.vars["path"], "/")
	if f := r.old(ref, name); f != nil {
		return ok(r.fileJSON(name, f))
	}
	if t := r.branches[strings.TrimPrefix(ref, "refs/heads/")]; t != nil {
		if f := t.files[name]; f != nil {
			return ok(r.fileJSON(name, f))
		}
		return problem(notFound())
	}
	if ref != "" && !r.has(ref) {
		return problem(refuse(404, "No commit found for the ref %s", ref))
	}
	if f := r.files[name]; f != nil {
		return ok(r.fileJSON(name, f))
	}
	if list := r.folder(name); len(list) > 0 {
		return ok(list)
	}
	return problem(notFound())
}

func (r *repo) fileJSON(name string, f *file) object {
	o := r.entry("file", name, f.sha, len(f.content))
	o["encoding"] = "base64"
	o["content"] = lines60(base64.StdEncoding.EncodeToString(f.content))
	return o
}

// lines60 breaks base64 into lines, as GitHub does.
func lines60(text string) string {
	var b strings.Builder
	for chunk := range slices.Chunk([]byte(text), 60) {
		b.Write(chunk)
		b.WriteByte('\n')
	}
	return b.String()
}

// folder lists what lies directly in a folder.
func (r *repo) folder(name string) []any {
	var out []any
	seen := map[string]bool{}
	for _, full := range slices.Sorted(maps.Keys(r.files)) {
		rest, inside := strings.CutPrefix(full, name+"/")
		if !inside {
			continue
		}
		child, _, deeper := strings.Cut(rest, "/")
		switch {
		case !deeper:
			out = append(out, r.entry("file", full, r.files[full].sha, len(r.files[full].content)))
		case !seen[child]:
			seen[child] = true
			out = append(out, r.entry("dir", name+"/"+child, newFile([]byte(child)).sha, 0))
		}
	}
	return out
}

func (r *repo) entry(kind, name, sha string, size int) object {
	shape := map[string][2]string{"file": {"blobs", "blob"}, "dir": {"trees", "tree"}}[kind]
	u := fmt.Sprintf("%s/contents/%s?ref=%s", r.api(), name, r.defaultBranch)
	git := fmt.Sprintf("%s/git/%s/%s", r.api(), shape[0], sha)
	html := fmt.Sprintf("%s/%s/%s/%s", r.html(), shape[1], r.defaultBranch, name)
	var download any
	if kind == "file" {
		download = fmt.Sprintf("https://raw.githubusercontent.com/%s/%s/%s", r.fullName(), r.defaultBranch, name)
	}
	return object{
		"type": kind, "name": path.Base(name), "path": name, "sha": sha, "size": size, "url": u, "git_url": git,
		"html_url": html, "download_url": download, "_links": object{"self": u, "git": git, "html": html},
	}
}

// sorted gives a map's values in the order of its keys.
func sorted[K cmp.Ordered, V any](m map[K]V) []V {
	out := make([]V, 0, len(m))
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, m[k])
	}
	return out
}
