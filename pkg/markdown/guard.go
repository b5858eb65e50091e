package markdown

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// MaxChars is GitHub's limit for the body of an issue and for a comment. It counts characters.
	MaxChars = 65536
	// maxCost bounds the work that the shape of a body may ask of the parser. The dearest real body known costs a tenth
	// of it; what stays below is parsed in a fraction of a second.
	maxCost = 400_000
)

// CostlyError says that a text is not read, because that would take too long or because GitHub would not store it.
type CostlyError struct {
	Reason string // a sentence for people, plain text
}

func (e *CostlyError) Error() string { return e.Reason }

// guard refuses texts that GitHub would not store and texts made of blocks that keep the parser busy.
func guard(text string, limit int) error {
	if n := Chars(text); n > limit {
		why := "GitHub allows"
		if limit != MaxChars {
			why = "what is read has at most"
		}
		return &CostlyError{fmt.Sprintf("The text is %s characters long; %s %s.", Grouped(n), why, Grouped(limit))}
	}
	if cost(text) > maxCost {
		return &CostlyError{"The text nests lists, quotes or tables too deeply to be read safely."}
	}
	return nil
}

// Chars counts characters as GitHub's limit does.
func Chars(s string) int { return utf8.RuneCountInString(s) }

// cost estimates, in one scan, what the shape of a body asks of the parser.
//
// Two things grow faster than the text: the parser visits every open list and quote at every blank line and when it opens
// another, and it fills every row of a table up to the number of columns. A list or quote needs a marker and, to stay
// open, a column of indentation. So there are never more of them open than there are markers in the whole text, nor than
// the widest line with a marker has columns before its text.
func cost(body string) int {
	var lines, blanks, markers, widest, columns int
	for len(body) > 0 {
		var line string
		line, body = cutLine(body)
		lines++
		width, marks, rest := prefix(line)
		markers += marks
		if marks > 0 {
			widest = max(widest, width)
		}
		if rest == "" {
			blanks++
		}
		if strings.Trim(rest, "|:- \t") == "" {
			columns = max(columns, strings.Count(rest, "|")+1)
		}
	}
	depth := min(widest, markers)
	return max(depth*max(depth, blanks), columns*lines)
}

// cutLine cuts the first line off; LF, CRLF and CR end it.
func cutLine(s string) (line, rest string) {
	i := strings.IndexAny(s, "\r\n")
	switch {
	case i < 0:
		return s, ""
	case strings.HasPrefix(s[i:], "\r\n"):
		return s[:i], s[i+2:]
	}
	return s[:i], s[i+1:]
}

// prefix measures what may open or continue lists, quotes and footnotes at the beginning of a line: its columns, the markers in it,
// and the rest of the line.
func prefix(line string) (width, marks int, rest string) {
	i := 0
	for i < len(line) {
		n := lead(line[i:min(len(line), i+longestLead)])
		switch {
		case line[i] == '\t':
			width += 4
			n = 1
		case n == 0:
			return width, marks, line[i:]
		case line[i] == ' ':
			width++
		default:
			width += n
			marks++
		}
		i += n
	}
	return width, marks, ""
}

// Grouped writes a number with commas, as people read it.
func Grouped(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	s := strconv.Itoa(n % 1000)
	return Grouped(n/1000) + "," + strings.Repeat("0", 3-len(s)) + s
}
