// Package command finds slash commands in Markdown as GitHub renders it. A command is a line that begins with "/" and
// is shown to the reader as ordinary text: code, block quotes, HTML comments and links are not commands, nor is anything
// in a message that an e-mail reply quotes, whether its lines begin with ">" or not.
package command

import (
	"slices"
	"strings"

	"github.com/ddbot/ddbot/pkg/markdown"
)

// Limit is how many known commands of one comment are run. It keeps one comment from keeping the bot busy.
const Limit = 20

// Command is one line that asks for something.
type Command struct {
	Words []string // what follows "/", split at further slashes, in lower case: "/dd/status" is dd, status
	Rest  string   // what follows the words on the line, trimmed; without invisible characters, and blanks of any kind are spaces
	Line  string   // the whole line as people see it, trimmed
	Text  string   // the lines after it, up to the next command or a quoted message, as written but for hidden comments
	No    int      // its 1-based line number
	// Below says, of a command that Added gives, that only Text is new: who takes no text has carried it out before.
	Below bool
}

// Parse gives the commands of a text in the order in which people wrote them. A text that is too costly to parse is a
// *markdown.CostlyError, an e-mail that quotes a message nobody can tell from the answer an *UnclearError; Lines still
// tells what may have been meant.
func Parse(s string) ([]Command, error) {
	s = trimMark(s)
	lines := candidateLines(s)
	if len(lines) == 0 { // as in most texts, which are not parsed
		return nil, nil
	}
	cmds, err := lately.Read(s, func(s string) ([]Command, error) { return parse(s, lines) })
	return slices.Clone(cmds), err
}

var lately markdown.Recent[[]Command]

func parse(s string, lines []candidate) ([]Command, error) {
	candidates, shown, mail, err := visible(s, lines)
	if err != nil {
		return nil, err
	}
	var cmds []Command
	var found []candidate
	for _, c := range candidates {
		cmd, ok := c.command(shown.text(s, c.slash, c.end))
		if !ok {
			continue
		}
		if mail.unclear(c.offset) {
			return nil, &UnclearError{}
		}
		if c.offset < mail.end {
			cmds, found = append(cmds, cmd), append(found, c)
		}
	}
	for i, c := range found {
		end := mail.end
		if i+1 < len(found) {
			end = found[i+1].start
		}
		cmds[i].Text = mail.own(s, shown, c.end, end)
	}
	return cmds, nil
}

// visible gives those of the lines that people see, and what tells whose words they are. Most texts have no such line, and are
// not parsed.
func visible(s string, lines []candidate) ([]candidate, *shown, mail, error) {
	if len(lines) == 0 {
		return nil, nil, mail{}, nil
	}
	doc, err := markdown.Parse(s)
	if err != nil {
		return nil, nil, mail{}, err
	}
	shown := look(doc)
	return slices.DeleteFunc(lines, func(c candidate) bool { return !shown.is(c) }), shown, readMail(s, shown), nil
}

// Lines gives the lines that would be commands if all Markdown were ordinary text.
func Lines(s string) []Command {
	s = trimMark(s)
	var cmds []Command
	for _, c := range candidateLines(s) {
		if cmd, ok := c.command(s[c.slash:c.end]); ok {
			cmds = append(cmds, cmd)
		}
	}
	return cmds
}

// trimMark cuts off a byte order mark, which some editors put at the beginning.
func trimMark(s string) string { return strings.TrimPrefix(s, "\ufeff") }

// Added gives the commands of now that before did not have, so that fixing a typo in a comment runs only the fixed
// command. The same command written twice counts twice. The other way round it gives what was taken out.
func Added(before, now string) ([]Command, error) { return added(before, now, Parse) }

func added(before, now string, parse func(string) ([]Command, error)) ([]Command, error) {
	cmds, err := parse(now)
	if err != nil || len(cmds) == 0 {
		return nil, err
	}
	old, err := parse(before)
	if err != nil {
		return nil, err
	}
	whole := func(c Command) string { return c.norm() + "\n" + strings.TrimSpace(c.Text) }
	fresh := subtract(cmds, old, whole)
	gone := subtract(old, cmds, whole)
	for i, c := range fresh {
		at := slices.IndexFunc(gone, func(g Command) bool { return g.norm() == c.norm() })
		if fresh[i].Below = at >= 0; at >= 0 {
			gone = slices.Delete(gone, at, at+1)
		}
	}
	return fresh, nil
}

// subtract gives the commands that are not among the others, each of which counts once.
func subtract(cmds, others []Command, by func(Command) string) []Command {
	had := map[string]int{}
	for _, c := range others {
		had[by(c)]++
	}
	var left []Command
	for _, c := range cmds {
		if had[by(c)] > 0 {
			had[by(c)]--
			continue
		}
		left = append(left, c)
	}
	return left
}

// norm is equal for commands that differ only in blanks or in the case of their words.
func (c Command) norm() string {
	return strings.Join(c.Words, "/") + " " + strings.Join(strings.Fields(c.Rest), " ")
}

// candidate is a line that begins with "/", but for what nobody sees.
type candidate struct {
	start, end int // of the line
	offset     int // where its text begins
	slash      int
	no         int
}

func (c candidate) command(line string) (Command, bool) {
	line = strings.TrimFunc(line, isUnseen)
	words, rest, ok := split(line)
	return Command{Words: words, Rest: rest, Line: line, No: c.no}, ok
}

// eachLine calls f with the bounds of each line, without its end, and its 1-based number. A lone CR ends a line too.
func eachLine(s string, f func(start, end, no int)) {
	no := 1
	for start := 0; start <= len(s); no++ {
		end := strings.IndexAny(s[start:], "\r\n")
		next := len(s) + 1
		if end < 0 {
			end = len(s)
		} else {
			end += start
			next = end + 1
			if s[end] == '\r' && next < len(s) && s[next] == '\n' {
				next++
			}
		}
		f(start, end, no)
		start = next
	}
}

// candidateLines gives the lines that begin with "/" after at most three spaces and any number of invisible characters.
func candidateLines(s string) []candidate {
	var out []candidate
	eachLine(s, func(start, end, no int) {
		c := candidate{start: start, end: end, no: no}
		line := strings.TrimLeft(s[start:end], " ")
		if c.offset = end - len(line); line == "" || c.offset-start > 3 {
			return
		}
		if line[0] >= 0x80 {
			line = strings.TrimLeftFunc(line, isUnseen)
		}
		if c.slash = end - len(line); strings.HasPrefix(line, "/") {
			out = append(out, c)
		}
	})
	return out
}

// split takes "/dd/status in-voting" apart. Blanks of any kind separate; dashes that an editor made pretty are dashes, and a
// slash or a colon too many says nothing.
func split(line string) (words []string, rest string, ok bool) {
	name := seen(line[1:])
	if i := strings.IndexByte(name, ' '); i >= 0 {
		name, rest = name[:i], strings.TrimSpace(name[i:])
	}
	name = strings.TrimSuffix(strings.ToLower(dashes.Replace(name)), ":")
	if strings.HasPrefix(name, "/") {
		return nil, "", false
	}
	for w := range strings.SplitSeq(name, "/") {
		if w == "" {
			continue
		}
		if !isWord(w) {
			return nil, "", false
		}
		words = append(words, w)
	}
	return words, rest, len(words) > 0
}

var dashes = strings.NewReplacer("‐", "-", "‑", "-", "‒", "-", "–", "-", "—", "-", "―", "-", "−", "-")

// isWord accepts a letter followed by letters, digits, dashes and underscores.
func isWord(w string) bool {
	for i, r := range w {
		letter := r >= 'a' && r <= 'z'
		if !letter && (i == 0 || r != '-' && r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return w != ""
}
