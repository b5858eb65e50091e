package githubsim

import (
	"cmp"
	"crypto/rsa"
	"fmt"
	"strings"
	"time"
)

// App is the GitHub App that the bot is. Zero fields get values. Installation tokens end after an hour of the simulator's
// clock; a client that compares that with the machine's clock renews them at each call, unless Options.Now is time.Now.
type App struct {
	ID             int64
	InstallationID int64
	// PublicKey checks the JWTs that ask for installation tokens; nil means that any JWT will do.
	PublicKey *rsa.PublicKey

	// The rest is for Apps that were made from a manifest.
	slug, page string
	hook       Hook
	granted    map[string]string // permissions; nil: appPermissions, and nobody looks
	heard      []string          // events
	waits      bool              // for being installed
}

const (
	defaultAppID          = 4711
	defaultInstallationID = 815
	tokenLife             = time.Hour
)

func (a *App) id() int64 {
	if a.ID == 0 {
		return defaultAppID
	}
	return a.ID
}

func (a *App) installation() int64 {
	if a.InstallationID == 0 {
		return defaultInstallationID
	}
	return a.InstallationID
}

func (a *App) pageOr(otherwise string) string { return cmp.Or(a.page, otherwise) }

func (s *Sim) slug() string { return strings.TrimSuffix(s.opts.Bot, "[bot]") }

// viaApp is performed_via_github_app: the app, or null for what a person's own token did.
func (s *Sim) viaApp(yes bool) any {
	if !yes || s.opts.App == nil {
		return nil
	}
	return s.appJSON()
}

var appPermissions = map[string]string{
	"issues": "write", "pull_requests": "write", "contents": "write", "metadata": "read", "members": "read",
}

var appEvents = []string{"issue_comment", "issues", "label", "pull_request"}

func (s *Sim) appJSON() object {
	bot := s.users[key(s.opts.Bot)]
	return object{
		"id": s.opts.App.id(), "slug": s.slug(), "node_id": nodeID("A", s.opts.App.id()), "client_id": "Iv1.sim",
		"owner": s.userJSON(bot), "name": s.slug(), "description": nil, "external_url": "https://example.com",
		"html_url": s.opts.App.pageOr(htmlBase + "/apps/" + s.slug()), "created_at": stamp(bot.createdAt), "updated_at": stamp(bot.createdAt),
		"permissions": s.opts.App.permissions(), "events": s.opts.App.events(),
	}
}

// installationJSON shows the one installation that there is, on everything.
func (s *Sim) installationJSON() object {
	id := s.opts.App.installation()
	bot := s.users[key(s.opts.Bot)]
	account, kind := s.userJSON(bot), "User"
	for _, r := range sorted(s.repos) {
		account = s.ownerJSON(r)
		kind = account["type"].(string)
		break
	}
	return object{
		"id": id, "account": account, "target_id": account["id"], "target_type": kind, "app_id": s.opts.App.id(),
		"app_slug": s.slug(), "repository_selection": "all", "permissions": s.opts.App.permissions(), "events": s.opts.App.events(),
		"access_tokens_url": fmt.Sprintf("%s/app/installations/%d/access_tokens", apiBase, id),
		"repositories_url":  apiBase + "/installation/repositories",
		"html_url":          fmt.Sprintf("%s/settings/installations/%d", htmlBase, id),
		"created_at":        stamp(bot.createdAt), "updated_at": stamp(bot.createdAt), "single_file_name": nil,
		"suspended_by": nil, "suspended_at": nil,
	}
}
