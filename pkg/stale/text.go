package stale

import (
	"regexp"
	"strings"
	"time"

	"github.com/ddbot/ddbot/pkg/command"
)

// NoticePrefix begins the key of the comment about a cycle.
const NoticePrefix = "lifecycle-"

// NoticeKey names the comment of the cycle that begins now. It names the cycle and not the text: a text is the same in
// every cycle (prow.md, section 4, weakness 1).
func NoticeKey(now time.Time) string { return NoticePrefix + now.UTC().Format("20060102t150405") }

var marker = regexp.MustCompile(`<!-- ddbot:(` + NoticePrefix + `[0-9a-z]+) -->\s*$`)

// noticeKey finds the hidden marker (plan.Marker) in a comment of the bot. Others may have copied it.
func noticeKey(h Happening) (string, bool) {
	if h.Kind != Comment || !h.Own {
		return "", false
	}
	m := marker.FindStringSubmatch(h.Text)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// OnlyCommands tells whether a comment holds commands and nothing else: quotes (of an e-mail that was answered), hidden
// HTML comments and blank lines are nothing. Commands of other bots are commands, too.
func OnlyCommands(text string) bool {
	cmds, err := command.Parse(text)
	if err != nil || len(cmds) == 0 {
		return false
	}
	is := map[int]bool{}
	for _, c := range cmds {
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
