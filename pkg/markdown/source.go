package markdown

import (
	"bytes"
	"sort"
)

// byteOrderMark is dropped by GitHub, and would hide the first list from the parser.
const byteOrderMark = "\xef\xbb\xbf"

// tab is one that became blanks, or the CR of a blank line, which became nothing.
type tab struct {
	source, width int // the blanks
	text          int // the tab
}

// prepare makes of a text what the parser reads: without a byte order mark, with a line feed at the end of each line and nowhere
// a carriage return, and with blanks for the tabs that stand before the text of a line, as wide as these. (goldmark v1.8.7
// does not know a lone CR, takes CRLF after an empty marker amiss, and counts the columns of a tab from the wrong place behind "> " and
// inside of list items.)
func (d *Document) prepare(s string) {
	if len(s) >= len(byteOrderMark) && s[:len(byteOrderMark)] == byteOrderMark {
		d.mark = len(byteOrderMark)
	}
	s = s[d.mark:]
	text := lineFeeds(s)
	d.Source = make([]byte, 0, len(text)+1)
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && text[end] != '\n' {
			end++
		}
		end = min(end+1, len(text))
		d.line(text[at:end], at)
		if end > at+1 && s[end-1] == '\n' && s[end-2] == '\r' && len(bytes.TrimSpace(text[at:end])) == 0 {
			// In a blank line the CR would count as one of its blanks.
			n := len(d.Source)
			d.Source = append(d.Source[:n-2], '\n')
			d.tabs = append(d.tabs, tab{n - 2, 0, end - 2})
		}
		at = end
	}
}

// line adds a line that begins at an offset.
func (d *Document) line(line []byte, at int) {
	column, i := 0, 0
	for i < len(line) {
		if line[i] == '\t' {
			width := 4 - column%4
			d.tabs = append(d.tabs, tab{len(d.Source), width, at + i})
			for range width {
				d.Source = append(d.Source, ' ')
			}
			column += width
			i++
			continue
		}
		n := lead(string(line[i:min(len(line), i+longestLead)]))
		if n == 0 {
			break
		}
		d.Source = append(d.Source, line[i:i+n]...)
		column += n
		i += n
	}
	d.Source = append(d.Source, line[i:]...)
}

// longestLead is as much as is looked at for the length of a marker; longer labels of footnotes are none.
const longestLead = 100

// lead gives the length of what may stand before the text of a line and is no tab: a blank, a quote's ">", the marker of a list
// item or of a footnote.
func lead(s string) int {
	if s[0] == ' ' || s[0] == '>' {
		return 1
	}
	if n := marker(s); n > 0 {
		return n
	}
	return len(footnoteMark.FindString(s))
}

// marker gives the length of a list marker that stands at the beginning, with a blank or the end of the line behind it.
func marker(s string) int {
	n := 1
	switch c := s[0]; {
	case c == '-' || c == '*' || c == '+':
	case '0' <= c && c <= '9':
		for n < len(s) && '0' <= s[n] && s[n] <= '9' {
			n++
		}
		if n == len(s) || s[n] != '.' && s[n] != ')' {
			return 0
		}
		n++
	default:
		return 0
	}
	if n < len(s) && s[n] != ' ' && s[n] != '\t' && s[n] != '\n' {
		return 0
	}
	return n
}

// Offset gives where in the text a byte of Source stands.
func (d *Document) Offset(at int) int {
	i := sort.Search(len(d.tabs), func(i int) bool { return d.tabs[i].source > at }) - 1
	if i < 0 {
		return at + d.mark
	}
	t := d.tabs[i]
	if at < t.source+t.width { // all of its blanks stand where it stands
		return t.text + d.mark
	}
	return t.text + 1 + at - t.source - t.width + d.mark
}

// lineFeeds copies the text at the same length.
func lineFeeds(s string) []byte {
	b := []byte(s)
	for i := range b {
		if b[i] != '\r' {
			continue
		}
		if i+1 < len(b) && b[i+1] == '\n' {
			b[i] = ' '
		} else {
			b[i] = '\n'
		}
	}
	return b
}
