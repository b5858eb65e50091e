package githubsim

import (
	"fmt"
	"strings"
)

// gqlBlob and gqlTree are objects of a repository.
type (
	gqlBlob struct{ *file }
	gqlTree string
)

// gitObject finds what an oid or an expression (HEAD:path, branch, commit) names; null if there is none.
func gitObject(g *gqlRun, on any, args map[string]any) (any, error) {
	r := on.(*repo)
	if err := g.mayRead(r, "contents"); err != nil {
		return nil, err
	}
	if oid, given := args["oid"].(string); given {
		if oid == r.head() {
			return r.newest(), nil
		}
		if f := r.blob(oid); f != nil {
			return gqlBlob{f}, nil
		}
		return nil, nil
	}
	ref, path, hasPath := strings.Cut(fmt.Sprint(args["expression"]), ":")
	if f := r.old(ref, path); f != nil {
		return gqlBlob{f}, nil
	}
	switch {
	case !r.has(ref):
		return nil, nil
	case !hasPath:
		return r.newest(), nil
	case r.files[path] != nil:
		return gqlBlob{r.files[path]}, nil
	case r.isFolder(path):
		return gqlTree(newFile([]byte(path)).sha), nil
	}
	return nil, nil
}

// defaultBranch is null in an empty repository.
func defaultBranch(_ *gqlRun, on any, _ map[string]any) (any, error) {
	if r := on.(*repo); r.head() != "" {
		return object{"name": r.defaultBranch, "target": r.newest()}, nil
	}
	return nil, nil
}

func (g *gqlRun) repositoryOwner(_ any, args map[string]any) (any, error) {
	login := key(fmt.Sprint(args["login"]))
	if o := g.sim.orgs[login]; o != nil {
		return o, nil
	}
	return nilToNull(g.sim.users[login]), nil
}

// ownerRepos are the repositories of a user or an organization.
func ownerRepos[T any](login func(T) string) gqlGetter {
	return pageOf(func(g *gqlRun, on T, _ map[string]any) ([]any, error) {
		return anys(g.sim.reposOf(g.rq.actor, login(on))), nil
	})
}

// commitHistory looks for the repository of the commit: commits are named by all that came before, so there is one.
func commitHistory(g *gqlRun, c gitCommit, args map[string]any) ([]any, error) {
	path, _ := args["path"].(string)
	for _, r := range sorted(g.sim.repos) {
		if r.head() == c.sha {
			return anys(r.changes(path)), nil
		}
	}
	return nil, nil
}

func repoReleases(_ *gqlRun, r *repo, _ map[string]any) ([]any, error) {
	var out []any
	for _, l := range r.releasesByDate() {
		assets := []any{}
		for _, name := range l.assets {
			assets = append(assets, object{"name": name})
		}
		out = append(out, object{"tagName": l.tag, "publishedAt": stamp(l.at), "isPrerelease": l.pre, "isDraft": false, "assets": assets})
	}
	return out, nil
}
