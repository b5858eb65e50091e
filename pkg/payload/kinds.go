package payload

import (
	"errors"

	"github.com/ddbot/ddbot/pkg/event"
)

// maker makes the kind of an event of what its payload has.
type maker func(p *fields) (event.Kind, error)

// makers are the actions of each X-GitHub-Event that ddbot has a use for.
var makers = map[string]map[string]maker{
	"issues": issueActions, "pull_request": issueActions, "issue_comment": commentActions, OwnEvent: ownActions,
}

var issueActions = map[string]maker{
	"opened":       with(opened),
	"edited":       with(edited),
	"closed":       just(event.Closed{}),
	"reopened":     just(event.Reopened{}),
	"labeled":      with(func(p *fields) event.Kind { return event.Labeled{Label: p.label} }),
	"unlabeled":    with(func(p *fields) event.Kind { return event.Unlabeled{Label: p.label} }),
	"assigned":     with(func(p *fields) event.Kind { return event.Assigned{Assignee: p.assignee} }),
	"unassigned":   with(func(p *fields) event.Kind { return event.Unassigned{Assignee: p.assignee} }),
	"milestoned":   with(func(p *fields) event.Kind { return event.Milestoned{Milestone: p.milestone} }),
	"demilestoned": with(func(p *fields) event.Kind { return event.Demilestoned{Milestone: p.milestone} }),
	"locked":       just(event.Locked{}),
	"unlocked":     just(event.Unlocked{}),
	"pinned":       just(event.Pinned{}),
	"unpinned":     just(event.Unpinned{}),
	"transferred":  just(event.Transferred{}),
	"deleted":      just(event.Deleted{}),
}

var commentActions = map[string]maker{
	"created": ofComment(func(c event.Comment, _ *fields) event.Kind { return event.CommentCreated{Comment: c} }),
	"edited": ofComment(func(c event.Comment, p *fields) event.Kind {
		return event.CommentEdited{Comment: c, OldBody: p.oldBody}
	}),
	"deleted": ofComment(func(c event.Comment, _ *fields) event.Kind { return event.CommentDeleted{Comment: c} }),
}

var ownActions = map[string]maker{
	"due":    with(func(p *fields) event.Kind { return event.Due{Found: p.found} }),
	"check":  just(event.Check{}),
	"weekly": just(event.Weekly{}),
	"daily":  just(event.Daily{}),
}

// just makes a kind that has nothing of its own.
func just(k event.Kind) maker {
	return func(*fields) (event.Kind, error) { return k, nil }
}

func with(build func(*fields) event.Kind) maker {
	return func(p *fields) (event.Kind, error) { return build(p), nil }
}

// ofComment makes a kind of a comment.
func ofComment(build func(event.Comment, *fields) event.Kind) maker {
	return func(p *fields) (event.Kind, error) {
		if p.comment.ID == 0 {
			return nil, errors.New("it has no comment")
		}
		return build(p.comment, p), nil
	}
}

func opened(p *fields) event.Kind {
	if p.transferred {
		return event.Arrived{}
	}
	return event.Opened{}
}

func edited(p *fields) event.Kind {
	return event.Edited{OldBody: p.oldBody, OldTitle: p.oldTitle}
}
