package github

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// answers lets through what is GitHub's answer to us, and makes an outage of everything else that can stand at its
// address: a proxy's page of HTML with status 200 or 404, a body that is empty or cut off, a redirect elsewhere. It stands
// below everything that signs requests, so no token goes to another host than GitHub's.
type answers struct {
	next http.RoundTripper
	base *url.URL
}

// maxAnswer bounds what is read of one answer. The largest are pages of a hundred issues with texts of 64 KB.
const maxAnswer = 64 << 20

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	if !sameHost(req.URL, a.base) {
		return nil, elsewhere(a.base, req.URL)
	}
	res, err := a.next.RoundTrip(req)
	if err != nil || !speaks(res.StatusCode) {
		return res, err
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	err = errors.Join(err, res.Body.Close())
	if err == nil {
		err = isJSON(data)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: with status %d came what is not GitHub's: %w", ErrUnavailable, res.StatusCode, err)
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	return res, nil
}

func sameHost(a, b *url.URL) bool { return origin(a) == origin(b) }

// origin is scheme, host and port, the port spelled out.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

func elsewhere(from, to *url.URL) error {
	return fmt.Errorf("%w: %s sends us on to %s, for which our token is not", ErrUnavailable, from.Host, to.Host)
}

// speaks tells whether an answer with that status has JSON for a body. Of redirects and of a server's own errors the
// status says enough; "accepted" is all that 202 says.
func speaks(status int) bool {
	switch status {
	case http.StatusAccepted, http.StatusNoContent, http.StatusResetContent:
		return false
	}
	return status/100 == 2 || status/100 == 4
}

func isJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0:
		return errors.New("nothing at all")
	case len(data) > maxAnswer:
		return fmt.Errorf("more than %d bytes", maxAnswer)
	case data[0] != '{' && data[0] != '[' || !json.Valid(data):
		return fmt.Errorf("no JSON, or a part of it: %.40q", data)
	}
	return nil
}

// want makes an outage of an answer that lacks what it must have: {} is not an issue, and says nothing about one.
func want(err error, has bool, what string) error {
	if err == nil && !has {
		return fmt.Errorf("%w: GitHub's answer has no %s", ErrUnavailable, what)
	}
	return err
}
