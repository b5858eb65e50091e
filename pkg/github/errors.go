package github

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/google/go-github/v57/github"
	"github.com/tidwall/gjson"
)

// The kinds of errors that callers tell apart. Everything that is none of these and no RateLimitError is an outage.
var (
	// ErrGone: there is nothing (any more) at that place: deleted, moved away, or not for our eyes.
	ErrGone = errors.New("gone")
	// errMoved is ErrGone of a write that was sent on elsewhere: it was not carried out.
	errMoved = fmt.Errorf("moved away: %w", ErrGone)
	// ErrForbidden: GitHub knows who we are and does not allow it.
	ErrForbidden = errors.New("forbidden")
	// ErrArchived: the repository is read-only until somebody brings it back.
	ErrArchived = errors.New("archived")
	// ErrInvalid: GitHub understood and will never do it like this.
	ErrInvalid = errors.New("refused")
	// ErrUnavailable: nobody answered, or with an error of their own: try again later.
	ErrUnavailable = errors.New("unavailable")
	// ErrUnauthorized: our token or installation does not count at the moment: an outage, until somebody mends it.
	ErrUnauthorized = errors.New("unauthorized")
)

// RateLimitError says that GitHub wants no more requests until a time.
type RateLimitError struct {
	Until time.Time
	Err   error
}

func (e *RateLimitError) Error() string {
	return fmt.Sprintf("rate limited until %s: %v", e.Until.UTC().Format(time.RFC3339), e.Err)
}
func (e *RateLimitError) Unwrap() error { return e.Err }

// IsOutage tells whether the error says nothing about the request: asked again later, it may well succeed.
func IsOutage(err error) bool {
	var limited *RateLimitError
	return errors.Is(err, ErrUnavailable) || errors.Is(err, ErrUnauthorized) || errors.As(err, &limited)
}

// Message is what GitHub itself said, for people: without the request's address.
func Message(err error) string {
	var response *github.ErrorResponse
	if !errors.As(err, &response) {
		return strings.TrimPrefix(strings.TrimPrefix(err.Error(), ErrInvalid.Error()+": "), ErrForbidden.Error()+": ")
	}
	parts := []string{response.Message}
	for _, e := range response.Errors {
		if e.Message != "" {
			parts = append(parts, e.Message)
		}
	}
	return strings.Join(parts, ": ")
}

// Lacks gives the permissions that would have allowed a request, as a workflow names them ("issues: write"), if GitHub said so.
func Lacks(err error) string {
	var response *github.ErrorResponse
	if !errors.As(err, &response) || response.Response == nil {
		return ""
	}
	// Several ways can be named, with "; " between; within one all are needed: "issues=write, contents=read".
	one, _, _ := strings.Cut(response.Response.Header.Get("X-Accepted-GitHub-Permissions"), ";")
	return strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(one, "_", "-")), "=", ": ")
}

// secondaryWait is how long to wait after a secondary rate limit that names no time. GitHub's documentation asks for at
// least one minute.
const secondaryWait = time.Minute

// classify turns go-github's errors into ours. The texts of go-github carry the request's address but no secret.
func classify(err error, now time.Time) error {
	if err == nil {
		return nil
	}
	var primary *github.RateLimitError
	var secondary *github.AbuseRateLimitError
	var response *github.ErrorResponse
	var token *ghinstallation.HTTPError
	switch {
	case notInstalled(err):
		errors.As(err, &token)
		return fmt.Errorf("%w: the App is not installed there any more: %w%s", ErrGone, err, tokenSaid(token.Response))
	case errors.Is(err, ErrGone), errors.Is(err, ErrUnavailable), errors.Is(err, ErrInvalid):
		return err
	case errors.As(err, &primary):
		return &RateLimitError{Until: primary.Rate.Reset.Time, Err: err}
	case errors.As(err, &secondary):
		wait := secondaryWait
		if secondary.RetryAfter != nil {
			wait = *secondary.RetryAfter
		}
		return &RateLimitError{Until: now.Add(wait), Err: err}
	case errors.As(err, &response):
		return fmt.Errorf("%w: %w", kindOf(response, now), err)
	case errors.As(err, &token):
		return fmt.Errorf("%w: no token for the installation: %w%s", ErrUnauthorized, err, tokenSaid(token.Response))
	case errors.Is(err, context.Canceled):
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

// tokenSaid is GitHub's own sentence about a token that it did not give; ghinstallation v2 tells the status only.
func tokenSaid(res *http.Response) string {
	if res == nil || res.Body == nil {
		return ""
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	if err != nil || len(body) == 0 {
		return ""
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return fmt.Sprintf("; GitHub says: %.300q", gjson.GetBytes(body, "message").Str)
}

// notInstalled tells whether GitHub knows no installation with that id.
func notInstalled(err error) bool {
	var token *ghinstallation.HTTPError
	return errors.As(err, &token) && token.Response != nil && token.Response.StatusCode == http.StatusNotFound
}

// passing are sentences with which GitHub refuses for the moment what it takes a minute later, with a status that means
// "never like this". None is documented; they were met in cli/cli#4801 and trstringer/manual-approval#208.
var passing = []string{"was submitted too quickly", "could not resolve to a node"}

// limited are the words of GitHub's secondary rate limit, today's and those of before 2021.
var limited = []string{"rate limit", "abuse detection"}

func kindOf(r *github.ErrorResponse, now time.Time) error {
	message := said(r)
	has := func(text string) bool { return strings.Contains(message, text) }
	switch code := r.Response.StatusCode; {
	case code == http.StatusConflict && has("repository is empty"):
		return ErrGone
	case code == http.StatusConflict, code == http.StatusRequestTimeout, code == http.StatusUnprocessableEntity && slices.ContainsFunc(passing, has):
		return ErrUnavailable
	case code == http.StatusMovedPermanently:
		return errMoved
	case code == http.StatusNotFound, code == http.StatusGone:
		return ErrGone
	case code == http.StatusUnauthorized:
		return ErrUnauthorized
	case code == http.StatusTooManyRequests,
		code == http.StatusForbidden && (slices.ContainsFunc(limited, has) || r.Response.Header.Get("Retry-After") != ""):
		return &RateLimitError{Until: limitEnd(r.Response.Header, now), Err: ErrUnavailable}
	case code == http.StatusForbidden && has("repository was archived"):
		return ErrArchived
	case code == http.StatusForbidden && has("suspended"):
		return ErrUnauthorized
	case code == http.StatusForbidden, code == http.StatusUnavailableForLegalReasons:
		return ErrForbidden
	case code >= 500:
		return ErrUnavailable
	}
	return ErrInvalid
}

// said is all that GitHub said, in lower case. go-github v57 drops the message when the errors beside it are not the list
// that it knows, but leaves the body to be read.
func said(r *github.ErrorResponse) string {
	parts := []string{r.Message}
	for _, e := range r.Errors {
		parts = append(parts, e.Message)
	}
	if r.Response.Body != nil {
		if body, err := io.ReadAll(r.Response.Body); err == nil {
			parts = append(parts, string(body))
			r.Response.Body = io.NopCloser(bytes.NewReader(body))
		}
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

// limitEnd is when a limit ends that go-github v57 does not know for one: a primary one with status 429, which GitHub's
// documentation allows ("Rate limits for the REST API"), or a proxy's.
func limitEnd(h http.Header, now time.Time) time.Time {
	if d, err := time.ParseDuration(h.Get("Retry-After") + "s"); err == nil && d > 0 {
		return now.Add(d)
	}
	reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	if end := time.Unix(reset, 0); err == nil && h.Get("X-RateLimit-Remaining") == "0" && end.After(now) {
		return end
	}
	return now.Add(secondaryWait)
}
