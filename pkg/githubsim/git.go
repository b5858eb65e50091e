package githubsim

import (
	"cmp"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// gitCommit is a change of one file.
type gitCommit struct {
	sha  string
	path string
	at   time.Time
	file *file // as it was then; nil if it went
	by   *user // nil is somebody whom GitHub does not know
	text string
}

// gitRelease is a published release.
type gitRelease struct {
	id     int64
	tag    string
	at     time.Time
	pre    bool
	assets []string
}

// write puts a file there, which is a commit. The name of a commit is made of all before it.
func (r *tree) write(p string, content []byte, c gitCommit) gitCommit {
	r.files[p] = newFile(content)
	c.path, c.file = p, r.files[p]
	c.sha = fmt.Sprintf("%x", sha1.Sum(fmt.Appendf(nil, "%s %s %s %s", r.head(), p, c.file.sha, c.at.Format(time.RFC3339Nano))))
	r.commits = append(r.commits, c)
	return c
}

// newest is the newest commit; none in a repository without files.
func (r *tree) newest() gitCommit {
	if len(r.commits) == 0 {
		return gitCommit{}
	}
	return r.commits[len(r.commits)-1]
}

// head names the newest commit; empty in a repository without files.
func (r *tree) head() string { return r.newest().sha }

// changes gives the commits of a path and below, of all paths for "", newest first.
func (r *tree) changes(p string) []gitCommit {
	var out []gitCommit
	for _, c := range slices.Backward(r.commits) {
		if p == "" || c.path == p || strings.HasPrefix(c.path, p+"/") {
			out = append(out, c)
		}
	}
	return out
}

// AddRelease publishes a release.
func (s *Sim) AddRelease(repoName, tag string, at time.Time, assets ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.mustRepo(repoName)
	r.releases = append(r.releases, gitRelease{id: s.nextID(), tag: tag, at: at, pre: strings.Contains(tag, "-"), assets: assets})
}

// has tells whether a ref means the newest commit.
func (r *repo) has(ref string) bool {
	ref = strings.TrimPrefix(ref, "refs/heads/")
	return r.head() != "" && (ref == "HEAD" || ref == r.defaultBranch || ref == r.head())
}

// old finds a file as it was at a commit.
func (r *tree) old(ref, p string) *file {
	at := slices.IndexFunc(r.commits, func(c gitCommit) bool { return c.sha == ref })
	for ; at >= 0; at-- {
		if r.commits[at].path == p {
			return r.commits[at].file
		}
	}
	return nil
}

// isFolder tells whether files lie below a path.
func (r *tree) isFolder(p string) bool {
	for name := range r.files {
		if strings.HasPrefix(name, p+"/") {
			return true
		}
	}
	return false
}

func (s *Sim) listOwnerRepos(rq *request) (reply, error) {
	owner := key(rq.vars["org"] + rq.vars["username"])
	ofOrg := rq.vars["org"] != ""
	known := s.orgs[owner] != nil
	if !ofOrg {
		known = s.users[owner] != nil
	}
	if !known {
		return problem(notFound())
	}
	return pages(each(s.reposOf(rq.actor, owner), s.repoJSON))
}

// reposOf gives the repositories of an owner that the asker may see, by name.
func (s *Sim) reposOf(a actor, owner string) []*repo {
	var out []*repo
	for _, r := range sorted(s.repos) {
		if key(r.owner) == key(owner) && s.can(a, r, "read") {
			out = append(out, r)
		}
	}
	return out
}

func (s *Sim) listCommits(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	if r.head() == "" {
		return problem(refuse(409, "Git Repository is empty."))
	}
	return pages(each(r.changes(strings.Trim(rq.URL.Query().Get("path"), "/")), func(c gitCommit) object { return r.commitJSON(c) }))
}

func (r *repo) commitJSON(c gitCommit) object {
	who := object{"name": "Somebody", "email": "somebody@example.org", "date": stamp(c.at)}
	if c.by != nil {
		who["name"] = c.by.login
	}
	git := object{
		"author": who, "committer": who, "message": cmp.Or(c.text, "Change "+c.path), "comment_count": 0, "url": r.api() + "/git/commits/" + c.sha,
		"tree": object{"sha": c.sha, "url": r.api() + "/git/trees/" + c.sha},
	}
	return object{
		"sha": c.sha, "node_id": "C_" + c.sha, "commit": git, "url": r.api() + "/commits/" + c.sha, "html_url": r.html() + "/commit/" + c.sha,
		"comments_url": r.api() + "/commits/" + c.sha + "/comments", "author": nil, "committer": nil, "parents": []any{},
	}
}

// getTree knows the tree of the newest commit, with all that is below.
func (s *Sim) getTree(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	if r.head() == "" {
		return problem(refuse(409, "Git Repository is empty."))
	}
	if !r.has(rq.vars["tree_sha"]) {
		return problem(notFound())
	}
	if rq.URL.Query().Get("recursive") == "" {
		return problem(unsupported("a tree that is not recursive"))
	}
	list := []any{}
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(r.files)) {
		for dir := path.Dir(name); dir != "." && !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			sha := newFile([]byte(dir)).sha
			list = append(list, object{"path": dir, "mode": "040000", "type": "tree", "sha": sha, "url": r.api() + "/git/trees/" + sha})
		}
		f := r.files[name]
		list = append(list, object{"path": name, "mode": "100644", "type": "blob", "sha": f.sha, "size": len(f.content), "url": r.api() + "/git/blobs/" + f.sha})
	}
	return ok(object{"sha": rq.vars["tree_sha"], "url": r.api() + "/git/trees/" + rq.vars["tree_sha"], "tree": list, "truncated": false})
}

func (s *Sim) getBlob(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	f := r.blob(rq.vars["file_sha"])
	if f == nil {
		return problem(notFound())
	}
	return ok(object{
		"sha": f.sha, "node_id": "B_" + f.sha, "size": len(f.content), "url": r.api() + "/git/blobs/" + f.sha,
		"content": lines60(base64.StdEncoding.EncodeToString(f.content)), "encoding": "base64",
	})
}

func (r *tree) blob(sha string) *file {
	for _, f := range r.files {
		if f.sha == sha {
			return f
		}
	}
	return nil
}

func (s *Sim) listReleases(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	return pages(each(r.releasesByDate(), func(l gitRelease) object { return s.releaseJSON(r, l) }))
}

func (r *repo) releasesByDate() []gitRelease {
	list := slices.Clone(r.releases)
	slices.SortStableFunc(list, func(a, b gitRelease) int { return b.at.Compare(a.at) })
	return list
}

func (s *Sim) releaseJSON(r *repo, l gitRelease) object {
	author := s.ownerJSON(r)
	base := fmt.Sprintf("%s/releases/%d", r.api(), l.id)
	assets := []any{}
	for n, name := range l.assets {
		assets = append(assets, object{
			"id": l.id*100 + int64(n), "node_id": nodeID("RA", l.id*100+int64(n)), "name": name, "label": nil, "state": "uploaded", "content_type": "application/octet-stream",
			"size": 1, "digest": nil, "download_count": 0, "created_at": stamp(l.at), "updated_at": stamp(l.at), "uploader": author,
			"url": fmt.Sprintf("%s/releases/assets/%d", r.api(), l.id*100+int64(n)), "browser_download_url": r.html() + "/releases/download/" + l.tag + "/" + name,
		})
	}
	return object{
		"id": l.id, "node_id": nodeID("RE", l.id), "tag_name": l.tag, "target_commitish": r.defaultBranch, "name": l.tag, "body": "", "draft": false,
		"prerelease": l.pre, "created_at": stamp(l.at), "published_at": stamp(l.at), "author": author, "assets": assets, "url": base,
		"assets_url": base + "/assets", "upload_url": base + "/assets{?name,label}", "html_url": r.html() + "/releases/tag/" + l.tag,
		"tarball_url": r.api() + "/tarball/" + l.tag, "zipball_url": r.api() + "/zipball/" + l.tag,
	}
}
