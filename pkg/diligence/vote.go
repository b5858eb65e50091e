package diligence

import (
	"regexp"
	"sync"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

// VoteOf reads a vote off gitvote's labels. While it is open there are gitvote and gitvote/open; at the end gitvote/closed with
// gitvote/passed or gitvote/failed. When it is cancelled only gitvote/open goes, and when its comment is deleted gitvote/closed
// stands alone: it is void. (cncf/gitvote 1.5.0.)
func VoteOf(labels []string) string {
	has := func(l string) bool { return issue.HasLabel(labels, l) }
	switch {
	case has("gitvote/open"):
		return "open"
	case has("gitvote/passed"):
		return "passed"
	case has("gitvote/failed"):
		return "failed"
	case has("gitvote/closed"):
		return "void"
	case has("gitvote"):
		return "cancelled"
	}
	return ""
}

// Voted takes in the labels of this issue, or on is where they are; changed tells whether the vote stands differently now. Where both
// have had votes, this issue's is the one that counts.
func (s State) Voted(labels []string, on string, at time.Time) (_ State, changed bool) {
	now := VoteOf(labels)
	switch {
	case now == s.Vote.State && (now == "" || on == s.Vote.On), now == "" && on != s.Vote.On, on != "" && s.Vote.On == "" && s.Vote.State != "":
		return s, false
	}
	tally := s.Vote.Tally
	if now == "" || now == "open" { // another vote
		tally = Tally{}
	}
	s.Vote = Vote{State: now, On: on, At: second(at), Tally: tally}
	if now == "" {
		s.Vote.On = ""
	}
	return s, true
}

// Tally is what gitvote's latest comment says of the votes, as it says it: "80.00%".
type Tally struct {
	Favour, Against, Needed string
}

// counted is how it says that, while the vote is open and when it is closed. (cncf/gitvote 1.5.0, templates/vote-status.md and
// vote-closed.md.)
var counted = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile("(?s)^## Vote (?:status|closed)\\s.*?`([0-9.]+%)` of the users with binding vote (?:are|were) in favor and " +
		"`([0-9.]+%)` (?:are|were) against \\(passing threshold: `([0-9.]+%)`\\)")
})

// TallyOf reads a comment of gitvote's; ok is false for one that counts nothing.
func TallyOf(comment string) (c Tally, ok bool) {
	m := counted().FindStringSubmatch(comment)
	if m == nil {
		return Tally{}, false
	}
	return Tally{m[1], m[2], m[3]}, true
}

// Counted takes in how the vote stands. Without a vote there is nothing to count.
func (s State) Counted(c Tally) State {
	if s.Vote.State != "" && s.Vote.On == "" {
		s.Vote.Tally = c
	}
	return s
}
