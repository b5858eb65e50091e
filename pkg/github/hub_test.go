package github_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
)

// TestTokenTakenBack: an installation's token that GitHub does not take any more is exchanged at the next attempt.
func TestTokenTakenBack(t *testing.T) {
	given := 0
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/access_tokens"):
			given++
			w.WriteHeader(http.StatusCreated)
			_, _ = fmt.Fprintf(w, `{"token":"t%d","expires_at":%q}`, given, time.Now().Add(time.Hour).Format(time.RFC3339))
		case r.Header.Get("Authorization") == "token t2":
			_, _ = fmt.Fprint(w, `{"number":1,"state":"open"}`)
		default:
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprint(w, `{"message":"Bad credentials"}`)
		}
	}))
	defer api.Close()
	hub, err := github.New(github.Options{URL: api.URL, AppID: 1, Now: time.Now, AppKey: appKey(t)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hub.Client(7).Issue(context.Background(), toc); !errors.Is(err, github.ErrUnauthorized) || !github.IsOutage(err) {
		t.Errorf("the first: %v", err)
	}
	if _, err := hub.Client(7).Issue(context.Background(), toc); err != nil || given != 2 {
		t.Errorf("the second: %v, %d tokens", err, given)
	}
}

var theKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// appKey is an App's private key.
func appKey(t *testing.T) []byte {
	t.Helper()
	key, err := theKey()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

// TestSpare: the last tenth of the rate limit is not for sweeps, until it is reset.
func TestSpare(t *testing.T) {
	now, left := time.Unix(1_000_000, 0), 501
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Limit", "5000")
		w.Header().Set("X-RateLimit-Remaining", fmt.Sprint(left))
		w.Header().Set("X-RateLimit-Reset", fmt.Sprint(now.Add(time.Minute).Unix()))
		left--
		_, _ = fmt.Fprint(w, `{"number":1,"state":"open"}`)
	}))
	defer api.Close()
	hub, err := github.New(github.Options{URL: api.URL, Token: "t", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for n, spare := range []bool{true, true, false} {
		if got := hub.Spare() == nil; got != spare {
			t.Errorf("after %d calls: %v", n, got)
		}
		if _, err := hub.Client(0).Issue(context.Background(), toc); err != nil {
			t.Fatal(err)
		}
	}
	var limited *github.RateLimitError
	if err := hub.Spare(); !errors.As(err, &limited) || !limited.Until.Equal(now.Add(time.Minute)) {
		t.Errorf("it is %v", err)
	}
	now = now.Add(2 * time.Minute)
	if err := hub.Spare(); err != nil {
		t.Errorf("after the reset: %v", err)
	}
}
