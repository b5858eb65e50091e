package hub

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/issue"
)

// Source reads GitHub.
type Source struct {
	c     *client
	heads map[string]head // folded OWNER/NAME
	trees map[string]*evidence.Tree
}

// head is the newest commit of a default branch.
type head struct{ name, branch, commit string }

// New checks the options. It asks for nothing.
func New(o Options) (*Source, error) {
	c, err := newClient(o)
	if err != nil {
		return nil, err
	}
	return &Source{c: c, heads: map[string]head{}, trees: map[string]*evidence.Tree{}}, nil
}

// Reads tells how many requests were made.
func (s *Source) Reads() int { return s.c.reads }

// Issue gives the description of an issue.
func (s *Source) Issue(ctx context.Context, ref issue.Ref) (string, error) {
	var i struct {
		Body string `json:"body"`
	}
	err := s.c.getJSON(ctx, fmt.Sprintf("/repos/%s/%s/issues/%d", ref.Owner, ref.Repo, ref.Number), changes, &i)
	if errors.Is(err, evidence.ErrNoRepo) {
		return "", fmt.Errorf("there is no issue %s that everybody may read", ref)
	}
	return i.Body, err
}

// Usual are repositories whose heads are asked for together with those of an owner.
var usual = []string{".github", ".project", "community", "governance"}

// foundation are asked for in the same query.
var foundation = []string{"cncf/toc", "cncf/tag-security"}

const repoFields = `{ nameWithOwner isArchived isFork defaultBranchRef { name target { oid } } }`

// gqlRepo is what repoFields gives.
type gqlRepo struct {
	NameWithOwner    string
	IsArchived       bool
	IsFork           bool
	DefaultBranchRef *struct {
		Name   string
		Target struct{ OID string }
	}
}

// Repos implements [evidence.Source]: one read. Of an owner with more than a hundred repositories those with the newest
// pushes are listed, and the usual ones.
func (s *Source) Repos(ctx context.Context, owner string) ([]evidence.Repo, error) {
	if s.c.anonymous() {
		return s.reposAnonymous(ctx, owner)
	}
	var q strings.Builder
	fmt.Fprintf(&q, "query { owner: repositoryOwner(login: %s) { repositories(first: 100, privacy: PUBLIC, orderBy: {field: PUSHED_AT, direction: DESC}) { nodes %s } }\n", quote(owner), repoFields)
	for i, name := range usual {
		fmt.Fprintf(&q, "%s %s\n", repository(fmt.Sprint("u", i), owner+"/"+name), repoFields)
	}
	for i, full := range foundation {
		fmt.Fprintf(&q, "%s %s\n", repository(fmt.Sprint("f", i), full), repoFields)
	}
	q.WriteString("}")
	var data map[string]json.RawMessage
	if err := s.c.graph(ctx, q.String(), &data); err != nil {
		return nil, err
	}
	found := map[string]evidence.Repo{}
	keep := func(r *gqlRepo) {
		if r == nil || r.DefaultBranchRef == nil {
			return // none, or an empty one
		}
		k := strings.ToLower(r.NameWithOwner)
		s.heads[k] = head{r.NameWithOwner, r.DefaultBranchRef.Name, r.DefaultBranchRef.Target.OID}
		if strings.HasPrefix(k, strings.ToLower(owner)+"/") {
			found[k] = evidence.Repo{Name: r.NameWithOwner, Archived: r.IsArchived, Fork: r.IsFork}
		}
	}
	var listed struct{ Repositories struct{ Nodes []*gqlRepo } }
	for alias, raw := range data {
		if alias == "owner" {
			if err := json.Unmarshal(raw, &listed); err != nil {
				return nil, fmt.Errorf("GitHub's list of repositories cannot be read: %w", err)
			}
			for _, r := range listed.Repositories.Nodes {
				keep(r)
			}
			continue
		}
		var r *gqlRepo
		if err := json.Unmarshal(raw, &r); err != nil {
			return nil, fmt.Errorf("GitHub's answer about a repository cannot be read: %w", err)
		}
		keep(r)
	}
	return slices.SortedFunc(maps.Values(found), func(a, b evidence.Repo) int { return strings.Compare(a.Name, b.Name) }), nil
}

func (s *Source) reposAnonymous(ctx context.Context, owner string) ([]evidence.Repo, error) {
	var list []struct {
		FullName string `json:"full_name"`
		Archived bool   `json:"archived"`
		Fork     bool   `json:"fork"`
	}
	err := s.c.getJSON(ctx, "/orgs/"+url.PathEscape(owner)+"/repos?per_page=100&sort=pushed", changes, &list)
	if errors.Is(err, evidence.ErrNoRepo) { // a person
		err = s.c.getJSON(ctx, "/users/"+url.PathEscape(owner)+"/repos?per_page=100&sort=pushed", changes, &list)
	}
	var repos []evidence.Repo
	for _, r := range list {
		repos = append(repos, evidence.Repo{Name: r.FullName, Archived: r.Archived, Fork: r.Fork})
	}
	slices.SortFunc(repos, func(a, b evidence.Repo) int { return strings.Compare(a.Name, b.Name) })
	return repos, err
}

// quote makes a GraphQL string.
// repository begins the selection of a repository, owner/name, by another name.
func repository(alias, fullName string) string {
	r, _ := issue.ParseRepo(fullName)
	return fmt.Sprintf("%s: repository(owner: %s, name: %s)", alias, quote(r.Owner), quote(r.Name))
}

func quote(s string) string {
	data, _ := json.Marshal(s)
	return string(data)
}

func (s *Source) head(ctx context.Context, repo string) (head, error) {
	if h, ok := s.heads[strings.ToLower(repo)]; ok {
		return h, nil
	}
	h := head{name: repo}
	if !s.c.anonymous() {
		var data struct{ R *gqlRepo }
		if err := s.c.graph(ctx, fmt.Sprintf("query { %s %s }", repository("r", repo), repoFields), &data); err != nil {
			return h, err
		}
		if data.R == nil || data.R.DefaultBranchRef == nil {
			return h, fmt.Errorf("%s: %w", repo, evidence.ErrNoRepo)
		}
		h = head{data.R.NameWithOwner, data.R.DefaultBranchRef.Name, data.R.DefaultBranchRef.Target.OID}
	} else {
		var commits []struct {
			SHA string `json:"sha"`
		}
		if err := s.c.getJSON(ctx, "/repos/"+repo+"/commits?per_page=1", changes, &commits); err != nil {
			return h, err
		}
		if len(commits) == 0 {
			return h, fmt.Errorf("%s is empty: %w", repo, evidence.ErrNoRepo)
		}
		h.commit = commits[0].SHA
	}
	s.heads[strings.ToLower(repo)] = h
	return h, nil
}

// Tree implements [evidence.Source]. A tree is named by its commit, so it is read once in all runs that share a cache.
func (s *Source) Tree(ctx context.Context, repo string) (*evidence.Tree, error) {
	key := strings.ToLower(repo)
	if t := s.trees[key]; t != nil {
		return t, nil
	}
	h, err := s.head(ctx, repo)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Tree []struct {
			Path, Mode, Type, SHA string
			Size                  int
		} `json:"tree"`
		Truncated bool `json:"truncated"`
	}
	if err := s.c.getJSON(ctx, "/repos/"+h.name+"/git/trees/"+h.commit+"?recursive=1", fixed, &answer); err != nil {
		return nil, err
	}
	entries := make([]evidence.Entry, 0, len(answer.Tree))
	for _, e := range answer.Tree {
		switch e.Type {
		case "blob":
			entries = append(entries, evidence.Entry{Path: e.Path, Link: e.Mode == symlink, SHA: e.SHA, Size: e.Size})
		case "tree":
			entries = append(entries, evidence.Entry{Path: e.Path, Dir: true, SHA: e.SHA, Size: -1})
		}
	}
	t := evidence.NewTree(h.name, h.commit, h.branch, entries)
	t.Truncated = answer.Truncated
	s.trees[key] = t
	return t, nil
}

// symlink is git's mode of symbolic links.
const symlink = "120000"

// batch is how many blobs one query asks for.
const batch = 60

// spare is what of an anonymous budget is not spent on files: releases, history, links.
const spare = 8

// Read implements [evidence.Source]. Without a token the first files are read one by one, as many as the budget has; the
// others have no data, and the error is ErrBudget.
func (s *Source) Read(ctx context.Context, files []evidence.File) ([]evidence.Content, error) {
	out := make([]evidence.Content, len(files))
	var want []int
	for i, f := range files {
		e, ok := f.Tree.Find(f.Path)
		switch {
		case !ok || e.Dir || e.SHA == "":
			out[i].Gone = true
		case e.Size > f.Limit():
			out[i].TooLong = true
		default:
			if s.fromCache(e.SHA, &out[i]) {
				continue
			}
			want = append(want, i)
		}
	}
	if s.c.anonymous() {
		return out, s.readOneByOne(ctx, files, want, out)
	}
	for chunk := range slices.Chunk(want, batch) {
		if err := s.readBatch(ctx, files, chunk, out); err != nil {
			return out, err
		}
	}
	return out, nil
}

func blobKey(sha string) string { return "blob " + sha }

func (s *Source) fromCache(sha string, c *evidence.Content) bool {
	e, ok := s.c.cached(blobKey(sha), fixed)
	if ok {
		c.Data = e.Body
	}
	return ok
}

func (s *Source) toCache(sha string, data []byte) {
	if s.c.o.Cache != nil {
		s.c.o.Cache.Put(blobKey(sha), Entry{Body: data})
	}
}

func (s *Source) readBatch(ctx context.Context, files []evidence.File, at []int, out []evidence.Content) error {
	byRepo := map[string][]int{}
	for _, i := range at {
		byRepo[files[i].Tree.Repo] = append(byRepo[files[i].Tree.Repo], i)
	}
	var q strings.Builder
	q.WriteString("query {\n")
	for n, repo := range slices.Sorted(maps.Keys(byRepo)) {
		fmt.Fprintf(&q, "%s {\n", repository(fmt.Sprint("r", n), repo))
		for _, i := range byRepo[repo] {
			e, _ := files[i].Tree.Find(files[i].Path)
			fmt.Fprintf(&q, "b%d: object(oid: %s) { ... on Blob { text isTruncated } }\n", i, quote(e.SHA))
		}
		q.WriteString("}\n")
	}
	q.WriteString("}")
	var data map[string]map[string]*struct {
		Text        *string
		IsTruncated bool
	}
	if err := s.c.graph(ctx, q.String(), &data); err != nil {
		return err
	}
	for _, blobs := range data {
		for alias, b := range blobs {
			var i int
			if _, err := fmt.Sscanf(alias, "b%d", &i); err != nil || i >= len(out) {
				continue
			}
			switch {
			case b == nil || b.Text == nil: // not there, or no text
				out[i].Gone = true
			case b.IsTruncated:
				out[i].TooLong = true
			default:
				out[i].Data = []byte(*b.Text)
				e, _ := files[i].Tree.Find(files[i].Path)
				s.toCache(e.SHA, out[i].Data)
			}
		}
	}
	return nil
}

func (s *Source) readOneByOne(ctx context.Context, files []evidence.File, at []int, out []evidence.Content) error {
	for _, i := range at {
		if s.c.o.Budget-s.c.reads <= spare {
			return evidence.ErrBudget
		}
		e, _ := files[i].Tree.Find(files[i].Path)
		var blob struct{ Content, Encoding string }
		if err := s.c.getJSON(ctx, "/repos/"+files[i].Tree.Repo+"/git/blobs/"+e.SHA, never, &blob); err != nil {
			return err
		}
		data, err := decode(blob.Content, blob.Encoding)
		if err != nil {
			return fmt.Errorf("GitHub's answer about %s cannot be read: %w", files[i].Path, err)
		}
		out[i].Data = data
		s.toCache(e.SHA, data)
	}
	return nil
}

func decode(content, encoding string) ([]byte, error) {
	if encoding != "base64" {
		return []byte(content), nil
	}
	return base64.StdEncoding.DecodeString(strings.ReplaceAll(content, "\n", ""))
}

// Raw implements [evidence.Source].
func (s *Source) Raw(ctx context.Context, repo, path string, limit int) ([]byte, error) {
	address := "/repos/" + repo + "/contents/" + (&url.URL{Path: path}).EscapedPath()
	data, mime, err := s.c.get(ctx, address, "application/vnd.github.raw+json", changes)
	if err != nil {
		return nil, err
	}
	var file struct{ Content, Encoding string }
	if strings.HasPrefix(mime, "application/json") && json.Unmarshal(data, &file) == nil && file.Encoding != "" {
		if data, err = decode(file.Content, file.Encoding); err != nil {
			return nil, fmt.Errorf("GitHub's answer about %s in %s cannot be read: %w", path, repo, err)
		}
	}
	if len(data) > limit {
		return nil, fmt.Errorf("%s in %s is longer than %d bytes", path, repo, limit)
	}
	return data, nil
}

const maxReleases = 100

// Releases implements [evidence.Source].
func (s *Source) Releases(ctx context.Context, repo string) ([]evidence.Release, error) {
	if s.c.anonymous() {
		return s.releasesAnonymous(ctx, repo)
	}
	var data struct {
		R *struct {
			Releases struct {
				Nodes []struct {
					TagName       string
					PublishedAt   *time.Time
					IsPrerelease  bool
					IsDraft       bool
					ReleaseAssets struct{ Nodes []struct{ Name string } }
				}
			}
		}
	}
	q := fmt.Sprintf(`query { %s { releases(first: %d, orderBy: {field: CREATED_AT, direction: DESC}) {
		nodes { tagName publishedAt isPrerelease isDraft releaseAssets(first: 20) { nodes { name } } } } } }`, repository("r", repo), maxReleases)
	if err := s.c.graph(ctx, q, &data); err != nil || data.R == nil {
		return nil, err
	}
	var releases []evidence.Release
	for _, n := range data.R.Releases.Nodes {
		if n.PublishedAt == nil || n.IsDraft {
			continue
		}
		r := evidence.Release{Tag: n.TagName, At: n.PublishedAt.UTC(), PreRelease: n.IsPrerelease || evidence.IsPreRelease(n.TagName), Asked: true}
		for _, a := range n.ReleaseAssets.Nodes {
			r.Assets = append(r.Assets, a.Name)
		}
		releases = append(releases, r)
	}
	return newestFirst(releases), nil
}

func newestFirst(releases []evidence.Release) []evidence.Release {
	slices.SortStableFunc(releases, func(a, b evidence.Release) int { return b.At.Compare(a.At) })
	return releases
}

func (s *Source) releasesAnonymous(ctx context.Context, repo string) ([]evidence.Release, error) {
	var list []struct {
		TagName     string     `json:"tag_name"`
		PublishedAt *time.Time `json:"published_at"`
		PreRelease  bool       `json:"prerelease"`
		Draft       bool       `json:"draft"`
		Assets      []struct {
			Name string `json:"name"`
		} `json:"assets"`
	}
	if err := s.c.getJSON(ctx, fmt.Sprintf("/repos/%s/releases?per_page=%d", repo, maxReleases), changes, &list); err != nil {
		return nil, err
	}
	var releases []evidence.Release
	for _, n := range list {
		if n.PublishedAt == nil || n.Draft {
			continue
		}
		r := evidence.Release{Tag: n.TagName, At: n.PublishedAt.UTC(), PreRelease: n.PreRelease || evidence.IsPreRelease(n.TagName), Asked: true}
		for _, a := range n.Assets {
			r.Assets = append(r.Assets, a.Name)
		}
		releases = append(releases, r)
	}
	return newestFirst(releases), nil
}

// maxChanges is how many changes of a file are told.
const maxChanges = 20

// History implements [evidence.Source]: one read with a token, one a file without.
func (s *Source) History(ctx context.Context, files []evidence.File) ([][]evidence.Change, error) {
	out := make([][]evidence.Change, len(files))
	if len(files) == 0 {
		return out, nil
	}
	if s.c.anonymous() {
		return out, s.historyAnonymous(ctx, files, out)
	}
	var q strings.Builder
	q.WriteString("query {\n")
	for i, f := range files {
		fmt.Fprintf(&q, "%s { object(oid: %s) { ... on Commit { history(first: %d, path: %s) { nodes { oid committedDate } } } } }\n",
			repository(fmt.Sprint("h", i), f.Tree.Repo), quote(f.Tree.Commit), maxChanges, quote(f.Path))
	}
	q.WriteString("}")
	var data map[string]*struct {
		Object *struct {
			History struct {
				Nodes []struct {
					OID           string
					CommittedDate time.Time
				}
			}
		}
	}
	if err := s.c.graph(ctx, q.String(), &data); err != nil {
		return nil, err
	}
	for alias, r := range data {
		var i int
		if _, err := fmt.Sscanf(alias, "h%d", &i); err != nil || i >= len(out) || r == nil || r.Object == nil {
			continue
		}
		for _, n := range r.Object.History.Nodes {
			out[i] = append(out[i], evidence.Change{Commit: n.OID, At: n.CommittedDate.UTC()})
		}
	}
	return out, nil
}

func (s *Source) historyAnonymous(ctx context.Context, files []evidence.File, out [][]evidence.Change) error {
	for i, f := range files {
		var list []struct {
			SHA    string `json:"sha"`
			Commit struct {
				Committer struct {
					Date time.Time `json:"date"`
				} `json:"committer"`
			} `json:"commit"`
		}
		err := s.c.getJSON(ctx, fmt.Sprintf("/repos/%s/commits?path=%s&per_page=%d", f.Tree.Repo, url.QueryEscape(f.Path), maxChanges), changes, &list)
		if err != nil {
			return err
		}
		for _, n := range list {
			out[i] = append(out[i], evidence.Change{Commit: n.SHA, At: n.Commit.Committer.Date.UTC()})
		}
	}
	return nil
}
