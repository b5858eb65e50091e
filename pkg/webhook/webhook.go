// Package webhook receives GitHub's webhooks. Nothing is parsed before its signature over the raw bytes was checked, and
// nothing is acknowledged before it is on disk. What has no signature is refused unread.
package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/ddbot/ddbot/pkg/payload"
	"github.com/ddbot/ddbot/pkg/queue"
)

// Limits of one request.
const (
	MaxBody     = 25 << 20  // GitHub's own limit
	inMemory    = 256 << 10 // larger bodies, and those of unknown length, are hashed on their way to a temporary file
	maxDepth    = 100       // of nested JSON
	maxGUID     = 128       // characters
	together    = 2 << 20   // what bodies in memory may be together before their signature was checked; others go to files
	copyBuffer  = 8 << 10   // of each body that goes to a file
	largeAtOnce = 2         // large bodies that are in memory at a time, after their signature was found right
)

// Handler is the receiver. Make it with New.
type Handler struct {
	scopes  Secrets
	secrets [][]byte
	places  []map[string]bool // that each of the secrets is for
	inbox   Inbox
	now     func() time.Time
	log     logrus.FieldLogger
	dir     string
	large   chan struct{}
	unknown atomic.Int64 // bytes in memory of which nobody knows yet who sent them
	count   func(event, outcome string)

	mu     sync.Mutex
	warned map[int]warning // by status code
}

// warning is when senders were last complained about, and how many came since.
type warning struct {
	at    time.Time
	since int
}

// Inbox is where deliveries go.
type Inbox interface {
	Receive(r *http.Request, e payload.Envelope, d queue.Delivery) (fresh bool, err error)
}

// InboxFunc lets a function be an Inbox.
type InboxFunc func(r *http.Request, e payload.Envelope, d queue.Delivery) (bool, error)

// Receive calls the function.
func (f InboxFunc) Receive(r *http.Request, e payload.Envelope, d queue.Delivery) (bool, error) {
	return f(r, e, d)
}

// Options of a receiver.
type Options struct {
	Secrets Secrets // any of those of a place may have signed, so that a secret can be exchanged without a gap
	Inbox   Inbox
	Now     func() time.Time
	Log     logrus.FieldLogger
	TempDir string                      // for large bodies; empty is the system's
	Count   func(event, outcome string) // for metrics; nil is fine
}

// New makes a receiver. Without a secret there is none.
func New(o Options) (*Handler, error) {
	secrets, places, err := o.Secrets.usable()
	if err != nil {
		return nil, err
	}
	if o.Count == nil {
		o.Count = func(string, string) {}
	}
	return &Handler{
		scopes: o.Secrets, secrets: secrets, places: places, warned: map[int]warning{}, inbox: o.Inbox, now: o.Now, log: o.Log, dir: o.TempDir, count: o.Count,
		large: make(chan struct{}, largeAtOnce),
	}, nil
}

// refusal is an answer other than 2xx.
type refusal struct {
	code int
	text string
}

func (r *refusal) Error() string { return r.text }

func refuse(code int, format string, args ...any) error {
	return &refusal{code, fmt.Sprintf(format, args...)}
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.Header.Get("X-GitHub-Event")
	code, text, err := h.receive(w, r)
	var no *refusal
	switch {
	case errors.As(err, &no):
		code, text = no.code, no.text
		h.count(known(name), "refused")
		h.complain(r, no)
	case err != nil:
		h.log.WithError(err).WithField("delivery", r.Header.Get("X-GitHub-Delivery")).Error("Cannot store a delivery")
		code, text = http.StatusServiceUnavailable, "cannot store this delivery now"
		h.count(known(name), "failed")
	default:
		h.count(known(name), text)
	}
	if code >= 400 {
		// The rest of the body is not worth reading.
		w.Header().Set("Connection", "close")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(code)
	_, _ = io.WriteString(w, text+"\n")
}

// complainEvery is how often senders are complained about in the log, for each kind of mistake: what they send is not ours to
// limit, what we write is.
const complainEvery = time.Minute

// worthTelling are refusals of what claims to be a delivery: GitHub shows them only to who looks there, and Prow's hook to nobody
// but its log.
func worthTelling(r *http.Request, no *refusal) bool {
	switch no.code {
	case http.StatusUnauthorized, http.StatusUnsupportedMediaType, http.StatusBadRequest:
		return true
	case http.StatusMethodNotAllowed:
		return r.Header.Get("X-GitHub-Delivery") != ""
	}
	return false
}

// complain tells the operator of senders whose secret or content type is wrong, and of deliveries that did not come whole.
func (h *Handler) complain(r *http.Request, no *refusal) {
	if !worthTelling(r, no) {
		return
	}
	h.mu.Lock()
	w := h.warned[no.code]
	w.since++
	due := w.at.IsZero() || h.now().Sub(w.at) >= complainEvery
	if due {
		h.warned[no.code] = warning{at: h.now()}
	} else {
		h.warned[no.code] = w
	}
	h.mu.Unlock()
	if !due {
		return
	}
	h.log.WithFields(logrus.Fields{
		"event": known(r.Header.Get("X-GitHub-Event")), "from": r.RemoteAddr, "forwarded_for": short(r.Header.Get("X-Forwarded-For")),
		"delivery": short(r.Header.Get("X-GitHub-Delivery")), "hook": short(r.Header.Get("X-GitHub-Hook-ID")), "refused": w.since,
	}).Warn("A webhook was refused: " + no.text)
}

// short keeps what a stranger sends from filling the log.
func short(s string) string {
	if len(s) > maxGUID {
		s = s[:maxGUID]
	}
	return s
}

// receive gives the status code and a word for what became of the delivery.
func (h *Handler) receive(w http.ResponseWriter, r *http.Request) (int, string, error) {
	signature, err := check(r)
	if err != nil {
		return 0, "", err
	}
	body, err := h.read(w, r, signature)
	if err != nil {
		return 0, "", err
	}
	defer body.done()
	if body.empty() {
		return 0, "", refuse(http.StatusBadRequest, "%s", noBody)
	}
	name, guid := r.Header.Get("X-GitHub-Event"), r.Header.Get("X-GitHub-Delivery")
	if name == "ping" {
		return http.StatusOK, "pong", nil
	}
	if name == payload.OwnEvent {
		return 0, "", refuse(http.StatusBadRequest, "%s is ddbot's own event", name)
	}
	raw, err := body.bytes()
	if err != nil {
		return 0, "", err
	}
	if deep(raw) {
		return 0, "", refuse(http.StatusBadRequest, "the JSON is nested too deeply")
	}
	envelope, ours, err := payload.Open(name, raw)
	if err != nil {
		return 0, "", refuse(http.StatusBadRequest, "%v", err)
	}
	if !ours {
		return http.StatusAccepted, "ignored", nil
	}
	if !body.by[h.scopes.placeOf(envelope.Owner, envelope.Repo)] {
		return 0, "", refuse(http.StatusUnauthorized, "the secret is not that of %s/%s: set the same secret at GitHub and here", envelope.Owner, envelope.Repo)
	}
	d := queue.Delivery{GUID: guid, Key: envelope.Key, Event: name, Payload: raw, ReceivedAt: h.now()}
	fresh, err := h.inbox.Receive(r, envelope, d)
	if err != nil {
		return 0, "", err
	}
	if !fresh {
		return http.StatusAccepted, "duplicate", nil
	}
	return http.StatusAccepted, "queued", nil
}

// check looks at the headers alone: what fails here costs no reading.
func check(r *http.Request) (signature []byte, err error) {
	if r.Method != http.MethodPost && r.Header.Get("X-GitHub-Delivery") != "" {
		// What a redirect makes of a POST (RFC 9110, 15.4.2, 15.4.3); the body is gone.
		return nil, refuse(http.StatusMethodNotAllowed, "webhooks come by POST, and a redirect on the way made a %s of this one: give the sender the address that it leads to", r.Method)
	}
	if r.Method != http.MethodPost {
		return nil, refuse(http.StatusMethodNotAllowed, "this address takes GitHub's webhooks, by POST")
	}
	digits, ok := strings.CutPrefix(r.Header.Get("X-Hub-Signature-256"), "sha256=")
	if !ok {
		return nil, refuse(http.StatusUnauthorized, "no X-Hub-Signature-256: set the same secret at GitHub and here")
	}
	if signature, err = hex.DecodeString(digits); err != nil || len(signature) != sha256.Size {
		return nil, refuse(http.StatusUnauthorized, "X-Hub-Signature-256 is not a SHA-256 in hexadecimal")
	}
	if guid := r.Header.Get("X-GitHub-Delivery"); guid == "" || len(guid) > maxGUID || r.Header.Get("X-GitHub-Event") == "" {
		return nil, refuse(http.StatusBadRequest, "X-GitHub-Event or X-GitHub-Delivery is missing")
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return nil, refuse(http.StatusUnsupportedMediaType, "choose the content type application/json for this webhook at GitHub")
	}
	if r.ContentLength > MaxBody {
		return nil, refuse(http.StatusRequestEntityTooLarge, "more than %d bytes", MaxBody)
	}
	return signature, nil
}

// body is a request's body whose signature was right.
type body struct {
	memory []byte
	file   *os.File
	size   int64
	h      *Handler
	held   bool
	by     map[string]bool // places for which the signature is right
}

// read takes the body in and checks its signature. Only what is known to be small is kept in memory meanwhile: nobody who
// does not know the secret can make the process large.
func (h *Handler) read(w http.ResponseWriter, r *http.Request, signature []byte) (*body, error) {
	macs := make([]hash.Hash, len(h.secrets))
	writers := make([]io.Writer, len(h.secrets), len(h.secrets)+1)
	for i, s := range h.secrets {
		macs[i] = hmac.New(sha256.New, s)
		writers[i] = macs[i]
	}
	b := &body{h: h}
	small := r.ContentLength >= 0 && r.ContentLength <= inMemory
	if small {
		defer h.unknown.Add(-r.ContentLength)
		small = h.unknown.Add(r.ContentLength) <= together
	}
	if small {
		b.memory = make([]byte, r.ContentLength)
		if _, err := io.ReadFull(r.Body, b.memory); err != nil {
			return nil, refuse(http.StatusBadRequest, "the body ended early")
		}
		for _, m := range macs {
			m.Write(b.memory)
		}
	} else {
		f, err := os.CreateTemp(h.dir, "ddbot-hook-")
		if err != nil {
			return nil, fmt.Errorf("make room for a large body: %w", err)
		}
		b.file = f
		_ = os.Remove(f.Name()) // it lives as long as it is open, and not longer, should we be killed
		if b.size, err = io.CopyBuffer(io.MultiWriter(append(writers, f)...), http.MaxBytesReader(w, r.Body, MaxBody), make([]byte, copyBuffer)); err != nil {
			b.done()
			if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
				return nil, refuse(http.StatusRequestEntityTooLarge, "more than %d bytes", MaxBody)
			}
			return nil, refuse(http.StatusBadRequest, "the body ended early")
		}
	}
	for i, m := range macs {
		if hmac.Equal(m.Sum(nil), signature) {
			b.by = h.places[i]
			return b, nil
		}
	}
	b.done()
	if b.empty() {
		return nil, refuse(http.StatusBadRequest, "%s", noBody)
	}
	return nil, refuse(http.StatusUnauthorized, "the signature is wrong: set the same secret at GitHub and here")
}

// noBody is said whatever the signature: an empty text may be signed, and says nothing.
const noBody = "the webhook has no body: it was lost on the way; deliver it again"

func (b *body) empty() bool { return len(b.memory) == 0 && b.size == 0 }

// bytes gives the whole body in memory; of large ones only few are held at a time.
func (b *body) bytes() ([]byte, error) {
	if b.file == nil {
		return b.memory, nil
	}
	b.h.large <- struct{}{}
	b.held = true
	data := make([]byte, b.size)
	if _, err := b.file.ReadAt(data, 0); err != nil {
		return nil, fmt.Errorf("read a large body back: %w", err)
	}
	return data, nil
}

func (b *body) done() {
	if b.file != nil {
		_ = b.file.Close()
	}
	if b.held {
		<-b.h.large
	}
}

// known keeps made-up event names out of the metrics.
func known(name string) string {
	switch name {
	case "issues", "issue_comment", "pull_request", "ping":
		return name
	}
	return "other"
}

// Server gives an HTTP server with the limits that keep slow and endless senders from holding it up.
func Server(h http.Handler) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
}
