// Package web is what ddbot shows over HTTP beside the receiver: a start page with the command help, health and readiness,
// and the help of Prow's external plugins. It shows nothing that is not for everybody.
package web

import (
	"context"
	"embed"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/config"
	"github.com/ddbot/ddbot/pkg/plugin"
	"github.com/ddbot/ddbot/pkg/queue"
)

//go:embed templates/*.html
var files embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{"code": code, "commands": plugin.DefaultCommands}).ParseFS(files, "templates/*.html"))

// code shows what stands between backticks in a help text as code.
func code(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(part)
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}

// Options is what the pages show.
type Options struct {
	Hook    http.Handler
	Metrics http.Handler
	Store   queue.Inbox
	Config  *config.Source
	GitHub  func() (known bool, text string) // how we stand with GitHub, for ?verbose; nil is fine
}

type handler struct{ Options }

// Handler serves everything: webhooks at POST /hook and POST /.
func Handler(o Options) http.Handler {
	h := &handler{o}
	mux := http.NewServeMux()
	mux.Handle("/hook", o.Hook)
	mux.Handle("/hook/{$}", o.Hook)
	mux.Handle("POST /{$}", o.Hook)
	mux.HandleFunc("GET /{$}", h.start)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", h.ready)
	mux.Handle("GET /metrics", o.Metrics)
	// Prow's hook asks for help at the plugin's address with /help behind it (prow pkg/pluginhelp/hook).
	mux.HandleFunc("POST /help", h.prowHelp)
	mux.HandleFunc("POST /hook/help", h.prowHelp)
	return mux
}

func plain(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	fmt.Fprintln(w, text)
}

// ready tells whether deliveries can be stored. A broken configuration file does not make ddbot unready, since the last
// good one is in use, nor does GitHub: deliveries are kept until it answers. ?verbose says so.
func (h *handler) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	depth, err := h.Store.Depth(ctx)
	code, lines := http.StatusOK, []string{"ok"}
	if err != nil {
		code, lines = http.StatusServiceUnavailable, []string{"the store does not answer"}
	}
	if _, verbose := r.URL.Query()["verbose"]; verbose {
		if err == nil {
			lines = append(lines, fmt.Sprintf("[+] store: %d waiting, %d given up", depth.Pending, depth.Dead))
		}
		if err := h.Config.Err(); err != nil {
			lines = append(lines, "[-] config: the file is broken, the last good one is in use", indent(err.Error()))
		} else {
			lines = append(lines, "[+] config: loaded "+h.Config.LoadedAt().UTC().Format(time.RFC3339))
		}
	}
	if _, verbose := r.URL.Query()["verbose"]; verbose && h.GitHub != nil {
		sign, ok, text := "[+]", false, ""
		if ok, text = h.GitHub(); !ok {
			sign = "[-]"
		}
		lines = append(lines, sign+" github: "+text)
	}
	plain(w, code, strings.Join(lines, "\n"))
}

func indent(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }

// start shows what ddbot is, how it is, and its commands.
func (h *handler) start(w http.ResponseWriter, r *http.Request) {
	data := struct {
		Plugins []plugin.Plugin
		Depth   queue.Depth
		Down    bool
	}{Plugins: h.Config.Current().Defaults().Catalog.Plugins}
	var err error
	if data.Depth, err = h.Store.Depth(r.Context()); err != nil {
		data.Down = true
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	if err := pages.ExecuteTemplate(w, "start.html", data); err != nil {
		panic(http.ErrAbortHandler) // the page is half written: nothing else can be said
	}
}
