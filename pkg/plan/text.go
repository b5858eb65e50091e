package plan

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// MaxComment is GitHub's limit for a comment and for a body, in characters.
const MaxComment = 65536

// maxOK is how many commands a reply names that did take effect.
const maxOK = 5

var (
	mention   = regexp.MustCompile(`(^|[^\w@])@(\w)`) // not in an e-mail address, as GitHub has it
	direction = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "", "\u202d", "", "\u202e", "",
		"\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "") // they would turn what follows around, too
	reference = regexp.MustCompile(`(?i)(#|\bGH-)(\d)`)
	// As GitHub has it, the host has a dot. What could end a link or code in Markdown ends it here.
	link      = regexp.MustCompile("\\bhttps?://[\\w-]+(\\.[\\w-]+)+(\\([^\\s<>\"`\\]*()]*\\)|[^\\s<>\"`\\]*()])*")
	emptyLine = regexp.MustCompile(`(?m)^ +$`)
	entity    = regexp.MustCompile(`&(#?\w+;)`)
)

// Neutral takes the effect out of mentions and issue references that were copied from people: they still read the same
// and nobody is notified, no other issue is linked. Addresses stay as they are, or evidence could not be opened.
func Neutral(s string) string {
	var b strings.Builder
	s = direction.Replace(s)
	at := 0
	for _, m := range append(link.FindAllStringIndex(s, -1), []int{len(s), len(s)}) {
		plain := entity.ReplaceAllString(s[at:m[0]], "&amp;$1") // "&#64;" would be an "@" again
		plain = mention.ReplaceAllString(plain, "$1@\u200b$2")
		b.WriteString(reference.ReplaceAllString(plain, "$1\u200b$2"))
		b.WriteString(s[m[0]:m[1]])
		at = m[1]
	}
	return b.String()
}

// Quote shows somebody's words inside a sentence, as code: one line, at most 80 characters, no way out of the code.
func Quote(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '`':
			return '\''
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		}
		return r
	}, s)
	s = direction.Replace(strings.Join(strings.Fields(s), " "))
	if utf8.RuneCountInString(s) > 80 {
		s = string([]rune(s)[:79]) + "…"
	}
	if s == "" {
		return "(nothing)"
	}
	return "`" + s + "`"
}

// Safe makes sure that no line of a text which ddbot writes begins with "/", so that no other bot can obey it.
func Safe(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		if trimmed := strings.TrimLeftFunc(l, unicode.IsSpace); strings.HasPrefix(trimmed, "/") {
			lines[i] = l[:len(l)-len(trimmed)] + "\\" + trimmed
		}
	}
	return strings.Join(lines, "\n")
}

var beforeSlash = regexp.MustCompile("[ \t]+([`*_~\\\\]*/\\S*)")

// safeWidth is the column up to which no mail program wraps a line.
const safeWidth = 56

// Unbroken keeps a slash with the word before it, by a no-break space: mail programs wrap what they quote, some drop the marks
// of code, and a command at the beginning of a line could be obeyed. What stands near the beginning of its line stays there.
func Unbroken(s string) string {
	if !strings.Contains(s, "/") {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		at := 0
		var b strings.Builder
		for _, m := range beforeSlash.FindAllStringSubmatchIndex(l, -1) {
			bullet := strings.Trim(l[:m[0]], " \t-*+0123456789.)") == ""
			if !bullet && utf8.RuneCountInString(l[:m[1]]) > safeWidth {
				b.WriteString(l[at:m[0]] + "\u00a0")
				at = m[2]
			}
		}
		lines[i] = b.String() + l[at:]
	}
	return strings.Join(lines, "\n")
}

// Marker is the hidden line by which ddbot finds its own comment again.
func Marker(key string) string { return fmt.Sprintf("<!-- ddbot:%s -->", key) }

var marked = regexp.MustCompile(`<!-- ddbot:\S+ -->\s*$`)

// Marked tells whether a comment ends with a marker, as each of ddbot's own does.
func Marked(body string) bool { return marked.MatchString(body) }

// MarkedBy gives a test for comments that end with the marker.
func MarkedBy(marker string) func(body string) bool {
	return func(body string) bool { return strings.HasSuffix(strings.TrimSpace(body), marker) }
}

// Answers gives a test for comments that answer any version of the text with that ID.
func Answers(id string) func(body string) bool {
	first, edited := MarkedBy(ReplyMarker(id)), "<!-- ddbot:re="+id+"-"
	return func(body string) bool { return first(body) || strings.HasPrefix(marked.FindString(body), edited) }
}

// ReplyMarker marks the comment that answers the event with that ID.
func ReplyMarker(id string) string { return Marker("re=" + id) }

// ReplyBody is the whole comment that answers an event, with its hidden marker.
func (a Answer) ReplyBody(trouble []string) string {
	return Comment(a.ReplyText(trouble), ReplyMarker(a.ID))
}

// ReplyText is what people read of it. trouble is what did not go as planned while it was carried out.
func (a Answer) ReplyText(trouble []string) string {
	parts := append(append([]string(nil), trouble...), a.Text...)
	var b strings.Builder
	if a.To != "" {
		b.WriteString("@" + a.To + ":")
	}
	switch {
	case len(parts) == 1 && a.To != "":
		b.WriteString(" " + parts[0])
	case len(parts) == 1:
		b.WriteString(parts[0])
	default:
		b.WriteString("\n")
		for _, p := range parts {
			b.WriteString("\n- " + emptyLine.ReplaceAllString(strings.ReplaceAll(p, "\n", "\n  "), ""))
		}
	}
	if len(a.OK) > 0 && len(trouble) == 0 { // which of them the trouble befell is not known
		ok, more := a.OK, ""
		if len(ok) > maxOK {
			ok, more = ok[:maxOK], fmt.Sprintf(" and %d more", len(ok)-maxOK)
		}
		b.WriteString("\n\n" + done + strings.Join(ok, ", ") + more + ".")
	}
	return Safe(b.String())
}

// done begins the part of a reply that names what was done.
const done = "Done: "

// TellsDone tells whether a reply names something that was done.
func TellsDone(reply string) bool { return strings.Contains(reply, "\n\n"+done) }

// Comment makes a text fit to be sent: safe, also when it is wrapped, not too long, with its marker.
func Comment(text, marker string) string {
	text = Unbroken(Safe(text))
	if room := MaxComment - utf8.RuneCountInString(marker) - 4; utf8.RuneCountInString(text) > room {
		text = string([]rune(text)[:room-1]) + "…"
	}
	return text + "\n\n" + marker
}

// notRedoneText tells what of ddbot's own edit did not survive putting a person's text back.
func notRedoneText(sent string, ops []checklist.Op) string {
	what := make([]string, len(ops))
	for i, op := range ops {
		what[i] = Quote(Describe(sent, op))
	}
	return "While I was writing, somebody changed the same lines of the description. I kept their text, and this is not in " +
		"it any more: " + strings.Join(what, ", ") + ". Repeat the command if you still want it."
}

// conflictText tells what of people could not be put together, and keeps it.
func conflictText(left leftover) string {
	var b strings.Builder
	b.WriteString("Somebody and I changed the description at the same moment, and some changes conflict. " +
		"Nothing is lost: please put back what is still wanted.")
	for _, part := range []struct {
		title string
		lines []string
	}{
		{"Lines that were overwritten", left.lines},
		{"Lines that had been removed and are there again", left.back},
	} {
		if len(part.lines) == 0 {
			continue
		}
		b.WriteString("\n\n<details><summary>" + part.title + "</summary>\n")
		for _, l := range part.lines {
			b.WriteString("\n    " + Neutral(l))
		}
		b.WriteString("\n\n</details>")
	}
	return b.String()
}
