package githubsim

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/issue"
)

func (s *Sim) getIssue(rq *request) (reply, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return problem(err)
	}
	return ok(s.fullIssueJSON(i))
}

func (s *Sim) listIssues(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	q := rq.URL.Query()
	since, err := parseSince(q.Get("since"))
	if err != nil {
		return problem(err)
	}
	state := cmp.Or(q.Get("state"), issue.Open)
	if state != issue.Open && state != issue.Closed && state != "all" {
		return problem(invalid("Issue", "state", "invalid", ""))
	}
	var found []*issueState
	for _, i := range r.issues {
		if i.deleted || i.movedTo != nil || state != "all" && i.state != state || i.updatedAt.Before(since) {
			continue
		}
		if by := q.Get("creator"); by != "" && !strings.EqualFold(i.author.login, by) {
			continue
		}
		if hasAll(i, q.Get("labels")) {
			found = append(found, i)
		}
	}
	if err := sortIssues(found, q.Get("sort"), q.Get("direction")); err != nil {
		return problem(err)
	}
	return pages(each(found, s.issueJSON))
}

func parseSince(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, invalid("Issue", "since", "invalid", "")
	}
	return t.Truncate(time.Second), nil
}

func hasAll(i *issueState, labels string) bool {
	if labels == "" {
		return true
	}
	for name := range strings.SplitSeq(labels, ",") {
		if !i.hasLabel(strings.TrimSpace(name)) {
			return false
		}
	}
	return true
}

// sortIssues orders a list; of equal ones the later number comes last in ascending order.
func sortIssues(list []*issueState, by, direction string) error {
	var less func(a, b *issueState) int
	switch by {
	case "", "created":
		less = func(a, b *issueState) int { return a.createdAt.Compare(b.createdAt) }
	case "updated":
		less = func(a, b *issueState) int { return a.updatedAt.Compare(b.updatedAt) }
	case "comments":
		less = func(a, b *issueState) int { return cmp.Compare(len(a.comments), len(b.comments)) }
	default:
		return invalid("Issue", "sort", "invalid", "")
	}
	slices.SortFunc(list, func(a, b *issueState) int {
		return cmp.Or(less(a, b), cmp.Compare(a.number, b.number))
	})
	if direction != "asc" {
		slices.Reverse(list)
	}
	return nil
}

func (s *Sim) postIssue(rq *request) (reply, error) {
	r, err := s.theRepo(rq)
	if err != nil {
		return problem(err)
	}
	var in struct {
		Title     string     `json:"title"`
		Body      string     `json:"body"`
		Labels    labelNames `json:"labels"`
		Assignees []string   `json:"assignees"`
		Assignee  *string    `json:"assignee"`
		Milestone *int       `json:"milestone"`
	}
	if err := rq.decode(&in); err != nil {
		return problem(err)
	}
	d := draft{title: in.Title, body: in.Body, labels: in.Labels, assignees: in.Assignees}
	if in.Assignee != nil {
		d.assignees = append(d.assignees, *in.Assignee)
	}
	if in.Milestone != nil {
		d.milestone = *in.Milestone
		if r.milestone(d.milestone) == nil {
			return problem(invalid("Issue", "milestone", "invalid", ""))
		}
	}
	if err := checkLabels(d.labels); err != nil {
		return problem(err)
	}
	i, err := s.openIssue(rq.actor, r, d)
	if err != nil {
		return problem(err)
	}
	return created(s.fullIssueJSON(i))
}

// labelNames reads labels as GitHub does: names, or objects with a name.
type labelNames []string

func (l *labelNames) UnmarshalJSON(raw []byte) error {
	var items []any
	if err := json.Unmarshal(raw, &items); err != nil {
		return err
	}
	*l = labelNames{}
	for _, item := range items {
		switch v := item.(type) {
		case string:
			*l = append(*l, v)
		case object:
			name, _ := v["name"].(string)
			*l = append(*l, name)
		default:
			*l = append(*l, "") // refused as a label without a name
		}
	}
	return nil
}

// patch is the body of PATCH issue. What is not in it stays as it is.
type patch struct {
	Title       *string         `json:"title"`
	Body        *string         `json:"body"`
	State       *string         `json:"state"`
	StateReason *string         `json:"state_reason"`
	Labels      *labelNames     `json:"labels"`
	Assignees   *[]string       `json:"assignees"`
	Milestone   json.RawMessage `json:"milestone"`
}

func (s *Sim) patchIssue(rq *request) (reply, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return problem(err)
	}
	var p patch
	if err := rq.decode(&p); err != nil {
		return problem(err)
	}
	if err := s.apply(rq.actor, i, p); err != nil {
		return problem(err)
	}
	return ok(s.fullIssueJSON(i))
}

// apply checks the whole patch before it changes anything.
func (s *Sim) apply(a actor, i *issueState, p patch) error {
	if err := cmp.Or(checkTexts(p.Title, p.Body), checkState(p.State, p.StateReason)); err != nil {
		return err
	}
	if p.Labels != nil {
		if err := checkLabels(*p.Labels); err != nil {
			return err
		}
	}
	m, err := i.repo.parseMilestone(p.Milestone, i.milestone)
	if err != nil {
		return err
	}
	turns := p.State != nil && *p.State != i.state
	switch triage := s.can(a, i.repo, "triage"); {
	case (p.Title != nil || p.Body != nil) && !s.mayEdit(a, i):
		return a.forbidden()
	case turns && !s.mayTurn(a, i, *p.State):
		return a.forbidden()
	case !triage && !s.mayEdit(a, i):
		return a.forbidden()
	case !triage:
		p.Labels, p.Assignees, m = nil, nil, i.milestone // dropped without a word
	}
	s.editTexts(a, i, p.Title, p.Body)
	if p.Labels != nil {
		s.setLabels(a, i, *p.Labels)
	}
	if p.Assignees != nil {
		s.setAssignees(a, i, *p.Assignees)
	}
	s.setMilestone(a, i, m)
	if turns {
		reason := ""
		if p.StateReason != nil {
			reason = *p.StateReason
		}
		s.turn(a, i, *p.State, reason)
	}
	return nil
}

// parseMilestone reads a number, null for none, or nothing for "as it is".
func (r *repo) parseMilestone(raw json.RawMessage, now *milestone) (*milestone, error) {
	if raw == nil {
		return now, nil
	}
	if string(raw) == "null" {
		return nil, nil
	}
	var number int
	if json.Unmarshal(raw, &number) != nil || r.milestone(number) == nil {
		return nil, invalid("Issue", "milestone", "invalid", "")
	}
	return r.milestone(number), nil
}

func (s *Sim) listEvents(rq *request) (reply, error) {
	return s.timeline(rq, func(e *event) bool { return !timelineOnly[e.kind] })
}

func (s *Sim) listTimeline(rq *request) (reply, error) {
	return s.timeline(rq, func(*event) bool { return true })
}

func (s *Sim) timeline(rq *request, want func(*event) bool) (reply, error) {
	i, err := s.theIssue(rq)
	if err != nil {
		return problem(err)
	}
	var out []any
	for _, e := range i.events {
		if want(e) {
			out = append(out, s.eventJSON(i, e))
		}
	}
	return pages(out)
}
