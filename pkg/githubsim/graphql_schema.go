package githubsim

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

type gqlType = map[string]gqlField

// gqlInterfaces lists the types that a fragment on an interface or a union fits.
var gqlInterfaces = map[string][]string{
	"Node":               {"Issue", "PullRequest", "IssueComment", "Repository", "User", "Bot", "Label", "Milestone"},
	"Actor":              {"User", "Bot"},
	"Assignee":           {"User", "Bot"},
	"IssueOrPullRequest": {"Issue", "PullRequest"},
	"ReferencedSubject":  {"Issue", "PullRequest"},
	"Closer":             {"Commit", "PullRequest"},
	"Comment":            {"Issue", "PullRequest", "IssueComment"},
	"GitObject":          {"Blob", "Tree", "Commit"},
}

// gqlSchema is what can be asked. It is a small part of GitHub's; the names are GitHub's.
var gqlSchema = map[string]gqlType{
	"Query": {
		"node":            {of: "Node", args: []string{"id"}, get: (*gqlRun).oneNode},
		"nodes":           {of: "Node", args: []string{"ids"}, get: (*gqlRun).nodes},
		"repository":      {of: "Repository", args: []string{"owner", "name", "followRenames"}, get: (*gqlRun).repository},
		"repositoryOwner": {of: "RepositoryOwner", args: []string{"login"}, get: (*gqlRun).repositoryOwner},
		"rateLimit":       {of: "RateLimit", get: (*gqlRun).rateLimit},
		"viewer":          {of: "User", get: func(g *gqlRun, _ any, _ map[string]any) (any, error) { return g.rq.actor.user, nil }},
	},
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
		"defaultBranchRef": {of: "Ref", get: defaultBranch},
		"object":           {of: "GitObject", args: []string{"oid", "expression"}, get: gitObject},
		"releases":         {of: "ReleaseConnection", args: append([]string{"orderBy"}, pageArgs...), get: pageOf(repoReleases)},
		"issue":            numbered("Issue", "an Issue", func(i *issueState) bool { return !i.pull }),
		"pullRequest":      numbered("PullRequest", "a PullRequest", func(i *issueState) bool { return i.pull }),
		"issueOrPullRequest": numbered("IssueOrPullRequest", "an issue or pull request",
			func(*issueState) bool { return true }),
	},
	"Node":               pick(issueFields, "id"),
	"IssueOrPullRequest": {},
	"ReferencedSubject":  {},
	"Assignee":           {},
	"Closer":             {},
	"Comment":            pick(issueFields, "id", "author", "body", "createdAt", "updatedAt", "lastEditedAt", "editor"),
	"Commit": {
		"oid":     scalar(func(c gqlCommit) any { return string(c) }),
		"history": {of: "CommitHistoryConnection", args: append([]string{"path"}, pageArgs...), get: pageOf(commitHistory)},
	},
	"GitObject": {"oid": entry("oid")}, // each kind has its own
	"Blob": {
		"oid":         scalar(func(b gqlBlob) any { return b.sha }),
		"text":        scalar(func(b gqlBlob) any { return string(b.content) }),
		"isTruncated": scalar(func(gqlBlob) any { return false }),
	},
	"Tree": {"oid": scalar(func(t gqlTree) any { return string(t) })},
	"Ref":  {"name": entry("name"), "target": link("GitObject", func(o object) any { return o["target"] })},
	"RepositoryOwner": {
		"login":        entry("login"),
		"repositories": {of: "RepositoryConnection", args: append([]string{"privacy", "orderBy"}, pageArgs...), get: pageOf(ownerRepos)},
	},
	"RepositoryConnection":    connection("Repository"),
	"CommitHistoryConnection": connection("HistoryCommit"),
	"HistoryCommit":           {"oid": entry("oid"), "committedDate": entry("committedDate")},
	"ReleaseConnection":       connection("Release"),
	"Release": {
		"tagName": entry("tagName"), "publishedAt": entry("publishedAt"), "isPrerelease": entry("isPrerelease"), "isDraft": entry("isDraft"),
		"releaseAssets": listOf("ReleaseAssetConnection", func(o object) []any { return o["assets"].([]any) }),
	},
	"ReleaseAssetConnection": connection("ReleaseAsset"),
	"ReleaseAsset":           {"name": entry("name")},
	"Actor":                  actorFields,
	"User":                   userFields,
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
		"user":      link("User", func(r *reaction) any { return r.user }),
	},
	"UserContentEdit": {
		"editedAt":  scalar(func(e edit) any { return stamp(e.at) }),
		"createdAt": scalar(func(e edit) any { return stamp(e.at) }),
		"deletedAt": scalar(func(edit) any { return nil }),
		"diff":      scalar(func(e edit) any { return e.text }), // despite its name GitHub gives the whole text
		"editor":    link("Actor", func(e edit) any { return e.by }),
	},
	"PageInfo": {
		"hasNextPage":     scalar(func(c *gqlConn) any { return c.to < len(c.all) }),
		"hasPreviousPage": scalar(func(c *gqlConn) any { return c.from > 0 }),
		"startCursor":     scalar(func(c *gqlConn) any { return c.edge(c.from) }),
		"endCursor":       scalar(func(c *gqlConn) any { return c.edge(c.to - 1) }),
	},
	"LabelConnection":           connection("Label"),
	"UserConnection":            connection("User"),
	"IssueCommentConnection":    connection("IssueComment"),
	"ReactionConnection":        connection("Reaction"),
	"UserContentEditConnection": connection("UserContentEdit"),
	"IssueTimelineConnection":   connection("IssueTimelineItems"),
	"IssueTimelineItems":        {},

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
	"CrossReferencedEvent": eventFields(gqlType{"source": link("ReferencedSubject", func(e *event) any { return e.source })}),
	"ClosedEvent": eventFields(gqlType{
		"stateReason": scalar(func(e *event) any { return orNull(enum(e.reason)) }),
		"closer":      link("Closer", closer),
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

// scalar makes a field from a function on the object.
func scalar[T any](f func(T) any) gqlField {
	return gqlField{get: func(_ *gqlRun, on any, _ map[string]any) (any, error) { return f(on.(T)), nil }}
}

// link makes a field that gives an object; a nil pointer is null.
func link[T any](of string, f func(T) any) gqlField {
	return gqlField{of: of, get: func(_ *gqlRun, on any, _ map[string]any) (any, error) { return nilToNull(f(on.(T))), nil }}
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

func entry(name string) gqlField { return scalar(func(o object) any { return o[name] }) }

func (c *gqlConn) edge(at int) any {
	if c.from >= c.to {
		return nil
	}
	return cursor(at)
}

// pick takes some fields of a type.
func pick(t gqlType, names ...string) gqlType {
	out := gqlType{}
	for _, name := range names {
		out[name] = t[name]
	}
	return out
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
	case gqlCommit:
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

// itemTypes reads the filter of timelineItems.
func itemTypes(args map[string]any) ([]string, error) {
	list, given := args["itemTypes"].([]any)
	if !given {
		return nil, nil
	}
	var out []string
	for _, item := range list {
		word := fmt.Sprint(item)
		known := false
		for _, name := range gqlEventTypes {
			if strings.EqualFold(strings.ReplaceAll(word, "_", ""), name) {
				out, known = append(out, name), true
			}
		}
		if !known {
			return nil, fmt.Errorf("githubsim knows no timeline item %s", word)
		}
	}
	return out, nil
}

func timelineItems(_ *gqlRun, i *issueState, args map[string]any) ([]any, error) {
	types, err := itemTypes(args)
	if err != nil {
		return nil, err
	}
	since := time.Time{}
	if text, given := args["since"].(string); given {
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
