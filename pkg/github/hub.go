// Package github is ddbot's way to GitHub: a narrow client over go-github and ghinstallation that speaks ddbot's own
// types, whose errors callers can tell apart, and that never asks twice by itself: waiting and trying again is the
// queue's.
package github

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Options says where GitHub is and who we are. Exactly one of Token, TokenFile and AppID must be given.
type Options struct {
	URL       string // REST base, used verbatim: DefaultURL, or that of a GitHub Enterprise Server
	GraphQL   string // "" is what belongs to URL
	Token     string
	TokenFile string // read again when a minute has passed, so a token can be exchanged without a restart
	AppID     int64
	AppKey    []byte // PEM

	UserAgent string
	Timeout   time.Duration // of one request; 0 is 10 s
	Now       func() time.Time
	Observe   func(Call) // told of every request; nil is fine
	Transport http.RoundTripper
}

// DefaultURL is the REST base of github.com.
const DefaultURL = "https://api.github.com"

// Call is one request that was made, for metrics and logs.
type Call struct {
	Method    string
	Route     string // "/repos/{owner}/{repo}/issues/{number}"
	Changes   bool   // it asks for a change; by GraphQL, too
	Status    int    // 0 if nobody answered
	Took      time.Duration
	Remaining int // of the rate limit, -1 if not told
}

// Hub makes clients, one for each installation of the App, or one for the token.
type Hub struct {
	o    Options
	base *url.URL
	apps *ghinstallation.AppsTransport

	limits *limits

	mu      sync.Mutex
	clients map[int64]*Client
	ids     map[string]int64 // installation by repository, for payloads that do not name one
	self    string
	asking  sync.Mutex // who we are
}

// idleConns is how many connections wait for the next call, without HTTP/2: as many as there are workers, about.
const idleConns = 16

func manyIdle() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = idleConns
	return t
}

// New checks the options. It asks GitHub for nothing.
func New(o Options) (*Hub, error) {
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.Transport == nil {
		o.Transport = manyIdle()
	}
	base, err := url.Parse(strings.TrimSuffix(o.URL, "/") + "/")
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, fmt.Errorf("%q is not the address of a GitHub API: it looks like %s", o.URL, DefaultURL)
	}
	h := &Hub{o: o, base: base, limits: &limits{next: o.Transport}, clients: map[int64]*Client{}, ids: map[string]int64{}}
	h.o.Transport = &answers{base: base, next: &observer{next: h.limits, base: base.Path, observe: o.Observe, now: o.Now}}
	switch {
	case o.AppID != 0:
		if h.apps, err = ghinstallation.NewAppsTransport(h.o.Transport, o.AppID, o.AppKey); err != nil {
			return nil, fmt.Errorf("read the App's private key: %w", err)
		}
		h.apps.BaseURL = strings.TrimSuffix(o.URL, "/")
	case o.Token == "" && o.TokenFile == "":
		return nil, errors.New("no way to sign in to GitHub: set $GITHUB_TOKEN, or use --github-token-file, or --app-id with --app-key-file")
	}
	return h, nil
}

// Client gives the client of an installation; 0 is the token's, or with an App the installation that the repository of
// each call belongs to.
func (h *Hub) Client(installation int64) *Client {
	h.mu.Lock()
	defer h.mu.Unlock()
	if c, ok := h.clients[installation]; ok {
		return c
	}
	c := &Client{hub: h, rest: h.rest(h.transport(installation))}
	h.clients[installation] = c
	return c
}

// URL is the base of GitHub's REST API.
func (h *Hub) URL() string { return h.base.String() }

// Transport signs requests to the API as an installation does, for what reads more than Client can. It goes to the API's host only.
func (h *Hub) Transport(installation int64) http.RoundTripper { return h.transport(installation) }

func (h *Hub) transport(installation int64) http.RoundTripper {
	switch {
	case h.apps == nil:
		return &tokenTransport{next: h.o.Transport, fixed: h.o.Token, file: h.o.TokenFile, now: h.o.Now}
	case installation == 0:
		return h.apps // overridden per call, see Client.on
	}
	t := ghinstallation.NewFromAppsTransport(h.apps, installation)
	t.BaseURL = h.apps.BaseURL
	return t
}

func (h *Hub) rest(t http.RoundTripper) *github.Client {
	c := github.NewClient(&http.Client{Transport: t, Timeout: h.o.Timeout, CheckRedirect: keepMethod})
	c.BaseURL = h.base
	if h.o.UserAgent != "" {
		c.UserAgent = h.o.UserAgent
	}
	return c
}

// keepMethod follows GitHub's redirects for reading, but does not let net/http turn a moved PATCH into a GET.
func keepMethod(req *http.Request, via []*http.Request) error {
	if !sameHost(req.URL, via[0].URL) {
		return elsewhere(via[0].URL, req.URL)
	}
	if len(via) > 4 || req.Method != via[0].Method {
		return http.ErrUseLastResponse
	}
	return nil
}

// GraphQLURL is where GraphQL lives beside that REST base: github.com and GitHub Enterprise differ.
func GraphQLURL(rest string) string {
	rest = strings.TrimSuffix(rest, "/")
	if before, ok := strings.CutSuffix(rest, "/api/v3"); ok {
		return before + "/api/graphql"
	}
	return rest + "/graphql"
}

// on gives the REST client for a repository. Payloads that Prow's hook forwards for a repository hook carry no
// installation: an App looks it up once.
func (c *Client) on(ctx context.Context, ref issue.Ref) (*github.Client, error) {
	h := c.hub
	if h.apps == nil || c != h.Client(0) {
		return c.rest, nil
	}
	name := issue.FoldLogin(ref.FullName())
	h.mu.Lock()
	id := h.ids[name]
	h.mu.Unlock()
	if id == 0 {
		in, _, err := c.rest.Apps.FindRepositoryInstallation(ctx, ref.Owner, ref.Repo)
		if err := want(classify(err, h.o.Now()), in.GetID() != 0, "installation"); err != nil {
			return nil, err
		}
		id = in.GetID()
		h.mu.Lock()
		h.ids[name] = id
		h.mu.Unlock()
	}
	return h.Client(id).rest, nil
}

// forget drops what was looked up for a repository, and tells whether there was something.
func (h *Hub) forget(ref issue.Ref) bool {
	name := issue.FoldLogin(ref.FullName())
	h.mu.Lock()
	defer h.mu.Unlock()
	_, known := h.ids[name]
	delete(h.ids, name)
	return known
}

// renew forgets the tokens of installations: GitHub may take one back before its time. The next attempt gets a new one.
func (h *Hub) renew() {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.clients, func(installation int64, _ *Client) bool { return installation != 0 })
}

// tokenTransport signs requests with a token, from memory or from a file.
type tokenTransport struct {
	next  http.RoundTripper
	fixed string
	file  string
	now   func() time.Time

	mu    sync.Mutex
	token string
	read  time.Time
}

func (t *tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	token, err := t.current()
	if err != nil {
		return nil, err
	}
	req = req.Clone(req.Context())
	req.Header.Set("Authorization", "Bearer "+token)
	return t.next.RoundTrip(req)
}

func (t *tokenTransport) current() (string, error) {
	if t.file == "" {
		return t.fixed, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if now := t.now(); t.token == "" || now.Sub(t.read) > time.Minute {
		data, err := os.ReadFile(t.file)
		if err != nil {
			return "", fmt.Errorf("read the GitHub token: %w", err)
		}
		t.token, t.read = strings.TrimSpace(string(data)), now
	}
	return t.token, nil
}
