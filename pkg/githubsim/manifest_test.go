package githubsim_test

import (
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

const goodManifest = `{"name":"dd","url":"https://example.com","redirect_url":"http://localhost:1/back?a=b","public":false,
	"hook_attributes":{"url":"https://example.com/hook"},"default_events":["issues","issue_comment"],"default_permissions":{"issues":"write"}}`

// send posts a form as a browser does, without following where it is sent.
func (w *world) send(path string, form url.Values) (status int, body, location string) {
	w.t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := browser.PostForm(w.url+path, form)
	if err != nil {
		w.t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil {
		w.t.Fatal(err)
	}
	return res.StatusCode, string(text), res.Header.Get("Location")
}

var draftID = regexp.MustCompile(`name="id" value="(\d+)"`)

// make goes the whole way to the code.
func (w *world) make(path, manifest, name string) (code string, back url.Values) {
	w.t.Helper()
	status, body, _ := w.send(path, url.Values{"manifest": {manifest}})
	m := draftID.FindStringSubmatch(body)
	if status != 200 || m == nil {
		w.t.Fatalf("%d %s", status, body)
	}
	status, body, location := w.send("/settings/apps/confirm", url.Values{"id": {m[1]}, "name": {name}})
	u, err := url.Parse(location)
	if status != http.StatusFound || err != nil {
		w.t.Fatalf("%d %s %v", status, body, err)
	}
	return u.Query().Get("code"), u.Query()
}

func TestManifestRefused(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	if status, _, _ := w.send("/settings/apps/new", url.Values{"manifest": {goodManifest}}); status != 401 {
		t.Errorf("nobody is signed in: %d", status)
	}
	w.SignIn("alice")
	for _, c := range []struct{ name, path, old, new, says string }{
		{"no manifest", "/settings/apps/new", goodManifest, "", "Invalid GitHub App configuration"},
		{"no homepage", "/settings/apps/new", `"url":"https://example.com",`, "", "wasn&#39;t supplied"},
		{"a webhook without an address", "/settings/apps/new", `{"url":"https://example.com/hook"}`, `{"active":false}`, "wasn&#39;t supplied"},
		{"a secret of one's own", "/settings/apps/new", `{"url":"https://example.com/hook"}`, `{"url":"https://example.com/hook","secret":"s"}`, "Invalid GitHub App configuration"},
		{"an event that every App gets", "/settings/apps/new", `"issues",`, `"installation",`, "Default events unsupported: installation"},
		{"an event without its permission", "/settings/apps/new", `{"issues":"write"}`, `{"pull_requests":"write"}`, "not supported by permissions: issues and issue_comment"},
		{"an organisation of others", "/organizations/acme/settings/apps/new", "", "", "Not Found"},
	} {
		if status, body, _ := w.send(c.path, url.Values{"manifest": {strings.Replace(goodManifest, c.old, c.new, 1)}}); status < 400 || !strings.Contains(body, c.says) {
			t.Errorf("%s: %d %s", c.name, status, body)
		}
	}
	for name, says := range map[string]string{"": "blank", strings.Repeat("a", 35): "too long", "alice": "", "DDbot": "already in use"} {
		_, body, _ := w.send("/settings/apps/new", url.Values{"manifest": {goodManifest}})
		if _, got, _ := w.send("/settings/apps/confirm", url.Values{"id": draftID.FindStringSubmatch(body)[1:], "name": {name}}); !strings.Contains(got, says) {
			t.Errorf("the name %q: %s", name, got)
		}
	}
}

// TestManifest: the code counts once and for an hour, and the answer is as GitHub describes it.
func TestManifest(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.SignIn("alice")
	c := w.clientWith("")
	late, _ := w.make("/settings/apps/new", goodManifest, "late")
	w.Clock().Advance(time.Hour)
	if _, rs, err := c.Apps.CompleteAppManifest(ctx, late); status(rs, err) != 404 {
		t.Errorf("a code of an hour ago: %v", err)
	}
	code, back := w.make("/settings/apps/new?state=xyz", goodManifest, "My DD bot")
	if back.Get("state") != "xyz" || back.Get("a") != "b" {
		t.Errorf("sent back with %v", back)
	}
	app, rs, err := c.Apps.CompleteAppManifest(ctx, code)
	if status(rs, err) != 201 || app.GetSlug() != "my-dd-bot" || app.GetOwner().GetLogin() != "alice" || app.GetWebhookSecret() == "" {
		t.Fatalf("%v %v", app, err)
	}
	if !strings.Contains(app.GetPEM(), "BEGIN RSA PRIVATE KEY") || app.GetHTMLURL() != w.url+"/apps/my-dd-bot" {
		t.Errorf("%v", app)
	}
	if _, rs, err := c.Apps.CompleteAppManifest(ctx, code); status(rs, err) != 404 {
		t.Errorf("a second time: %v", err)
	}
	// Without a webhook there is no secret for one.
	code, _ = w.make("/settings/apps/new", strings.Replace(goodManifest, `"hook_attributes":{"url":"https://example.com/hook"},`, "", 1), "other")
	if app, _, err := c.Apps.CompleteAppManifest(ctx, code); err != nil || app.WebhookSecret != nil {
		t.Errorf("%v %v", app, err)
	}
}

// TestManifestRights: an App has the permissions that its manifest asked for, once it is installed.
func TestManifestRights(t *testing.T) {
	w := newWorld(t, githubsim.Options{})
	w.AddRepo("acme/any", "alice")
	w.SetPrivate(repoName, true)
	w.SignIn("alice")
	code, _ := w.make("/organizations/acme/settings/apps/new", goodManifest, "ddapp")
	app, _, err := w.clientWith("").Apps.CompleteAppManifest(ctx, code)
	if err != nil || app.GetOwner().GetLogin() != "acme" {
		t.Fatal(app, err)
	}
	asApp := w.clientWith(jwt(t, app))
	if list, _, err := asApp.Apps.ListInstallations(ctx, nil); err != nil || len(list) != 0 {
		t.Errorf("before it is installed: %v %v", list, err)
	}
	if status, _, _ := w.send("/apps/ddapp/installations/new", nil); status != 200 {
		t.Fatal(status)
	}
	list, _, err := asApp.Apps.ListInstallations(ctx, nil)
	if err != nil || len(list) != 1 || list[0].GetPermissions().GetIssues() != "write" || list[0].GetPermissions().GetContents() != "" {
		t.Fatal(list, err)
	}
	token, _, err := asApp.Apps.CreateInstallationToken(ctx, list[0].GetID(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := w.clientWith(token.GetToken())
	ref := w.OpenIssue(repoName, "wanda", "x", "y")
	if _, rs, err := c.Issues.CreateComment(ctx, owner, name, ref.Number, &github.IssueComment{Body: github.String("z")}); status(rs, err) != 201 {
		t.Errorf("issues: write, and: %v", err)
	}
	if _, _, rs, err := c.Repositories.GetContents(ctx, owner, name, "OWNERS", nil); status(rs, err) != 403 || rs.Header.Get("X-Accepted-GitHub-Permissions") != "contents=read" {
		t.Errorf("no right to contents, and: %v", err)
	}
}

// jwt signs as the App does.
func jwt(t *testing.T, app *github.AppConfig) string {
	t.Helper()
	block, _ := pem.Decode([]byte(app.GetPEM()))
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return signed(t, key)
}
