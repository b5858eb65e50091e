package catchup_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/catchup"
	"github.com/ddbot/ddbot/pkg/github"
	"github.com/ddbot/ddbot/pkg/githubsim"
	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/store"
)

// TestForwarded: a log of deliveries is looked through only where GitHub delivers to ddbot itself. Prow's hook may forward what
// the app that both share gets, or what a webhook of the repository gets; of that not even the id is kept.
func TestForwarded(t *testing.T) {
	for _, c := range []struct {
		name      string
		app       bool
		forwarded bool
		agent     string
		asked     bool // for the log
	}{
		{"an app", true, false, "GitHub-Hookshot/1", true},
		{"an app, beside Prow", true, true, catchup.ProwHook, false},
		{"a webhook", false, false, "GitHub-Hookshot/1", true},
		{"a webhook, beside Prow", false, true, catchup.ProwHook, false},
		{"a webhook of Prow's, and nobody said so", false, false, catchup.ProwHook, false},
		{"a webhook that was noted before Prow came", false, true, "GitHub-Hookshot/1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, g := githubsim.Options{Bot: "ddbot[bot]", BotToken: "token", Now: time.Now}, github.Options{Token: "token", Now: time.Now}
			if c.app {
				key, err := rsa.GenerateKey(rand.Reader, 2048)
				if err != nil {
					t.Fatal(err)
				}
				o.App = &githubsim.App{ID: 7, InstallationID: 8, PublicKey: &key.PublicKey}
				g.Token, g.AppID = "", 7
				g.AppKey = pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
			}
			sim := githubsim.New(o)
			sim.AddUser("owner")
			sim.AddRepo("acme/toc", "owner")
			sim.SetRole("acme/toc", "ddbot[bot]", "admin")
			api := httptest.NewServer(sim)
			defer api.Close()
			g.URL = api.URL
			hub, err := github.New(g)
			if err != nil {
				t.Fatal(err)
			}
			log := logrus.New()
			log.Out = io.Discard
			db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "ddbot.db"), store.Options{Now: time.Now, Log: log})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			looker := &catchup.Catchup{Store: db, Hub: hub, Now: time.Now, Log: log, Forwarded: func() bool { return c.forwarded }}
			hook := sim.AddHook(githubsim.Hook{URL: "http://127.0.0.1:1/", Repo: "acme/toc"})
			from := http.Header{}
			from.Set("User-Agent", c.agent)
			if !c.app {
				from.Set("X-GitHub-Hook-ID", strconv.FormatInt(hook, 10))
				from.Set("X-GitHub-Hook-Installation-Target-Type", "repository")
			}
			envelope := payload.Envelope{RepoID: sim.Issue(sim.OpenIssue("acme/toc", "owner", "One", "")).RepoID, Owner: "acme", Repo: "toc"}
			if c.app {
				envelope.Installation = 8
			}
			if err := looker.Note(t.Context(), from, envelope); err != nil {
				t.Fatal(err)
			}
			if err := looker.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			asked, listed := false, false
			for _, call := range sim.Calls() {
				asked = asked || strings.Contains(call.Path, "/deliveries")
				listed = listed || strings.Contains(call.Path, "/issues/comments")
			}
			if asked != c.asked || !asked && !listed {
				t.Errorf("asked for the log of deliveries: %v, want %v; comments were listed: %v", asked, c.asked, listed)
			}
		})
	}
}
