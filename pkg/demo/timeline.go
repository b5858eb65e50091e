package demo

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/githubsim"
)

// entry is one thing in the timeline: a comment, or a line about what somebody did.
type entry struct {
	Who       string
	When      string
	Comment   int64 // its id, 0 if it is a line
	Edited    bool
	Author    bool // of the issue
	HTML      template.HTML
	Reactions []chip
	Kind      string
	Text      string
	Labels    []string
}

// chip is one kind of reaction.
type chip struct {
	Emoji, Name, Who string
	Count            int
}

var emoji = map[string]string{
	"+1": "👍", "-1": "👎", "laugh": "😄", "confused": "😕", "heart": "❤️", "hooray": "🎉", "rocket": "🚀", "eyes": "👀",
}

func timeline(i githubsim.Issue, now time.Time) []entry {
	comments := map[int]githubsim.Comment{} // by the number of the event
	next := len(i.Comments)
	for n := len(i.Events) - 1; n >= 0 && next > 0; n-- {
		if i.Events[n].Kind == "commented" {
			next--
			comments[n] = i.Comments[next]
		}
	}
	var out []entry
	for n, e := range i.Events {
		line := entry{Who: e.Actor, When: ago(e.At, now), Kind: e.Kind}
		c, found := comments[n]
		switch {
		case found:
			line.Comment, line.Who, line.HTML, line.Reactions = c.ID, c.Author, render(c.Body, nil), chips(c.Reactions)
			line.Edited, line.Author = len(c.Edits) > 1, c.Author == i.Author
		case e.Kind == "commented": // and deleted
			continue
		default:
			line.Text = told(e)
			if strings.HasSuffix(e.Kind, "labeled") {
				line.Labels = []string{e.What}
			}
		}
		if n := len(out) - 1; n >= 0 && line.continues(out[n]) {
			out[n].Labels = append(out[n].Labels, line.Labels...)
			continue
		}
		out = append(out, line)
	}
	return out
}

// continues tells whether two lines are one act: several labels at a time.
func (e entry) continues(last entry) bool {
	return len(e.Labels) > 0 && e.Kind == last.Kind && e.Who == last.Who && e.When == last.When
}

func chips(reactions []githubsim.Reaction) []chip {
	var out []chip
	for _, r := range reactions {
		n := 0
		for n < len(out) && out[n].Name != r.Content {
			n++
		}
		if n == len(out) {
			out = append(out, chip{Emoji: emoji[r.Content], Name: r.Content})
		}
		out[n].Count++
		out[n].Who = strings.TrimPrefix(out[n].Who+", "+r.User, ", ")
	}
	return out
}

// told is an event in words, without the label that it is about.
func told(e githubsim.Event) string {
	switch e.Kind {
	case "labeled":
		return "added"
	case "unlabeled":
		return "removed"
	case "closed":
		if e.What == "" || e.Commit != "" {
			return "closed this"
		}
		return "closed this as " + strings.ReplaceAll(e.What, "_", " ")
	case "reopened":
		return "reopened this"
	case "renamed":
		return "changed the title to “" + e.What + "”"
	case "assigned", "unassigned":
		return e.Kind + " " + e.What
	case "milestoned":
		return "added this to the milestone " + e.What
	case "demilestoned":
		return "removed this from the milestone " + e.What
	}
	return e.Kind + " this"
}

// ago says when something was, as people do.
func ago(t, now time.Time) string {
	d := now.Sub(t)
	switch {
	case d < time.Minute:
		return "just now"
	case d < time.Hour:
		return plural(int(d/time.Minute), "minute")
	case d < day:
		return plural(int(d/time.Hour), "hour")
	case d < 30*day:
		return plural(int(d/day), "day")
	}
	return "on " + t.UTC().Format("2 Jan 2006")
}

func plural(n int, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s ago", n, unit)
}
