package githubsim

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

var actorFields = gqlType{
	"login": scalar(func(u *user) any { return strings.TrimSuffix(u.login, "[bot]") }), // GraphQL drops it
	"url":   scalar(func(u *user) any { return htmlBase + "/" + u.login }),
}

var userFields = with(actorFields, gqlType{
	"id":         scalar(func(u *user) any { return u.nodeID() }),
	"databaseId": scalar(func(u *user) any { return u.id }),
})

func (u *user) nodeID() string {
	if u.bot {
		return nodeID("BOT", u.id)
	}
	return nodeID("U", u.id)
}

// sharedFields are those of issues and pull requests.
var sharedFields = gqlType{
	"id":               scalar(func(i *issueState) any { return i.nodeID() }),
	"databaseId":       scalar(func(i *issueState) any { return i.id }),
	"number":           scalar(func(i *issueState) any { return i.number }),
	"title":            scalar(func(i *issueState) any { return i.title }),
	"body":             scalar(func(i *issueState) any { return i.body }),
	"url":              scalar(func(i *issueState) any { return i.html() }),
	"state":            scalar(func(i *issueState) any { return i.gqlState() }),
	"closed":           scalar(func(i *issueState) any { return i.state == issue.Closed }),
	"locked":           scalar(func(i *issueState) any { return i.locked }),
	"createdAt":        scalar(func(i *issueState) any { return stamp(i.createdAt) }),
	"updatedAt":        scalar(func(i *issueState) any { return stamp(i.updatedAt) }),
	"closedAt":         scalar(func(i *issueState) any { return stampOrNull(i.closedAt) }),
	"lastEditedAt":     scalar(func(i *issueState) any { return lastEdited(i.edits) }),
	"editor":           scalar(func(i *issueState) any { return lastEditor(i.edits) }),
	"author":           scalar(func(i *issueState) any { return i.author }),
	"repository":       scalar(func(i *issueState) any { return i.repo }),
	"milestone":        scalar(func(i *issueState) any { return i.milestone }),
	"labels":           listOf(func(i *issueState) []any { return anys(i.labels) }),
	"assignees":        listOf(func(i *issueState) []any { return anys(i.assignees) }),
	"comments":         listOf(func(i *issueState) []any { return anys(i.comments) }),
	"reactions":        listOf(func(i *issueState) []any { return anys(i.reactions) }),
	"userContentEdits": listOf(func(i *issueState) []any { return newestFirst(i.edits) }),
	"timelineItems":    pageOf(timelineItems),
}

var issueFields = with(sharedFields, gqlType{
	"isPinned":    scalar(func(i *issueState) any { return i.pinned }),
	"stateReason": scalar(func(i *issueState) any { return orNull(enum(i.reason)) }),
})

var pullFields = with(sharedFields, gqlType{
	"merged": scalar(func(i *issueState) any { return i.merged }),
})

func (i *issueState) gqlState() string {
	if i.merged {
		return "MERGED"
	}
	return enum(i.state)
}

var commentFields = gqlType{
	"id":               scalar(func(c *comment) any { return nodeID("IC", c.id) }),
	"databaseId":       scalar(func(c *comment) any { return c.id }),
	"body":             scalar(func(c *comment) any { return c.body }),
	"url":              scalar(func(c *comment) any { return fmt.Sprintf("%s#issuecomment-%d", c.issue.html(), c.id) }),
	"createdAt":        scalar(func(c *comment) any { return stamp(c.createdAt) }),
	"updatedAt":        scalar(func(c *comment) any { return stamp(c.updatedAt) }),
	"lastEditedAt":     scalar(func(c *comment) any { return lastEdited(c.edits) }),
	"editor":           scalar(func(c *comment) any { return lastEditor(c.edits) }),
	"author":           scalar(func(c *comment) any { return c.author }),
	"issue":            scalar(func(c *comment) any { return c.issue }),
	"isMinimized":      scalar(func(*comment) any { return false }),
	"reactions":        listOf(func(c *comment) []any { return anys(c.reactions) }),
	"userContentEdits": listOf(func(c *comment) []any { return newestFirst(c.edits) }),
}

var (
	eventLabel    = scalar(func(e *event) any { return e.label })
	eventAssignee = scalar(func(e *event) any { return e.assignee })
)

// eventFields adds what all lines of a timeline have.
func eventFields(own gqlType) gqlType {
	return with(gqlType{
		"id":        scalar(func(e *event) any { return nodeID("EV", e.id) }),
		"createdAt": scalar(func(e *event) any { return stamp(e.at) }),
		"actor":     scalar(func(e *event) any { return e.actor }),
	}, own)
}

// closer is what closed the issue, if it was not a person's hand.
func closer(e *event) any {
	switch {
	case e.source != nil:
		return e.source
	case e.commit != "":
		return gitCommit{sha: e.commit, at: e.at}
	}
	return nil
}

func (g *gqlRun) node(id string) (any, error) {
	s := g.sim
	for _, r := range sorted(s.repos) {
		if !s.can(g.rq.actor, r, "read") {
			continue
		}
		if nodeID("R", r.id) == id {
			return r, nil
		}
		for _, i := range r.issues {
			if i.deleted || i.movedTo != nil {
				continue
			}
			if i.nodeID() == id {
				return i, nil
			}
			for _, c := range i.comments {
				if nodeID("IC", c.id) == id {
					return c, nil
				}
			}
		}
	}
	for _, u := range s.users {
		if u.nodeID() == id {
			return u, nil
		}
	}
	return nil, notResolved("a node with the global id of '%s'", id)
}

func (g *gqlRun) oneNode(_ any, args map[string]any) (any, error) {
	return g.node(fmt.Sprint(args["id"]))
}

func (g *gqlRun) nodes(_ any, args map[string]any) (any, error) {
	ids, _ := args["ids"].([]any)
	if len(ids) > 100 {
		return nil, &gqlMissing{"ARGUMENT_LIMIT", fmt.Sprintf("You may not provide more than 100 node ids; you provided %d.", len(ids))}
	}
	out := make([]any, len(ids))
	for n, id := range ids {
		v, err := g.node(fmt.Sprint(id))
		if err != nil {
			out[n] = err
			continue
		}
		out[n] = v
	}
	return out, nil
}

func (g *gqlRun) repository(_ any, args map[string]any) (any, error) {
	name := fmt.Sprintf("%v/%v", args["owner"], args["name"])
	r := g.sim.repos[key(name)]
	if r == nil || !g.sim.can(g.rq.actor, r, "read") {
		return nil, notResolved("a Repository with the name '%s'.", name)
	}
	return r, nil
}

// numbered makes a field that finds an issue or a pull request by its number.
func numbered(what string, fits func(*issueState) bool) gqlGetter {
	return func(g *gqlRun, on any, args map[string]any) (any, error) {
		number, _ := intArg(args, "number")
		r := on.(*repo)
		if err := g.mayRead(r, "issues", "pull_requests"); err != nil {
			return nil, err
		}
		i := r.issues[number]
		if i == nil || i.deleted || i.movedTo != nil || !fits(i) {
			return nil, notResolved("%s with the number of %d.", what, number)
		}
		return i, nil
	}
}

// listed makes a field that lists issues or pull requests by the time that they were opened.
func listed(fits func(*issueState) bool) gqlGetter {
	return pageOf(func(g *gqlRun, r *repo, args map[string]any) ([]any, error) {
		if err := g.mayRead(r, "issues", "pull_requests"); err != nil {
			return nil, err
		}
		order, _ := args["orderBy"].(map[string]any)
		if len(order) > 0 && (order["field"] != "CREATED_AT" || order["direction"] != "ASC") {
			return nil, fmt.Errorf("the simulator lists by CREATED_AT, ASC only, not by %v", order)
		}
		states, isList := args["states"].([]any)
		if one, given := args["states"]; given && !isList {
			states = []any{one} // as the specification has it
		}
		var out []any
		for _, i := range sorted(r.issues) {
			if i.deleted || i.movedTo != nil || !fits(i) || len(states) > 0 && !slices.Contains(states, any(i.gqlState())) {
				continue
			}
			out = append(out, i)
		}
		return out, nil
	})
}

func (g *gqlRun) rateLimit(any, map[string]any) (any, error) {
	w, limit := g.sim.window(g.rq)
	used := w.used + 1 // this request counts
	return object{"limit": limit, "used": used, "remaining": max(0, limit-used), "resetAt": stamp(w.until)}, nil
}
