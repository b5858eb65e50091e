package command

import (
	"regexp"
	"strings"
)

// A comment that came by e-mail may hold the message that it answers. GitHub cuts off what it recognises and keeps the
// rest, and a webhook does not tell a comment by e-mail from another. So the beginning of a quoted message is looked for
// in every comment with commands. Words and forms: mail_words.go.

// UnclearError says that a comment quotes one of GitHub's messages, by its last lines, without a beginning that is known:
// which commands are whose cannot be told.
type UnclearError struct{}

func (*UnclearError) Error() string {
	return "It quotes a message without saying where that begins, so I cannot tell your words from quoted ones. " +
		"Please write the command in a comment on GitHub."
}

// mail is where a text stops being its author's.
type mail struct {
	end    int    // of what its author wrote
	stops  []span // frames of quoted messages whose lines say themselves, by ">", that they are quoted
	foot   int    // where a quoted message of GitHub's ends whose beginning is not known; -1 without one
	mailed bool   // the text looks like one that came by e-mail
}

// line is a line of a text as far as a quoted message is concerned.
type line struct {
	start, end int
	text       string // without emphasis and blanks around it
	command    bool
}

// readMail looks for the beginning of a quoted message.
func readMail(s string, shown *shown) mail {
	m := mail{end: len(s), foot: -1, mailed: cameByMail(s)}
	lines := mailLines(s, shown)
	looks := 0
	for i, l := range lines {
		if l.text == "" || l.command {
			continue
		}
		if strings.ContainsAny(l.text, ":：") {
			if looks++; looks > maxLooks {
				return m
			}
		}
		switch from, sure := begins(lines, i); {
		case from < 0:
		case marked(s, l):
			m.stops = append(m.stops, span{lines[from].start, l.end})
		case sure || m.mailed:
			m.end = lines[from].start
			return m
		}
		if footer.MatchString(l.text) {
			m.foot = l.end
			return m
		}
	}
	return m
}

// maxLooks is how many lines with a colon are looked at, for the time it takes. What is quoted comes after its frame, so that
// nobody but the author can use them up.
const maxLooks = 500

// unclear tells whether the line at an offset may be part of a quoted message.
func (m mail) unclear(at int) bool { return at < m.foot }

// mailLines are the lines that may belong to the frame of a quoted message: not those in code fences, which somebody shows,
// nor those in block quotes, which are known to be quoted. Lines in indented code are, as some programs indent.
func mailLines(s string, shown *shown) []line {
	var out []line
	fenced, quoted := along(shown.fences), along(shown.quotes)
	eachLine(s, func(start, end, _ int) {
		text := strings.TrimFunc(s[start:end], isUnseen)
		at := start + strings.Index(s[start:end], text)
		if text != "" && (fenced(at) || quoted(at) || text[0] == '>') {
			return
		}
		out = append(out, line{start: start, end: end, text: bare(s[start:end]), command: text != "" && text[0] == '/' && shown.starts[at]})
	})
	return out
}

// along gives a test for offsets that only grow: is this one in one of the spans?
func along(spans []span) func(at int) bool {
	return func(at int) bool {
		for len(spans) > 0 && spans[0].to <= at {
			spans = spans[1:]
		}
		return len(spans) > 0 && spans[0].from <= at
	}
}

// bare takes emphasis, tags and odd blanks off a line, and puts an address for the stars with which GitHub hides one.
func bare(text string) string {
	if text == delimiter {
		return text
	}
	text = strings.ReplaceAll(strings.TrimFunc(text, isUnseen), stars, hidden)
	if strings.Trim(text, "_") != "" && (strings.ContainsAny(text, "*<&") || strings.Contains(text, "__")) {
		text = markup.ReplaceAllString(strings.ReplaceAll(text, "&nbsp;", " "), "")
	}
	return strings.TrimSpace(seen(text))
}

var markup = regexp.MustCompile(`(?i)\*+|^__|__:?$|</?(?:b|strong|font|span|p|div|br)\b[^>@]*>`)

// marked tells whether the next line after a frame begins with ">": such a program marks what it quotes, and what has no
// mark is its user's.
func marked(s string, last line) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(s[last.end:], func(r rune) bool { return r == '\r' || r == '\n' || isUnseen(r) }), ">")
}

// begins tells whether the frame of a quoted message begins or goes on in line i: from is its first line, -1 without one.
// It is sure where nobody would write such lines by hand.
func begins(lines []line, i int) (from int, sure bool) {
	text := lines[i].text
	switch {
	case original(text):
		return i, true
	case rule.MatchString(text):
		return i, len(text) >= longRule || header(lines, next(lines, i)) == sureHeader
	case dashRule.MatchString(text) && header(lines, next(lines, i)) == sureHeader:
		return i, true
	case text == delimiter, text == "--" && (i == 0 || lines[i-1].text == ""):
		return i, text == delimiter
	case signature.MatchString(text), sureSignature.MatchString(text):
		return i, sureSignature.MatchString(text)
	}
	if kind := header(lines, i); kind != noHeader {
		return i, kind == sureHeader
	}
	if from := attribution(lines, i); from >= 0 {
		return from, true
	}
	return -1, false
}

// delimiter is the line above a signature (RFC 3676, section 4.3). Without its blank it could be Markdown.
const delimiter = "-- "

// longRule is how many underscores nobody writes by hand: Outlook's line has 32.
const longRule = 16

// next is the next line after i that is not blank.
func next(lines []line, i int) int {
	for i++; i < len(lines) && lines[i].text == ""; {
		i++
	}
	return i
}

// original tells whether a line is like "-----Original Message-----" in any language, "Begin forwarded message:", or Zoho's
// "---- On …, X wrote ----".
func original(text string) bool {
	m := dashed.FindStringSubmatch(text)
	if m == nil {
		return forwarded.MatchString(text)
	}
	return len(m[1]) < 60 && message.MatchString(m[1]) || hasDigit(m[1]) && (wrote.MatchString(m[1]+":") || wroteName.MatchString(m[1]+":"))
}

// dashed is a title between dashes; Yahoo goes on in the same line.
var dashed = regexp.MustCompile(`^[-—–]{2,}\s*([^-—–\s].*?)\s*[-—–]{2,}(?:\s|$)`)

// How sure a block of headers is one.
const (
	noHeader = iota
	likeHeader
	sureHeader
)

// maxHeader is how many lines of a header are looked at.
const maxHeader = 16

// header tells whether a block of "From: …", "Sent: …" begins in a line.
func header(lines []line, i int) int {
	if i >= len(lines) || lines[i].command {
		return noHeader
	}
	first := label.FindStringSubmatch(lines[i].text)
	if first == nil {
		return noHeader
	}
	labels, joined, githubs := 0, "", false
	roles := map[string]bool{}
	for n := i; n < min(len(lines), i+maxHeader) && !lines[n].command; n++ {
		text := lines[n].text
		if text == "" {
			if n = next(lines, n); n >= len(lines) || !label.MatchString(lines[n].text) {
				break // some programs put a blank line between any two
			}
			text = lines[n].text
		}
		if m := label.FindStringSubmatch(text); m != nil {
			labels++
			githubs = githubs || githubAddress.MatchString(text) || githubSubject.MatchString(text)
			roles[roleOf(m[1])] = true
		}
		joined += text + "\n"
	}
	if roleOf(first[1]) != "" {
		_, inlineLabel := inline()
		for _, m := range inlineLabel.FindAllStringSubmatch(joined, -1) {
			roles[roleOf(m[1])] = true
		}
	}
	delete(roles, "")
	address := anyAddress.MatchString(joined)
	masked := strings.Contains(joined, hidden)
	known := roles["from"] || roles["date"]
	switch {
	case githubs, known && len(roles) >= 3, known && len(roles) >= 2 && (address || masked), masked && labels >= 2:
		return sureHeader
	case labels >= 3 && address && hasDigit(joined):
		return likeHeader
	}
	return noHeader
}

// maxAttribution is over how many lines a program may wrap "On …, X wrote:".
const maxAttribution = 4

// attribution tells whether "On …, X wrote:" in any language ends in line i, and in which line it begins; -1 if not.
func attribution(lines []line, i int) int {
	text := lines[i].text
	if !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "：") && !oldGmail.MatchString(text) && !wrote.MatchString(text+":") {
		return -1
	}
	best, joined := -1, ""
	for n := i; n >= max(0, i-maxAttribution+1); n-- {
		if lines[n].text == "" || lines[n].command {
			break
		}
		joined = strings.TrimSpace(strings.TrimPrefix(lines[n].text, "- ") + " " + joined) // Zimbra begins with a dash
		opens := opener.MatchString(joined)
		if attributes(joined, opens) && (best < 0 || opens) {
			best = n
		}
	}
	return best
}

// attributes tells whether a line says who wrote what follows.
func attributes(text string, opens bool) bool {
	if len(text) > 600 {
		return false
	}
	github := githubAddress.MatchString(text) || strings.Contains(text, hidden)
	switch address := anyAddress.MatchString(text); {
	case oldGmail.MatchString(text):
		return true
	case wrote.MatchString(text):
		return github || afterAddress.MatchString(text) || hasDigit(text) && (opens || address)
	case wrote.MatchString(text + ":"): // Zoho writes no colon
		return opens && dated.MatchString(text) && address
	case wroteName.MatchString(text):
		return hasDigit(text) && opens || address && dated.MatchString(text)
	}
	return afterAddress.MatchString(text) && (github || dated.MatchString(text)) || opens && dated.MatchString(text) && bareAddress.MatchString(text)
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// own is what the author wrote between two offsets, without hidden comments and, in an e-mail, without what it quotes at
// the end.
func (m mail) own(s string, shown *shown, from, to int) string {
	for _, stop := range m.stops {
		if from <= stop.from && stop.from < to {
			to = stop.from
			break
		}
	}
	if to <= from {
		return ""
	}
	lines := strings.Split(lineEnds.Replace(shown.text(s, from, to)), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRightFunc(l, isUnseen)
	}
	last := len(lines)
	for m.mailed && last > 0 && (lines[last-1] == "" || strings.HasPrefix(strings.TrimLeftFunc(lines[last-1], isUnseen), ">")) {
		last--
	}
	first := 0
	for first < last && nothing.MatchString(lines[first]) {
		first++
	}
	for last > first && nothing.MatchString(lines[last-1]) {
		last--
	}
	return strings.Join(lines[first:last], "\n")
}

// nothing matches lines that show no text on GitHub: empty ones, rules, and ends of what began above the command.
var nothing = regexp.MustCompile(`^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|(?:</[A-Za-z][\w-]*>\s*)+)?$`)

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")
