package githubsim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The pages by which a person makes a GitHub App from a manifest and installs it, as
// https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest describes them. The address of
// the form's second step is not documented; a browser does not care.

// manifest is what the form sends. GitHub's names.
type manifest struct {
	Name        string            `json:"name"`
	URL         string            `json:"url"`
	Hook        *manifestHook     `json:"hook_attributes"`
	RedirectURL string            `json:"redirect_url"`
	Description string            `json:"description"`
	Public      bool              `json:"public"`
	Events      []string          `json:"default_events"`
	Permissions map[string]string `json:"default_permissions"`
}

type manifestHook struct {
	URL    string `json:"url"`
	Active *bool  `json:"active"`
}

// draftApp is a manifest that somebody has sent and not yet confirmed.
type draftApp struct {
	manifest manifest
	owner    string // login of a person or an organisation
	state    string
}

const (
	maxAppName = 34 // GitHub says so when the form is sent
	codeLife   = time.Hour
)

// eventNeeds is the permission without which GitHub takes no subscription to an event: one is enough where there are several.
// An App with the permission for pull requests alone cannot subscribe to comments, though it gets those on pull requests.
var eventNeeds = map[string]string{
	"issues": "issues", "issue_comment": "issues", "pull_request": "pull_requests", "label": "metadata", "push": "contents",
	"member": "members", "membership": "members", "team": "members",
}

// sentAnyway are events that every App gets and none subscribes to.
var sentAnyway = []string{"installation", "installation_repositories", "github_app_authorization"}

// SignIn is who sits at the browser from now on; "" is nobody.
func (s *Sim) SignIn(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.browser = nil
	if login != "" {
		s.browser = s.addUser(login)
	}
}

// page answers what a browser asks for; false is for everything that is no page.
func (s *Sim) page(w http.ResponseWriter, r *http.Request, body []byte) bool {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	var answer func(*http.Request, url.Values, []string) (string, error)
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/settings/apps/new":
		answer = s.newApp
	case r.Method == http.MethodPost && len(parts) == 5 && parts[0] == "organizations" && strings.Join(parts[2:], "/") == "settings/apps/new":
		answer = s.newApp
	case r.Method == http.MethodPost && r.URL.Path == "/settings/apps/confirm":
		answer = s.confirmApp
	case len(parts) == 4 && parts[0] == "apps" && parts[2] == "installations" && parts[3] == "new":
		answer = s.installApp
	default:
		return false
	}
	form, err := url.ParseQuery(string(body))
	s.mu.Lock()
	defer s.mu.Unlock()
	var text string
	if err == nil {
		text, err = answer(r, form, parts)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	switch {
	case err != nil:
		e := asError(err)
		w.WriteHeader(e.Status)
		text = "<h1>" + template.HTMLEscapeString(e.Message) + "</h1>"
	case strings.HasPrefix(text, "http://"), strings.HasPrefix(text, "https://"):
		http.Redirect(w, r, text, http.StatusFound)
		return true
	}
	_, _ = fmt.Fprint(w, "<!DOCTYPE html><title>GitHub</title>"+text)
	return true
}

func invalidManifest(format string, args ...any) error {
	return refuse(http.StatusUnprocessableEntity, "Invalid GitHub App configuration. The configuration does not appear to be a valid GitHub App manifest. "+format, args...)
}

// newApp takes a manifest and shows the page on which a person can change the name.
func (s *Sim) newApp(r *http.Request, form url.Values, parts []string) (string, error) {
	if s.browser == nil {
		return "", refuse(http.StatusUnauthorized, "Sign in to GitHub")
	}
	d := &draftApp{owner: s.browser.login, state: r.URL.Query().Get("state")}
	if len(parts) == 5 {
		o := s.orgs[key(parts[1])]
		if o == nil || !o.owners[key(s.browser.login)] {
			return "", notFound()
		}
		d.owner = o.login
	}
	dec := json.NewDecoder(bytes.NewReader([]byte(form.Get("manifest"))))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d.manifest); err != nil {
		return "", invalidManifest("%v", err)
	}
	if err := d.manifest.check(); err != nil {
		return "", err
	}
	id := fmt.Sprint(s.nextID())
	s.drafts[id] = d
	var b strings.Builder
	err := confirmPage.Execute(&b, map[string]string{"ID": id, "Name": d.manifest.Name, "Owner": d.owner})
	return b.String(), err
}

var confirmPage = template.Must(template.New("").Parse(`<h1>Create GitHub App for {{.Owner}}</h1>
<form method="post" action="/settings/apps/confirm"><input type="hidden" name="id" value="{{.ID}}">
<label>GitHub App name <input name="name" value="{{.Name}}"></label> <button>Create GitHub App for {{.Owner}}</button></form>`))

// check finds what GitHub finds, in its words where they are known.
func (m manifest) check() error {
	if m.URL == "" || m.Hook != nil && m.Hook.URL == "" {
		return invalidManifest(`Error "url" wasn't supplied.`) // it does not say which of the two
	}
	var unsupported, uncovered []string
	for _, e := range m.Events {
		need, known := eventNeeds[e]
		switch {
		case slices.Contains(sentAnyway, e):
			unsupported, uncovered = append(unsupported, e), append(uncovered, e)
		case !known:
			return refuse(http.StatusNotImplemented, "githubsim does not know the event %q", e)
		case m.Permissions[need] == "" && need != "metadata":
			uncovered = append(uncovered, e)
		}
	}
	if len(unsupported) > 0 {
		return invalidManifest("Error Default events unsupported: %s", strings.Join(unsupported, " and "))
	}
	if len(uncovered) > 0 {
		return invalidManifest("Error Default events are not supported by permissions: %s", strings.Join(uncovered, " and "))
	}
	for name, level := range m.Permissions {
		if level != "read" && level != "write" {
			return refuse(http.StatusNotImplemented, "githubsim does not know the level %q of %s", level, name)
		}
	}
	return nil
}

// confirmApp makes the App and sends the browser back with a code.
func (s *Sim) confirmApp(r *http.Request, form url.Values, _ []string) (string, error) {
	d := s.drafts[form.Get("id")]
	if d == nil {
		return "", notFound()
	}
	name := strings.TrimSpace(form.Get("name"))
	slug := slugOf(name)
	switch {
	case slug == "":
		return "", invalidManifest("Name can't be blank")
	case len(name) > maxAppName:
		return "", invalidManifest("Name is too long (maximum is %d characters)", maxAppName)
	case s.users[key(slug+"[bot]")] != nil:
		return "", invalidManifest("Name is already in use")
	}
	delete(s.drafts, form.Get("id"))
	made, err := s.makeApp(d, name, slug, baseOf(r))
	if err != nil {
		return "", err
	}
	if d.manifest.RedirectURL == "" {
		return "<h1>" + template.HTMLEscapeString(name) + "</h1>", nil
	}
	back, err := url.Parse(d.manifest.RedirectURL)
	if err != nil {
		return "", invalidManifest("%v", err)
	}
	q := back.Query()
	q.Set("code", made.code)
	if d.state != "" {
		q.Set("state", d.state)
	}
	back.RawQuery = q.Encode()
	return back.String(), nil
}

func slugOf(name string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), "-")
}

// installApp shows the page with the button, and installs the App on all there is when it is pressed.
func (s *Sim) installApp(r *http.Request, _ url.Values, parts []string) (string, error) {
	a := s.opts.App
	if a == nil || a.slug != parts[1] {
		return "", notFound()
	}
	if r.Method != http.MethodPost {
		return "<h1>Install " + a.slug + "</h1><form method=post><button>Install</button></form>", nil
	}
	a.waits = false
	if a.hook.URL != "" {
		h := &hook{Hook: a.hook, id: s.nextID(), created: s.now()}
		s.hooks = append(s.hooks, h)
	}
	return `<h1 class="installed">` + a.slug + " is installed</h1>", nil
}

// appPermissions are what the App may, and appEvents what it hears of.
func (a *App) permissions() map[string]string {
	if a.granted == nil {
		return appPermissions
	}
	return a.granted
}

func (a *App) events() []string {
	if a.granted == nil {
		return appEvents
	}
	return a.heard
}

// grants are the permissions of a manifest, with the one that every App has.
func grants(m manifest) map[string]string {
	out := maps.Clone(m.Permissions)
	if out == nil {
		out = map[string]string{}
	}
	out["metadata"] = cmp.Or(out["metadata"], "read")
	return out
}
