package githubsim

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// authenticate finds out who asks: a token, a JWT of the app, or nobody.
func (s *Sim) authenticate(rq *request) error {
	text := credential(rq.Request)
	if text == "" {
		return nil
	}
	if strings.Count(text, ".") == 2 {
		rq.jwt = text
		return s.checkJWT(text)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tokens[text]
	if t == nil || !t.expires.IsZero() && !s.clock.Now().Before(t.expires) {
		return refuse(401, "Bad credentials")
	}
	rq.token, rq.actor = t, actor{user: t.user, app: t.app}
	return nil
}

func credential(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "token") {
		return strings.TrimSpace(text)
	}
	return ""
}

// checkJWT checks the signature (RS256) where a key is known.
func (s *Sim) checkJWT(text string) error {
	if s.opts.App == nil || s.opts.App.PublicKey == nil {
		return nil
	}
	signed := text[:strings.LastIndex(text, ".")]
	sig, err := base64.RawURLEncoding.DecodeString(text[len(signed)+1:])
	if err != nil {
		return refuse(401, "A JSON web token could not be decoded")
	}
	sum := sha256.Sum256([]byte(signed))
	if rsa.VerifyPKCS1v15(s.opts.App.PublicKey, crypto.SHA256, sum[:], sig) != nil {
		return refuse(401, "A JSON web token could not be decoded")
	}
	return nil
}

const anonymousLimit = 60

// window gives the running hour of the asker.
func (s *Sim) window(rq *request) (w *window, limit int) {
	t, limit := rq.token, s.opts.RateLimit
	if t == nil {
		t, limit = s.anonymous(rq), anonymousLimit
	}
	if t.used == nil {
		t.used = map[string]*window{}
	}
	name := resource(rq)
	w = t.used[name]
	now := s.clock.Now()
	if w == nil || !now.Before(w.until) {
		w = &window{until: now.Add(time.Hour)}
		t.used[name] = w
	}
	return w, limit
}

// anonymous counts for those without a token; an app's JWT counts by itself.
func (s *Sim) anonymous(rq *request) *token {
	name := " anonymous" // with a blank: no credential can say this
	if rq.jwt != "" {
		name = " jwt"
	}
	if s.tokens[name] == nil {
		s.tokens[name] = &token{text: name}
	}
	return s.tokens[name]
}

func resource(rq *request) string {
	if rq.route != nil && rq.route.pattern == "/graphql" {
		return "graphql"
	}
	return "core"
}

// spent refuses a call when the hour's calls are used up.
func (s *Sim) spent(rq *request) error {
	if rq.route.free {
		return nil
	}
	if w, limit := s.window(rq); w.used >= limit {
		return refuse(403, "API rate limit exceeded for %s.", rq.RemoteAddr)
	}
	return nil
}

// meter counts the call and writes the headers. A 304 is free.
func (s *Sim) meter(rq *request, status int, h http.Header) {
	w, limit := s.window(rq)
	if free := rq.route == nil || rq.route.free; !free && status != http.StatusNotModified && w.used < limit {
		w.used++
	}
	set := func(name string, n int64) {
		if h.Get(name) == "" {
			h.Set(name, fmt.Sprint(n))
		}
	}
	set("X-RateLimit-Limit", int64(limit))
	set("X-RateLimit-Remaining", int64(limit-w.used))
	set("X-RateLimit-Used", int64(w.used))
	set("X-RateLimit-Reset", w.until.Unix())
	h.Set("X-RateLimit-Resource", resource(rq))
}
