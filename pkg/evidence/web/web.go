// Package web opens addresses that strangers wrote. Each connection is checked when it is made, after names were resolved,
// so that no name and no redirect leads to a machine that only we can reach. It sends no cookies and no tokens, reads a
// little, and runs nothing.
package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
)

// Options bound what is opened.
type Options struct {
	Allow     []string // HOST:PORT that may be opened although the rules say no, as written in the address
	Timeout   time.Duration
	UserAgent string
}

// Client opens addresses.
type Client struct {
	o    Options
	http *http.Client
}

const (
	maxRedirects = 3
	maxPage      = 1 << 20 // bytes that are read of a page
	maxText      = 8 << 20 // and of a text that was asked for
)

// ErrRefused says that an address is none that may be opened.
var ErrRefused = errors.New("this address is not opened")

// New makes a client.
func New(o Options) *Client {
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	c := &Client{o: o}
	dialer := &net.Dialer{Timeout: o.Timeout / 2}
	transport := &http.Transport{
		Proxy: nil, // a proxy would resolve names where we cannot look
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			d := *dialer
			if !slices.Contains(o.Allow, address) {
				d.Control = checkAddress
			}
			return d.DialContext(ctx, network, address)
		},
		TLSHandshakeTimeout: o.Timeout / 2, ResponseHeaderTimeout: o.Timeout, MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true,
	}
	c.http = &http.Client{Transport: transport, Timeout: o.Timeout, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return fmt.Errorf("more than %d redirects", maxRedirects)
		}
		r.Header.Del("Referer")
		return c.checkURL(r.URL)
	}}
	return c
}

// checkAddress is asked for each connection, with the address that will really be dialed.
func checkAddress(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if at.Port() != 80 && at.Port() != 443 {
		return fmt.Errorf("%w: port %d is not 80 or 443", ErrRefused, at.Port())
	}
	if !Public(at.Addr()) {
		return fmt.Errorf("%w: %s is not a public address", ErrRefused, at.Addr())
	}
	return nil
}

// special are ranges that are no public hosts beside those that netip knows: "this network", carrier NAT, protocol
// assignments, documentation, benchmarks, reserved; 6to4, Teredo and NAT64, which hold other addresses; documentation.
var special = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24",
	"203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10", "3fff::/20", "5f00::/16")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, t := range texts {
		out[i] = netip.MustParsePrefix(t)
	}
	return out
}

// Public tells whether an address is one that anybody can reach.
func Public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsValid() || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() {
		return false
	}
	return !slices.ContainsFunc(special, func(p netip.Prefix) bool { return p.Contains(a) })
}

// checkURL refuses what need not even be resolved.
func (c *Client) checkURL(u *url.URL) error {
	if u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%w: its scheme is %s", ErrRefused, u.Scheme)
	}
	if u.User != nil {
		return fmt.Errorf("%w: it holds a name or password", ErrRefused)
	}
	return nil
}

// page is the last answer, with the beginning of its body.
type page struct {
	status int
	url    string // where it came from
	body   []byte
}

// get opens an address.
func (c *Client) get(ctx context.Context, address string, most int64) (page, error) {
	u, err := url.Parse(address)
	if err != nil {
		return page{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if err := c.checkURL(u); err != nil {
		return page{}, err
	}
	u.Fragment = ""
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return page{}, err
	}
	req.Header.Set("User-Agent", c.o.UserAgent)
	res, err := c.http.Do(req)
	if err != nil {
		return page{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, most))
	return page{res.StatusCode, res.Request.URL.String(), body}, err
}

// signIn are addresses where a sign-in page stands, whoever sends one there.
var signIn = regexp.MustCompile(`(?i)^https?://(accounts\.google\.com/|login\.|[\w.-]+(:\d+)?/(users/)?(sign_?in|log_?in|sso|auth)(/|\?|$))`)

// Look tells whether an address can be read by everybody.
func (c *Client) Look(ctx context.Context, address string) evidence.Page {
	p, err := c.get(ctx, address, maxPage)
	switch {
	case err != nil:
		return evidence.Page{Why: err.Error()}
	case signIn.MatchString(p.url), p.status == http.StatusUnauthorized:
		return evidence.Page{Login: true, Why: "it leads to a sign-in page"}
	case p.status == http.StatusNotFound, p.status == http.StatusGone:
		return evidence.Page{State: evidence.Missing, Why: http.StatusText(p.status)}
	case p.status < 300:
		return evidence.Page{State: evidence.There}
	}
	return evidence.Page{Why: http.StatusText(p.status)} // 403 and 429 are often said to programs only
}

// blob is the page of a file on GitHub; the file itself is at another address.
var blob = regexp.MustCompile(`^https://github\.com/([\w.-]+/[\w.-]+)/(?:blob|raw)/(.+)$`)

// Text reads a text of at most eight megabytes: landscape.yml has more than one.
func (c *Client) Text(ctx context.Context, address string) (string, error) {
	p, err := c.get(ctx, blob.ReplaceAllString(address, "https://raw.githubusercontent.com/$1/$2"), maxText+1)
	switch {
	case err != nil:
		return "", err
	case p.status != http.StatusOK:
		return "", fmt.Errorf("the answer is %d %s", p.status, http.StatusText(p.status))
	case len(p.body) > maxText:
		return "", fmt.Errorf("it is longer than %d bytes", maxText)
	}
	return string(p.body), nil
}

// BadgeLevel asks for the level of an OpenSSF Best Practices badge.
func (c *Client) BadgeLevel(ctx context.Context, base, id string) (string, error) {
	p, err := c.get(ctx, strings.TrimSuffix(base, "/")+"/projects/"+url.PathEscape(id)+".json", maxPage)
	if err != nil {
		return "", fmt.Errorf("the badge could not be asked for: %w", err)
	}
	if p.status != http.StatusOK {
		return "", fmt.Errorf("the badge could not be asked for: %s", http.StatusText(p.status))
	}
	var badge struct {
		Level string `json:"badge_level"`
	}
	if err := json.Unmarshal(p.body, &badge); err != nil || badge.Level == "" {
		return "", errors.New("the badge's answer cannot be read")
	}
	return badge.Level, nil
}
