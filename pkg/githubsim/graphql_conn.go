package githubsim

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// gqlConn is a page of a list.
type gqlConn struct {
	all      []any
	from, to int
}

// connect cuts the page out of a list that the arguments ask for. GitHub insists on first or last.
func connect(list []any, args map[string]any) (any, error) {
	c := &gqlConn{all: list, to: len(list)}
	if after, given := args["after"].(string); given {
		c.from = min(cursorAt(after)+1, len(list))
	}
	if before, given := args["before"].(string); given {
		c.to = max(cursorAt(before), c.from)
	}
	first, isFirst := intArg(args, "first")
	last, isLast := intArg(args, "last")
	switch {
	case !isFirst && !isLast:
		return nil, &gqlMissing{"MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` or `last` value to properly paginate."}
	case first > 100 || last > 100:
		return nil, &gqlMissing{"EXCESSIVE_PAGINATION", "Requesting more than 100 records exceeds the limit of 100 records."}
	case isFirst:
		c.to = min(c.to, c.from+first)
	default:
		c.from = max(c.from, c.to-last)
	}
	return c, nil
}

// intArg reads a whole number: the library gives those of the query as int64 and leaves those of variables as JSON has them.
func intArg(args map[string]any, name string) (int, bool) {
	switch v := args[name].(type) {
	case int64:
		return int(v), true
	case float64:
		return int(v), true
	}
	return 0, false
}

func cursor(at int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "cursor:%d", at))
}

func cursorAt(text string) int {
	raw, _ := base64.StdEncoding.DecodeString(text)
	n, _ := strconv.Atoi(strings.TrimPrefix(string(raw), "cursor:"))
	return n
}

// connection is the type of every list of things.
var connection = gqlType{
	"nodes":      scalar(func(c *gqlConn) any { return c.all[c.from:c.to] }),
	"totalCount": scalar(func(c *gqlConn) any { return len(c.all) }),
	"pageInfo":   scalar(func(c *gqlConn) any { return c }),
}

// listOf makes the getter of a connection from a function on the object.
func listOf[T any](f func(T) []any) gqlGetter {
	return pageOf(func(_ *gqlRun, on T, _ map[string]any) ([]any, error) { return f(on), nil })
}

// pageOf makes a getter of a connection from a getter of the whole list.
func pageOf[T any](list func(g *gqlRun, on T, args map[string]any) ([]any, error)) gqlGetter {
	return func(g *gqlRun, on any, args map[string]any) (any, error) {
		all, err := list(g, on.(T), args)
		if err != nil {
			return nil, err
		}
		return connect(all, args)
	}
}

// anys makes a list of anything from a list of something.
func anys[T any](list []T) []any {
	out := make([]any, 0, len(list))
	for _, v := range list {
		out = append(out, v)
	}
	return out
}

// newestFirst gives the versions of a text in GitHub's order.
func newestFirst(edits []edit) []any {
	out := anys(edits)
	slices.Reverse(out)
	return out
}
