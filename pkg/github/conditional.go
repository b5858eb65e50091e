package github

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
)

// maxRemembered bounds the answers that are kept; when they are more, all are asked for again.
const maxRemembered = 2000

// remembered are answers by their address. GitHub says "as before" to an answer's ETag, and does not count that.
type remembered struct {
	mu      sync.Mutex
	answers map[string]remember
}

type remember struct {
	etag string
	body json.RawMessage
}

func (r *remembered) get(at string) remember {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answers[at]
}

func (r *remembered) put(at string, a remember) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.answers == nil || len(r.answers) >= maxRemembered {
		r.answers = map[string]remember{}
	}
	r.answers[at] = a
}

// rawIfChanged is a raw GET whose answer is kept, for what is looked at again and again and rarely changes.
func (c *Client) rawIfChanged(ctx context.Context, ref issue.Ref, at place, out any) error {
	path, err := at.address()
	if err != nil {
		return err
	}
	old := c.seenBefore.get(path)
	body, err := do(ctx, c, ref, func(g *github.Client) (json.RawMessage, *github.Response, error) {
		req, err := g.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			return nil, nil, err
		}
		if old.etag != "" {
			req.Header.Set("If-None-Match", old.etag)
		}
		var got json.RawMessage
		res, err := g.Do(ctx, req, &got)
		if res != nil && res.StatusCode == http.StatusNotModified {
			return old.body, res, nil
		}
		if err == nil && res.Header.Get("ETag") != "" {
			c.seenBefore.put(path, remember{res.Header.Get("ETag"), got})
		}
		return got, res, err
	})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, out); err != nil {
		return fmt.Errorf("%w: the answer of %s is not what it should be: %w", ErrUnavailable, path, err)
	}
	return nil
}
