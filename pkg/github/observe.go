package github

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// observer tells of every request as it went over the wire.
type observer struct {
	next    http.RoundTripper
	base    string // path of the REST base
	observe func(Call)
	now     func() time.Time
}

func (o *observer) RoundTrip(req *http.Request) (*http.Response, error) {
	if o.observe == nil {
		return o.next.RoundTrip(req)
	}
	begin := o.now()
	res, err := o.next.RoundTrip(req)
	query := strings.HasSuffix(req.URL.Path, "/graphql") && req.Context().Value(mutating{}) == nil
	c := Call{Method: req.Method, Changes: req.Method != http.MethodGet && !query, Route: Route(strings.TrimPrefix(req.URL.EscapedPath(), strings.TrimSuffix(o.base, "/"))), Took: o.now().Sub(begin), Remaining: -1}
	if res != nil {
		c.Status = res.StatusCode
		if n, err := strconv.Atoi(res.Header.Get("X-RateLimit-Remaining")); err == nil {
			c.Remaining = n
		}
	}
	o.observe(c)
	return res, err
}

// mutating marks the context of a GraphQL request that is no query.
type mutating struct{}

// Route gives the pattern of a path as it is sent (a name holds no slash), with few different values: good for a metric's label.
func Route(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) >= 3 && parts[0] == "repos" {
		parts[1], parts[2] = "{owner}", "{repo}"
	}
	for i, p := range parts {
		if i == 0 {
			continue
		}
		_, err := strconv.ParseInt(p, 10, 64)
		switch {
		case err == nil:
			parts[i] = "{number}"
		case parts[i-1] == "collaborators", parts[i-1] == "memberships", parts[i-1] == "members", parts[i-1] == "assignees":
			parts[i] = "{login}"
		case parts[i-1] == "teams", parts[i-1] == "orgs":
			parts[i] = "{name}"
		case i == 6 && parts[i-1] == "labels":
			parts[i] = "{label}"
		case parts[i-1] == "contents":
			return "/" + strings.Join(parts[:i], "/") + "/{path}"
		}
	}
	return "/" + strings.Join(parts, "/")
}
