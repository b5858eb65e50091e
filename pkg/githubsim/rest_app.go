package githubsim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// theApp is for requests that only the app itself may make, with its JWT.
func (s *Sim) theApp(rq *request) error {
	if s.opts.App == nil || rq.jwt == "" {
		return refuse(401, "A JSON web token could not be decoded")
	}
	return nil
}

func (s *Sim) getApp(rq *request) (reply, error) {
	if err := s.theApp(rq); err != nil {
		return problem(err)
	}
	return ok(s.appJSON())
}

func (s *Sim) listInstallations(rq *request) (reply, error) {
	if err := s.theApp(rq); err != nil {
		return problem(err)
	}
	if s.opts.App.waits {
		return pages([]any{})
	}
	return pages([]any{s.installationJSON()})
}

func (s *Sim) getRepoInstallation(rq *request) (reply, error) {
	if err := s.theApp(rq); err != nil {
		return problem(err)
	}
	if s.repos[key(rq.vars["owner"]+"/"+rq.vars["repo"])] == nil || s.opts.App.waits {
		return problem(notFound())
	}
	return ok(s.installationJSON())
}

// createToken makes a token that acts as the app's bot for an hour.
func (s *Sim) createToken(rq *request) (reply, error) {
	if err := s.theApp(rq); err != nil {
		return problem(err)
	}
	if rq.vars["installation_id"] != fmt.Sprint(s.opts.App.installation()) || s.opts.App.waits {
		return problem(notFound())
	}
	t := &token{
		text: fmt.Sprintf("ghs_sim_%d", s.nextID()), user: s.users[key(s.opts.Bot)], app: true,
		expires: s.clock.Now().Add(tokenLife),
	}
	s.tokens[t.text] = t
	return created(object{
		"token": t.text, "expires_at": stamp(t.expires), "permissions": s.opts.App.permissions(), "repository_selection": "all",
	})
}

func (s *Sim) hookJSON(h *hook) object {
	u := fmt.Sprintf("%s/app/hook", apiBase)
	if h.Repo != "" {
		u = fmt.Sprintf("%s/repos/%s/hooks/%d", apiBase, h.Repo, h.id)
	}
	events := h.Events
	if len(events) == 0 {
		events = []string{"*"}
	}
	return object{
		"type": "Repository", "id": h.id, "name": "web", "active": true, "events": events,
		"config":     object{"url": h.URL, "content_type": "json", "insecure_ssl": "0", "secret": "********"},
		"created_at": stamp(h.created), "updated_at": stamp(h.created), "url": u, "test_url": u + "/test",
		"ping_url": u + "/pings", "deliveries_url": u + "/deliveries",
		"last_response": object{"code": nil, "status": "unused", "message": nil},
	}
}

// mine gives the hooks that a path is about: the repository's one, or the app's.
func (s *Sim) mine(rq *request) ([]*hook, error) {
	if rq.vars["repo"] == "" {
		if err := s.theApp(rq); err != nil {
			return nil, err
		}
		return s.hooksWhere(func(h *hook) bool { return h.Repo == "" }), nil
	}
	r, err := s.theRepo(rq)
	if err != nil {
		return nil, err
	}
	if !s.can(rq.actor, r, "admin") {
		return nil, notFound()
	}
	id := rq.vars["hook_id"]
	found := s.hooksWhere(func(h *hook) bool {
		return strings.EqualFold(h.Repo, r.fullName()) && (id == "" || id == fmt.Sprint(h.id))
	})
	if id != "" && len(found) == 0 {
		return nil, notFound()
	}
	return found, nil
}

func (s *Sim) hooksWhere(want func(*hook) bool) []*hook {
	return slices.DeleteFunc(slices.Clone(s.hooks), func(h *hook) bool { return !want(h) })
}

func (s *Sim) listHooks(rq *request) (reply, error) {
	hooks, err := s.mine(rq)
	if err != nil {
		return problem(err)
	}
	return pages(each(hooks, s.hookJSON))
}

func (s *Sim) deliveryJSON(d *delivery) object {
	o := object{
		"id": d.ID, "guid": d.GUID, "delivered_at": stamp(d.At), "redelivery": d.Redelivery, "duration": 0.1,
		"status": d.word(), "status_code": d.StatusCode, "event": d.Event, "action": orNull(d.Action),
		"installation_id": nil, "repository_id": orNull(d.repoID), "throttled_at": nil,
	}
	if s.opts.App != nil && d.hook.Repo == "" {
		o["installation_id"] = s.opts.App.installation()
	}
	return o
}

// word is the status in words, as GitHub's delivery list has it.
func (d *delivery) word() string {
	switch {
	case d.StatusCode == 0:
		return "pending"
	case d.StatusCode < 400:
		return "OK"
	case d.StatusCode == 504:
		return "timed out"
	}
	return fmt.Sprintf("Invalid HTTP Response: %d", d.StatusCode)
}

// deliveriesOf gives what was sent to some hooks, newest first. What still waits is not in GitHub's log either.
func (s *Sim) deliveriesOf(hooks []*hook) []*delivery {
	var out []*delivery
	for _, d := range slices.Backward(s.deliveries) {
		if d.StatusCode != 0 && slices.Contains(hooks, d.hook) {
			out = append(out, d)
		}
	}
	return out
}

// listDeliveries pages by cursor: v1_ID is where the next page begins.
func (s *Sim) listDeliveries(rq *request) (reply, error) {
	hooks, err := s.mine(rq)
	if err != nil {
		return problem(err)
	}
	q := rq.URL.Query()
	from := int64(0)
	if cursor := q.Get("cursor"); cursor != "" {
		id, found := strings.CutPrefix(cursor, "v1_")
		if from, err = strconv.ParseInt(id, 10, 64); err != nil || !found {
			return problem(refuse(422, "Invalid cursor"))
		}
	}
	list := slices.DeleteFunc(s.deliveriesOf(hooks), func(d *delivery) bool {
		failed := d.StatusCode >= 400
		status := q.Get("status")
		return from != 0 && d.ID > from || status == "failure" && !failed || status == "success" && failed
	})
	size := min(positive(q.Get("per_page"), defaultPage), maxPage)
	rp := reply{status: 200, header: map[string][]string{}}
	if len(list) > size {
		q.Set("cursor", fmt.Sprintf("v1_%d", list[size].ID))
		path := strings.TrimPrefix(rq.URL.EscapedPath(), "/api/v3")
		rp.header.Set("Link", fmt.Sprintf(`<%s%s?%s>; rel="next"`, rq.base, path, q.Encode()))
		list = list[:size]
	}
	rp.body = each(list, s.deliveryJSON)
	return rp, nil
}

func (s *Sim) theDelivery(rq *request) (*delivery, error) {
	hooks, err := s.mine(rq)
	if err != nil {
		return nil, err
	}
	for _, d := range s.deliveriesOf(hooks) {
		if fmt.Sprint(d.ID) == rq.vars["delivery_id"] {
			return d, nil
		}
	}
	return nil, notFound()
}

func (s *Sim) getDelivery(rq *request) (reply, error) {
	d, err := s.theDelivery(rq)
	if err != nil {
		return problem(err)
	}
	headers := object{}
	for name, values := range d.headers() {
		headers[name] = values[0]
	}
	o := s.deliveryJSON(d)
	o["url"] = d.hook.URL
	o["request"] = object{"headers": headers, "payload": json.RawMessage(d.Payload)}
	o["response"] = object{"headers": object{}, "payload": string(d.answer)}
	return ok(o)
}

func (s *Sim) postAttempt(rq *request) (reply, error) {
	d, err := s.theDelivery(rq)
	if err != nil {
		return problem(err)
	}
	s.redeliver(d)
	return reply{status: 202, body: object{}}, nil
}
