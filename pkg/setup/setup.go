// Package setup makes the GitHub App that ddbot acts as, by GitHub's manifest flow: a page sends the browser to GitHub with a
// manifest, GitHub sends it back with a code, and the code is exchanged for the App's id, private key and webhook secret, which
// become files beside a ready configuration. The key is shown once in the App's life, so whatever can be wrong is looked for
// before, and what fails after can be tried again. See
// https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest.
package setup

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/rights"
)

// App is the App that is wanted.
type App struct {
	GitHub       github.Places
	Organization string // login; "" makes it under the account of whoever sits at the browser
	Name         string // GitHub lets people change it; "" lets them choose it
	Hook         string // public address of the server's webhook
	Needs        []rights.Need
}

// maxName is GitHub's limit. Names are unique at all of GitHub.
const maxName = 34

var login = regexp.MustCompile(`^[A-Za-z0-9](?:[A-Za-z0-9-]{0,99})$`)

// Check finds what GitHub would refuse, and completes what can be told: the webhook's path and a name.
func (a App) Check() (App, error) {
	if a.Organization != "" && !login.MatchString(a.Organization) {
		return a, fmt.Errorf("%q is not the name of an organisation", a.Organization)
	}
	if len(a.Needs) == 0 {
		return a, errors.New("the configuration switches every plugin off, so there is nothing that an App would be for")
	}
	if len(a.Name) > maxName {
		return a, fmt.Errorf("the name %q has %d characters; GitHub takes %d at most", a.Name, len(a.Name), maxName)
	}
	if a.Name == "" && a.Organization != "" {
		a.Name = strings.TrimRight(cut("ddbot-"+a.Organization, maxName), "-")
	}
	hook, err := checkHook(a.Hook, a.GitHub.Hosted())
	a.Hook = hook
	return a, err
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// ExampleHook is shown where an address is missing or wrong.
const ExampleHook = "https://ddbot.example.com/hook"

// checkHook checks the address at which GitHub is to reach the server. GitHub itself takes none that the whole internet does not
// reach; a server of one's own may.
func checkHook(address string, public bool) (string, error) {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return "", fmt.Errorf("the address at which GitHub reaches the server is missing: --url %s", ExampleHook)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "", fmt.Errorf("%q is not an address for webhooks: it looks like %s", address, ExampleHook)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", fmt.Errorf("%q: the address has a host and a path, as %s, and nothing else", address, ExampleHook)
	case public && isPrivate(u.Hostname()):
		return "", fmt.Errorf("GitHub does not reach %s: it takes only addresses that the whole internet reaches. "+
			"To try ddbot without one there is a demo: 'go run ./cmd/ddbot demo' in its source", u.Host)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/hook"
	}
	return u.String(), nil
}

// isPrivate tells whether a host is known not to be reached from elsewhere. Names are not looked up.
func isPrivate(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		return !ip.IsGlobalUnicast() || ip.IsPrivate()
	}
	return !strings.Contains(host, ".") || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".internal")
}

// Manifest is what GitHub makes an App from; the names are GitHub's.
type Manifest struct {
	Name        string            `json:"name,omitempty"`
	URL         string            `json:"url"`
	Description string            `json:"description"`
	Hook        Hook              `json:"hook_attributes"`
	RedirectURL string            `json:"redirect_url,omitempty"`
	Public      bool              `json:"public"`
	Permissions map[string]string `json:"default_permissions"`
	Events      []string          `json:"default_events"`
}

// Hook is where the events go. Without an address there GitHub refuses the whole manifest with `"url" wasn't supplied`, and it
// takes no secret: it makes one.
type Hook struct {
	URL    string `json:"url"`
	Active bool   `json:"active"`
}

// homepage is the App's homepage, which GitHub wants to have.
const homepage = "https://github.com/ddbot/ddbot"

// Manifest asks for what is needed and for nothing else. back is where GitHub sends the browser with the code; "" is nowhere.
func (a App) Manifest(back string) Manifest {
	m := Manifest{
		Name: a.Name, URL: homepage, Description: "Slash commands for promotion issues and their due-diligence checklists",
		Hook: Hook{URL: a.Hook, Active: true}, RedirectURL: back,
		Permissions: map[string]string{}, Events: rights.Events(a.Needs),
	}
	for _, n := range a.Needs {
		m.Permissions[n.Permission] = n.Level
	}
	return m
}

// action is where the form with the manifest goes.
func (a App) action(state string) string {
	path := "/settings/apps/new"
	if a.Organization != "" {
		path = "/organizations/" + a.Organization + path
	}
	return a.GitHub.Web + path + "?state=" + url.QueryEscape(state)
}

// settings is where the owner's Apps are listed.
func (a App) settings() string {
	if a.Organization != "" {
		return a.GitHub.Web + "/organizations/" + a.Organization + "/settings/apps"
	}
	return a.GitHub.Web + "/settings/apps"
}

// Setup is one way to one App.
type Setup struct {
	App     App
	Files   Files
	Convert func(ctx context.Context, code string) (github.NewApp, error)
	Random  io.Reader

	pages
}

// secretText gives n random bytes in hexadecimal digits.
func secretText(random io.Reader, n int) (string, error) {
	b := make([]byte, n)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("get random numbers: %w", err)
	}
	return hex.EncodeToString(b), nil
}
