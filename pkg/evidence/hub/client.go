// Package hub reads repositories on GitHub for package evidence, with as few requests as can be: one tree a repository,
// contents in batches by GraphQL, what was read before only if it has changed. It only reads.
//
// Without a token GraphQL is closed and 60 reads an hour are allowed: then files are read one by one, the most telling first,
// until the budget ends.
package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
	"github.com/ddbot/ddbot/pkg/github"
)

// Options say where GitHub is and how much may be asked.
type Options struct {
	URL       string // REST base; github.DefaultURL for github.com
	Token     string // empty: anonymous
	Budget    int    // reads, conditional ones that answer "not modified" included
	Cache     Cache  // nil: nothing is kept
	UserAgent string
	Now       func() time.Time
	Transport http.RoundTripper // nil is http.DefaultTransport
	Signed    bool              // Transport signs the requests, so that there is no token to give here
}

// LimitError says that GitHub answers no more reads for a while.
type LimitError struct {
	Until     time.Time
	Anonymous bool
}

func (e *LimitError) Error() string {
	until := "later"
	if !e.Until.IsZero() {
		until = "at " + e.Until.UTC().Format("15:04 MST")
	}
	if e.Anonymous {
		return fmt.Sprintf("GitHub's limit of reads without a token is used up, it begins anew %s: set $GITHUB_TOKEN (a token without any rights is enough), or use --clone", until)
	}
	return fmt.Sprintf("GitHub's limit of reads for this token is used up, it begins anew %s", until)
}

const (
	maxAnswer    = 32 << 20 // GitHub's largest trees have 7 MB
	maxRedirects = 3
	timeout      = 30 * time.Second
)

// client makes the requests.
type client struct {
	o     Options
	base  *url.URL
	http  *http.Client
	reads int
}

func newClient(o Options) (*client, error) {
	base, err := url.Parse(strings.TrimSuffix(o.URL, "/"))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the address of a GitHub API: it looks like %s", o.URL, github.DefaultURL)
	}
	c := &client{o: o, base: base}
	// A token goes to the API's host only: redirects of renamed repositories stay there.
	c.http = &http.Client{Transport: o.Transport, Timeout: timeout, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if r.URL.Host != base.Host || r.URL.Scheme != base.Scheme {
			return fmt.Errorf("GitHub leads to another host, %s", r.URL.Host)
		}
		if len(via) > maxRedirects {
			return errors.New("GitHub redirects in a circle")
		}
		return nil
	}}
	return c, nil
}

func (c *client) anonymous() bool { return c.o.Token == "" && !c.o.Signed }

// get reads an address below the base. With keep, the answer is cached and asked for conditionally the next time; with
// fixed, it never changes and is not asked for again.
func (c *client) get(ctx context.Context, path, accept string, keep keeping) (data []byte, mime string, err error) {
	key := c.base.String() + path + " " + accept
	old, known := c.cached(key, keep)
	if known && keep == fixed {
		return old.Body, old.Type, nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base.String()+path, nil)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Accept", accept)
	if known && old.ETag != "" {
		req.Header.Set("If-None-Match", old.ETag)
	}
	a, err := c.send(req)
	if err != nil {
		return nil, "", err
	}
	if a.status == http.StatusNotModified && known {
		return old.Body, old.Type, nil
	}
	mime = a.header.Get("Content-Type")
	if keep != never && c.o.Cache != nil {
		c.o.Cache.Put(key, Entry{ETag: a.header.Get("ETag"), Type: mime, Body: a.body})
	}
	return a.body, mime, nil
}

type keeping int

const (
	never   keeping = iota
	changes         // kept, and asked for conditionally
	fixed           // named by its hash: never asked for again
)

func (c *client) cached(key string, keep keeping) (Entry, bool) {
	if keep == never || c.o.Cache == nil {
		return Entry{}, false
	}
	return c.o.Cache.Get(key)
}

func (c *client) getJSON(ctx context.Context, path string, keep keeping, into any) error {
	data, _, err := c.get(ctx, path, "application/vnd.github+json", keep)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fmt.Errorf("GitHub's answer to %s cannot be read: %w", path, err)
	}
	return nil
}

// answer is what came back, whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// send makes one request within the budget and classifies the answer.
func (c *client) send(req *http.Request) (answer, error) {
	if c.reads >= c.o.Budget {
		return answer{}, evidence.ErrBudget
	}
	c.reads++
	req.Header.Set("User-Agent", c.o.UserAgent)
	req.Header.Set("X-Github-Api-Version", "2022-11-28")
	if c.o.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.o.Token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("GitHub could not be asked: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return answer{}, fmt.Errorf("GitHub could not be asked: %w", err)
	case len(body) > maxAnswer:
		return answer{}, fmt.Errorf("GitHub's answer to %s is longer than %d bytes", req.URL.Path, maxAnswer)
	}
	a := answer{res.StatusCode, res.Header, body}
	return a, c.failure(req, a)
}

func (c *client) failure(req *http.Request, a answer) error {
	switch code := a.status; {
	case code < 300, code == http.StatusNotModified:
		return nil
	case code == http.StatusNotFound, code == http.StatusGone, code == http.StatusConflict, code == http.StatusUnavailableForLegalReasons:
		return fmt.Errorf("%s: %w", strings.TrimPrefix(req.URL.Path, c.base.Path+"/"), evidence.ErrNoRepo) // 409: it is empty
	case code == http.StatusUnauthorized:
		return errors.New("GitHub does not take the token: is it right, and not expired?")
	case (code == http.StatusForbidden || code == http.StatusTooManyRequests) && isLimit(a):
		return c.limit(a.header)
	default:
		return fmt.Errorf("GitHub answers %d %s to %s", code, http.StatusText(code), req.URL.Path)
	}
}

func isLimit(a answer) bool {
	return a.header.Get("X-RateLimit-Remaining") == "0" || a.header.Get("Retry-After") != "" || bytes.Contains(bytes.ToLower(a.body), []byte("rate limit"))
}

func (c *client) limit(header http.Header) error {
	e := &LimitError{Anonymous: c.anonymous()}
	if sec, err := strconv.ParseInt(header.Get("X-RateLimit-Reset"), 10, 64); err == nil {
		e.Until = time.Unix(sec, 0)
	} else if sec, err := strconv.Atoi(header.Get("Retry-After")); err == nil {
		e.Until = c.o.Now().Add(time.Duration(sec) * time.Second)
	}
	return e
}

// graph runs a GraphQL query. Parts that are not there are null in the data; other errors fail the whole.
func (c *client) graph(ctx context.Context, query string, into any) error {
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, github.GraphQLURL(c.o.URL), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	a, err := c.send(req)
	if err != nil {
		return err
	}
	var said struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(a.body, &said); err != nil {
		return fmt.Errorf("GitHub's GraphQL answer cannot be read: %w", err)
	}
	for _, e := range said.Errors {
		switch e.Type {
		case "NOT_FOUND":
		case "RATE_LIMITED":
			return &LimitError{}
		default:
			return fmt.Errorf("GitHub could not be asked: %s", e.Message)
		}
	}
	if len(said.Data) == 0 || string(said.Data) == "null" {
		return errors.New("GitHub's GraphQL answer holds no data")
	}
	return json.Unmarshal(said.Data, into)
}
