package githubsim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"
)

// Hook is a webhook: of one repository, or of the app and so of all of them.
type Hook struct {
	URL    string
	Secret string
	Repo   string   // "owner/name"; empty means all
	Events []string // empty means all
}

type hook struct {
	Hook
	id      int64
	created time.Time
	queue   []*delivery
	busy    bool
}

// Delivery is one attempt to deliver an event. A redelivery is another one with the same GUID.
type Delivery struct {
	ID         int64
	GUID       string
	HookID     int64
	Event      string // "issues"
	Action     string // "labeled"
	Repo       string // "owner/name"
	Payload    []byte
	At         time.Time
	Attempt    int // 1, and more for redeliveries
	Redelivery bool
	// StatusCode is what the receiver answered; 502 if it could not be reached, 504 if it was too slow or the delivery
	// was dropped, 0 as long as it waits.
	StatusCode int
}

type delivery struct {
	Delivery
	hook   *hook
	repoID int64
	answer []byte
}

// Mode says what becomes of events that happen from now on.
type Mode int

const (
	// Deliver sends them at once, for each hook in the order in which they happened.
	Deliver Mode = iota
	// Hold keeps them until Flush.
	Hold
	// Drop logs them as failed, as GitHub does while the receiver is down.
	Drop
	// Duplicate sends each of them twice.
	Duplicate
)

// AddHook installs a webhook, gives its id and sends it GitHub's ping.
func (s *Sim) AddHook(h Hook) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h.Repo != "" {
		s.mustRepo(h.Repo)
	}
	k := &hook{Hook: h, id: s.nextID(), created: s.now()}
	s.hooks = append(s.hooks, k)
	payload := object{"zen": "Keep it logically awesome.", "hook_id": k.id, "hook": s.hookJSON(k), "sender": s.userJSON(s.users[key(s.opts.Bot)])}
	var r *repo
	if h.Repo != "" {
		r = s.mustRepo(h.Repo)
		payload["repository"] = s.repoJSON(r)
	}
	s.enqueue(s.newDelivery(k, r, "ping", "", s.guid(), encode(payload)))
	return k.id
}

// SetHookURL moves a webhook to another address.
func (s *Sim) SetHookURL(id int64, url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.hooks {
		if h.id == id {
			h.URL = url
		}
	}
}

// emit raises an event about an issue, with the issue as it is now.
func (s *Sim) emit(a actor, i *issueState, name, action string, extra object) {
	if i.pull && name == "issues" {
		s.emitPull(a, i, action, extra)
		return
	}
	payload := object{"issue": s.issueJSON(i)}
	for k, v := range extra {
		payload[k] = v
	}
	s.emitRepo(a, i.repo, name, action, payload)
}

// emitRepo raises an event in a repository. Its payload is written now: what happens later is not in it.
func (s *Sim) emitRepo(a actor, r *repo, name, action string, payload object) {
	payload["action"] = action
	payload["repository"] = s.repoJSON(r)
	payload["sender"] = s.userJSON(a.user)
	if r.org != nil {
		payload["organization"] = s.orgJSON(r.org)
	}
	if app := s.opts.App; app != nil {
		payload["installation"] = object{"id": app.installation(), "node_id": nodeID("IN", app.installation())}
	}
	guid := s.guid()
	raw := encode(payload)
	for _, h := range s.hooks {
		if h.Repo != "" && !strings.EqualFold(h.Repo, r.fullName()) {
			continue
		}
		if len(h.Events) > 0 && !slices.Contains(h.Events, name) && !slices.Contains(h.Events, "*") {
			continue
		}
		s.enqueue(s.newDelivery(h, r, name, action, guid, raw))
		if s.mode == Duplicate {
			s.enqueue(s.newDelivery(h, r, name, action, guid, raw))
		}
	}
}

func encode(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // only maps, strings and numbers come here
	}
	return raw
}

func (s *Sim) guid() string {
	a, b := s.rng.Uint64(), s.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", a>>32, a>>16&0xffff, a&0x0fff|0x4000, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

func (s *Sim) newDelivery(h *hook, r *repo, name, action, guid string, payload []byte) *delivery {
	d := &delivery{hook: h, Delivery: Delivery{
		ID: s.nextID(), GUID: guid, HookID: h.id, Event: name, Action: action, Payload: payload, At: s.now(), Attempt: 1,
	}}
	if r != nil {
		d.Repo, d.repoID = r.fullName(), r.id
	}
	for _, other := range s.deliveries {
		if other.GUID == guid && other.hook == h {
			d.Attempt++
		}
	}
	s.deliveries = append(s.deliveries, d)
	return d
}

// enqueue hands a delivery to its hook's queue, which one goroutine empties.
func (s *Sim) enqueue(d *delivery) {
	if s.mode == Drop {
		d.StatusCode = http.StatusGatewayTimeout
		return
	}
	d.hook.queue = append(d.hook.queue, d)
	s.start(d.hook)
}

func (s *Sim) start(h *hook) {
	if !h.busy && s.mode != Hold && len(h.queue) > 0 {
		h.busy = true
		go s.pump(h)
	}
}

func (s *Sim) pump(h *hook) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(h.queue) > 0 && s.mode != Hold {
		d := h.queue[0]
		h.queue = h.queue[1:]
		url := h.URL // the hook may be moved meanwhile
		s.mu.Unlock()
		status, answer := s.post(d, url)
		s.mu.Lock()
		d.StatusCode, d.answer = status, answer
	}
	h.busy = false
	s.idle.Broadcast()
}

// headers are the ones that GitHub sends; the signature covers the raw bytes.
func (d *delivery) headers() http.Header {
	kind, id := "repository", d.repoID
	if d.hook.Repo == "" {
		kind, id = "integration", d.hook.id
	}
	h := http.Header{}
	h.Set("Accept", "*/*")
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "GitHub-Hookshot/githubsim")
	h.Set("X-GitHub-Delivery", d.GUID)
	h.Set("X-GitHub-Event", d.Event)
	h.Set("X-GitHub-Hook-ID", fmt.Sprint(d.hook.id))
	h.Set("X-GitHub-Hook-Installation-Target-Type", kind)
	h.Set("X-GitHub-Hook-Installation-Target-ID", fmt.Sprint(id))
	if d.hook.Secret != "" {
		mac := hmac.New(sha256.New, []byte(d.hook.Secret))
		mac.Write(d.Payload)
		h.Set("X-Hub-Signature-256", fmt.Sprintf("sha256=%x", mac.Sum(nil)))
	}
	return h
}

func (s *Sim) post(d *delivery, url string) (status int, answer []byte) {
	rq, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(d.Payload))
	if err != nil {
		return http.StatusBadGateway, []byte(err.Error())
	}
	rq.Header = d.headers()
	rs, err := s.opts.Client.Do(rq)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded):
		return http.StatusGatewayTimeout, []byte(err.Error())
	case err != nil:
		return http.StatusBadGateway, []byte(err.Error())
	}
	defer rs.Body.Close()
	answer, err = readLimited(rs.Body)
	if err != nil {
		return http.StatusBadGateway, []byte(err.Error())
	}
	return rs.StatusCode, answer
}

// SetMode says what becomes of events from now on. Leaving Hold sends what was held.
func (s *Sim) SetMode(m Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mode = m
	for _, h := range s.hooks {
		s.start(h)
	}
}

// Held gives what waits, per hook in order.
func (s *Sim) Held() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Delivery
	for _, h := range s.hooks {
		for _, d := range h.queue {
			out = append(out, d.Delivery)
		}
	}
	return out
}

// Flush goes back to delivering at once and sends what was held.
func (s *Sim) Flush() { s.SetMode(Deliver) }

// Reorder shuffles what is held, by the seed.
func (s *Sim) Reorder() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.hooks {
		s.rng.Shuffle(len(h.queue), func(i, j int) { h.queue[i], h.queue[j] = h.queue[j], h.queue[i] })
	}
}

// Drain waits until everything that is not held was delivered.
func (s *Sim) Drain(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.idle.Broadcast()
	})
	defer stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for slices.ContainsFunc(s.hooks, func(h *hook) bool { return h.busy }) {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.idle.Wait()
	}
	return nil
}

// Deliveries gives the log: every attempt, oldest first.
func (s *Sim) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Delivery, 0, len(s.deliveries))
	for _, d := range s.deliveries {
		out = append(out, d.Delivery)
	}
	return out
}

// Redeliver sends an event again to each hook that it was for, as the button on GitHub's page does.
func (s *Sim) Redeliver(guid string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := map[*hook]bool{}
	for _, d := range slices.Clone(s.deliveries) {
		if d.GUID == guid && !seen[d.hook] {
			seen[d.hook] = true
			s.redeliver(d)
		}
	}
	if len(seen) == 0 {
		panic(fmt.Sprintf("githubsim: there is no delivery %q", guid))
	}
}

func (s *Sim) redeliver(d *delivery) {
	again := s.newDelivery(d.hook, s.repoByID[d.repoID], d.Event, d.Action, d.GUID, d.Payload)
	again.Redelivery = true
	s.enqueue(again)
}
