// Package registry remembers which repositories events came from: the sweep goes there, and what was missed is looked for there.
package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/queue"
)

// kind is that of the records, by the repository's id, which survives renames.
const kind = "source"

// Repo is a repository that sends events.
type Repo struct {
	ID int64 `json:"id"`
	issue.Repo
	Installation int64 `json:"installation,omitempty"`
	HookID       int64 `json:"hook_id,omitempty"` // its own webhook, if that is where events come from
}

// Put remembers a repository, or what is new about it.
func Put(ctx context.Context, s queue.Records, r Repo) error {
	data, err := json.Marshal(r)
	if err == nil {
		err = s.PutAll(ctx, queue.Record{Kind: kind, ID: strconv.FormatInt(r.ID, 10), Data: data})
	}
	if err != nil {
		return fmt.Errorf("remember repository %s: %w", r, err)
	}
	return nil
}

// All gives the repositories that are remembered, so many at most; 0 is no limit. With an error those that could be read.
func All(ctx context.Context, s queue.Reader, most int) ([]Repo, error) {
	rs, err := s.List(ctx, kind, "", most)
	repos := make([]Repo, 0, len(rs))
	for _, rec := range rs {
		var r Repo
		if bad := json.Unmarshal(rec.Data, &r); bad != nil {
			err = errors.Join(err, fmt.Errorf("read record %s %s: %w", rec.Kind, rec.ID, bad))
			continue
		}
		repos = append(repos, r)
	}
	return repos, err
}

// Forget leaves a repository out that is gone. Should it send an event once more, it is remembered again.
func Forget(ctx context.Context, s queue.Records, r Repo) error {
	return s.PutAll(ctx, queue.Record{Kind: kind, ID: strconv.FormatInt(r.ID, 10)})
}
