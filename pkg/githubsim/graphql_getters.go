package githubsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// gqlGetter gives the value of a field of an object: a scalar, an object, or a list as []any.
type gqlGetter func(g *gqlRun, on any, args map[string]any) (any, error)

type gqlType = map[string]gqlGetter

// gqlGetters tell how to get what github.graphql says can be asked, by type and field.
var gqlGetters = map[string]gqlType{
	"Query": {
		"node":            (*gqlRun).oneNode,
		"nodes":           (*gqlRun).nodes,
		"repository":      (*gqlRun).repository,
		"repositoryOwner": (*gqlRun).repositoryOwner,
		"rateLimit":       (*gqlRun).rateLimit,
		"viewer":          func(g *gqlRun, _ any, _ map[string]any) (any, error) { return g.rq.actor.user, nil },
	},
	"Mutation": {
		"addComment": onIssue("subjectId", (*Sim).commentOn), "addLabelsToLabelable": onIssue("labelableId", (*Sim).labelOn),
		"closeIssue": onIssue("issueId", (*Sim).closeOne),
	},
	"AddCommentPayload":           {"commentEdge": entry("commentEdge")},
	"IssueCommentEdge":            {"node": entry("node")},
	"AddLabelsToLabelablePayload": {"labelable": entry("labelable")},
	"CloseIssuePayload":           {"issue": entry("issue")},
	"RateLimit": {
		"cost": scalar(func(object) any { return 1 }), "limit": entry("limit"), "used": entry("used"),
		"remaining": entry("remaining"), "resetAt": entry("resetAt"), "nodeCount": scalar(func(object) any { return 0 }),
	},
	"Repository": {
		"id":               scalar(func(r *repo) any { return nodeID("R", r.id) }),
		"databaseId":       scalar(func(r *repo) any { return r.id }),
		"name":             scalar(func(r *repo) any { return r.name }),
		"nameWithOwner":    scalar(func(r *repo) any { return r.fullName() }),
		"isPrivate":        scalar(func(r *repo) any { return r.private }),
		"isArchived":       scalar(func(r *repo) any { return r.archived }),
		"isFork":           scalar(func(*repo) any { return false }),
		"defaultBranchRef": defaultBranch,
		"object":           gitObject,
		"releases":         pageOf(repoReleases),
		"issue":            numbered("an Issue", func(i *issueState) bool { return !i.pull }),
		"pullRequest":      numbered("a PullRequest", func(i *issueState) bool { return i.pull }),
		"issueOrPullRequest": numbered("an issue or pull request",
			func(*issueState) bool { return true }),
		"issues":       listed(func(i *issueState) bool { return !i.pull }),
		"pullRequests": listed(func(i *issueState) bool { return i.pull }),
	},
	"Commit": {
		"oid":           scalar(func(c gitCommit) any { return c.sha }),
		"committedDate": scalar(func(c gitCommit) any { return stamp(c.at) }),
		"history":       pageOf(commitHistory),
	},
	"Blob": {
		"oid":         scalar(func(b gqlBlob) any { return b.sha }),
		"text":        scalar(func(b gqlBlob) any { return string(b.content) }),
		"isTruncated": scalar(func(gqlBlob) any { return false }),
	},
	"Tree": {"oid": scalar(func(t gqlTree) any { return string(t) })},
	"Ref":  {"name": entry("name"), "target": scalar(func(o object) any { return o["target"] })},
	"Organization": {
		"id":           scalar(func(o *org) any { return nodeID("O", o.id) }),
		"login":        scalar(func(o *org) any { return o.login }),
		"url":          scalar(func(o *org) any { return htmlBase + "/" + o.login }),
		"repositories": ownerRepos(func(o *org) string { return o.login }),
	},
	"RepositoryConnection":    connection,
	"CommitHistoryConnection": connection,
	"ReleaseConnection":       connection,
	"Release": {
		"tagName": entry("tagName"), "publishedAt": entry("publishedAt"), "isPrerelease": entry("isPrerelease"), "isDraft": entry("isDraft"),
		"releaseAssets": listOf(func(o object) []any { return o["assets"].([]any) }),
	},
	"ReleaseAssetConnection": connection,
	"ReleaseAsset":           {"name": entry("name")},
	"User":                   with(userFields, gqlType{"repositories": ownerRepos(func(u *user) string { return u.login })}),
	"Bot":                    userFields,
	"Issue":                  issueFields,
	"PullRequest":            pullFields,
	"IssueComment":           commentFields,
	"Label": {
		"id":          scalar(func(l *label) any { return nodeID("LA", l.id) }),
		"name":        scalar(func(l *label) any { return l.name }),
		"color":       scalar(func(l *label) any { return l.color }),
		"description": scalar(func(l *label) any { return orNull(l.description) }),
	},
	"Milestone": {
		"id":     scalar(func(m *milestone) any { return nodeID("MI", m.id) }),
		"number": scalar(func(m *milestone) any { return m.number }),
		"title":  scalar(func(m *milestone) any { return m.title }),
		"state":  scalar(func(*milestone) any { return "OPEN" }),
	},
	"Reaction": {
		"id":        scalar(func(r *reaction) any { return nodeID("REA", r.id) }),
		"content":   scalar(func(r *reaction) any { return reactionEnum[r.content] }),
		"createdAt": scalar(func(r *reaction) any { return stamp(r.at) }),
		"user":      scalar(func(r *reaction) any { return r.user }),
	},
	"UserContentEdit": {
		"editedAt":  scalar(func(e edit) any { return stamp(e.at) }),
		"createdAt": scalar(func(e edit) any { return stamp(e.at) }),
		"deletedAt": scalar(func(edit) any { return nil }),
		"diff":      scalar(func(e edit) any { return e.text }), // despite its name GitHub gives the whole text
		"editor":    scalar(func(e edit) any { return e.by }),
	},
	"PageInfo": {
		"hasNextPage":     scalar(func(c *gqlConn) any { return c.to < len(c.all) }),
		"hasPreviousPage": scalar(func(c *gqlConn) any { return c.from > 0 }),
		"startCursor":     scalar(func(c *gqlConn) any { return c.edge(c.from) }),
		"endCursor":       scalar(func(c *gqlConn) any { return c.edge(c.to - 1) }),
	},
	"IssueConnection":                    connection,
	"PullRequestConnection":              connection,
	"LabelConnection":                    connection,
	"UserConnection":                     connection,
	"IssueCommentConnection":             connection,
	"ReactionConnection":                 connection,
	"UserContentEditConnection":          connection,
	"IssueTimelineItemsConnection":       connection,
	"PullRequestTimelineItemsConnection": connection,

	"LabeledEvent":         eventFields(gqlType{"label": eventLabel}),
	"UnlabeledEvent":       eventFields(gqlType{"label": eventLabel}),
	"AssignedEvent":        eventFields(gqlType{"assignee": eventAssignee}),
	"UnassignedEvent":      eventFields(gqlType{"assignee": eventAssignee}),
	"MilestonedEvent":      eventFields(gqlType{"milestoneTitle": scalar(func(e *event) any { return e.milestone })}),
	"DemilestonedEvent":    eventFields(gqlType{"milestoneTitle": scalar(func(e *event) any { return e.milestone })}),
	"LockedEvent":          eventFields(gqlType{"lockReason": scalar(func(e *event) any { return orNull(enum(e.lock)) })}),
	"UnlockedEvent":        eventFields(nil),
	"PinnedEvent":          eventFields(nil),
	"UnpinnedEvent":        eventFields(nil),
	"TransferredEvent":     eventFields(nil),
	"MergedEvent":          eventFields(nil),
	"ReopenedEvent":        eventFields(gqlType{"stateReason": scalar(func(*event) any { return "REOPENED" })}),
	"CrossReferencedEvent": eventFields(gqlType{"source": scalar(func(e *event) any { return e.source })}),
	"ClosedEvent": eventFields(gqlType{
		"stateReason": scalar(func(e *event) any { return orNull(enum(e.reason)) }),
		"closer":      scalar(closer),
	}),
	"RenamedTitleEvent": eventFields(gqlType{
		"previousTitle": scalar(func(e *event) any { return e.from }),
		"currentTitle":  scalar(func(e *event) any { return e.to }),
	}),
}

// gqlEventTypes names the type of a line of the timeline; in lists of itemTypes it is written LABELED_EVENT.
var gqlEventTypes = map[string]string{
	"commented": "IssueComment", "labeled": "LabeledEvent", "unlabeled": "UnlabeledEvent", "assigned": "AssignedEvent",
	"unassigned": "UnassignedEvent", "milestoned": "MilestonedEvent", "demilestoned": "DemilestonedEvent",
	"locked": "LockedEvent", "unlocked": "UnlockedEvent", "pinned": "PinnedEvent", "unpinned": "UnpinnedEvent",
	"transferred": "TransferredEvent", "reopened": "ReopenedEvent", "closed": "ClosedEvent",
	"cross-referenced": "CrossReferencedEvent", "merged": "MergedEvent", "renamed": "RenamedTitleEvent",
}

var reactionEnum = map[string]string{
	"+1": "THUMBS_UP", "-1": "THUMBS_DOWN", "laugh": "LAUGH", "confused": "CONFUSED", "heart": "HEART", "hooray": "HOORAY",
	"rocket": "ROCKET", "eyes": "EYES",
}

// enum writes a word as GraphQL's enums are: NOT_PLANNED.
func enum(word string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "_", "-", "_").Replace(word))
}

// scalar makes a getter from a function on the object; a nil pointer is null.
func scalar[T any](f func(T) any) gqlGetter {
	return func(_ *gqlRun, on any, _ map[string]any) (any, error) { return nilToNull(f(on.(T))), nil }
}

// nilToNull makes nil of a nil pointer, so that it is null and not an object.
func nilToNull(v any) any {
	switch v := v.(type) {
	case *user:
		if v == nil {
			return nil
		}
	case *milestone:
		if v == nil {
			return nil
		}
	case *issueState:
		if v == nil {
			return nil
		}
	}
	return v
}

func entry(name string) gqlGetter { return scalar(func(o object) any { return o[name] }) }

func (c *gqlConn) edge(at int) any {
	if c.from >= c.to {
		return nil
	}
	return cursor(at)
}

// with adds fields to a type.
func with(t, more gqlType) gqlType {
	out := gqlType{}
	for _, part := range []gqlType{t, more} {
		for name, f := range part {
			out[name] = f
		}
	}
	return out
}

// gqlTypeOf gives the type of a value; where Go's type says nothing more, the declared one.
func gqlTypeOf(v any, declared string) string {
	switch v := v.(type) {
	case *issueState:
		if v.pull {
			return "PullRequest"
		}
		return "Issue"
	case *comment:
		return "IssueComment"
	case *user:
		if v.bot {
			return "Bot"
		}
		return "User"
	case *event:
		return gqlEventTypes[v.kind]
	case *repo:
		return "Repository"
	case *org:
		return "Organization"
	case gitCommit:
		return "Commit"
	case gqlBlob:
		return "Blob"
	case gqlTree:
		return "Tree"
	}
	return declared
}

func lastEdited(edits []edit) any {
	if len(edits) == 0 {
		return nil
	}
	return stamp(edits[len(edits)-1].at)
}

func lastEditor(edits []edit) any {
	if len(edits) == 0 {
		return nil
	}
	return edits[len(edits)-1].by
}

// itemTypes reads the filter of timelineItems, whose words the schema has checked: LABELED_EVENT is a LabeledEvent.
func itemTypes(args map[string]any) []string {
	list, _ := args["itemTypes"].([]any)
	var out []string
	for _, item := range list {
		for _, name := range gqlEventTypes {
			if strings.EqualFold(strings.ReplaceAll(fmt.Sprint(item), "_", ""), name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func timelineItems(_ *gqlRun, i *issueState, args map[string]any) ([]any, error) {
	types := itemTypes(args)
	since := time.Time{}
	if text, given := args["since"].(string); given {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			return nil, err
		}
	}
	var out []any
	for _, e := range i.events {
		if types != nil && !slices.Contains(types, gqlEventTypes[e.kind]) || e.at.Before(since) {
			continue
		}
		if e.comment != nil {
			out = append(out, e.comment)
			continue
		}
		out = append(out, e)
	}
	return out, nil
}
