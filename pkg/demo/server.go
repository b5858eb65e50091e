package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// Page is the page with its API.
func (w *World) Page() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.servePage)
	mux.Handle("GET /static/", http.FileServerFS(files))
	mux.HandleFunc("GET /api/state", func(rw http.ResponseWriter, _ *http.Request) { answer(rw, http.StatusOK, w.State()) })
	mux.HandleFunc("GET /api/events", w.serveEvents)
	mux.HandleFunc("POST /api/comment", action(w, func(ctx context.Context, in struct{ As, Body string }) (Change, error) {
		return w.Comment(ctx, in.As, in.Body)
	}))
	mux.HandleFunc("POST /api/tick", action(w, func(ctx context.Context, in struct {
		As, Ref string
		Line    int
		Checked bool
	}) (Change, error) {
		return w.Tick(ctx, in.As, in.Line, in.Ref, in.Checked)
	}))
	mux.HandleFunc("POST /api/clock", action(w, func(ctx context.Context, in struct{ Days int }) (Change, error) {
		return w.Pass(ctx, time.Duration(min(in.Days, maxDays+1))*day)
	}))
	// Another site's page in the same browser must not be able to act here.
	return http.NewCrossOriginProtection().Handler(guarded(mux))
}

// guarded sets what holds for every answer. The page loads nothing from elsewhere, whatever somebody's Markdown says.
func guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
			"img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(rw, r)
	})
}

func (w *World) servePage(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	err := page.ExecuteTemplate(rw, "page.html", struct {
		*State
		Examples []string
	}{w.State(), w.examples()})
	if err != nil {
		panic(http.ErrAbortHandler) // the page is half written: nothing else can be said
	}
}

func (w *World) examples() []string {
	if len(w.seed.Examples) > 0 {
		return w.seed.Examples
	}
	return Examples
}

// maxRequest is more than the longest comment that GitHub takes.
const maxRequest = 1 << 20

// action reads a request, acts, and answers with what is then.
func action[T any](w *World, act func(context.Context, T) (Change, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
			refuse(rw, http.StatusUnsupportedMediaType, errors.New("send Content-Type: application/json"))
			return
		}
		var in T
		dec := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxRequest))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&in); err != nil {
			refuse(rw, http.StatusBadRequest, fmt.Errorf("read the request: %w", err))
			return
		}
		// What a person did has happened, even if they close the page meanwhile.
		_, err := act(context.WithoutCancel(r.Context()), in)
		var github *githubsim.Error
		var wrong badRequest
		switch {
		case errors.As(err, &github):
			refuse(rw, github.Status, errors.New(refusal(err)))
		case errors.As(err, &wrong):
			refuse(rw, http.StatusBadRequest, err)
		case err != nil:
			refuse(rw, http.StatusInternalServerError, err)
		default:
			answer(rw, http.StatusOK, w.State())
		}
	}
}

func refuse(rw http.ResponseWriter, code int, err error) {
	answer(rw, code, map[string]string{"error": err.Error()})
}

func answer(rw http.ResponseWriter, code int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(code)
	_ = json.NewEncoder(rw).Encode(v) // a client that went away is none of our business
}

// stillThere is how often an open connection is told that it is alive.
const stillThere = 20 * time.Second

// serveEvents tells each time that something has changed, until the client or the server ends.
func (w *World) serveEvents(rw http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(rw)
	rw.Header().Set("Content-Type", "text/event-stream")
	tick := time.NewTicker(stillThere)
	defer tick.Stop()
	for {
		version, again := w.bell.heard()
		if _, err := fmt.Fprintf(rw, "data: %d\n\n", version); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-again:
		case <-tick.C:
		}
	}
}
