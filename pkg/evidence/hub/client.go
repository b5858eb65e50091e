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
	Progress  func(string)      // told when much is read; nil is fine
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
	res, body, err := c.send(req)
	if err != nil {
		return nil, "", err
	}
	if res.StatusCode == http.StatusNotModified && known {
		return old.Body, old.Type, nil
	}
	mime = res.Header.Get("Content-Type")
	if keep != never && c.o.Cache != nil {
		c.o.Cache.Put(key, Entry{ETag: res.Header.Get("ETag"), Type: mime, Body: body})
	}
	return body, mime, nil
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

// send makes one request within the budget and classifies the answer.
func (c *client) send(req *http.Request) (*http.Response, []byte, error) {
	if c.reads >= c.o.Budget {
		return nil, nil, evidence.ErrBudget
	}
	c.reads++
	req.Header.Set("User-Agent", c.o.UserAgent)
	req.Header.Set("X-Github-Api-Version", "2022-11-28")
	if c.o.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.o.Token)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, nil, fmt.Errorf("GitHub could not be asked: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, nil, fmt.Errorf("GitHub could not be asked: %w", err)
	case len(body) > maxAnswer:
		return nil, nil, fmt.Errorf("GitHub's answer to %s is longer than %d bytes", req.URL.Path, maxAnswer)
	}
	return res, body, c.failure(req, res, body)
}

func (c *client) failure(req *http.Request, res *http.Response, body []byte) error {
	switch code := res.StatusCode; {
	case code < 300, code == http.StatusNotModified:
		return nil
	case code == http.StatusNotFound, code == http.StatusGone, code == http.StatusConflict, code == http.StatusUnavailableForLegalReasons:
		return fmt.Errorf("%s: %w", strings.TrimPrefix(req.URL.Path, c.base.Path+"/"), evidence.ErrNoRepo) // 409: it is empty
	case code == http.StatusUnauthorized:
		return errors.New("GitHub does not take the token: is it right, and not expired?")
	case (code == http.StatusForbidden || code == http.StatusTooManyRequests) && isLimit(res, body):
		return c.limit(res)
	default:
		return fmt.Errorf("GitHub answers %s to %s", res.Status, req.URL.Path)
	}
}

func isLimit(res *http.Response, body []byte) bool {
	return res.Header.Get("X-RateLimit-Remaining") == "0" || res.Header.Get("Retry-After") != "" || bytes.Contains(bytes.ToLower(body), []byte("rate limit"))
}

func (c *client) limit(res *http.Response) error {
	e := &LimitError{Anonymous: c.o.Token == ""}
	if sec, err := strconv.ParseInt(res.Header.Get("X-RateLimit-Reset"), 10, 64); err == nil {
		e.Until = time.Unix(sec, 0)
	} else if sec, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
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
	_, data, err := c.send(req)
	if err != nil {
		return err
	}
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Type    string `json:"type"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return fmt.Errorf("GitHub's GraphQL answer cannot be read: %w", err)
	}
	for _, e := range answer.Errors {
		switch e.Type {
		case "NOT_FOUND":
		case "RATE_LIMITED":
			return &LimitError{}
		default:
			return fmt.Errorf("GitHub could not be asked: %s", e.Message)
		}
	}
	if len(answer.Data) == 0 || string(answer.Data) == "null" {
		return errors.New("GitHub's GraphQL answer holds no data")
	}
	return json.Unmarshal(answer.Data, into)
}
