package github

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/google/go-github/v57/github"
)

// NewApp is a GitHub App that was made from a manifest. Key and secret are shown once, by the conversion of its code.
type NewApp struct {
	ID     int64
	Slug   string // the bot's login is slug[bot]
	URL    string // the App's public page
	Owner  string // login
	Key    []byte // PEM
	Secret string // of its webhook; "" where GitHub made none
}

// manifestCode is what GitHub's codes are made of. go-github v57 puts a code into the path as it is.
var manifestCode = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

// ConvertManifest exchanges the code that GitHub sends somebody back with for the App that was made. A code counts once, for
// an hour: after that, and for one that GitHub never gave, the error is ErrGone. After an outage the code may still count; only
// o's URL, UserAgent, Timeout, Now and Transport are used.
// See https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest.
func ConvertManifest(ctx context.Context, o Options, code string) (NewApp, error) {
	if !manifestCode.MatchString(code) {
		return NewApp{}, fmt.Errorf("%w: that is no code of GitHub's", ErrGone)
	}
	base, err := url.Parse(strings.TrimSuffix(o.URL, "/") + "/")
	if err != nil {
		return NewApp{}, fmt.Errorf("the address of GitHub's API: %w", err)
	}
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	c := github.NewClient(&http.Client{Transport: &answers{base: base, next: o.Transport}, Timeout: o.Timeout, CheckRedirect: keepMethod})
	c.BaseURL, c.UserAgent = base, o.UserAgent
	got, _, err := c.Apps.CompleteAppManifest(ctx, code)
	if err := classify(err, o.Now()); err != nil {
		return NewApp{}, err
	}
	a := NewApp{
		ID: got.GetID(), Slug: got.GetSlug(), URL: got.GetHTMLURL(), Owner: got.GetOwner().GetLogin(),
		Key: []byte(got.GetPEM()), Secret: got.GetWebhookSecret(),
	}
	return a, a.check()
}

// check finds what an answer lacks without which the App is of no use.
func (a NewApp) check() error {
	page, err := url.Parse(a.URL)
	var missing error
	for _, w := range []struct {
		has  bool
		what string
	}{
		{a.ID > 0, "id of the App"},
		{a.Slug != "", "slug of the App"},
		{err == nil && page.Host != "" && (page.Scheme == "https" || page.Scheme == "http"), "address of the App"},
		{isKey(a.Key), "private key of the App"},
	} {
		missing = errors.Join(missing, want(nil, w.has, w.what))
	}
	return missing
}

// isKey tells whether it is an RSA key in PEM, as GitHub makes them and ghinstallation reads them.
func isKey(data []byte) bool {
	block, _ := pem.Decode(data)
	if block == nil {
		return false
	}
	_, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		_, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	return err == nil
}

// Places are where the pages and the API of one GitHub are, without a slash at the end.
type Places struct{ Web, API string }

// PlacesOf reads the address of a GitHub, of its pages or of its API: https://github.com or https://api.github.com, a GitHub
// Enterprise Server's https://ghe.example or https://ghe.example/api/v3, and a data residency's https://x.ghe.com or
// https://api.x.ghe.com.
func PlacesOf(address string) (Places, error) {
	u, err := url.Parse(strings.TrimRight(strings.TrimSpace(address), "/"))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return Places{}, fmt.Errorf("%q is not the address of a GitHub: it looks like https://github.com or https://ghe.example", address)
	}
	host := strings.ToLower(u.Host)
	at := u.Scheme + "://"
	path := strings.TrimSuffix(u.Path, "/api/v3")
	switch {
	case path != "":
		return Places{}, fmt.Errorf("%q is not the address of a GitHub: it has no path, or /api/v3", address)
	case host == "www.github.com", strings.TrimPrefix(host, "api.") == "github.com":
		return Places{"https://github.com", DefaultURL}, nil
	case strings.HasSuffix(host, ".ghe.com"):
		host = strings.TrimPrefix(host, "api.")
		return Places{at + host, at + "api." + host}, nil
	}
	return Places{at + host, at + host + "/api/v3"}, nil
}

// Hosted tells whether GitHub itself runs it: it then reaches only what the whole internet reaches.
func (p Places) Hosted() bool {
	return p.API == DefaultURL || strings.HasSuffix(p.Web, ".ghe.com")
}
