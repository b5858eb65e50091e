package github

import "net/http"

// limits mends what go-github v57 makes of a secondary rate limit that names no time: it takes X-RateLimit-Reset, which
// every answer has and which is about the primary limit, for the end of it, and would rest for up to an hour where
// GitHub's documentation asks for a minute.
type limits struct{ next http.RoundTripper }

func (l limits) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := l.next.RoundTrip(req)
	if err != nil {
		return res, err
	}
	refused := res.StatusCode == http.StatusForbidden || res.StatusCode == http.StatusTooManyRequests
	if refused && res.Header.Get("Retry-After") == "" && res.Header.Get("X-RateLimit-Remaining") != "0" {
		res.Header.Del("X-RateLimit-Reset")
	}
	return res, nil
}
