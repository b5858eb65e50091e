package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/ddbot/ddbot/pkg/evidence"
)

func TestPublic(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "100.64.0.1": false,
		"0.0.0.0": false, "::1": false, "::": false, "fe80::1": false, "fc00::1": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false,
		"2002:7f00:1::": false, "224.0.0.1": false, "255.255.255.255": false, "198.18.0.1": false,
	} {
		if got := Public(netip.MustParseAddr(text)); got != want {
			t.Errorf("Public(%s) = %v", text, got)
		}
	}
}

func serve(t *testing.T, h http.HandlerFunc) (base, hostPort string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

// TestRefused: loopback is refused when it is dialed, at the first address and behind a redirect.
func TestRefused(t *testing.T) {
	asked := 0
	inside, _ := serve(t, func(http.ResponseWriter, *http.Request) { asked++ })
	door, doorAt := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inside, http.StatusFound) })
	c := New(Options{Allow: []string{doorAt}})
	for _, address := range []string{inside, door, "file:///etc/hostname", "http://user:word@example.org/", "http://localhost:80/x"} {
		_, _, err := c.get(context.Background(), address)
		if err == nil || asked > 0 {
			t.Errorf("%s: %v, asked %d times", address, err, asked)
		}
		if p := c.Look(context.Background(), address); p.State != evidence.Unknown || p.Login {
			t.Errorf("%s: what could not be asked is unknown, not %+v", address, p)
		}
	}
	if err := checkAddress("tcp", "8.8.8.8:8080", nil); !errors.Is(err, ErrRefused) {
		t.Errorf("port 8080: %v", err)
	}
	if err := checkAddress("tcp", "8.8.8.8:443", nil); err != nil {
		t.Errorf("port 443: %v", err)
	}
}

func TestLook(t *testing.T) {
	var base string
	base, at := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Cookie") != "" {
			t.Error("credentials are sent")
		}
		switch r.URL.Path {
		case "/ok":
		case "/doc":
			http.Redirect(w, r, base+"/login?next=/doc", http.StatusFound)
		case "/login":
		case "/circle":
			http.Redirect(w, r, base+"/circle", http.StatusFound)
		case "/busy":
			w.WriteHeader(http.StatusTooManyRequests)
		case "/slow":
			<-r.Context().Done()
		case "/projects/7.json":
			_, _ = w.Write([]byte(`{"badge_level":"silver"}`))
		default:
			http.NotFound(w, r)
		}
	})
	c := New(Options{Allow: []string{at}, Timeout: 2 * time.Second})
	for path, want := range map[string]evidence.Page{
		"/ok": {State: evidence.There}, "/doc": {Login: true}, "/gone": {State: evidence.Missing}, "/circle": {}, "/busy": {}, "/slow": {},
	} {
		got := c.Look(context.Background(), base+path)
		got.Why = ""
		if got != want {
			t.Errorf("%s: %+v, not %+v", path, got, want)
		}
	}
	if level, err := c.BadgeLevel(context.Background(), base, "7"); level != "silver" || err != nil {
		t.Errorf("%q %v", level, err)
	}
	if level, err := c.BadgeLevel(context.Background(), base, "8"); level != "" || err == nil {
		t.Errorf("%q %v", level, err)
	}
}
