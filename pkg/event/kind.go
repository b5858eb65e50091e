package event

// Kind is what happened. Each kind is a type of its own with what only that kind has, so that an event of a comment cannot
// lack the comment. The set is closed. Ask by a type switch, or by Is.
type Kind interface {
	String() string // its name, for logs and errors
	kind()
}

// Own is a kind that GitHub does not send: ddbot puts it into its queue itself. Its name is the action in the payload.
type Own interface {
	Kind
	own()
}

// Is tells whether k is of the kind K.
func Is[K Kind](k Kind) bool {
	_, ok := k.(K)
	return ok
}

// The kinds of what happens to a comment.
type (
	CommentCreated struct {
		sealed
		Comment Comment
	}
	CommentEdited struct {
		sealed
		Comment Comment
		OldBody *string // nil where the text did not change
	}
	CommentDeleted struct {
		sealed
		Comment Comment
	}
)

// The kinds of what happens to the issue.
type (
	Opened struct{ sealed }
	Edited struct { // nil where that did not change
		sealed
		OldBody, OldTitle *string
	}
	Closed   struct{ sealed }
	Reopened struct{ sealed }
	Labeled  struct {
		sealed
		Label string
	}
	Unlabeled struct {
		sealed
		Label string
	}
	Assigned struct {
		sealed
		Assignee string
	}
	Unassigned struct {
		sealed
		Assignee string
	}
	Milestoned struct {
		sealed
		Milestone string
	}
	Demilestoned struct {
		sealed
		Milestone string
	}
	Locked      struct{ sealed }
	Unlocked    struct{ sealed }
	Pinned      struct{ sealed }
	Unpinned    struct{ sealed }
	Transferred struct{ sealed } // away: the issue lives elsewhere now
	Arrived     struct{ sealed } // by a transfer: GitHub sends it as opened, but nothing in it is new
	Deleted     struct{ sealed }
)

// ddbot's own kinds.
type (
	Due struct { // the sweep found that a clock of this issue has run out
		queued
		Found []byte // what the sweep knew then: stale.Issue as JSON
	}
	Weekly struct{ queued } // a week has gone by for a tracked issue
	Daily  struct{ queued } // a day has
	Check  struct{ queued } // no event came of an edit of ddbot's: did it overwrite somebody's?
)

// sealed makes a type a Kind, queued makes it an Own.
type (
	sealed struct{}
	queued struct{ sealed }
)

func (sealed) kind() {}
func (queued) own()  {}

func (CommentCreated) String() string { return "comment created" }
func (CommentEdited) String() string  { return "comment edited" }
func (CommentDeleted) String() string { return "comment deleted" }
func (Opened) String() string         { return "opened" }
func (Edited) String() string         { return "edited" }
func (Closed) String() string         { return "closed" }
func (Reopened) String() string       { return "reopened" }
func (Labeled) String() string        { return "labeled" }
func (Unlabeled) String() string      { return "unlabeled" }
func (Assigned) String() string       { return "assigned" }
func (Unassigned) String() string     { return "unassigned" }
func (Milestoned) String() string     { return "milestoned" }
func (Demilestoned) String() string   { return "demilestoned" }
func (Locked) String() string         { return "locked" }
func (Unlocked) String() string       { return "unlocked" }
func (Pinned) String() string         { return "pinned" }
func (Unpinned) String() string       { return "unpinned" }
func (Transferred) String() string    { return "transferred" }
func (Arrived) String() string        { return "arrived" }
func (Deleted) String() string        { return "deleted" }
func (Due) String() string            { return "due" }
func (Weekly) String() string         { return "weekly" }
func (Daily) String() string          { return "daily" }
func (Check) String() string          { return "check" }
