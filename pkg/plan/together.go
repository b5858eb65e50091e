package plan

import "github.com/ddbot/ddbot/pkg/issue"

// Outcome is what GitHub answered to one of several requests that were made together.
type Outcome struct {
	Labels  []string // all of the issue, after labels were put on
	Comment int64    // id of a notice
	Err     error    // of package github
}

// Together tells how many of the requests, from the first on, GitHub takes in one call, in their order: closing the issue, putting labels
// on, new notices. 0 if it would be one only.
func Together(rs []Request) (n int) {
	for n < len(rs) && rs[n].joins() {
		n++
	}
	if n < 2 {
		return 0
	}
	return n
}

func (r Request) joins() bool {
	switch r.Kind {
	case EditIssue:
		e := *r.Edit
		closes := e.State != nil && *e.State == issue.Closed
		e.State, e.StateReason = nil, nil
		return closes && e == (Edit{})
	case AddLabel:
		return true
	case WriteNotice:
		return r.Notice.CommentID == 0
	}
	return false
}
