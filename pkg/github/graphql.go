package github

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
)

// graphError is one entry of a GraphQL answer's errors. An answer can hold data and errors: since 2025-09-01 GitHub gives
// what it has got when a query takes too long (github.blog changelog).
type graphError struct {
	Type    string `json:"type"`
	Message string `json:"message"`
	Path    []any  `json:"path"`
}

// graph runs a query. Errors of single nodes are returned beside the data.
func (c *Client) graph(ctx context.Context, ref issue.Ref, query string, vars map[string]any, data any) ([]graphError, error) {
	var out struct {
		Data   json.RawMessage `json:"data"`
		Errors []graphError    `json:"errors"`
	}
	_, err := do(ctx, c, ref, func(g *github.Client) (struct{}, *github.Response, error) {
		req, err := g.NewRequest(http.MethodPost, cmp.Or(c.hub.o.GraphQL, GraphQLURL(c.hub.o.URL)), map[string]any{"query": query, "variables": vars})
		if err != nil {
			return struct{}{}, nil, err
		}
		res, err := g.Do(ctx, req, &out)
		return struct{}{}, res, err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range out.Errors {
		// The primary limit of GraphQL comes as 200.
		if e.Type == "RATE_LIMITED" {
			return nil, &RateLimitError{Until: c.hub.o.Now().Add(time.Minute), Err: fmt.Errorf("%w: %s", ErrUnavailable, e.Message)}
		}
	}
	if len(out.Data) == 0 || string(out.Data) == "null" {
		text := "no data"
		if len(out.Errors) > 0 {
			text = out.Errors[0].Message
		}
		return nil, fmt.Errorf("%w: GraphQL: %s", ErrUnavailable, text)
	}
	if err := json.Unmarshal(out.Data, data); err != nil {
		return nil, fmt.Errorf("%w: read a GraphQL answer: %w", ErrUnavailable, err)
	}
	return out.Errors, nil
}
