package setup

import (
	"bytes"
	"context"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/github"
)

//go:embed templates/*.html
var templates embed.FS

var page = template.Must(template.ParseFS(templates, "templates/*.html"))

// pages is what the pages know of each other.
type pages struct {
	key, state string // the address of the page; what GitHub has to send back
	finished   chan Next

	mu           sync.Mutex
	app          *github.NewApp // what the code was exchanged for
	next         *Next          // after everything is written
	secretIsOurs bool           // GitHub made none
}

// backPath is where GitHub sends the browser.
const backPath = "/created"

// convertFor is how long the exchange of a code may take, whether or not the browser waits for it: what GitHub answers, it
// answers once.
const convertFor = 30 * time.Second

// Begin checks what can be checked without GitHub, and gives the pages and the path of the first one. Only who knows the path
// can begin, and only with what it holds can GitHub send somebody back: the pages are not for everybody who reaches the port.
func (s *Setup) Begin() (h http.Handler, path string, err error) {
	if err := s.Files.Check(); err != nil {
		return nil, "", err
	}
	s.finished = make(chan Next, 1)
	for _, text := range []*string{&s.key, &s.state} {
		if *text, err = secretText(s.Random, 16); err != nil {
			return nil, "", err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /"+s.key, s.ask)
	mux.HandleFunc("GET "+backPath, s.back)
	return mux, "/" + s.key, nil
}

// Finished gives what comes next, once, when the files are written and the last page is on its way.
func (s *Setup) Finished() <-chan Next { return s.finished }

// Stopped says what there is when the pages are closed before all was done.
func (s *Setup) Stopped() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.app != nil && s.next == nil {
		return fmt.Errorf("stopped before the key of %s was written, and GitHub does not show it again: generate another one at %s, or delete the App there", s.app.Slug, s.App.settings())
	}
	return errors.New("stopped before the App was there: nothing is written")
}

// view is what a page shows.
type view struct {
	Title    string
	App      App
	Next     *Next
	Action   string
	Manifest string
	Trouble  []string
	Again    string // address to begin again
	Settings string // where the App may be, though what belongs to it is not here
}

func (s *Setup) show(w http.ResponseWriter, status int, name string, v view) {
	v.App = s.App
	var b bytes.Buffer
	if err := page.ExecuteTemplate(&b, name, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // a mistake in the template
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	// No form-action: browsers hold it against redirects, too, and GitHub's sign-in can lead anywhere.
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "origin") // the path is for nobody else; without an origin GitHub could not tell where a form is from
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // a browser that went away is none of our business
}

// ask shows what the App will be, with the button that goes to GitHub.
func (s *Setup) ask(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	next := s.next
	s.mu.Unlock()
	if next != nil {
		s.show(w, http.StatusOK, "done.html", view{Title: "The App is created", Next: next})
		return
	}
	manifest, err := json.Marshal(s.App.Manifest("http://" + r.Host + backPath))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError) // a mistake of ours: it is plain data
		return
	}
	s.show(w, http.StatusOK, "ask.html", view{Title: "Create ddbot's GitHub App", Action: s.App.action(s.state), Manifest: string(manifest)})
}

// back receives the code.
func (s *Setup) back(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(s.state)) != 1 {
		s.show(w, http.StatusForbidden, "trouble.html", view{Title: "This did not begin here", Trouble: []string{textState}})
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	first := s.next == nil
	if first {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), convertFor)
		defer cancel()
		if err := s.take(ctx, q.Get("code")); err != nil {
			s.show(w, statusOf(err), "trouble.html", s.trouble(err))
			return
		}
	}
	s.show(w, http.StatusOK, "done.html", view{Title: "The App is created", Next: s.next})
	if first {
		s.finished <- *s.next
	}
}

// errSave is for what went wrong after GitHub gave the App.
var errSave = errors.New("cannot keep what GitHub gave")

// take exchanges the code and writes the files. What has been done once is not done again.
func (s *Setup) take(ctx context.Context, code string) error {
	if s.app == nil {
		app, err := s.Convert(ctx, code)
		if err != nil {
			return err
		}
		s.app = &app
	}
	next := Next{App: *s.app, Files: s.Files, GitHub: s.App.GitHub, Hook: s.App.Hook}
	if s.app.Secret == "" {
		// Once made it stays: a second attempt finds the file that the first has written.
		text, err := secretText(s.Random, 20)
		if err != nil {
			return fmt.Errorf("%w: %w", errSave, err)
		}
		s.app.Secret, s.secretIsOurs = text, true
	}
	next.SecretIsOurs = s.secretIsOurs
	if err := s.Files.Save(*s.app, s.app.Secret); err != nil {
		return fmt.Errorf("%w: %w", errSave, err)
	}
	s.next = &next
	return nil
}

func statusOf(err error) int {
	switch {
	case errors.Is(err, errSave):
		return http.StatusInternalServerError
	case errors.Is(err, github.ErrGone):
		return http.StatusGone
	}
	return http.StatusBadGateway
}

// trouble says what is wrong and what to do.
func (s *Setup) trouble(err error) view {
	v := view{Title: "The App is not ready", Again: "/" + s.key, Settings: s.App.settings()}
	said := strings.TrimPrefix(github.Message(err), github.ErrUnavailable.Error()+": ")
	if u, ok := errors.AsType[*url.Error](err); ok {
		said = u.Err.Error() // without the address, which has the code in it
	}
	switch {
	case errors.Is(err, errSave):
		v.Trouble, v.Again, v.Settings = []string{fmt.Sprintf("%v.", err), textSave}, "", ""
	case errors.Is(err, github.ErrGone):
		v.Trouble = []string{textGone}
	case github.IsOutage(err):
		v.Trouble = []string{fmt.Sprintf(textOutage, s.App.GitHub.API, said)}
	default:
		v.Trouble = []string{fmt.Sprintf(textRefused, said)}
	}
	return v
}
