package diligence

import (
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
	s.Vote = Vote{State: now, On: on, At: second(at)}
	if now == "" {
		s.Vote.On = ""
	}
	return s, true
}
