package githubsim

import (
	"encoding/json"
	"strings"
)

type gqlKind int

const (
	gqlPunct gqlKind = iota
	gqlName
	gqlNumber
	gqlString
)

type gqlToken struct {
	kind      gqlKind
	text      string // as written; empty at the end
	value     string // of a string
	line, col int
}

// lexGraphQL cuts a document into tokens; the last one is empty.
func lexGraphQL(text string) []gqlToken {
	var out []gqlToken
	line, start := 1, 0 // start is where the line began
	for at := 0; at < len(text); {
		c := text[at]
		switch {
		case c == '\n':
			at++
			line, start = line+1, at
		case strings.IndexByte(" \t\r,", c) >= 0 || strings.HasPrefix(text[at:], "\ufeff"):
			at++
		case c == '#':
			for at < len(text) && text[at] != '\n' {
				at++
			}
		default:
			t := lexOne(text[at:])
			t.line, t.col = line, at-start+1
			out = append(out, t)
			line += strings.Count(t.text, "\n")
			at += len(t.text)
		}
	}
	return append(out, gqlToken{line: line, col: len(text) - start + 1})
}

func lexOne(text string) gqlToken {
	switch {
	case strings.HasPrefix(text, "..."):
		return gqlToken{text: "..."}
	case strings.HasPrefix(text, `"""`):
		if end := strings.Index(text[3:], `"""`); end >= 0 {
			return gqlToken{kind: gqlString, text: text[:end+6], value: strings.TrimSpace(text[3 : end+3])}
		}
		return gqlToken{text: text[:1]} // it never ends; a bare quote fits nowhere in the grammar
	case text[0] == '"':
		return lexString(text)
	}
	n := 0
	for n < len(text) && isWord(text[n]) {
		n++
	}
	if n > 0 && (text[0] >= '0' && text[0] <= '9') || text[0] == '-' {
		n = 1
		for n < len(text) && (isWord(text[n]) || strings.IndexByte(".+-", text[n]) >= 0) {
			n++
		}
		return gqlToken{kind: gqlNumber, text: text[:n]}
	}
	if n > 0 {
		return gqlToken{kind: gqlName, text: text[:n]}
	}
	return gqlToken{text: text[:1]}
}

// lexString reads a string: its escapes are JSON's.
func lexString(text string) gqlToken {
	for n := 1; n < len(text) && text[n] != '\n'; n++ {
		switch text[n] {
		case '\\':
			n++
		case '"':
			var value string
			if json.Unmarshal([]byte(text[:n+1]), &value) != nil {
				return gqlToken{text: text[:1]}
			}
			return gqlToken{kind: gqlString, text: text[:n+1], value: value}
		}
	}
	return gqlToken{text: text[:1]}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
