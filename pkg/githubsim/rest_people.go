package githubsim

import (
	"fmt"
	"slices"
)

func (s *Sim) getMe(rq *request) (reply, error) {
	switch {
	case rq.actor.user == nil:
		return problem(refuse(401, "Requires authentication"))
	case rq.actor.app:
		return problem(rq.actor.forbidden()) // an installation is nobody
	}
	return ok(s.profile(rq.actor.user))
}

func (s *Sim) getUser(rq *request) (reply, error) {
	u := s.users[key(rq.vars["username"])]
	if u == nil {
		return problem(notFound())
	}
	return ok(s.profile(u))
}

func (s *Sim) profile(u *user) object {
	o := s.userJSON(u)
	for _, name := range []string{"name", "company", "location", "email", "hireable", "bio", "twitter_username"} {
		o[name] = nil
	}
	for _, name := range []string{"public_repos", "public_gists", "followers", "following"} {
		o[name] = 0
	}
	o["blog"] = ""
	o["created_at"], o["updated_at"] = stamp(u.createdAt), stamp(u.createdAt)
	return o
}

// theOrg gives the organisation of the path; its members are visible to its members and to the bot's app.
func (s *Sim) theOrg(rq *request) (*org, error) {
	if o := s.orgs[key(rq.vars["org"])]; o != nil {
		return o, nil
	}
	return nil, notFound()
}

func (s *Sim) checkMember(rq *request) (reply, error) {
	o, err := s.theOrg(rq)
	if err != nil {
		return problem(err)
	}
	if !o.has(rq.vars["username"]) {
		return problem(refuse(404, "User does not exist or is not a member of the organization"))
	}
	return noContent()
}

func (o *org) has(login string) bool { return o.members[key(login)] || o.owners[key(login)] }

func (s *Sim) getMembership(rq *request) (reply, error) {
	o, err := s.theOrg(rq)
	if err != nil {
		return problem(err)
	}
	u := s.users[key(rq.vars["username"])]
	if u == nil || !o.has(u.login) {
		return problem(notFound())
	}
	role := "member"
	if o.owners[key(u.login)] {
		role = "admin"
	}
	api := apiBase + "/orgs/" + o.login
	return ok(object{
		"url": api + "/memberships/" + u.login, "state": "active", "role": role, "organization_url": api,
		"organization": s.orgJSON(o), "user": s.userJSON(u),
	})
}

// theTeam gives the team of the path.
func (s *Sim) theTeam(rq *request) (*org, *team, error) {
	o, err := s.theOrg(rq)
	if err != nil {
		return nil, nil, err
	}
	t := o.teams[key(rq.vars["team_slug"])]
	if t == nil {
		return nil, nil, notFound()
	}
	return o, t, nil
}

func (s *Sim) listTeamMembers(rq *request) (reply, error) {
	_, t, err := s.theTeam(rq)
	if err != nil {
		return problem(err)
	}
	var logins []string
	for login := range t.members {
		logins = append(logins, login)
	}
	slices.Sort(logins)
	return pages(each(logins, func(login string) object { return s.userJSON(s.users[login]) }))
}

func (s *Sim) getTeamMembership(rq *request) (reply, error) {
	o, t, err := s.theTeam(rq)
	if err != nil {
		return problem(err)
	}
	login := rq.vars["username"]
	if !t.members[key(login)] {
		return problem(notFound())
	}
	return ok(object{
		"url":  fmt.Sprintf("%s/organizations/%d/team/%d/memberships/%s", apiBase, o.id, t.id, login),
		"role": "member", "state": "active",
	})
}

func (s *Sim) rateLimit(rq *request) (reply, error) {
	w, limit := s.window(rq)
	show := func(limit, used int, until int64) object {
		return object{"limit": limit, "used": used, "remaining": limit - used, "reset": until}
	}
	core := show(limit, w.used, w.until.Unix())
	graphql := show(s.opts.RateLimit, 0, w.until.Unix())
	if t := rq.token; t != nil && t.used["graphql"] != nil {
		graphql = show(s.opts.RateLimit, t.used["graphql"].used, t.used["graphql"].until.Unix())
	}
	search := show(30, 0, w.until.Unix())
	return ok(object{"rate": core, "resources": object{"core": core, "graphql": graphql, "search": search}})
}
