package checklist

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// The offsets here are those of List.src, where every line ends with a line feed and begins without tabs.

// lineStart gives the beginning of the line with the offset.
func (l *List) lineStart(at int) int { return bytes.LastIndexByte(l.src[:at], '\n') + 1 }

// lineEnd gives the offset of the line feed that ends the line, or the end of the text.
func (l *List) lineEnd(at int) int {
	if i := bytes.IndexByte(l.src[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(l.src)
}

// textEnd is lineEnd without the CR of a CRLF.
func (l *List) textEnd(at int) int {
	end := l.lineEnd(at)
	if end < len(l.src) && end > at && l.eol(at) == "\r\n" {
		end--
	}
	return end
}

// eol gives what ends the line in the body; for a last line without an end, what ends the line before.
func (l *List) eol(at int) string {
	end := l.lineEnd(at)
	if end == len(l.src) {
		if end = l.lineStart(at) - 1; end < 0 {
			return "\n"
		}
	}
	switch b := l.body[:l.at(end)+1]; {
	case strings.HasSuffix(b, "\r\n"):
		return "\r\n"
	case strings.HasSuffix(b, "\r"):
		return "\r"
	}
	return "\n"
}

// written is a part of the body, tabs as they are.
func (l *List) written(from, to int) string { return l.body[l.at(from):l.at(to)] }

// insert gives the change that puts lines after the line that ends at an offset.
func (l *List) insert(after int, lines []string) cut {
	eol := l.eol(after)
	text := strings.Join(lines, eol)
	at := l.at(after)
	if after == len(l.src) {
		return cut{at, at, eol + text}
	}
	return cut{at + 1, at + 1, text + eol}
}

// afterLine gives where, in the body, the line begins that follows the line feed at an offset.
func (l *List) afterLine(end int) int {
	switch {
	case end < 0:
		return l.at(0)
	case end == len(l.src):
		return l.at(end)
	}
	return l.at(end) + 1
}

// firstStart gives an offset on the first line of a block.
func firstStart(n ast.Node) int {
	for ; n != nil; n = n.FirstChild() {
		if n.Pos() >= 0 {
			return n.Pos()
		}
	}
	return 0
}

// lastStart gives the beginning of the last line of a paragraph.
func lastStart(n ast.Node) int { return n.Lines().At(n.Lines().Len() - 1).Start }
