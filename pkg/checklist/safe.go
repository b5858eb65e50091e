package checklist

import (
	"html"
	"regexp"
	"strings"
)

var (
	// bullets matches the list markers that people write although the note gets one anyway.
	bullets = regexp.MustCompile(`^(?:[-+*•] +)+`)
	// heading and numbered match what would begin a heading or an ordered list.
	heading  = regexp.MustCompile(`^#{1,6}(?: |$)`)
	numbered = regexp.MustCompile(`^\d{1,9}[.)](?: |$)`)
	// boxed matches what GitHub would show as a box. It looks at the rendered text, so escapes do not help.
	boxed = regexp.MustCompile(`^\s*(?:[-+*]|\d+\\?\.)?\s*\[[\s\x{a0}xX]\](?:\s|$)`)
	// address matches a link in angle brackets.
	address = regexp.MustCompile(`^<(https?://[^\s<>]+)>`)
)

// safeNote makes the text of a bullet: one line that Markdown takes for a paragraph and nothing else. It is "" when there
// is no text.
func safeNote(text string) string {
	text = bullets.ReplaceAllString(oneLine(text), "")
	if fold(text) == "" {
		return ""
	}
	text = safeInline(text)
	if boxed.MatchString(html.UnescapeString(strings.ReplaceAll(text, `\`, ""))) {
		return "Note: " + text
	}
	if m := numbered.FindString(text); m != "" {
		at := strings.IndexAny(text, ".)")
		return text[:at] + `\` + text[at:]
	}
	if opensBlock(text) {
		return `\` + text
	}
	return text
}

// opensBlock tells whether the text would be something other than a paragraph, or a command once the bullet is gone, as in
// an e-mail. Rules and empty bullets have no text and do not come here.
func opensBlock(text string) bool {
	switch text[0] {
	case '>', '/':
		return true
	case '#':
		return heading.MatchString(text)
	case '~':
		return strings.HasPrefix(text, "~~~")
	case '`':
		return strings.HasPrefix(text, "```") && !strings.Contains(strings.TrimLeft(text, "`"), "`")
	case '[': // a definition of a link or a footnote
		return strings.HasPrefix(text, "[^") || strings.Contains(text, "]:")
	}
	return false
}

// safeInline takes the power from "<" outside code, so that no tag, no comment and no unseen text can begin.
func safeInline(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	var b strings.Builder
	for s != "" {
		i := strings.IndexAny(s, "\\`<")
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		n := 1
		switch s[0] {
		case '\\': // the next sign is plain
			n = min(2, len(s))
		case '`':
			n = codeSpan(s)
		case '<':
			if m := address.FindStringSubmatch(s); m != nil {
				b.WriteString(m[1])
				s = s[len(m[0]):]
			} else {
				b.WriteString("&lt;")
				s = s[1:]
			}
			continue
		}
		b.WriteString(s[:n])
		s = s[n:]
	}
	b.WriteString(s)
	return b.String()
}

// codeSpan gives the length of the code span at the beginning, or of its backticks when they are never closed.
func codeSpan(s string) int {
	n := backticks(s)
	for i := n; i < len(s); {
		at := strings.IndexByte(s[i:], '`')
		if at < 0 {
			break
		}
		i += at
		run := backticks(s[i:])
		i += run
		if run == n {
			return i
		}
	}
	return n
}

func backticks(s string) int { return len(s) - len(strings.TrimLeft(s, "`")) }
