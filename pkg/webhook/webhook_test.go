package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
)

func sign(secret, body string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(body))
	return "sha256=" + hex.EncodeToString(m.Sum(nil))
}

type inbox struct {
	got  []queue.Delivery
	err  error
	seen map[string]bool
}

func (i *inbox) Receive(_ *http.Request, _ payload.Envelope, d queue.Delivery) (bool, error) {
	if i.err != nil {
		return false, i.err
	}
	fresh := !i.seen[d.GUID]
	i.seen[d.GUID] = true
	i.got = append(i.got, d)
	return fresh, nil
}

func receiver(t testing.TB, in *inbox) *Handler {
	log := logrus.New()
	log.Out = io.Discard
	h, err := New(Options{Secrets: Secrets{Everywhere: {[]byte("new"), []byte("old")}}, Inbox: in, Log: log, TempDir: t.TempDir(),
		Now: func() time.Time { return time.Unix(1700000000, 0) }})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

const comment = `{"action":"created","issue":{"number":7},"comment":{"id":1},"repository":{"id":42,"full_name":"acme/toc"}}`

func TestReceive(t *testing.T) {
	large := `{"action":"created","issue":{"number":7},"comment":{"id":1,"body":"` + strings.Repeat("x", 2<<20) + `"},"repository":{"id":42,"full_name":"acme/toc"}}`
	for _, tc := range []struct {
		name   string
		change func(*http.Request)
		body   string
		code   int
		text   string
		stored int
	}{
		{name: "good", body: comment, code: 202, text: "queued", stored: 1},
		{name: "old secret", body: comment, code: 202, text: "queued", stored: 1,
			change: func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", sign("old", comment)) }},
		{name: "large", body: large, code: 202, text: "queued", stored: 1},
		{name: "length unknown", body: comment, code: 202, text: "queued", stored: 1,
			change: func(r *http.Request) { r.ContentLength = -1 }},
		{name: "large, wrong signature", body: large, code: 401, text: "signature is wrong",
			change: func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", sign("other", large)) }},
		{name: "no signature", body: comment, code: 401, text: "no X-Hub-Signature-256",
			change: func(r *http.Request) { r.Header.Del("X-Hub-Signature-256") }},
		{name: "old kind of signature", body: comment, code: 401, text: "not a SHA-256",
			change: func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", "sha256=abcd") }},
		{name: "wrong signature", body: comment, code: 401, text: "signature is wrong",
			change: func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", sign("other", comment)) }},
		{name: "GET", body: comment, code: 405, text: "by POST", change: func(r *http.Request) { r.Method = "GET" }},
		{name: "of a redirect", body: comment, code: 405, text: "redirect on the way made a GET", change: func(r *http.Request) { r.Method = "GET" }},
		{name: "empty", body: "", code: 400, text: "no body"},
		{name: "empty, of unknown length", body: "", code: 400, text: "no body", change: func(r *http.Request) { r.ContentLength = -1 }},
		{name: "empty, with the signature of what was lost", body: "", code: 400, text: "no body",
			change: func(r *http.Request) { r.Header.Set("X-Hub-Signature-256", sign("s3cret", comment)) }},
		{name: "no GUID", body: comment, code: 400, text: "missing", change: func(r *http.Request) { r.Header.Del("X-GitHub-Delivery") }},
		{name: "form", body: comment, code: 415, text: "application/json",
			change: func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }},
		{name: "too long", body: comment, code: 413, text: "more than",
			change: func(r *http.Request) { r.ContentLength = MaxBody + 1 }},
		{name: "ping", body: `{"zen":"x"}`, code: 200, text: "pong", change: func(r *http.Request) { r.Header.Set("X-GitHub-Event", "ping") }},
		{name: "other event", body: `{"action":"x"}`, code: 202, text: "ignored", change: func(r *http.Request) { r.Header.Set("X-GitHub-Event", "push") }},
		{name: "other action", body: strings.Replace(comment, "created", "pondered", 1), code: 202, text: "ignored"},
		{name: "our own event", body: comment, code: 400, text: "own event", change: func(r *http.Request) { r.Header.Set("X-GitHub-Event", "ddbot_due") }},
		{name: "not JSON", body: `{`, code: 400, text: "read issue_comment payload"},
		{name: "deep", body: strings.Repeat("[", 200) + strings.Repeat("]", 200), code: 400, text: "deeply"},
		{name: "no issue", body: `{"action":"created","repository":{"id":1,"full_name":"acme/toc"}}`, code: 400, text: "names no repository or no issue"},
		{name: "no repository", body: `{"action":"created","issue":{"number":7},"repository":{"id":1}}`, code: 400, text: "names no repository or no issue"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := &inbox{seen: map[string]bool{}}
			r := httptest.NewRequest("POST", "/hook", strings.NewReader(tc.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-GitHub-Event", "issue_comment")
			r.Header.Set("X-GitHub-Delivery", "guid-1")
			r.Header.Set("X-Hub-Signature-256", sign("new", tc.body))
			if tc.change != nil {
				tc.change(r)
			}
			w := httptest.NewRecorder()
			receiver(t, in).ServeHTTP(w, r)
			if w.Code != tc.code || !strings.Contains(w.Body.String(), tc.text) || len(in.got) != tc.stored {
				t.Fatalf("got %d %q, %d stored; want %d %q, %d", w.Code, w.Body, len(in.got), tc.code, tc.text, tc.stored)
			}
			if tc.stored == 1 && (in.got[0].Key != "gh:42#7" || string(in.got[0].Payload) != tc.body) {
				t.Errorf("stored %.80v", in.got[0])
			}
		})
	}
}

func TestDuplicateAndFailure(t *testing.T) {
	in := &inbox{seen: map[string]bool{}}
	h := receiver(t, in)
	post := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/", strings.NewReader(comment))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-GitHub-Event", "issue_comment")
		r.Header.Set("X-GitHub-Delivery", "guid-1")
		r.Header.Set("X-Hub-Signature-256", sign("new", comment))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	post()
	if w := post(); w.Code != 202 || !strings.Contains(w.Body.String(), "duplicate") {
		t.Errorf("a duplicate got %d %q", w.Code, w.Body)
	}
	in.err = errors.New("disk full")
	if w := post(); w.Code != 503 || strings.Contains(w.Body.String(), "disk") {
		t.Errorf("a failure got %d %q", w.Code, w.Body)
	}
}

func TestNoSecretNoStart(t *testing.T) {
	if _, err := New(Options{Secrets: Secrets{Everywhere: {nil, {}}}}); err == nil {
		t.Error("a receiver without a secret was made")
	}
}

// unread fails the test when somebody reads from it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) { u.t.Error("the body was read"); return 0, io.EOF }

func TestRefusedUnread(t *testing.T) {
	r := httptest.NewRequestWithContext(context.Background(), "POST", "/", unread{t})
	r.ContentLength = 1000
	w := httptest.NewRecorder()
	receiver(t, &inbox{}).ServeHTTP(w, r)
	if w.Code != 401 || w.Header().Get("Connection") != "close" {
		t.Errorf("got %d, %v", w.Code, w.Header())
	}
}

// FuzzReceive: whatever is signed rightly gets an answer below 500, and what is stored is what came.
func FuzzReceive(f *testing.F) {
	f.Add("issue_comment", comment)
	f.Add("issues", `{"action":"edited","issue":{"number":1,"body":null},"repository":{"id":1,"full_name":"acme/toc"},"changes":{"body":{"from":"x"}}}`)
	f.Add("ping", `{}`)
	f.Fuzz(func(t *testing.T, name, body string) {
		in := &inbox{seen: map[string]bool{}}
		r := httptest.NewRequest("POST", "/", bytes.NewReader([]byte(body)))
		r.Header = http.Header{"Content-Type": {"application/json"}, "X-Github-Event": {name}, "X-Github-Delivery": {"g"},
			"X-Hub-Signature-256": {sign("new", body)}}
		w := httptest.NewRecorder()
		receiver(t, in).ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		for _, d := range in.got {
			if string(d.Payload) != body {
				t.Fatal("another payload was stored")
			}
		}
	})
}

// held is a body that never ends until it is let go; it tells how much room the reader of it had.
type held struct {
	room chan int
	done chan struct{}
}

func (b held) Read(p []byte) (int, error) {
	select {
	case b.room <- len(p):
	case <-b.done:
	}
	<-b.done
	return 0, io.ErrUnexpectedEOF
}

// TestTogether: of bodies that nobody has vouched for, small ones too, only so many are held in memory at a time.
func TestTogether(t *testing.T) {
	h := receiver(t, &inbox{seen: map[string]bool{}})
	b := held{make(chan int), make(chan struct{})}
	var all sync.WaitGroup
	post := func() (room int) {
		all.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "/hook", b)
			r.ContentLength = inMemory
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-GitHub-Event", "issues")
			r.Header.Set("X-GitHub-Delivery", "1")
			r.Header.Set("X-Hub-Signature-256", sign("other", ""))
			h.ServeHTTP(httptest.NewRecorder(), r)
		})
		return <-b.room
	}
	inRoom := 0
	for range 3 * together / inMemory {
		if post() == inMemory {
			inRoom++
		}
	}
	if inRoom != together/inMemory {
		t.Errorf("%d bodies of %d bytes are in memory, want %d", inRoom, inMemory, together/inMemory)
	}
	close(b.done)
	all.Wait()
	b.done = make(chan struct{})
	if post() != inMemory {
		t.Error("the room that was given back is not used again")
	}
	close(b.done)
	all.Wait()
}
