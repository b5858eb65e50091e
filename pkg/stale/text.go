package stale

import (
	"slices"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/command"
)

// NoticeKey names the comment about a step that is taken now. It names the step and not the text: a text is the same in
// every cycle. Each step has a comment of its own, since an edited comment notifies nobody.
func NoticeKey(now time.Time) string { return "lifecycle-" + now.UTC().Format("20060102t150405") }

// OnlyMarks tells whether a comment does nothing but mark the issue as stale or rotten: who writes that is not at work on it.
// Quotes (of an e-mail that was answered), hidden HTML comments and blank lines are nothing.
func OnlyMarks(text string) bool {
	cmds, err := command.Parse(text)
	if err != nil || len(cmds) == 0 {
		return false
	}
	is := map[int]bool{}
	for _, c := range cmds {
		if !marks(c) {
			return false
		}
		is[c.No] = true
	}
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"), "\n")
	for n, l := range lines {
		l = strings.TrimSpace(l)
		hidden := strings.HasPrefix(l, "<!--") && strings.HasSuffix(l, "-->")
		if !is[n+1] && l != "" && !hidden && !strings.HasPrefix(l, ">") {
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
