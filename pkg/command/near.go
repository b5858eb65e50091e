package command

import (
	"regexp"
	"strings"
	"unicode"
)

// Near gives the lines of a text that are no commands but look as if they were meant to be: "/close!", "/dd:done x", a
// command in a bullet, in bold, or after "Please". Which of them are is for those to say who know the commands; Words and
// Rest are how they would be read. Errors are those of Parse.
func Near(s string) ([]Command, error) {
	s = trimMark(s)
	candidates, shown, mail, err := visible(s, nearLines(s))
	if err != nil {
		return nil, err
	}
	var out []Command
	for _, c := range candidates {
		if c.start >= mail.end || mail.unclear(c.start) {
			continue
		}
		line := shown.text(s, c.slash, c.end)
		if _, _, ok := split(line); ok && c.offset == c.slash {
			continue // it is one
		}
		if words, rest := loosely(line); len(words) > 0 {
			out = append(out, Command{Words: words, Rest: rest, Line: strings.TrimFunc(shown.text(s, c.start, c.end), isUnseen), No: c.no})
		}
	}
	return out, nil
}

// NearAdded gives those that the earlier text did not have.
func NearAdded(before, now string) ([]Command, error) { return added(before, now, Near) }

// nearLines are the lines with a slash where such a line has it. Most lines are told by their first character.
func nearLines(s string) []candidate {
	var out []candidate
	eachLine(s, func(start, end, no int) {
		line := strings.TrimLeft(s[start:end], " \t")
		if line == "" || !mayBeNear(line) {
			return
		}
		offset := end - len(line)
		if _, _, one := split(line); line[0] == '/' && one {
			return // the most usual of such lines: for them the text is not parsed once more
		}
		if lead := leads.FindString(line); strings.HasPrefix(line[len(lead):], "/") {
			out = append(out, candidate{start: start, end: end, offset: offset, slash: offset + len(lead), no: no})
		}
	})
	return out
}

// maxLead is how far from the beginning of a line its slash may be.
const maxLead = 80

// mayBeNear tells quickly of most lines that they are near no command: by their first byte, and by what stands before their
// first slash.
func mayBeNear(line string) bool {
	if c := line[0]; c < 0x80 && strings.IndexByte("/-*+_~@0123456789PpKkBbSs", c) < 0 {
		return false
	}
	at := strings.IndexByte(line[:min(len(line), maxLead)], '/')
	return at == 0 || at > 0 && (line[at-1] >= 0x80 || strings.IndexByte(" \t*_~", line[at-1]) >= 0)
}

// leads is what people put before a command that then is none: bullets, boxes, emphasis, a name, a polite word.
var leads = regexp.MustCompile(`(?i)^(?:[-+*•‣·–—][ \t]+|\d+[.)][ \t]+|\[[ x]\][ \t]+|[*_~]{1,3}|@[\w-]+(?:\[bot\])?[,:]?[ \t]+|(?:please|pls|plz|kindly|bitte|por favor|per favore|svp|s'il vous plaît|proszę|пожалуйста|请|請)[,:]?[ \t]*)*`)

// loosely reads a line as somebody may have meant it, who wrote a dot or a colon for a blank or a slash, or punctuation behind.
func loosely(line string) (words []string, rest string) {
	name := strings.Trim(seen(line), "*_~ ")
	if name = strings.TrimPrefix(name, "/"); strings.HasPrefix(name, "/") {
		return nil, ""
	}
	if i := strings.IndexByte(name, ' '); i >= 0 {
		name, rest = name[:i], strings.TrimSpace(name[i:])
	}
	for w := range strings.FieldsFuncSeq(strings.ToLower(dashes.Replace(name)), func(r rune) bool { return r != '-' && r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !isWord(w) {
			return nil, ""
		}
		words = append(words, w)
	}
	return words, strings.TrimRight(rest, ".!")
}
