package githubsim

import (
	"slices"
	"strings"
	"time"
)

// What GitHub stores. All of it is guarded by Sim.mu.

type user struct {
	id        int64
	login     string // as written, with [bot]
	bot       bool
	token     string
	createdAt time.Time
}

type token struct {
	text string
	user *user
	app  bool // acts for an installation: other error texts, performed_via_github_app
	// The calls of this hour, per resource ("core", "graphql").
	used map[string]*window
	// Installation tokens end.
	expires time.Time
}

type window struct {
	until time.Time
	used  int
}

// actor is who does a thing, and by which kind of token.
type actor struct {
	user *user
	app  bool
}

type org struct {
	id      int64
	login   string
	owners  map[string]bool
	members map[string]bool
	teams   map[string]*team
}

type team struct {
	id      int64
	slug    string
	members map[string]bool
}

type repo struct {
	id            int64
	owner, name   string
	org           *org  // nil when a person owns it
	ownerUser     *user // nil when an organisation owns it
	private       bool
	archived      bool
	createdAt     time.Time
	roles         map[string]string // lower-case login to role name
	labels        []*label
	milestones    []*milestone
	tree                           // of the default branch
	branches      map[string]*tree // the others
	issues        map[int]*issueState
	lastNumber    int
	defaultBranch string
	releases      []gitRelease
}

// tree is what a branch holds, and how that came.
type tree struct {
	files   map[string]*file
	commits []gitCommit // oldest first
}

func (r *repo) fullName() string { return r.owner + "/" + r.name }

type label struct {
	id          int64
	name        string
	color       string
	description string
}

type milestone struct {
	id        int64
	number    int
	title     string
	creator   *user
	createdAt time.Time
}

type file struct {
	content []byte
	sha     string
}

type issueState struct {
	id          int64
	repo        *repo
	number      int
	pull        bool
	pullID      int64 // the pull request has an id besides the one it has as an issue
	merged      bool
	head        string // the pull request's branch; "" for one that has it in name only
	headSHA     string // of one that is over: the last commit of it
	title, body string
	author      *user
	viaApp      bool
	state       string
	reason      string
	closedAt    time.Time
	closedBy    *user
	labels      []*label
	assignees   []*user
	reviews     []string // logins and org/team who are asked to review the pull request
	milestone   *milestone
	locked      bool
	lockReason  string
	pinned      bool
	deleted     bool
	movedTo     *issueState
	createdAt   time.Time
	updatedAt   time.Time
	edits       []edit
	comments    []*comment
	reactions   []*reaction
	events      []*event
}

type comment struct {
	id        int64
	issue     *issueState
	author    *user
	viaApp    bool
	body      string
	createdAt time.Time
	updatedAt time.Time
	edits     []edit
	reactions []*reaction
}

// edit is one version of a text. The first is the text as created; it is kept once there is a second.
type edit struct {
	at   time.Time
	by   *user
	text string
}

type reaction struct {
	id      int64
	user    *user
	content string
	at      time.Time
}

// event is a line of an issue's timeline.
type event struct {
	id        int64
	kind      string
	actor     *user
	viaApp    bool
	at        time.Time
	label     *label
	assignee  *user
	milestone string
	from, to  string // of a rename
	reason    string // of a close
	commit    string
	lock      string
	comment   *comment    // commented
	source    *issueState // cross-referenced, and the pull request that closed this
}

func key(s string) string { return strings.ToLower(s) }

func (i *issueState) hasLabel(name string) bool {
	return slices.ContainsFunc(i.labels, func(l *label) bool { return strings.EqualFold(l.name, name) })
}

// touch moves updated_at: every change does, reactions and cross-references do not.
func (s *Sim) touch(i *issueState) { i.updatedAt = s.now() }

// note writes a line into the issue's timeline and gives it, for the caller to add to.
func (s *Sim) note(i *issueState, a actor, kind string) *event {
	e := &event{id: s.nextID(), kind: kind, actor: a.user, viaApp: a.app, at: s.now()}
	i.events = append(i.events, e)
	return e
}

// keep records a version of a text.
func (s *Sim) keep(edits []edit, a actor, created time.Time, author *user, old, text string) []edit {
	if len(edits) == 0 {
		edits = append(edits, edit{created, author, old})
	}
	return append(edits, edit{s.now(), a.user, text})
}
