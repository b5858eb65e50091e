package githubsim

import (
	"fmt"
	"strings"
	"time"
)

// rank orders the built-in roles: each one may do what the ones below may.
var rank = map[string]int{"none": 0, "read": 1, "triage": 2, "write": 3, "maintain": 4, "admin": 5}

// AddUser makes an account for a person. Doing so again changes nothing.
func (s *Sim) AddUser(login string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addUser(login)
}

// AddBot makes an account of type Bot; its login ends in [bot].
func (s *Sim) AddBot(login string) {
	if !strings.HasSuffix(login, "[bot]") {
		panic(fmt.Sprintf("githubsim: the login of a bot ends in [bot]: %q", login))
	}
	s.AddUser(login)
}

func (s *Sim) addUser(login string) *user {
	if u := s.users[key(login)]; u != nil {
		return u
	}
	created := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	u := &user{id: s.nextID(), login: login, bot: strings.HasSuffix(login, "[bot]"), createdAt: created}
	u.token = tokenFor(login)
	s.users[key(login)] = u
	s.tokens[u.token] = &token{text: u.token, user: u}
	return u
}

func tokenFor(login string) string {
	return "ghp_sim_" + strings.NewReplacer("[", "_", "]", "").Replace(login)
}

// Token gives a token that acts as the user.
func (s *Sim) Token(login string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mustUser(login).token
}

func (s *Sim) mustUser(login string) *user {
	u := s.users[key(login)]
	if u == nil {
		panic(fmt.Sprintf("githubsim: there is no user %q; AddUser first", login))
	}
	return u
}

// as gives the actor for a login. The bot acts through its app if it is one.
func (s *Sim) as(login string) actor {
	u := s.mustUser(login)
	return actor{user: u, app: s.opts.App != nil && strings.EqualFold(login, s.opts.Bot)}
}

// AddOrgMember makes people members of an organisation, which is made if need be.
func (s *Sim) AddOrgMember(orgName string, logins ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.addOrg(orgName)
	for _, login := range logins {
		o.members[key(s.addUser(login).login)] = true
	}
}

// AddTeam makes people members of a team "org/slug", and so of its organisation.
func (s *Sim) AddTeam(name string, logins ...string) {
	orgName, slug, ok := strings.Cut(name, "/")
	if !ok {
		panic(fmt.Sprintf("githubsim: a team is org/slug: %q", name))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.addOrg(orgName)
	t := o.teams[key(slug)]
	if t == nil {
		t = &team{id: s.nextID(), slug: key(slug), members: map[string]bool{}}
		o.teams[key(slug)] = t
	}
	for _, login := range logins {
		u := s.addUser(login)
		t.members[key(u.login)] = true
		o.members[key(u.login)] = true
	}
}

func (s *Sim) addOrg(login string) *org {
	if o := s.orgs[key(login)]; o != nil {
		return o
	}
	o := &org{id: s.nextID(), login: login, owners: map[string]bool{}, members: map[string]bool{}, teams: map[string]*team{}}
	s.orgs[key(login)] = o
	return o
}

// AddRole defines a custom role of an organisation that is based on a built-in one, such as "release-lead" on "write".
func (s *Sim) AddRole(name, base string) {
	if rank[base] == 0 {
		panic(fmt.Sprintf("githubsim: %q is not a built-in role", base))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.roles[name] = base
}

// SetRole gives somebody a role in a repository: admin, maintain, write, triage, read, none, or a role of AddRole.
func (s *Sim) SetRole(repoName, login, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, builtIn := rank[role]; !builtIn && s.roles[role] == "" {
		panic(fmt.Sprintf("githubsim: there is no role %q", role))
	}
	s.mustRepo(repoName).roles[key(s.addUser(login).login)] = role
}

// Archive makes a repository read-only, or not any more.
func (s *Sim) Archive(repoName string, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mustRepo(repoName).archived = on
}

// role gives the name of somebody's role in a repository, and the built-in one that it amounts to.
func (s *Sim) role(r *repo, u *user) (name, base string) {
	name = s.grant(r, u)
	if custom := s.roles[name]; custom != "" {
		return name, custom
	}
	return name, name
}

func (s *Sim) grant(r *repo, u *user) string {
	if u == nil {
		return visitor(r)
	}
	if name := r.roles[key(u.login)]; name != "" {
		return name
	}
	switch {
	case r.ownerUser == u, r.org != nil && r.org.owners[key(u.login)]:
		return "admin"
	case key(u.login) == key(s.opts.Bot):
		return "write" // it is installed here, with write permission for issues
	case r.org != nil && r.org.members[key(u.login)]:
		return "read"
	}
	return visitor(r)
}

func visitor(r *repo) string {
	if r.private {
		return "none"
	}
	return "read"
}

// can tells whether the actor has at least this role.
func (s *Sim) can(a actor, r *repo, role string) bool {
	_, base := s.role(r, a.user)
	return rank[base] >= rank[role]
}

// collaborator tells what GET collaborators/{login} tells: somebody with a grant of their own, or through the organisation.
func (s *Sim) collaborator(r *repo, u *user) bool {
	k := key(u.login)
	if role := r.roles[k]; role != "" {
		return role != "none"
	}
	return r.ownerUser == u || r.org != nil && (r.org.owners[k] || r.org.members[k])
}

// assignable: collaborators, and whoever wrote on the issue.
func (s *Sim) assignable(r *repo, i *issueState, u *user) bool {
	if s.collaborator(r, u) || i != nil && i.author == u {
		return true
	}
	if i != nil {
		for _, c := range i.comments {
			if c.author == u {
				return true
			}
		}
	}
	return false
}

// association is the author_association that GitHub prints beside a name.
func (s *Sim) association(r *repo, u *user) string {
	k := key(u.login)
	switch {
	case r.ownerUser == u:
		return "OWNER"
	case r.org != nil && (r.org.owners[k] || r.org.members[k]):
		return "MEMBER"
	case r.roles[k] != "" && r.roles[k] != "none":
		return "COLLABORATOR"
	}
	return "NONE"
}
