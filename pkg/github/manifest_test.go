package github_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
)

// TestConvertManifest: what is not GitHub's answer, or no App, is told from a code that does not count.
func TestConvertManifest(t *testing.T) {
	key, err := json.Marshal(string(appKey(t)))
	if err != nil {
		t.Fatal(err)
	}
	good := fmt.Sprintf(`{"id":7,"slug":"dd","html_url":"https://github.com/apps/dd","owner":{"login":"acme"},"webhook_secret":"s","pem":%s}`, key)
	without := func(part, instead string) string {
		if !strings.Contains(good, part) {
			t.Fatalf("%s is not there", part)
		}
		return strings.Replace(good, part, instead, 1)
	}
	var limited *github.RateLimitError
	for _, c := range []struct {
		name, code string
		status     int
		answer     string
		want       error
	}{
		{"an App", "abc123", 201, good, nil},
		{"no secret", "abc123", 201, without(`"webhook_secret":"s"`, `"webhook_secret":null`), nil},
		{"used or too old", "abc123", 404, `{"message":"Not Found"}`, github.ErrGone},
		{"GitHub does not want it", "abc123", 422, `{"message":"Validation Failed"}`, github.ErrInvalid},
		{"GitHub is down", "abc123", 502, "<html>", github.ErrUnavailable},
		{"a proxy's page", "abc123", 200, "<html>Sign in</html>", github.ErrUnavailable},
		{"a proxy's page with the right status", "abc123", 201, "<html>", github.ErrUnavailable},
		{"a proxy's 404", "abc123", 404, "<html>", github.ErrUnavailable},
		{"nothing", "abc123", 201, "{}", github.ErrUnavailable},
		{"cut off", "abc123", 201, good[:len(good)/2], github.ErrUnavailable},
		{"no key", "abc123", 201, without(string(key), `""`), github.ErrUnavailable},
		{"a key that is none", "abc123", 201, without(string(key), `"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"`), github.ErrUnavailable},
		{"no id", "abc123", 201, without(`"id":7,`, ""), github.ErrUnavailable},
		{"an address that a page must not link", "abc123", 201, without("https://github.com/apps/dd", "javascript:alert(1)"), github.ErrUnavailable},
		{"too many requests", "abc123", 429, `{"message":"You have exceeded a secondary rate limit"}`, limited},
		{"no code", "", 201, good, github.ErrGone},
		{"a code that is a path", "../../user", 201, good, github.ErrGone},
	} {
		t.Run(c.name, func(t *testing.T) {
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/api/v3/app-manifests/"+c.code+"/conversions" || r.Method != http.MethodPost || r.Header.Get("Authorization") != "" {
					t.Errorf("%s %s", r.Method, r.URL)
				}
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.answer))
			}))
			defer api.Close()
			app, err := github.ConvertManifest(context.Background(), github.Options{URL: api.URL + "/api/v3", Now: time.Now}, c.code)
			switch {
			case c.want == nil && c.status == 201:
				if err != nil || app.ID != 7 || app.Slug != "dd" || app.Owner != "acme" || len(app.Key) == 0 {
					t.Errorf("%+v, %v", app, err)
				}
			case c.status == 429:
				if !errors.As(err, &limited) {
					t.Errorf("%v", err)
				}
			case !errors.Is(err, c.want):
				t.Errorf("%v", err)
			}
		})
	}
}

func TestPlacesOf(t *testing.T) {
	for address, want := range map[string]github.Places{
		"https://github.com":               {Web: "https://github.com", API: "https://api.github.com"},
		"https://www.github.com/":          {Web: "https://github.com", API: "https://api.github.com"},
		"https://api.github.com":           {Web: "https://github.com", API: "https://api.github.com"},
		"https://ghe.example":              {Web: "https://ghe.example", API: "https://ghe.example/api/v3"},
		"https://GHE.example/":             {Web: "https://ghe.example", API: "https://ghe.example/api/v3"},
		"https://ghe.example/api/v3/":      {Web: "https://ghe.example", API: "https://ghe.example/api/v3"},
		"http://127.0.0.1:8080":            {Web: "http://127.0.0.1:8080", API: "http://127.0.0.1:8080/api/v3"},
		"https://octo.ghe.com":             {Web: "https://octo.ghe.com", API: "https://api.octo.ghe.com"},
		"https://api.octo.ghe.com":         {Web: "https://octo.ghe.com", API: "https://api.octo.ghe.com"},
		"github.com":                       {},
		"":                                 {},
		"ftp://ghe.example":                {},
		"https://github.com/acme":          {},
		"https://user:secret@ghe.example":  {},
		"https://ghe.example?x=y":          {},
		"https://ghe.example/api/v3/users": {},
	} {
		got, err := github.PlacesOf(address)
		if got != want || (err == nil) != (want != github.Places{}) {
			t.Errorf("%q: %v, %v", address, got, err)
		}
	}
}
