package payload

import (
	"errors"

	"github.com/ddbot/ddbot/pkg/event"
)

// maker makes the kind of an event of what its payload has.
type maker func(p *payloadFields) (event.Kind, error)

// makers are the actions of each X-GitHub-Event that ddbot has a use for.
var makers = map[string]map[string]maker{
	"issues": issueActions, "pull_request": issueActions, "issue_comment": commentActions, OwnEvent: ownActions,
}

var issueActions = map[string]maker{
	"opened":       with(opened),
	"edited":       with(edited),
	"closed":       just(event.Closed{}),
	"reopened":     just(event.Reopened{}),
	"labeled":      with(func(p *payloadFields) event.Kind { return event.Labeled{Label: p.Label.GetName()} }),
	"unlabeled":    with(func(p *payloadFields) event.Kind { return event.Unlabeled{Label: p.Label.GetName()} }),
	"assigned":     with(func(p *payloadFields) event.Kind { return event.Assigned{Assignee: p.Assignee.GetLogin()} }),
	"unassigned":   with(func(p *payloadFields) event.Kind { return event.Unassigned{Assignee: p.Assignee.GetLogin()} }),
	"milestoned":   with(func(p *payloadFields) event.Kind { return event.Milestoned{Milestone: p.Milestone.GetTitle()} }),
	"demilestoned": with(func(p *payloadFields) event.Kind { return event.Demilestoned{Milestone: p.Milestone.GetTitle()} }),
	"locked":       just(event.Locked{}),
	"unlocked":     just(event.Unlocked{}),
	"pinned":       just(event.Pinned{}),
	"unpinned":     just(event.Unpinned{}),
	"transferred":  just(event.Transferred{}),
	"deleted":      just(event.Deleted{}),
}

var commentActions = map[string]maker{
	"created": ofComment(func(c event.Comment, _ *payloadFields) event.Kind { return event.CommentCreated{Comment: c} }),
	"edited": ofComment(func(c event.Comment, p *payloadFields) event.Kind {
		return event.CommentEdited{Comment: c, OldBody: p.Changes.Body.From}
	}),
	"deleted": ofComment(func(c event.Comment, _ *payloadFields) event.Kind { return event.CommentDeleted{Comment: c} }),
}

var ownActions = map[string]maker{
	"due":    with(func(p *payloadFields) event.Kind { return event.Due{Found: p.Found} }),
	"check":  just(event.Check{}),
	"weekly": just(event.Weekly{}),
	"daily":  just(event.Daily{}),
}

// just makes a kind that has nothing of its own.
func just(k event.Kind) maker {
	return func(*payloadFields) (event.Kind, error) { return k, nil }
}

func with(build func(*payloadFields) event.Kind) maker {
	return func(p *payloadFields) (event.Kind, error) { return build(p), nil }
}

// ofComment makes a kind of a comment.
func ofComment(build func(event.Comment, *payloadFields) event.Kind) maker {
	return func(p *payloadFields) (event.Kind, error) {
		if p.Comment.GetID() == 0 {
			return nil, errors.New("it has no comment")
		}
		return build(FromComment(p.Comment), p), nil
	}
}

func opened(p *payloadFields) event.Kind {
	if p.Changes.OldIssue != nil {
		return event.Arrived{}
	}
	return event.Opened{}
}

func edited(p *payloadFields) event.Kind {
	return event.Edited{OldBody: p.Changes.Body.From, OldTitle: p.Changes.Title.From}
}
