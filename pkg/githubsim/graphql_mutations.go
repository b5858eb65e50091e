package githubsim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// onIssue makes a mutation of what is done to the issue that the input names as id. What GitHub refuses by REST it refuses here, with null
// and a word for it beside the rest of the answer.
func onIssue(id string, do func(*Sim, actor, *issueState, object) (object, error)) gqlGetter {
	return func(g *gqlRun, _ any, args map[string]any) (any, error) {
		in, _ := args["input"].(map[string]any)
		found, err := g.node(fmt.Sprint(in[id]))
		if err != nil {
			return nil, err
		}
		i, ok := found.(*issueState)
		if !ok {
			return nil, notResolved("an issue with the global id of '%v'", in[id])
		}
		if err := g.mayWrite(i.repo, "issues"); err != nil {
			return nil, err
		}
		out, err := do(g.sim, g.rq.actor, i, in)
		var no *Error
		if !errors.As(err, &no) {
			return out, err
		}
		kind := map[int]string{403: "FORBIDDEN", 404: "NOT_FOUND"}[no.Status]
		if kind == "" {
			kind = "UNPROCESSABLE"
		}
		return nil, &gqlMissing{kind, no.Message}
	}
}

func (s *Sim) commentOn(a actor, i *issueState, in object) (object, error) {
	c, err := s.addComment(a, i, fmt.Sprint(in["body"]))
	if err != nil {
		return nil, err
	}
	return object{"commentEdge": object{"node": c}}, nil
}

func (s *Sim) labelOn(a actor, i *issueState, in object) (object, error) {
	if !s.can(a, i.repo, "triage") {
		return nil, a.forbidden()
	}
	var names []string
	ids, _ := in["labelIds"].([]any)
	for _, id := range ids {
		at := slices.IndexFunc(i.repo.labels, func(l *label) bool { return nodeID("LA", l.id) == id })
		if at < 0 {
			return nil, notResolved("a node with the global id of '%v'", id)
		}
		names = append(names, i.repo.labels[at].name)
	}
	s.addLabels(a, i, names)
	return object{"labelable": i}, nil
}

func (s *Sim) closeOne(a actor, i *issueState, in object) (object, error) {
	if !s.mayTurn(a, i, "closed") {
		return nil, a.forbidden()
	}
	reason, _ := in["stateReason"].(string)
	s.turn(a, i, "closed", strings.ToLower(reason))
	return object{"issue": i}, nil
}
