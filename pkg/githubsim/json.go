package githubsim

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// object is a JSON object. The names in it are GitHub's.
type object = map[string]any

// Where the real GitHub lives: the addresses inside answers and payloads.
const (
	apiBase  = "https://api.github.com"
	htmlBase = "https://github.com"
)

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// orNull gives JSON's null for what is empty.
func orNull[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func stampOrNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return stamp(t)
}

func nodeID(prefix string, id int64) string { return fmt.Sprintf("%s_kwSIM%d", prefix, id) }

func (s *Sim) userJSON(u *user) object {
	if u == nil {
		return nil
	}
	prefix, kind := "U", "User"
	html := htmlBase + "/" + u.login
	if u.bot {
		prefix, kind = "BOT", "Bot"
		html = htmlBase + "/apps/" + strings.TrimSuffix(u.login, "[bot]")
	}
	return account(u.login, u.id, nodeID(prefix, u.id), kind, html)
}

func (s *Sim) orgAsUser(o *org) object {
	return account(o.login, o.id, nodeID("O", o.id), "Organization", htmlBase+"/"+o.login)
}

func account(login string, id int64, node, kind, html string) object {
	api := apiBase + "/users/" + url.PathEscape(login)
	return object{
		"login": login, "id": id, "node_id": node, "type": kind, "site_admin": false, "user_view_type": "public",
		"avatar_url": fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", id), "gravatar_id": "",
		"url": api, "html_url": html,
		"followers_url":       api + "/followers",
		"following_url":       api + "/following{/other_user}",
		"gists_url":           api + "/gists{/gist_id}",
		"starred_url":         api + "/starred{/owner}{/repo}",
		"subscriptions_url":   api + "/subscriptions",
		"organizations_url":   api + "/orgs",
		"repos_url":           api + "/repos",
		"events_url":          api + "/events{/privacy}",
		"received_events_url": api + "/received_events",
	}
}

// orgJSON is the organization that webhooks and memberships carry.
func (s *Sim) orgJSON(o *org) object {
	api := apiBase + "/orgs/" + o.login
	return object{
		"login": o.login, "id": o.id, "node_id": nodeID("O", o.id), "url": api, "description": "",
		"repos_url": api + "/repos", "events_url": api + "/events", "hooks_url": api + "/hooks",
		"issues_url": api + "/issues", "members_url": api + "/members{/member}",
		"public_members_url": api + "/public_members{/member}",
		"avatar_url":         fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", o.id),
	}
}

func (s *Sim) labelJSON(r *repo, l *label) object {
	return object{
		"id": l.id, "node_id": nodeID("LA", l.id), "name": l.name, "color": l.color, "default": false,
		"description": orNull(l.description),
		"url":         r.api() + "/labels/" + url.PathEscape(l.name),
	}
}

func (s *Sim) milestoneJSON(r *repo, m *milestone) object {
	if m == nil {
		return nil
	}
	open, closed := 0, 0
	for _, i := range r.issues {
		switch {
		case i.milestone != m:
		case i.state == "open":
			open++
		default:
			closed++
		}
	}
	u := fmt.Sprintf("%s/milestones/%d", r.api(), m.number)
	return object{
		"id": m.id, "node_id": nodeID("MI", m.id), "number": m.number, "title": m.title, "state": "open",
		"description": nil, "creator": s.userJSON(m.creator), "open_issues": open, "closed_issues": closed,
		"created_at": stamp(m.createdAt), "updated_at": stamp(m.createdAt), "closed_at": nil, "due_on": nil,
		"url": u, "labels_url": u + "/labels", "html_url": fmt.Sprintf("%s/milestone/%d", r.html(), m.number),
	}
}

func (s *Sim) reactionJSON(r *reaction) object {
	return object{
		"id": r.id, "node_id": nodeID("REA", r.id), "user": s.userJSON(r.user), "content": r.content, "created_at": stamp(r.at),
	}
}

func rollup(list []*reaction, on string) object {
	o := object{"url": on + "/reactions", "total_count": len(list)}
	for _, c := range contents {
		o[c] = 0
	}
	for _, r := range list {
		o[r.content] = o[r.content].(int) + 1
	}
	return o
}

func each[T any](list []T, f func(T) object) []any {
	out := make([]any, 0, len(list))
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}
