package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"
	"time"
)

// Source reads public repositories. Its methods may be called one after the other only. Names are OWNER/NAME.
type Source interface {
	// Repos lists what the source has of an owner, in any order; none is no error. No owner is all that was given to it.
	Repos(ctx context.Context, owner string) ([]Repo, error)
	// Tree gives all paths of the newest commit on the default branch. The error is [ErrNoRepo], [ErrBudget] or an outage.
	Tree(ctx context.Context, repo string) (*Tree, error)
	// Read gives the contents of files, in the order of the files. A file that is longer than its limit has no data and
	// says so; one that is not in its tree is Gone.
	Read(ctx context.Context, files []File) ([]Content, error)
	// Raw reads one file of the default branch whose repository's tree is of no interest. The error is [ErrNoRepo], also
	// where there is no such file.
	Raw(ctx context.Context, repo, path string, limit int) ([]byte, error)
	// Lookup tells which places there are: a file or folder at a branch, a tag or a commit.
	Lookup(ctx context.Context, places []Place) ([]Seen, error)
	// Releases gives the newest releases, or version tags where there are none, newest first; 100 at most. The error is [ErrShallow] where
	// there are none and that says nothing.
	Releases(ctx context.Context, repo string) ([]Release, error)
	// History gives the newest changes of each file, newest first; 20 at most, and perhaps only those of the last years.
	// The error may be [ErrShallow].
	History(ctx context.Context, files []File) ([][]Change, error)
}

// Concurrent is a Source whose methods may be called several at a time, and that gains by it: one that asks a server within a budget
// goes in order.
type Concurrent interface {
	Source
	Concurrent()
}

// Errors of a Source that callers tell apart.
var (
	ErrNoRepo = errors.New("there is no such repository")
	ErrBudget = errors.New("the budget of reads is used up")
	// ErrShallow comes with what is known all the same.
	ErrShallow = errors.New("the clone is shallow; `git fetch --unshallow --tags` in it brings what is missing")
)

// MaxFile is how long a file may be to be read, in bytes.
const MaxFile = 512 << 10

// Repo is a repository of an owner.
type Repo struct {
	Name     string // OWNER/NAME
	Archived bool
	Fork     bool
}

// File is a file of a tree.
type File struct {
	Tree *Tree
	Path string
	Max  int // how long it may be; 0 is MaxFile
}

// Limit is how long the file may be, in bytes.
func (f File) Limit() int { return cmp.Or(f.Max, MaxFile) }

// Content is what stands in a file.
type Content struct {
	Data    []byte
	Gone    bool // the source does not have it
	TooLong bool
}

// Place is a path at a ref. An empty path is the repository itself.
type Place struct {
	Repo string
	Ref  string // branch, tag or commit; empty for the default branch
	Path string
}

// State is what is known of a place.
type State int

// States of a place. Unknown is the zero value: what could not be asked.
const (
	Unknown State = iota
	There
	Missing
)

// Seen is what a place was found to be.
type Seen struct {
	State
	SHA string // of the git object there; "" where it is not known
}

// Release is a release, or a version tag.
type Release struct {
	Tag        string
	At         time.Time
	PreRelease bool
	Assets     []string // names; none known for tags
	Asked      bool     // Assets is known
}

// Change is a commit that touched a file.
type Change struct {
	Commit string
	At     time.Time
}

// Tree is what a repository holds at a commit.
type Tree struct {
	Repo      string // OWNER/NAME as it is called today
	Commit    string // 40 or 64 hex digits
	Branch    string // default branch, where known
	Truncated bool   // GitHub did not list all of it: what is not here may be there
	Entries   []Entry
}

// Entry is a file or folder.
type Entry struct {
	Path string
	Dir  bool
	Link bool   // symbolic: its content is the path that it leads to
	SHA  string // of the blob; the source may need it to read
	Size int    // in bytes; -1 where it is not known
}

// NewTree sorts the entries. Folders that no entry stands for are added, as git's own listing leaves them out.
func NewTree(repo, commit, branch string, entries []Entry) *Tree {
	t := &Tree{Repo: repo, Commit: commit, Branch: branch, Entries: entries}
	seen := map[string]bool{}
	for _, e := range entries {
		if e.Dir {
			seen[e.Path] = true
		}
	}
	for _, e := range entries {
		for dir := path.Dir(e.Path); dir != "." && !seen[dir]; dir = path.Dir(dir) {
			seen[dir] = true
			t.Entries = append(t.Entries, Entry{Path: dir, Dir: true, Size: -1})
		}
	}
	sort.Slice(t.Entries, func(i, j int) bool { return t.Entries[i].Path < t.Entries[j].Path })
	return t
}

// Find gives the entry at a path.
func (t *Tree) Find(p string) (Entry, bool) {
	i, ok := slices.BinarySearchFunc(t.Entries, p, func(e Entry, p string) int { return strings.Compare(e.Path, p) })
	if !ok {
		return Entry{}, false
	}
	return t.Entries[i], true
}

// Under gives the entries below a folder.
func (t *Tree) Under(dir string) []Entry {
	lo := sort.Search(len(t.Entries), func(i int) bool { return t.Entries[i].Path >= dir+"/" })
	hi := lo + sort.Search(len(t.Entries)-lo, func(i int) bool { return !strings.HasPrefix(t.Entries[lo+i].Path, dir+"/") })
	return t.Entries[lo:hi]
}

// URL is the permalink of an entry.
func (t *Tree) URL(e Entry) string {
	kind := "blob"
	if e.Dir {
		kind = "tree"
	}
	return fmt.Sprintf("https://github.com/%s/%s/%s/%s", t.Repo, kind, t.Commit, escapePath(e.Path))
}

// escapePath escapes what would end an address, or a Markdown link.
func escapePath(p string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(p) {
		c := p[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"#%<>?[\]^`+"`{|}()", c) >= 0 {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
