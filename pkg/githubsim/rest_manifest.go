package githubsim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
)

// madeApp is an App that was made from a manifest, until its code is exchanged.
type madeApp struct {
	code  string
	until time.Time
	app   *App
	key   []byte // PEM
	owner string
	name  string
}

// makeApp makes an App that is not installed anywhere. From now on it is the one that this GitHub knows: its bot is the bot.
func (s *Sim) makeApp(d *draftApp, name, slug, web string) (*madeApp, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	a := &App{
		ID: s.nextID(), InstallationID: s.nextID(), PublicKey: &private.PublicKey,
		slug: slug, page: web + "/apps/" + slug, granted: grants(d.manifest), heard: append([]string{}, d.manifest.Events...), waits: true,
	}
	if d.manifest.Hook != nil {
		a.hook = Hook{URL: d.manifest.Hook.URL, Secret: s.hex40(), Events: a.heard}
	}
	made := &madeApp{
		code: s.hex40(), until: s.clock.Now().Add(codeLife), app: a, owner: d.owner, name: name,
		key: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)}),
	}
	s.made[made.code] = made
	s.opts.App, s.opts.Bot = a, s.addUser(slug+"[bot]").login
	return made, nil
}

func (s *Sim) hex40() string {
	return fmt.Sprintf("%016x%016x%08x", s.rng.Uint64(), s.rng.Uint64(), s.rng.Uint32())
}

// convertManifest gives the App for its code, once and within an hour.
func (s *Sim) convertManifest(rq *request) (reply, error) {
	made := s.made[rq.vars["code"]]
	if made == nil || !s.clock.Now().Before(made.until) {
		return problem(notFound())
	}
	delete(s.made, made.code)
	o := s.appJSON()
	o["name"], o["client_id"], o["client_secret"] = made.name, fmt.Sprintf("Iv23li%014d", made.app.ID), s.hex40()
	o["pem"], o["webhook_secret"] = string(made.key), orNull(made.app.hook.Secret)
	if org := s.orgs[key(made.owner)]; org != nil {
		o["owner"] = s.orgAsUser(org)
	} else {
		o["owner"] = s.userJSON(s.users[key(made.owner)])
	}
	return created(o)
}

// covers are the permissions by which an App may use endpoints, by how their pattern begins: one of them is enough. All
// others need no more than every App has. See
// https://docs.github.com/rest/authentication/permissions-required-for-github-apps.
var covers = []struct {
	begin string
	names []string
}{
	{"/repos/{owner}/{repo}/issues", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/labels", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/milestones", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/assignees", []string{"issues", "pull_requests"}},
	{"/repos/{owner}/{repo}/pulls", []string{"pull_requests"}},
	{"/repos/{owner}/{repo}/contents", []string{"contents"}},
	{"/repos/{owner}/{repo}/git", []string{"contents"}},
	{"/repos/{owner}/{repo}/hooks", []string{"repository_hooks"}},
	{"/orgs/{org}/teams", []string{"members"}},
	{"/orgs/{org}/members", []string{"members"}},
}

// granted refuses what the App's permissions do not cover. What everybody may read an App may read without any. Only Apps
// that were made from a manifest are held to it.
func (s *Sim) granted(rq *request) error {
	a := s.opts.App
	if a == nil || a.granted == nil || !rq.actor.app {
		return nil
	}
	reads := rq.Method == "GET" || rq.Method == "HEAD"
	if r := s.repos[key(rq.vars["owner"]+"/"+rq.vars["repo"])]; reads && r != nil && !r.private {
		return nil
	}
	for _, c := range covers {
		if !strings.HasPrefix(rq.route.pattern, c.begin) {
			continue
		}
		for _, name := range c.names {
			if have := a.granted[name]; have == "write" || reads && have == "read" {
				return nil
			}
		}
		return rq.actor.forbidden()
	}
	return nil
}
