package stale

import (
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/command"
)

// NoticeKey names the comment about a step that is due since a time. It names the step and not the text: a text is the same in
// every cycle. Each step has a comment of its own, since an edited comment notifies nobody; and the same one if it is taken once
// more, because nobody could note that it was.
func NoticeKey(due time.Time) string { return "lifecycle-" + due.UTC().Format("20060102t150405") }

// OnlyMarks tells whether a comment does nothing but mark the issue as stale or rotten: who writes that is not at work on it.
// Quotes (of an e-mail that was answered), hidden HTML comments and blank lines are nothing.
func OnlyMarks(text string) bool {
	cmds, err := command.Parse(text)
	if err != nil || len(cmds) == 0 {
		return false
	}
	for _, c := range cmds {
		if !marks(c) || strings.TrimSpace(c.Text) != "" {
			return false
		}
	}
	n := 0
	for l := range strings.Lines(strings.ReplaceAll(text, "\r", "\n")) {
		if n++; n >= cmds[0].No {
			break
		}
		l = strings.TrimSpace(l)
		hidden := strings.HasPrefix(l, "<!--") && strings.HasSuffix(l, "-->")
		if l != "" && !hidden && !strings.HasPrefix(l, ">") {
			return false
		}
	}
	return true
}

// marks tells whether a command is "/lifecycle stale" or "/lifecycle rotten", in either form.
func marks(c command.Command) bool {
	said := strings.ToLower(strings.Join(append(slices.Clone(c.Words), strings.Fields(c.Rest)...), "/"))
	return said == Stale || said == Rotten
}
