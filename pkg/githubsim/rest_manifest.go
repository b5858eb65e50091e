package githubsim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
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
