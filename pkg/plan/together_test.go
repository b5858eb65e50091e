package plan

import (
	"testing"

	"github.com/ddbot/ddbot/pkg/issue"
)

func TestTogether(t *testing.T) {
	closed, open, title := issue.Closed, issue.Open, "title"
	label, notice := Request{Kind: AddLabel, Labels: []string{"a"}}, Request{Kind: WriteNotice, Notice: &Notice{Key: "k"}}
	closes := Request{Kind: EditIssue, Edit: &Edit{State: &closed, StateReason: &title}}
	for name, c := range map[string]struct {
		rs   []Request
		want int
	}{
		"nothing":                  {nil, 0},
		"one":                      {[]Request{label}, 0},
		"two":                      {[]Request{label, notice}, 2},
		"all kinds":                {[]Request{closes, label, notice, notice}, 4},
		"what comes after another": {[]Request{label, notice, {Kind: RemoveLabel, Labels: []string{"a"}}, notice}, 2},
		"another first":            {[]Request{{Kind: RemoveLabel, Labels: []string{"a"}}, label, notice}, 0},
		"reopening":                {[]Request{{Kind: EditIssue, Edit: &Edit{State: &open}}, label, notice}, 0},
		"closing, and the title":   {[]Request{{Kind: EditIssue, Edit: &Edit{State: &closed, Title: &title}}, label, notice}, 0},
		"a notice that is changed": {[]Request{label, {Kind: WriteNotice, Notice: &Notice{Key: "k", CommentID: 7}}}, 0},
	} {
		if got := Together(c.rs); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
