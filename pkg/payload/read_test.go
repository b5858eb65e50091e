package payload

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-github/v57/github"

	"github.com/ddbot/ddbot/pkg/issue"
)

// slowly is a payload in go-github's types.
type slowly struct {
	Action       string               `json:"action"`
	Issue        *github.Issue        `json:"issue"`
	PullRequest  *github.PullRequest  `json:"pull_request"`
	Comment      *github.IssueComment `json:"comment"`
	Label        *github.Label        `json:"label"`
	Assignee     *github.User         `json:"assignee"`
	Milestone    *github.Milestone    `json:"milestone"`
	Repo         repository           `json:"repository"`
	Sender       *github.User         `json:"sender"`
	Installation *github.Installation `json:"installation"`
	Changes      struct {
		Body, Title struct{ From *string }
		OldIssue    *struct{} `json:"old_issue"`
	} `json:"changes"`
	Found json.RawMessage `json:"found"`
}

func (s slowly) fields() fields {
	p := fields{
		action: s.Action, ofPull: s.PullRequest != nil, comments: -1, label: s.Label.GetName(), assignee: s.Assignee.GetLogin(), milestone: s.Milestone.GetTitle(),
		oldBody: s.Changes.Body.From, oldTitle: s.Changes.Title.From, transferred: s.Changes.OldIssue != nil, repo: s.Repo, sender: user(s.Sender),
		installation: s.Installation.GetID(), found: s.Found,
	}
	if s.Issue != nil {
		p.issue = Snapshot(issue.Ref{Number: s.Issue.GetNumber()}, 0, s.Issue)
		if s.Issue.Comments != nil {
			p.comments = int64(*s.Issue.Comments)
		}
	}
	if r := s.PullRequest; r != nil {
		p.pull = Snapshot(issue.Ref{Number: r.GetNumber()}, 0, &github.Issue{
			NodeID: r.NodeID, Title: r.Title, Body: r.Body, User: r.User, State: r.State, Milestone: r.Milestone, Locked: r.Locked,
			CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, Labels: r.Labels, Assignees: r.Assignees,
		})
	}
	if s.Comment != nil {
		p.comment = FromComment(s.Comment)
	}
	return p
}

// TestAsGoGithub: GitHub's example payloads, and what becomes of them when a value is another, are read as go-github's types read them.
// What these refuse for the sake of a value that we do not read may be read.
func TestAsGoGithub(t *testing.T) {
	data, err := os.ReadFile("../../.cache/webhooks-examples/api.github.com/index.json")
	if err != nil {
		t.Skip("no example payloads: hack/setup-tests.sh fetches them with npm")
	}
	var events []struct {
		Name     string
		Examples []map[string]any
	}
	if err := json.Unmarshal(data, &events); err != nil {
		t.Fatal(err)
	}
	read, refused := 0, 0
	seen := map[string]bool{}
	for _, e := range events {
		for _, example := range e.Examples {
			kind := fmt.Sprint(e.Name, example["action"])
			if makers[e.Name] == nil || seen[kind] {
				continue
			}
			seen[kind] = true
			prune(example)
			variants(example, 2, func() {
				raw, _ := json.Marshal(example)
				if sameAsSlowly(t, raw) {
					read++
				} else {
					refused++
				}
			})
		}
	}
	t.Logf("%d read, %d refused", read, refused)
	if read < 10_000 || refused < 1_000 {
		t.Errorf("only %d payloads were read and %d refused", read, refused)
	}
}

// sameAsSlowly tells whether go-github's types take a payload; then we read the same.
func sameAsSlowly(t *testing.T, raw []byte) bool {
	var s slowly
	if json.Unmarshal(raw, &s) != nil {
		return false
	}
	got, err := read(raw)
	want := s.fields()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v of\n%s\ngot  %+v\nwant %+v", err, raw, got, want)
	}
	return true
}

// variants gives v, and for each value in it, as deep as depth, v with another value in its place.
func variants(v any, depth int, each func()) {
	each()
	m, ok := v.(map[string]any)
	if !ok || depth == 0 {
		return
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		was := m[k]
		for _, other := range []any{nil, "x", 7, 1.5, map[string]any{}, []any{}} {
			m[k] = other
			each()
		}
		delete(m, k)
		each()
		m[k] = was
		variants(was, depth-1, each)
	}
}

// prune leaves out most of the addresses, which are most of a payload.
func prune(v any) {
	m, _ := v.(map[string]any)
	for k, v := range m {
		if strings.HasSuffix(k, "_url") && k != "html_url" {
			delete(m, k)
		} else {
			prune(v)
		}
	}
}
