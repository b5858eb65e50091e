package demo

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/ddbot/ddbot/pkg/checklist"
	"github.com/ddbot/ddbot/pkg/githubsim"
)

// Change is what became of one action of a person.
type Change struct {
	What      string   `json:"what"` // the action: "alice comments"
	Diff      string   `json:"diff"` // of the issue, a sign and a blank before each line
	Ticked    int      `json:"ticked"`
	Unticked  int      `json:"unticked"`
	Replies   []string `json:"replies"`   // comments that the bot wrote or changed
	Reactions []string `json:"reactions"` // of the bot: "+1 on the comment of alice"
	Calls     []Call   `json:"calls"`
	Refused   string   `json:"refused,omitempty"` // why the action itself could not be done
	Why       string   `json:"why,omitempty"`     // why no clock did anything
	Late      bool     `json:"late"`              // the bot was not done in time

	emoji  []string
	labels []string // "+lifecycle/stale", "-triage/valid"
	state  string   // the new one if it changed
}

// look is the issue at a moment, to compare with.
type look struct {
	issue githubsim.Issue
	text  string
}

func (w *World) look() look {
	i, ok := w.issue()
	if !ok {
		return look{}
	}
	return look{i, asText(i)}
}

func asText(i githubsim.Issue) string {
	var b strings.Builder
	line := func(name string, values ...string) {
		b.WriteString(strings.TrimRight(name+" "+strings.Join(values, ", "), " ") + "\n")
	}
	line("title:", i.Title)
	line("state:", strings.TrimSpace(i.State+" "+i.StateReason))
	line("labels:", i.Labels...)
	line("assignees:", i.Assignees...)
	line("milestone:", i.Milestone)
	b.WriteString(strings.ReplaceAll(i.Body, "\r", "") + "\n")
	return b.String()
}

// until compares.
func (l look) until(now look) Change {
	c := Change{Diff: diff(l.text, now.text), Replies: []string{}, Reactions: []string{}}
	c.ticks(l.issue.Body, now.issue.Body)
	c.said(l.issue.Comments, now.issue.Comments)
	c.reacted("the issue", l.issue.Reactions, now.issue.Reactions)
	for _, n := range now.issue.Labels {
		if !slices.Contains(l.issue.Labels, n) {
			c.labels = append(c.labels, "+"+n)
		}
	}
	for _, n := range l.issue.Labels {
		if !slices.Contains(now.issue.Labels, n) {
			c.labels = append(c.labels, "-"+n)
		}
	}
	if l.issue.State != "" && l.issue.State != now.issue.State {
		c.state = now.issue.State
	}
	return c
}

// diff shows the lines that differ.
func diff(before, after string) string {
	var b strings.Builder
	for _, e := range udiff.Lines(before, after) {
		for l := range strings.Lines(before[e.Start:e.End]) {
			b.WriteString("- " + l)
		}
		for l := range strings.Lines(e.New) {
			b.WriteString("+ " + l)
		}
	}
	return b.String()
}

// ticks counts the boxes that were set and cleared.
func (c *Change) ticks(before, after string) {
	old, err := checklist.Parse(before)
	if err != nil {
		return
	}
	now, err := checklist.Parse(after)
	if err != nil {
		return
	}
	for _, i := range now.Items() {
		was, ok := old.Find(i.Key)
		switch {
		case ok && i.Checked && !was.Checked:
			c.Ticked++
		case ok && !i.Checked && was.Checked:
			c.Unticked++
		}
	}
}

func (c *Change) said(before, after []githubsim.Comment) {
	for _, now := range after {
		var was githubsim.Comment
		if i := slices.IndexFunc(before, func(o githubsim.Comment) bool { return o.ID == now.ID }); i >= 0 {
			was = before[i]
		}
		if now.Author == Bot && now.Body != was.Body {
			c.Replies = append(c.Replies, visible(now.Body))
		}
		c.reacted("the comment of "+now.Author, was.Reactions, now.Reactions)
	}
}

// visible is a comment without what Markdown hides at its end.
func visible(body string) string {
	text, _, _ := strings.Cut(body, "\n\n<!-- ddbot:")
	return text
}

func (c *Change) reacted(where string, before, after []githubsim.Reaction) {
	for _, r := range after {
		if r.User == Bot && !slices.Contains(before, r) {
			c.Reactions = append(c.Reactions, r.Content+" on "+where)
			c.emoji = append(c.emoji, emoji[r.Content])
		}
	}
}

// Summary says it in one line.
func (c Change) Summary() string {
	if c.Refused != "" {
		return c.Refused
	}
	var parts []string
	add := func(yes bool, format string, args ...any) {
		if yes {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(c.Ticked > 0, "%s ticked", count(c.Ticked, "box", "boxes"))
	add(c.Unticked > 0, "%s unticked", count(c.Unticked, "box", "boxes"))
	add(c.state == "closed", "closed")
	add(c.state == "open", "reopened")
	add(len(c.labels) > 0, "%s", strings.Join(c.labels, " "))
	add(len(c.emoji) > 0, "ddbot reacted %s", strings.Join(c.emoji, " "))
	add(len(c.Replies) > 0, "ddbot answered below")
	add(len(parts) == 0 && c.Why != "", "Nothing changed: %s", c.Why)
	add(len(parts) == 0, "Nothing changed")
	add(true, "%s", count(len(c.Calls), "API call", "API calls"))
	add(c.Late, "and it is not done yet")
	return strings.Join(parts, " · ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprint(n, " ", many)
}

// refusal says why an action could not be done.
func refusal(err error) string {
	var github *githubsim.Error
	switch {
	case errors.As(err, &github) && github.Status == http.StatusForbidden:
		return "GitHub refuses: only the author and who may write here can do that. (" + github.Message + ")"
	case errors.As(err, &github):
		return "GitHub refuses: " + github.Message
	case err != nil:
		return err.Error()
	}
	return ""
}
