package github

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
	"github.com/ddbot/ddbot/pkg/plan"
)

// mutations are what GraphQL makes of requests, by kind: the field with the input's own part, and its variable's type.
var mutations = map[plan.RequestKind]struct{ typ, field string }{
	plan.EditIssue:   {"IssueClosedStateReason", `closeIssue(input:{issueId:$id,stateReason:$VAR}){issue{state}}`},
	plan.AddLabel:    {"[ID!]!", `addLabelsToLabelable(input:{labelableId:$id,labelIds:$VAR}){labelable{labels(first:100){nodes{name}}}}`},
	plan.WriteNotice: {"String!", `addComment(input:{subjectId:$id,body:$VAR}){commentEdge{node{databaseId author{__typename login}}}}`},
}

// changed is the answer to one of them.
type changed struct {
	Issue     *struct{} `json:"issue"`
	Labelable *struct {
		Labels struct {
			Nodes []struct{ Name string } `json:"nodes"`
		} `json:"labels"`
	} `json:"labelable"`
	CommentEdge *struct {
		Node struct {
			ID     int64       `json:"databaseId"`
			Author *graphActor `json:"author"`
		} `json:"node"`
	} `json:"commentEdge"`
}

// Joins tells whether requests can be sent together: each that is no notice was done in the repository by a call of its own before. What
// one comes to does not keep the others from being tried, and who may not label might say so all the same; and by that call the
// ids of labels are known, by which alone GraphQL names them.
func (c *Client) Joins(ref issue.Ref, rs []plan.Request) bool {
	return !slices.ContainsFunc(rs, func(r plan.Request) bool { return !c.joins.has(ref, r) })
}

// Together sends requests by one GraphQL mutation, whose fields are executed in their order (spec.graphql.org, October 2021, 6.2.2).
func (c *Client) Together(ctx context.Context, s issue.Snapshot, rs []plan.Request) ([]plan.Outcome, error) {
	vars := map[string]any{"id": s.NodeID}
	types, fields := []string{"$id:ID!"}, []string(nil)
	for i, r := range rs {
		name := fmt.Sprint("r", i)
		m := mutations[r.Kind]
		types = append(types, "$"+name+":"+m.typ)
		fields = append(fields, name+":"+strings.Replace(m.field, "VAR", name, 1))
		switch r.Kind {
		case plan.EditIssue:
			if reason := r.Edit.StateReason; reason != nil && *reason != "" {
				vars[name] = strings.ToUpper(*reason)
			}
		case plan.AddLabel:
			var put []string
			for _, l := range r.Labels {
				id, _ := c.joins.get(s.Ref, l)
				put = append(put, id)
			}
			vars[name] = put
		case plan.WriteNotice:
			vars[name] = plan.Comment(r.Notice.Text, plan.Marker(r.Notice.Key))
		}
	}
	var data map[string]*changed
	errs, err := c.graph(context.WithValue(ctx, mutating{}, true), s.Ref, "mutation("+strings.Join(types, ",")+"){"+strings.Join(fields, "\n")+"}", vars, &data)
	if err != nil {
		c.joins.forget(s.Ref)
		return nil, err
	}
	out := make([]plan.Outcome, len(rs))
	for i := range rs {
		name := fmt.Sprint("r", i)
		d := data[name]
		if out[i], err = d.outcome(errs, name); err != nil {
			c.joins.forget(s.Ref)
		}
		if d != nil && d.CommentEdge != nil && d.CommentEdge.Node.Author != nil {
			c.learnSelf(&github.User{Login: new(d.CommentEdge.Node.Author.user().Login)})
		}
	}
	return out, nil
}

func (d *changed) outcome(errs []graphError, name string) (o plan.Outcome, err error) {
	switch {
	case d == nil:
		o.Err = refusalOf(errs, name)
	case d.Labelable != nil:
		for _, l := range d.Labelable.Labels.Nodes {
			o.Labels = append(o.Labels, l.Name)
		}
	case d.CommentEdge != nil:
		o.Comment = d.CommentEdge.Node.ID
	case d.Issue == nil:
		o.Err = fmt.Errorf("%w: GraphQL does not say what became of it", ErrUnavailable)
	}
	return o, o.Err
}

// refusalOf is why a field came to nothing.
func refusalOf(errs []graphError, name string) error {
	kinds := map[string]error{"NOT_FOUND": ErrGone, "FORBIDDEN": ErrForbidden, "UNPROCESSABLE": ErrInvalid}
	for _, e := range errs {
		if len(e.Path) == 0 || e.Path[0] != name {
			continue
		}
		if kind := kinds[e.Type]; kind != nil {
			return fmt.Errorf("%w: %s", kind, e.Message)
		}
		return fmt.Errorf("%w: GraphQL: %s", ErrUnavailable, e.Message)
	}
	return fmt.Errorf("%w: GraphQL does not say what became of it", ErrUnavailable)
}

// joins is what ddbot has done by calls of their own, by repository: the labels that it put on, with their ids, and that it closed.
type joins struct{ known sync.Map }

// closing stands among the labels, of which none has a line break.
const closing = "\nclosing"

type joinKey struct{ repo, label string }

func keyOf(ref issue.Ref, label string) joinKey {
	return joinKey{issue.FoldLogin(ref.FullName()), issue.FoldLabel(label)}
}

func (j *joins) put(ref issue.Ref, label, id string) {
	if id != "" {
		j.known.Store(keyOf(ref, label), id)
	}
}

func (j *joins) get(ref issue.Ref, label string) (id string, ok bool) {
	v, ok := j.known.Load(keyOf(ref, label))
	if !ok {
		return "", false
	}
	return v.(string), true
}

func (j *joins) has(ref issue.Ref, r plan.Request) bool {
	names := r.Labels
	if r.Kind == plan.EditIssue {
		names = []string{closing}
	}
	return !slices.ContainsFunc(names, func(l string) bool { _, ok := j.get(ref, l); return !ok })
}

// forget is for when something was refused: rights may have changed, or a label was deleted, and another one made of that name.
func (j *joins) forget(ref issue.Ref) {
	j.known.Range(func(key, _ any) bool {
		if key.(joinKey).repo == issue.FoldLogin(ref.FullName()) {
			j.known.Delete(key)
		}
		return true
	})
}
