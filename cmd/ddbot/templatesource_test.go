package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/template"
)

// TestTemplateAddress: a template may stand anywhere that the caller names, but what stands there leads nowhere else that is not public.
func TestTemplateAddress(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("- [ ] A secret.\n")) }))
	t.Cleanup(inside.Close)
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/own.md":
			_, _ = w.Write([]byte("# $PROJECT\n\n- [ ] It works.\n"))
		case "/none.md":
			_, _ = w.Write([]byte("Words.\n"))
		case "/inside.md":
			http.Redirect(w, r, inside.URL, http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(outside.Close)
	for path, want := range map[string]string{
		"/own.md": "", "/none.md": "it is no template", "/inside.md": "is not opened", "/gone.md": "404 Not Found; a file or a known version needs no network",
	} {
		v, err := readTemplate(t.Context(), outside.URL+path, templateWanted{template.Application, template.Graduation}, strings.NewReader(""))
		switch {
		case want == "" && (err != nil || v.Path != outside.URL+path || len(v.Outline().Boxes()) != 1):
			t.Errorf("%s: %v", path, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v", path, err)
		}
	}
}
