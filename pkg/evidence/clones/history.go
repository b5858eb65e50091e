package clones

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
)

// historyDepth is how many commits of the main line are looked through, and historyMax how many changes of a file are told.
const (
	historyDepth = 2000
	historyMax   = 20
)

// History implements [evidence.Source] along the main line of the clone, all files of a clone in one walk: git spends its time on
// unpacking trees, which are the same for all of them.
func (s *Source) History(ctx context.Context, files []evidence.File) ([][]evidence.Change, error) {
	out := make([][]evidence.Change, len(files))
	var shallow error
	err := s.eachClone(files, func(c *clone, at []int) error {
		if len(c.boundary) > 0 {
			shallow = evidence.ErrShallow
		}
		return c.history(ctx, files, at, out)
	})
	if err != nil {
		return nil, err
	}
	return out, shallow
}

func (c *clone) history(ctx context.Context, files []evidence.File, at []int, out [][]evidence.Change) error {
	// Sparse: commits that change none of the paths are listed, too, and so counted. -m: a merge is compared with the main line.
	args := []string{"log", "--first-parent", "-m", "--sparse", "--name-only", "--no-renames", "-z", "--max-count=" + strconv.Itoa(historyDepth),
		"--format=" + commitMark + "%H %ct", files[at[0]].Tree.Commit, "--"}
	for _, i := range at {
		args = append(args, ":(literal)"+files[i].Path)
	}
	list, err := c.output(c.git(ctx, args...))
	if err != nil {
		return err
	}
	changes := parseChanges(string(list), c.boundary)
	for _, i := range at {
		out[i] = changes[files[i].Path]
	}
	return nil
}

// commitMark begins the line of a commit: no path has it there.
const commitMark = "//"

// parseChanges reads what git log says, NUL after each commit and each path, into the changes of each path; not those of some commits.
func parseChanges(list string, not map[string]bool) map[string][]evidence.Change {
	out := map[string][]evidence.Change{}
	var now evidence.Change
	for part := range strings.SplitSeq(list, "\x00") {
		part = strings.TrimPrefix(part, "\n")
		if line, isCommit := strings.CutPrefix(part, commitMark); isCommit {
			commit, at, _ := strings.Cut(line, " ")
			sec, err := strconv.ParseInt(at, 10, 64)
			if now = (evidence.Change{}); err == nil && !not[commit] {
				now = evidence.Change{Commit: commit, At: time.Unix(sec, 0).UTC()}
			}
			continue
		}
		if part != "" && now.Commit != "" && len(out[part]) < historyMax {
			out[part] = append(out[part], now)
		}
	}
	return out
}

// readBoundary reads git's list of the commits where a shallow clone ends (git-scm.com/docs/shallow); others have no such file.
func (c *clone) readBoundary(said string) error {
	path, err := c.path(said)
	if err != nil {
		return err
	}
	list, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	c.boundary = map[string]bool{}
	for id := range strings.FieldsSeq(string(list)) {
		c.boundary[id] = true
	}
	return nil
}
