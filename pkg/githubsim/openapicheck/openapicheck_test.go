package openapicheck_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ddbot/ddbot/pkg/githubsim/openapicheck"
)

// spy is a testing.TB that notes errors instead of failing.
type spy struct {
	testing.TB
	errors []string
}

func (s *spy) Helper() {}

func (s *spy) Errorf(format string, args ...any) {
	s.errors = append(s.errors, fmt.Sprintf(format, args...))
}

// A check that never fails would prove nothing: wrong requests and wrong answers must be seen, right ones must pass.
func TestTransportSeesDeviations(t *testing.T) {
	doc := openapicheck.Open(t)
	label := `{"id":1,"node_id":"x","url":"https://api.github.com/x","name":"bug","color":"ff0000","default":false,"description":null}`
	for _, c := range []struct {
		name, method, path, sent string
		status                   int
		answer                   string
		bad                      string
	}{
		{"right", "GET", "/repos/o/r/labels/bug", "", 200, label, ""},
		{"label with a slash", "GET", "/repos/o/r/labels/kind/bug", "", 200, label, ""},
		{"below the prefix of an enterprise server", "GET", "/api/v3/repos/o/r/labels/bug", "", 200, label, ""},
		{"answer lacks a field", "GET", "/repos/o/r/labels/bug", "", 200, strings.Replace(label, `"node_id":"x",`, "", 1), "node_id"},
		{"answer has a wrong type", "GET", "/repos/o/r/labels/bug", "", 200, strings.Replace(label, `1`, `"1"`, 1), "id"},
		{"right request", "POST", "/repos/o/r/issues/1/assignees", `{"assignees":["a"]}`, 200, "", ""},
		{"wrong request", "POST", "/repos/o/r/issues/1/assignees", `{"assignees":"a"}`, 200, "", "request"},
		{"wrong request, refused", "POST", "/repos/o/r/issues/1/assignees", `{"assignees":"a"}`, 422, "", ""},
		{"bare list of labels", "POST", "/repos/o/r/issues/1/labels", `["a"]`, 200, "[" + label + "]", ""},
		{"list of numbers as labels", "POST", "/repos/o/r/issues/1/labels", `[1]`, 200, "[" + label + "]", "request"},
		{"not described", "POST", "/graphql", `{}`, 200, "{}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			answering := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				_, _ = io.WriteString(w, c.answer)
			})
			byTransport, byMiddleware := &spy{TB: t}, &spy{TB: t}
			server := httptest.NewServer(doc.Middleware(byMiddleware, answering))
			defer server.Close()
			rq, _ := http.NewRequest(c.method, server.URL+c.path, strings.NewReader(c.sent))
			rs, err := doc.Transport(byTransport, nil).RoundTrip(rq)
			if err != nil {
				t.Fatal(err)
			}
			_ = rs.Body.Close()
			for _, s := range []*spy{byTransport, byMiddleware} {
				got := strings.Join(s.errors, "\n")
				if (got != "") != (c.bad != "") || !strings.Contains(got, c.bad) {
					t.Errorf("reported %q, want %q", got, c.bad)
				}
			}
		})
	}
}

func TestPayload(t *testing.T) {
	doc := openapicheck.Open(t)
	if err := doc.Payload("issues", "labeled", []byte(`{"action":"labeled"}`)); err == nil {
		t.Error("a payload without an issue passes")
	}
	if err := doc.Payload("issues", "bogus", []byte(`{}`)); err == nil {
		t.Error("an event that does not exist passes")
	}
}

func TestHas(t *testing.T) {
	doc := openapicheck.Open(t)
	if !doc.Has("PATCH", "/repos/o/r/issues/1") || doc.Has("PATCH", "/repos/o/r/stargazers") {
		t.Error("Has is wrong about an endpoint")
	}
}
