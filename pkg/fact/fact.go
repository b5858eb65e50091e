// Package fact is what a plan may ask for beyond the event and the issue. A plan does no I/O: it asks a Set, and where
// the answer is not there yet it gets a *Missing error and returns it like any other. The engine loads what was
// missing, all of one round together, and plans again. So a plugin's author writes ordinary Go, and "could not ask" can
// never read as "may not": an answer that cannot be loaded fails the whole event, and the event is tried again.
package fact

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

// Key names one fact about the issue's repository.
type Key struct {
	Kind Kind
	Arg  string // lower case where GitHub folds case
}

func (k Key) String() string {
	if k.Arg == "" {
		return string(k.Kind)
	}
	return string(k.Kind) + " " + k.Arg
}

// Kind is a kind of fact; the method of Set with that name says what its value is.
type Kind string

// The kinds of facts.
const (
	KindPermission Kind = "permission"
	KindLabels     Kind = "labels"
	KindMilestones Kind = "milestones"
	KindTeam       Kind = "team"
	KindOwners     Kind = "owners"
	KindLabelings  Kind = "labelings"
	KindNotice     Kind = "notice"
	KindRecord     Kind = "record"
	KindSelf       Kind = "self"
	KindEdits      Kind = "edits"
	KindStatus     Kind = "status"
	KindElsewhere  Kind = "elsewhere"
	KindReads      Kind = "reads"
	KindMade       Kind = "made"
	KindFile       Kind = "file"
	KindBranch     Kind = "branch"
	KindLatestBy   Kind = "latest-by"
	KindMentions   Kind = "mentions"

	KindApplications Kind = "applications"
	KindProject      Kind = "project"
	KindEvidence     Kind = "evidence" // see package evidence of the plugins; loaded by engine.Engine.Loaders
)

// Missing is the error for a fact that is not there yet.
type Missing struct{ Key Key }

func (m *Missing) Error() string { return "not known yet: " + m.Key.String() }

// MissingKeys gives the facts that err, with all that it wraps or joins, asks for.
func MissingKeys(err error) []Key {
	var keys []Key
	var walk func(error)
	walk = func(err error) {
		switch e := err.(type) { //nolint:errorlint // it walks the tree of errors itself
		case *Missing:
			keys = append(keys, e.Key)
		case interface{ Unwrap() []error }:
			for _, inner := range e.Unwrap() {
				walk(inner)
			}
		case interface{ Unwrap() error }:
			walk(e.Unwrap())
		}
	}
	walk(err)
	return keys
}

// Set holds the facts known so far. The zero value is ready to use; it is not safe for concurrent use.
type Set struct {
	// AtHand gives what need not be asked for: a plan that would miss it goes on. What it gave stays as it was. nil gives nothing.
	AtHand func(Key) (value any, ok bool)

	known    map[Key]any
	anyLabel bool
}

// Put adds a fact. The value's type must be the one that the kind's method returns.
func (s *Set) Put(k Key, v any) {
	if s.known == nil {
		s.known = map[Key]any{}
	}
	s.known[k] = v
}

// Has tells whether the fact is known.
func (s *Set) Has(k Key) bool { _, ok := s.known[k]; return ok }

// Get gives a fact whose kind has no method of its own.
func Get[T any](s *Set, k Key) (T, error) { return get[T](s, k) }

func get[T any](s *Set, k Key) (T, error) {
	v, ok := s.known[k]
	if !ok && s.AtHand != nil {
		if v, ok = s.AtHand(k); ok {
			s.Put(k, v)
		}
	}
	if !ok {
		var zero T
		return zero, &Missing{k}
	}
	t, ok := v.(T)
	if !ok {
		return t, fmt.Errorf("fact %v holds a %T, want a %T", k, v, t)
	}
	return t, nil
}

// Level is a permission on a repository. Levels are ordered: each includes those below it.
type Level int

// The levels, as GitHub's role_name gives them. A custom role counts as the level that it is based on.
const (
	None Level = iota
	Read
	Triage
	Write
	Maintain
	Admin
)

var levelNames = []string{"none", "read", "triage", "write", "maintain", "admin"}

func (l Level) String() string { return levelNames[l] }

// LevelOf reads a level's name. ok is false for a custom role's name.
func LevelOf(name string) (Level, bool) {
	i := slices.Index(levelNames, strings.ToLower(name))
	return Level(max(i, 0)), i >= 0
}

// Permission is what the permission API says of a login on the issue's repository.
func (s *Set) Permission(login string) (Level, error) {
	return get[Level](s, Key{KindPermission, issue.FoldLogin(login)})
}

// Labels are the repository's labels, as they are written there. They may be some minutes old: before telling somebody
// that a label does not exist, ask FreshLabels.
func (s *Set) Labels() ([]string, error) {
	if s.anyLabel {
		return nil, nil
	}
	return get[[]string](s, Key{Kind: KindLabels})
}

// FreshLabels are the repository's labels, read for this plan.
func (s *Set) FreshLabels() ([]string, error) { return get[[]string](s, Key{KindLabels, Fresh}) }

// AssumeLabels says that labels cannot be asked for, as in a run without a network: each one exists.
func (s *Set) AssumeLabels() { s.anyLabel = true }

// Label finds a label of the repository and gives it as it is written there; letter case does not matter to GitHub.
// It asks anew before it says that there is none.
func (s *Set) Label(name string) (spelled string, ok bool, err error) {
	if s.anyLabel {
		return name, true, nil
	}
	for _, ask := range []func() ([]string, error){s.Labels, s.FreshLabels} {
		all, err := ask()
		if err != nil {
			return "", false, err
		}
		for _, have := range all {
			if issue.SameLabel(have, name) {
				return have, true, nil
			}
		}
	}
	return "", false, nil
}

// Fresh as a key's argument asks for an answer that does not come from a cache.
const Fresh = "fresh"

// Milestone is one of the repository's milestones.
type Milestone struct {
	Title  string
	Number int
}

// Milestones are the repository's open milestones.
func (s *Set) Milestones() ([]Milestone, error) {
	return get[[]Milestone](s, Key{Kind: KindMilestones})
}

// FreshMilestones are the repository's open milestones, read for this plan.
func (s *Set) FreshMilestones() ([]Milestone, error) {
	return get[[]Milestone](s, Key{KindMilestones, Fresh})
}

// Team tells whether a login is an active member of a team, written org/team; with the team empty, of the organisation.
func (s *Set) Team(team, login string) (bool, error) {
	return get[bool](s, Key{KindTeam, issue.FoldLogin(team + " " + login)})
}

// Owners are the people of the top-level OWNERS file of the default branch, aliases resolved; empty without a file.
type Owners struct{ Approvers, Reviewers []string }

// Owners reads the repository's OWNERS.
func (s *Set) Owners() (Owners, error) { return get[Owners](s, Key{Kind: KindOwners}) }

// Labeling is one time that a label was put on the issue, or that somebody asked the bot to do so.
type Labeling struct {
	Label string
	By    string // who did it, or who asked the bot for it
	ByID  int64  // of By, 0 where it is not known
	At    time.Time
}

// Labelings are the times that labels were put on the issue, oldest first.
func (s *Set) Labelings() ([]Labeling, error) { return get[[]Labeling](s, Key{Kind: KindLabelings}) }

// Notice is the id of the bot's comment with that key on the issue, 0 if there is none.
func (s *Set) Notice(key string) (int64, error) { return get[int64](s, Key{KindNotice, key}) }

// Edit is one version of an issue's description, and who wrote it.
type Edit struct {
	At   time.Time
	By   string  // login, "" for an account that is gone
	Own  bool    // by ddbot
	Text *string // the whole text; nil if somebody deleted that version
}

// Edits are the latest versions of the issue's description, newest first.
func (s *Set) Edits() ([]Edit, error) { return get[[]Edit](s, Key{Kind: KindEdits}) }

// Self is the bot's login, "" where GitHub does not tell.
func (s *Set) Self() (string, error) { return get[string](s, Key{Kind: KindSelf}) }

// Record is a small piece of the bot's own memory about the issue (store.Record), nil if there is none.
func (s *Set) Record(kind string) ([]byte, error) { return get[[]byte](s, Key{KindRecord, kind}) }

// About stands in a key's argument between the kind of a record and whom it is about.
const About = "\x00"

// RecordAbout is the same about a person, whatever the issue.
func (s *Set) RecordAbout(kind, login string) ([]byte, error) {
	return get[[]byte](s, Key{KindRecord, kind + About + issue.FoldLogin(login)})
}
