// Package openapicheck holds HTTP traffic and webhook payloads against GitHub's published OpenAPI description.
//
// It checks both directions: what a client under test asks, and what a simulator answers. The description is a file that
// is not part of the repository: DDBOT_OPENAPI names it, else shared/data/github-openapi.json.gz is looked for in the
// folders above. Where there is none, [Open] skips the test.
package openapicheck

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Doc is a description.
type Doc struct{ spec *openapi3.T }

// Load reads a description in JSON, plain or gzipped.
func Load(path string) (*Doc, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(path, ".gz") {
		zr, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if raw, err = io.ReadAll(zr); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	spec, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	repair(spec)
	return &Doc{spec}, nil
}

// repair mends the two places where the description cannot be met. The account of an installation in GET /app/installations would
// have to be a user and an enterprise at once; elsewhere it says "any of". That a file has changed meanwhile (PUT contents, 409) would
// have to be one of two errors, of which the first is a case of the second.
func repair(spec *openapi3.T) {
	if s := answerOf(spec, "/app/installations", http.MethodGet, http.StatusOK); s != nil && s.Items != nil {
		if account := s.Items.Value.Properties["account"]; account != nil {
			account.Value.AnyOf, account.Value.AllOf = append(account.Value.AnyOf, account.Value.AllOf...), nil
		}
	}
	if s := answerOf(spec, "/repos/{owner}/{repo}/contents/{path}", http.MethodPut, http.StatusConflict); s != nil {
		s.AnyOf, s.OneOf = append(s.AnyOf, s.OneOf...), nil
	}
}

// answerOf is the schema of an answer, nil if there is none.
func answerOf(spec *openapi3.T, path, method string, status int) *openapi3.Schema {
	item := spec.Paths.Value(path)
	if item == nil || item.GetOperation(method) == nil {
		return nil
	}
	answer := item.GetOperation(method).Responses.Status(status)
	if answer == nil {
		return nil
	}
	content := answer.Value.Content.Get("application/json")
	if content == nil || content.Schema == nil {
		return nil
	}
	return content.Schema.Value
}

// once keeps the description for all tests of a process: reading it takes longer than most of them.
var once = sync.OnceValues(func() (*Doc, error) {
	path := find()
	if path == "" {
		return nil, os.ErrNotExist
	}
	return Load(path)
})

// Open gives the description, or skips the test.
func Open(t testing.TB) *Doc {
	t.Helper()
	d, err := once()
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("no OpenAPI description of GitHub: set DDBOT_OPENAPI to its file")
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func find() string {
	if path := os.Getenv("DDBOT_OPENAPI"); path != "" {
		return path
	}
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "data", "github-openapi.json.gz")
		if _, err := os.Stat(path); err == nil {
			return path
		}
		dir = filepath.Dir(dir)
	}
	return ""
}

// Transport checks each request and answer that goes through it, and reports to t. nil stands for the default transport.
func (d *Doc) Transport(t testing.TB, next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return &transport{d, t, next}
}

type transport struct {
	doc  *Doc
	t    testing.TB
	next http.RoundTripper
}

func (tr *transport) RoundTrip(rq *http.Request) (*http.Response, error) {
	var sent []byte
	if rq.Body != nil {
		var err error
		if sent, err = io.ReadAll(rq.Body); err != nil {
			return nil, err
		}
		_ = rq.Body.Close()
		rq = rq.Clone(rq.Context())
		rq.Body = io.NopCloser(bytes.NewReader(sent))
	}
	rs, err := tr.next.RoundTrip(rq)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(rs.Body)
	_ = rs.Body.Close()
	rs.Body = io.NopCloser(bytes.NewReader(got))
	if err != nil {
		return nil, err
	}
	if err := tr.doc.Exchange(rq, sent, rs, got); err != nil {
		tr.t.Errorf("%s %s, answered with %d, is not as GitHub describes it: %v", rq.Method, rq.URL.RequestURI(), rs.StatusCode, err)
	}
	return rs, nil
}

// Middleware checks each request that reaches a handler, and each answer that it gives.
func (d *Doc) Middleware(t testing.TB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, rq *http.Request) {
		sent, err := io.ReadAll(rq.Body)
		if err != nil {
			return // the client went away
		}
		rq.Body = io.NopCloser(bytes.NewReader(sent))
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, rq)
		rs := &http.Response{StatusCode: rec.status, Header: w.Header()}
		if err := d.Exchange(rq, sent, rs, rec.body.Bytes()); err != nil {
			t.Errorf("%s %s, answered with %d, is not as GitHub describes it: %v", rq.Method, rq.URL.RequestURI(), rec.status, err)
		}
	})
}

type recorder struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	r.body.Write(p)
	return r.ResponseWriter.Write(p)
}

// Exchange checks one request and its answer. A request that was refused is not checked itself: a test may send nonsense
// to see it refused. What the description does not have (GraphQL, statuses that it leaves out) passes.
func (d *Doc) Exchange(rq *http.Request, sent []byte, rs *http.Response, got []byte) error {
	path := strings.TrimPrefix(rq.URL.EscapedPath(), "/api/v3")
	route, params := d.route(rq.Method, path)
	if route == nil {
		return nil
	}
	ctx := context.Background()
	if sent = wrapLabels(route.Path, sent); string(bytes.TrimSpace(sent)) == "null" {
		sent = nil // what go-github sends for options that were not given; GitHub takes it as no body
	}
	copied := rq.Clone(ctx)
	copied.Body, copied.ContentLength = io.NopCloser(bytes.NewReader(sent)), int64(len(sent))
	if len(sent) > 0 && copied.Header.Get("Content-Type") == "" {
		copied.Header.Set("Content-Type", "application/json") // what GitHub assumes
	}
	in := &openapi3filter.RequestValidationInput{
		Request: copied, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, SkipSettingDefaults: true},
	}
	if rs.StatusCode < 400 {
		if err := openapi3filter.ValidateRequest(ctx, in); err != nil {
			return fmt.Errorf("request: %w", err)
		}
	}
	out := &openapi3filter.ResponseValidationInput{RequestValidationInput: in, Status: rs.StatusCode, Header: rs.Header, Options: in.Options}
	out.SetBodyBytes(got)
	if err := openapi3filter.ValidateResponse(ctx, out); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return nil
}

// wrapLabels makes an object of a bare list of labels. GitHub's description allows the list in words ("you can also pass an
// array of labels directly") but not in the schema.
func wrapLabels(path string, sent []byte) []byte {
	if !strings.HasSuffix(path, "/issues/{issue_number}/labels") || !bytes.HasPrefix(bytes.TrimSpace(sent), []byte("[")) {
		return sent
	}
	return append(append([]byte(`{"labels":`), bytes.TrimSpace(sent)...), '}')
}

// Has tells whether the description has an endpoint for this method and path.
func (d *Doc) Has(method, path string) bool {
	route, _ := d.route(method, path)
	return route != nil
}

// route finds the endpoint with the most literal segments. Label names and file paths with slashes are one parameter.
func (d *Doc) route(method, path string) (*routers.Route, map[string]string) {
	var best *routers.Route
	var params map[string]string
	most := -1
	for pattern, item := range d.spec.Paths.Map() {
		op := item.GetOperation(method)
		if op == nil {
			continue
		}
		if vars, literal, ok := fits(pattern, path); ok && literal > most {
			best = &routers.Route{Spec: d.spec, Path: pattern, PathItem: item, Method: method, Operation: op}
			params, most = vars, literal
		}
	}
	return best, params
}

func fits(pattern, path string) (vars map[string]string, literal int, ok bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	if last := want[len(want)-1]; last == "{path}" || last == "{name}" && len(have) > len(want) {
		if len(have) < len(want) {
			return nil, 0, false
		}
		have = append(have[:len(want)-1:len(want)-1], strings.Join(have[len(want)-1:], "/"))
	}
	if len(want) != len(have) {
		return nil, 0, false
	}
	vars = map[string]string{}
	for n, segment := range want {
		name, isVar := strings.CutPrefix(segment, "{")
		switch {
		case isVar:
			value, err := url.PathUnescape(have[n])
			if err != nil {
				return nil, 0, false
			}
			vars[strings.TrimSuffix(name, "}")] = value
		case segment != have[n]:
			return nil, 0, false
		default:
			literal++
		}
	}
	return vars, literal, true
}

// Payload checks the payload of a webhook, "issues" with action "labeled"; the action of a ping is empty.
func (d *Doc) Payload(event, action string, raw []byte) error {
	name := "webhook-" + strings.ReplaceAll(event, "_", "-")
	if action != "" {
		name += "-" + strings.ReplaceAll(action, "_", "-")
	}
	ref := d.spec.Components.Schemas[name]
	if ref == nil {
		return fmt.Errorf("GitHub's description has no %s", name)
	}
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	if err := ref.Value.VisitJSON(v); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
