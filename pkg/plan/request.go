package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/issue"
)

// RequestKind says which call a request is.
type RequestKind string

// The kinds, in the order in which they are sent: edits first, announcements last.
const (
	OpenAnother     RequestKind = "open" // see OpenIssue
	PublishFile     RequestKind = "publish"
	EditIssue       RequestKind = "edit"
	AddLabel        RequestKind = "add-labels"
	RemoveLabel     RequestKind = "remove-label"
	AddAssignees    RequestKind = "assign"
	RemoveAssignees RequestKind = "unassign"
	AddReviewers    RequestKind = "review"
	RemoveReviewers RequestKind = "unreview"
	WriteNotice     RequestKind = "notice"
	SendAnswer      RequestKind = "answer"
)

// Request is one thing that GitHub is asked for. It is stored before it is sent, so it is plain data.
type Request struct {
	Kind      RequestKind `json:"kind"`
	Edit      *Edit       `json:"edit,omitempty"`
	Labels    []string    `json:"labels,omitempty"`
	Exclusive []string    `json:"exclusive,omitempty"`
	Keep      []string    `json:"keep,omitempty"`  // labels that stay though they match Exclusive
	Drop      []string    `json:"drop,omitempty"`  // labels that go as far as is known: see engine.sendLabels
	Spare     []string    `json:"spare,omitempty"` // globs of labels that stay though they match Exclusive, unless in Drop
	// AskedBy tells whose command each of the labels is, by label.
	AskedBy   map[string]string `json:"asked_by,omitempty"`
	AskedByID map[string]int64  `json:"asked_by_id,omitempty"` // the same people's ids, as far as they are known
	Logins    []string          `json:"logins,omitempty"`
	Notice    *Notice           `json:"notice,omitempty"`
	Answer    *Answer           `json:"answer,omitempty"`
	Open      *OpenIssue        `json:"open,omitempty"`
	Publish   *Publish          `json:"publish,omitempty"`
	// For names the answers (by ID) that tell people what became of this request, where it did not go as planned.
	For []string `json:"for,omitempty"`
}

// Edit is one PATCH of the issue: only what is not nil is sent.
type Edit struct {
	Title       *string `json:"title,omitempty"`
	Body        *string `json:"body,omitempty"`
	State       *string `json:"state,omitempty"`
	StateReason *string `json:"state_reason,omitempty"`
	Milestone   *int    `json:"milestone,omitempty"` // 0 clears it
	// MilestoneTitle is what the issue shows then: the number is not what a read gives back.
	MilestoneTitle string `json:"milestone_title,omitempty"`
}

// Requests is the difference between the issue as read and as folded, and what is to be said; of a draft that is Ahead, only what
// must be there first.
func (w *Draft) Requests() []Request {
	if w.Ahead() {
		return w.ahead
	}
	var rs []Request
	add := func(r Request, f ...facet) {
		for _, f := range f {
			for _, i := range w.touched[f] {
				if id := w.Answers[i].ID; id != "" && !slices.Contains(r.For, id) {
					r.For = append(r.For, id)
				}
			}
		}
		rs = append(rs, r)
	}
	if e := w.edit(); e != nil {
		add(Request{Kind: EditIssue, Edit: e}, facetBody, facetTitle, facetState, facetMilestone)
	}
	plus, minus := w.change(w.labels, issue.FoldLabel, w.Before.Labels, w.Issue.Labels)
	if len(plus) > 0 {
		var r Request
		r, minus = w.addLabels(plus, minus)
		add(r, facetLabels)
	}
	for _, l := range minus {
		add(Request{Kind: RemoveLabel, Labels: []string{l}}, facetLabels)
	}
	plus, minus = w.change(w.assignees, issue.FoldLogin, w.Before.Assignees, w.Issue.Assignees)
	if len(plus) > 0 {
		add(Request{Kind: AddAssignees, Logins: plus}, facetAssignees)
	}
	if len(minus) > 0 {
		add(Request{Kind: RemoveAssignees, Logins: minus}, facetAssignees)
	}
	plus, minus = w.reviews()
	if len(plus) > 0 {
		add(Request{Kind: AddReviewers, Logins: plus}, facetReviews)
	}
	if len(minus) > 0 {
		add(Request{Kind: RemoveReviewers, Logins: minus}, facetReviews)
	}
	for _, n := range w.Notices {
		rs = append(rs, Request{Kind: WriteNotice, Notice: &n})
	}
	for _, a := range w.Answers {
		if len(a.Text) > 0 || a.Reaction != "" {
			rs = append(rs, Request{Kind: SendAnswer, Answer: &a})
		}
	}
	return rs
}

// addLabels is the request that puts labels on, and those to remove that it does not replace: its answer shows which
// exclusive ones must go, more exactly than our reading, and no call is made twice.
func (w *Draft) addLabels(plus, minus []string) (r Request, rest []string) {
	r = Request{Kind: AddLabel, Labels: plus, Exclusive: w.exclusive, Spare: w.spare, AskedBy: map[string]string{}, AskedByID: map[string]int64{}}
	excluded := func(l string) bool { return MatchAny(w.exclusive, l) }
	for _, l := range w.Issue.Labels {
		said, added := w.labels[issue.FoldLabel(l)], issue.HasLabel(plus, l)
		if said.on && !added && excluded(l) {
			r.Keep = append(r.Keep, l)
		}
		if said.on && added && said.by != "" {
			r.AskedBy[l] = said.by
			if said.byID != 0 {
				r.AskedByID[l] = said.byID
			}
		}
	}
	for _, l := range minus {
		if excluded(l) {
			r.Drop = append(r.Drop, l)
		} else {
			rest = append(rest, l)
		}
	}
	return r, rest
}

func (w *Draft) edit() *Edit {
	var e Edit
	again := func(f facet) bool { return w.MayLag && len(w.touched[f]) > 0 }
	if w.Issue.Title != w.Before.Title || again(facetTitle) {
		e.Title = &w.Issue.Title
	}
	if w.Issue.Body != w.Before.Body {
		e.Body = &w.Issue.Body
	}
	// The reason alone cannot be changed: GitHub takes it only together with the state.
	if w.Issue.State != w.Before.State || again(facetState) {
		e.State = &w.Issue.State
		if w.Issue.State == issue.Closed {
			e.StateReason = &w.Issue.StateReason
		}
	}
	if w.Issue.Milestone != w.Before.Milestone || again(facetMilestone) {
		e.Milestone, e.MilestoneTitle = &w.milestone, w.Issue.Milestone
	}
	if e == (Edit{}) {
		return nil
	}
	return &e
}

// change gives what must be added and removed; key is how these names fold. A doubtful snapshot is not trusted to say
// that nothing is to do.
func (w *Draft) change(asserted assertions, key func(string) string, before, after []string) (plus, minus []string) {
	has := func(list []string, name string) bool {
		return slices.ContainsFunc(list, func(have string) bool { return key(have) == key(name) })
	}
	for _, name := range after {
		if !has(before, name) || asserted[key(name)].on && w.MayLag {
			plus = append(plus, name)
		}
	}
	for _, name := range before {
		if !has(after, name) {
			minus = append(minus, name)
		}
	}
	if w.MayLag {
		for _, name := range sortedKeys(asserted) {
			if !asserted[name].on && !has(minus, name) {
				minus = append(minus, name)
			}
		}
	}
	return plus, minus
}

// reviews gives the requests for reviews to make and to take back: all that is not known to be so.
func (w *Draft) reviews() (plus, minus []string) {
	for _, who := range sortedKeys(w.Issue.Reviews) {
		on := w.Issue.Reviews[who]
		if was, known := w.Before.Reviews[who]; known && was == on && !w.MayLag {
			continue
		}
		if on {
			plus = append(plus, who)
		} else {
			minus = append(minus, who)
		}
	}
	return plus, minus
}

func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }

// Texts are the requests as people read them, one a line, with the calls that follow from one.
func Texts(rs []Request) []string {
	out := []string{}
	for _, r := range rs {
		out = append(out, r.String())
		for _, l := range r.Drop {
			out = append(out, Request{Kind: RemoveLabel, Labels: []string{l}}.String())
		}
	}
	return out
}

// String is the request on one line, as tests and the call log show it.
func (r Request) String() string {
	switch r.Kind {
	case OpenAnother:
		return "POST issue in " + r.Open.Repo
	case PublishFile:
		return r.Publish.String()
	case EditIssue:
		return "PATCH issue " + strings.Join(r.Edit.Fields(), "+")
	case AddLabel:
		return "POST labels " + strings.Join(r.Labels, ", ")
	case RemoveLabel:
		return "DELETE label " + r.Labels[0]
	case AddAssignees:
		return "POST assignees " + strings.Join(r.Logins, ", ")
	case RemoveAssignees:
		return "DELETE assignees " + strings.Join(r.Logins, ", ")
	case AddReviewers:
		return "POST reviewers " + strings.Join(r.Logins, ", ")
	case RemoveReviewers:
		return "DELETE reviewers " + strings.Join(r.Logins, ", ")
	case WriteNotice:
		if r.Notice.CommentID != 0 {
			return "PATCH comment (notice " + r.Notice.Key + ")"
		}
		return "POST comment (notice " + r.Notice.Key + ")"
	}
	if len(r.Answer.Text) > 0 {
		return "POST comment"
	}
	return "POST reaction " + r.Answer.Reaction
}

// Fields names what the edit changes.
func (e Edit) Fields() []string {
	var f []string
	for _, x := range []struct {
		name string
		on   bool
	}{{"title", e.Title != nil}, {"body", e.Body != nil}, {"state", e.State != nil}, {"milestone", e.Milestone != nil}} {
		if x.on {
			f = append(f, x.name)
		}
	}
	return f
}
